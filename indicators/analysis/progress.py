"""Judging an indicator month by month against its goals: path, completion, lag, pace, pressure and light, all exact.

Pure and total: every input gets an answer, where there is nothing to say None or Light.NONE (catalogue 1.5c (4)–(7)).
It computes no values, chooses no reading and prints nothing; the lights' rules are in `rules`, what they are given in
`goals`.

What is defined at the edges: an actual of 0 is 0 %. A rising flow's target of 0 or less is 100 % where reached, else
0 %; a cap of 0 or less is 0 % used where kept, else nothing. A level whose base stands at or beyond its target has to
hold the target: 100 % where reached, else without completion, and it lags by what it is short. Without a base a linear
level has no path, completion or lag; without data nothing is worked out and the light is grey. Completion may exceed
100 or be negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from .goals import Goal, Point
from .kinds import Comparator, Light, PathKind
from .paths import elapsed, season
from .rules import BASES, BY_PATH, RULE_BY_CODE, RULES, Case, Rule, first_rule

__all__ = ["RULES", "RULE_BY_CODE", "Goal", "Judgement", "Point", "Rule", "judge"]

HUNDRED = Fraction(100)
REMEMBERED = 20_000  # judgements: some 550 series of 36 months, a county with its towns


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one month.

    In percent: `completion`, `schedule` (the part of the way that ought to be done). `lag`: points of schedule a flow
    is behind, or units a level is short of `expected`; ≤ 0 is on course. In the value's unit, counted towards the
    target: `remaining`; per month `required`, `pace3`, `pace12`. `pressure`: required ÷ pace, None where the pace is
    ≤ 0 (按现速度无法达到). `reached` compares the value as it stands, covered or not; None without a value. `goal` is
    the one that was active; `basis` a key of rules.BASES where its path is last year's season.
    """

    month: int
    light: Light
    rule: Rule
    goal: Goal | None = None
    reached: bool | None = None
    expected: Fraction | None = None
    completion: Fraction | None = None
    schedule: Fraction | None = None
    lag: Fraction | None = None
    remaining: Fraction | None = None
    required: Fraction | None = None
    pace3: Fraction | None = None
    pace12: Fraction | None = None
    pressure3: Fraction | None = None
    pressure12: Fraction | None = None
    basis: str = ""

    @property
    def code(self) -> str:
        """The rule as it is stored: 'FLOW_BEHIND', 'FLOW_BEHIND:SEASON'."""
        return f"{self.rule.code}:{self.basis}" if self.basis and self.rule.code in BY_PATH else self.rule.code

    @property
    def text(self) -> str:
        """The rule in words, with the goal's own thresholds and what the path follows."""
        words = self.rule.explain(self.goal)
        return words if self.code == self.rule.code else f"{words}（{BASES[self.basis]}）"


class _Base(NamedTuple):
    """Where a level's path begins."""

    month: int
    value: Fraction


def judge(goal: Goal | Sequence[Goal] | None, points: Sequence[Point]) -> list[Judgement]:
    """One judgement per point, in order. Of several goals (one a year) the active one with the earliest end counts.

    `points` are consecutive months; a month not among them counts as missing. Never raises.
    """
    goals = () if goal is None else (goal,) if isinstance(goal, Goal) else tuple(goal)
    series = {point.month: point for point in points}
    first = next((_Base(p.month, p.known) for p in points if p.covered and p.known is not None), None)
    found = []
    for point in points:
        active = min((g for g in goals if g.active(point.month)), key=lambda g: g.end, default=None)
        if active is None:
            rule = first_rule(Case(point))
            found.append(Judgement(point.month, rule.light, rule))
        else:
            found.append(_judged(active, point, series, _base(active, point.month, first)))
    return found


def _judged(goal: Goal, point: Point, series: Mapping[int, Point], base: _Base | None) -> Judgement:
    part, basis = _part(goal, point.month, series)
    pace3, pace12 = _pace(goal, point.month, 3, series), _pace(goal, point.month, 12, series)
    return _judgement(goal, point, base, part, basis, pace3, pace12)


@lru_cache(maxsize=REMEMBERED)
def _judgement(
    goal: Goal,
    point: Point,
    base: _Base | None,
    part: Fraction,
    basis: str,
    pace3: Fraction | None,
    pace12: Fraction | None,
) -> Judgement:
    """What is said of one month follows from these alone; most months of a series are judged again and again alike."""
    expected = _expected(goal, point, base, part)
    schedule = _schedule(goal, expected, part, base)
    completion = _completion(goal, point.known, base)
    lag = _lag(goal, point.known, expected, completion, schedule)
    remaining = _short(goal, point)
    rule = first_rule(Case(point, goal, remaining, lag))
    required = _required(goal, remaining, goal.deadline(point.month) - point.month)
    return Judgement(
        month=point.month,
        light=rule.light,
        rule=rule,
        goal=goal,
        reached=None if remaining is None else remaining == 0,
        expected=expected,
        completion=completion,
        schedule=schedule,
        lag=lag,
        remaining=remaining,
        required=required,
        pace3=pace3,
        pace12=pace12,
        pressure3=_pressure(required, pace3),
        pressure12=_pressure(required, pace12),
        basis=basis,
    )


def _base(goal: Goal, month: int, first: _Base | None) -> _Base | None:
    """The goal's own base, or provisionally the first fully covered point, from its month on."""
    if goal.base_value is not None:
        return _Base(goal.start - 1 if goal.base_month is None else goal.base_month, goal.base_value)
    return first if first is not None and first.month <= month else None


def _short(goal: Goal, point: Point) -> Fraction | None:
    """How far the value is from target (不下降: the year before), 0 where reached; None where either is unknown."""
    wanted = point.year_ago if goal.comparator == Comparator.NOT_FALL else goal.target
    if wanted is None or point.known is None:
        return None
    return max(Fraction(0), point.known - wanted if goal.falling else wanted - point.known)


def _must_hold(goal: Goal, target: Fraction, base: _Base) -> bool:
    """The base stands at or beyond the target."""
    return base.value <= target if goal.falling else base.value >= target


def _part(goal: Goal, month: int, series: Mapping[int, Point]) -> tuple[Fraction, str]:
    """The part of a flow due by `month`, and what a seasonal one is held against."""
    if not goal.cumulative:
        return Fraction(0), ""
    even = elapsed(goal.start, goal.end, month)
    if not goal.seasonal:
        return even, ""

    def added(earlier: int) -> Fraction | None:
        point = series.get(earlier)
        return point.month_value if point is not None and point.month_covered else None

    found = season(goal.start, goal.end, month, added)
    return (even, "EVEN") if found is None else (found, "SEASON")


def _expected(goal: Goal, point: Point, base: _Base | None, part: Fraction) -> Fraction | None:
    """The value that the path asks for in the point's month."""
    target = goal.target
    if goal.comparator == Comparator.NOT_FALL:
        return point.year_ago
    if target is None or not goal.towards_number or goal.yearly_check:
        return target
    if goal.path == PathKind.STEPS:
        given = [step for step in goal.points if step[0] <= point.month]
        nothing_yet = None if goal.falling else Fraction(0)
        return max(given, key=lambda step: step[0])[1] if given else nothing_yet
    if goal.path == PathKind.NONE:
        return None
    if goal.cumulative:
        return target * part
    if base is None:
        return None
    if _must_hold(goal, target, base):
        return target
    if point.month <= base.month:
        return base.value
    return base.value + (target - base.value) * Fraction(point.month - base.month, goal.end - base.month)


def _schedule(goal: Goal, expected: Fraction | None, part: Fraction, base: _Base | None) -> Fraction | None:
    target = goal.target
    if target is None or expected is None or not goal.towards_number or goal.yearly_check:
        return None
    if goal.cumulative and goal.path in (PathKind.LINEAR, PathKind.SEASON):
        return part * HUNDRED
    if goal.cumulative:
        return expected / target * HUNDRED if target > 0 else None
    if base is None or _must_hold(goal, target, base):
        return None
    return (expected - base.value) / (target - base.value) * HUNDRED


def _completion(goal: Goal, value: Fraction | None, base: _Base | None) -> Fraction | None:
    target = goal.target
    if target is None or value is None or not goal.towards_number:
        return None
    reached = value <= target if goal.falling else value >= target
    if goal.cumulative:
        if target > 0:
            return value / target * HUNDRED
        if goal.falling:
            return Fraction(0) if reached else None
        return HUNDRED if reached else Fraction(0)
    if base is None or goal.yearly_check:
        return None
    if _must_hold(goal, target, base):
        return HUNDRED if reached else None
    return (value - base.value) / (target - base.value) * HUNDRED


def _lag(
    goal: Goal,
    value: Fraction | None,
    expected: Fraction | None,
    completion: Fraction | None,
    schedule: Fraction | None,
) -> Fraction | None:
    behind, ahead = (schedule, completion) if goal.summing else (expected, value)
    if value is None or behind is None or ahead is None:
        return None
    return ahead - behind if goal.falling else behind - ahead


def _required(goal: Goal, remaining: Fraction | None, months_left: int) -> Fraction | None:
    """Per month from the next to the deadline's; None for 动态归零, 不下降 and caps, which nothing is added up to."""
    if remaining is None or not (goal.towards_number or goal.comparator == Comparator.ABOUT):
        return None
    if goal.summing and goal.falling:
        return None
    if remaining == 0:
        return Fraction(0)
    return remaining / months_left if months_left > 0 else None


def _pace(goal: Goal, month: int, months: int, series: Mapping[int, Point]) -> Fraction | None:
    """What the last `months` calendar months added per month, across the year boundary; None where one is missing.

    Of a flow every month must be there with all its places, of a level the month itself and that `months` before.
    """
    if goal.cumulative:
        added = Fraction(0)
        for earlier in range(month - months + 1, month + 1):
            point = series.get(earlier)
            if point is None or point.month_value is None or not point.month_covered:
                return None
            added += point.month_value
        return added / months
    now, then = series.get(month), series.get(month - months)
    if now is None or then is None or not (now.covered and then.covered):
        return None
    if now.known is None or then.known is None:
        return None
    change = now.known - then.known
    return (-change if goal.falling else change) / months


def _pressure(required: Fraction | None, pace: Fraction | None) -> Fraction | None:
    return required / pace if required is not None and pace is not None and pace > 0 else None
