"""What the pages of span totals (补录合计) show: the list, one total with its course, the form; finished text out."""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import months
from bureau.authorization import Permission, scope
from bureau.formfields import MonthField
from bureau.language import localized
from bureau.models import Area, Installation, User
from bureau.places import Tree
from indicators import access
from indicators.analysis.kinds import Light
from indicators.entry import numbers
from indicators.entry.layout import Column
from indicators.entry.spans import LEVELS_BELOW, Total
from indicators.models import Category, DataItem, FormItem, SpanTotal
from indicators.spans import span_text
from indicators.wording import grouped_number

State = SpanTotal.State
LIGHTS = {
    State.DRAFT: Light.NONE,
    State.SUBMITTED: Light.ON_COURSE,
    State.RETURNED: Light.BEHIND,
    State.APPROVED: Light.REACHED,
}
ACTS = {
    "save": gettext_lazy("保存"),
    "submit": gettext_lazy("提交审核"),
    "withdraw": gettext_lazy("撤回"),
    "return": gettext_lazy("退回修改"),
    "approve": gettext_lazy("审核通过"),
    "take_back": gettext_lazy("撤销审核"),
}
ANY_LEVEL = LEVELS_BELOW[Area.Level.COUNTY]


class SpanForm(forms.Form):
    """A total as it is typed: only places and items within the person's scope can be chosen."""

    area = forms.ChoiceField(label=gettext_lazy("地方"))
    column = forms.ChoiceField(label=gettext_lazy("填报项"))
    first = MonthField(label=gettext_lazy("起月"))
    last = MonthField(label=gettext_lazy("止月"))
    value = forms.CharField(label=gettext_lazy("合计"), max_length=40)
    source = forms.ChoiceField(
        label=gettext_lazy("数据来源"), choices=SpanTotal.Source, help_text=gettext_lazy("数从哪里来的")
    )
    note = forms.CharField(
        label=gettext_lazy("依据"), max_length=500, min_length=5, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("文件、页码或估算办法，至少 5 个字"),
        error_messages={"min_length": gettext_lazy("请写明依据，至少 5 个字。")},
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, tree: Tree, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        held = scope(user, Permission.ENTER)
        self.fields["area"].choices = _areas(tree, held.areas, bool(held.sections))
        self.columns = _columns(held.areas, held.sections)
        self.fields["column"].choices = [(key, label) for key, (label, *_rest) in self.columns.items()]

    @property
    def can_be_filled(self) -> bool:
        """Is there a place and an item for this person to choose?"""
        return bool(self.fields["area"].choices and self.columns)

    def clean(self):
        cleaned = super().clean()
        chosen = self.columns.get(cleaned.get("column", ""))
        if chosen is None or "value" not in cleaned:
            return cleaned
        _label, item, category = chosen
        column = Column(item=item.code, name=item.name, unit=item.unit, decimals=item.decimals)
        read = numbers.read_cell(cleaned["value"], column)
        if isinstance(read, numbers.NumberProblem):
            self.add_error("value", f"{read.rule}；{read.fix}")
        elif read is None or read.value is None or read.state != "value":
            self.add_error("value", _("合计须是一个数；估算的，在“数据来源”里选“估算”。"))
        else:
            cleaned |= {"item": item, "category": category, "number": read.value}
        return cleaned

    def total(self) -> Total:
        said = self.cleaned_data
        return Total(
            Area.objects.get(pk=said["area"]), said["item"], said["category"], said["first"], said["last"],
            said["number"], said["source"], said["note"],
        )  # fmt: skip


def may_add(user: User, tree: Tree) -> bool:
    """Has this person a place and an item of which to enter totals?"""
    return SpanForm(user, tree).can_be_filled


def _areas(tree: Tree, towns: frozenset[int], county: bool) -> list[tuple[int, str]]:
    """The towns he types for with the villages they ever had, and the county for a section."""
    found = [(tree.county_id, tree.names[tree.county_id])] if county else []
    for town in tree.stores[1:]:
        if town in towns:
            found.append((town, tree.names[town]))
            found += [(pk, f"{tree.names[town]} · {tree.names[pk]}") for pk in tree.ever_below(town)]
    return found


def _columns(towns: frozenset[int], sections: frozenset[int]) -> dict[str, tuple[str, DataItem, int]]:
    """'7:0' → (name, item, category) of the flows that may be totalled."""
    rows = FormItem.objects.filter(item__kind=DataItem.Kind.FLOW, item__automatic=False)
    rows = rows.select_related("form", "item").order_by("form__order", "order")
    categories: dict[int, list[Category]] = {}
    for one in Category.objects.all():
        categories.setdefault(one.breakdown_id, []).append(one)
    found: dict[str, tuple[str, DataItem, int]] = {}
    for row in rows:
        if not (row.form.section_id in sections or (towns and row.form.submitted_by == Area.Level.TOWN)):
            continue
        item, name = row.item, f"{row.item.code} {localized(row.item)}"
        if item.breakdown_id is None:
            found[f"{item.pk}:0"] = (f"{name}（{item.unit}）", item, 0)
        for one in categories.get(item.breakdown_id or 0, ()):
            found[f"{item.pk}:{one.pk}"] = (f"{name}（{localized(one)}，{item.unit}）", item, one.pk)
    return found


def initial(span: SpanTotal) -> dict:
    """What the form says of a total as it stands."""
    return {
        "area": span.area_id, "column": f"{span.item_id}:{span.category}", "first": span.first_month,
        "last": span.last_month, "value": f"{span.value.normalize():f}", "source": span.source, "note": span.note,
        "seen": span.version,
    }  # fmt: skip


# --- The list, one total ------------------------------------------------------------------------
def rows(found, tree: Tree) -> list[dict]:
    listed = list(found)
    categories = _category_names(listed)
    return [
        {
            "item": _item(span, categories),
            "area": tree.names.get(span.area_id, ""),
            "span": span_text(span.first_month, span.last_month),
            "value": f"{grouped_number(span.value)} {span.item.unit}",
            "source": span.get_source_display(),
            "light": int(LIGHTS[State(span.state)]),
            "state_word": span.get_state_display(),
            "url": reverse("span", args=[span.pk]),
        }
        for span in listed
    ]


def _category_names(found) -> dict[int, str]:
    return {one.pk: localized(one) for one in Category.objects.filter(pk__in={span.category for span in found})}


def _item(span: SpanTotal, categories: dict[int, str]) -> str:
    name = f"{span.item.code} {localized(span.item)}"
    return f"{name}（{categories[span.category]}）" if span.category in categories else name


def page(span: SpanTotal, user: User, tree: Tree, *, own: bool) -> dict:
    """The context of one total: what it says, what this person may do with it, its course."""
    row = rows([span], tree)[0]
    enters = access.may_enter_span(user, span.form, span.place)
    reviews = access.may_review(user, span.form)
    waiting = span.state == State.SUBMITTED
    return {
        "title": f"{row['area']} {row['item']} {row['span']}",
        "row": row,
        "facts": [
            (_("地方"), row["area"]),
            (_("填报项"), row["item"]),
            (_("月份"), row["span"]),
            (_("合计"), row["value"]),
            (_("数据来源"), row["source"]),
            (_("依据"), span.note),
            (_("报表"), f"{span.form.number} {localized(span.form)}"),
            (_("填报"), f"{span.entered_by} {_stamp(span.entered_at)}"),
            (_("审核"), f"{span.approved_by} {_stamp(span.approved_at)}" if span.approved_at else "—"),
        ],
        "seen": span.version,
        "change_url": reverse("span_change", args=[span.pk]) if enters and span.is_open else "",
        "may_submit": enters and span.is_open,
        "may_withdraw": enters and waiting,
        "may_drop": enters and span.is_open and not span.steps.filter(act="approve").exists(),
        "can_decide": reviews and waiting and not own,
        "cannot_decide_reason": _("这笔合计是你填报的，须由他人审核。") if reviews and waiting and own else "",
        "can_take_back": reviews and span.state == State.APPROVED,
        "events": [
            {
                "at": _stamp(step.at),
                "who": f"{step.by.unit} · {step.by}" if step.by.unit else str(step.by),
                "what": f"{ACTS.get(step.act, step.act)} {grouped_number(step.value)}",
                "reason": step.reason,
            }
            for step in span.steps.select_related("by").order_by("-pk")
        ],
    }


def _stamp(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def desk_group(user: User, installation: Installation, month: int) -> dict | None:
    """What lies on the desk: drafts and returned totals of one's own places, those waiting for one's review."""
    open_now = access.visible_spans(user).exclude(state=State.APPROVED).order_by("last_month", "pk")
    reviewed = scope(user, Permission.REVIEW).sections
    found = []
    for span in open_now[:50]:
        mine = access.may_enter_span(user, span.form, span.place) and span.is_open
        if mine or (span.form.section_id in reviewed and span.state == State.SUBMITTED and span.entered_by != user):
            found.append(span)
    if not found:
        return None
    lines = rows(found, Tree(installation.county_id))
    return {
        "id": "spans",
        "title": _("补录合计"),
        "note": months.label(month),
        "todo": True,
        "light": int(Light.ON_COURSE),
        "forms": False,
        "rows": [
            {
                "form": f"{line['area']} {line['item']} {line['span']}",
                "note": line["value"],
                "light": line["light"],
                "state_word": line["state_word"],
                "url": line["url"],
                "action": _("审核") if span.state == State.SUBMITTED else _("填报"),
                "primary": True,
            }
            for span, line in zip(found, lines, strict=True)
        ],
    }
