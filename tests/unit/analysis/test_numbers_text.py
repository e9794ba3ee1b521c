"""How stored numbers read on a page."""

import pytest

from indicators.analysis.numbers_text import print_against, print_units


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (0, 0, "0"),
        (0, 2, "0.00"),
        (68_000_000, 0, "6,800"),
        (12_345_678, 2, "1,234.57"),
        (955_357, 2, "95.54"),
        (25_000, 0, "3"),
        (-25_000, 0, "\u22123"),
        (-12_345_678, 1, "\u22121,234.6"),
        (-40, 2, "0.00"),
        (-50, 2, "\u22120.01"),
        (50, 2, "0.01"),
        (1, 4, "0.0001"),
        (1, 6, "0.000100"),
        (10**15, 0, "100,000,000,000"),
    ],
)
def test_a_number_is_printed_with_thousands_and_a_real_minus(units, decimals, text):
    assert print_units(units, decimals) == text


def test_negative_decimals_are_refused():
    with pytest.raises(ValueError, match="decimals"):
        print_units(1, -1)


@pytest.mark.parametrize(
    ("units", "target", "decimals", "text"),
    [
        (969_960, 970_000, 2, "96.996"),
        (970_000, 970_000, 2, "97.00"),
        (969_900, 970_000, 2, "96.99"),
        (969_999, 970_000, 2, "96.9999"),
        (970_001, 970_000, 0, "97.0001"),
        (30_040, 30_000, 2, "3.004"),
        (829_999, 970_000, 2, "83.00"),
    ],
)
def test_what_has_not_reached_its_target_never_reads_like_it(units, target, decimals, text):
    assert print_against(units, target, decimals) == text
