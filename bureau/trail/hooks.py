"""What higher floors add to the trail: how they show the values an act changed, and what of theirs they verify."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bureau.models import AuditEvent


@dataclass(frozen=True)
class Changed:
    """One thing an act changed, in words."""

    what: str
    old: str
    new: str


Teller = Callable[[AuditEvent, int], Sequence[Changed] | None]
Check = Callable[[], Iterable[int]]
_tellers: list[Teller] = []
_checks: list[Check] = []


def tell_changes(teller: Teller) -> Teller:
    """Register `(event, most)` → up to `most` changes, None where the act is not the teller's to tell."""
    _tellers.append(teller)
    return teller


def check_rows(check: Check) -> Check:
    """Register a function that yields the numbers of acts whose rows are not what the act's digest says, rising."""
    _checks.append(check)
    return check


def changes_of(event: AuditEvent, most: int = 200) -> Sequence[Changed]:
    for teller in _tellers:
        found = teller(event, most)
        if found is not None:
            return found
    return ()


def broken_rows() -> list[int]:
    """The lowest number each check finds, rising."""
    return sorted(number for check in _checks for number in list(check())[:1])
