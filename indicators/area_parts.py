"""What stands on a town's page beside its figures; higher floors add it by `register`, in their AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bureau.models import User

Find = Callable[[User, int, date], dict | None]
_registered: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """`find(user, town, today)` gives what a template of its own shows ({template, …}), or None."""
    _registered[name] = find


def found(user: User, town: int, today: date) -> list[dict]:
    """Everything there is to show of the town, as this person may see it."""
    return [one for find in _registered.values() if (one := find(user, town, today))]
