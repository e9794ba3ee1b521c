"""The drawing of the timetable: where days stand on the axis, what is drawn of plan, slip and milestones."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tasks.timetable.gantt import Axis, Bar, Node, head_svg, overdue_since, row_svg

YEAR = Axis(date(2017, 1, 1), date(2017, 12, 31), date(2017, 7, 1))  # 365 days; today is the 182nd, 181 days in
PLAN = (date(2017, 1, 1), date(2017, 12, 31))


def drawn(bar: Bar, axis: Axis = YEAR) -> str:
    return row_svg(axis, bar, "说明")


def rects(svg: str, look: str) -> list[tuple[str, str]]:
    """Start and width of the rectangles of a class."""
    found = re.findall(r"<rect ([^>]*)/>", svg)
    pairs = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in found]
    return [(one["x"], one["width"]) for one in pairs if look in one["class"].split()]


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_the_axis_goes_from_the_first_year_to_the_last_quarter():
    axis = Axis.over([date(2015, 3, 2), date(2017, 12, 31), date(2018, 1, 1)], date(2017, 8, 9))
    assert (axis.first, axis.last) == (date(2015, 1, 1), date(2018, 3, 31))
    assert axis.quarters[-2:] == [date(2017, 10, 1), date(2018, 1, 1)]
    none = Axis.over([], date(2017, 8, 9))
    assert (none.first, none.last) == (date(2017, 1, 1), date(2017, 12, 31))


def test_a_day_stands_at_its_share_of_the_days_and_never_outside():
    assert YEAR.at(date(2017, 1, 1)) == 0
    assert YEAR.at(date(2017, 7, 1)) == 4959  # 181 of 365
    assert YEAR.at(date(2016, 5, 1)) == 0
    assert YEAR.at(date(2019, 5, 1)) == 10_000


def test_the_part_done_is_its_share_of_the_plan():
    svg = drawn(Bar(*PLAN, percent=40))
    assert rects(svg, "g-plan") == [("0.00%", "100.00%")]
    assert rects(svg, "g-done") == [("0.00%", "40.00%")]  # 146 of 365 days
    assert "g-overdue" not in svg


def test_a_completed_task_is_grey_with_its_month_and_the_days_it_was_late():
    svg = drawn(Bar(date(2017, 1, 1), date(2017, 3, 31), 100, date(2017, 4, 10)))
    assert words(svg) == ["4月完成，晚 10 天"]
    assert rects(svg, "g-completed") == [("0.00%", "24.66%")]  # 90 of 365
    assert "g-done" not in svg


def test_an_overdue_milestone_is_hatched_up_to_today_with_the_days():
    nodes = (Node("T01-1", "一", date(2017, 6, 1)), Node("T01-2", "二", date(2017, 10, 1)))
    bar = Bar(*PLAN, 40, nodes=nodes)
    assert overdue_since(bar, YEAR.today) == date(2017, 6, 1)
    svg = drawn(bar)
    assert words(svg) == ["逾期 30 天"]
    assert rects(svg, "g-overdue") == [("41.37%", "8.22%")]  # 151 and 30 of 365
    assert (svg.count('"g-node-late"'), svg.count('"g-node"')) == (1, 1)


def test_overdue_counts_from_the_oldest_and_not_once_reached():
    late = Node("T01-1", "一", date(2017, 3, 1), done_on=date(2017, 5, 1))
    assert overdue_since(Bar(date(2016, 1, 1), date(2017, 5, 31), 90, nodes=(late,)), YEAR.today) == date(2017, 5, 31)
    assert overdue_since(Bar(*PLAN, 90, nodes=(late,)), YEAR.today) is None
    assert (
        overdue_since(Bar(*PLAN, 100, date(2017, 6, 1), nodes=(Node("x", "x", date(2017, 1, 2)),)), YEAR.today) is None
    )


@pytest.mark.parametrize(("to", "told"), [(date(2017, 11, 30), "推后 90 天"), (date(2017, 8, 2), "提前 30 天")])
def test_a_moved_milestone_shows_where_it_was_and_by_how_many_days(to, told):
    svg = drawn(Bar(*PLAN, 40, nodes=(Node("T01-2", "二", to, first_on=date(2017, 9, 1)),)))
    assert words(svg) == [told]
    assert svg.count("g-first") == 1


def test_a_later_day_granted_is_hatched_beyond_the_first_one():
    svg = drawn(Bar(date(2017, 1, 1), date(2017, 9, 28), 70, first_due=date(2017, 6, 30)))
    assert words(svg) == ["延期 90 天"]
    assert rects(svg, "g-hatch") == [("49.59%", "24.66%")]


def test_words_stand_before_their_place_where_there_is_no_room_behind():
    svg = drawn(Bar(*PLAN, 100, completed_on=date(2017, 12, 20)))
    assert 'text-anchor="end"' in svg


def test_nothing_a_person_wrote_becomes_markup_and_no_style_attribute_is_needed():
    svg = row_svg(YEAR, Bar(*PLAN, 1, nodes=(Node("x", "<script>&", date(2017, 9, 1)),)), '"><script>')
    head = head_svg(YEAR, [{"name": "<b>", "start": PLAN[0], "end": PLAN[1]}])
    assert "<script>" not in svg
    assert "<b>" not in head
    assert "style=" not in svg + head


def test_the_head_names_phases_quarters_and_today_where_it_lies_on_the_axis():
    phase = {"name": "实施阶段", "start": PLAN[0], "end": PLAN[1]}
    assert words(head_svg(YEAR, [phase])) == ["实施阶段", "2017", "4月", "7月", "10月", "今天 07-01"]
    later = Axis(YEAR.first, YEAR.last, date(2018, 2, 1))
    assert "今天" not in head_svg(later, [phase])
    assert len(Axis(date(2011, 1, 1), date(2017, 12, 31), YEAR.today).quarters) == 7
