"""The only writer of span totals (补录合计): save, hand in, withdraw, return, approve, take back, drop.

As in workflow.py: plain functions, `by=` the acting person, one transaction that locks the county first and writes the
audit record. Who may call is asked in indicators/access.py; here are the rules of what a total may be, and four eyes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.installation import current, lock_county, raise_data_version
from bureau.models import Area, User
from bureau.places import Tree
from indicators import definitions, evaluate, spans
from indicators.entry.exclusion import against_span
from indicators.entry.workflow import Closed, Conflict, Refused
from indicators.models import Category, DataItem, FormItem, Plan, ReportingForm, SpanStep, SpanTotal

State = SpanTotal.State
REASON_LENGTH = 5
LEVELS_BELOW: Mapping[str, tuple[str, ...]] = {
    Area.Level.VILLAGE: (Area.Level.VILLAGE,),
    Area.Level.TOWN: (Area.Level.TOWN, Area.Level.VILLAGE),
    Area.Level.COUNTY: (Area.Level.COUNTY, Area.Level.TOWN, Area.Level.VILLAGE),
}


@dataclass(frozen=True)
class Total:
    """What a person says: of which area and item (and category), over which months, how much, from where."""

    area: Area
    item: DataItem
    category: int
    first: int
    last: int
    value: Decimal
    source: str
    note: str


def form_for(item: DataItem, area: Area) -> ReportingForm | None:
    """The form that asks for the item at the area's level, or at the next level below that has it."""
    found = {one.level: one.form for one in FormItem.objects.filter(item=item).select_related("form__section")}
    return next((found[level] for level in LEVELS_BELOW[area.level] if level in found), None)


def place_for(area: Area, month: int, tree: Tree) -> Area | None:
    """The town or county that answers for an area; None where the area does not exist then."""
    store = tree.store(area.pk, month)
    return None if store is None else Area.objects.get(pk=store)


@transaction.atomic
def save(total: Total, *, by: User, span: SpanTotal | None = None, seen: int | None = None) -> SpanTotal:
    """Keep a draft, or change `span` (whose version `seen` is what the writer had before him)."""
    lock_county(total.area.home)
    tree = Tree(total.area.home)
    before = None
    if span is not None:
        span = _fresh(span)
        if not span.is_open:
            raise Closed(_("这笔补录合计“%(state)s”，不能再改。") % {"state": span.get_state_display()})
        _as_seen(span, seen)
        before = _text(span.value)
    form, place = form_for(total.item, total.area), place_for(total.area, total.last, tree)
    if form is None or place is None:
        raise Refused(_("这个地方不填报这一项，不能补录合计。"))
    fields = {
        "form": form, "place": place, "area": total.area, "item": total.item, "category": total.category,
        "first_month": total.first, "last_month": total.last, "value": total.value, "source": total.source,
        "note": total.note.strip(), "entered_by": by, "entered_at": clock.now(),
    }  # fmt: skip
    made = span or SpanTotal(version=0)
    for name, value in fields.items():
        setattr(made, name, value)
    made.version += 1
    _refuse_unfit(made, tree)
    made.save()
    _step(made, "save", by, detail={"value": [before, _text(total.value)], "source": total.source, "note": made.note})
    return made


@transaction.atomic
def submit(span: SpanTotal, *, by: User, seen: int | None = None) -> SpanTotal:
    """Hand a draft in for review."""
    span = _locked(span)
    if not span.is_open:
        raise Closed(_("这笔补录合计“%(state)s”，不能提交。") % {"state": span.get_state_display()})
    _as_seen(span, seen)
    _refuse_unfit(span, Tree(span.area.home))
    return _move(span, State.SUBMITTED, "submit", by=by)


@transaction.atomic
def withdraw(span: SpanTotal, *, by: User) -> SpanTotal:
    span = _locked(span)
    if span.state != State.SUBMITTED:
        raise Closed(_("只有待审核的补录合计可以撤回。"))
    return _move(span, State.DRAFT, "withdraw", by=by)


@transaction.atomic
def drop(span: SpanTotal, *, by: User) -> None:
    """Delete a draft that was never approved; the audit trail keeps what it said."""
    span = _locked(span)
    if not span.is_open or span.steps.filter(act="approve").exists():
        raise Closed(_("提交过审核并通过的补录合计不能删除。"))
    audit.record("span.drop", by=by, object=str(span), detail={"value": [_text(span.value), None]})
    span.delete()


@transaction.atomic
def return_(span: SpanTotal, *, by: User, reason: str) -> SpanTotal:
    span = _locked(span)
    if span.state != State.SUBMITTED:
        raise Closed(_("只有待审核的补录合计可以退回。"))
    return _move(span, State.RETURNED, "return", by=by, reason=_reason(reason))


@transaction.atomic
def approve(span: SpanTotal, *, by: User, seen: int | None = None) -> SpanTotal:
    """Count the total from now on. Refused to whoever typed or handed in any of it, and beside finer figures."""
    span = _locked(span)
    if span.state != State.SUBMITTED:
        raise Closed(_("只有待审核的补录合计可以通过。"))
    _as_seen(span, seen)
    if is_own(span, by):
        raise Refused(_("不能审核自己填报的数。"))
    _refuse_unfit(span, Tree(span.area.home))
    span.approved_by, span.approved_at = by, clock.now()
    moved = _move(span, State.APPROVED, "approve", by=by, detail={"value": [None, _text(span.value)]})
    _derive(moved)
    return moved


@transaction.atomic
def take_back(span: SpanTotal, *, by: User, reason: str) -> SpanTotal:
    """Undo an approval, so that it can be mended or finer figures entered in its place."""
    span = _locked(span)
    if span.state != State.APPROVED:
        raise Closed(_("只有已审核的补录合计可以撤销审核。"))
    span.approved_by = span.approved_at = None
    detail = {"value": [_text(span.value), None]}
    moved = _move(span, State.RETURNED, "take_back", by=by, reason=_reason(reason), detail=detail)
    _derive(moved)
    return moved


def is_own(span: SpanTotal, user: User) -> bool:
    """Did the user type or hand in any of it?"""
    return span.entered_by_id == user.pk or span.steps.filter(act__in=("save", "submit"), by=user).exists()


# --- What a total may be ------------------------------------------------------------------------
def _refuse_unfit(span: SpanTotal, tree: Tree) -> None:
    if problem := _item_problem(span) or _months_problem(span) or _place_problem(span, tree):
        raise Refused(problem)
    if problem := against_span(span, tree):
        raise Refused(problem)


def _item_problem(span: SpanTotal) -> str:
    item = span.item
    if item.kind != DataItem.Kind.FLOW or item.automatic:
        return _("%(item)s 不是当期发生数，各月不相加，不能补录合计。") % {"item": item}
    known = Category.objects.filter(breakdown=item.breakdown_id) if item.breakdown_id else Category.objects.none()
    if item.breakdown_id and not known.filter(pk=span.category).exists():
        return _("%(item)s 分类填报，请逐类补录合计。") % {"item": item}
    if not item.breakdown_id and span.category:
        return _("%(item)s 不分类。") % {"item": item}
    if span.value < 0:
        return _("合计不能为负数。")
    exponent = span.value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > item.decimals:
        return _("%(item)s 最多 %(n)d 位小数。") % {"item": item, "n": item.decimals}
    return ""


def _months_problem(span: SpanTotal) -> str:
    first, last, installation = span.first_month, span.last_month, current()
    if first >= last:
        return _("合计至少跨两个月；单月的数请填月报。")
    if installation is None or installation.go_live_month is None:
        return _("还没有设定启用月，不能补录合计。")
    if last >= installation.go_live_month:
        return _("只能补录启用月（%(m)s）以前的月份。") % {"m": months.label(installation.go_live_month)}
    if last > months.of(clock.today()):
        return _("止月还没有开始。")
    begins = Plan.objects.get(county=span.area.home).first_month
    if first < begins:
        return _("起月早于方案开始的 %(m)s。") % {"m": months.label(begins)}
    if first < (span.item.from_month or 0) or last > (span.item.to_month or last):
        return _("这一项在其中有的月份不填报。")
    return ""


def _place_problem(span: SpanTotal, tree: Tree) -> str:
    levels = FormItem.objects.filter(item=span.item_id).values_list("level", flat=True)
    held = frozenset(levels)
    for month in range(span.first_month, span.last_month + 1):
        if tree.store(span.area_id, month) != span.place_id:
            return _("%(m)s它不在同一上级之下；请按区划变动分段补录。") % {"m": months.label(month)}
        if not spans.bits(tree, held, span.area_id, month):
            return _("这个地方 %(m)s不填报这一项，不能补录合计。") % {"m": months.label(month)}
    return ""


# --- Steps --------------------------------------------------------------------------------------
def _fresh(span: SpanTotal) -> SpanTotal:
    return SpanTotal.objects.select_related("form__section", "place", "area", "item").get(pk=span.pk)


def _locked(span: SpanTotal) -> SpanTotal:
    """The total as it stands now, with its county locked."""
    lock_county(span.area.home)
    return _fresh(span)


def _as_seen(span: SpanTotal, seen: int | None) -> None:
    if seen is not None and span.version != seen:
        raise Conflict(_("数据已变动，请重新核对。"))


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < REASON_LENGTH:
        raise Refused(_("请写明理由，至少 5 个字。"))
    return reason


def _move(span: SpanTotal, state: str, act: str, *, by: User, reason: str = "", detail: Mapping | None = None):
    span.state = state
    span.save()
    _step(span, act, by, reason, detail)
    return span


def _step(span: SpanTotal, act: str, by: User, reason: str = "", detail: Mapping | None = None) -> None:
    SpanStep.objects.create(
        span=span, act=act, to_state=span.state, value=span.value, by=by, at=clock.now(), reason=reason
    )
    audit.record(f"span.{act}", by=by, object=str(span), reason=reason, detail=detail)


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _derive(span: SpanTotal) -> None:
    """Evaluate anew what uses the item; roll-ups know nothing of spans."""
    county = span.area.home
    known = definitions.load(county)
    evaluate.refresh(Tree(county), known.using({span.item_id}) | known.of_completions(), known)
    raise_data_version(county)
