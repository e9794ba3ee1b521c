"""What if each month brought so much (如果每月…): where it leads by the target's month. Pure, whole numbers only.

Every amount is an int of ten-thousandths. static/js/whatif/outcome.js computes the same in the browser; a test holds
the two against each other, so that page and server never tell two stories.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known in the month: the value, what remains of the target's way, and what the last months added.

    `recent` is what `recent_months` months added together towards the target, None where one of them is not known.
    `low`, `high`: what the value cannot pass, None where nothing holds it. `target` where the value adds up to one.
    """

    month: int
    end: int
    value: int
    remaining: int
    falling: bool = False
    recent: int | None = None
    recent_months: int = 3
    low: int | None = None
    high: int | None = None
    target: int | None = None

    @property
    def months_left(self) -> int:
        return max(0, self.end - self.month)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a pace leads: the value and what is short in the target's month, the month in which nothing remains.

    `arrives`: None where it never does. `times`: hundredths of the recent pace, `completion`: tenths of a per cent of
    the target; None where there is no such pace or target. Both rounded half up.
    """

    value: int
    short: int
    arrives: int | None
    times: int | None
    completion: int | None


def what_if(standing: Standing, pace: int) -> Outcome:
    """What comes of `pace` a month, from the next month on; a pace below 0 counts as 0."""
    pace = max(0, pace)
    brought = pace * standing.months_left
    value = standing.value - brought if standing.falling else standing.value + brought
    if standing.high is not None:
        value = min(value, standing.high)
    if standing.low is not None:
        value = max(value, standing.low)
    if standing.remaining <= 0:
        arrives: int | None = standing.month
    else:
        arrives = None if pace == 0 else standing.month + -(-standing.remaining // pace)
    recent, target = standing.recent, standing.target
    return Outcome(
        value=value,
        short=max(0, standing.remaining - brought),
        arrives=arrives,
        times=_half_up(pace * standing.recent_months * 100, recent) if recent is not None and recent > 0 else None,
        completion=_half_up(value * 1000, target) if target is not None and target > 0 else None,
    )


def _half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator (above 0) to a whole number, halves away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size
