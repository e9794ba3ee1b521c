"""The history of an approved figure (数的来历) from its revisions, in words; and who may read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, scope
from bureau.fields import raw
from bureau.models import Area, User
from bureau.places import Tree
from indicators.access import visible_submissions
from indicators.analysis.numbers_text import print_units
from indicators.entry.adjusted import SOURCE
from indicators.entry.layout import adjusted_text
from indicators.models import Adjustment, Category, DataItem, Entry, Figure, FormItem, Revision, Submission
from indicators.models.figures import CellState

DEMONSTRATION_ENDS = "demo_end"  # the source of the revision that ends a figure of the demonstration


def sources() -> dict[str, str]:
    """How a value came in, in words."""
    return {
        "grid": _("网页填报"),
        "workbook": _("表格导入"),
        "longform": _("长表导入"),
        "api": _("接口"),
        "demo": _("演示数据"),
        "removed": _("撤销"),
        SOURCE: _("审核调整"),
        DEMONSTRATION_ENDS: _("移除演示数据"),
    }


def may_read(user: User, item: DataItem, area: Area, month: int) -> bool:
    """Own place or town, own section's form, or live figures of everywhere; other figures are told as not there."""
    if scope(user, Permission.READ_LIVE).everywhere:
        return True
    held = scope(user, Permission.READ_SUBMISSIONS)
    if held.everywhere or area.pk in held.areas:
        return True
    if held.areas and area.level == Area.Level.VILLAGE and Tree(area.home).store(area.pk, month) in held.areas:
        return True
    return FormItem.objects.filter(item=item, level=area.level, form__section__in=held.sections).exists()


def readable(user: User, tree: Tree, month: int, sections: Mapping[str, Collection[int]]) -> Callable[[int], bool]:
    """The same of many places in one month, of an item asked by these sections' forms at each level; no query."""
    held = scope(user, Permission.READ_SUBMISSIONS)
    everywhere = scope(user, Permission.READ_LIVE).everywhere or held.everywhere

    def may(place: int) -> bool:
        if everywhere or place in held.areas or tree.store(place, month) in held.areas:
            return True
        return not held.sections.isdisjoint(sections.get(tree.levels[place], ()))

    return may


def revisions_of(area: Area, item: DataItem, category: int, month: int) -> QuerySet[Revision]:
    return Revision.objects.filter(county=area.home, area=area.pk, item=item.pk, category=category, month=month)


def submission_of(user: User, found: QuerySet[Revision]) -> Submission | None:
    """The submission that made the last change, for who may read the whole of it: its reasons speak of other cells."""
    last = found.order_by("-number").values_list("submission", flat=True).first()
    return visible_submissions(user).filter(pk=last).first() if last is not None else None


def note_of(submission: Submission, area: Area, item: DataItem, category: int) -> str:
    """What was noted with the cell as it stands in the submission now."""
    found = Entry.objects.filter(submission=submission, area=area, item=item, category=category)
    return found.values_list("note", flat=True).first() or ""


def standing(area: Area, item: DataItem, category: int, month: int) -> tuple[int | None, int] | None:
    """The figure's value in units and its state, as approved now."""
    found = Figure.objects.filter(county=area.home, area=area.pk, item=item.pk, category=category, month=month)
    return found.annotate(units=raw("value")).values_list("units", "state").first()


def told(units: int | None, state: int | None) -> str:
    """A cell in words: '118', '118（暂估）', '不适用', '未填' where there was nothing."""
    if state is None:
        return _("未填")
    word = CellState(state).label
    if units is None:
        return str(word)
    text = print_units(units, 4)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if state == CellState.VALUE else f"{text}（{word}）"


def rows(found: QuerySet[Revision]) -> tuple[list[dict], int]:
    """The revisions as the page shows them, newest first, and how many older ones were a demonstration's."""
    listed = list(
        found.annotate(old=raw("old_value"), new=raw("new_value"))
        .select_related("entered_by", "event__by")
        .order_by("-number")
    )
    end = next((n for n, one in enumerate(listed) if one.source == DEMONSTRATION_ENDS), len(listed))
    words, lines = sources(), _adjustments(listed[:end])
    shown = [
        {
            "at": timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"),
            "entered_by": str(one.entered_by or "—"),
            "approved_by": str(one.event.by or "—"),
            "old": told(one.old, one.old_state),
            "new": told(one.new, one.new_state),
            "source": words.get(one.source, one.source),
            "reason": one.event.reason or "—",
            "adjusted": lines.get(one.pk, ""),
            "number": one.event.sequence,
        }
        for one in listed[:end]
    ]
    return shown, len(listed) - end


def _adjustments(revisions: Iterable[Revision]) -> dict[int, str]:
    """Of each revision that carries adjustments: what was typed, what each line added, by whom and why."""
    carried = [one for one in revisions if one.source == SOURCE]
    if not carried:
        return {}
    first = carried[0]
    lines = list(
        Adjustment.objects.filter(
            submission__in={one.submission for one in carried},
            area=first.area,
            item=first.item,
            category=first.category,
        ).select_related("by")
    )
    told = {}
    for one in carried:
        by_typed: dict[Decimal, list[Adjustment]] = defaultdict(list)
        for line in lines:
            if line.submission == one.submission and line.at <= one.at:
                by_typed[line.typed].append(line)
        for typed, added in by_typed.items():
            total = sum((line.amount for line in added), Decimal(0))
            if typed + total == one.new_value:
                why = "；".join(f"{line.reason}（{line.by}）" for line in added)
                told[one.pk] = f"{adjusted_text(typed, total)}；{why}"
    return told


def cell_names(cells: Iterable[tuple[int, int, int, int | None]]) -> Mapping[tuple[int, int, int, int | None], str]:
    """What the audit page calls each (area, item, category, month or None): 武原街道 D01 城镇新增就业人数 2017年6月."""
    wanted = set(cells)
    areas = dict(
        Area.objects.filter(pk__in={cell[0] for cell in wanted}, spans__to_month__isnull=True).values_list(
            "pk", "spans__name"
        )
    )
    items = {
        pk: f"{code} {name}"
        for pk, code, name in DataItem.objects.filter(pk__in={cell[1] for cell in wanted}).values_list(
            "pk", "code", "name"
        )
    }
    categories = dict(Category.objects.filter(pk__in={cell[2] for cell in wanted}).values_list("pk", "name"))
    return {
        cell: " ".join(
            part
            for part in (
                areas.get(cell[0], str(cell[0])),
                items.get(cell[1], str(cell[1])),
                categories.get(cell[2], ""),
                months.label(cell[3]) if cell[3] is not None else "",
            )
            if part
        )
        for cell in wanted
    }
