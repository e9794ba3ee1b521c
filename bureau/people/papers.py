"""Grants, requests and hand-overs as rows for pages: who, what, where, which day, who signed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.models import Grant, GrantRequest, Handover, User
from bureau.people import handover, scopes
from bureau.people.own import stamp
from bureau.people.rules import is_in_force

REQUEST_LIGHTS = {"proposed": 3, "signed": 2, "refused": 5, "withdrawn": 5}
HANDOVER_LIGHTS = {"open": 3, "signed": 2, "done": 1, "refused": 5, "withdrawn": 5}


def grant_rows(user: User) -> list[dict]:
    """Every grant the account has or had."""
    found = list(user.grants.order_by("pk"))
    names = scopes.Names(found)
    return [
        {
            "text": names.text(grant),
            "dates": scopes.dates(grant) or _("长期"),
            "in_force": is_in_force(grant),
            "end_url": reverse("grant_end", args=[user.pk, grant.pk]),
        }
        for grant in found
    ]


def request_rows(user: User) -> list[dict]:
    """Every request for a grant of the account, newest first."""
    return _requests(user.grant_requests.all())


def csv_rows(user: User) -> list[list[str]]:
    """Grants, then requests, for a spreadsheet."""
    head = [_("类别"), _("授权"), _("起止"), _("状态"), _("提出"), _("会签"), _("理由")]
    grants = [
        [_("授权"), one["text"], one["dates"], _("有效") if one["in_force"] else _("无效"), "", "", ""]
        for one in grant_rows(user)
    ]
    requests = [
        [_("授权申请"), one["text"], one["dates"], one["state"], one["proposed"], one["decided"], one["reason"]]
        for one in request_rows(user)
    ]
    return [head, *grants, *requests]


def requests_waiting() -> list[dict]:
    """What waits for the second signature, oldest first."""
    return _requests(GrantRequest.objects.filter(state=GrantRequest.State.PROPOSED).order_by("pk"))


def _requests(found) -> list[dict]:
    found = list(found.select_related("user", "proposed_by", "decided_by"))
    names = scopes.Names(found)
    return [request_row(one, names) for one in found]


def request_row(one: GrantRequest, names: scopes.Names | None = None) -> dict:
    names = names or scopes.Names([one])
    return {
        "who": str(one.user),
        "unit": one.user.unit,
        "text": names.text(one),
        "dates": scopes.dates(one) or _("长期"),
        "reason": one.reason,
        "proposed": f"{one.proposed_by} {stamp(one.proposed_at)}",
        "decided": f"{one.decided_by} {stamp(one.decided_at)}" if one.decided_by else "—",
        "decision_reason": one.decision_reason,
        "state": one.get_state_display(),
        "light": REQUEST_LIGHTS[one.state],
        "url": reverse("grant_request", args=[one.pk]),
    }


def handover_rows(user: User) -> list[dict]:
    """The hand-overs from or to the account, newest first."""
    found = Handover.objects.filter(giver=user) | Handover.objects.filter(receiver=user)
    return [handover_row(one) for one in found.select_related("giver", "receiver")]


def to_sign(user: User) -> list[dict]:
    """The hand-overs this person is asked to sign or confirm."""
    return [handover_row(one) for one in handover.waiting_for(user)]


def handover_row(one: Handover) -> dict:
    return {
        "text": _("%(a)s 移交给 %(b)s") % {"a": one.giver, "b": one.receiver},
        "note": _("移交日 %(d)s · %(s)s") % {"d": one.on.isoformat(), "s": one.get_state_display()},
        "state": one.get_state_display(),
        "light": HANDOVER_LIGHTS[one.state],
        "url": reverse("handover", args=[one.pk]),
    }


def passed_grants(paper: Handover) -> list[str]:
    """The grants a hand-over names, in words."""
    found: list[Grant] = list(paper.grants.order_by("pk"))
    names = scopes.Names(found)
    return [names.text(grant) for grant in found]
