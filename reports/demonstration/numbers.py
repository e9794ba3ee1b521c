"""Whole-number arithmetic of the invented series: parts in ten-thousandths, sharing out, bent lines, seasons.

For the modules of the demonstration only; pure, no floats, the same seed gives the same figures.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from bureau import months

WHOLE = 10_000
Place = TypeVar("Place", bound=Hashable)


def part(number: int, rate: int) -> int:
    """`rate` ten-thousandths of `number`, to the nearest whole (half up); neither may be negative."""
    return (number * rate + WHOLE // 2) // WHOLE


def short_of(gap: int, percent: int) -> int:
    """The rate that stays `gap` ten-thousandths, taken at `percent`, short of the whole; never below 0."""
    return max(0, WHOLE - gap * percent // 100)


def apportion(total: int, weights: Mapping[Place, int]) -> dict[Place, int]:
    """`total` shared out in whole numbers by `weights` (largest remainders first); the parts add up to it."""
    whole = sum(weights.values())
    if whole <= 0:
        raise ValueError("nothing to share out by")
    shares = {place: total * weight // whole for place, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda place: -(total * weights[place] % whole))
    for place in by_remainder[: total - sum(shares.values())]:
        shares[place] += 1
    return shares


def jittered(chance: random.Random, weights: Mapping[Place, int], percent: int) -> dict[Place, int]:
    """The weights a hundredfold, each moved by up to `percent` either way."""
    return {place: weight * (100 + chance.randint(-percent, percent)) for place, weight in weights.items()}


def spread(chance: random.Random, places: Iterable[Place], percent: int) -> dict[Place, int]:
    """A lasting peculiarity of each place: a percentage around 100, up to `percent` away."""
    return {place: 100 + chance.randint(-percent, percent) for place in places}


class Curve:
    """A bent line through whole numbers at given months ('yyyy-mm'), level before the first and after the last."""

    def __init__(self, points: Mapping[str, int]) -> None:
        self._months = [months.parse(month) for month in points]
        self._values = list(points.values())

    def at(self, month: int) -> int:
        after = bisect_right(self._months, month)
        if after == 0:
            return self._values[0]
        if after == len(self._months):
            return self._values[-1]
        start, end = self._months[after - 1], self._months[after]
        low, high = self._values[after - 1], self._values[after]
        return low + (high - low) * (month - start) // (end - start)


# Parts of a year by calendar month, in hundredths: the hiring peaks of spring (after the festival) and September.
HIRING = (6, 5, 13, 10, 8, 8, 7, 7, 13, 9, 8, 6)
TRAINING = (3, 2, 8, 11, 11, 10, 6, 6, 11, 13, 12, 7)
EVEN = (8, 7, 9, 8, 8, 9, 8, 9, 8, 8, 9, 9)


def year_by_month(total: int, season: Sequence[int]) -> list[int]:
    """A year's total shared out over its twelve months."""
    return list(apportion(total, dict(enumerate(season))).values())
