"""Ratios of two columns beside the cells: exact, half rounded up, a ratio of sums, nothing where a part is missing."""

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.entry.layout import Cell, CellKey, Column, Row
from indicators.entry.ratios import Ratio, placed, shown

VILLAGE = frozenset({"village"})
WORK, ALL, MORE = (Column(item=item, name=item, unit="人", levels=VILLAGE) for item in ("D23", "D22", "D25"))
RATE = Ratio("A04", "就业率", "%", WORK, ALL, Fraction(100), 2)
E1, E2 = Row("330424101201", "永庆村", "village"), Row("330424101202", "聚金村", "village")


def cells(*found: tuple[Row, str, str | None]) -> dict[CellKey, Cell]:
    return {CellKey(row.area, item): Cell(None if value is None else Decimal(value)) for row, item, value in found}


def test_one_row_is_the_numerator_over_the_denominator():
    assert RATE.of([E1], cells((E1, "D23", "1012"), (E1, "D22", "1246"))) == "81.22"
    assert RATE.of([E1], cells((E1, "D23", "1326"), (E1, "D22", "1298"))) == "102.16"


def test_several_rows_are_a_ratio_of_sums_not_a_mean_of_ratios():
    found = cells((E1, "D23", "1"), (E1, "D22", "1"), (E2, "D23", "1"), (E2, "D22", "3"))
    assert RATE.of([E1, E2], found) == "50.00"  # the mean of 100 and 33.33 would be 66.67


@pytest.mark.parametrize("under", ["0", None])
def test_nothing_is_shown_where_nothing_can_be_divided(under):
    assert RATE.of([E1], cells((E1, "D23", "5"), (E1, "D22", under))) == ""
    assert RATE.of([E1], cells((E1, "D23", "5"))) == ""
    assert RATE.of([E1, E2], cells((E1, "D23", "5"), (E1, "D22", "6"))) == ""


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(1, 8), 2, "0.13"), (Fraction(-1, 8), 2, "−0.13"), (Fraction(2, 3), 0, "1"),
        (Fraction(1_234_567, 1), 1, "1,234,567.0"), (Fraction(-1, 1000), 2, "0.00"), (Fraction(5, 1000), 2, "0.01"),
    ],
)  # fmt: skip
def test_halves_are_rounded_up(value, decimals, text):
    assert shown(value, decimals) == text


def test_a_ratio_stands_after_the_later_of_its_columns():
    assert placed([ALL, WORK, MORE], [RATE]) == [ALL, WORK, RATE, MORE]
    assert placed([WORK, MORE, ALL], [RATE]) == [WORK, MORE, ALL, RATE]
