"""Values made again and again, remembered in each web process for as long as nothing on record has changed them.

For definitions and what is composed of them: whoever changes those is put on record, which moves the mark (the count of
settled acts, bureau/kept.py). What figures say is part of the key instead.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache

from bureau.models import Installation

Value = TypeVar("Value")
_all: list[Remembered] = []


def mark_of(here: Installation) -> int | None:
    """What is remembered now holds until this number moves; None where nothing may be kept at all.

    `here` as bureau.installation.of_request reads it, at the beginning of the request: what is read after it can only
    be newer.
    """
    return None if isinstance(caches["pages"], DummyCache) else getattr(here, "settled", None)


class Remembered(Generic[Value]):
    """At most so many values; all are forgotten when there are more, or when the mark moves."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: tuple[int | None, dict[Hashable, Value]] = (None, {})
        _all.append(self)

    def get(self, mark: int | None, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key` under this mark; made where there is none, always where the mark is None."""
        if mark is None:
            return make()
        held, values = self._held
        if held == mark and key in values:
            return values[key]
        if held != mark or len(values) >= self.most:
            values = {}
            self._held = mark, values
        made = values[key] = make()
        return made

    def forget(self) -> None:
        self._held = (None, {})


def forget_all() -> None:
    """As a new process begins; for whoever puts another database under this one."""
    for one in _all:
        one.forget()
