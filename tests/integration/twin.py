"""Roll-up and evaluation once more, the slow, obvious way, from the design alone: number by number, in Fractions.

Places, roll-up, windows and formulas; the lights are in twin_lights.py. For tests that hold the code against it. Knows
no Django, no arrays and none of the project's modules; follows catalogue 1.1 and the decisions of 1.5c. Natural units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

NOT_HERE, NO_DATA, ZERO_OVER_ZERO, OVER_ZERO, OK = "not here", "no data", "0/0", "x/0", "ok"


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


class Block(NamedTuple):
    """An approved total of several months (补录合计)."""

    place: str
    item: str
    category: str
    first: int
    last: int
    value: Fraction


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
    blocks: tuple[Block, ...] = ()
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

    # --- totals of whole spans ------------------------------------------------------------------
    def is_below(self, place: str, area: str, month: int) -> bool:
        return any(s.place == place for s in self.below(area, month)) if area != place else True

    def counted(self, area: str, item: str, category: str, summed: bool, window: str, month: int) -> list[Block]:
        """The blocks at or below the area whose months the window all uses."""
        if self.items[item].kind != "flow":
            return []
        used = {when for _, when, _ in self._parts(item, summed, window, month) or ()}
        return [
            one
            for one in self.whole(item, category)
            if used >= set(range(one.first, one.last + 1)) and self.is_below(one.place, area, one.last)
        ]

    def whole(self, item: str, category: str) -> list[Block]:
        own = [one for one in self.blocks if one.item == item]
        if category or not self.items[item].categories:
            return [one for one in own if one.category == category]
        spans = {(one.place, one.first, one.last) for one in own}
        found = []
        for place, first, last in sorted(spans):
            parts = [one for one in own if (one.place, one.first, one.last) == (place, first, last)]
            if {one.category for one in parts} == set(self.items[item].categories):
                total = sum((one.value for one in parts), Fraction(0))
                found.append(Block(place, item, "", first, last, total))
        return found

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
        blocks = self.counted(area, item, category, summed, window, month)
        if any(must and one is None for _, must, one in found) or (
            all(one is None for *_, one in found) and not blocks
        ):
            raise Why(NO_DATA)
        whole = sum((one.value for one in blocks), Fraction(0))
        return sum((sign * one.total for sign, _, one in found if one), whole)

    def absent(self, area: str, item: str, category: str, summed: bool, window: str, month: int) -> frozenset[str]:
        """Places without the item in a month the window uses."""
        gone: set[str] = set()
        blocks = self.counted(area, item, category, summed, window, month)
        for _, when, _ in self._parts(item, summed, window, month) or ():
            one = self.rolled(area, item, category, when)
            absent = one.missing if one else self.expected(area, item, when)
            gone |= {
                place
                for place in absent
                if not any(b.first <= when <= b.last and self.is_below(place, b.place, when) for b in blocks)
            }
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
        """Somebody there reported one of its items in the month, or the total of a span ends with it."""
        return any(
            self.rolled(area, item, category, month) is not None
            or any(
                one.last == month and self.is_below(one.place, area, month)
                for one in self.whole(item, category)
                if self.items[item].kind == "flow"
            )
            for item, category, _ in measure.items
            if not item.startswith("W") and self.items[item].kind != "auto"
        )

    def covered(self, measure: Measure, area: str, month: int) -> bool:
        value = self.values(measure, area, measure.window, month)[2]
        return not self.coverage(measure, area, measure.window, month)[0] and value not in (NO_DATA, NOT_HERE)


def number(value: Fraction | str | None) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def units(value: Fraction | None) -> int | None:
    """Ten-thousandths, cut; when something was cut and the last digit is 0 or 5, one further from zero."""
    if value is None:
        return None
    scaled = abs(value) * 10_000
    whole = scaled.numerator // scaled.denominator
    if whole != scaled and whole % 5 == 0:
        whole += 1
    return whole if value >= 0 else -whole
