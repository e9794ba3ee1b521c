"""Tells the figures which projects and tasks are completed and from which month: A16–A20 and B20 follow from that."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bureau import audit, months
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import User
from bureau.places import Tree
from indicators import definitions, evaluate
from indicators.models import Completion
from tasks.models import Project, State, Task


@transaction.atomic
def complete(work: Task | Project, on: date, *, by: User) -> None:
    """Mark a task or project completed on a day, and re-evaluate the indicators that count it."""
    here = county()
    lock_county(here.pk)
    work.state, work.percent, work.completed_on = State.COMPLETED, 100, on
    work.save(update_fields=["state", "percent", "completed_on"])
    Completion.objects.update_or_create(county=here, code=work.code, defaults={"month": months.of(on)})
    known = definitions.load(here.pk)
    counted = {v.indicator for v in known.versions if any(ref.code == work.code for ref in v.refs)}
    evaluate.refresh(Tree(here.pk), counted, known)
    audit.record("work.complete", by=by, object=work.code, detail={"on": on.isoformat()})
    raise_data_version(here.pk)
