"""Who in the lead section answers for a task or project (责任人): set by the section's reviewer."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.authorization import ROLES, Permission
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import User
from tasks.models import Project, Task
from tasks.rules import Conflict, Refused

WORKERS = [role for role, held in ROLES.items() if held & {Permission.REPORT_TASKS, Permission.REVIEW}]


def candidates(work: Task | Project) -> QuerySet[User]:
    """The people of the lead section: clerks and reviewers with a grant in force."""
    today = clock.real_day()
    in_force = (Q(grants__from_date__isnull=True) | Q(grants__from_date__lte=today)) & (
        Q(grants__to_date__isnull=True) | Q(grants__to_date__gte=today)
    )
    found = User.objects.filter(in_force, is_active=True, grants__section=work.lead_id, grants__role__in=WORKERS)
    return found.distinct().order_by("username")


@transaction.atomic
def set_officer(work: Task | Project, officer: User | None, *, by: User, seen: int | None = None) -> None:
    """Name the person who answers for the work, or nobody; `seen` is whom the page showed (0: nobody)."""
    here = county()
    lock_county(here.pk)
    work = type(work).objects.select_related("officer").get(pk=work.pk)
    if seen is not None and seen != (work.officer_id or 0):
        raise Conflict(_("责任人已被他人改为“%(o)s”，没有保存。") % {"o": work.officer or _("未定")})
    if officer is not None and not candidates(work).filter(pk=officer.pk).exists():
        raise Refused(_("责任人须是责任科室在岗的填报人或审核人。"))
    if (officer and officer.pk) == work.officer_id:
        return
    before = work.officer.username if work.officer else ""
    pass_to(work, officer)
    after = officer.username if officer else ""
    audit.record("task.officer", by=by, object=work.code, detail={"officer": [before, after]})
    raise_data_version(here.pk)


def pass_to(work: Task | Project, officer: User | None) -> None:
    """Write the officer alone; the caller holds the lock and keeps the record."""
    type(work).objects.filter(pk=work.pk).update(officer=officer)
