"""如果每月…: outcomes worked by hand, in ten-thousandths. The browser's twin is held against it in tests/functional."""

from __future__ import annotations

import pytest

from bureau import months
from indicators.analysis.whatif import Outcome, Standing, what_if

AUGUST, DECEMBER = months.make(2016, 8), months.make(2016, 12)
U = 10_000
# lessons.md: 6,800 wanted, 4,100 by August; the last three months brought 1,538 (512.67 a month)
JOBS = Standing(AUGUST, DECEMBER, 4_100 * U, 2_700 * U, recent=1_538 * U, low=0, target=6_800 * U)
RATE = Standing(AUGUST, months.make(2017, 12), 589_800, 10_200, recent=6_900, low=0, high=100 * U)


@pytest.mark.parametrize(
    ("pace", "value", "short", "arrives", "times", "completion"),
    [
        (675, 6_800, 0, DECEMBER, 132, 1_000),  # just what is required: 1.3166 times, 100.0 %
        (674, 6_796, 4, DECEMBER + 1, 131, 999),  # 4 short, made good in January; 99.94 %
        (610, 6_540, 260, DECEMBER + 1, 119, 962),  # visual.md's picture: 6,540, 96.2 %, 260 short
        (2_700, 14_900, 0, AUGUST + 1, 527, 2_191),  # in one month; 14,900 of 6,800 is 219.12 %
        (0, 4_100, 2_700, None, 0, 603),  # 60.29 %
        (-5, 4_100, 2_700, None, 0, 603),  # nobody takes back what was reached
    ],
)
def test_a_pace_of_the_lessons_new_jobs(pace, value, short, arrives, times, completion):
    assert what_if(JOBS, pace * U) == Outcome(value * U, short * U, arrives, times, completion)


def test_a_rate_stops_at_a_hundred_and_has_no_completion():
    # 58.98 %, 1.02 points short, 16 months left: 0.0638 a month falls 0.0008 short (1.0208 > 1.02 is enough)
    assert what_if(RATE, 638) == Outcome(600_008, 0, DECEMBER + 12, 28, None)
    assert what_if(RATE, 637) == Outcome(599_992, 8, DECEMBER + 13, 28, None)
    assert what_if(RATE, 10 * U).value == 100 * U


def test_what_should_fall_falls_and_not_below_nothing():
    gap = Standing(AUGUST, DECEMBER, 12 * U, 2 * U, falling=True, recent=-5, low=0)
    assert what_if(gap, U // 2) == Outcome(10 * U, 0, DECEMBER, None, None)  # it rose of late: no pace to compare with
    assert what_if(gap, 9 * U).value == 0


def test_what_is_reached_is_reached_now_and_no_month_left_brings_nothing():
    assert what_if(Standing(AUGUST, DECEMBER, 7_000 * U, 0), 0).arrives == AUGUST
    over = Standing(DECEMBER, DECEMBER, 6_000 * U, 800 * U)
    assert what_if(over, 400 * U) == Outcome(6_000 * U, 800 * U, DECEMBER + 2, None, None)
