"""Exact arrays: the arithmetic of fractions, the reason for an empty cell, and rounding for storage."""

from decimal import ROUND_05UP, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis.exact import Exact, round_05up_fraction
from indicators.analysis.kinds import State
from indicators.analysis.numbers_text import print_units

OK, NO_DATA, ZERO_ZERO, OVER_ZERO, NOT_HERE = (
    State.OK,
    State.NO_DATA,
    State.ZERO_OVER_ZERO,
    State.OVER_ZERO,
    State.NOT_HERE,
)


def cell(content) -> Exact:
    return Exact.of_fractions([[content]])


def content(exact: Exact, month: int = 0):
    """('value', Fraction) or ('empty', State); kept apart because State is an int and 1 == NO_DATA."""
    value = exact.fraction(0, month)
    return ("empty", exact.state(0, month)) if value is None else ("value", value)


def labelled(cell_content):
    return ("empty" if isinstance(cell_content, State) else "value", cell_content)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Fraction(5), Fraction(0), OVER_ZERO),
        (Fraction(-5), Fraction(0), OVER_ZERO),
        (Fraction(0), Fraction(0), ZERO_ZERO),
        (Fraction(0), Fraction(7), Fraction(0)),
        (Fraction(7), Fraction(-2), Fraction(-7, 2)),
        (NO_DATA, Fraction(0), NO_DATA),
        (Fraction(0), NO_DATA, NO_DATA),
        (NO_DATA, NOT_HERE, NOT_HERE),
        (NOT_HERE, NO_DATA, NOT_HERE),
        (OVER_ZERO, NO_DATA, NO_DATA),
        (OVER_ZERO, ZERO_ZERO, OVER_ZERO),
        (ZERO_ZERO, OVER_ZERO, ZERO_ZERO),
        (ZERO_ZERO, Fraction(1), ZERO_ZERO),
    ],
)
def test_a_quotient_or_the_reason_for_having_none(left, right, expected):
    assert content(cell(left) / cell(right)) == labelled(expected)


def test_figures_in_ten_thousandths_are_taken_at_their_worth():
    exact = Exact.of_units(np.array([[9_800_000, 1]], dtype=np.int64), np.zeros((1, 2), dtype=np.uint8))
    assert exact.fraction(0, 0) == 980
    assert exact.fraction(0, 1) == Fraction(1, 10_000)


def test_sums_beyond_sixty_four_bits_stay_exact():
    units = np.array([[2**62]], dtype=np.int64)
    exact = Exact.of_units(units, np.zeros((1, 1), dtype=np.uint8))
    assert (exact + exact + exact).fraction(0, 0) == Fraction(3 * 2**62, 10_000)


def test_stored_units_have_holes_where_there_is_no_value():
    exact = Exact.of_fractions([[Fraction(2, 3), NO_DATA], [Fraction(-1, 2), NOT_HERE]])
    assert exact.to_units().tolist() == [[6666, None], [-5000, None]]


@pytest.mark.parametrize(
    ("num", "den", "units"),
    [
        (97, 1, 970_000),
        (96_996, 1000, 969_960),
        (1, 3, 3333),
        (-1, 3, -3333),
        (1, -3, -3333),
        (1, 20_000, 1),  # 0.00005: the cut 0.0000 ends in 0 and is inexact
        (-1, 20_000, -1),
        (100_051, 200_000, 5002),  # 0.500255 is cut to 0.5002
        (200_011, 400_000, 5001),  # 0.5000275: cut to 0.5000, so away from zero
        (0, 5, 0),
    ],
)
def test_a_number_is_stored_so_that_printing_never_rounds_twice(num, den, units):
    assert round_05up_fraction(num, den) == units


FRACTIONS = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**7)
CELLS = FRACTIONS | st.integers(-3, 3).map(Fraction) | st.sampled_from([NO_DATA, NOT_HERE, ZERO_ZERO, OVER_ZERO])


def scalar(left, right, sign):
    """The same operation on one cell, written out."""
    for strong in (NOT_HERE, NO_DATA):
        if left is strong or right is strong:
            return strong
    for operand in (left, right):
        if isinstance(operand, State):
            return operand
    if sign == "/":
        if right == 0:
            return ZERO_ZERO if left == 0 else OVER_ZERO
        return left / right
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def array(left, right, sign):
    return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}[sign](right)


@given(CELLS, CELLS, CELLS, st.sampled_from("+-*/"), st.sampled_from("+-*/"))
def test_arrays_compute_what_single_fractions_compute(a, b, c, first, second):
    expected = scalar(scalar(a, b, first), c, second)
    assert content(array(array(cell(a), cell(b), first), cell(c), second)) == labelled(expected)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=5), st.sampled_from("+-*/"))
def test_cells_do_not_disturb_each_other(pairs, sign):
    row = array(Exact.of_fractions([[a for a, _ in pairs]]), Exact.of_fractions([[b for _, b in pairs]]), sign)
    for month, (a, b) in enumerate(pairs):
        assert content(row, month) == labelled(scalar(a, b, sign))


@given(FRACTIONS)
def test_rounding_agrees_with_the_decimal_module(value):
    with localcontext() as context:
        context.prec, context.rounding = 60, ROUND_05UP
        scaled = Decimal(value.numerator) * 10_000 / Decimal(value.denominator)
        assert round_05up_fraction(value.numerator, value.denominator) == int(scaled.quantize(Decimal(1)))


@given(FRACTIONS | st.fractions(-2, 2, max_denominator=20_000), st.integers(0, 3))
def test_printing_the_stored_number_is_printing_the_fraction(value, decimals):
    scaled = value * 10**decimals
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
    direct = (-whole if value < 0 else whole) * 10 ** (4 - decimals)
    assert print_units(round_05up_fraction(value.numerator, value.denominator), decimals) == print_units(
        direct, decimals
    )
    text = f"{abs(Decimal(direct).scaleb(-4)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"
    assert print_units(direct, decimals).removeprefix("\u2212") == text
