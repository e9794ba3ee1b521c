"""Targets as they were known on a date: what they said then, which revisions had come, what the plan had struck out.

A revision keeps the whole aim as it was before it, so what a target said on a day is what the first revision after that
day found; without one, what it says now. What a release was judged by is kept with the release (frozen.py); the base of
a path, fixed at a first release, is told there and not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bureau import amend
from indicators.models import Plan, PlanRevisionNote, Target, TargetRevision

AIM = (
    "start_month", "end_month", "comparator", "value", "tolerance", "path", "points", "yearly_check", "behind",
    "far_behind", "limit_days",
)  # fmt: skip
ADDED, REMOVED = "added", "removed"


@dataclass(frozen=True)
class Known:
    """A target as it stood; `of` is its number, `says` its fields as records print them (months as 2017-12)."""

    of: int
    indicator: int
    reading: int | None  # unknown of a target that is gone
    area: int | None
    says: Mapping[str, str]


@dataclass(frozen=True)
class Ledger:
    """The targets known on a date, and what had been revised by then, the plan's own revision notes included."""

    on: date
    targets: tuple[Known, ...]
    revisions: tuple[TargetRevision, ...]
    notes: tuple[PlanRevisionNote, ...]


def aim(target: Target) -> dict[str, str]:
    """What a target says, in the words records keep."""
    return {name: amend.told(target, name) for name in AIM}


def targets_known(
    on: date, *, indicators: Collection[int] | None = None, areas: Collection[int] | None = None
) -> Ledger:
    """Targets and revisions as known at the end of `on`, of these indicators and areas (all when None).

    A target of the plan's files is known from the day the plan was issued, one that a person added from that day on.
    Four queries.
    """
    issued = Plan.objects.values_list("issued_on", flat=True).first()
    of_these = Q() if indicators is None else Q(indicator__in=indicators)
    revisions: dict[int, list[TargetRevision]] = defaultdict(list)
    come: list[TargetRevision] = []
    for one in TargetRevision.objects.filter(of_these).select_related("indicator", "area", "by"):
        if one.on <= on and (areas is None or one.area_id is None or one.area_id in areas):
            come.append(one)
        if one.of is not None:
            revisions[one.of].append(one)
    standing = Target.objects.select_related("reading")
    if indicators is not None:
        standing = standing.filter(reading__indicator__in=indicators)
    found = {target.pk: target for target in standing}
    known = (_known(number, found.get(number), revisions[number], on, issued) for number in {*found, *revisions})
    targets = [one for one in known if one is not None and (areas is None or one.area in areas)]
    notes = PlanRevisionNote.objects.prefetch_related("clauses") if issued is not None and issued <= on else ()
    return Ledger(
        on,
        tuple(sorted(targets, key=lambda one: (one.indicator, one.reading or 0, one.area or 0, one.says["end_month"]))),
        tuple(come),
        tuple(notes),
    )


def _known(
    number: int, target: Target | None, revisions: list[TargetRevision], on: date, issued: date | None
) -> Known | None:
    """One target as it stood; None where it had not come yet or was gone. `revisions` in order."""
    later = [one for one in revisions if one.on > on]
    before = [one for one in revisions if one.on <= on]
    if not before and (issued is None or on < issued):
        return None
    if before and before[-1].kind == REMOVED:
        return None
    first = next((one for one in later if one.before or one.kind == ADDED), None)
    now = {} if target is None else aim(target)
    says = now if first is None else first.before  # nothing where it was added only then
    if not says:
        return None
    told = (later or before or [None])[0]
    return Known(
        of=number,
        indicator=target.reading.indicator_id if target is not None else told.indicator_id,
        reading=None if target is None else target.reading_id,
        area=target.area_id if target is not None else told.area_id,
        says=says,
    )
