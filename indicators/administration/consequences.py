"""What follows when a setting changes: derived rows are rebuilt, a changed target leaves its trace."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bureau import clock, installation
from bureau.amend import Amendment, follows
from bureau.models import Area
from bureau.places import Tree
from indicators import evaluate, known, rollup
from indicators.models import (
    BalanceRule,
    Breakdown,
    DataItem,
    EqualityRole,
    Indicator,
    IndicatorVersion,
    Parameter,
    Plan,
    Reading,
    ReportingForm,
    SoftRule,
    Target,
    TargetRevision,
)

ROLLED_UP = (Area, Breakdown, DataItem, ReportingForm)
EVALUATED = (Indicator, IndicatorVersion, Parameter, Plan, Reading, Target)
NOT_REBUILT = (BalanceRule, SoftRule)  # they speak of entering only


@follows(*ROLLED_UP, *EVALUATED)
def rebuild(amendment: Amendment) -> None:
    """Bring the county's live figures to the new definitions; releases never move."""
    here = installation.current()
    if here is None or not Plan.objects.filter(county=here.county_id).exists():
        return
    tree = Tree(here.county_id)
    if isinstance(amendment.row, ROLLED_UP):
        rollup.refresh(tree)
    evaluate.refresh(tree)


@follows(Reading)
def date_the_reading(amendment: Amendment) -> None:
    """From when on another reading is official; releases before keep theirs."""
    if "official" in amendment.changed and amendment.act != "delete":
        Reading.objects.filter(pk=amendment.row.pk).update(amended_at=clock.now())
        reading = amendment.row
        if reading.official and amendment.fields.get("taken_from"):
            TargetRevision.objects.create(
                indicator_id=reading.indicator_id,
                kind="reading",
                old=amendment.fields["taken_from"],
                new=reading.name,
                reason=_("%(by)s决定：%(reason)s") % {"by": reading.decided_by, "reason": amendment.reason},
                document=reading.document,
                on=clock.today(),
                by=amendment.by,
            )


@follows(EqualityRole)
def date_the_role(amendment: Amendment) -> None:
    """From when on it counts so; releases before keep theirs."""
    EqualityRole.objects.filter(pk=amendment.row.pk).update(amended_at=clock.now())


@follows(Target)
def revise(amendment: Amendment) -> None:
    """A target's change with its reason, as pages tell it."""
    target = amendment.row
    changed = amendment.changed if amendment.act == "change" else {}
    if amendment.act != "delete":
        Target.objects.filter(pk=target.pk).update(amended_at=clock.now())
    names = [name for name in changed if name in known.AIM or name in ("base_value", "base_month")]
    if amendment.act == "change" and not names:
        return
    TargetRevision.objects.create(
        indicator_id=target.reading.indicator_id,
        target=None if amendment.act == "delete" else target,
        of=target.pk,
        area=target.area,
        before={name: amendment.before[name] for name in known.AIM if name in amendment.before},
        kind={"add": "added", "change": "edited", "delete": "removed"}[amendment.act],
        old="" if amendment.act == "add" else _side(target, amendment.before, names),
        new="" if amendment.act == "delete" else _side(target, amendment.after, names),
        reason=amendment.reason,
        on=clock.today(),
        by=amendment.by,
    )


def _side(target: Target, facts: dict, names: list[str]) -> str:
    """'目标值：97；容差：2' of the fields that changed, or the whole aim of a target that came or went."""
    labels = {one.name: str(one.verbose_name) for one in Target._meta.fields}
    if not names:
        span = f"{facts.get('start_month', '')}—{facts.get('end_month', '')}"
        return f"{target.get_comparator_display()} {facts.get('value', '')}（{span}）"[:160]
    return "；".join(f"{labels[name]}：{facts.get(name) or '—'}" for name in names)[:160]
