"""Forecasts: short series, exact paths where the series leaves no choice, bands and back-test of long ones."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from indicators.analysis.forecast import DRAWS, forecast


def test_five_points_are_too_few_and_a_gap_begins_the_series_anew():
    assert forecast([1.0] * 5, 3) is None
    assert forecast([1, 2, 3, 4, 5, 6, None, 1, 2, 3, 4, 5], 3) is None
    assert forecast([1, None, 3, 4, 5, 6, 7, 8], 3) is not None
    assert forecast([1, 2, 3, 4, 5, 6, None], 3) is None
    assert forecast([1, 2, 3, 4, 5, 6], 0) is None


def test_a_level_that_always_rose_by_one_goes_on_so_and_surely_arrives():
    found = forecast([10, 11, 12, 13, 14, 15, 16], 4)
    assert found.method == "drawn"
    assert found.paths.shape == (DRAWS, 4)
    assert (found.paths == [17, 18, 19, 20]).all()
    assert (found.chance(20), found.chance(20.5)) == (1, 0)
    assert (found.chance(20, falling=True), found.chance(19.5, falling=True)) == (1, 0)
    assert (found.test.held, found.test.tried, found.test.mase) == (1, 1, 0)


def test_a_flow_adds_up_from_what_is_there():
    found = forecast([100] * 8, 4, start=800)
    assert (found.paths == [900, 1000, 1100, 1200]).all()
    assert found.test.mase is None  # it never moved: nothing to be better than


def test_a_flow_of_two_equal_years_repeats_them():
    year = [300, 420, 510, 560, 580, 590, 560, 540, 600, 640, 520, 480]
    found = forecast([*year, *year[:8]], 4, start=0)
    assert found.method == "seasonal"
    assert (found.paths == np.cumsum(year[8:])).all()


def test_a_level_cannot_pass_a_hundred():
    found = forecast([95, 96, 97, 98, 99, 99.5, 100], 6, high=100)
    assert found.paths.max() == 100


def test_of_the_totals_of_seasonal_flows_about_four_in_five_lie_in_the_80_per_cent_band():
    season, within = 60 * np.sin(np.arange(36) / 12 * 2 * np.pi), 0
    for seed in range(8):
        flow = 500 + season + np.random.default_rng(seed).normal(0, 15, 36)
        found = forecast(list(flow[:30]), 6, start=0)
        within += bool(found.band(10)[-1] <= flow[30:].sum() <= found.band(90)[-1])
        assert found.test.tried == 6 * 7 + 5 + 4 + 3 + 2 + 1  # twelve origins, six months ahead where known
    assert 5 <= within <= 7


def test_a_level_that_jumped_once_is_not_forecast_to_be_anything_from_nothing_to_all():
    # 27 still months of 60 %, one jump of 9 points, then still again: bands of no width cannot be widened without end
    found = forecast([60.0] * 27 + [69.0] * 3, 6, low=0, high=100)
    assert found.method == "drawn"
    assert found.test.widening < 20
    assert found.band(10)[-1] > 50


def test_months_around_a_level_are_smoothed_exponentially():
    dice = np.random.default_rng(5)
    found = forecast(list(500 + dice.normal(0, 15, 30)), 6, start=0)
    assert found.method == "ets"
    assert found.test.mase < 1
    assert found.band(10)[-1] < 3_000 < found.band(90)[-1]


def test_the_same_series_always_gives_the_same_paths():
    values = list(np.random.default_rng(3).normal(50, 5, 26))
    assert (forecast(values, 3).paths == forecast(values, 3).paths).all()


@pytest.mark.parametrize("values", [[0.0] * 30, [5.0] * 24])
def test_a_series_that_never_moves_stays(values):
    assert (forecast(values, 3).paths == values[0]).all()


def test_importing_the_module_does_not_import_statsmodels():
    code = "import sys, indicators.analysis.forecast; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
