"""What an indicator is held against: goals (targets with path and thresholds), and the facts judged by them.

Plain values for `rules` and `progress`; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .exact import Exact
from .kinds import Comparator, PathKind

LEVEL_TOLERANCE = Fraction(2)
THRESHOLDS = {"plan": (5, 15), "yinchuan": (10, 30)}
"""Presets of `behind` and `far`: the plan's own, and 银川's (catalogue 1.5c (5), chapter 8)."""
_FALLING = {Comparator.AT_MOST, Comparator.ABOUT, Comparator.DYNAMIC_ZERO}
_TOWARDS_NUMBER = {Comparator.AT_LEAST, Comparator.EQUAL, Comparator.AT_MOST}


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in one reading for one area, active from month `start` to month `end`, both included.

    `value` is None only where the comparator needs none (不下降, 动态归零) or the office has set none yet.
    `cumulative`: the value adds up from `start` (yearly or plan-to-date flow). `points`: (month, value asked from
    then on) of a STEPS path. A `base_value` without `base_month` stands for the month before `start`; without a
    `base_value` the first fully covered point is the base, provisionally. `behind` and `far` are points of lag of a
    flow; `tolerance` is in the value's unit; `days` the limit of 动态归零. `yearly_check`: judged each December, and at
    `end`.
    """

    comparator: Comparator
    value: Fraction | None
    start: int
    end: int
    tolerance: Fraction | None = None
    path: PathKind = PathKind.LINEAR
    points: tuple[tuple[int, Fraction], ...] = ()
    base_value: Fraction | None = None
    base_month: int | None = None
    cumulative: bool = False
    yearly_check: bool = False
    behind: Fraction = Fraction(5)
    far: Fraction = Fraction(15)
    days: int = 30

    @property
    def allowance(self) -> Fraction:
        """The tolerance that counts: as given, else 2 points for a level and none for a flow or 左右."""
        if self.tolerance is not None:
            return self.tolerance
        return Fraction(0) if self.cumulative or self.comparator == Comparator.ABOUT else LEVEL_TOLERANCE

    @property
    def falling(self) -> bool:
        """Lower is better; 'equals' counts as rising, so over 100 also reaches."""
        return self.comparator in _FALLING

    @property
    def target(self) -> Fraction | None:
        return Fraction(0) if self.comparator == Comparator.DYNAMIC_ZERO else self.value

    @property
    def towards_number(self) -> bool:
        """Approaches a number (以上, 以内, 等于): has a completion and may have a path."""
        return self.comparator in _TOWARDS_NUMBER

    @property
    def seasonal(self) -> bool:
        """A flow whose path is last year's season."""
        return self.summing and self.path == PathKind.SEASON

    @property
    def summing(self) -> bool:
        """A flow judged by completion against schedule."""
        return self.cumulative and self.towards_number

    @property
    def asks(self) -> bool:
        """Says what it wants; else it is as if it were not there."""
        return self.target is not None or self.comparator == Comparator.NOT_FALL

    def deadline(self, month: int) -> int:
        """The month by which what is asked in `month` must be there."""
        return min(self.end, month // 12 * 12 + 11) if self.yearly_check else self.end


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """An indicator over areas × months, as goals are held against it; the first column is `first_month`.

    `value` over its window and `month_value`, the month's own; whether every place is there for the window (`covered`)
    and for the month alone (`month_covered`); `year_ago`: the comparable value (不下降); `overdue`: cases beyond their
    limit (动态归零), nothing where the indicator counts none.
    """

    first_month: int
    value: Exact
    month_value: Exact
    covered: np.ndarray
    month_covered: np.ndarray
    year_ago: Exact
    overdue: Exact
