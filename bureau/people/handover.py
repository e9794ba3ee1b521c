"""Hand-over (移交): one person's grants, drafts and responsibilities pass to another on a date, both signing.

For one who has left, the security administrator signs in his place; where rights move to someone who does not hold
them, he confirms. When all have signed, the grants are written with their dates, so that rights change on the very day
without anybody doing anything; what lies on other floors passes with the first request, command or desk on that day.
What a person typed keeps his name: taking over makes nobody the author, and no approval of one's own easier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.authorization import Permission, can
from bureau.models import Grant, Handover, User
from bureau.people import granting
from bureau.people.rules import Refused, is_in_force, locked, reason_of

State = Handover.State
Find = Callable[[User], Sequence[str]]
PassOn = Callable[[User, User], int]


@dataclass(frozen=True)
class Belonging:
    """What else a person holds: its name, what of it is his (in words), and how it passes from giver to receiver."""

    name: str
    label: Promise | str
    find: Find
    pass_on: PassOn


_belongings: dict[str, Belonging] = {}


def register(name: str, find: Find, pass_on: PassOn, *, label: Promise | str = "") -> None:
    """Let a floor add what passes with a hand-over (from its AppConfig.ready).

    `find(user)` tells in words what he has open, one text each; `pass_on(giver, receiver)` moves it, inside the
    hand-over's transaction, and returns how many.
    """
    _belongings[name] = Belonging(name, label or name, find, pass_on)


def belongings(user: User) -> list[tuple[str, list[str]]]:
    """Label and items of everything registered that the person has open."""
    found = [(str(one.label), list(one.find(user))) for one in _belongings.values()]
    return [(label, items) for label, items in found if items]


def grants_to_pass(user: User) -> list[Grant]:
    """The grants he could hand over: in force today or later."""
    today = clock.real_day()
    found = user.grants.filter(Q(to_date__isnull=True) | Q(to_date__gte=today)).select_related("area", "section")
    return list(found.order_by("pk"))


@transaction.atomic
def start(
    *, by: User, giver: User, receiver: User, on: date, grants: Sequence[Grant], note: str = "", absent: bool = False
) -> Handover:
    """Open a hand-over; the giver's own start is his signature. `absent`: the system administrator starts it."""
    giver = locked(giver)
    today = clock.real_day()
    if giver.pk == receiver.pk:
        raise Refused(_("接手人不能是移交人自己。"))
    if not receiver.is_active:
        raise Refused(_("接手人的账号没有启用。"))
    if on < today:
        raise Refused(_("移交日不能早于今天（%(d)s）。") % {"d": today.isoformat()})
    if absent and by.pk in (giver.pk, receiver.pk):
        raise Refused(_("代为发起移交的人不能是移交人或接手人。"))
    if not absent and by.pk != giver.pk:
        raise Refused(_("移交由本人发起。"))
    if not grants and not belongings(giver):
        raise Refused(_("没有可移交的授权和事项。"))
    for grant in grants:
        if grant.user_id != giver.pk:
            raise Refused(_("只能移交本人的授权。"))
        granting.refuse_mixing(receiver, grant.role)
    if Handover.objects.filter(giver=giver, state__in=[State.OPEN, State.SIGNED]).exists():
        raise Refused(_("已有一份移交还没办完，先办完或撤回。"))
    now = clock.now()
    signed = {} if absent else {"giver_signed_by": by, "giver_signed_at": now}
    paper = Handover.objects.create(
        giver=giver, receiver=receiver, on=on, note=note, absent=absent, started_by=by, started_at=now, **signed
    )
    paper.grants.set(grants)
    detail = _detail(paper) | {"grants": [str(grant) for grant in grants], "absent": absent}
    audit.record("handover.start", by=by, object=giver.username, reason=note, detail=detail)
    return paper


@transaction.atomic
def sign(paper: Handover, *, by: User) -> Handover:
    """The receiver's signature."""
    paper = _open(paper)
    if by.pk != paper.receiver_id:
        raise Refused(_("须由接手人本人签。"))
    if paper.receiver_signed_at:
        raise Refused(_("已经签过了。"))
    paper.receiver_signed_at = clock.now()
    paper.save()
    audit.record("handover.sign", by=by, object=paper.giver.username, detail=_detail(paper))
    return _when_complete(paper)


@transaction.atomic
def confirm(paper: Handover, *, by: User) -> Handover:
    """The security administrator agrees that the rights move; for an absent giver this is his signature too."""
    paper = _open(paper)
    if not can(by, Permission.MANAGE_GRANTS):
        raise Refused(_("须由安全管理员确认。"))
    if by.pk in (paper.giver_id, paper.receiver_id, paper.started_by_id):
        raise Refused(_("移交人、接手人和发起人不能自己确认，须由另一名安全管理员确认。"))
    if not needs_confirmation(paper) or paper.confirmed_at:
        raise Refused(_("这份移交不用再确认。"))
    now = clock.now()
    paper.confirmed_by, paper.confirmed_at = by, now
    if paper.absent:
        paper.giver_signed_by, paper.giver_signed_at = by, now
    paper.save()
    audit.record("handover.confirm", by=by, object=paper.giver.username, detail=_detail(paper))
    return _when_complete(paper)


@transaction.atomic
def refuse(paper: Handover, *, by: User, reason: str) -> Handover:
    """The receiver or the security administrator does not agree, and says why."""
    paper = _open(paper)
    if by.pk != paper.receiver_id and not (can(by, Permission.MANAGE_GRANTS) and by.pk != paper.giver_id):
        raise Refused(_("只有接手人或安全管理员可以不同意。"))
    return _end(paper, State.REFUSED, "handover.refuse", by=by, reason=reason_of(reason))


@transaction.atomic
def withdraw(paper: Handover, *, by: User) -> Handover:
    """Whoever started it takes it back, while not everybody has signed."""
    paper = _open(paper)
    if by.pk != paper.started_by_id:
        raise Refused(_("只有发起人可以撤回。"))
    return _end(paper, State.WITHDRAWN, "handover.withdraw", by=by)


def needs_confirmation(paper: Handover) -> bool:
    """Do rights move to someone who does not hold them, or is the giver absent?"""
    return paper.absent or any(not _held_already(grant, paper) for grant in paper.grants.all())


def waiting_for(user: User) -> list[Handover]:
    """The hand-overs this person is asked to sign or confirm, oldest first; for his desk and his account page."""
    asked = Q(receiver=user, receiver_signed_at__isnull=True)
    if can(user, Permission.MANAGE_GRANTS):
        asked |= Q(confirmed_at__isnull=True) & ~Q(giver=user) & ~Q(started_by=user)
    found = Handover.objects.filter(asked, state=State.OPEN).select_related("giver", "receiver").order_by("pk")
    return [one for one in found if one.receiver_id == user.pk or needs_confirmation(one)]


def visible_to(user: User) -> QuerySet[Handover]:
    """The hand-overs a person may read: his own; those who manage accounts or grants, all."""
    found = Handover.objects.select_related("giver", "receiver", "started_by", "giver_signed_by", "confirmed_by")
    if can(user, Permission.MANAGE_GRANTS) or can(user, Permission.MANAGE_ACCOUNTS):
        return found
    return found.filter(Q(giver=user) | Q(receiver=user))


def carry_out_due(papers: QuerySet[Handover] | None = None) -> int:
    """Pass on what is due today or before; how many hand-overs were done."""
    due = (papers if papers is not None else Handover.objects).filter(state=State.SIGNED, on__lte=clock.real_day())
    return sum(_carry_out(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def carry_out_of(user: User) -> int:
    """The same for what comes to this person; for his first page on the day."""
    return carry_out_due(Handover.objects.filter(receiver=user))


@transaction.atomic
def _carry_out(pk: int) -> bool:
    paper = Handover.objects.select_for_update(of=("self",)).select_related("giver", "receiver").get(pk=pk)
    if paper.state != State.SIGNED:
        return False
    paper.passed = {one.name: one.pass_on(paper.giver, paper.receiver) for one in _belongings.values()}
    paper.state, paper.done_at = State.DONE, clock.now()
    paper.save()
    audit.record(
        "handover.done", by=None, object=paper.giver.username, detail=_detail(paper) | {"passed": paper.passed}
    )
    return True


def _when_complete(paper: Handover) -> Handover:
    """With the last signature the grants get their dates; on the date itself the rest passes at once."""
    missing = not (paper.giver_signed_at and paper.receiver_signed_at)
    if missing or (needs_confirmation(paper) and not paper.confirmed_at):
        return paper
    for grant in paper.grants.all():
        _move(grant, paper)
    paper.state = State.SIGNED
    paper.save()
    if paper.on <= clock.real_day():
        _carry_out(paper.pk)
        paper.refresh_from_db()
    return paper


def _move(grant: Grant, paper: Handover) -> None:
    """The giver's grant ends the day before, the receiver's begins on the date and ends when the giver's would have."""
    if grant.to_date and grant.to_date < paper.on:
        return  # over before the date: nothing to pass
    granting.refuse_mixing(paper.receiver, grant.role)
    first = max(paper.on, grant.from_date) if grant.from_date else paper.on
    scope = {"user": paper.receiver, "role": grant.role, "area": grant.area, "section": grant.section}
    try:
        with transaction.atomic():
            granting.give(scope, first, grant.to_date)
    except IntegrityError:
        raise Refused(_("这项授权与接手人已有的职责不能兼任。")) from None
    grant.to_date = paper.on - timedelta(days=1)
    grant.save(update_fields=["to_date"])


def _held_already(grant: Grant, paper: Handover) -> bool:
    same = Grant.objects.filter(user=paper.receiver, role=grant.role, area=grant.area_id, section=grant.section_id)
    return any(is_in_force(one, paper.on) and (one.to_date is None or one.to_date == grant.to_date) for one in same)


def _end(paper: Handover, state: str, act: str, *, by: User, reason: str = "") -> Handover:
    paper.state, paper.ended_by, paper.ended_at, paper.ended_reason = state, by, clock.now(), reason
    paper.save()
    audit.record(act, by=by, object=paper.giver.username, reason=reason, detail=_detail(paper))
    return paper


def _open(paper: Handover) -> Handover:
    locked(paper.giver)
    paper = Handover.objects.select_related("giver", "receiver").get(pk=paper.pk)
    if paper.state != State.OPEN:
        raise Refused(_("这份移交“%(state)s”，不能再办。") % {"state": paper.get_state_display()})
    return paper


def _detail(paper: Handover) -> dict:
    return {"handover": paper.pk, "receiver": paper.receiver.username, "on": paper.on.isoformat()}
