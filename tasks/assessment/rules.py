"""What is scored how (计分规则): pure, exact, no database. Points come in hundredths, so that lines add up as printed.

得分 = 权重 × min(完成率, 100 %), below a threshold nothing (catalogue, section 8). What has no data is not scored: its
weight goes to the others, so that what is scored always adds up to 100; it never counts as 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

HUNDRED = Fraction(100)
ZERO = Fraction(0)
BY_HAND = Fraction(5)  # the most that hands add or take in all


class Partial(StrEnum):
    """What is given between nothing and all; the choices of Criterion.Partial."""

    SHARE = "share"
    STEP = "step"
    NONE = "none"


@dataclass(frozen=True)
class Rule:
    """How one criterion is scored; `full_from`, `zero_below`, `step` and `late_share` in percent."""

    weight: Fraction
    full_from: Fraction = HUNDRED
    zero_below: Fraction = ZERO
    partial: Partial = Partial.SHARE
    step: Fraction = ZERO
    late_share: Fraction = Fraction(50)
    cap: Fraction = ZERO


@dataclass(frozen=True)
class Item:
    """One thing looked at: how far it is done in percent; None where it is not scored, and `why` says so.

    `measure` is what owners must have in common to be compared; `base` the denominator of a rate.
    """

    key: str
    done: Fraction | None
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    measure: str = ""
    base: Fraction | None = None


@dataclass(frozen=True)
class Line:
    """A criterion of one owner: its part of the 100, the points, and the items they were made of."""

    code: str
    full: Fraction
    points: Fraction
    items: tuple[Item, ...]
    why: str = ""

    @property
    def scored(self) -> bool:
        return not self.why

    @property
    def lost(self) -> Fraction:
        return max(ZERO, self.full - self.points)


@dataclass(frozen=True)
class Grades:
    """Where the grades begin, and how much of the weights must have been scored for there to be one, in percent."""

    excellent: Fraction = Fraction(90)
    good: Fraction = Fraction(80)
    passing: Fraction = Fraction(60)
    least_share: Fraction = Fraction(50)


class Grade(StrEnum):
    """等次; NONE where too little could be scored."""

    EXCELLENT = "excellent"
    GOOD = "good"
    PASSING = "passing"
    FAILED = "failed"
    NONE = "none"


def completion(value: Fraction, standard: Fraction, *, rising: bool) -> Fraction:
    """完成率 in percent: value ÷ standard; of what should fall standard ÷ value. More than 100 where it is exceeded."""
    if not rising:
        return HUNDRED if value <= 0 else max(ZERO, standard) / value * HUNDRED
    if standard <= 0:
        return HUNDRED if value >= standard else ZERO
    return max(ZERO, value / standard * HUNDRED)


def share(done: Fraction, rule: Rule) -> Fraction:
    """Which part of its points something so far done is given, 0 to 1."""
    if done >= rule.full_from:
        return Fraction(1)
    if done < rule.zero_below or rule.partial == Partial.NONE:
        return ZERO
    if rule.partial == Partial.STEP:
        return max(ZERO, 1 - rule.step / HUNDRED * (rule.full_from - done))
    return max(ZERO, done) / rule.full_from


def counted(on_time: int, late: int, missing: int, rule: Rule) -> Fraction | None:
    """How far things were done that are late by `late_share`; None where there was nothing to do."""
    every = on_time + late + missing
    return (on_time * HUNDRED + late * rule.late_share) / every if every else None


def scaled(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The weights brought to 100 in hundredths, the largest remainders first; empty where there is no weight."""
    whole = sum(weights.values(), ZERO)
    if whole <= 0:
        return {}
    exact = {code: weight / whole * 10_000 for code, weight in weights.items()}
    units = {code: int(value) for code, value in exact.items()}
    by_rest = sorted(exact, key=lambda code: units[code] - exact[code])  # stable: ties as listed
    for code in by_rest[: 10_000 - sum(units.values())]:
        units[code] += 1
    return {code: Fraction(value, 100) for code, value in units.items()}


def hundredths(value: Fraction) -> Fraction:
    """Rounded to two decimals, halves up."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def lines(rules: Mapping[str, Rule], found: Mapping[str, Sequence[Item]]) -> list[Line]:
    """A line a criterion, in order; those without a scored item say why and weigh nothing."""
    scored = {code: [one for one in found.get(code, ()) if one.done is not None] for code in rules}
    full = scaled({code: rule.weight for code, rule in rules.items() if scored[code]})
    return [
        _line(code, rule, tuple(found.get(code, ())), scored[code], full.get(code, ZERO))
        for code, rule in rules.items()
    ]


def _line(code: str, rule: Rule, items: tuple[Item, ...], scored: Sequence[Item], full: Fraction) -> Line:
    if not scored:
        reasons = {one.why for one in items}
        return Line(code, ZERO, ZERO, items, why=(reasons.pop() if len(reasons) == 1 else "") or "no_data")
    done = [one.done for one in scored if one.done is not None]
    given = sum((share(one, rule) for one in done), ZERO) / len(done)
    over = sum((max(ZERO, one - rule.full_from) for one in done), ZERO) / len(done)
    bonus = min(rule.cap, full * over / HUNDRED)
    return Line(code, full, hundredths(full * given + bonus), items)


def by_hand(
    code: str, points: Mapping[str, Fraction], cap: Fraction, base: Fraction, items: Sequence[Item] = ()
) -> Line:
    """What was added or taken by hand: within the cap, and never taking the total below nothing."""
    cap = min(cap, BY_HAND)
    total = sum(points.values(), ZERO)
    return Line(code, ZERO, max(-base, -cap, min(cap, total)), tuple(items), why="" if points else "nothing")


def total(found: Sequence[Line]) -> Fraction:
    return sum((line.points for line in found), ZERO)


def scored_share(rules: Mapping[str, Rule], found: Sequence[Line]) -> Fraction:
    """How much of the scheme's weights was scored, in percent."""
    whole = sum((rule.weight for rule in rules.values()), ZERO)
    used = sum((rules[line.code].weight for line in found if line.scored and line.code in rules), ZERO)
    return used / whole * HUNDRED if whole else ZERO


def grade(points: Fraction, used: Fraction, grades: Grades, *, vetoed: bool = False) -> Grade:
    """等次 of a total. A veto (一票否决) leaves the points and takes every grade away; too little scored gives none."""
    if vetoed:
        return Grade.FAILED
    if used <= 0 or used < grades.least_share:
        return Grade.NONE
    if points >= grades.excellent:
        return Grade.EXCELLENT
    if points >= grades.good:
        return Grade.GOOD
    return Grade.PASSING if points >= grades.passing else Grade.FAILED


def ranks(totals: Mapping[str, Fraction]) -> dict[str, int]:
    """Rank by total, the highest first; the same total shares a rank and the next one is left out (并列)."""
    return {code: 1 + sum(other > points for other in totals.values()) for code, points in totals.items()}


def unlike(every: Mapping[str, Sequence[Line]]) -> list[str]:
    """The owners whose scored items are not those of the most; none where all are measured by the same."""
    scored = {owner: measures(found) for owner, found in every.items()}
    alike = Counter(scored.values())
    most = max(alike, key=lambda one: alike[one], default=frozenset())
    return [owner for owner, own in scored.items() if own != most]


def measures(found: Sequence[Line]) -> frozenset[tuple[str, str]]:
    """By what an owner was scored: criterion and measure."""
    return frozenset((code, one.measure) for code, one in _scored(found))


def small(every: Mapping[str, Sequence[Line]], least: int) -> list[tuple[str, str]]:
    """Owner and item of each rate whose denominator is under the least that is compared."""
    return [
        (owner, one.key)
        for owner, found in every.items()
        for _code, one in _scored(found)
        if one.base is not None and one.base < least
    ]


def _scored(found: Sequence[Line]) -> Iterator[tuple[str, Item]]:
    for line in found:
        if line.full:
            yield from ((line.code, one) for one in line.items if one.done is not None)
