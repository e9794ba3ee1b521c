"""Reading an old file (旧表): months, units, spellings, layouts as people wrote them; nothing guessed beyond them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bureau import months
from indicators.entry.layout import Column
from indicators.entry.oldfiles import words
from indicators.entry.oldfiles.grid import MOST_COVERED, Grid
from indicators.entry.oldfiles.layout import Layout, guess, headings
from indicators.entry.oldfiles.matching import Choice, Gazetteer, Named, propose_item
from indicators.entry.oldfiles.reading import item_keys, read, scaled
from indicators.entry.rawbook import RawCell, RawSheet, UploadRefused

MARCH = months.make(2015, 3)
JOBS = Column("D01", "城镇新增就业人数", "人")
WAGES = Column("D21", "工资总额", "元", decimals=2)


def sheet(*rows: tuple, merged: list[str] | None = None) -> Grid:
    cells = {}
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                kind = "text" if isinstance(value, str) else "number"
                cells[number, column] = RawCell(kind, str(value))
    return Grid(RawSheet("表", cells=cells, merged=merged))


@pytest.mark.parametrize(
    ("text", "year", "month", "rest"),
    [
        ("2015年3月", None, MARCH, ""),
        ("2015.3", None, MARCH, ""),
        ("2015-03", None, MARCH, ""),
        ("201503", None, MARCH, ""),
        ("３月份新增就业", 2015, MARCH, "新增就业"),
        ("三月", 2015, MARCH, ""),
        ("十二月", 2015, months.make(2015, 12), ""),
        ("3月", None, None, "3月"),
        ("13月", 2015, None, "13月"),
        ("1-3月合计", 2015, None, "1-3月合计"),
        ("2015年1—3月", None, None, "2015年1—3月"),
        ("一季度", 2015, None, "一季度"),
        ("人数", 2015, None, "人数"),
    ],
)
def test_a_month_is_read_as_it_is_written_and_a_span_is_none(text, year, month, rest):
    assert words.month_in(text, year) == (month, rest)


def test_a_date_in_a_month_column_is_its_month():
    # 42064 is 1 March 2015 in a spreadsheet's days
    assert words.month_of_cell(RawCell("number", "42064", dated=True), None) == MARCH
    assert words.month_of_cell(RawCell("number", "3"), 2015) == MARCH
    assert words.month_of_cell(RawCell("number", "3"), None) is None


@pytest.mark.parametrize(
    ("text", "unit", "ours", "factor"),
    [
        ("工资总额（万元）", "万元", "元", "10000"),
        ("单位：亿元", "亿元", "万元", "10000"),
        ("工资总额(元)", "元", "万元", "0.0001"),
        ("参保人数（万人）", "万人", "人", "10000"),
        ("就业（其中：女）", "", "人", None),
        ("人数（人）", "人", "元", None),
    ],
)
def test_the_factor_between_two_units_is_exact(text, unit, ours, factor):
    assert words.unit_in(text) == unit
    if unit:
        assert words.factor_between(unit, ours) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("cell", "factor", "text"),
    [
        (RawCell("number", "1.1000000000000001"), "10000", "11000"),
        (RawCell("number", "1.23456"), "10000", "12345.6"),
        (RawCell("text", "１，２３４.５"), "10000", "12345000"),
        (RawCell("text", "估0.3"), "10000", "估3000"),
        (RawCell("number", "123456789"), "0.0001", "12345.6789"),
        (RawCell("text", "不适用"), "10000", "不适用"),
        (RawCell("text", "约5"), "10000", "约5"),
        (RawCell("number", "0.12", percent=True), "10000", "0.12"),
    ],
)
def test_a_figure_times_a_factor_is_exact_and_what_is_none_stays_as_it_is(cell, factor, text):
    assert scaled(cell, Decimal(factor)).text == text


def test_headings_are_matched_by_likeness_and_unit_and_what_is_like_nothing_is_left():
    columns = [JOBS, WAGES, Column("D31", "参保人数", "人", "active", "在职")]
    assert propose_item("其中：新增就业 人数", "人", columns) == Choice("D01")
    assert propose_item("工资总额（万元）", "万元", columns) == Choice("D21", Decimal(10_000))
    assert propose_item("参保人数（在职）", "人", columns) == Choice("D31[active]")
    assert propose_item("备注", "", columns) == Choice()


def test_names_resolve_exactly_or_as_kept_and_only_within_their_town():
    east, west = Named("330424101", "东塘镇", "town"), Named("330424102", "西塘镇", "town")
    one = Named("330424101201", "永兴村", "village", frozenset({east.code}))
    other = Named("330424102201", "永兴村", "village", frozenset({west.code}))
    known = Gazetteer([east, west, one, other], {("永兴", east.code): one.code, ("西塘", ""): west.code})
    assert known.resolve("永 兴村") == (one.code, other.code)
    assert known.resolve("永兴村", west.code) == (other.code,)
    assert known.resolve("永兴", east.code) == (one.code,)
    assert known.resolve("永兴") == known.resolve("永兴", west.code) == ()
    assert known.resolve("西塘") == (west.code,)
    assert known.propose("东塘永兴")[0] == one.code
    assert known.propose("永兴社区居委会", west.code) == [other.code]


def test_items_in_a_column_and_months_in_the_headings():
    """One place's table: each row an item, each column a month."""
    grid = sheet(
        ("2015年东塘镇主要指标",),
        ("指标", "单位", "1月", "3月"),
        ("城镇新增就业人数", "人", 12, 13),
        ("工资总额（万元）", "万元", 1.5, None),
        merged=["A1:D1"],
    )
    found = guess(grid, lambda text: False).layout
    assert (found.head_first, found.head_last, found.item_column, found.month_from) == (2, 2, 1, "headings")
    layout = Layout("表", 2, 2, place="330424101", item_column=1, month_from="headings", year=2015)
    assert list(item_keys(grid, layout)) == ["城镇新增就业人数", "工资总额(万元)"]
    choices = {"城镇新增就业人数": Choice("D01"), "工资总额(万元)": Choice("D21", Decimal(10_000))}
    east = Gazetteer([Named("330424101", "东塘镇", "town")])
    lines = read(grid, layout, choices, east, {}, {"D01": JOBS, "D21": WAGES}).table.lines
    assert [(line.item, line.month, line.value.text) for line in lines] == [
        ("D01", "2015-01", "12"), ("D01", "2015-03", "13"), ("D21", "2015-01", "15000"),
    ]  # fmt: skip


def test_a_figure_over_joined_cells_and_a_row_without_a_place_are_named():
    grid = sheet(("地方", "人数"), ("东塘镇", 5), (None, None), (None, 7), merged=["B2:B3"])
    layout = Layout("表", 1, 1, place_column=1, month=MARCH)
    east = Gazetteer([Named("330424101", "东塘镇", "town")])
    found = read(grid, layout, {"人数": Choice("D01")}, east, {}, {"D01": JOBS})
    assert [(one.row, one.column, one.rule) for one in found.problems] == [
        (2, "B", "数在合并单元格里，不知道属于哪一格"),
        (4, "A", "这一行有数，没有地方名称"),
    ]
    assert not found.table.lines


def test_headings_that_read_the_same_are_told_apart_by_their_columns():
    grid = sheet(("地方", "人数", "人数"), ("东塘镇", 5, 6))
    layout = Layout("表", 1, 1, place_column=1, month=MARCH)
    assert [head.key for head in headings(grid, layout)] == ["人数 B列", "人数 C列"]


def test_merged_ranges_beyond_reason_are_refused():
    rows = [(str(number),) * 30 for number in range(MOST_COVERED // 30 + 1)]
    with pytest.raises(UploadRefused, match="合并单元格过多"):
        sheet(*rows, merged=["A1:XFD1048576"])
