"""The soft rules: which figures are asked about, which are not, and in which words; worked by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.entry.checks import check, is_explained, unexplained
from indicators.entry.layout import Cell, SoftRule
from indicators.entry.soft import in_question, items_named

MONTH = SoftRule("S01", "month", "flow stock", "口径逐月一致")
YEAR = SoftRule("S02", "year", "flow")
SHARE = SoftRule("S09", "share", "D23 / D22", "就业率", least=Decimal(5), factor=None)


def sheet_of(hand, rule, past=None, previous=None, last_year=None, asked=None):
    """The small sheet with one rule; `past` is the series of each cell before the sheet's month, oldest first."""
    month = hand.make_sheet().month

    def read(keys):
        if asked is not None:
            asked.append(set(keys))
        return {
            key: {month - len(values) + at: Decimal(value) for at, value in enumerate(values)}
            for key, values in (past or {}).items()
            if key in keys
        }

    cells = {key: hand.cell(value) for key, value in (previous or {}).items()}
    year = {key: hand.cell(value) for key, value in (last_year or {}).items()}
    return replace(hand.make_sheet(), rules=(), soft_rules=(rule,), past=read, previous=cells, last_year=year)


def told(sheet, key, value):
    return [(one.rule, one.fix) for one in check(sheet, {key: Cell(Decimal(value))})]


STEADY = [28, 30, 28, 30, 28, 30, 28, 28]  # steps ±1/29 and a 0: the usual ones are ±3.5 · 1.4826 / 29


@pytest.mark.parametrize(("value", "found"), [(310, 0), (402, 0), (403, 1), (960, 1), (196, 0), (195, 1)])
def test_a_jump_out_of_the_cells_own_range_is_asked_about(hand, value, found):
    # From 280 the usual steps of at most 0.17894 lead to 195.004 and 402.04; up to 20 % (224 to 336) nobody asks.
    key = hand.at(hand.first, "D25")
    sheet = sheet_of(hand, MONTH, {key: [10 * one for one in STEADY]}, {key: 280})
    assert len(told(sheet, key, value)) == found


def test_it_says_how_much_and_what_is_usual_and_on_what_it_rests(hand):
    key = hand.at(hand.first, "D25")
    sheet = sheet_of(hand, MONTH, {key: STEADY}, {key: 28})
    assert told(sheet, key, 96) == [
        ("请核实：比上月多 68 户（+242.9%），通常 20–40", "有误就改；无误，写明原因（口径逐月一致）"),
    ]
    assert told(sheet, key, 10) == []  # both under 30: too small to wonder at


def test_with_a_short_past_only_the_factor_decides(hand):
    key = hand.at(hand.first, "D25")
    sheet = sheet_of(hand, MONTH, {key: [28, 28]}, {key: 28})
    assert told(sheet, key, 279) == []
    assert [rule for rule, _ in told(sheet, key, 280)] == ["请核实：比上月多 252 户（+900.0%）"]


def test_the_step_of_the_same_month_last_year_is_no_surprise(hand):
    key = hand.at(hand.first, "D25")
    past = [40] * 12 + [80] + [40] * 11  # twelve months before the sheet's the figure doubled
    sheet = sheet_of(hand, MONTH, {key: past}, {key: 40})
    assert told(sheet, key, 82) == []
    assert len(told(sheet_of(hand, MONTH, {key: [40] * 24}, {key: 40}), key, 82)) == 1


def test_a_jump_against_last_year_is_held_against_past_years(hand):
    key = hand.at(hand.first, "D25")
    past = [100] * 12 + [110] * 12  # every month was 10 more than the year before: a step of 1/21, ± 3.5 points
    sheet = sheet_of(hand, YEAR, {key: past}, last_year={key: 110})
    assert told(sheet, key, 130) == []
    assert [rule for rule, _ in told(sheet, key, 200)] == ["请核实：比去年同月多 90 户（+81.8%），通常 113–130"]


def test_cumulative_figures_are_not_laid_beside_last_month(hand):
    key = hand.at(hand.town, "D62")
    sheet = sheet_of(hand, replace(MONTH, text="flow stock ytd"), {key: [100] * 12}, {key: 100})
    assert told(sheet, key, 900) == []


def test_a_share_out_of_its_own_range_is_asked_about(hand):
    part, whole = hand.at(hand.first, "D23"), hand.at(hand.first, "D22")
    past = {part: [80, 81, 79, 80, 80, 81], whole: [100] * 6}
    sheet = sheet_of(hand, SHARE, past, {part: 80, whole: 100})
    # Median 80, distances 0 1 1 0 0 1, their median 1/2: 1.4826 / 2 · 3.5 = 2.6 points on either side.
    values = {part: hand.cell(74), whole: hand.cell(100)}
    (problem,) = check(sheet, values)
    assert (problem.severity, problem.item, problem.code, problem.value) == ("soft", "D23", "S09", "74%")
    assert problem.rule == "请核实：已就业占城乡劳动者数的 74%，通常 77.4%–82.6%"
    assert check(sheet, values | {part: hand.cell(76)}) == []  # 4 points from last month: nobody asks
    small = sheet_of(hand, SHARE, past, {part: 16, whole: 20})
    assert check(small, {part: hand.cell(2), whole: hand.cell(20)}) == []


def test_limits_given_with_the_rule_need_no_past(hand):
    part, whole = hand.at(hand.first, "D23"), hand.at(hand.first, "D22")
    sheet = sheet_of(hand, replace(SHARE, low=Decimal(60), high=Decimal(98)))

    def words(value):
        return [one.rule for one in check(sheet, {part: hand.cell(value), whole: hand.cell(100)})]

    assert (words(60), words(98)) == ([], [])
    assert words(59) == ["请核实：已就业占城乡劳动者数的 59%，通常 60%–98%"]


def test_the_past_is_read_only_for_what_left_its_last_value(hand):
    asked = []
    still, moved = hand.at(hand.first, "D25"), hand.at(hand.second, "D25")
    sheet = sheet_of(hand, MONTH, {moved: STEADY}, {still: 40, moved: 40}, asked=asked)
    check(sheet, {still: hand.cell(41)})
    assert asked == []
    check(sheet, {still: hand.cell(41), moved: hand.cell(90)})
    assert asked == [{moved}] == [in_question(sheet, {still: hand.cell(41), moved: hand.cell(90)})]


def test_a_note_in_the_cell_explains_a_finding_and_blanks_do_not(hand):
    key = hand.at(hand.first, "D25")
    sheet = sheet_of(hand, MONTH, {key: STEADY}, {key: 28})
    silent = {key: replace(hand.cell(96), note=" \n")}
    said = {key: replace(hand.cell(96), note="招聘会集中签约")}
    (problem,) = check(sheet, said)
    assert is_explained(problem, said)
    assert unexplained([problem], said) == []
    assert unexplained([problem], silent) == [problem]


def test_a_rule_names_its_items_or_kinds():
    assert items_named(MONTH) == frozenset()
    assert items_named(replace(MONTH, text="flow D21 D22")) == {"D21", "D22"}
    assert items_named(SHARE) == {"D23", "D22"}
    with pytest.raises(ValueError, match="占比须写作"):
        items_named(replace(SHARE, text="D23 + D22"))


@given(value=st.integers(0, 10**8), length=st.integers(0, 24))
def test_a_figure_that_stays_what_it_was_is_never_asked_about(hand, value, length):
    key = hand.at(hand.first, "D25")
    for rule in (MONTH, YEAR):
        sheet = sheet_of(hand, rule, {key: [value] * length}, {key: value}, {key: value})
        assert told(sheet, key, value) == []


@given(values=st.lists(st.integers(30, 10**5), min_size=10, max_size=24), factor=st.integers(1, 50))
def test_what_is_asked_about_does_not_depend_on_the_unit(hand, values, factor):
    key = hand.at(hand.first, "D25")
    *past, now = values

    def found(times):
        sheet = sheet_of(hand, MONTH, {key: [one * times for one in past]}, {key: past[-1] * times})
        return len(told(sheet, key, now * times))

    assert found(1) == found(factor)
