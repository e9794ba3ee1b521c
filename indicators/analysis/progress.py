"""Judging an indicator month by month against its goals: path, completion, lag, pace, pressure and light, all exact.

Pure and total: every input gets an answer, where there is nothing to say no number or Light.NONE (catalogue 1.5c
(4)–(7)). Arrays of areas × months: all areas that are asked alike in the same months are judged at once. It computes no
values, chooses no reading and prints nothing; the lights' rules are in `rules`, what they are given in `goals`.

What is defined at the edges: an actual of 0 is 0 %. A rising flow's target of 0 or less is 100 % where reached, else
0 %; a cap of 0 or less is 0 % used where kept, else nothing. A level whose base stands at or beyond its target has to
hold the target: 100 % where reached, else without completion, and it lags by what it is short. Without a base a linear
level has no path, completion or lag; without data nothing is worked out and the light is grey. Completion may exceed
100 or be negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from .exact import HUNDRED, NOTHING, ZERO, Exact
from .goals import Facts, Goal
from .kinds import Comparator, PathKind, State
from .paths import elapsed, season
from .rules import BY_PATH, LIGHTS, RULES, Case, deciding

NUMBERS = (
    "completion", "schedule", "expected", "lag", "remaining", "required", "pace3", "pace12", "pressure3", "pressure12",
)  # fmt: skip
_CODES = np.array([rule.code for rule in RULES], dtype=object)
_BY_PATH = np.array([rule.code in BY_PATH for rule in RULES])
Rows = slice | list[int]


class Judged:
    """What is said of each area and month.

    `goal`: the number of the goal that was active, −1 where none; `rule`: that of the rule in RULES; `basis`: a key of
    rules.BASES where the path is last year's season, else ''. `reached` compares the value as it stands, covered or
    not; None without a value.

    `numbers` by their names in NUMBERS, NO_DATA where there is nothing to say. In percent: completion, schedule (the
    part of the way that ought to be done). lag: points of schedule a flow is behind, or units a level is short of
    expected; ≤ 0 is on course. In the value's unit, counted towards the target: remaining; per month required, pace3,
    pace12. pressure: required ÷ pace, none where the pace is ≤ 0 (按现速度无法达到).
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.goal = np.full(shape, -1, dtype=np.int64)
        self.rule = np.zeros(shape, dtype=np.uint8)
        self.basis = np.full(shape, "", dtype=object)
        self.reached = np.full(shape, None, dtype=object)
        self.numbers = {name: _blank(shape) for name in NUMBERS}

    @property
    def light(self) -> np.ndarray:
        return LIGHTS[self.rule]

    @property
    def code(self) -> np.ndarray:
        """The rule as it is stored: 'FLOW_BEHIND', 'FLOW_BEHIND:SEASON'."""
        codes = _CODES[self.rule]
        based = _BY_PATH[self.rule] & (self.basis != "").astype(bool)
        return np.where(based, codes + ":" + self.basis, codes)

    def put(self, rows: Rows, columns: slice, found: dict[str, Exact]) -> None:
        for name, number in found.items():
            whole = self.numbers[name]
            whole.num[rows, columns], whole.den[rows, columns] = number.num, number.den
            whole.why[rows, columns] = number.why


def judge(goals: Sequence[Sequence[Goal]], facts: Facts) -> Judged:
    """Each area (row) of the facts against its goals; of several (one a year) the active one with the earliest end."""
    found = Judged(facts.covered.shape)
    found.rule[:] = deciding(Case(facts.value.why, facts.covered))
    series = _Series(facts)
    for rows, columns, number, own in _alike(goals, facts):
        block = _Block(own, series, rows, columns)
        found.put(rows, columns, block.numbers)
        found.goal[rows, columns] = np.array(number)[:, None]
        found.rule[rows, columns] = deciding(block.case)
        found.basis[rows, columns] = block.basis
        short = block.remaining
        found.reached[rows, columns] = np.where(short.ok, (short.num == 0).astype(object), None)
    return found


def _alike(goals: Sequence[Sequence[Goal]], facts: Facts) -> Iterator[tuple[Rows, slice, list[int], list[Goal]]]:
    """Rows and columns that one kind of goal is asked in, the number of each row's goal, and the goal itself."""
    groups: dict[tuple, list[tuple[int, int, Goal]]] = defaultdict(list)
    for row, own in enumerate(goals):
        for number, first, last in _stretches(own, facts.first_month, facts.covered.shape[1]):
            groups[first, last, _kind(own[number])].append((row, number, own[number]))
    for (first, last, _), members in groups.items():
        rows = [row for row, _, _ in members]
        whole = slice(rows[0], rows[-1] + 1)
        unbroken = rows == list(range(whole.start, whole.stop))
        yield whole if unbroken else rows, slice(first, last), [n for _, n, _ in members], [g for *_, g in members]


def _stretches(goals: Sequence[Goal], first_month: int, months: int) -> list[tuple[int, int, int]]:
    """(number of the goal, first column, the one after the last) of each run of months in which one goal counts."""
    counting = np.full(months, -1)
    order = sorted(range(len(goals)), key=lambda number: goals[number].end)
    for number in reversed(order):  # the earliest to end covers the others
        goal = goals[number]
        if goal.asks:
            counting[max(0, goal.start - first_month) : max(0, goal.end + 1 - first_month)] = number
    starts = [0, *(np.flatnonzero(np.diff(counting)) + 1).tolist()]
    runs = zip(starts, [*starts[1:], months], strict=True)
    return [(int(counting[first]), first, last) for first, last in runs if counting[first] >= 0]


def _kind(goal: Goal) -> tuple:
    """What goals must share to be judged together; the numbers may differ."""
    return (
        goal.comparator, goal.start, goal.end, goal.path, goal.cumulative, goal.yearly_check, goal.base_value is None,
    )  # fmt: skip


class _Series:
    """The facts of whole rows, and what several goals ask of them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.value = facts.value.reduced()
        self.months = facts.first_month + np.arange(facts.covered.shape[1])[None, :]
        self.paces: dict[tuple[bool, bool, int], Exact] = {}

    @cached_property
    def first(self) -> tuple[np.ndarray, Exact]:
        """Month and value of each row's first fully covered point (columns), no value before it."""
        there = self.facts.covered & self.value.ok
        column = there.argmax(axis=1)[:, None]
        num, den = (np.take_along_axis(side, column, axis=1) for side in (self.value.num, self.value.den))
        begun = there.any(axis=1)[:, None] & (np.arange(there.shape[1])[None, :] >= column)
        why = np.where(begun, State.OK, State.NO_DATA).astype(np.uint8)
        return self.facts.first_month + column, Exact(num, den, why)

    def pace(self, goal: Goal, months: int) -> Exact:
        """What the last `months` calendar months added per month, across the year boundary; none where one is missing.

        Of a flow every month must be there with all its places, of a level the month itself and that `months` before.
        """
        key = goal.cumulative, goal.falling and not goal.cumulative, months
        if key not in self.paces:
            self.paces[key] = self._pace(*key)
        return self.paces[key]

    def _pace(self, cumulative: bool, falling: bool, months: int) -> Exact:
        if cumulative:
            month = self.facts.month_value.only(self.facts.month_covered)
            added = month
            for earlier in range(1, months):
                added = added + month.delayed(earlier)
        else:
            known = self.value.only(self.facts.covered)
            added = known - known.delayed(months)
            added = -added if falling else added
        return (added / Exact.constant(months)).reduced()


@dataclass
class _Block:
    """Rows × columns judged against one kind of goal; `goals` holds each row's own. A number is worked out once."""

    goals: list[Goal]
    series: _Series
    rows: Rows
    columns: slice
    basis: np.ndarray | str = field(default="", init=False)

    def __post_init__(self) -> None:
        facts = self.series.facts
        self.goal = self.goals[0]
        self.value = self.series.value.part(self.rows, self.columns)
        self.covered = facts.covered[self.rows, self.columns]
        self.year_ago = facts.year_ago.part(self.rows, self.columns)
        self.overdue = facts.overdue.part(self.rows, self.columns)
        self.months = self.series.months[:, self.columns]
        self.target = _column([goal.target for goal in self.goals])
        self.base_month, self.base = self._base()
        toward = self.base.at_most if self.goal.falling else self.target.at_most
        self.must_hold = toward(self.target if self.goal.falling else self.base)
        self.part = self._part() if self.goal.cumulative else ZERO
        self.expected = self._expected()
        self.schedule = self._schedule()
        self.completion = self._completion()
        self.lag = self._lag()
        self.remaining = self._remaining()

    @property
    def numbers(self) -> dict[str, Exact]:
        required = self._required()
        pace3, pace12 = (self.series.pace(self.goal, n).part(self.rows, self.columns) for n in (3, 12))
        return {
            "completion": self.completion,
            "schedule": self.schedule,
            "expected": self.expected,
            "lag": self.lag,
            "remaining": self.remaining,
            "required": required,
            "pace3": pace3,
            "pace12": pace12,
            "pressure3": _pressure(required, pace3),
            "pressure12": _pressure(required, pace12),
        }

    @property
    def case(self) -> Case:
        return Case(
            state=self.value.why,
            covered=self.covered,
            goal=self.goal,
            short=self.remaining,
            lag=self.lag,
            overdue=self.overdue,
            year_ago=self.year_ago,
            ended=self.months == self._deadline(),
            allowance=_column([goal.allowance for goal in self.goals]),
            behind=_column([goal.behind for goal in self.goals]),
            far=_column([goal.far for goal in self.goals]),
        )

    def _deadline(self) -> np.ndarray:
        return np.array([[self.goal.deadline(month) for month in self.months[0].tolist()]])

    def _base(self) -> tuple[np.ndarray, Exact]:
        """Month and value of the goals' own base, or provisionally the first fully covered point, from its month on."""
        if self.goal.base_value is not None:
            given = [goal.start - 1 if goal.base_month is None else goal.base_month for goal in self.goals]
            return np.array(given)[:, None], _column([goal.base_value for goal in self.goals])
        month, value = self.series.first
        every = slice(None)
        value = Exact(value.num[self.rows, every], value.den[self.rows, every], value.why[self.rows, self.columns])
        return month[self.rows, every], value

    def _part(self) -> Exact:
        """The part of a flow due by each month; a seasonal one is held against last year where it is whole."""
        start, end, months = self.goal.start, self.goal.end, self.months[0].tolist()
        even = [elapsed(start, end, month) for month in months]
        if not self.goal.seasonal:
            return Exact.of_fractions([list(even)])
        facts = self.series.facts
        monthly = facts.month_value.only(facts.month_covered)
        first, width = facts.first_month, self.series.months.size
        rows = range(len(facts.covered))[self.rows] if isinstance(self.rows, slice) else self.rows

        def added(row: int, month: int) -> Fraction | None:
            return monthly.fraction(row, month - first) if 0 <= month - first < width else None

        found = [[season(start, end, month, partial(added, row)) for month in months] for row in rows]
        self.basis = np.array([["EVEN" if one is None else "SEASON" for one in row] for row in found], dtype=object)
        return Exact.of_fractions(
            [[e if one is None else one for one, e in zip(row, even, strict=True)] for row in found]
        )

    @cached_property
    def travelled(self) -> Exact:
        """The part of the months from a level's base to the goal's end that is over."""
        begun = self.months > self.base_month
        gone = np.where(begun, self.months - self.base_month, 0)
        whole = np.where(begun, self.goal.end - self.base_month, 1)
        return Exact(gone.astype(object), whole.astype(object), np.zeros(gone.shape, dtype=np.uint8)).reduced()

    def _expected(self) -> Exact:
        """The value that the path asks for in each month."""
        goal = self.goal
        if goal.comparator == Comparator.NOT_FALL:
            return self.year_ago
        if not goal.towards_number or goal.yearly_check:
            return self.target
        if goal.path == PathKind.STEPS:
            return self._steps()
        if goal.path == PathKind.NONE:
            return NOTHING
        if goal.cumulative:
            return self.target * self.part
        way = self.base + (self.target - self.base) * self.travelled
        return way.otherwise(self.must_hold, self.target)

    def _steps(self) -> Exact:
        """The last value given by each month."""
        nothing_yet = State.NO_DATA if self.goal.falling else Fraction(0)
        rows = []
        for goal in self.goals:
            latest_first = sorted(goal.points, key=lambda step: -step[0])
            rows.append([
                next((value for when, value in latest_first if when <= month), nothing_yet)
                for month in self.months[0].tolist()
            ])  # fmt: skip
        return Exact.of_fractions(rows)

    def _schedule(self) -> Exact:
        goal = self.goal
        if not goal.towards_number or goal.yearly_check:
            return NOTHING
        if goal.cumulative and goal.path in (PathKind.LINEAR, PathKind.SEASON):
            return self.part * HUNDRED
        if goal.cumulative:
            return (self.expected / self.target * HUNDRED).only(~self.target.at_most(ZERO))
        free = self.base.ok & ~self.must_hold
        if goal.path in (PathKind.LINEAR, PathKind.SEASON):
            return (self.travelled * HUNDRED).only(free)
        return ((self.expected - self.base) / (self.target - self.base) * HUNDRED).only(free)

    def _completion(self) -> Exact:
        goal, value = self.goal, self.value
        if not goal.towards_number or (goal.yearly_check and not goal.cumulative):
            return NOTHING
        reached = value.at_most(self.target) if goal.falling else self.target.at_most(value)
        if goal.cumulative:
            share = value / self.target * HUNDRED
            other = ZERO.only(reached) if goal.falling else ZERO.otherwise(reached, HUNDRED)
            return share.otherwise(self.target.at_most(ZERO), other).only(value.ok)
        gone = ((value - self.base) / (self.target - self.base) * HUNDRED).only(self.base.ok)
        return gone.otherwise(self.must_hold, HUNDRED.only(reached)).only(value.ok)

    def _lag(self) -> Exact:
        behind, ahead = (self.schedule, self.completion) if self.goal.summing else (self.expected, self.value)
        return (ahead - behind if self.goal.falling else behind - ahead).only(self.value.ok)

    def _remaining(self) -> Exact:
        """How far the value is from target (不下降: the year before), 0 where reached; none where either is unknown."""
        wanted = self.year_ago if self.goal.comparator == Comparator.NOT_FALL else self.target
        short = self.value - wanted if self.goal.falling else wanted - self.value
        return short.otherwise(short.at_most(ZERO), ZERO)

    def _required(self) -> Exact:
        """Per month from the next to the deadline's; none for 动态归零, 不下降 and caps, where nothing adds up."""
        goal = self.goal
        if not (goal.towards_number or goal.comparator == Comparator.ABOUT) or (goal.summing and goal.falling):
            return NOTHING
        left = np.maximum(self._deadline() - self.months, 0)
        why = np.where(left > 0, State.OK, State.NO_DATA).astype(np.uint8)
        months_left = Exact(left.astype(object), np.ones(left.shape, dtype=object), why)
        return (self.remaining / months_left).otherwise(self.remaining.at_most(ZERO), ZERO)


def _pressure(required: Exact, pace: Exact) -> Exact:
    return (required / pace).only(~pace.at_most(ZERO))


def _column(values: Sequence[Fraction | None]) -> Exact:
    """One number for each row."""
    return Exact.of_fractions([[State.NO_DATA if value is None else value] for value in values])


def _blank(shape: tuple[int, int]) -> Exact:
    num, den = np.zeros(shape, dtype=object), np.ones(shape, dtype=object)
    return Exact(num, den, np.full(shape, State.NO_DATA, dtype=np.uint8))
