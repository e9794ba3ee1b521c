"""同比 and 环比: a rate moves by points, a sum in per cent."""

from __future__ import annotations

from fractions import Fraction

import pytest

from indicators.analysis.changes import change


@pytest.mark.parametrize(
    ("now", "before", "in_per_cent", "expected"),
    [
        ("97", "96", False, "1"),  # one point; 1.04 % would be wrong
        ("8.9", "8.9", False, "0"),
        ("-1.5", "2", False, "-3.5"),  # a gap that turned
        ("4100", "3600", True, "125/9"),
        ("3600", "3600", True, "0"),
        ("0", "50", True, "-100"),
    ],
)
def test_the_change_is_exact(now, before, in_per_cent, expected):
    assert change(Fraction(now), Fraction(before), in_per_cent=in_per_cent) == Fraction(expected)


@pytest.mark.parametrize(("now", "before"), [(None, Fraction(1)), (Fraction(1), None)])
def test_without_both_there_is_no_change(now, before):
    assert change(now, before, in_per_cent=False) is None


def test_per_cent_is_taken_of_nothing_that_is_0_or_less():
    assert change(Fraction(5), Fraction(0), in_per_cent=True) is None
    assert change(Fraction(5), Fraction(-5), in_per_cent=True) is None
    assert change(Fraction(5), Fraction(0), in_per_cent=False) == 5
