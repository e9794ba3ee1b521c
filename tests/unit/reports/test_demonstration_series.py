"""The invented series: they fill every form without breaking a balance rule, move smoothly and tell the story meant."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from bureau import months
from indicators.entry import layout
from indicators.entry.checks import check, missing_cells
from indicators.entry.relations import items_of
from indicators.plandata import read_plan
from reports.demonstration.cells import Cell
from reports.demonstration.figures import SEED, UNREPORTED, UNREPORTED_MONTH, generate
from reports.demonstration.numbers import Curve, apportion, part, year_by_month
from reports.demonstration.places import FIRST, LAST, TOWN_PEOPLE, County, Village

JUNE = months.parse("2017-06")


@pytest.fixture(scope="module")
def plan():
    return read_plan()


@pytest.fixture(scope="module")
def county(plan) -> County:
    places = sorted(plan.areas, key=lambda place: place.code)
    return County(
        plan.plan.county,
        tuple(place.code for place in places if place.level == "town"),
        tuple(
            Village(place.code, place.parent, place.urban == "urban", place.start, place.end)
            for place in places
            if place.level == "village"
        ),
    )


@pytest.fixture(scope="module", params=[SEED, 7])
def series(request, county):
    return generate(county, request.param)


@pytest.fixture(scope="module")
def shown(county):
    """The figures of the seed that everybody sees."""
    return generate(county, SEED)


def total(cells, item: str) -> Decimal:
    """Over all places and categories."""
    return sum((cell.value for key, cell in cells.items() if key[1] == item and cell.value), Decimal(0))


def sheets(plan, county, series):
    """Every form of every place and month as the pages build it, with the figures of the month before."""
    before: dict[layout.CellKey, layout.Cell] = {}
    rules = [layout.BalanceRule(rule.code, rule.expr, rule.basis) for rule in plan.rules.rules]
    for month, cells in series.items():
        now = {layout.CellKey(*key): layout.Cell(cell.value, cell.state) for key, cell in cells.items()}
        for form in plan.forms:
            columns = columns_of(plan, form)
            codes = {column.item for column in columns}
            levels = {level for column in columns for level in column.levels}
            own_rules = tuple(rule for rule in rules if items_of(rule.text) <= codes)
            for place in county.towns if form.submitted_at == "town" else (county.code,):
                rows = [layout.Row(place, place, form.submitted_at)] if form.submitted_at in levels else []
                if "village" in levels:
                    rows += [layout.Row(v.code, v.code, "village") for v in county.standing(month) if v.town == place]
                yield layout.Sheet(
                    form.code, form.number, form.name, place, place, month, "1", tuple(rows), columns,
                    values=now, previous=before, rules=own_rules,
                )  # fmt: skip
        before = now


def columns_of(plan, form) -> tuple[layout.Column, ...]:
    items = {item.code: item for item in plan.items}
    categories = {split.code: [category.code for category in split.categories] for split in plan.catalogue.breakdowns}
    return tuple(
        layout.Column(
            item.code, item.name, item.unit, category,
            decimals=item.decimals, kind=item.kind.value, levels=frozenset(level.value for level in asked.levels),
        )
        for asked in form.items
        for item in (items[asked.item],)
        for category in (categories[item.breakdown] if item.breakdown else [""])
    )  # fmt: skip


def test_no_balance_rule_is_broken_and_no_cell_left_empty_but_the_ones_meant(plan, county, series):
    broken, empty = [], set()
    for sheet in sheets(plan, county, series):
        problems = check(sheet, sheet.values)
        broken += [(sheet.label, one.area, one.rule) for one in problems if one.severity == "hard"]
        empty |= {(sheet.month, one.area, one.item) for one in missing_cells(sheet, sheet.values)}
    assert broken == []
    assert empty == {(UNREPORTED_MONTH, area, item) for area, item, _ in UNREPORTED}


def test_less_than_three_figures_in_a_hundred_ask_for_a_note(plan, county, shown):
    rules = tuple(layout.SoftRule(**rule.model_dump()) for rule in plan.rules.soft)
    asked = cells = 0
    last_year: dict[int, dict] = {}
    for sheet in sheets(plan, county, {month: shown[month] for month in range(JUNE - 2, JUNE + 1)}):
        month = sheet.month
        if month == JUNE - 2:
            continue  # has no month before it here
        if month not in last_year:
            last_year = {
                month: {layout.CellKey(*key): layout.Cell(one.value) for key, one in shown[month - 12].items()}
            }

        def past(keys, months=range(month - 24, month)):
            return {
                key: {at: cell.value for at in months if (cell := shown[at].get(key)) and cell.value is not None}
                for key in keys
            }

        found = check(replace(sheet, soft_rules=rules, past=past, last_year=last_year[month]), sheet.values)
        assert all(one.severity == "soft" for one in found)
        asked += len({one.cell for one in found})
        cells += sum(layout.is_entered(row, column) for row in sheet.rows for column in sheet.columns)
    assert cells > 12_000
    assert 0 < asked * 100 < 3 * cells


def test_every_cell_is_one_that_some_form_asks_for(plan, county, series):
    asked = set()
    for sheet in sheets(plan, county, {JUNE: series[JUNE]}):
        asked |= {
            (row.area, column.item, column.category)
            for row in sheet.rows
            for column in sheet.columns
            if layout.is_entered(row, column)
        }
    assert set(series[JUNE]) <= asked


def test_no_figure_is_negative_and_only_money_has_decimals(plan, series):
    decimals = {item.code: item.decimals for item in plan.items}
    for cells in series.values():
        for (_, item, _), cell in cells.items():
            if cell.value is not None:
                assert cell.value >= 0
                assert -cell.value.as_tuple().exponent <= decimals[item]


def test_a_seed_gives_the_same_figures_again_and_another_seed_others(county, shown):
    assert generate(county, SEED) == shown
    assert generate(county, SEED + 1)[JUNE] != shown[JUNE]


def test_the_years_of_new_jobs_are_as_told_with_peaks_in_march_and_september(shown):
    def added(month):
        return total(shown[month], "D01") - total(shown[month], "D02")

    by_month = {month: added(month) for month in shown}
    years = Counter()
    for month, jobs in by_month.items():
        years[months.year(month)] += jobs
    assert (years[2015], years[2016]) == (7043, 6928)
    assert sum(by_month[month] for month in range(months.parse("2017-01"), JUNE + 1)) == 3231  # 47.5 % of 6,800
    year = {month: by_month[month] for month in range(months.parse("2016-01"), months.parse("2016-12") + 1)}
    assert {months.number(month) for month in sorted(year, key=year.get)[-2:]} == {3, 9}


def test_the_most_active_town_adds_at_least_three_times_the_jobs_a_head_of_the_least(shown):
    a_thousand = []
    for town, people in TOWN_PEOPLE.items():
        jobs = sum(
            shown[month][town, "D01", ""].value - shown[month][town, "D02", ""].value
            for month in range(months.parse("2016-01"), months.parse("2016-12") + 1)
        )
        a_thousand.append(jobs * 1000 / people)
    assert max(a_thousand) >= 3 * min(a_thousand)


def test_what_stands_at_the_month_end_moves_smoothly_even_when_villages_change(series):
    for item in ("D05", "D28", "D31", "D32", "D41", "D42", "D45", "D50", "D52", "D66", "D70", "D20"):
        for one, next_one in pairwise(series.values()):
            was, now = total(one, item), total(next_one, item)
            assert abs(now - was) * 50 < was, item  # less than 2 % a month


def test_the_county_has_some_375_000_registered_people(shown):
    assert total(shown[FIRST], "D50") == sum(TOWN_PEOPLE.values()) == 374_600
    assert 375_000 < total(shown[LAST], "D50") < 380_000


def test_zero_employment_households_are_rare_and_none_is_open_in_june_2017(series):
    open_at_end = {month: total(cells, "D27") for month, cells in series.items()}
    assert open_at_end[JUNE] == 0
    assert 0 < sum(1 for count in open_at_end.values() if count) < 16
    assert max(open_at_end.values()) <= 2
    assert any(total(cells, "D27a") for cells in series.values())


def test_a_register_only_grows_and_says_carried_where_nothing_changed(county, series):
    for one, next_one in pairwise(series.values()):
        for key, cell in next_one.items():
            if key[1] in ("D81", "D83", "D85", "D91") and key in one and key[0] != county.code:
                assert cell.value >= one[key].value
                assert (cell.state == "carried") == (cell.value == one[key].value)


def test_typed_cumulative_figures_start_anew_each_january(series):
    for item in ("D54", "D61", "D65", "D67", "D99"):
        for year in (2016, 2017):
            january = months.make(year, 1)
            assert total(series[january], item) < total(series[january - 1], item)


def test_funding_a_head_stands_at_exactly_30_and_every_unit_is_built_in_june_2017(county, shown):
    june = shown[JUNE]
    assert total(june, "D65") == 30 * total(june, "D66")
    assert total(june, "D81") == 1 + len(county.towns) + len(county.standing(JUNE))


def test_shares_add_up_and_go_to_the_largest_remainders():
    assert apportion(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert apportion(7, {"a": 60, "b": 25, "c": 15}) == {"a": 4, "b": 2, "c": 1}  # 4.2, 1.75, 1.05
    assert sum(year_by_month(6999, (6, 5, 13, 10, 8, 8, 7, 7, 13, 9, 8, 6))) == 6999


def test_a_part_is_rounded_half_up_and_a_line_bends_where_told():
    assert [part(5, 1000), part(4, 1000), part(7, 10_000)] == [1, 0, 7]  # 0.5, 0.4
    line = Curve({"2015-01": 100, "2015-05": 108, "2015-06": 50})
    assert [line.at(months.parse(m)) for m in ("2014-12", "2015-02", "2015-05", "2015-06", "2017-01")] == [
        100, 102, 108, 50, 50,
    ]  # fmt: skip


def test_not_applicable_holds_no_value(shown):
    cells = [cell for cell in shown[JUNE].values() if cell.state == "na"]
    assert cells
    assert all(cell == Cell(None, "na") for cell in cells)
