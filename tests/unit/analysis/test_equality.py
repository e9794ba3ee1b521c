"""Measures of equality against numbers worked by hand or published, and against their formulas written out plainly."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis import equality


def places(*pairs: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["numerator", "denominator"], index=range(1, len(pairs) + 1))


def test_two_towns_of_the_lesson_have_the_rate_of_their_sums_not_the_mean_of_their_rates():
    found = equality.measures(places((980, 1000), (90, 120)))
    assert found["mean"] == pytest.approx(95.5357142857)  # 1,070 of 1,120
    assert (found["lowest"], found["highest"], found["range"]) == (75.0, 98.0, 23.0)
    assert found["ratio"] == pytest.approx(98 / 75)
    # p = 1000/1120 and 120/1120; deviations 2.4643 and −20.5357: variance 50.606, CV 7.1138 / 95.5357
    assert found["cv"] == pytest.approx(0.0744622, abs=1e-6)
    assert found["evenness"] == pytest.approx(1 - 0.0744622, abs=1e-6)


def test_gini_and_theil_of_one_to_five_are_the_textbook_values():
    found = equality.measures(places(*((value * 10, 1000) for value in (1, 2, 3, 4, 5))))
    assert found["gini"] == pytest.approx(4 / 15)  # 0.2667
    assert found["theil_t"] == pytest.approx(0.1196876, abs=1e-6)  # (ln ⅓ + 2 ln ⅔ + 4 ln 4/3 + 5 ln 5/3) / 15
    assert found["theil_l"] == pytest.approx(math.log(3) - math.log(120) / 5)
    assert found["cv"] == pytest.approx(math.sqrt(2) / 3)  # population deviation


def test_equal_rates_have_no_spread_and_a_zero_rate_has_no_theil_l():
    same = equality.measures(places((50, 100), (500, 1000)))
    assert (same["cv"], same["gini"], same["theil_t"], same["evenness"]) == pytest.approx((0, 0, 0, 1), abs=1e-12)
    zero = equality.measures(places((0, 100), (50, 100)))
    assert math.isnan(zero["theil_l"])
    assert math.isnan(zero["ratio"])
    assert zero["theil_t"] == pytest.approx(math.log(2))  # all on one of two equal places


def test_a_small_denominator_is_left_out_and_one_place_has_no_measure():
    found = equality.measures(places((29, 29), (50, 100), (60, 100)))
    assert (found["places"], found["highest"]) == (2, 60)
    alone = equality.measures(places((30, 30), (5, 29)))
    assert alone["places"] == 1
    assert math.isnan(alone["cv"])
    assert math.isnan(alone["mean"])


def test_theil_is_the_sum_of_between_and_within_urban_and_rural():
    frame = places((90, 100), (80, 100), (40, 100), (30, 100))
    found = equality.decompose(frame, ["urban", "urban", "rural", "rural"])
    # mean 60; urban 85 (share of the sum 170/240), rural 35 (70/240)
    between = 170 / 240 * math.log(85 / 60) + 70 / 240 * math.log(35 / 60)
    assert found.between == pytest.approx(between)
    assert found.between + found.within == pytest.approx(found.total)
    assert found.total == pytest.approx(equality.measures(frame)["theil_t"])


def test_the_town_that_makes_most_of_the_gap_comes_first():
    found = equality.contributions(places((60, 100), (60, 100), (30, 100)))
    # mean 50; deviations 10, 10, −20: 100, 100, 400 of 600
    assert list(found.index) == [3, 1, 2]
    assert list(found["share"]) == pytest.approx([4 / 6, 1 / 6, 1 / 6])
    assert list(found["gap"]) == pytest.approx([-20, 10, 10])


@pytest.mark.parametrize(
    ("weak", "strong", "kind"),
    [(50, 80, "weak_rose"), (40, 70, "strong_fell"), (30, 80, "weak_fell"), (40, 90, "strong_rose"), (50, 90, "same")],
)
def test_why_the_gap_moved(weak, strong, kind):
    found = equality.movement(places((40, 100), (80, 100)), places((weak, 100), (strong, 100)))
    assert (found.weak, found.strong, found.kind) == pytest.approx((weak - 40, strong - 80, kind))


def test_for_a_rate_that_should_fall_the_weak_are_the_high_ones():
    found = equality.movement(places((4, 100), (2, 100)), places((3, 100), (2, 100)), rising=False)
    assert (found.weak, found.strong, found.kind) == (pytest.approx(1), 0, "weak_rose")


def test_the_series_has_a_row_a_month():
    panel = pd.DataFrame(
        [(1, 50, 100), (1, 70, 100), (2, 60, 100), (2, 70, 100)], columns=["month", "numerator", "denominator"]
    )
    found = equality.series(panel)
    assert list(found.index) == [1, 2]
    assert list(found["range"]) == [20, 10]
    assert list(found["mean"]) == [60, 65]


PAIRS = st.lists(st.tuples(st.integers(0, 400), st.integers(30, 400)), min_size=2, max_size=9).filter(
    lambda pairs: any(n for n, _ in pairs)
)


@given(PAIRS)
def test_measures_agree_with_their_formulas_written_out(pairs):
    whole = sum(m for _, m in pairs)
    rate, weight = [n / m for n, m in pairs], [m / whole for _, m in pairs]
    mean = sum(p * y for p, y in zip(weight, rate, strict=True))
    found = equality.measures(places(*pairs), scale=1)
    assert found["mean"] == pytest.approx(mean)
    cv = math.sqrt(sum(p * (y - mean) ** 2 for p, y in zip(weight, rate, strict=True))) / mean
    assert found["cv"] == pytest.approx(cv, abs=1e-9)
    pairs_of = [
        (p * q, abs(y - z)) for p, y in zip(weight, rate, strict=True) for q, z in zip(weight, rate, strict=True)
    ]
    assert found["gini"] == pytest.approx(sum(w * d for w, d in pairs_of) / (2 * mean), abs=1e-9)
    theil = sum(p * y / mean * math.log(y / mean) for p, y in zip(weight, rate, strict=True) if y)
    assert found["theil_t"] == pytest.approx(theil, abs=1e-9)
    assert found["theil_t"] >= -1e-12


@pytest.mark.parametrize(
    ("value", "standard", "rising", "expected"),
    [
        (48, 60, True, 80),
        (66, 60, True, 100),
        (0, 60, True, 0),
        (4, 3, False, 75),
        (2, 3, False, 100),
        (-1, 10, False, 100),  # residents better off than employees
        (0, 0, False, 100),  # no household left
        (0, 0, True, 100),
    ],
)
def test_realisation(value, standard, rising, expected):
    assert equality.realisation(Fraction(value), Fraction(standard), rising=rising) == expected


def test_the_composite_leaves_out_what_is_missing_and_normalises_the_weights():
    parts = {"A04": Fraction(90), "A05a": Fraction(60), "A09": None}
    weights = {"A04": Fraction(2), "A05a": Fraction(1), "A09": Fraction(7)}
    assert equality.composite(parts, weights) == 80
    assert equality.composite({"A09": None}, weights) is None
