"""What the sign-in page tells everybody about the installation: a few counts that a higher floor knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Fact(NamedTuple):
    """A number with its unit, and what it counts. The page is public: no figures of the county."""

    value: str
    label: str


_tellers: list[Callable[[], list[Fact]]] = []


def register(teller: Callable[[], list[Fact]]) -> None:
    """Let a floor tell facts (from its AppConfig.ready)."""
    _tellers.append(teller)


def facts() -> list[Fact]:
    return [fact for teller in _tellers for fact in teller()]
