"""Measures of equality (均等化) between places or groups: how far apart rates lie, who makes the gap, how it moved.

Plain numbers in, floats out, for show and explanation; none of these ever decides a light. A place's rate is its
numerator ÷ its denominator × scale, the mean rate the ratio of the sums, a place's weight its share of the
denominators: y_i, μ, p_i of catalogue 6.3, whose formulas these are. Standard definitions: weighted coefficient of
variation, Gini, Theil's T and L (Theil 1967; decomposition: Shorrocks 1980). Population deviation throughout.

Places with a denominator under LEAST are left out of every measure (小分母不计); fewer than two places: NaN (–).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, log, nan, sqrt

LEAST = 30
COLUMNS = ("mean", "lowest", "highest", "range", "ratio", "cv", "evenness", "gini", "theil_t", "theil_l", "places")

Places = Mapping[Hashable, tuple[float | None, float]]
"""Place → (numerator, denominator); a numerator of None leaves it out."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A place that counts, with its share of the denominators."""

    place: Hashable
    numerator: float
    denominator: float
    rate: float
    weight: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Theil's T of all places in two parts that add up to it: between the groups and within them."""

    total: float
    between: float
    within: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a place adds to the spread: `share` of Σ p (y−μ)², with `gap` = y − μ."""

    place: Hashable
    share: float
    gap: float
    weight: float


def rates(places: Places, scale: float = 100.0) -> list[Rated]:
    """The places that count, in their order."""
    counted = [(place, n, m) for place, (n, m) in places.items() if n is not None and m >= LEAST]
    whole = fsum(m for _place, _n, m in counted)
    return [Rated(place, n, m, n / m * scale, m / whole) for place, n, m in counted]


def _mean(counted: Sequence[Rated]) -> float:
    return fsum(one.weight * one.rate for one in counted)


def measures(places: Places, scale: float = 100.0) -> dict[str, float]:
    """All measures of one month by name (COLUMNS). NaN where one is not defined.

    In the rate's unit: mean, lowest, highest, range. Without unit: ratio (highest ÷ lowest), cv, evenness (均等化系数,
    1 − cv, not below 0), gini, theil_t, theil_l; `places` counts those that counted.
    """
    counted = rates(places, scale)
    nothing = dict.fromkeys(COLUMNS, nan) | {"places": float(len(counted))}
    if len(counted) < 2:
        return nothing
    mean = _mean(counted)
    lowest, highest = min(one.rate for one in counted), max(one.rate for one in counted)
    found = nothing | {
        "mean": mean,
        "lowest": lowest,
        "highest": highest,
        "range": highest - lowest,
        "ratio": highest / lowest if lowest > 0 else nan,
    }
    if mean <= 0 or lowest < 0:
        return found
    cv = sqrt(fsum(one.weight * (one.rate - mean) ** 2 for one in counted)) / mean
    apart = fsum(one.weight * other.weight * abs(one.rate - other.rate) for one in counted for other in counted)
    return found | {
        "cv": cv,
        "evenness": max(0.0, 1 - cv),
        "gini": apart / (2 * mean),
        "theil_t": theil_t([(one.rate, one.weight) for one in counted]),
        "theil_l": fsum(one.weight * log(mean / one.rate) for one in counted) if lowest > 0 else nan,
    }


def theil_t(pairs: Sequence[tuple[float, float]]) -> float:
    """Σ p (y/μ) ln(y/μ) of (rate, weight) with weights that add up to 1; a rate of 0 adds nothing."""
    mean = fsum(weight * rate for rate, weight in pairs)
    return fsum(weight * rate / mean * log(rate / mean) for rate, weight in pairs if rate > 0)


def decompose(places: Places, groups: Mapping[Hashable, object], scale: float = 100.0) -> Decomposition | None:
    """Theil's T by groups (城乡): Σ s_g T_g within, Σ s_g ln(μ_g/μ) between, with s_g = p_g μ_g/μ.

    `groups` names each place's group. None where it is not defined.
    """
    counted = rates(places, scale)
    if len(counted) < 2:
        return None
    mean = _mean(counted)
    if mean <= 0 or min(one.rate for one in counted) < 0:
        return None
    members: dict[object, list[Rated]] = defaultdict(list)
    for one in counted:
        members[groups[one.place]].append(one)
    between = within = 0.0
    for group in members.values():
        share = fsum(one.weight for one in group)
        its_mean = _mean(group) / share
        if its_mean > 0:
            income = share * its_mean / mean
            between += income * log(its_mean / mean)
            within += income * theil_t([(one.rate, one.weight / share) for one in group])
    return Decomposition(theil_t([(one.rate, one.weight) for one in counted]), between, within)


def series(months: Mapping[int, Places], scale: float = 100.0) -> dict[int, dict[str, float]]:
    """The measures month by month, in order."""
    return {month: measures(months[month], scale) for month in sorted(months)}


def contributions(places: Places, scale: float = 100.0) -> list[Contribution]:
    """What each place adds to the spread, the largest share first.

    Shares add up to 1; all are 0 where every rate is the same.
    """
    counted = rates(places, scale)
    mean = _mean(counted)
    spread = {one.place: one.weight * (one.rate - mean) ** 2 for one in counted}
    whole = fsum(spread.values())
    found = [
        Contribution(one.place, spread[one.place] / whole if whole > 0 else 0.0, one.rate - mean, one.weight)
        for one in counted
    ]
    return sorted(found, key=lambda one: -one.share)


@dataclass(frozen=True, slots=True)
class Movement:
    """How the gap between the weak and the strong moved between two months, in points of the rate.

    The weak are the places below the mean of the earlier month, the strong the others; each side's rate is the ratio of
    its sums. `weak` and `strong`: how much each rose; `gap`: the gap's change, strong − weak.
    """

    weak: float
    strong: float

    @property
    def gap(self) -> float:
        return self.strong - self.weak

    @property
    def kind(self) -> str:
        """Why it moved: 'weak_rose', 'strong_fell', 'weak_fell', 'strong_rose', or 'same'.

        Of the two movements the larger one in the direction of the change names it.
        """
        if abs(self.gap) < 1e-9:
            return "same"
        if self.gap < 0:
            return "weak_rose" if self.weak >= -self.strong else "strong_fell"
        return "strong_rose" if self.strong >= -self.weak else "weak_fell"


def movement(then: Places, now: Places, *, rising: bool = True, scale: float = 100.0) -> Movement | None:
    """The movement between two months.

    Only places that count in both are compared. `rising`: a higher rate is better; else the weak are those above the
    mean, and rising means falling. None with fewer than two places, or where all stood alike.
    """
    before = {one.place: one for one in rates(then, scale)}
    after = {one.place: one for one in rates(now, scale)}
    both = [place for place in before if place in after]
    if len(both) < 2:
        return None
    mean = _joint(before, both, scale)
    weak = [place for place in both if (before[place].rate < mean if rising else before[place].rate > mean)]
    strong = [place for place in both if place not in weak]
    if not weak or not strong:
        return None
    sign = 1 if rising else -1
    return Movement(
        sign * (_joint(after, weak, scale) - _joint(before, weak, scale)),
        sign * (_joint(after, strong, scale) - _joint(before, strong, scale)),
    )


def _joint(found: Mapping[Hashable, Rated], places: Sequence[Hashable], scale: float) -> float:
    """The ratio of the sums of these places."""
    numerator = fsum(found[place].numerator for place in places)
    return numerator / fsum(found[place].denominator for place in places) * scale


# --- 实现度: exact, since a target's fulfilment is read to the decimal ---

HUNDRED = Fraction(100)


def realisation(value: Fraction, standard: Fraction, *, rising: bool = True) -> Fraction:
    """实现度 of one indicator in per cent, 0 to 100 (全面建设小康社会统计监测方案 2008; catalogue 6.2).

    Rising (正指标): value ÷ standard; falling (逆指标): standard ÷ value, a value of 0 or less being wholly realised.
    """
    if not rising:
        return HUNDRED if value <= 0 else min(HUNDRED, max(Fraction(0), standard) / value * HUNDRED)
    if standard <= 0:
        return HUNDRED if value >= standard else Fraction(0)
    return min(HUNDRED, max(Fraction(0), value / standard * HUNDRED))


def composite(parts: Mapping[str, Fraction | None], weights: Mapping[str, Fraction]) -> Fraction | None:
    """The weighted mean of the realisations there are; weights are normalised over them. None where there is none."""
    known = {code: value for code, value in parts.items() if value is not None and weights.get(code, Fraction(0)) > 0}
    whole = sum((weights[code] for code in known), Fraction(0))
    if not whole:
        return None
    return sum((weights[code] * value for code, value in known.items()), Fraction(0)) / whole
