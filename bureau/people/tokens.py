"""Tokens for the read API (接口令牌): made and revoked by their owner, good for as long as he himself may sign in.

A token is random text of 256 bits, shown once; the database keeps its SHA-256. It carries no rights of its own: each
request is answered as its owner would be, by GET alone.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.models import ApiToken, User
from bureau.people.backend import AccountBackend
from bureau.people.rules import Refused, locked

PREFIX = "hy_"
LIVES = (30, 90, 180, 365)  # days to choose from
MOST = 10  # in force at a time, for one person
NAME_LENGTH = 60
WRONG_MOST, WRONG_IN = 20, timedelta(minutes=10)


def in_force(user: User):
    """His tokens that still work, newest first."""
    return user.api_tokens.filter(revoked_at__isnull=True, expires_on__gte=clock.real_day())


@transaction.atomic
def make(*, by: User, name: str, days: int) -> tuple[ApiToken, str]:
    """A new token of one's own and its text, which is kept nowhere."""
    user, name = locked(by), name.strip()
    if not name or len(name) > NAME_LENGTH or days not in LIVES:
        raise Refused(_("请写明用途，并选有效期。"))
    if in_force(user).count() >= MOST:
        raise Refused(_("有效的令牌已有 %(n)d 个，先作废不用的。") % {"n": MOST})
    text = PREFIX + secrets.token_urlsafe(32)
    until = clock.real_day() + timedelta(days=days)
    token = ApiToken.objects.create(
        user=user, name=name, digest=digest_of(text), created_at=clock.now(), expires_on=until
    )
    audit.record("token.make", by=by, object=name, detail={"token": token.pk, "until": until.isoformat()})
    return token, text


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """End one's own token at once; one that is over already is left as it is."""
    locked(by)
    if ApiToken.objects.filter(pk=token.pk, user=by, revoked_at__isnull=True).update(revoked_at=clock.now()):
        audit.record("token.revoke", by=by, object=token.name, detail={"token": token.pk})


def revoke_all(user: User) -> int:
    """End all tokens of an account, inside the act that ends them (its record says how many)."""
    return in_force(user).update(revoked_at=clock.now())


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def find(text: str) -> ApiToken | None:
    """The token of this text with its owner, if it is in force and he may sign in; puts the day of its use down."""
    if not text.startswith(PREFIX):
        return None
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(text), revoked_at__isnull=True).first()
    today = clock.real_day()
    if token is None or token.expires_on < today or not AccountBackend().user_can_authenticate(token.user):
        return None
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token


def too_many_wrong(address: str) -> bool:
    """Count a wrong token from this address; the first in ten minutes, and the one too many, are put on record.

    Counted by each process for itself: 256 random bits need no exact lock, a program gone wrong needs to be stopped.
    """
    key = f"wrong_tokens:{address}"
    cache.add(key, 0, int(WRONG_IN.total_seconds()))
    try:
        count = cache.incr(key)
    except ValueError:  # run out between the two
        count = 1
    if count in (1, WRONG_MOST + 1):
        with transaction.atomic(), audit.coming_from(address):
            audit.record("token.refused", by=None, detail={"count": count}, succeeded=False)
    return count > WRONG_MOST
