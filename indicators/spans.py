"""补录合计 as the derived side sees them: which places a total stands for, and the blocks evaluation counts.

Reads approved span totals only, on their way from entry/spans.py to evaluate.py, the pages and a release; writes
nothing. Why they are no rows of RollUp: docs/adr/0012.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import raw
from bureau.models import Area
from bureau.places import Tree
from indicators.analysis.blocks import Block
from indicators.analysis.kinds import ItemKind
from indicators.definitions import Item
from indicators.models import DataItem, PublishedMonth, SpanStep, SpanTotal

if TYPE_CHECKING:
    from indicators.queries import ReadAt


class Span(NamedTuple):
    """An approved total; ids and ten-thousandths."""

    area: int
    item: int
    category: int
    first: int
    last: int
    units: int


def approved(county: int, items: Collection[int] | None = None, until: int | None = None) -> list[Span]:
    """The county's approved totals of these items (of all), that end by `until`, in order of their keys."""
    found = SpanTotal.objects.filter(area__county=county, state=SpanTotal.State.APPROVED)
    if items is not None:
        found = found.filter(item__in=items)
    if until is not None:
        found = found.filter(last_month__lte=until)
    columns = ("area_id", "item_id", "category", "first_month", "last_month", raw("value"))
    return [Span(*row) for row in found.order_by(*columns[:5]).values_list(*columns)]


def within(tree: Tree, area: int, place: int, month: int) -> bool:
    """Is `place` the area or below it in that month?"""
    return area in (place, tree.county_id) or tree.store(place, month) == area


def bits(tree: Tree, levels: Collection[str], area: int, month: int) -> int:
    """The numbers of the places at or below the area that owe the item in that month."""
    if area not in tree.valid(month):
        return 0
    expected = tree.expected(levels, month)
    if tree.levels[area] == Area.Level.VILLAGE:
        return expected[tree.county_id] & (1 << tree.numbers[area])
    return expected[area]


def of_item(found: Collection[Span], item: Item, category: int) -> list[Span]:
    """An item's totals of one category; of the whole (0) of a broken-down item: where all categories have the same."""
    own = [span for span in found if span.item == item.id]
    if category or not item.categories:
        return [span for span in own if span.category == category]
    parts: dict[tuple[int, int, int], dict[int, int]] = defaultdict(dict)
    for span in own:
        parts[span.area, span.first, span.last][span.category] = span.units
    whole = set(item.categories.values())
    return [
        Span(area, item.id, 0, first, last, sum(units[one] for one in whole))
        for (area, first, last), units in parts.items()
        if whole <= units.keys()
    ]


def blocks(
    found: Collection[Span], item: Item, category: int, tree: Tree, index: Mapping[int, int], first_month: int
) -> tuple[Block, ...]:
    """The totals as blocks of the areas that hold roll-ups: the town (none for the county's own) and the county.

    A total whose area owed the item in none of its months counts nowhere, as a figure would not.
    """
    made = []
    for span in of_item(found, item, category) if item.kind == ItemKind.FLOW else ():
        store = tree.store(span.area, span.last)
        places = tuple(bits(tree, item.levels, span.area, month) for month in range(span.first, span.last + 1))
        if store is None or span.first < first_month or not any(places):
            continue
        made += [
            Block(index[holder], span.first - first_month, span.last - first_month, span.units, places)
            for holder in sorted({store, tree.county_id} & index.keys())
        ]
    return tuple(made)


def released(county: int, until: int) -> dict[tuple[int, ...], int]:
    """(area, item, category, first, last) → units of each total as the last release that could hold it has it."""
    found: dict[tuple[int, ...], int] = {}
    releases = PublishedMonth.objects.filter(county=county).order_by("sequence")
    for month, kept in releases.values_list("month", "evidence__span_totals"):
        found = {key: units for key, units in found.items() if key[4] > month}
        found |= {tuple(row[:5]): row[5] for row in kept or ()}
    return {key: units for key, units in found.items() if key[4] <= until}


def corrections(county: int, month: int, tree: Tree) -> list[dict]:
    """Lines of the correction list (更正清单): totals of months released before that changed, came or went since."""
    if not SpanTotal.objects.filter(area__county=county).exists():
        return []
    last = PublishedMonth.objects.filter(county=county).aggregate(last=Max("month"))["last"]
    then = released(county, month)
    now = {tuple(span[:5]): span.units for span in approved(county, until=month)}
    moved = [key for key in sorted(then | now) if then.get(key) != now.get(key) and last is not None and key[4] <= last]
    items = DataItem.objects.in_bulk({key[1] for key in moved})
    reasons = _reasons(moved)
    return [
        {
            "month": key[4],
            "area": tree.codes.get(key[0], ""),
            "area_name": tree.names.get(key[0], ""),
            "item": items[key[1]].code,
            "item_name": f"{items[key[1]].name}（{_('补录合计')} {span_text(key[3], key[4])}）",
            "category": key[2],
            "old": then.get(key),
            "new": now.get(key),
            "reason": reasons.get(key, ""),
            "county_old": None,
            "county_new": None,
        }
        for key in moved
    ]


def _reasons(keys: Collection[tuple[int, ...]]) -> dict[tuple[int, ...], str]:
    """Why each was last taken back."""
    steps = SpanStep.objects.filter(act="take_back", span__item__in={key[1] for key in keys}).order_by("pk")
    names = ("area_id", "item_id", "category", "first_month", "last_month")
    return {tuple(row[:5]): row[5] for row in steps.values_list(*(f"span__{name}" for name in names), "reason")}


def counted_in(at: ReadAt, codes: Collection[str]) -> list[tuple[int, int]]:
    """(first, last month) of the totals of these items that the state shown knows, as released or live."""
    if at.month is None:
        return []
    if at.live:
        found = SpanTotal.objects.filter(area__county=at.county, state=SpanTotal.State.APPROVED, item__code__in=codes)
        return sorted(set(found.filter(last_month__lte=at.month).values_list("first_month", "last_month")))
    kept = PublishedMonth.objects.filter(pk=at.release.pk).values_list("evidence__span_totals", flat=True).get()
    items = set(DataItem.objects.filter(code__in=codes).values_list("pk", flat=True)) if kept else set()
    return sorted({(row[3], row[4]) for row in kept or () if row[1] in items})


def known_at(at: ReadAt, items: Collection[int]) -> list[Span]:
    """The totals of these items that the state shown knows, as released or live; one query."""
    if at.month is None:
        return []
    if at.live:
        return approved(at.county.pk, items, until=at.month)
    kept = PublishedMonth.objects.filter(pk=at.release.pk).values_list("evidence__span_totals", flat=True).get()
    return [Span(*row) for row in kept or () if row[1] in items]


def span_text(first: int, last: int) -> str:
    """'2015年' for whole years, '2015年1月—2015年6月' else."""
    if first % 12 == 0 and last % 12 == 11:
        begins, ends = months.year(first), months.year(last)
        return _("%(y)d年") % {"y": begins} if begins == ends else _("%(a)d—%(b)d年") % {"a": begins, "b": ends}
    return f"{months.label(first)}—{months.label(last)}"
