"""The time rules of items: what months add up to, and which places a window wants."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.analysis.kinds import ItemKind, State, Window
from indicators.analysis.windows import Calendar, added, windowed

from .builders import JANUARY_2015, UNITS, flow, series, stock, ytd


def read(item, window, plan_start=JANUARY_2015, months=False, first_month=JANUARY_2015):
    """The first area's values by month; the name of the State where there is none."""
    found = windowed(item, window, Calendar(first_month, item.total.shape[1], plan_start), months).value
    cells = [(found.fraction(0, m), found.state(0, m).name) for m in range(item.total.shape[1])]
    return [name if value is None else value for value, name in cells]


def test_months_of_a_flow_add_up_within_the_year_and_over_the_plan():
    item = flow(*[10] * 12, 1, 2)
    assert read(item, Window.MONTH)[12:] == [1, 2]
    assert read(item, Window.YEAR)[10:] == [110, 120, 1, 3]
    assert read(item, Window.PLAN)[10:] == [110, 120, 121, 123]


def test_a_plan_that_starts_in_march_leaves_the_months_before_out():
    assert read(flow(5, 6, 7, 8), Window.PLAN, plan_start=JANUARY_2015 + 2) == ["NO_DATA", "NO_DATA", 7, 15]
    assert read(flow(5, 6, 7, 8), Window.YEAR, plan_start=JANUARY_2015 + 2) == [5, 11, 18, 26]


def test_a_blank_month_is_a_hole_and_not_a_zero():
    item = flow(None, 0, None, 4)
    assert read(item, Window.MONTH) == ["NO_DATA", 0, "NO_DATA", 4]
    assert read(item, Window.YEAR) == ["NO_DATA", 0, 0, 4]


def test_a_stock_is_that_of_the_month_and_never_carried_forward():
    item = stock(100, None, 120)
    for window in (Window.MONTH, Window.YEAR, Window.PLAN, Window.LEVEL):
        assert read(item, window) == [100, "NO_DATA", 120]


def test_person_months_are_a_stock_summed_over_the_window():
    item = stock(100, None, 120)
    assert read(item, Window.YEAR, months=True) == [100, 100, 220]
    assert read(item, Window.LEVEL, months=True) == [100, "NO_DATA", 120]


def test_a_cumulative_item_gives_its_months_by_difference_and_restarts_in_january():
    item = ytd(10, 25, None, 40, *[None] * 7, 90, 7, 12)
    assert read(item, Window.MONTH)[:4] == [10, 15, "NO_DATA", "NO_DATA"]
    assert read(item, Window.MONTH)[11:] == ["NO_DATA", 7, 5]
    assert read(item, Window.YEAR)[:4] == [10, 25, "NO_DATA", 40]
    assert read(item, Window.PLAN)[11:] == [90, 97, 102]


def test_twelve_months_of_a_cumulative_item_are_pieced_together_over_new_year():
    item = ytd(*range(10, 130, 10), 30, 50)
    assert read(item, Window.TRAILING12) == ["NO_DATA"] * 11 + [120, 30 + 120 - 10, 50 + 120 - 20]


def test_twelve_months_of_a_flow_exist_once_twelve_months_of_the_plan_have_passed():
    item = flow(*range(1, 15))
    assert read(item, Window.TRAILING12) == ["NO_DATA"] * 11 + [78, 90, 102]
    late = read(item, Window.TRAILING12, plan_start=JANUARY_2015 + 2)
    assert late == ["NO_DATA"] * 13 + [102]


def test_an_area_without_the_item_is_not_here_rather_than_empty():
    item = series(ItemKind.FLOW, [[None, None], [None, None]], expected=[[0, 0], [1, 1]], missing=[[0, 0], [1, 1]])
    value = windowed(item, Window.YEAR, Calendar(JANUARY_2015, 2, JANUARY_2015)).value
    assert value.why.tolist() == [[State.NOT_HERE] * 2, [State.NO_DATA] * 2]


def test_a_place_that_missed_one_month_is_missing_for_the_rest_of_a_flows_year_but_not_of_a_stock():
    holes = [[0b00, 0b10, 0b00]]
    both = [[0b11, 0b11, 0b11]]
    calendar = Calendar(JANUARY_2015, 3, JANUARY_2015)
    year = windowed(flow(1, 1, 1, missing=holes, expected=both), Window.YEAR, calendar)
    assert year.missing.tolist() == [[0, 0b10, 0b10]]
    level = windowed(stock(1, 1, 1, missing=holes, expected=both), Window.LEVEL, calendar)
    assert level.missing.tolist() == holes


def test_a_place_closed_in_december_is_not_missed_in_january_but_still_wanted_in_the_plans_sum():
    expected = [[0b11] * 12 + [0b01]]
    missing = [[0] * 11 + [0b10] + [0]]
    calendar = Calendar(JANUARY_2015, 13, JANUARY_2015)
    item = flow(*[1] * 13, missing=missing, expected=expected)
    year = windowed(item, Window.YEAR, calendar)
    assert (year.missing[0, 11], year.expected[0, 11]) == (0b10, 0b11)
    assert (year.missing[0, 12], year.expected[0, 12]) == (0, 0b01)
    plan = windowed(item, Window.PLAN, calendar)
    assert (plan.missing[0, 12], plan.expected[0, 12]) == (0b10, 0b11)


def test_sums_that_would_not_fit_sixty_four_bits_are_exact():
    most = 10**11
    assert read(flow(*[most * 145] * 100), Window.PLAN)[-1] == most * 145 * 100


def slow(item, area, month, window, calendar, months):
    """One cell the obvious way: (value in units or the State, missing, expected)."""
    held = {calendar.first_month + m: int(item.total[area, m]) for m in range(calendar.months) if item.present[area, m]}
    inside = range(calendar.first_month, calendar.first_month + calendar.months)
    january, december = month // 12 * 12, month // 12 * 12 + 11
    begin = {
        Window.MONTH: month,
        Window.LEVEL: month,
        Window.YEAR: january,
        Window.PLAN: calendar.plan_start,
        Window.TRAILING12: month - 11,
    }[window]
    too_early = window == Window.TRAILING12 and (begin < calendar.plan_start or begin < calendar.first_month)
    value = None
    if item.kind == ItemKind.YTD:
        minus, plus, need = [], [month], [month]
        if window == Window.MONTH and month != january:
            minus = [month - 1]
        if window == Window.PLAN:
            plus += [m for m in range(calendar.plan_start, january) if m % 12 == 11]
            minus = [calendar.plan_start - 1] if calendar.plan_start % 12 else []
        if window == Window.TRAILING12 and month != december:
            plus, minus = [month, january - 1], [month - 12]
            need = plus
        used = [*plus, *minus]
        if all(m in held for m in [*need, *minus]):
            value = sum(held.get(m, 0) for m in plus) - sum(held[m] for m in minus)
    elif item.kind == ItemKind.FLOW or months:
        used = [m for m in inside if begin <= m <= month]
        value = sum(held[m] for m in used if m in held) if any(m in held for m in used) else None
    else:
        used = [month]
        value = held.get(month)
    if begin > month or too_early:
        value = None
    here = bool(held) or any(item.expected[area, m] for m in range(calendar.months))
    missing = expected = 0
    for m in used:
        if m in inside:
            missing |= item.missing[area, m - calendar.first_month]
            expected |= item.expected[area, m - calendar.first_month]
    state = State.NOT_HERE if not here else State.NO_DATA if value is None else State.OK
    return state, value if state == State.OK else None, missing, expected


@st.composite
def any_series(draw, months):
    kind = draw(st.sampled_from(list(ItemKind)))
    cells = st.none() | st.integers(-5, 50)
    rows = draw(st.lists(st.lists(cells, min_size=months, max_size=months), min_size=2, max_size=2))
    bits = st.lists(st.lists(st.integers(0, 7), min_size=months, max_size=months), min_size=2, max_size=2)
    return series(kind, rows, missing=draw(bits), expected=draw(bits | st.just([[0] * months, [0] * months])))


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 30), st.integers(0, 11), st.integers(-3, 18), st.sampled_from(Window), st.booleans())
def test_windows_agree_with_the_slow_and_obvious_way(data, months, first, plan_offset, window, summed):
    calendar = Calendar(JANUARY_2015 + first, months, JANUARY_2015 + first + plan_offset)
    item = data.draw(any_series(months))
    found = windowed(item, window, calendar, summed)
    for area in range(2):
        for m in range(months):
            state, units, missing, expected = slow(item, area, calendar.first_month + m, window, calendar, summed)
            assert found.value.state(area, m) is state
            if units is not None:
                assert found.value.fraction(area, m) * UNITS == units
            opened = not (window in (Window.PLAN, Window.TRAILING12) and state is not State.OK)
            if opened:
                assert (found.missing[area, m], found.expected[area, m]) == (missing, expected)


def test_the_months_added_are_told_with_their_signs():
    calendar = Calendar(JANUARY_2015, 24, JANUARY_2015)
    march = JANUARY_2015 + 14
    assert added(ItemKind.FLOW, Window.YEAR, calendar, march) == ((1, march - 2), (1, march - 1), (1, march))
    assert added(ItemKind.STOCK, Window.YEAR, calendar, march) == ((1, march),)
    assert added(ItemKind.STOCK, Window.YEAR, calendar, march, months=True)[0] == (1, march - 2)
    assert added(ItemKind.YTD, Window.MONTH, calendar, march) == ((-1, march - 1), (1, march))
    assert added(ItemKind.YTD, Window.TRAILING12, calendar, march) == (
        (-1, JANUARY_2015 + 2), (1, JANUARY_2015 + 11), (1, march),
    )  # fmt: skip
    assert added(ItemKind.FLOW, Window.TRAILING12, calendar, JANUARY_2015 + 10) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 99), min_size=1, max_size=40),
    st.sampled_from(ItemKind),
    st.sampled_from(Window),
    st.booleans(),
)
def test_what_is_told_to_be_added_comes_to_what_was_computed(row, kind, window, months):
    item, calendar = series(kind, [row]), Calendar(JANUARY_2015, len(row), JANUARY_2015)
    months = months and kind == ItemKind.STOCK
    for month, value in enumerate(read(item, window, months=months)):
        told = added(kind, window, calendar, JANUARY_2015 + month, months)
        if value == "NO_DATA":
            assert told == () or any(at < JANUARY_2015 for _sign, at in told)
        else:
            assert sum(sign * row[at - JANUARY_2015] for sign, at in told) == value
