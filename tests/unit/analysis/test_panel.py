"""Definitions evaluated on a panel: ratios of sums, windows, joint coverage, and what exists."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.analysis.exact import Exact
from indicators.analysis.formula import FormulaError, Ref, parse
from indicators.analysis.kinds import ItemKind, State, Window
from indicators.analysis.numbers_text import print_units
from indicators.analysis.panel import Definition, Panel, evaluate, facts
from indicators.analysis.windows import Calendar

from .builders import JANUARY_2015, UNITS, flow, panel, series, stock, ytd
from .test_windows import any_series, slow


def ratio(numerator: str, denominator: str, **more) -> Definition:
    return Definition(parse(numerator), parse(denominator), scale=100, **more)


def values(exact: Exact, area: int = 0) -> list:
    cells = [(exact.fraction(area, m), exact.state(area, m).name) for m in range(exact.shape[1])]
    return [name if value is None else value for value, name in cells]


def test_a_rate_over_towns_is_the_ratio_of_the_summed_parts():
    """Two towns 980/1000 and 90/120, added up before: 95.54 %, not the mean 86.5 %."""
    found = evaluate(ratio("D23", "D22"), panel(D23=stock(980 + 90), D22=stock(1000 + 120)))
    assert values(found.value) == [Fraction(107_000, 1120)]
    assert print_units(found.value.to_units()[0, 0], 2) == "95.54"


def test_a_rate_over_months_is_the_ratio_of_the_summed_parts():
    found = evaluate(ratio("D101", "D100", window=Window.YEAR), panel(D101=flow(980, 90), D100=flow(1000, 120)))
    assert values(found.value) == [98, Fraction(107_000, 1120)]
    assert values(found.month_value) == [98, 75]


def test_a_flow_has_its_month_its_year_and_its_plan():
    figures = panel(D01=flow(*[500] * 12, 700, 800), D02=flow(*[100] * 14))
    found = evaluate(Definition(parse("D01 - D02"), window=Window.YEAR), figures)
    assert found.denominator is None
    assert values(found.value)[11:] == [4800, 600, 1300]
    assert values(found.month_value)[11:] == [400, 600, 700]
    assert values(found.plan_to_date)[11:] == [4800, 5400, 6100]
    assert values(found.year_to_date) == values(found.value)


def test_a_level_has_no_sums():
    found = evaluate(ratio("D21", "D20 + D21"), panel(D20=stock(970), D21=stock(30)))
    assert values(found.value) == [3]
    assert values(found.month_value) == [3]
    assert found.year_to_date is None
    assert found.plan_to_date is None


def test_the_gap_of_two_rates_and_its_relative_reading():
    figures = {"D61": ytd(1000), "D62": ytd(660), "D63": ytd(2000), "D64": ytd(1500)}
    gap = Definition(parse("D64 / D63"), parse("D62 / D61"), parse("(N - M) * 100"), window=Window.YEAR)
    assert values(evaluate(gap, panel(**figures)).value) == [9]
    relative = Definition(parse("D64 / D63"), parse("D62 / D61"), parse("(N - M) / N * 100"), window=Window.YEAR)
    assert values(evaluate(relative, panel(**figures)).value) == [12]


def test_the_mean_base_is_held_against_a_dated_wage():
    figures = panel({"W01": [None, (48_145, 1), (51_463, 1)]}, D72=stock(*[400_000] * 3), D70=stock(100, 100, 100))
    found = evaluate(ratio("D72 / D70", "W01 / 12"), figures)
    assert values(found.value) == ["NO_DATA", Fraction(4_800_000, 48_145), Fraction(4_800_000, 51_463)]
    assert found.covered.tolist() == [[False, True, True]]
    assert found.exists.tolist() == [[True, True, True]]


def test_average_pension_is_paid_over_person_months():
    figures = panel(D48=flow(150_000, 161_000), D41=stock(60, 65), D42=stock(40, 45))
    found = evaluate(Definition(parse("D48"), parse("months(D41 + D42)"), window=Window.YEAR), figures)
    assert values(found.value) == [1500, Fraction(311_000, 210)]


def test_nothing_over_nothing_does_not_apply():
    found = evaluate(ratio("D54", "D53"), panel(D54=stock(0, 3), D53=stock(0, 0)))
    assert values(found.value) == ["ZERO_OVER_ZERO", "OVER_ZERO"]
    assert found.covered.tolist() == [[True, True]]


def test_a_county_item_asked_of_a_town_is_not_here():
    nothing = {"missing": [[0], [0]], "expected": [[1], [0]]}
    d20 = series(ItemKind.STOCK, [[970], [None]], **nothing)
    d21 = series(ItemKind.STOCK, [[30], [4]])
    found = evaluate(ratio("D21", "D20 + D21"), panel(D20=d20, D21=d21))
    assert found.value.why.tolist() == [[State.OK], [State.NOT_HERE]]
    assert found.covered.tolist() == [[True], [False]]


def test_coverage_counts_the_places_that_gave_every_item():
    """Place 1 gave no D22, place 2 no D23: the least count says 2 of 3, jointly only 1 gave both."""
    d22 = stock(500, missing=[[0b001]], expected=[[0b111]])
    d23 = stock(400, missing=[[0b010]], expected=[[0b111]])
    found = evaluate(ratio("D23", "D22"), panel(D22=d22, D23=d23))
    assert (found.reported[0, 0], found.expected[0, 0]) == (1, 3)
    assert not found.covered[0, 0]
    assert values(found.value) == [80]


def test_a_hole_in_march_uncovers_the_year_from_march_on_but_only_march_itself():
    figures = panel(D01=flow(1, 1, 1, 1, missing=[[0, 0, 0b10, 0]], expected=[[0b11] * 4]))
    found = evaluate(Definition(parse("D01"), window=Window.YEAR), figures)
    assert found.covered.tolist() == [[True, True, False, False]]
    assert found.month_covered.tolist() == [[True, True, False, True]]
    assert found.reported.tolist() == [[2, 2, 1, 1]]


def test_a_row_exists_where_somebody_entered_something_that_month():
    automatic = stock(9, 9, 9, expected=[[0, 0, 0]], entered=False)
    found = evaluate(ratio("D91", "D90"), panel(D91=stock(3, None, 9), D90=automatic))
    assert found.exists.tolist() == [[True, False, True]]
    assert found.expected.tolist() == [[1, 1, 1]]


def test_a_project_count_exists_where_its_completion_is_known():
    done = {"missing": [[0, 0]], "expected": [[0, 0]], "entered": False}
    found = evaluate(Definition(parse("P01 + P02")), panel(P01=stock(0, 1, **done), P02=stock(0, 0, **done)))
    assert values(found.value) == [0, 1]
    assert found.exists.tolist() == [[True, True]]
    assert found.covered.tolist() == [[True, True]]


def test_a_parameter_alone_exists_while_it_holds():
    figures = panel({"W02": [None, (30, 1)]}, D01=flow(1, 1))
    found = evaluate(Definition(parse("W02")), figures)
    assert values(found.value) == ["NO_DATA", 30]
    assert found.exists.tolist() == [[False, True]]


def test_a_definition_that_cannot_be_worked_out_is_refused():
    with pytest.raises(FormulaError):
        Definition(parse("N + D01"))
    with pytest.raises(FormulaError):
        Definition(parse("D01"), value=parse("N / M"))
    with pytest.raises(KeyError):
        evaluate(Definition(parse("D99")), panel(D01=flow(1)))


def test_facts_carry_the_year_before_only_where_it_was_complete():
    holes = [[0, 1, *[0] * 12]]
    figures = panel(D87=stock(*range(14), missing=holes, expected=[[1] * 14]))
    found = facts(evaluate(Definition(parse("D87")), figures), figures)
    assert [found.year_ago.fraction(0, month) for month in range(14)] == [None] * 12 + [0, None]
    assert found.first_month == JANUARY_2015
    assert found.covered.tolist() == [[month != 1 for month in range(14)]]


def test_facts_of_a_dynamic_zero_carry_what_is_overdue():
    figures = panel(D27=stock(2), D27a=stock(1))
    definition = Definition(parse("D27"), parse("D27a"), parse("N"))
    found = facts(evaluate(definition, figures), figures)
    assert (found.value.fraction(0, 0), found.overdue.fraction(0, 0)) == (2, 1)


FORMULAS = ["D01", "D01 - D02", "D02 / D03", "months(D01 + D03)", "D01 * 2 - 1 / D02", "-(D03 - D01) / 0.5"]


def slow_formula(formula, window, items, area, month, calendar):
    """One formula in one cell with plain Fractions: the value, a State, or 'division' by zero."""

    def cell(ref, months=False):
        return slow(items[ref], area, month, window, calendar, months)

    states = [cell(ref, ref in formula.stock_sum_refs)[0] for ref in formula.refs]
    for state in (State.NOT_HERE, State.NO_DATA):
        if any(held is state for held in states):
            return state
    try:
        return formula.evaluate(lambda ref, months=False: Fraction(cell(ref, months)[1], UNITS), Fraction)
    except ZeroDivisionError:
        return "division"


def slow_ratio(definition, *cell):
    parts = [slow_formula(formula, definition.window, *cell) for formula in definition.formulas]
    for wrong in (State.NOT_HERE, State.NO_DATA, "division"):
        if any(part is wrong for part in parts):
            return wrong
    return "division" if parts[1] == 0 else parts[0] / parts[1] * 100


@settings(max_examples=60, deadline=None)
@given(
    st.data(),
    st.integers(1, 15),
    st.sampled_from(FORMULAS),
    st.sampled_from(FORMULAS),
    st.sampled_from(Window),
)
def test_evaluation_agrees_with_the_slow_and_obvious_way(data, months, numerator, denominator, window):
    items = {Ref(code): data.draw(any_series(months)) for code in ("D01", "D02", "D03")}
    definition = ratio(numerator, denominator, window=window)
    figures = Panel((1, 2), JANUARY_2015, months, JANUARY_2015, items)
    found = evaluate(definition, figures)
    calendar = Calendar(JANUARY_2015, months, JANUARY_2015)
    for area in range(2):
        for m in range(months):
            expected = slow_ratio(definition, items, area, JANUARY_2015 + m, calendar)
            state, value = found.value.state(area, m), found.value.fraction(area, m)
            if expected == "division":
                assert state in (State.ZERO_OVER_ZERO, State.OVER_ZERO)
            elif isinstance(expected, State):
                assert state is expected
            else:
                assert value == expected


def test_every_result_has_the_shape_of_the_panel():
    found = evaluate(ratio("1", "W01"), panel({"W01": [(4, 1), (5, 1)]}, D01=series(ItemKind.FLOW, [[1, 2], [3, 4]])))
    assert found.numerator.shape == found.value.shape == found.reported.shape == (2, 2)
    assert values(found.value, 1) == [25, 20]
    assert found.expected.dtype == np.int64
