"""Equality between places: gap, ratio, variation, Gini, Theil and its parts, shares, 实现度 (catalogue 6.2, 6.3).

Rates, weights, ranges, shares and 实现度 exactly; only roots and logarithms are floats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt

LEAST = 30


@dataclass(frozen=True)
class Rate:
    """A place that counts."""

    place: str
    rate: Fraction
    weight: Fraction


def rates(places: Mapping[str, tuple[Fraction | None, Fraction]], scale: int) -> list[Rate]:
    counted = {place: pair for place, pair in places.items() if pair[0] is not None and pair[1] >= LEAST}
    people = sum(pair[1] for pair in counted.values())
    return [Rate(place, Fraction(n) / m * scale, Fraction(m) / people) for place, (n, m) in counted.items()]


def mean(found: Sequence[Rate]) -> Fraction:
    return sum((one.rate * one.weight for one in found), Fraction(0))


def theil(found: Sequence[Rate]) -> float:
    middle = mean(found)
    ratios = [(float(one.weight * one.rate / middle), float(one.rate / middle)) for one in found if one.rate > 0]
    return sum(share * log(ratio) for share, ratio in ratios)


def measures(found: Sequence[Rate]) -> dict[str, float]:
    """By the names the CSV has; only what is defined."""
    told: dict[str, float] = {"places": float(len(found))}
    if len(found) < 2:
        return told
    middle = mean(found)
    low, high = min(one.rate for one in found), max(one.rate for one in found)
    told |= {"mean": float(middle), "lowest": float(low), "highest": float(high), "range": float(high - low)}
    if low > 0:
        told["ratio"] = float(high / low)
    if middle <= 0 or low < 0:
        return told
    variation = sqrt(sum(one.weight * (one.rate - middle) ** 2 for one in found)) / float(middle)
    apart = sum(a.weight * b.weight * abs(a.rate - b.rate) for a in found for b in found)
    told |= {"cv": variation, "evenness": max(0.0, 1 - variation), "gini": float(apart / middle / 2)}
    told["theil_t"] = theil(found)
    if low > 0:
        told["theil_l"] = sum(float(one.weight) * log(middle / one.rate) for one in found)
    return told


def theil_parts(found: Sequence[Rate], groups: Mapping[str, str]) -> dict[str, float] | None:
    """Theil's T over the places, between their groups, and within them; None where it is not defined."""
    if len(found) < 2 or mean(found) <= 0 or min(one.rate for one in found) < 0:
        return None
    members = defaultdict(list)
    for one in found:
        members[groups[one.place]].append(one)
    between = within = 0.0
    for inside in members.values():
        people = sum(one.weight for one in inside)
        own = [Rate(one.place, one.rate, one.weight / people) for one in inside]
        share = float(people * mean(own) / mean(found))
        if share > 0:
            between += share * log(mean(own) / mean(found))
            within += share * theil(own)
    return {"total": theil(found), "between": between, "within": within}


def shares(found: Sequence[Rate]) -> dict[str, Fraction]:
    """What each place adds to the weighted squares around the mean."""
    middle = mean(found)
    squares = {one.place: one.weight * (one.rate - middle) ** 2 for one in found}
    whole = sum(squares.values())
    return {place: square / whole if whole else Fraction(0) for place, square in squares.items()}


def realised(value: Fraction, standard: Fraction, *, rising: bool) -> Fraction:
    """实现度 in per cent."""
    if rising and standard <= 0:
        return Fraction(100 if value >= standard else 0)
    if not rising and value <= 0:
        return Fraction(100)
    part = value / standard if rising else max(Fraction(0), standard) / value
    return max(Fraction(0), min(Fraction(1), part)) * 100


def weighted(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The mean of (value, weight)."""
    whole = sum(weight for _value, weight in pairs)
    return sum(value * weight for value, weight in pairs) / whole if whole else None
