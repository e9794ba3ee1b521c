"""Grants with two signatures: the security administrator proposes, the system administrator signs; ending needs one.

Nobody proposes, signs or ends his own. A signed grant and an ended one count from the holder's next request on.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.models import Area, Duty, Grant, GrantRequest, Section, User
from bureau.models.people import ADMINISTRATORS
from bureau.people import tokens
from bureau.people.rules import Refused, is_in_force, kind_of, locked, not_his_own, others_hold, reason_of

Role, State = Grant.Role, GrantRequest.State
# What a role is held over: a village, a town, a section; the rest hold the whole county.
LEVELS = {
    Role.VILLAGE_ASSISTANT: Area.Level.VILLAGE,
    Role.TOWN_CLERK: Area.Level.TOWN,
    Role.TOWN_CHECKER: Area.Level.TOWN,
}
OF_SECTIONS = (Role.SECTION_CLERK, Role.REVIEWER)


def scope_problem(role: str, area: Area | None, section: Section | None) -> str:
    """What is wrong with holding this role over this place or section; '' where nothing is."""
    level = LEVELS.get(role)
    if level and (area is None or area.level != level):
        return _("%(role)s要选一个%(level)s。") % {"role": Role(role).label, "level": Area.Level(level).label}
    if role in OF_SECTIONS and section is None:
        return _("%(role)s要选一个科室。") % {"role": Role(role).label}
    if (area and not level) or (section and role not in OF_SECTIONS):
        return _("%(role)s不分地方和科室，不要选。") % {"role": Role(role).label}
    return ""


@transaction.atomic
def propose(
    user: User,
    *,
    by: User,
    role: str,
    reason: str,
    area: Area | None = None,
    section: Section | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
) -> GrantRequest:
    """Ask for a grant; it holds once the system administrator has signed."""
    not_his_own(user, by)
    user, reason = locked(user), reason_of(reason)
    problem = scope_problem(role, area, section) or _dates_problem(from_date, to_date)
    if problem:
        raise Refused(problem)
    refuse_mixing(user, role)
    scope = {"user": user, "role": role, "area": area, "section": section}
    held = Grant.objects.filter(**scope).first()
    if held and is_in_force(held) and held.to_date is None:
        raise Refused(_("这项授权他已经有了，没有终止日期，不用再提。"))
    if GrantRequest.objects.filter(state=State.PROPOSED, **scope).exists():
        raise Refused(_("同一项授权已经提出，正等会签。"))
    request = GrantRequest.objects.create(
        **scope, from_date=from_date, to_date=to_date, reason=reason, proposed_by=by, proposed_at=clock.now()
    )
    audit.record("grant.propose", by=by, object=user.username, reason=reason, detail=_detail(request))
    return request


@transaction.atomic
def sign(request: GrantRequest, *, by: User) -> Grant:
    """The second signature: the grant holds from now on, or from its first day."""
    request = _decide(request, State.SIGNED, by=by)
    refuse_mixing(request.user, request.role)
    scope = {"user": request.user, "role": request.role, "area": request.area, "section": request.section}
    try:
        with transaction.atomic():
            grant = give(scope, request.from_date, request.to_date)
    except IntegrityError:
        raise Refused(_("这项授权与他已有的职责不能兼任，没有生效。")) from None
    audit.record("grant.sign", by=by, object=request.user.username, detail=_detail(request))
    return grant


@transaction.atomic
def refuse(request: GrantRequest, *, by: User, reason: str) -> GrantRequest:
    """The system administrator does not sign, and says why."""
    request = _decide(request, State.REFUSED, by=by, reason=reason_of(reason))
    detail = _detail(request)
    audit.record("grant.refuse", by=by, object=request.user.username, reason=request.decision_reason, detail=detail)
    return request


@transaction.atomic
def withdraw(request: GrantRequest, *, by: User) -> GrantRequest:
    """A security administrator takes the proposal back."""
    request = _open(request)
    not_his_own(request.user, by)
    request.state, request.decided_by, request.decided_at = State.WITHDRAWN, by, clock.now()
    request.save()
    audit.record("grant.withdraw", by=by, object=request.user.username, detail=_detail(request))
    return request


@transaction.atomic
def end(grant: Grant, *, by: User, reason: str, last_day: date | None = None) -> Grant:
    """Let a grant end with `last_day`, or at once; a reason is compulsory."""
    not_his_own(grant.user, by)
    locked(grant.user)
    grant, reason, today = Grant.objects.select_related("user").get(pk=grant.pk), reason_of(reason), clock.real_day()
    last_day = last_day or today - timedelta(days=1)
    if last_day < today - timedelta(days=1):
        raise Refused(_("最后一天不能早于昨天：过去做的事仍在授权之内。"))
    if grant.to_date is not None and grant.to_date <= last_day:
        raise Refused(_("这项授权原定 %(d)s 终止，早于所填日期。") % {"d": grant.to_date.isoformat()})
    if grant.role in ADMINISTRATORS and not others_hold(grant.role, grant.user):
        raise Refused(_("这是唯一能用的%(kind)s，终止前先有人接替。") % {"kind": Duty.Kind(grant.role).label})
    before, grant.to_date = grant.to_date, last_day
    grant.save(update_fields=["to_date"])
    dates = [before.isoformat() if before else "", last_day.isoformat()]
    revoked = tokens.revoke_all(grant.user) if last_day < today else 0  # a later end: rights shrink on that day
    audit.record(
        "grant.end",
        by=by,
        object=grant.user.username,
        reason=reason,
        detail=_detail(grant) | {"to_date": dates, "tokens_revoked": revoked},
    )
    return grant


def give(scope: dict, from_date: date | None, to_date: date | None) -> Grant:
    """The grant over this scope with these dates; one he holds already is widened, an ended one taken up again."""
    held = Grant.objects.filter(**scope).first()
    if held is None:
        return Grant.objects.create(**scope, from_date=from_date, to_date=to_date)
    if is_in_force(held):
        from_date = min(held.from_date, from_date) if held.from_date and from_date else None
        to_date = max(held.to_date, to_date) if held.to_date and to_date else None
    held.from_date, held.to_date = from_date, to_date
    held.save()
    return held


def refuse_mixing(user: User, role: str) -> None:
    """Refused where the account is for another duty (三权分立)."""
    kind, wanted = kind_of(user), Duty.kind_of(role)
    if kind and kind != wanted:
        text = _(
            "这个账号是“%(kind)s”账号，不能再任%(role)s：系统、安全、审计三种管理员互不兼任，也不兼业务。请另建账号。"
        )
        raise Refused(text % {"kind": Duty.Kind(kind).label, "role": Role(role).label})


def _decide(request: GrantRequest, state: str, *, by: User, reason: str = "") -> GrantRequest:
    request = _open(request)
    not_his_own(request.user, by)
    if request.proposed_by_id == by.pk:
        raise Refused(_("提出人不能会签，须由系统管理员会签。"))
    request.state, request.decided_by, request.decided_at, request.decision_reason = state, by, clock.now(), reason
    request.save()
    return request


def _open(request: GrantRequest) -> GrantRequest:
    locked(request.user)
    request = GrantRequest.objects.select_related("user", "area", "section").get(pk=request.pk)
    if request.state != State.PROPOSED:
        raise Refused(_("这项申请“%(state)s”，不能再办。") % {"state": request.get_state_display()})
    return request


def _dates_problem(from_date: date | None, to_date: date | None) -> str:
    if from_date and to_date and to_date < from_date:
        return _("终止日期早于开始日期。")
    if to_date and to_date < clock.real_day():
        return _("终止日期已经过了。")
    return ""


def _detail(one: Grant | GrantRequest) -> dict:
    return {
        "role": one.role,
        "area": one.area.code if one.area else "",
        "section": one.section.code if one.section else "",
        "from_date": one.from_date.isoformat() if one.from_date else "",
        "to_date": one.to_date.isoformat() if one.to_date else "",
    }
