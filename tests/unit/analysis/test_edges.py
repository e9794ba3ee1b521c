"""Every comparator at its edges, each line worked by hand: light and rule, completion, lag and what remains."""

from __future__ import annotations

from fractions import Fraction

import pytest

from indicators.analysis.formula import parse
from indicators.analysis.goals import Goal
from indicators.analysis.kinds import Comparator, ItemKind, Light, State, Window
from indicators.analysis.panel import Definition, evaluate

from .builders import JANUARY_2015, Point, judge, panel, series

JUNE_2015, DECEMBER_2015 = JANUARY_2015 + 5, JANUARY_2015 + 11
JUNE_2016, DECEMBER_2017 = JANUARY_2015 + 17, JANUARY_2015 + 35  # June 2016: 18 of 36 months are over
NOTHING = (None, None, None)

AT_LEAST, AT_MOST, EQUAL = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EQUAL
ABOUT, NOT_FALL, ZERO = Comparator.ABOUT, Comparator.NOT_FALL, Comparator.DYNAMIC_ZERO


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def flow(comparator: Comparator, target: str, value: str | None, month: int = JUNE_2015):
    """A year's flow: half of it is due in June."""
    goal = Goal(comparator, number(target), JANUARY_2015, DECEMBER_2015, cumulative=True)
    return judge(goal, [Point(month, number(value))])[0]


def level(comparator: Comparator, target: str | None, value: str | None, base: str | None = None, **more):
    """A level over the plan's 36 months, in June 2016 half way from its base; `year_ago`, `overdue` as in Point."""
    tolerance = number(more.pop("tolerance", None))
    month, facts = more.pop("month", JUNE_2016), {name: number(text) for name, text in more.items()}
    goal = Goal(
        comparator, number(target), JANUARY_2015, DECEMBER_2017, tolerance=tolerance, base_value=number(base)
    )  # fmt: skip
    return judge(goal, [Point(month, number(value), **facts)])[0]


# fmt: off
FLOWS = [
    # comparator, target, value, month, rule, (completion, lag, remaining)
    (AT_LEAST, "1200", "600", JUNE_2015, "FLOW_ON_COURSE", ("50", "0", "600")),
    (AT_LEAST, "1200", "540", JUNE_2015, "FLOW_NEARLY", ("45", "5", "660")),  # exactly 5 points: still green
    (AT_LEAST, "1200", "539", JUNE_2015, "FLOW_BEHIND", ("539/12", "61/12", "661")),
    (AT_LEAST, "1200", "420", JUNE_2015, "FLOW_BEHIND", ("35", "15", "780")),  # exactly 15 points: still yellow
    (AT_LEAST, "1200", "419", JUNE_2015, "FLOW_FAR_BEHIND", ("419/12", "181/12", "781")),
    (AT_LEAST, "1200", "1200", JUNE_2015, "FLOW_REACHED", ("100", "-50", "0")),  # 以上 includes the number
    (AT_LEAST, "1200", "1199", DECEMBER_2015, "ENDED_SHORT", ("1199/12", "1/12", "1")),
    (AT_LEAST, "1200", "0", JUNE_2015, "FLOW_FAR_BEHIND", ("0", "50", "1200")),
    (AT_LEAST, "1200", "-12", JUNE_2015, "FLOW_FAR_BEHIND", ("-1", "51", "1212")),  # more jobs lost than found
    (AT_LEAST, "1200", None, JUNE_2015, "NO_DATA", NOTHING),
    (AT_LEAST, "0", "0", JUNE_2015, "FLOW_REACHED", ("100", "-50", "0")),
    (AT_LEAST, "0", "-5", JUNE_2015, "FLOW_FAR_BEHIND", ("0", "50", "5")),
    (EQUAL, "1200", "600", JUNE_2015, "FLOW_ON_COURSE", ("50", "0", "600")),
    (EQUAL, "1200", "1201", JUNE_2015, "FLOW_REACHED", ("1201/12", "-601/12", "0")),  # over reaches too
    (EQUAL, "0", "0", JUNE_2015, "FLOW_REACHED", ("100", "-50", "0")),
    (EQUAL, "1200", None, JUNE_2015, "NO_DATA", NOTHING),
    (AT_MOST, "1200", "600", JUNE_2015, "FLOW_ON_COURSE", ("50", "0", "0")),
    (AT_MOST, "1200", "660", JUNE_2015, "FLOW_NEARLY", ("55", "5", "0")),
    (AT_MOST, "1200", "780", JUNE_2015, "FLOW_BEHIND", ("65", "15", "0")),
    (AT_MOST, "1200", "1200", JUNE_2015, "FLOW_FAR_BEHIND", ("100", "50", "0")),  # kept so far, used up at half time
    (AT_MOST, "1200", "1200", DECEMBER_2015, "REACHED", ("100", "0", "0")),  # 以内 includes the number
    (AT_MOST, "1200", "1201", JUNE_2015, "CAP_PASSED", ("1201/12", "601/12", "1")),
    (AT_MOST, "1200", "0", JUNE_2015, "FLOW_ON_COURSE", ("0", "-50", "0")),
    (AT_MOST, "1200", None, JUNE_2015, "NO_DATA", NOTHING),
    (AT_MOST, "0", "0", JUNE_2015, "FLOW_ON_COURSE", ("0", "-50", "0")),
    (AT_MOST, "0", "5", JUNE_2015, "CAP_PASSED", (None, None, "5")),
]

LEVELS = [
    # comparator, target, value, {base, tolerance …}, rule, (completion, lag, remaining); from 91 the path stands at 94
    (AT_LEAST, "97", "94", {"base": "91"}, "LEVEL_ON_COURSE", ("50", "0", "3")),
    (AT_LEAST, "97", "92", {"base": "91"}, "LEVEL_BEHIND", ("50/3", "2", "5")),  # exactly the tolerance of 2
    (AT_LEAST, "97", "91.9", {"base": "91"}, "LEVEL_FAR_BEHIND", ("15", "2.1", "5.1")),
    (AT_LEAST, "97", "93.5", {"base": "91", "tolerance": "0"}, "LEVEL_FAR_BEHIND", ("125/3", "0.5", "3.5")),
    (AT_LEAST, "97", "97", {"base": "91"}, "REACHED", ("100", "-3", "0")),
    (AT_LEAST, "97", "96.996", {"base": "91", "month": DECEMBER_2017}, "ENDED_NEAR", ("1499/15", "0.004", "0.004")),
    (AT_LEAST, "97", "95", {"base": "91", "month": DECEMBER_2017}, "ENDED_NEAR", ("200/3", "2", "2")),
    (AT_LEAST, "97", "94.9", {"base": "91", "month": DECEMBER_2017}, "ENDED_SHORT", ("65", "2.1", "2.1")),
    (AT_LEAST, "97", "0", {"base": "91"}, "LEVEL_FAR_BEHIND", ("-4550/3", "94", "97")),
    (AT_LEAST, "97", None, {"base": "91"}, "NO_DATA", NOTHING),
    (AT_LEAST, "0", "0", {"base": "-6"}, "REACHED", ("100", "-3", "0")),
    (AT_LEAST, "0", "-3", {"base": "-6"}, "LEVEL_ON_COURSE", ("50", "0", "3")),
    (AT_LEAST, "97", "97", {"base": "97"}, "REACHED", ("100", "0", "0")),  # base = target: it has to hold it
    (AT_LEAST, "97", "96", {"base": "97"}, "LEVEL_BEHIND", (None, "1", "1")),
    (AT_LEAST, "97", "94", {"base": "98"}, "LEVEL_FAR_BEHIND", (None, "3", "3")),  # base beyond target
    (AT_LEAST, "97", "97.5", {"base": "98"}, "REACHED", ("100", "-0.5", "0")),
    (EQUAL, "100", "95", {"base": "90"}, "LEVEL_ON_COURSE", ("50", "0", "5")),
    (EQUAL, "100", "93", {"base": "90"}, "LEVEL_BEHIND", ("30", "2", "7")),
    (EQUAL, "100", "100", {"base": "90"}, "REACHED", ("100", "-5", "0")),
    (EQUAL, "100", "101", {"base": "90"}, "REACHED", ("110", "-6", "0")),
    (EQUAL, "100", "0", {"base": "90"}, "LEVEL_FAR_BEHIND", ("-900", "95", "100")),
    (EQUAL, "0", "0", {"base": "0"}, "REACHED", ("100", "0", "0")),
    (EQUAL, "100", "99", {"base": "100"}, "LEVEL_BEHIND", (None, "1", "1")),
    (EQUAL, "100", "97", {"base": "101"}, "LEVEL_FAR_BEHIND", (None, "3", "3")),
    (EQUAL, "100", None, {"base": "90"}, "NO_DATA", NOTHING),
    (AT_MOST, "10", "16", {"base": "22"}, "LEVEL_ON_COURSE", ("50", "0", "6")),
    (AT_MOST, "10", "18", {"base": "22"}, "LEVEL_BEHIND", ("100/3", "2", "8")),
    (AT_MOST, "10", "18.1", {"base": "22"}, "LEVEL_FAR_BEHIND", ("32.5", "2.1", "8.1")),
    (AT_MOST, "10", "10", {"base": "22"}, "REACHED", ("100", "-6", "0")),
    (AT_MOST, "10", "-2", {"base": "22"}, "REACHED", ("200", "-18", "0")),  # a negative gap passes
    (AT_MOST, "10", "0", {"base": "22"}, "REACHED", ("550/3", "-16", "0")),
    (AT_MOST, "0", "0", {"base": "12"}, "REACHED", ("100", "-6", "0")),
    (AT_MOST, "0", "6", {"base": "12"}, "LEVEL_ON_COURSE", ("50", "0", "6")),
    (AT_MOST, "10", "11", {"base": "10"}, "LEVEL_BEHIND", (None, "1", "1")),
    (AT_MOST, "10", "13", {"base": "8"}, "LEVEL_FAR_BEHIND", (None, "3", "3")),
    (AT_MOST, "10", None, {"base": "22"}, "NO_DATA", NOTHING),
    (ABOUT, "3", "3", {"tolerance": "0.5"}, "ABOUT_REACHED", (None, "0", "0")),
    (ABOUT, "3", "3.5", {"tolerance": "0.5"}, "ABOUT_NEAR", (None, "0.5", "0.5")),
    (ABOUT, "3", "3.5001", {"tolerance": "0.5"}, "ABOUT_OVER", (None, "0.5001", "0.5001")),
    (ABOUT, "3", "0", {"tolerance": "0.5"}, "ABOUT_REACHED", (None, "-3", "0")),
    (ABOUT, "0", "0", {"tolerance": "0.5"}, "ABOUT_REACHED", (None, "0", "0")),
    (ABOUT, "3", "3.4", {"tolerance": "0.5", "base": "3"}, "ABOUT_NEAR", (None, "0.4", "0.4")),  # no path: base idle
    (ABOUT, "3", "2.9", {"tolerance": "0.5", "base": "2"}, "ABOUT_REACHED", (None, "-0.1", "0")),
    (ABOUT, "3", None, {"tolerance": "0.5"}, "NO_DATA", NOTHING),
    (NOT_FALL, None, "100", {"year_ago": "100"}, "NOT_FALLEN", (None, "0", "0")),
    (NOT_FALL, None, "98", {"year_ago": "100"}, "FALLEN_LITTLE", (None, "2", "2")),
    (NOT_FALL, None, "97.9", {"year_ago": "100"}, "FALLEN", (None, "2.1", "2.1")),
    (NOT_FALL, None, "0", {"year_ago": "0"}, "NOT_FALLEN", (None, "0", "0")),
    (NOT_FALL, None, "0", {"year_ago": "100"}, "FALLEN", (None, "100", "100")),
    (NOT_FALL, None, "100", {}, "NO_YEAR_AGO", NOTHING),
    (NOT_FALL, None, None, {"year_ago": "100"}, "NO_DATA", (None, None, None)),
    (ZERO, "0", "0", {"overdue": "0"}, "ZERO_REACHED", (None, "0", "0")),
    (ZERO, "0", "1", {"overdue": "0"}, "ZERO_IN_TIME", (None, "1", "1")),
    (ZERO, "0", "1", {"overdue": "1"}, "ZERO_OVERDUE", (None, "1", "1")),
    (ZERO, "0", "1", {}, "ZERO_UNKNOWN", (None, "1", "1")),
    (ZERO, "0", None, {"overdue": "0"}, "NO_DATA", NOTHING),
]
# fmt: on


def said(judged) -> tuple:
    return judged.rule.code, (judged.completion, judged.lag, judged.remaining)


@pytest.mark.parametrize(("comparator", "target", "value", "month", "rule", "numbers"), FLOWS)
def test_a_flow_at_its_edge(comparator, target, value, month, rule, numbers):
    assert said(flow(comparator, target, value, month)) == (rule, tuple(number(one) for one in numbers))


@pytest.mark.parametrize(("comparator", "target", "value", "facts", "rule", "numbers"), LEVELS)
def test_a_level_at_its_edge(comparator, target, value, facts, rule, numbers):
    assert said(level(comparator, target, value, **facts)) == (rule, tuple(number(one) for one in numbers))


def test_the_table_meets_every_comparator_without_data_with_an_actual_of_0_and_with_a_target_of_0():
    lines = [(line[0], line[1], line[2]) for line in (*FLOWS, *LEVELS)]
    for comparator in Comparator:
        own = [(target, value) for one, target, value in lines if one == comparator]
        assert any(value is None for _target, value in own), comparator
        assert any(value == "0" for _target, value in own), comparator
        assert comparator == NOT_FALL or any(target == "0" for target, _value in own), comparator


def test_an_employment_rate_of_83_against_97_is_red_and_14_points_short():
    """A peer calls it on track, since it is within 15 % of the target."""
    half_way = level(AT_LEAST, "97", "83", base="91")
    at_the_end = level(AT_LEAST, "97", "83", base="91", month=DECEMBER_2017)
    assert [(one.light, one.remaining) for one in (half_way, at_the_end)] == [(Light.FAR_BEHIND, 14)] * 2


def test_no_zero_employment_household_is_reached_and_not_left_out():
    assert level(ZERO, "0", "0", overdue="0").light == Light.REACHED


def test_the_rate_of_two_towns_is_that_of_their_sums():
    """980 of 1,000 and 90 of 120: together 1,070 of 1,120, where the mean of the rates would be 86.5."""
    rows = {"D23": [[980], [90], [980 + 90]], "D22": [[1000], [120], [1000 + 120]]}
    items = {code: series(ItemKind.STOCK, cells) for code, cells in rows.items()}
    definition = Definition(parse("D23"), parse("D22"), scale=100, window=Window.LEVEL)
    found = evaluate(definition, panel(**items)).value
    assert [found.fraction(place, 0) for place in range(3)] == [98, 75, Fraction(107_000, 1120)]
    assert round(float(found.fraction(2, 0)), 2) == 95.54


@pytest.mark.parametrize("state", [State.ZERO_OVER_ZERO, State.OVER_ZERO, State.NOT_HERE])
def test_what_cannot_be_divided_has_no_light(state):
    goal = Goal(AT_LEAST, Fraction(97), JANUARY_2015, DECEMBER_2017)
    judged = judge(goal, [Point(JUNE_2016, None, state)])[0]
    assert (judged.light, judged.rule.code) == (Light.NONE, state.name)
