"""What the slow twin says of an indicator in an area and month: its numbers, coverage and light, by 1.5c (2), (4)–(7).

Upon the values of twin.py; just as plain, and just as ignorant of the project's modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tests.integration.twin import NO_DATA, NOT_HERE, OK, OVER_ZERO, ZERO_OVER_ZERO, Goal, Measure, World, number

NONE, REACHED, ON_COURSE, BEHIND, FAR_BEHIND, NOT_COVERED = range(6)


class Said(NamedTuple):
    """What is said of an indicator in an area and month."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    month_value: Fraction | None
    year_to_date: Fraction | None
    plan_to_date: Fraction | None
    state: str
    reported: int
    expected: int
    reached: bool | None
    light: int
    completion: Fraction | None
    schedule: Fraction | None
    pace3: Fraction | None
    pressure3: Fraction | None


def say(world: World, measure: Measure, area: str, month: int) -> Said:
    numerator, denominator, value = world.values(measure, area, measure.window, month)
    missing, due = world.coverage(measure, area, measure.window, month)
    moving = any(summed or world.items[item].kind in ("flow", "ytd")
                 for item, _, summed in measure.items if not item.startswith("W"))  # fmt: skip
    others = [
        world.values(measure, area, window, month)[2] if moving else NO_DATA for window in ("month", "year", "plan")
    ]
    judged = Judge(world, measure, area).judge(month)
    return Said(
        number(numerator), number(denominator), number(value),
        number(others[0] if moving else value), number(others[1]), number(others[2]),
        value if isinstance(value, str) else OK,
        len(due - missing), len(due), *judged,
    )  # fmt: skip


@dataclass
class Judge:
    """The light and what leads to it, by 1.5c (2), (4)–(7)."""

    world: World
    measure: Measure
    area: str

    def judge(self, month: int) -> tuple:
        """(reached, light, completion, schedule, pace3, pressure3)."""
        goals = [g for g in self.measure.goals.get(self.area, ()) if g.start <= month <= g.end]
        if not goals:
            return None, NONE, None, None, None, None
        goal = min(goals, key=lambda one: one.end)
        reached = self.reached(goal, month)
        light = self.light(goal, month, reached)
        if not self.cumulative:
            return reached, light, None, None, None, None
        value = self.value(month)
        completion = None if value is None else value / goal.value * 100
        pace = self.pace(month)
        left = goal.end - month
        short = None if value is None else max(Fraction(0), goal.value - value)
        required = None if short is None else Fraction(0) if short == 0 else short / left if left else None
        pressure = required / pace if required is not None and pace is not None and pace > 0 else None
        return reached, light, completion, self.elapsed(goal, month), pace, pressure

    @property
    def cumulative(self) -> bool:
        """A flow of the year or the plan; a ratio is a level whatever its window."""
        return self.measure.window in ("year", "plan") and self.measure.denominator is None and not self.measure.value

    def value(self, month: int) -> Fraction | None:
        return number(self.world.values(self.measure, self.area, self.measure.window, month)[2])

    def state(self, month: int) -> str:
        found = self.world.values(self.measure, self.area, self.measure.window, month)[2]
        return found if isinstance(found, str) else OK

    def covered(self, month: int) -> bool:
        return self.world.covered(self.measure, self.area, month)

    def year_ago(self, month: int) -> Fraction | None:
        earlier = month - 12
        return self.value(earlier) if earlier >= self.world.start and self.covered(earlier) else None

    def elapsed(self, goal: Goal, month: int) -> Fraction:
        return Fraction(month - goal.start + 1, goal.end - goal.start + 1) * 100

    def pace(self, month: int) -> Fraction | None:
        added = Fraction(0)
        for when in (month - 2, month - 1, month):
            if when < self.world.start or self.world.coverage(self.measure, self.area, "month", when)[0]:
                return None
            value = number(self.world.values(self.measure, self.area, "month", when)[2])
            if value is None:
                return None
            added += value
        return added / 3

    def reached(self, goal: Goal, month: int) -> bool | None:
        value = self.value(month)
        wanted = self.year_ago(month) if goal.comparator == "not_fall" else goal.value
        if value is None or wanted is None:
            return None
        return value <= wanted if goal.comparator in ("<=", "~", "zero") else value >= wanted

    def light(self, goal: Goal, month: int, reached: bool | None) -> int:
        value, state = self.value(month), self.state(month)
        if state == NOT_HERE:
            return NONE
        if self.cumulative and reached:
            return REACHED
        if not self.covered(month):
            return NOT_COVERED
        if state in (ZERO_OVER_ZERO, OVER_ZERO):
            return NONE
        tolerance = goal.tolerance
        if goal.comparator == "zero":
            return self._zero(month, reached)
        if goal.comparator == "not_fall":
            ago = self.year_ago(month)
            if ago is None:
                return NONE
            return (
                REACHED if reached else BEHIND if ago - value <= (2 if tolerance is None else tolerance) else FAR_BEHIND
            )
        if goal.comparator == "~":
            return REACHED if reached else BEHIND if value - goal.value <= tolerance else FAR_BEHIND
        year_end = goal.yearly_check and (month % 12 == 11 or month == goal.end)
        if goal.yearly_check and not year_end:
            return ON_COURSE if reached else BEHIND
        if reached:
            return REACHED
        if month == goal.end or year_end:
            allowed = (0 if self.cumulative else 2) if tolerance is None else tolerance
            return BEHIND if abs(goal.value - value) <= allowed else FAR_BEHIND
        if self.cumulative:
            lag = self.elapsed(goal, month) - value / goal.value * 100
            return ON_COURSE if lag <= 5 else BEHIND if lag <= 15 else FAR_BEHIND
        return self._level(goal, month, value)

    def _zero(self, month: int, reached: bool | None) -> int:
        if reached:
            return REACHED
        overdue = self.world.values(self.measure, self.area, self.measure.window, month)[1]
        if not isinstance(overdue, Fraction):
            return NOT_COVERED
        return FAR_BEHIND if overdue > 0 else BEHIND

    def _level(self, goal: Goal, month: int, value: Fraction) -> int:
        base = next(
            when for when in range(self.world.start, month + 1) if self.covered(when) and self.value(when) is not None
        )
        begins, falls = self.value(base), goal.comparator == "<="
        if begins <= goal.value if falls else begins >= goal.value:
            path = goal.value
        else:
            path = begins + (goal.value - begins) * Fraction(month - base, goal.end - base)
        lag = value - path if falls else path - value
        allowed = Fraction(2) if goal.tolerance is None else goal.tolerance
        return ON_COURSE if lag <= 0 else BEHIND if lag <= allowed else FAR_BEHIND
