"""A ratio's shortfall in people, and a county's target divided among towns; worked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis.formula import parse
from indicators.analysis.routes import Routes, is_part, routes
from indicators.analysis.shares import Indivisible, difference, divide

SIXTY = Fraction(60, 100)


def test_the_plans_60_per_cent_takes_4000_transfers_or_10000_newly_insured():
    assert routes(Fraction(32_000), Fraction(60_000), SIXTY, part=True) == Routes(shift=4_000, join=10_000)


def test_where_the_denominator_is_counted_apart_only_shifting_helps():
    assert routes(Fraction(31_400), Fraction(33_000), Fraction(97, 100)) == Routes(shift=610, join=None)


def test_visual_mds_sentence_13160_transfers_or_32900_newly_insured():
    # 103,840 of 195,000 are 53.25 %; 60 % are 117,000
    assert routes(Fraction(103_840), Fraction(195_000), SIXTY, part=True) == Routes(shift=13_160, join=32_900)


@pytest.mark.parametrize(
    ("numerator", "denominator", "part"),
    [
        ("D31", "D31 + D32", True),
        ("D32", "D31 + (D32 + D33)", True),
        ("D31[active]", "D31[active] + D32[paying]", True),
        ("D31[active]", "D31", True),  # a category of it
        ("D31", "D31[active] + D32", False),  # the whole is not part of its category
        ("D31 + D41", "D41 + D42 + D31", True),
        ("D31 + D41", "D31 + D42", False),
        ("D23", "D22", False),  # 就业 of 劳动者: a part by its meaning, not by the formula
        ("D31", "D32 - D31", False),
        ("D31 - D33", "D31 + D32", False),
        ("D31", "D31 + D31", False),  # a newcomer would count twice
        ("D31 * 2", "D31 + D32", False),
        ("D72", "D72 / W01", False),
        ("P01", "P01 + P02", False),  # projects are nobody
    ],
)
def test_newcomers_are_a_way_only_where_the_formula_counts_them_below_too(numerator, denominator, part):
    assert is_part(parse(numerator), parse(denominator)) is part


def test_a_reached_ratio_needs_nobody_and_a_hundred_per_cent_cannot_be_reached_by_newcomers():
    assert routes(Fraction(36_000), Fraction(60_000), SIXTY, part=True) == Routes(0, 0)
    assert routes(Fraction(7), Fraction(10), Fraction(1), part=True) == Routes(3, None)
    assert routes(Fraction(0), Fraction(0), SIXTY, part=True) == Routes(None, None)


def test_a_ceiling_counts_those_who_must_leave():
    # 330 of 10,000 unemployed, at most 3 %: 30 find work here; or 31 leave the register (299 of 9,969 is 2.9993 %)
    found = routes(Fraction(330), Fraction(10_000), Fraction(3, 100), falling=True, part=True)
    assert found == Routes(shift=30, join=31)


@given(st.integers(0, 300), st.integers(1, 300), st.integers(1, 99))
def test_the_least_number_reaches_and_one_fewer_does_not(numerator, others, per_cent):
    target, whole = Fraction(per_cent, 100), numerator + others
    found = routes(Fraction(numerator), Fraction(whole), target, part=True)
    for number, grown in ((found.shift, 0), (found.join, 1)):
        if number is None:
            continue
        reached = [Fraction(numerator + n, whole + n * grown) >= target for n in (number, number - 1)]
        assert reached == [True, False] or (number == 0 and reached[0])


def test_shares_follow_the_weights_and_the_steps_left_over_go_to_the_largest_remainders():
    # 100 by 1 : 1 : 1: each 33, one left; equal remainders and weights: the smaller key
    assert divide(Decimal(100), {1: Fraction(1), 2: Fraction(1), 3: Fraction(1)}) == {1: 34, 2: 33, 3: 33}
    # 10 by 55 : 27 : 18: 5.5, 2.7, 1.8 → 5, 2, 1 and two left to 1.8 and 2.7
    assert divide(Decimal(10), {1: Fraction(55), 2: Fraction(27), 3: Fraction(18)}) == {1: 5, 2: 3, 3: 2}
    assert divide(Decimal("1.5"), {1: Fraction(2), 2: Fraction(1)}, decimals=1) == {
        1: Decimal("1.0"),
        2: Decimal("0.5"),
    }


def test_what_cannot_be_divided_says_why():
    with pytest.raises(Indivisible, match="权数都是 0"):
        divide(Decimal(10), {1: Fraction(0), 2: Fraction(-4)})
    with pytest.raises(Indivisible, match="小数位"):
        divide(Decimal("0.5"), {1: Fraction(1)})


def test_shares_by_hand_say_what_is_missing():
    assert difference(Decimal(6800), {1: Decimal(3000), 2: Decimal(3700)}) == 100


@given(st.integers(0, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=9).filter(any), st.integers(0, 2))
def test_shares_always_add_up_and_none_is_a_step_away_from_its_due(total, weights, decimals):
    whole = Decimal(total).scaleb(-decimals)
    shares = divide(whole, {key: Fraction(weight) for key, weight in enumerate(weights)}, decimals=decimals)
    assert sum(shares.values()) == whole
    for key, share in shares.items():
        due = Fraction(whole) * weights[key] / sum(weights)
        assert abs(Fraction(share) - due) < Fraction(1, 10**decimals)
