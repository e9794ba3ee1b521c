"""What may be done about an indicator from its page; higher floors add it by `register`, in their AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable

from bureau.models import User
from indicators.queries import ReadAt
from indicators.shown import Shown

Find = Callable[[User, Shown, ReadAt], dict | None]
_registered: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """`find(user, shown, at)` gives {url, label, icon}, or None where this person may not, or need not."""
    _registered[name] = find


def found(user: User, shown: Shown, at: ReadAt) -> list[dict]:
    """Everything this person may do about the indicator as shown."""
    return [one for find in _registered.values() if (one := find(user, shown, at))]
