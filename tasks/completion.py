"""Tells the figures which projects and tasks are completed and from which month: A16–A19 and B20 follow from that.

A20 counts villages, typed once on form 盐均06: its project P06 follows from the indicator, see `short_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from bureau import audit, months
from bureau.fields import UNITS, raw
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import Area, User
from bureau.places import Tree
from indicators import definitions, evaluate
from indicators.models import Completion, Evaluation, Indicator, Reading
from tasks.models import Project, State, Task


@transaction.atomic
def complete(work: Task | Project, on: date, *, by: User) -> None:
    """Mark a task or project completed on a day, and re-evaluate the indicators that count it."""
    here = county()
    lock_county(here.pk)
    work.state, work.percent, work.completed_on = State.COMPLETED, 100, on
    work.save(update_fields=["state", "percent", "completed_on"])
    tell(here, {work.code: on}, by=by)
    raise_data_version(here.pk)


@transaction.atomic
def reopen(work: Task | Project, percent: int, *, by: User, reason: str) -> None:
    """Take a completion back: the task or project is under way again, the indicators count it no longer."""
    here = county()
    lock_county(here.pk)
    work.state = State.UNDER_WAY if percent else State.NOT_BEGUN
    work.percent, work.completed_on = percent, None
    work.save(update_fields=["state", "percent", "completed_on"])
    tell(here, {work.code: None}, by=by, reason=reason)
    raise_data_version(here.pk)


def tell(here: Area, days: Mapping[str, date | None], *, by: User, reason: str = "") -> None:
    """Write from which day each of these codes counts as completed (None: not), re-evaluate, record each on the trail.

    Inside a transaction that holds the county's lock.
    """
    for code, day in days.items():
        if day is None:
            Completion.objects.filter(county=here, code=code).delete()
            audit.record("work.reopen", by=by, object=code, reason=reason)
        else:
            Completion.objects.update_or_create(county=here, code=code, defaults={"month": months.of(day)})
            audit.record("work.complete", by=by, object=code, detail={"on": day.isoformat()})
    known = definitions.load(here.pk)
    counted = {v.indicator for v in known.versions if any(ref.code in days for ref in v.refs)}
    if counted:
        evaluate.refresh(Tree(here.pk), counted, known)


def short_of(project: Project, month: int) -> tuple[int, int] | None:
    """Built and due of a project whose quantity is an indicator's, at a month of live figures, where it falls short.

    None where all are built, or where the project counts its quantity itself. (0, 0) before any figure was approved.
    """
    if not project.quantity_from:
        return None
    indicator = Indicator.objects.get(code=project.quantity_from)
    official = Reading.objects.get(indicator=indicator, official=True)
    row = (
        Evaluation.objects.filter(
            area=county().pk, indicator=indicator.pk, reading=official.number, month__lte=month, reported__gt=0
        )
        .order_by("-month")
        .annotate(built=raw("numerator"), due=raw("denominator"))
        .values_list("built", "due", "reported", "expected")
        .first()
    )
    if row is None or row[0] is None or row[1] is None:
        return 0, 0
    built, due, reported, expected = row
    if built >= due and reported == expected:
        return None
    return built // UNITS, due // UNITS
