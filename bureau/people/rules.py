"""What every act on people's rights shares: how it is refused, what a reason must be, whose account is one's own."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bureau import clock
from bureau.models import Duty, Grant, User

REASON_LENGTH = 5


class Refused(Exception):
    """An act that the rules do not allow; `args[0]` says why, in the reader's language."""


def reason_of(text: str) -> str:
    """The reason, trimmed; Refused where it is shorter than five characters."""
    text = text.strip()
    if len(text) < REASON_LENGTH:
        raise Refused(_("请写明理由，至少 5 个字。"))
    return text


def not_his_own(user: User, by: User) -> None:
    """Refused where a person acts on his own account or rights."""
    if user.pk == by.pk:
        raise Refused(_("自己的账号和授权不能自己办，由另一名管理员办理。"))


def locked(user: User) -> User:
    """The account as it stands now, kept from other transactions until this one ends."""
    return User.objects.select_for_update().get(pk=user.pk)


def kind_of(user: User) -> str:
    """The account's kind of duty; '' before its first grant."""
    return Duty.objects.filter(user=user).values_list("kind", flat=True).first() or ""


def others_hold(grant_role: str, user: User) -> bool:
    """Is there another enabled account that holds this role today?"""
    return any(
        is_in_force(grant) for grant in Grant.objects.filter(role=grant_role, user__is_active=True).exclude(user=user)
    )


def is_in_force(grant: Grant, day: date | None = None) -> bool:
    """Does the grant hold on `day` (today)?"""
    day = day or clock.real_day()
    return (grant.from_date is None or grant.from_date <= day) and (grant.to_date is None or grant.to_date >= day)
