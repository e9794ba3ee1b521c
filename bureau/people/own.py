"""What the account page tells a person about himself: his session, the sign-in before it, his last acts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import AuditEvent, User
from bureau.people import sittings
from bureau.trail import acts as names_of_acts

ACTS_SHOWN = 10


def session_facts(request: HttpRequest) -> dict[str, str]:
    """This session's begin and address, its end at the latest, and the sign-in before it."""
    session, user = request.session, request.user
    before = session.get(sittings.BEFORE) or {}
    signed_in = sittings.moment(session.get(sittings.SIGNED_IN_AT))
    return {
        "since": stamp(signed_in),
        "address": user.last_address or "—",
        "until": stamp(signed_in + settings.SESSION_ABSOLUTE) if signed_in else "—",
        "before": stamp(sittings.moment(before.get("at"))) if before.get("at") else _("没有"),
        "before_address": before.get("address") or "—",
        "password": stamp(user.password_changed_at),
    }


def acts(user: User) -> list[dict[str, str]]:
    """The last acts on record that he did himself, newest first."""
    found = AuditEvent.objects.filter(by=user).order_by("-sequence")[:ACTS_SHOWN]
    return [
        {
            "at": stamp(event.at),
            "act": str(names_of_acts.label(event.act)),
            "object": event.object,
            "succeeded": event.succeeded,
            "address": event.address or "—",
        }
        for event in found
    ]


def stamp(moment) -> str:
    """'2017-08-09 10:32' in local time; '—' for none."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else "—"
