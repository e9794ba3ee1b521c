"""Short ways to write a series and a panel by hand in these tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from indicators.analysis import progress
from indicators.analysis.exact import Exact
from indicators.analysis.formula import Ref
from indicators.analysis.goals import Facts, Goal
from indicators.analysis.kinds import ItemKind, Light, State
from indicators.analysis.panel import Panel
from indicators.analysis.rules import BASES, RULES, Rule
from indicators.analysis.windows import ItemSeries

JANUARY_2015 = 2015 * 12
UNITS = 10_000


def series(kind: ItemKind, rows, missing=None, expected=None, entered: bool = True) -> ItemSeries:
    """A series from rows of whole numbers, None for a blank; by default one place, missing where the cell is blank."""
    blank = [[cell is None for cell in row] for row in rows]
    missing = missing if missing is not None else [[int(cell) for cell in row] for row in blank]
    expected = expected if expected is not None else [[1] * len(row) for row in rows]
    return ItemSeries(
        kind=kind,
        total=np.array([[0 if cell is None else cell * UNITS for cell in row] for row in rows], dtype=np.int64),
        present=~np.array(blank, dtype=bool),
        missing=np.array(missing, dtype=object),
        expected=np.array(expected, dtype=object),
        entered=entered,
    )


def flow(*row, **more) -> ItemSeries:
    return series(ItemKind.FLOW, [row], **more)


def stock(*row, **more) -> ItemSeries:
    return series(ItemKind.STOCK, [row], **more)


def ytd(*row, **more) -> ItemSeries:
    return series(ItemKind.YTD, [row], **more)


def panel(parameters=None, first_month: int = JANUARY_2015, plan_start: int = JANUARY_2015, **items) -> Panel:
    """A panel from items named as in formulas: panel(D01=flow(1, 2))."""
    areas, months = next(iter(items.values())).total.shape
    named = {Ref(code): item for code, item in items.items()}
    return Panel(tuple(range(1, areas + 1)), first_month, months, plan_start, named, parameters or {})


@dataclass(frozen=True)
class Point:
    """One month of an indicator in one area, as Facts holds them."""

    month: int
    value: Fraction | None
    state: State = State.OK
    covered: bool = True
    month_value: Fraction | None = None
    overdue: Fraction | None = None
    year_ago: Fraction | None = None
    month_covered: bool = True

    @property
    def why(self) -> State:
        return State.NO_DATA if self.state == State.OK and self.value is None else self.state


@dataclass(frozen=True)
class Judgement:
    """What is said of one month: the cells of Judged, by the names they have there."""

    month: int
    light: Light
    rule: Rule
    goal: Goal | None
    code: str
    basis: str
    reached: bool | None
    completion: Fraction | None
    schedule: Fraction | None
    expected: Fraction | None
    lag: Fraction | None
    remaining: Fraction | None
    required: Fraction | None
    pace3: Fraction | None
    pace12: Fraction | None
    pressure3: Fraction | None
    pressure12: Fraction | None

    @property
    def text(self) -> str:
        """The rule in words, with the goal's own thresholds and what the path follows."""
        words = self.rule.explain(self.goal)
        return words if self.code == self.rule.code else f"{words}（{BASES[self.basis]}）"


def judge(goal: Goal | Sequence[Goal] | None, points: Sequence[Point]) -> list[Judgement]:
    """One judgement per point of a single area; a month not among them is missing."""
    goals = [] if goal is None else [goal] if isinstance(goal, Goal) else list(goal)
    if not points:
        return []
    by_month = {point.month: point for point in points}
    first, last = min(by_month), max(by_month)
    missing = Point(0, None, State.NO_DATA, covered=False, month_covered=False)
    row = [by_month.get(month, missing) for month in range(first, last + 1)]

    def exact(cells) -> Exact:
        return Exact.of_fractions([[State.NO_DATA if cell is None else cell for cell in cells]])

    facts = Facts(
        first_month=first,
        value=exact(point.value if point.why == State.OK else point.why for point in row),
        month_value=exact(point.month_value for point in row),
        covered=np.array([[point.covered for point in row]]),
        month_covered=np.array([[point.month_covered for point in row]]),
        year_ago=exact(point.year_ago for point in row),
        overdue=exact(point.overdue for point in row),
    )
    judged = progress.judge([goals], facts)

    def of(month: int) -> Judgement:
        at = 0, month - first
        number = int(judged.goal[at])
        return Judgement(
            month,
            Light(int(judged.light[at])),
            RULES[judged.rule[at]],
            goals[number] if number >= 0 else None,
            judged.code[at],
            judged.basis[at],
            judged.reached[at],
            *(judged.numbers[name].fraction(*at) for name in progress.NUMBERS),
        )

    return [of(point.month) for point in points]
