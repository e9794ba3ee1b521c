"""Where a permission reaches on tasks: the one place views ask who may report, review and read which reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from bureau import clock, months
from bureau.authorization import Permission, can, scope
from bureau.context import installation_of
from bureau.models import User
from tasks.models import Progress, Project, Task

OF_WORK = ("lead", "domain", "clause", "officer")


def sections_of(user: User) -> frozenset[int]:
    """The sections whose tasks the user reports on or reviews (我的科室)."""
    return scope(user, Permission.REPORT_TASKS).sections | scope(user, Permission.REVIEW).sections


def may_report(user: User, work: Task | Project) -> bool:
    """Only the lead section's clerks write; supporting sections read."""
    return work.lead_id in scope(user, Permission.REPORT_TASKS).sections


def may_review(user: User, work: Task | Project) -> bool:
    return work.lead_id in scope(user, Permission.REVIEW).sections


def may_read_reports(user: User, work: Task | Project) -> bool:
    """Reports not yet approved: the lead section and the supporting ones."""
    mine = sections_of(user)
    return bool(mine) and (work.lead_id in mine or any(one.pk in mine for one in work.supporting.all()))


def may_promise(user: User, section: int, town: int | None) -> bool:
    """May he say when a place will be done with an indicator of the section? `town` is where it lies, or itself.

    A town's clerk for his town and its villages, the section's people for its indicators, the office everywhere.
    """
    if scope(user, Permission.PUBLISH).everywhere or section in sections_of(user):
        return True
    return town is not None and town in scope(user, Permission.ENTER).areas


def works_on_tasks(view: Callable) -> Callable:
    """Decorate a view: 403 for who neither reports on tasks nor reviews them. The view itself asks where."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not (can(request.user, Permission.REPORT_TASKS) or can(request.user, Permission.REVIEW)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.permission = Permission.REPORT_TASKS
    return guarded


def work_or_404(code: str) -> Task | Project:
    """The task or project of a code, with its sections, clause and indicators."""
    if not (code.isascii() and code.isalnum()):
        raise Http404
    model = Project if code.startswith("P") else Task
    rows = model.objects.select_related(*OF_WORK).prefetch_related("supporting", "indicators", "milestones")
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def month_or_404(request: HttpRequest, work: Task | Project, text: str) -> int:
    """A month that can be reported on: from the work's beginning to the present one."""
    try:
        month = months.parse(text)
    except ValueError:
        raise Http404 from None
    if not months.of(work.starts_on) <= month <= months.of(clock.today_in(installation_of(request))):
        raise Http404
    return month


def report_of(work: Task | Project, month: int) -> Progress | None:
    """The month's report, where there is one."""
    return work.reports.select_related("by", "submitted_by", "approved_by").filter(month=month).first()
