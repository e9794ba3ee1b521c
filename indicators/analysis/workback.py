"""Working back from a target (目标倒逼): what the months left must bring, held against what the past ever brought.

Pure and exact. A series is what each month added towards the target, in the value's unit: a flow's month figures, a
level's change (counted positive where it comes nearer). `progress.judge` gives what remains, the required and the
present pace; here stands what follows from a whole series (catalogue 1.5c (7)). Nothing here decides a light.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of consecutive months, `first` to `last`, and what they added together."""

    first: int
    last: int
    added: Fraction

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def mean(self) -> Fraction:
        """Per month."""
        return self.added / self.months


@dataclass(frozen=True, slots=True)
class Workback:
    """What a month's figures ask of the months to come; every number in the value's unit.

    `best`: the unit's own best run of as many months as are left, None where no unbroken run is so long. `beyond_best`:
    what would still be missing if it were repeated from now on, 0 where it suffices. `arrives`: the month in which the
    present pace gets there, None where it never does. `turn`: the last month after which repeating the best run of the
    months then left still gets there, going on at the present pace until then; None where even now it does not.
    """

    months_left: int
    best: Run | None
    beyond_best: Fraction | None
    arrives: int | None
    turn: int | None


def work_back(
    added: Mapping[int, Fraction], *, month: int, end: int, remaining: Fraction, pace: Fraction | None
) -> Workback:
    """Work back from `remaining` at the end of `month` to the target's month `end`.

    `added`: month to what it added, only months known with all their places; later ones than `month` are not looked at.
    `pace`: what a month adds at present, None where unknown.
    """
    past = {one: value for one, value in added.items() if one <= month}
    left = max(0, end - month)
    best = best_run(past, left)
    return Workback(
        months_left=left,
        best=best,
        beyond_best=None if best is None else max(Fraction(0), remaining - best.added),
        arrives=arrival(month, remaining, pace),
        turn=_turn(past, month, end, remaining, pace),
    )


def best_run(added: Mapping[int, Fraction], months: int) -> Run | None:
    """The run of that many consecutive months that added most, the latest of equals; None where there is none."""
    if months <= 0:
        return None
    best: Run | None = None
    for last in sorted(added):
        stretch = range(last - months + 1, last + 1)
        if all(one in added for one in stretch):
            run = Run(stretch[0], last, sum((added[one] for one in stretch), Fraction(0)))
            if best is None or run.added >= best.added:
                best = run
    return best


def arrival(month: int, remaining: Fraction, pace: Fraction | None) -> int | None:
    """The month in which `remaining` is made good at `pace` per month; `month` itself where nothing remains."""
    if remaining <= 0:
        return month
    if pace is None or pace <= 0:
        return None
    return month + -(-remaining // pace)


def _turn(
    added: Mapping[int, Fraction], month: int, end: int, remaining: Fraction, pace: Fraction | None
) -> int | None:
    """The latest month after which the best run of the months left still makes good the rest."""
    if remaining <= 0 or pace is None:
        return None
    for turn in range(end - 1, month - 1, -1):
        best = best_run(added, end - turn)
        rest = remaining - max(Fraction(0), pace) * (turn - month)
        if best is not None and rest <= best.added:
            return turn
    return None


def additions(levels: Sequence[tuple[int, Fraction | None]], *, falling: bool) -> dict[int, Fraction]:
    """What each month of a level added towards its target: the change to the month before where both are known."""
    known = {month: value for month, value in levels if value is not None}
    sign = -1 if falling else 1
    return {month: sign * (value - known[month - 1]) for month, value in known.items() if month - 1 in known}
