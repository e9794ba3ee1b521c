"""The account list (账号清单): owner, unit, roles with scope, last sign-in, expiry, state; as a page and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock
from bureau.models import Grant, User
from bureau.people import accounts, scopes
from bureau.people.backend import is_expired, one_time_is_over
from bureau.people.own import stamp
from bureau.people.rules import is_in_force

UNUSED_AFTER = timedelta(days=90)
ORDER = ("unit", "display_name", "username")


def filters() -> list[tuple[str, str]]:
    """The states one can list by."""
    return [
        ("", _("全部")),
        ("active", _("启用")),
        ("disabled", _("停用")),
        ("locked", _("锁定")),
        ("expired", _("已到期")),
        ("unused", _("90 天未登录")),
        ("none", _("没有授权")),
    ]


def chosen(state: str, text: str) -> QuerySet[User]:
    """The accounts in a state whose name, account or unit has the text."""
    found = User.objects.order_by(*ORDER)
    today = clock.real_day()
    conditions = {
        "active": Q(is_active=True),
        "disabled": Q(is_active=False),
        "expired": Q(expires_on__lt=today),
        "unused": _unused(clock.now()),
        "none": Q(grants__isnull=True),
    }
    if state == "locked":
        found = found.filter(username__in=accounts.locked_names())
    elif state in conditions:
        found = found.filter(conditions[state])
    if text:
        found = found.filter(Q(username__icontains=text) | Q(display_name__icontains=text) | Q(unit__icontains=text))
    return found


def rows(users: Iterable[User]) -> list[dict]:
    """One row an account; four queries for all of them."""
    if isinstance(users, QuerySet):
        users = users.prefetch_related(Prefetch("grants", Grant.objects.order_by("pk")))
    users = list(users)
    names = scopes.Names(grant for user in users for grant in user.grants.all())
    locked = accounts.locked_names()
    return [_row(user, names, user.username in locked) for user in users]


def _row(user: User, names: scopes.Names, locked: bool) -> dict:
    marks = states(user, locked)
    return {
        "username": user.username,
        "name": user.display_name or "—",
        "unit": user.unit or "—",
        "grants": [_grant_text(names, grant) for grant in user.grants.all()],
        "last_login": stamp(user.last_login),
        "address": user.last_address or "",
        "expires": user.expires_on.isoformat() if user.expires_on else "—",
        "states": marks,
        "url": reverse("account_detail", args=[user.pk]),
    }


def _grant_text(names: scopes.Names, grant: Grant) -> str:
    words = [names.text(grant), scopes.dates(grant)]
    if not is_in_force(grant):
        words.append(_("今日无效"))
    return " · ".join(word for word in words if word)


def states(user: User, locked: bool) -> list[dict]:
    """What there is to know about an account besides that it exists: words with the tone of each."""
    found = [{"text": _("启用"), "light": 2} if user.is_active else {"text": _("停用"), "light": 5}]
    if locked:
        found.append({"text": _("锁定"), "light": 3})
    if is_expired(user):
        found.append({"text": _("已到期"), "light": 3})
    if user.is_active and user.must_change_password:
        late = one_time_is_over(user)
        found.append({"text": _("一次性密码已过期") if late else _("首次密码未改"), "light": 3})
    if user.is_active and is_unused(user, clock.now()):
        found.append({"text": _("90 天未登录"), "light": 3})
    return found


def is_unused(user: User, now: datetime) -> bool:
    """Not signed in for ninety days, or never since it was made so long ago."""
    return now - (user.last_login or user.date_joined) > UNUSED_AFTER


def _unused(now: datetime) -> Q:
    limit = now - UNUSED_AFTER
    return Q(is_active=True) & (Q(last_login__lt=limit) | Q(last_login__isnull=True, date_joined__lt=limit))


def csv_rows(users: QuerySet[User]) -> list[list[str]]:
    """The list for a spreadsheet."""
    found = [[_("账号"), _("使用人"), _("单位"), _("职责与范围"), _("上次登录"), _("登录地址"), _("到期日"), _("状态")]]
    for row in rows(users):
        marks = "；".join(mark["text"] for mark in row["states"])
        grants = "；".join(row["grants"])
        found.append(
            [
                row["username"],
                row["name"],
                row["unit"],
                grants,
                row["last_login"],
                row["address"],
                row["expires"],
                marks,
            ]
        )
    return found
