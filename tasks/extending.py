"""A later day for a whole task or project (延期): asked before the old one is over, granted or refused by another.

The lead section's clerk asks; a reviewer of that section or the office decides, never who asked. Granted, the work is
due on the new day, and so is its last node where it stood on the old one; both first days stay known (tasks/moving.py).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.authorization import Permission, scope
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import User
from tasks import access, moving
from tasks.models import Extension, Project, State, Task
from tasks.rules import Conflict, Refused, reason_of

Asked = Extension.State
OF_WORK = ("task__lead", "project__lead", "asked_by", "decided_by")


@transaction.atomic
def ask(work: Task | Project, *, to: date, reason: str, by: User) -> Extension:
    """Ask for a later day; Refused once the old one is over, or while another request waits."""
    lock_county(county().pk)
    work = type(work).objects.get(pk=work.pk)
    if work.state == State.COMPLETED:
        raise Refused(_("这项工作已经完成，不用延期。"))
    if clock.today() > work.due_on:
        raise Refused(
            _("应完成日期 %(d)s 已过，不能再申请延期；延期须在期限以前申请。") % {"d": work.due_on.isoformat()}
        )
    if to <= work.due_on:
        raise Refused(_("申请的日期须晚于应完成日期 %(d)s。") % {"d": work.due_on.isoformat()})
    if of_work(work).filter(state=Asked.ASKED).exists():
        raise Refused(_("已有一份延期申请在等审批。"))
    key = {"project" if isinstance(work, Project) else "task": work}
    made = Extension.objects.create(
        from_on=work.due_on, wanted_on=to, reason=reason_of(reason), asked_by=by, asked_at=clock.now(), **key
    )
    _recorded("work.extension_ask", made, work, by, made.reason)
    return made


@transaction.atomic
def withdraw(extension: Extension, *, by: User) -> Extension:
    """Take a request back before it is decided."""
    extension, work = _locked(extension)
    extension.state = Asked.WITHDRAWN
    extension.save(update_fields=["state"])
    _recorded("work.extension_withdraw", extension, work, by)
    return extension


@transaction.atomic
def decide(extension: Extension, *, granted: bool, note: str = "", by: User) -> Extension:
    """Grant a request, and the work is due on the new day; or refuse it with the reason."""
    extension, work = _locked(extension)
    if extension.asked_by_id == by.pk:
        raise Refused(_("不能审批自己提出的延期申请。"))
    if granted and work.due_on != extension.from_on:
        raise Conflict(_("应完成日期已改为 %(d)s，请退回后重新申请。") % {"d": work.due_on.isoformat()})
    note = note.strip() if granted else reason_of(note)
    extension.state = Asked.GRANTED if granted else Asked.REFUSED
    extension.decided_by, extension.decided_at, extension.note = by, clock.now(), note
    extension.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if granted:
        work.due_on = extension.wanted_on
        work.save(update_fields=["due_on"])
    _recorded("work.extension_grant" if granted else "work.extension_refuse", extension, work, by, note)
    if granted:
        moving.follow(work, since=extension.from_on, reason=extension.reason, by=by)
    return extension


def of_work(work: Task | Project) -> QuerySet[Extension]:
    """The requests of one task or project, in the order they were made."""
    name = "project" if isinstance(work, Project) else "task"
    return Extension.objects.filter(**{name: work.pk}).select_related(*OF_WORK).order_by("pk")


def may_decide(user: User, work: Task | Project) -> bool:
    """A reviewer of the lead section, or the office; whoever asked is refused by the rule itself."""
    return access.may_review(user, work) or scope(user, Permission.PUBLISH).everywhere


def waiting_for(user: User) -> list[Extension]:
    """The requests this person may decide."""
    rows = Extension.objects.filter(state=Asked.ASKED, slip__isnull=True).exclude(asked_by=user)
    if not scope(user, Permission.PUBLISH).everywhere:
        mine = scope(user, Permission.REVIEW).sections
        rows = rows.filter(Q(task__lead__in=mine) | Q(project__lead__in=mine))
    return list(rows.select_related(*OF_WORK).order_by("pk"))


def work_of(extension: Extension) -> Task | Project:
    """What a later day is asked for."""
    work = extension.task or extension.project
    assert work is not None  # a slip's is decided elsewhere
    return work


def _locked(extension: Extension) -> tuple[Extension, Task | Project]:
    lock_county(county().pk)
    extension = Extension.objects.select_related("task", "project").get(pk=extension.pk)
    if extension.state != Asked.ASKED:
        raise Refused(_("这份延期申请“%(state)s”，不能再办。") % {"state": extension.get_state_display()})
    return extension, work_of(extension)


def _recorded(act: str, extension: Extension, work: Task | Project, by: User, reason: str = "") -> None:
    detail = {"from": extension.from_on.isoformat(), "to": extension.wanted_on.isoformat()}
    audit.record(act, by=by, object=work.code, reason=reason, detail=detail)
    raise_data_version(county().pk)
