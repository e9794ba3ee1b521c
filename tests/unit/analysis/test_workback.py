"""Working back from a target: numbers of lessons.md and visual.md, and a slow, obvious twin on generated series."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis.workback import Run, additions, arrival, best_run, work_back

JANUARY = 2016 * 12


def months(*values: int | None) -> dict[int, Fraction]:
    """2016 from January on; None where the month is not known."""
    return {JANUARY + n: Fraction(value) for n, value in enumerate(values) if value is not None}


def test_the_new_jobs_of_the_lesson_need_675_a_month_and_even_the_best_four_months_are_short():
    # 6,800 wanted, 4,100 by August: 2,700 left in 4 months; the best run of four is April to July, 2,480
    jobs = months(400, 430, 480, 600, 640, 620, 620, 310)
    found = work_back(jobs, month=JANUARY + 7, end=JANUARY + 11, remaining=Fraction(2700), pace=Fraction(1550, 3))
    assert sum(jobs.values()) == 4100
    assert found.months_left == 4
    assert found.best == Run(JANUARY + 3, JANUARY + 6, Fraction(2480))
    assert found.best.mean == 620
    assert found.beyond_best == 220
    assert found.arrives == JANUARY + 7 + 6  # 2,700 ÷ 516.67 = 5.2 months: in the sixth
    assert found.turn is None


def test_the_last_month_to_change_pace_is_the_last_from_which_the_best_run_still_arrives():
    # 100 a month at present, once 300 in each of two months; 700 left, six months to go
    past = months(100, 300, 300, 100, 100, 100)
    found = work_back(past, month=JANUARY + 5, end=JANUARY + 11, remaining=Fraction(700), pace=Fraction(100))
    # after July 600 are left for five months, the best five brought 900; after August 500 for four (800); after
    # September 400 for three (700); after October 300 for two (600); after November 200 for one (300)
    assert found.turn == JANUARY + 10
    assert found.beyond_best == 0
    late = work_back(past, month=JANUARY + 5, end=JANUARY + 11, remaining=Fraction(950), pace=Fraction(100))
    # October: 550 for two months (600); November: 450 for one (300) is too late
    assert late.turn == JANUARY + 9


def test_nothing_left_or_no_pace_or_no_months_left():
    past = months(10, 20, 30)
    reached = work_back(past, month=JANUARY + 2, end=JANUARY + 5, remaining=Fraction(0), pace=Fraction(20))
    assert (reached.arrives, reached.turn, reached.beyond_best) == (JANUARY + 2, None, 0)
    assert work_back(past, month=JANUARY + 2, end=JANUARY + 5, remaining=Fraction(9), pace=None).arrives is None
    falling = work_back(past, month=JANUARY + 2, end=JANUARY + 5, remaining=Fraction(9), pace=Fraction(-1))
    assert (falling.arrives, falling.turn) == (None, JANUARY + 4)  # standing still meanwhile, 9 in one month is easy
    over = work_back(past, month=JANUARY + 2, end=JANUARY + 2, remaining=Fraction(9), pace=Fraction(20))
    assert (over.months_left, over.best, over.beyond_best, over.turn) == (0, None, None, None)


def test_a_run_does_not_bridge_a_month_that_is_not_known():
    assert best_run(months(50, None, 40, 30), 2) == Run(JANUARY + 2, JANUARY + 3, Fraction(70))
    assert best_run(months(50, None, 40), 2) is None
    assert best_run(months(10, 10, 10), 1) == Run(JANUARY + 2, JANUARY + 2, Fraction(10))  # the latest of equals


def test_a_level_adds_its_changes_and_a_falling_one_its_falls():
    levels = [(JANUARY, Fraction(50)), (JANUARY + 1, Fraction(52)), (JANUARY + 2, None), (JANUARY + 3, Fraction(55))]
    assert additions(levels, falling=False) == {JANUARY + 1: 2}
    assert additions(levels[:2], falling=True) == {JANUARY + 1: -2}


SERIES = st.dictionaries(st.integers(0, 14), st.integers(-5, 40).map(Fraction), max_size=14)


@given(SERIES, st.integers(1, 6))
def test_best_run_agrees_with_trying_every_run(added, length):
    runs = [
        (sum(added[month] for month in range(first, first + length)), first)
        for first in range(15)
        if all(month in added for month in range(first, first + length))
    ]
    found = best_run(added, length)
    assert (found is None) == (not runs)
    if found is not None:
        assert (found.added, found.first) == max(runs)


@given(st.integers(0, 500), st.integers(-20, 60).map(lambda n: Fraction(n, 3)))
def test_arrival_agrees_with_adding_month_by_month(remaining, pace):
    if remaining and pace <= 0:
        assert arrival(0, Fraction(remaining), pace) is None
        return
    month, left = 0, Fraction(remaining)
    while left > 0:
        month, left = month + 1, left - pace
    assert arrival(0, Fraction(remaining), pace) == month
