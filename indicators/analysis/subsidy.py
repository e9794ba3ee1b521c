"""The second subsidy of serious-illness insurance (大病保险二次补助), to the fen; plan clause 四(四)2.

「对符合基本医疗保险规定的住院医疗费用，自付在1.5万元以上的，实行二次补助制度：对1.5万元以上5万元以下的补助55%，
5万元以上的补助70%。」 Amounts are Decimal yuan with at most two decimals, rates Decimal per cent. Everything is worked
out in whole fen and exact fractions, and rounded half up to the fen once, at the end.

What the sentence leaves open, and what is done here:
(a) how a band is paid: `mode` segmented (each part at its band's rate, the natural reading, continuous), whole (the
    whole amount at the rate of the band it lies in, a cliff) or excess (all above the lower threshold at that rate);
(b) per year, per stay or per illness: `accumulation` says what is one case, by default all stays of a settlement year;
(c) what 自付 covers (自理, 自费, 起付线): the amount is taken as given;
(d) a cap: `cap` on each case, none unless the scheme has one;
(e) before or after 医疗救助 and supplements, (g) special drugs: not looked at;
(f) exactly 15,000 or 50,000: no matter when segmented; whole and excess take 以上 to include the number;
(h) outpatient chronic care: the plan says 住院, so it is not counted;
(i) a change of scheme within a year, (k) the day it begins: the scheme valid on the settlement day;
(j) from which fund the 30 yuan a head come: not part of the sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

FEN = 100
LARGEST = Decimal("99999999.99")  # yuan: no year's hospital bill is as large


class Mode(StrEnum):
    """The three readings of the sentence."""

    SEGMENTED = "segmented"
    WHOLE = "whole"
    EXCESS = "excess"


class Accumulation(StrEnum):
    """What is one case: all stays of a settlement year together, or each stay."""

    YEAR = "year"
    STAY = "stay"


class Problem(StrEnum):
    """Why an amount or a scheme is refused."""

    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    DECIMALS = "decimals"
    TOO_LARGE = "too_large"
    SCHEME = "scheme"


class SubsidyError(ValueError):
    """An amount that cannot be taken, or a scheme that makes no sense; `problem` says which rule."""

    def __init__(self, problem: Problem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True)
class Scheme:
    """What is paid from where on: `rates[i]` per cent above `thresholds[i]` yuan; thresholds rise."""

    thresholds: tuple[Decimal, ...]
    rates: tuple[Decimal, ...]
    cap: Decimal | None = None
    mode: Mode = Mode.SEGMENTED
    accumulation: Accumulation = Accumulation.YEAR

    def __post_init__(self) -> None:
        if not self.thresholds or len(self.thresholds) != len(self.rates):
            raise SubsidyError(Problem.SCHEME, "a scheme has one rate a threshold, and at least one")
        fen = [fen_of(value) for value in self.thresholds]
        if any(low >= high for low, high in pairwise(fen)):
            raise SubsidyError(Problem.SCHEME, "the thresholds of a scheme rise")
        for rate in self.rates:
            if not isinstance(rate, Decimal) or not rate.is_finite() or not 0 <= rate <= 100:
                raise SubsidyError(Problem.SCHEME, "a rate is a Decimal from 0 to 100 per cent")
        if self.cap is not None:
            fen_of(self.cap)
        Mode(self.mode)
        Accumulation(self.accumulation)


@dataclass(frozen=True)
class Segment:
    """One band: from `low` to `high` yuan (None: without end), the `amount` paid for in it, its rate in per cent.

    `subsidy` is exact, in yuan; only the total is rounded.
    """

    low: Decimal
    high: Decimal | None
    amount: Decimal
    rate: Decimal
    subsidy: Fraction


@dataclass(frozen=True)
class Breakdown:
    """An amount with its bands; `subsidy` in yuan to the fen, and what is `left` to pay."""

    own_payment: Decimal
    segments: tuple[Segment, ...]
    subsidy: Decimal
    left: Decimal
    capped: bool


def subsidy(own_payment: Decimal, scheme: Scheme) -> Breakdown:
    """The subsidy for one case: what a person paid himself (自付) of the hospital costs that count, in a year.

    SubsidyError for what is no Decimal or int, not finite, negative, with more than two decimals, or over LARGEST.
    """
    paid = fen_of(own_payment)
    amounts = _amounts(paid, [fen_of(value) for value in scheme.thresholds], Mode(scheme.mode))
    ends = [*scheme.thresholds[1:], None]
    segments = tuple(
        Segment(low, high, yuan_of(amount), rate, Fraction(amount, FEN) * Fraction(rate) / 100)
        for low, high, amount, rate in zip(scheme.thresholds, ends, amounts, scheme.rates, strict=True)
    )
    total = half_up(Fraction(sum(segment.subsidy for segment in segments)) * FEN)
    most = None if scheme.cap is None else fen_of(scheme.cap)
    capped = most is not None and total > most
    total = most if most is not None and capped else total
    return Breakdown(yuan_of(paid), segments, yuan_of(total), yuan_of(paid - total), capped)


def settled(stays: Sequence[Decimal], scheme: Scheme) -> Breakdown:
    """The subsidy for the stays of one person and year, added up as the scheme says.

    Stay by stay each is a case of its own: rounded, and capped, by itself; bands and sums are those of all of them.
    """
    whole = subsidy(sum(stays, Decimal(0)), scheme)
    if scheme.accumulation is Accumulation.YEAR or len(stays) < 2:
        return whole
    each = [subsidy(stay, scheme) for stay in stays]
    segments = tuple(
        replace(
            bands[0],
            amount=sum((one.amount for one in bands), Decimal(0)),
            subsidy=sum((one.subsidy for one in bands), Fraction(0)),
        )
        for bands in zip(*(one.segments for one in each), strict=True)
    )
    total = sum((one.subsidy for one in each), Decimal(0))
    return Breakdown(whole.own_payment, segments, total, whole.own_payment - total, any(one.capped for one in each))


def _amounts(paid: int, thresholds: list[int], mode: Mode) -> list[int]:
    """How many fen each band's rate is paid on."""
    if mode is Mode.SEGMENTED:
        ends: list[int | float] = [*thresholds[1:], math.inf]
        return [int(max(0, min(paid, high) - low)) for low, high in zip(thresholds, ends, strict=True)]
    reached = sum(paid >= threshold for threshold in thresholds)
    counted = paid if mode is Mode.WHOLE else paid - thresholds[0]
    return [counted if band == reached else 0 for band in range(1, len(thresholds) + 1)]


def fen_of(amount: object) -> int:
    """Yuan as whole fen; SubsidyError for what is no amount."""
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int)):
        raise SubsidyError(Problem.NOT_A_NUMBER, "an amount is a Decimal or an int, in yuan")
    value = Decimal(amount)
    if not value.is_finite():
        raise SubsidyError(Problem.NOT_A_NUMBER, "an amount is a finite number")
    if value < 0:
        raise SubsidyError(Problem.NEGATIVE, "an amount is not negative")
    if value > LARGEST:
        raise SubsidyError(Problem.TOO_LARGE, f"an amount is at most {LARGEST}")
    fen = Fraction(value) * FEN
    if fen.denominator != 1:
        raise SubsidyError(Problem.DECIMALS, "an amount has at most two decimals")
    return fen.numerator


def yuan_of(fen: int) -> Decimal:
    """Whole fen as yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def half_up(value: Fraction) -> int:
    """The nearest whole number, a half upwards; for what is not negative."""
    return math.floor(value + Fraction(1, 2))
