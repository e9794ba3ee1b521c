"""What an indicator's past brings to working back and forecasting: month by month what it added, or where it stood.

Made of the rows a page has read anyway, no queries. Only months known with all their places count, and only those
computed by the definition in force in the month shown: a series across a break (口径变更) is two series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from bureau.fields import UNITS
from indicators.analysis.goals import Goal
from indicators.analysis.kinds import Comparator, PathKind
from indicators.analysis.workback import additions
from indicators.queries import Row
from indicators.shown import Shown

RATE = "%"
_NUMBERS = (Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EQUAL, Comparator.ABOUT)


@dataclass(frozen=True)
class Past:
    """`values`: month → a flow's month figure or a level's value, in ten-thousandths, of the months known."""

    row: Row
    goal: Goal
    end: int  # the month by which the target asks for it
    flow: bool
    values: Mapping[int, int]
    low: int | None
    high: int | None
    by_steps: bool  # projects completed one by one (按节点): their past says nothing of the next

    @property
    def month(self) -> int:
        return self.row.month

    @property
    def target(self) -> int:
        return int((self.goal.target or 0) * UNITS)

    @property
    def added(self) -> dict[int, Fraction]:
        """What each month added towards the target."""
        if self.flow:
            return {month: Fraction(value) for month, value in self.values.items()}
        return additions([(month, Fraction(value)) for month, value in self.values.items()], falling=self.goal.falling)

    def recent(self, months: int) -> int | None:
        """What the last months added together; None where the pace of the evaluation is none either."""
        if (self.row.pace3 if months == 3 else self.row.pace12) is None:
            return None
        if self.flow:
            found = [self.values.get(month) for month in range(self.month - months + 1, self.month + 1)]
            return None if None in found else sum(one for one in found if one is not None)
        now, then = self.values.get(self.month), self.values.get(self.month - months)
        if now is None or then is None:
            return None
        return then - now if self.goal.falling else now - then

    @property
    def points(self) -> int:
        """How many months are known without a gap up to the one shown."""
        count = 0
        while self.month - count in self.values:
            count += 1
        return count


def past_of(shown: Shown) -> Past | None:
    """The past of what is shown; None where there is no number to be reached by a month not yet over."""
    row, target = shown.row, shown.target
    if row is None or row.value is None or target is None or target.value is None:
        return None
    if not target.start_month <= row.month <= target.end_month or Comparator(target.comparator) not in _NUMBERS:
        return None
    goal = Goal(
        Comparator(target.comparator),
        Fraction(target.value),
        target.start_month,
        target.end_month,
        cumulative=shown.summing,
        yearly_check=target.yearly_check,
    )
    values = _flow_months(shown) if shown.summing else _levels(shown)
    least = min(values.values(), default=0)
    top = 100 * UNITS
    rate = shown.indicator.unit == RATE and max(values.values(), default=0) <= top
    return Past(
        row=row,
        goal=goal,
        end=goal.deadline(row.month),
        flow=shown.summing,
        values=values,
        low=0 if least >= 0 else None,
        high=top if rate else None,
        by_steps=target.path == PathKind.STEPS.value,
    )


def _same_definition(shown: Shown) -> list[Row]:
    return [row for row in shown.series if shown.row is not None and row.definition == shown.row.definition]


def _levels(shown: Shown) -> dict[int, int]:
    return {row.month: row.value for row in _same_definition(shown) if row.covered and row.value is not None}


def _flow_months(shown: Shown) -> dict[int, int]:
    """A flow's months with all their places there.

    The row counts the places of the whole window; a month is known where that is covered, or where a pace that needs
    the month was worked out (analysis.progress asks for every place in each of its months).
    """
    rows = _same_definition(shown)
    known: set[int] = set()
    for row in rows:
        if row.covered:
            known.add(row.month)
        for pace, months in ((row.pace3, 3), (row.pace12, 12)):
            if pace is not None:
                known.update(range(row.month - months + 1, row.month + 1))
    return {row.month: row.month_value for row in rows if row.month in known and row.month_value is not None}
