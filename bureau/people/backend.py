"""Who may sign in: the right password of an account that is enabled, not expired, its one-time password still good.

Whatever is wrong, the answer and the time it takes are the same: one password hash is always computed.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from bureau import clock
from bureau.models import User


class AccountBackend(ModelBackend):
    """Django's, with an account's own dates; permissions are asked of bureau/authorization.py alone."""

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and not is_expired(user) and not one_time_is_over(user)

    def get_user(self, user_id: int) -> User | None:
        """The account of a session; what ended since is told by the middleware, in words."""
        user = User.objects.filter(pk=user_id).first()
        return user if user is not None and user.is_active else None

    def has_perm(self, user_obj: User, perm: str, obj: object = None) -> bool:
        """No: nothing is granted through Django's own permissions."""
        return False


def is_expired(user: User) -> bool:
    """Is the account's last day over?"""
    return user.expires_on is not None and user.expires_on < clock.real_day()


def one_time_is_over(user: User) -> bool:
    """Was it given a one-time password that nobody used in time?"""
    return user.must_change_password and user.one_time_until is not None and user.one_time_until < clock.now()
