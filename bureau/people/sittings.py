"""Sessions (登录): one an account, begun with a new key, over for idleness, age, another sign-in or a closed account.

`User.sitting` and the session bear the same random name; a session whose name the account no longer bears is over at
its next request. Nothing is written for a page view but a stamp a minute.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.addresses import client_address
from bureau.authorization import roles_of
from bureau.models import User
from bureau.models.people import ADMINISTRATORS
from bureau.people.backend import is_expired

SIGNED_IN_AT, SEEN_AT, SITTING, BEFORE = "signed_in_at", "seen_at", "sitting", "signed_in_before"


def begin(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Receiver of user_logged_in: name the new session, so that any older one of the account is over."""
    now, older, older_since = clock.now(), user.sitting, user.last_login
    before = {"at": older_since.isoformat() if older_since else "", "address": user.last_address or ""}
    user.sitting, user.last_address = secrets.token_hex(16), client_address(request) or None
    User.objects.filter(pk=user.pk).update(sitting=user.sitting, last_address=user.last_address)
    request.session[SITTING], request.session[BEFORE] = user.sitting, before
    if older and older_since and now - older_since < settings.SESSION_ABSOLUTE:
        record_end(user, "elsewhere")


def leave(sender: object, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    """Receiver of user_logged_out: the account is signed in nowhere, if this was its session."""
    if user is not None and user.pk and request.session.get(SITTING) == user.sitting:
        User.objects.filter(pk=user.pk).update(sitting="")


def cut(request: HttpRequest, why: str) -> None:
    """End the session of this request against the person's will; the request goes on as an anonymous one."""
    leave(None, request, request.user)
    if why not in ("elsewhere", "ended"):  # those were put on record when they were done
        record_end(request.user, why)
    request.session.flush()
    request.user = AnonymousUser()


def end_others(request: HttpRequest) -> None:
    """End every copy of the present session: a new key and a new name for it."""
    user = request.user
    with transaction.atomic():
        user.sitting = secrets.token_hex(16)
        User.objects.filter(pk=user.pk).update(sitting=user.sitting)
        audit.record("session.cut", by=user, object=user.username, detail={"why": "own"})
    request.session[SITTING] = user.sitting
    request.session.cycle_key()


def keep_through_change(request: HttpRequest, user: User) -> None:
    """After one's own password change: this session stays, under a new key; any other is over."""
    update_session_auth_hash(request, user)
    user.sitting = request.session[SITTING] = secrets.token_hex(16)
    User.objects.filter(pk=user.pk).update(sitting=user.sitting)


@transaction.atomic
def record_end(user: User, why: str) -> None:
    """Put a forced end on record: idle, absolute, elsewhere, ended, expired."""
    audit.record("session.cut", by=user, object=user.username, detail={"why": why})


def over(request: HttpRequest, now: datetime) -> tuple[str, str]:
    """Why the signed-in session of this request is over, as a code and in words; ('', '') while it is not."""
    user, session = request.user, request.session
    if session.get(SITTING) != user.sitting:
        return ("elsewhere", _elsewhere(user)) if user.sitting else ("ended", _("登录已结束，请重新登录。"))
    if is_expired(user):
        return "expired", _("账号已于 %(d)s 到期，已退出。要继续使用，请联系系统管理员。") % {
            "d": user.expires_on.isoformat()
        }
    signed_in, seen = moment(session.get(SIGNED_IN_AT)) or now, moment(session.get(SEEN_AT)) or now
    if now - signed_in > settings.SESSION_ABSOLUTE:
        return "absolute", _("登录已满 12 小时，已自动退出，请重新登录。")
    idle = now - seen
    if idle > settings.SESSION_IDLE or (idle > settings.SESSION_IDLE_ADMINISTRATOR and _is_administrator(user)):
        return "idle", _("长时间没有操作，已自动退出，请重新登录。")
    return "", ""


def _elsewhere(user: User) -> str:
    since = timezone.localtime(user.last_login).strftime("%m-%d %H:%M") if user.last_login else "—"
    words = {"since": since, "address": user.last_address or _("未知地址")}
    return (
        _("这个账号 %(since)s 在另一处（%(address)s）登录，这里已退出。若不是本人，请马上改密码，并告诉安全管理员。")
        % words
    )


def _is_administrator(user: User) -> bool:
    return any(role in ADMINISTRATORS for role in roles_of(user))


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
