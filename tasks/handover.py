"""What of tasks passes with a hand-over (移交): who answers for a task, and monthly reports he began.

A report belongs to its section: whoever holds the grant goes on with it, and its steps keep who wrote them.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import audit, months
from bureau.language import localized
from bureau.models import User
from bureau.people import handover
from tasks import access, officers
from tasks.models import Progress, Project, State, Task

OPEN = (Progress.State.DRAFT, Progress.State.RETURNED)


def offices_of(user: User) -> list[str]:
    """The tasks and projects he answers for, in words; completed ones need nobody new."""
    return [f"{work.code} {localized(work)}" for work in _answered_for(user)]


def pass_offices(giver: User, receiver: User) -> int:
    """Name the receiver where he works in the lead section; elsewhere the section's reviewer names somebody."""
    moved = 0
    for work in _answered_for(giver):
        if officers.candidates(work).filter(pk=receiver.pk).exists():
            officers.pass_to(work, receiver)
            detail = {"officer": [giver.username, receiver.username]}
            audit.record("task.officer", by=None, object=work.code, detail=detail)
            moved += 1
    return moved


def reports_of(user: User) -> list[str]:
    """The monthly reports he began and that lie open, in words."""
    return [
        _("%(month)s %(work)s（%(state)s）")
        % {"month": months.label(one.month), "work": one.work.code, "state": one.get_state_display()}
        for one in _begun_by(user)
    ]


def pass_reports(giver: User, receiver: User) -> int:
    """How many open reports the receiver can now go on with; nothing in them changes."""
    return sum(access.may_report(receiver, one.work) for one in _begun_by(giver))


def _answered_for(user: User) -> list[Task | Project]:
    return [
        work
        for model in (Task, Project)
        for work in model.objects.filter(officer=user).exclude(state=State.COMPLETED).order_by("code")
    ]


def _begun_by(user: User) -> list[Progress]:
    found = Progress.objects.filter(Q(by=user) | Q(submitted_by=user), state__in=OPEN)
    return list(found.select_related("task", "project").order_by("month", "pk"))


def register() -> None:
    """Called once, when the app is ready."""
    handover.register("officers", offices_of, pass_offices, label=gettext_lazy("负责的任务和项目"))
    handover.register("reports", reports_of, pass_reports, label=gettext_lazy("未办完的进度月报"))
