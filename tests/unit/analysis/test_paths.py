"""Last year's season as the path of a flow, and a path given month by month; worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from indicators.analysis.goals import Goal
from indicators.analysis.kinds import Comparator, PathKind
from indicators.analysis.paths import elapsed, season

from .builders import JANUARY_2015, Point, judge

JANUARY_2016, JUNE_2016, DECEMBER_2016 = JANUARY_2015 + 12, JANUARY_2015 + 17, JANUARY_2015 + 23
DECEMBER_2017 = JANUARY_2015 + 35
HALF_IN_SPRING = (10, 10, 100, 200, 150, 30, 50, 50, 100, 100, 100, 100)  # 500 of 1,000 by June


def seasonal(last_year, *this_year, target="6800", end=DECEMBER_2016, path=PathKind.SEASON):
    """The judgement of the last month of `this_year`, a year's flow held against last year's season."""
    goal = Goal(Comparator.AT_LEAST, Fraction(target), JANUARY_2016, end, path=path, cumulative=True)
    points, total = [], Fraction(0)
    for number, added in enumerate((*last_year, *this_year)):
        total = Fraction(added or 0) + (0 if number % 12 == 0 else total)
        month_value = None if added is None else Fraction(added)
        points.append(Point(JANUARY_2015 + number, total, month_value=month_value, month_covered=added is not None))
    return judge(goal, points)[-1]


def test_a_year_follows_the_share_that_last_year_had_by_the_same_month():
    """By April last year had 320 of 1,000: 2,176 of 6,800 are due, though a third of the year is 2,267."""
    april = seasonal(HALF_IN_SPRING, 500, 500, 600, 600)
    assert (april.expected, april.schedule) == (Fraction("2176"), 32)
    assert april.completion == Fraction(2200 * 100, 6800)
    assert (april.code, april.rule.code) == ("FLOW_ON_COURSE:SEASON", "FLOW_ON_COURSE")
    assert april.text.endswith("（时序按上年季节）")
    february = seasonal(HALF_IN_SPRING, 200, 100)  # evenly it would be 12 points behind; last year had 2 % by then
    assert (february.schedule, february.rule.code) == (2, "FLOW_ON_COURSE")


def test_in_december_all_of_it_is_due():
    assert seasonal(HALF_IN_SPRING, *[500] * 12).expected == 6800


@pytest.mark.parametrize("last_year", [(*HALF_IN_SPRING[:11], None), (0,) * 12, (5, *(-1,) * 11)])
def test_where_last_year_has_a_hole_or_added_nothing_the_path_is_straight_and_the_rule_says_so(last_year):
    june = seasonal(last_year, *[400] * 6)
    assert (june.expected, june.schedule) == (3400, 50)
    assert june.code == "FLOW_BEHIND:EVEN"  # 2,400 are 35.3 %
    assert june.text.endswith("（上年数据不全，时序按线性）")


def test_rules_that_look_at_no_path_say_nothing_of_the_season():
    reached = seasonal(HALF_IN_SPRING, 7000)
    assert (reached.code, reached.text) == ("FLOW_REACHED", "已达标：累计数已达到目标数")


def test_over_several_years_each_takes_an_equal_part():
    """2016 and 2017: in June 2016 half of the first half is due."""
    assert seasonal(HALF_IN_SPRING, *[100] * 6, target="3000", end=DECEMBER_2017).expected == 750


def test_a_window_that_is_no_calendar_year_has_no_season():
    def added(month: int) -> Fraction:
        return Fraction(1)

    assert season(JANUARY_2016 + 1, DECEMBER_2016, JUNE_2016, added) is None
    assert season(JANUARY_2016, DECEMBER_2016 - 1, JUNE_2016, added) is None
    assert season(JANUARY_2016, DECEMBER_2016, JUNE_2016, added) == elapsed(JANUARY_2016, DECEMBER_2016, JUNE_2016)


def test_a_path_given_for_each_month_is_followed_to_the_month():
    """Twelve values, 300 more each month from 100: 1,600 are asked for in June, none before January."""
    points = tuple((JANUARY_2016 + number, Fraction(100 + 300 * number)) for number in range(12))
    goal = Goal(
        Comparator.AT_LEAST, Fraction(3400), JANUARY_2016, DECEMBER_2016, path=PathKind.STEPS, points=points,
        cumulative=True,
    )  # fmt: skip
    expected = [
        one.expected for one in judge(goal, [Point(JANUARY_2016 + number, Fraction(1)) for number in range(12)])
    ]
    assert expected == [100 + 300 * number for number in range(12)]
    assert judge(goal, [Point(JUNE_2016, Fraction(1600))])[0].lag == 0


def test_the_day_limit_of_a_dynamic_zero_stands_in_its_rule():
    goal = Goal(Comparator.DYNAMIC_ZERO, Fraction(0), JANUARY_2016, DECEMBER_2017, days=20)
    points = [Point(JUNE_2016 + late, Fraction(1), overdue=Fraction(late)) for late in (0, 1)]
    assert [one.text for one in judge(goal, points)] == [
        "滞后：期末不为 0，都在 20 天限期内",
        "严重滞后：期末不为 0，且有超过 20 天的",
    ]
