"""What part of a cumulative flow's target ought to be done by a month: evenly, or by last year's season. Pure."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

YEAR = 12


def elapsed(start: int, end: int, month: int) -> Fraction:
    """The part of the months from `start` to `end` that is over with `month`: 8/12 in August of a year."""
    return Fraction(month - start + 1, end - start + 1)


def season(start: int, end: int, month: int, added: Callable[[int], Fraction | None]) -> Fraction | None:
    """The part due by `month` where each year goes as the calendar year before it went (上年季节).

    A year's part grows with last year's cumulative share by the same month; a window of several years is divided
    evenly among them. `added`: what a month added, None where it is missing or not all places are there. None where
    the window is not whole calendar years, or last year is not complete or added nothing: then the straight path
    counts.
    """
    if start % YEAR or (end + 1) % YEAR:
        return None
    january = month // YEAR * YEAR
    last_year = [added(earlier) for earlier in range(january - YEAR, january)]
    known = [value for value in last_year if value is not None]
    whole = sum(known, Fraction(0))
    if len(known) < YEAR or whole <= 0:
        return None
    done = sum(known[: month - january + 1], Fraction(0)) / whole
    return (Fraction(january - start, YEAR) + done) / Fraction(end + 1 - start, YEAR)
