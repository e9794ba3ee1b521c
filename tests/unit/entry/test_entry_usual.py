"""What is usual for a figure by its own past: worked by hand, and what holds for every series."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.entry.usual import after, band, median, past_steps, step, usual

COUNTS = st.lists(st.integers(0, 10**6), min_size=8, max_size=30)


def series(values, first=100) -> dict[int, Decimal]:
    return {first + at: Decimal(value) for at, value in enumerate(values)}


def test_the_median_is_the_middle_one_or_between_the_two_in_the_middle():
    assert median([F(5), F(1), F(3)]) == 3
    assert median([F(4), F(1), F(3), F(10)]) == F(7, 2)
    with pytest.raises(ValueError, match="no values"):
        median([])


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        (50, 100, F(1, 3)),
        (100, 50, F(-1, 3)),
        (3, 30, F(9, 11)),
        (0, 7, F(1)),
        (7, 0, F(-1)),
        (0, 0, F(0)),
        (9, 9, F(0)),
    ],
)
def test_a_step_is_the_change_as_a_share_of_both(before, now, moved):
    assert step(Decimal(before), Decimal(now)) == moved
    assert step(Decimal(before) / 8, Decimal(now) / 8) == moved  # in another unit


def test_a_step_leads_back_to_where_it_went():
    assert after(Decimal(50), F(1, 3)) == 100
    assert after(Decimal(100), F(-1, 3)) == 50
    assert after(Decimal(7), F(-1)) == 0
    assert after(Decimal(0), F(1)) is None  # from nothing to any number


def test_the_usual_band_is_not_moved_by_one_outlier():
    # Median 3; distances 2 0 1 1 97, their median 1: 1.4826 on either side, twice that with two deviations.
    found = band([F(1), F(3), F(2), F(4), F(100)], F(2), F(0))
    assert (found.low, found.high) == (3 - F(14826, 5000), 3 + F(14826, 5000))


def test_where_nothing_ever_moved_the_least_spread_stands_in():
    found = band([F(0)] * 6, F(2))
    assert (found.low, found.high) == (F(-2, 100), F(2, 100))


def test_past_steps_leave_out_the_month_itself_holes_and_the_zeros_before_the_beginning():
    found = past_steps(series([0, 0, 10, 20]) | {105: Decimal(30), 106: Decimal(90)}, 1, 106)
    assert found == {103: F(1, 3)}  # 104 has no value, 102 comes from nothing, 106 is the month asked about


def test_with_too_short_a_past_nothing_is_usual_yet():
    assert usual({1: F(0), 2: F(0)}, 3, F(3), 3) is None


def test_what_the_same_month_was_a_year_ago_is_usual_too():
    flat = dict.fromkeys(range(1, 13), F(0))
    plain = usual(flat, 14, F(2), 6)
    season = usual(flat | {2: F(1, 2)}, 14, F(2), 6)
    assert (plain.low, plain.high) == (F(-2, 100), F(2, 100))
    assert (season.low, season.high) == (F(-2, 100), F(1, 2) + F(2, 100))


@given(COUNTS, st.integers(1, 1000))
def test_the_unit_a_series_is_counted_in_makes_no_difference(values, factor):
    plain = past_steps(series(values), 1, 200)
    assert past_steps(series([value * factor for value in values]), 1, 200) == plain


@given(COUNTS, st.integers(1, 5))
def test_the_median_of_the_past_is_always_usual_and_more_deviations_allow_more(values, deviations):
    past = list(past_steps(series([value + 1 for value in values]), 1, 200).values())
    narrow, wide = band(past, F(deviations)), band(past, F(deviations + 1))
    assert narrow.holds(median(past))
    assert (wide.low < narrow.low, wide.high > narrow.high) == (True, True)


@given(st.integers(1, 10**6), st.integers(8, 30))
def test_a_series_that_never_moved_goes_on_being_usual(value, length):
    found = usual(past_steps(series([value] * length), 1, 200), 200, F(3), 6)
    assert found.holds(step(Decimal(value), Decimal(value)))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_there_and_back_are_opposite_steps_within_one(before, now):
    there = step(Decimal(before), Decimal(now))
    assert there == -step(Decimal(now), Decimal(before))
    assert -1 <= there <= 1
