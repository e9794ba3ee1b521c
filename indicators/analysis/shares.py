"""Dividing a county's target among its towns (目标分解): shares in whole steps that add up to it. Pure and exact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from .kinds import N_


class Indivisible(ValueError):
    """There is nothing to divide by; the message says why, in Chinese."""


def divide(total: Decimal, weights: Mapping[int, Fraction], *, decimals: int = 0) -> dict[int, Decimal]:
    """Shares of `total` in proportion to the weights, rounded to `decimals` places, that add up to it exactly.

    By the largest remainder (Hamilton): each gets its share rounded down, the steps left over go to the largest
    remainders, among equals to the larger weight, then to the smaller key. Weights below 0 count as 0. Indivisible
    without a positive weight, or where `total` has more places than `decimals`.
    """
    step = Fraction(1, 10**decimals)
    steps = Fraction(total) / step
    if steps.denominator != 1 or steps < 0:
        raise Indivisible(N_("目标值的小数位多于允许的位数，或为负数，不能分解"))
    positive = {key: max(Fraction(0), Fraction(weight)) for key, weight in weights.items()}
    whole = sum(positive.values())
    if not whole:
        raise Indivisible(N_("没有可作分解依据的数：各地权数都是 0 或没有数"))
    exact = {key: steps * weight / whole for key, weight in positive.items()}
    given = {key: share.numerator // share.denominator for key, share in exact.items()}
    left = int(steps) - sum(given.values())
    order = sorted(exact, key=lambda key: (-(exact[key] - given[key]), -positive[key], key))
    for key in order[:left]:
        given[key] += 1
    return {key: Decimal(count).scaleb(-decimals) for key, count in given.items()}


def difference(total: Decimal, shares: Mapping[int, Decimal]) -> Decimal:
    """What shares set by hand are short of the total (above 0) or beyond it (below 0)."""
    return total - sum(shares.values(), Decimal(0))
