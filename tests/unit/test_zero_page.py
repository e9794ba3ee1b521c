"""The dynamic-zero page: what is summed over a year, and what a month that is missing leaves unsaid."""

from __future__ import annotations

from bureau import months
from indicators import zero_page as page
from indicators.zero_page import Month

JANUARY = months.make(2017, 1)


def month(number: int, found=0, closed=0, within=0, open_now=0, overdue=0, reported: int = 133) -> Month:
    counts = dict(zip(page.ITEMS, (found, closed, within, open_now, overdue), strict=True))
    totals = {code: count * 10_000 for code, count in counts.items() if count is not None}
    return Month(JANUARY + number - 1, totals, reported, 133)


def test_the_year_is_summed_and_the_stock_is_that_of_the_last_month():
    series = [month(1, 2, 1, 1, 1), month(2, 3, 2, 1, 2, 1)]
    expected = "新发现5户，消除3户，其中30日内消除2户（66.7%）；期末2户，其中1户超过30日。"
    assert page.sentence(series, JANUARY + 1) == expected
    assert page.sentence(series, JANUARY) == "新发现2户，消除1户，其中30日内消除1户（100.0%）；期末1户，都在30日以内。"
    assert page.period(JANUARY + 1) == "2017年1—2月"


def test_the_year_before_is_not_counted_in():
    assert page.sentence([month(0, 9, 9, 9, 9), month(1)], JANUARY) == "没有新发现，也没有未消除的。"


def test_over_a_month_not_reported_by_all_nothing_is_summed():
    series = [month(1, 2, 1, 1, 1, reported=132), month(2, 3, 2, 1, 2, 1)]
    assert page.sentence(series, JANUARY + 1) == ""
    assert page.not_covered(series, JANUARY + 1) == [JANUARY]
    assert page.not_covered(series[1:], JANUARY + 1) == [JANUARY]


def test_an_item_without_total_is_a_dash_and_no_zero():
    line = page.row(month(1, 2, 1, None, 1), "2017年1月", {133: "村"})
    assert line["cells"] == ["2", "1", "—", "—", "1", "0"]
    assert (line["coverage"], line["short"], line["alarm"]) == ("133/133 村", True, False)


def test_where_none_was_closed_there_is_no_share():
    assert page.share(0, 0) is None
    assert page.share(30_000, 20_000) == 666_666  # cut so that what is printed of it rounds once
    assert page.row(month(1, 1, 0, 0, 1, 1), "", {})["cells"] == ["1", "0", "0", "—", "1", "1"]


def test_the_chart_hatches_what_is_not_covered_and_leaves_a_hole():
    series = [month(1, open_now=3), month(3, open_now=1, reported=130)]
    bars, hatched = page.chart(series)["data"][:2]
    assert bars["y"] == [3, None, 1]
    assert (hatched["name"], hatched["x"], hatched["y"]) == ("数据不全", [bars["x"][2]], [1])
    assert page.chart(series[:1]) is None
