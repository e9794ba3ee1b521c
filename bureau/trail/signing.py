"""Puts signing in on record: who came in, who left, who was refused and who was locked out.

Receivers of Django's and django-axes' signals, which nothing can switch off; forced ends of sessions and changes of
passwords are recorded where they are done (bureau/people). No password is ever looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from bureau import audit, clock
from bureau.models import AuditEvent, User
from bureau.trail.lines import one_line

NAME_MOST = 150


@receiver(user_logged_in, dispatch_uid="bureau.trail.signed_in")
@transaction.atomic
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record("session.start", by=user, object=user.username)


@receiver(user_logged_out, dispatch_uid="bureau.trail.signed_out")
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Only one's own going: an end by a rule comes before any view is found and is recorded as such."""
    if user is None or request.resolver_match is None:
        return
    with transaction.atomic():
        audit.record("session.leave", by=user, object=user.username)


@receiver(user_login_failed, dispatch_uid="bureau.trail.refused")
def refused(sender: Any, credentials: Mapping[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """A wrong name or password, the same for accounts that exist and that do not; not what is tried while locked."""
    if request is None or getattr(request, "axes_locked_out", False):
        return
    with transaction.atomic():
        name = _name(credentials.get("username"))
        audit.record("session.refused", by=None, object=name, detail={"username": name}, succeeded=False)


def locked(sender: Any, username: str | None = None, **kwargs: Any) -> None:
    """Once a lock: who goes on trying while it lasts fills no pages."""
    name = _name(username)
    since = clock.now() - (settings.AXES_COOLOFF_TIME or timedelta(minutes=15))
    if AuditEvent.objects.filter(act="session.locked", object=name[:120], at__gte=since).exists():
        return
    with transaction.atomic():
        audit.record("session.locked", by=None, object=name, detail={"username": name}, succeeded=False)


def connect_lock() -> None:
    """After the receivers above, which are to hear of a refusal before axes locks for it."""
    from axes.signals import user_locked_out

    user_locked_out.connect(locked, dispatch_uid="bureau.trail.locked")


def _name(given: object) -> str:
    return one_line(str(given or ""), NAME_MOST)


connect_lock()
