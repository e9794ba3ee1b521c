"""Roll-up and evaluation once more, the slow, obvious way, from the design alone: number by number, in Fractions.

For tests that hold the code against it. Knows no Django, no arrays and none of the project's modules; follows the
conventions of catalogue 1.1 and the decisions of 1.5c. Numbers are in natural units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

NOT_HERE, NO_DATA, ZERO_OVER_ZERO, OVER_ZERO, OK = "not here", "no data", "0/0", "x/0", "ok"
NONE, REACHED, ON_COURSE, BEHIND, FAR_BEHIND, NOT_COVERED = range(6)


class Span(NamedTuple):
    place: str
    level: str
    parent: str | None
    first: int
    last: int | None


class Item(NamedTuple):
    kind: str  # flow, stock, ytd, auto
    levels: tuple[str, ...]
    categories: tuple[str, ...] = ()


class Goal(NamedTuple):
    comparator: str
    value: Fraction | None
    start: int
    end: int
    tolerance: Fraction | None = None
    path: str = "linear"
    yearly_check: bool = False


class Rolled(NamedTuple):
    total: Fraction
    reported: frozenset[str]
    missing: frozenset[str]


class Why(Exception):
    """A number that is not there, and why."""


Get = Callable[..., Fraction]


@dataclass(frozen=True)
class Measure:
    """An indicator: its parts as functions of `get(item, category='', months=False)`, and the items they name."""

    window: str
    items: tuple[tuple, ...]  # (item, category, summed over months)
    numerator: Callable[[Get], Fraction]
    denominator: Callable[[Get], Fraction] | None = None
    value: Callable[[Fraction, Callable[[], Fraction]], Fraction] | None = None
    goals: Mapping[str, tuple[Goal, ...]] = field(default_factory=dict)


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


def divide(above: Fraction, below: Fraction) -> Fraction:
    if below == 0:
        raise Why(ZERO_OVER_ZERO if above == 0 else OVER_ZERO)
    return above / below


@dataclass
class World:
    """Places, items, approved figures ((place, item, category, month) → value, None for 不适用), parameters."""

    spans: tuple[Span, ...]
    items: Mapping[str, Item]
    figures: Mapping[tuple[str, str, str, int], Fraction | None]
    start: int
    parameter: Callable[[str, int], Fraction | None] = lambda code, month: None
    _rolled: dict[tuple, Rolled | None] = field(default_factory=dict)

    # --- places ---------------------------------------------------------------------------------
    def below(self, area: str, month: int) -> list[Span]:
        """The area itself and everything under it in that month."""
        here = [s for s in self.spans if s.first <= month and (s.last is None or month <= s.last)]
        county = next(s.place for s in self.spans if s.level == "county")
        return [s for s in here if area in (s.place, s.parent) or area == county]

    def expected(self, area: str, item: str, month: int) -> frozenset[str]:
        levels = self.items[item].levels
        return frozenset(s.place for s in self.below(area, month) if s.level in levels)

    # --- roll-up --------------------------------------------------------------------------------
    def rolled(self, area: str, item: str, category: str, month: int) -> Rolled | None:
        """The sum of the places that reported; category '' of a broken-down item: of those that gave every category."""
        key = (area, item, category, month)
        if key not in self._rolled:
            self._rolled[key] = self._roll(*key)
        return self._rolled[key]

    def _roll(self, area: str, item: str, category: str, month: int) -> Rolled | None:
        wanted = (category,) if category else self.items[item].categories or ("",)
        due = self.expected(area, item, month)
        total, reported = Fraction(0), set()
        for place in due:
            keys = [(place, item, one, month) for one in wanted]
            if all(key in self.figures for key in keys):
                reported.add(place)
                total += sum((self.figures[key] or Fraction(0) for key in keys), Fraction(0))
        return Rolled(total, frozenset(reported), due - reported) if reported else None

    # --- one item over a window -----------------------------------------------------------------
    def not_here(self, area: str, item: str) -> bool:
        """A county's item does not exist in a town."""
        level = next(s.level for s in self.spans if s.place == area)
        return level == "town" and not {"town", "village"} & set(self.items[item].levels)

    def over(self, area: str, item: str, category: str, summed: bool, window: str, month: int) -> Fraction:
        if item.startswith("W"):
            value = self.parameter(item, month)
            if value is None:
                raise Why(NO_DATA)
            return value
        if self.not_here(area, item):
            raise Why(NOT_HERE)
        if self.items[item].kind == "auto":
            return Fraction(len(self.expected(area, item, month)))
        parts = self._parts(item, summed, window, month)
        if parts is None:
            raise Why(NO_DATA)
        found = [(sign, must, self.rolled(area, item, category, when)) for sign, when, must in parts]
        if any(must and one is None for _, must, one in found) or all(one is None for *_, one in found):
            raise Why(NO_DATA)
        return sum((sign * one.total for sign, _, one in found if one), Fraction(0))

    def absent(self, area: str, item: str, category: str, summed: bool, window: str, month: int) -> frozenset[str]:
        """Places without the item in a month the window uses."""
        gone: set[str] = set()
        for _, when, _ in self._parts(item, summed, window, month) or ():
            one = self.rolled(area, item, category, when)
            gone |= one.missing if one else self.expected(area, item, when)
        return frozenset(gone)

    def due(self, area: str, item: str, summed: bool, window: str, month: int) -> frozenset[str]:
        places: set[str] = set()
        for _, when, _ in self._parts(item, summed, window, month) or ():
            places |= self.expected(area, item, when)
        return frozenset(places)

    def _parts(self, item: str, summed: bool, window: str, month: int) -> list[tuple[int, int, bool]] | None:
        """(sign, month, must be there) of what a window adds up; None where there is no such window yet."""
        january = month - month % 12
        if window == "trailing12" and month - 11 < self.start:
            return None
        kind = self.items[item].kind
        if kind == "ytd":
            before = [] if month == january else [(-1, month - 1, True)]
            decembers = [(1, year * 12 + 11, False) for year in range(self.start // 12, month // 12)]
            spare = [] if month % 12 == 11 else [(1, january - 1, True), (-1, month - 12, True)]
            more = {"month": before, "plan": decembers, "trailing12": spare}.get(window, [])
            return [(1, month, True), *more]
        if kind == "stock" and not summed:
            return [(1, month, True)]
        first = {"year": january, "plan": self.start, "trailing12": month - 11}.get(window, month)
        return [(1, when, False) for when in range(first, month + 1)]

    # --- an indicator ---------------------------------------------------------------------------
    def values(self, measure: Measure, area: str, window: str, month: int) -> tuple:
        """(numerator, denominator, value), each a Fraction or the reason why not."""

        def get(item: str, category: str = "", months: bool = False) -> Fraction:
            return self.over(area, item, category, months, window, month)

        def said(part: Callable[[], Fraction]) -> Fraction | str:
            try:
                return part()
            except Why as why:
                return why.args[0]

        def part(function: Callable[[Get], Fraction]) -> Fraction:
            # every item is asked for before anything is divided: what is missing outweighs what cannot be divided
            reasons = set()

            def probe(*args, **options) -> Fraction:
                try:
                    return get(*args, **options)
                except Why as why:
                    reasons.add(why.args[0])
                    return Fraction(1)

            try:
                found = function(probe)
            except Why as why:
                found, reasons = Fraction(0), reasons | {why.args[0]}
            for reason in (NOT_HERE, NO_DATA, ZERO_OVER_ZERO, OVER_ZERO):
                if reason in reasons:
                    raise Why(reason)
            return found

        def below() -> Fraction:
            return part(measure.denominator)

        def whole() -> Fraction:
            if measure.value:
                return measure.value(part(measure.numerator), below)
            if not measure.denominator:
                return part(measure.numerator)
            return part(lambda probe: divide(measure.numerator(probe), measure.denominator(probe)))

        return said(lambda: part(measure.numerator)), said(below) if measure.denominator else None, said(whole)

    def coverage(self, measure: Measure, area: str, window: str, month: int) -> tuple[frozenset[str], frozenset[str]]:
        """Missing and due places, over all the measure's items together."""
        missing: frozenset[str] = frozenset()
        due: frozenset[str] = frozenset()
        for item, category, summed in measure.items:
            if item.startswith("W") or self.items[item].kind == "auto":
                continue
            missing |= self.absent(area, item, category, summed, window, month)
            due |= self.due(area, item, summed, window, month)
        return missing, due

    def exists(self, measure: Measure, area: str, month: int) -> bool:
        """Somebody there reported one of its items in the month."""
        return any(
            self.rolled(area, item, category, month) is not None
            for item, category, _ in measure.items
            if not item.startswith("W") and self.items[item].kind != "auto"
        )

    def covered(self, measure: Measure, area: str, month: int) -> bool:
        value = self.values(measure, area, measure.window, month)[2]
        return not self.coverage(measure, area, measure.window, month)[0] and value not in (NO_DATA, NOT_HERE)

    def say(self, measure: Measure, area: str, month: int) -> Said:
        numerator, denominator, value = self.values(measure, area, measure.window, month)
        missing, due = self.coverage(measure, area, measure.window, month)
        moving = any(summed or self.items[item].kind in ("flow", "ytd")
                     for item, _, summed in measure.items if not item.startswith("W"))  # fmt: skip
        others = [
            self.values(measure, area, window, month)[2] if moving else NO_DATA for window in ("month", "year", "plan")
        ]
        judged = Judge(self, measure, area).judge(month)
        return Said(
            _number(numerator), _number(denominator), _number(value),
            _number(others[0] if moving else value), _number(others[1]), _number(others[2]),
            value if isinstance(value, str) else OK,
            len(due - missing), len(due), *judged,
        )  # fmt: skip


def _number(value: Fraction | str | None) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


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
        return _number(self.world.values(self.measure, self.area, self.measure.window, month)[2])

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
            value = _number(self.world.values(self.measure, self.area, "month", when)[2])
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


def units(value: Fraction | None) -> int | None:
    """Ten-thousandths, cut; when something was cut and the last digit is 0 or 5, one further from zero."""
    if value is None:
        return None
    scaled = abs(value) * 10_000
    whole = scaled.numerator // scaled.denominator
    if whole != scaled and whole % 5 == 0:
        whole += 1
    return whole if value >= 0 else -whole
