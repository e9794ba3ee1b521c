"""What is usual for a figure by its own past: median and median absolute deviation, in exact fractions. No Django.

A change from b to n is measured as the step (n − b) / (|n| + |b|): it lies between −1 and 1, is 0 where nothing moved,
does not depend on the unit, and asks for no division by a zero base. A doubling is 1/3, tenfold 9/11, a halving −1/3.

With m the median of the past steps and d the median of their distances from m, the usual steps are those within
m ± k · max(1.4826 · d, a least spread): 1.4826 · d estimates a standard deviation without being moved by the outliers
it is to find, and the least spread stands in where more than half of the past steps are alike (d = 0). Shares are held
against their own past in the same way, in per cent instead of steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

CONSISTENT = Fraction(14826, 10_000)  # of a normal distribution: standard deviation ÷ median absolute deviation
LEAST_SPREAD = Fraction(1, 100)
YEAR = 12


@dataclass(frozen=True)
class Band:
    """What is usual, from `low` to `high`, both included."""

    low: Fraction
    high: Fraction

    def holds(self, value: Fraction) -> bool:
        return self.low <= value <= self.high


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle one, or the mean of the two in the middle; ValueError for none."""
    if not values:
        raise ValueError("no values")
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def band(past: Sequence[Fraction], deviations: Fraction, least_spread: Fraction = LEAST_SPREAD) -> Band:
    """Median ± `deviations` robust standard deviations of the past values."""
    middle = median(past)
    spread = max(CONSISTENT * median([abs(one - middle) for one in past]), least_spread)
    return Band(middle - deviations * spread, middle + deviations * spread)


def step(before: Decimal, now: Decimal) -> Fraction:
    """The change as a share of the two together."""
    both = abs(Fraction(now)) + abs(Fraction(before))
    return (Fraction(now) - Fraction(before)) / both if both else Fraction(0)


def after(before: Decimal, change: Fraction) -> Fraction | None:
    """Where a step from `before` leads; None where it leads beyond every number."""
    if change >= 1:
        return None
    return Fraction(before) * (1 + change) / (1 - change) if change > -1 else Fraction(0)


def past_steps(series: Mapping[int, Decimal], lag: int, month: int) -> dict[int, Fraction]:
    """Month → its step from `lag` months before, of the months before `month` that have both values.

    The zeros a series begins with are left out: what has not begun yet says nothing of how it moves.
    """
    begun = min((at for at, value in series.items() if value), default=month)
    return {
        at: step(series[at - lag], value)
        for at, value in series.items()
        if at < month and at - lag >= begun and at - lag in series
    }


def usual(
    past: Mapping[int, Fraction],
    month: int,
    deviations: Fraction,
    history: int,
    least_spread: Fraction = LEAST_SPREAD,
) -> Band | None:
    """What is usual in `month` after these past values by month; None with fewer than `history` of them.

    What the same month was a year ago counts as usual too: a season is no surprise.
    """
    if len(past) < history:
        return None
    found = band(list(past.values()), deviations, least_spread)
    season = past.get(month - YEAR)
    if season is None:
        return found
    reach = (found.high - found.low) / 2
    return Band(min(found.low, season - reach), max(found.high, season + reach))
