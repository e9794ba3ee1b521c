"""Lights and progress: what a reader sees beside a number, worked by hand from the plan's own targets."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.analysis.goals import Goal
from indicators.analysis.kinds import Comparator, Light, PathKind, State
from indicators.analysis.rules import RULE_BY_CODE, RULES

from .builders import JANUARY_2015, Point, judge

DECEMBER_2015 = JANUARY_2015 + 11
DECEMBER_2017 = JANUARY_2015 + 35
AUGUST = JANUARY_2015 + 7
JOBS = Goal(Comparator.AT_LEAST, Fraction(6800), JANUARY_2015, DECEMBER_2015, cumulative=True)


def level(comparator=Comparator.AT_LEAST, target="97", **more) -> Goal:
    return Goal(comparator, Fraction(target), JANUARY_2015, DECEMBER_2017, **more)


def at(month: int, value, **more) -> Point:
    return Point(month, None if value is None else Fraction(value), **more)


def one(goal, month, value, **more):
    """The judgement of a single month."""
    return judge(goal, [at(month, value, **more)])[0]


def jobs(*added, goal=JOBS):
    """Judgements of a yearly flow from what each month added; None for a month without figures."""
    points, total = [], Fraction(0)
    for number, count in enumerate(added):
        month = JANUARY_2015 + number
        total = (0 if month % 12 == 0 else total) + Fraction(count or 0)
        covered = count is not None
        points.append(Point(month, total, State.OK, covered, None if count is None else Fraction(count)))
    return judge(goal, points)


def test_4100_of_6800_by_august_is_behind_and_needs_675_a_month():
    added = [500, 500, 500, 600, 500, 500, 500, 500]
    august = jobs(*added)[-1]
    assert sum(added) == 4100
    assert august.completion == Fraction(4100 * 100, 6800)
    assert august.schedule == Fraction(800, 12)
    assert round(float(august.completion), 3) == 60.294
    assert round(float(august.lag), 2) == 6.37
    assert (august.light, august.rule.code) == (Light.BEHIND, "FLOW_BEHIND")
    assert (august.remaining, august.required) == (2700, 675)
    assert august.pace3 == 500
    assert august.pressure3 == Fraction(675, 500)
    assert august.pace12 is None
    assert august.text == "滞后：落后时序进度超过 5 个、不超过 15 个百分点"


@pytest.mark.parametrize(
    ("value", "light", "code"),
    [
        ("680", Light.ON_COURSE, "FLOW_ON_COURSE"),
        ("679", Light.ON_COURSE, "FLOW_NEARLY"),
        ("646", Light.ON_COURSE, "FLOW_NEARLY"),  # 5 points of 6,800 are 340
        ("340", Light.ON_COURSE, "FLOW_NEARLY"),
        ("339", Light.BEHIND, "FLOW_BEHIND"),
        ("6800", Light.REACHED, "FLOW_REACHED"),
    ],
)
def test_a_flow_against_a_tenth_of_its_time(value, light, code):
    goal = Goal(Comparator.AT_LEAST, Fraction(6800), JANUARY_2015, JANUARY_2015 + 9, cumulative=True)
    judged = one(goal, JANUARY_2015, value)
    assert (judged.light, judged.rule.code) == (light, code)


@pytest.mark.parametrize(
    ("value", "code"),
    [("2380", "FLOW_BEHIND"), ("2379", "FLOW_FAR_BEHIND"), ("3060", "FLOW_NEARLY"), ("3059", "FLOW_BEHIND")],
)
def test_a_flow_at_half_time_turns_red_beyond_fifteen_points(value, code):
    judged = one(JOBS, JANUARY_2015 + 5, value)
    assert judged.schedule == 50
    assert judged.rule.code == code


def test_a_village_without_figures_turns_the_light_grey_and_stops_the_pace():
    august = jobs(500, 500, 500, 600, 500, 500, None, 500)[-2:]
    assert [judged.light for judged in august] == [Light.NOT_COVERED, Light.BEHIND]
    assert august[1].pace3 is None
    assert august[1].pressure3 is None


def test_a_rising_flow_is_reached_even_while_a_village_is_missing():
    judged = one(JOBS, AUGUST, 6800, covered=False)
    assert (judged.light, judged.required) == (Light.REACHED, 0)
    assert one(level(), AUGUST, 97, covered=False).light == Light.NOT_COVERED


def test_no_data_is_grey_and_never_zero_percent():
    judged = one(JOBS, AUGUST, None, state=State.NO_DATA, covered=False)
    assert judged.light == Light.NOT_COVERED
    assert (judged.completion, judged.lag, judged.remaining, judged.reached) == (None, None, None, None)
    assert one(JOBS, AUGUST, 0).completion == 0
    assert one(JOBS, AUGUST, 0).light == Light.FAR_BEHIND


def test_an_indicator_not_kept_at_this_level_has_no_light():
    judged = one(JOBS, AUGUST, None, state=State.NOT_HERE, covered=False)
    assert (judged.light, judged.text) == (Light.NONE, "本级不适用")


def test_a_month_outside_every_goal_is_not_judged():
    assert one(JOBS, DECEMBER_2015 + 1, 6800).rule.code == "NO_GOAL"
    assert one(None, AUGUST, 6800).rule.code == "NO_GOAL"
    assert one(Goal(Comparator.AT_LEAST, None, JANUARY_2015, DECEMBER_2015), AUGUST, 5).rule.code == "NO_GOAL"


def test_each_year_is_held_against_its_own_goal_and_the_pace_runs_over_new_year():
    second = Goal(Comparator.AT_LEAST, Fraction(6800), DECEMBER_2015 + 1, DECEMBER_2015 + 12, cumulative=True)
    judged = jobs(*[600] * 12, 300, goal=[second, JOBS])
    assert judged[11].rule.code == "FLOW_REACHED"
    january = judged[12]
    assert january.goal is second
    assert january.completion == Fraction(300 * 100, 6800)
    assert january.pace3 == 500
    assert january.pace12 == Fraction(600 * 11 + 300, 12)


@pytest.mark.parametrize(("value", "light"), [("6800", Light.REACHED), ("6799", Light.FAR_BEHIND)])
def test_when_the_year_is_over_a_flow_has_reached_its_target_or_not(value, light):
    judged = one(JOBS, DECEMBER_2015, value)
    assert judged.light == light
    assert judged.required == (0 if light == Light.REACHED else None)


@pytest.mark.parametrize(
    ("value", "light"),
    [
        ("97", Light.REACHED),
        ("96.996", Light.BEHIND),
        ("95", Light.BEHIND),
        ("94.999", Light.FAR_BEHIND),
        ("83", Light.FAR_BEHIND),
        ("100", Light.REACHED),
    ],
)
def test_the_employment_rate_at_the_end_is_decided_unrounded(value, light):
    judged = one(level(), DECEMBER_2017, value)
    assert judged.light == light
    assert judged.reached is (light == Light.REACHED)


def test_83_against_97_is_red_on_the_way_too():
    """From 89 at the end of 2014 to 97 after 36 months: 93 asked at half time, 83 is 10 points short."""
    judged = one(level(base_value=Fraction(89)), JANUARY_2015 + 17, 83)
    assert (judged.expected, judged.lag, judged.schedule) == (93, 10, 50)
    assert judged.completion == -75
    assert judged.light == Light.FAR_BEHIND
    assert judged.remaining == 14
    assert judged.required == Fraction(14, 18)


@pytest.mark.parametrize(
    ("value", "code"),
    [("93", "LEVEL_ON_COURSE"), ("92.99", "LEVEL_BEHIND"), ("91", "LEVEL_BEHIND"), ("90.99", "LEVEL_FAR_BEHIND")],
)
def test_a_level_is_held_against_its_path(value, code):
    assert one(level(base_value=Fraction(89)), JANUARY_2015 + 17, value).rule.code == code


@pytest.mark.parametrize(
    ("value", "code", "lag"),
    [("15", "LEVEL_ON_COURSE", 0), ("17", "LEVEL_BEHIND", 2), ("18", "LEVEL_FAR_BEHIND", 3), ("10", "REACHED", -5)],
)
def test_a_gap_that_must_shrink_mirrors_it(value, code, lag):
    """From 20 to at most 10 points: 15 allowed at half time."""
    judged = one(level(Comparator.AT_MOST, "10", base_value=Fraction(20)), JANUARY_2015 + 17, value)
    assert (judged.rule.code, judged.lag) == (code, lag)


def test_a_level_without_base_starts_from_its_first_complete_month():
    points = [
        at(JANUARY_2015, 50, covered=False),
        at(JANUARY_2015 + 5, 61),
        at(JANUARY_2015 + 6, 61),
        at(JANUARY_2015 + 35, 96),
    ]
    grey, first, second, last = judge(level(), points)
    assert (grey.light, grey.expected, grey.completion) == (Light.NOT_COVERED, None, None)
    assert (first.expected, first.completion, first.light) == (61, 0, Light.ON_COURSE)
    assert second.expected == 61 + Fraction(36, 30)
    assert second.light == Light.BEHIND
    assert last.completion == Fraction(3500, 36)


@pytest.mark.parametrize("base", ["97", "99"])
def test_a_base_at_or_beyond_the_target_must_be_held(base):
    goal = level(base_value=Fraction(base))
    held, fell = one(goal, AUGUST, 98), one(goal, AUGUST, 96)
    assert (held.light, held.completion, held.schedule) == (Light.REACHED, 100, None)
    assert (fell.expected, fell.lag, fell.completion, fell.light) == (97, 1, None, Light.BEHIND)


@pytest.mark.parametrize(("value", "completion"), [("0", 100), ("-5", 0)])
def test_a_flow_with_target_zero_is_all_or_nothing(value, completion):
    goal = Goal(Comparator.AT_LEAST, Fraction(0), JANUARY_2015, DECEMBER_2015, cumulative=True)
    assert one(goal, AUGUST, value).completion == completion


@pytest.mark.parametrize(
    ("value", "light"),
    [
        ("3.00", Light.REACHED),
        ("1.2", Light.REACHED),
        ("3.001", Light.BEHIND),
        ("3.5", Light.BEHIND),
        ("3.51", Light.FAR_BEHIND),
    ],
)
def test_unemployment_of_about_three_percent(value, light):
    goal = level(Comparator.ABOUT, "3", tolerance=Fraction(1, 2), path=PathKind.NONE)
    assert one(goal, AUGUST, value).light == light


@pytest.mark.parametrize(
    ("value", "overdue", "covered", "light"),
    [
        (0, 0, True, Light.REACHED),
        (0, None, True, Light.REACHED),
        (0, 0, False, Light.NOT_COVERED),
        (2, 0, True, Light.BEHIND),
        (2, 1, True, Light.FAR_BEHIND),
        (2, None, True, Light.NOT_COVERED),
    ],
)
def test_households_without_work(value, overdue, covered, light):
    goal = Goal(Comparator.DYNAMIC_ZERO, None, JANUARY_2015, DECEMBER_2017)
    overdue = None if overdue is None else Fraction(overdue)
    assert one(goal, AUGUST, value, overdue=overdue, covered=covered).light == light


@pytest.mark.parametrize(
    ("value", "year_ago", "light"),
    [
        ("1500", "1500", Light.REACHED),
        ("1499", "1500", Light.BEHIND),
        ("1497", "1500", Light.FAR_BEHIND),
        ("1499", None, Light.NONE),
    ],
)
def test_what_must_not_fall_is_held_against_the_year_before(value, year_ago, light):
    goal = Goal(Comparator.NOT_FALL, None, JANUARY_2015, DECEMBER_2017)
    judged = one(goal, AUGUST, value, year_ago=None if year_ago is None else Fraction(year_ago))
    assert judged.light == light
    assert judged.required is None


@pytest.mark.parametrize(
    ("month", "value", "code"),
    [
        (AUGUST, 30, "YEARLY_STANDING"),
        (AUGUST, 29, "YEARLY_SHORT"),
        (DECEMBER_2015, 30, "REACHED"),
        (DECEMBER_2015, 28, "ENDED_NEAR"),
        (DECEMBER_2015, 27, "ENDED_SHORT"),
        (DECEMBER_2015 + 1, 27, "YEARLY_SHORT"),
    ],
)
def test_thirty_yuan_a_head_is_judged_each_december(month, value, code):
    assert one(level(target="30", yearly_check=True), month, value).rule.code == code


def test_a_milestone_is_asked_for_only_when_it_is_due():
    goal = level(target="2", path=PathKind.STEPS, points=((DECEMBER_2017, Fraction(2)),), tolerance=Fraction(0))
    waiting = one(goal, AUGUST, 0)
    assert (waiting.expected, waiting.light) == (0, Light.ON_COURSE)
    assert one(goal, AUGUST, 2).light == Light.REACHED
    assert one(goal, DECEMBER_2017, 1).light == Light.FAR_BEHIND


def test_steps_ask_for_the_last_given_point():
    goal = Goal(
        Comparator.AT_LEAST,
        Fraction(3000),
        JANUARY_2015,
        DECEMBER_2017,
        path=PathKind.STEPS,
        points=((JANUARY_2015 + 23, Fraction(2000)), (DECEMBER_2015, Fraction(600))),
        cumulative=True,
    )
    assert [one(goal, month, 600).expected for month in (AUGUST, DECEMBER_2015, JANUARY_2015 + 23)] == [0, 600, 2000]
    assert one(goal, DECEMBER_2015, 450).schedule == 20
    assert one(goal, DECEMBER_2015, 450).rule.code == "FLOW_NEARLY"


def test_without_a_path_nothing_is_said_before_the_end():
    goal = level(path=PathKind.NONE)
    assert one(goal, AUGUST, 90).rule.code == "NO_PATH"
    assert one(goal, DECEMBER_2017, 90).rule.code == "ENDED_SHORT"


@pytest.mark.parametrize(
    ("month", "value", "code"),
    [
        (AUGUST, 60, "FLOW_ON_COURSE"),
        (AUGUST, 80, "FLOW_BEHIND"),
        (AUGUST, 101, "CAP_PASSED"),
        (DECEMBER_2015, 100, "REACHED"),
    ],
)
def test_a_flow_under_a_cap_is_reached_only_when_the_year_is_over(month, value, code):
    goal = Goal(Comparator.AT_MOST, Fraction(100), JANUARY_2015, DECEMBER_2015, cumulative=True)
    assert one(goal, month, value).rule.code == code


def test_nothing_over_nothing_does_not_apply_and_something_over_nothing_asks():
    assert one(level(), AUGUST, None, state=State.ZERO_OVER_ZERO).rule.code == "ZERO_OVER_ZERO"
    assert one(level(), AUGUST, None, state=State.OVER_ZERO).rule.code == "OVER_ZERO"


def test_the_pace_of_a_level_counts_towards_its_target():
    points = [at(JANUARY_2015 + n, value) for n, value in enumerate([20, 19, 18, 14])]
    judged = judge(level(Comparator.AT_MOST, "10"), points)[-1]
    assert judged.pace3 == 2
    assert judged.required == Fraction(4, 32)
    assert judged.pressure3 == Fraction(1, 16)


def test_a_pace_that_leads_nowhere_has_no_pressure():
    judged = judge(level(), [at(JANUARY_2015 + n, 80) for n in range(4)])[-1]
    assert (judged.pace3, judged.pressure3) == (0, None)


def test_every_rule_has_its_own_code_and_words_for_any_goal():
    assert len(RULE_BY_CODE) == len(RULES)
    assert RULES[-1].holds.__code__.co_names == ()
    for rule in RULES:
        assert "{" not in rule.explain(None)
        assert "{" not in rule.explain(level(tolerance=Fraction(1, 3)))


NUMBERS = st.integers(-200, 200).map(Fraction) | st.fractions(-200, 200, max_denominator=300)
MONTHS = st.integers(JANUARY_2015 - 2, JANUARY_2015 + 40)
GOALS = st.builds(
    Goal,
    comparator=st.sampled_from(Comparator),
    value=st.none() | NUMBERS,
    start=MONTHS,
    end=MONTHS,
    tolerance=st.none() | NUMBERS,
    path=st.sampled_from(PathKind),
    points=st.lists(st.tuples(MONTHS, NUMBERS), max_size=3).map(tuple),
    base_value=st.none() | NUMBERS,
    base_month=st.none() | MONTHS,
    cumulative=st.booleans(),
    yearly_check=st.booleans(),
    behind=NUMBERS,
    far=NUMBERS,
)
POINTS = st.builds(
    Point,
    month=MONTHS,
    value=st.none() | NUMBERS,
    state=st.sampled_from(State),
    covered=st.booleans(),
    month_value=st.none() | NUMBERS,
    overdue=st.none() | NUMBERS,
    year_ago=st.none() | NUMBERS,
    month_covered=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(GOALS, max_size=3), st.lists(POINTS, max_size=8, unique_by=lambda point: point.month))
def test_any_input_gets_one_judgement_a_month_and_its_light_follows_its_rule(goals, points):
    judged = judge(goals, points)
    assert [j.month for j in judged] == [p.month for p in points]
    for j, point in zip(judged, points, strict=True):
        assert j.light == j.rule.light
        assert "{" not in j.text
        uncovered_blue = j.light == Light.REACHED and not point.covered
        assert not uncovered_blue or j.rule.code == "FLOW_REACHED"
        assert j.light != Light.REACHED or j.reached
        assert point.why == State.OK or j.light in (Light.NONE, Light.NOT_COVERED)
        assert j.required is None or j.required >= 0
        assert j.pressure3 is None or j.pace3 > 0
