"""Acts of the system administrator on accounts, and enabling, which is the security administrator's.

Each is one transaction with its audit record; nobody acts on his own account.
"""

from __future__ import annotations

import hashlib
from datetime import date

from axes.models import AccessAttempt
from axes.utils import reset as forget_failures
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.models import Duty, User
from bureau.models.people import ADMINISTRATORS
from bureau.people import passwords, tokens
from bureau.people.rules import Refused, kind_of, locked, not_his_own, others_hold, reason_of


@transaction.atomic
def create(
    *, by: User, username: str, display_name: str, unit: str, expires_on: date | None = None, email: str = ""
) -> User:
    """A new account: disabled, without password and grants."""
    user = User(
        username=username, display_name=display_name, unit=unit, expires_on=expires_on, email=email,
        is_active=False, must_change_password=True,
    )  # fmt: skip
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Refused(_("账号“%(name)s”已经有了，请另起一个。") % {"name": username}) from None
    audit.record("account.create", by=by, object=username, detail=_facts(user))
    return user


@transaction.atomic
def edit(
    user: User, *, by: User, seen: str, display_name: str, unit: str, expires_on: date | None, email: str = ""
) -> User:
    """Change name, unit, last day and the address for reminders.

    `seen` is the state the page showed; Refused where it has changed since.
    """
    not_his_own(user, by)
    user = locked(user)
    if seen != state_of(user):
        raise Refused(_("这个账号刚被他人改过，请看清现在的内容，再决定是否保存。"))
    before = _facts(user)
    user.display_name, user.unit, user.expires_on, user.email = display_name, unit, expires_on, email
    after = _facts(user)
    if after == before:
        return user
    user.save(update_fields=["display_name", "unit", "expires_on", "email"])
    changed = {key: [before[key], after[key]] for key in after if after[key] != before[key]}
    audit.record("account.edit", by=by, object=user.username, detail=changed)
    return user


@transaction.atomic
def enable(user: User, *, by: User) -> User:
    """Let the account sign in."""
    not_his_own(user, by)
    user = locked(user)
    if user.is_active:
        raise Refused(_("账号已经是启用的。"))
    if not user.display_name or not user.unit:
        raise Refused(_("账号没有写明使用人和单位，先由系统管理员补上。"))
    if not user.grants.exists():
        raise Refused(_("账号还没有授权，先提出授权、由系统管理员会签。"))
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("account.enable", by=by, object=user.username)
    return user


@transaction.atomic
def disable(user: User, *, by: User, reason: str) -> User:
    """Close the account, with a reason; he is signed out at his next request."""
    not_his_own(user, by)
    user, reason = locked(user), reason_of(reason)
    if not user.is_active:
        raise Refused(_("账号已经是停用的。"))
    kind = kind_of(user)
    if kind in ADMINISTRATORS and not others_hold(kind, user):
        raise Refused(_("这是唯一能用的%(kind)s，停用前先有人接替。") % {"kind": Duty.Kind(kind).label})
    user.is_active, user.sitting = False, ""
    user.save(update_fields=["is_active", "sitting"])
    detail = {"tokens_revoked": tokens.revoke_all(user)}
    audit.record("account.disable", by=by, object=user.username, reason=reason, detail=detail)
    return user


@transaction.atomic
def give_password(user: User, *, by: User) -> str:
    """A one-time password, returned once.

    An administrator who has signed in before gets his at the server's console only: or whoever resets it could act as
    him and sign both signatures of a grant.
    """
    not_his_own(user, by)
    user = locked(user)
    if user.last_login and kind_of(user) in ADMINISTRATORS:
        raise Refused(_("管理员的密码不在网页上重置，请在服务器上运行 manage.py administrators --again 账号。"))
    return passwords.reset(user, by=by)


@transaction.atomic
def unlock(user: User, *, by: User) -> None:
    """Forget the wrong passwords of a locked account before their time is over."""
    not_his_own(user, by)
    if user.username not in locked_names():
        raise Refused(_("账号没有锁定。"))
    forget_failures(username=user.username)
    audit.record("account.unlock", by=by, object=user.username)


def locked_names() -> set[str]:
    """The names, of accounts or not, that too many wrong passwords have locked now; one query."""
    since = clock.now() - settings.AXES_COOLOFF_TIME
    failed = AccessAttempt.objects.filter(attempt_time__gte=since).order_by().values("username")
    over = failed.annotate(n=Sum("failures_since_start")).filter(n__gte=settings.AXES_FAILURE_LIMIT)
    return set(over.values_list("username", flat=True))


def state_of(user: User) -> str:
    """What an edit page shows of the account, to tell whether somebody changed it meanwhile."""
    return hashlib.sha256(repr(sorted(_facts(user).items())).encode()).hexdigest()


def _facts(user: User) -> dict[str, str]:
    expires = user.expires_on.isoformat() if user.expires_on else ""
    return {"name": user.display_name, "unit": user.unit, "expires_on": expires, "email": user.email}
