"""A workbook of the data annex as a spreadsheet reads it: the same numbers, live ratios, text that stays text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from reports.annex import write
from reports.annex.sheet import Chart, Column, Number, Ratio, Run, Series, Sheet, part, ratio_or_number
from tests.unit.reports.hostile import PAYLOADS
from tests.unit.reports.samples import CONTENT

D = Decimal
COLUMNS = (
    Column("编号", 8),
    Column("指标", 20),
    Column("分子", 12),
    Column("分母", 12),
    Column("值", 10),
    Column("日期", 11),
)
ROWS = (
    ("A01", "新增就业", Number(D(4080)), Number(None), Number(D(4080)), date(2017, 6, 30)),
    ("A03", "失业率", Number(D(1179)), Number(D(40837)), Ratio(D("2.89"), 2, 100, 2, 3), None),
    ("A06", "待遇差距", Number(D("75.1"), 1), Number(D("75.4"), 1), Number(D("-0.3"), 2), None),
    ("A20", "电商服务站", Number(None), Number(None), Number(None), None),
)
TABLE = Sheet("完成情况", COLUMNS, ROWS, "县级正式口径。")
LINE = Chart(
    "逐月", "%",
    (Series("甲", Run(0, 4, 3, 4), Run(0, 1, 3, 1)), Series("目标", Run(0, 2, 3, 2), Run(0, 1, 3, 1), True)),
    words="甲的四个值",
)  # fmt: skip


@pytest.fixture(scope="module")
def annex() -> bytes:
    return write(CONTENT, [TABLE.with_charts(LINE, LINE, LINE)])


def book(data: bytes, *, shown: bool):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=shown)


def below(sheet, head: str) -> list:
    """The cells under a head."""
    place = next(cell.column for cell in sheet[4] if cell.value == head)
    return [row[place - 1] for row in sheet.iter_rows(min_row=5, max_row=8)]


def test_the_first_sheet_explains_and_names_every_other(annex):
    workbook = book(annex, shown=True)
    assert workbook.sheetnames == ["说明", "完成情况"]
    words = {row[0].value: row[1].value for row in workbook["说明"].iter_rows()}
    assert words["月份"] == "2017年6月"
    assert words["表 完成情况"] == "4行。县级正式口径。"


def test_values_are_numbers_with_the_decimals_of_the_page(annex):
    cells = below(book(annex, shown=True)["完成情况"], "值")
    assert [cell.value for cell in cells] == [4080, 2.89, -0.3, None]
    assert [cell.number_format for cell in cells[:3]] == ["#,##0", "#,##0.00", "#,##0.00"]
    assert below(book(annex, shown=True)["完成情况"], "日期")[0].value.date() == date(2017, 6, 30)


def test_ratios_are_live_and_show_the_printed_value(annex):
    formulas = [cell.value for cell in below(book(annex, shown=False)["完成情况"], "值")]
    assert formulas == [4080, "=ROUND(C6*100/D6,2)", -0.3, None]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(annex)).get_sheet_by_name("完成情况").to_python()
    assert [row[4] for row in rows if row[0] == "A03"] == [2.89]


@pytest.mark.parametrize(
    ("value", "text", "parts", "scale", "live"),
    [
        ("2.8871", "2.89", (1179, 40837), 100, True),  # 2.8870…
        ("-12.3450", "−12.35", (-12345, 100000), 100, True),  # a half goes away from zero, as on the pages
        ("48.1234", "48.13", (48123, 100000), 100, False),  # prints something else
        ("-0.3", "−0.30", ("75.1", "75.4"), None, False),  # a difference of rates
        ("48.1234", "48.12", (48123, 0), 100, False),
        ("48.1234", "未填", (48123, 100000), 100, False),
    ],
)
def test_only_a_ratio_that_gives_back_the_printed_value_is_live(value, text, parts, scale, live):
    above, below = (D(one) for one in parts)
    found = ratio_or_number(D(value), text, 2, (above, below), scale, (2, 3))
    assert isinstance(found, Ratio) is live


def test_a_value_near_its_target_keeps_the_digits_the_page_shows():
    assert ratio_or_number(D("96.9961"), "96.996", 2, (None, None), None, (2, 3)) == Number(D("96.9961"), 3)


@pytest.mark.parametrize(("value", "places"), [("1179.0000", 0), ("75.1000", 1), ("0.0001", 4)])
def test_parts_show_the_decimals_they_have(value, places):
    assert part(D(value)).places == places


def test_a_row_that_does_not_fit_its_heads_is_refused():
    with pytest.raises(ValueError, match="一行"):
        Sheet("一行", COLUMNS, [("A01",)])


def test_heads_are_frozen_and_repeated_on_paper_and_charts_print_by_themselves(annex):
    sheet = book(annex, shown=True)["完成情况"]
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.auto_filter.ref == "A4:F8"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    table, charts = sheet.print_area.split(",")
    assert table == "'完成情况'!$A$1:$F$8"
    assert charts.startswith("'完成情况'!$A$10:")
    assert sheet.oddFooter.center.text == "— &P —"


def test_a_wide_sheet_is_parted_between_years():
    wide = replace(TABLE, breaks=(4,))
    sheet = book(write(CONTENT, [wide]), shown=True)["完成情况"]
    assert [one.id for one in sheet.col_breaks.brk] == [4]
    assert sheet.print_title_cols == "$A:$B"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage


def test_demonstration_data_is_marked_on_every_sheet_and_page(annex):
    for sheet in book(annex, shown=True).worksheets:
        assert "演示数据" in sheet.oddHeader.center.text
        assert any("演示数据" in str(cell.value) for row in sheet.iter_rows(max_row=2) for cell in row)


def test_real_data_carries_no_such_mark():
    for sheet in book(write(replace(CONTENT, demonstration=False), [TABLE]), shown=True).worksheets:
        assert not sheet.oddHeader.center.text
        assert not any("演示" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_no_payload_becomes_a_formula_anywhere():
    """200 payloads in every text of a workbook: cells, heads, notes, charts, the cover."""
    columns = [Column(payload, 20) for payload in PAYLOADS[:100]]
    table = Sheet("文字", columns, [PAYLOADS[:100], PAYLOADS[100:200]], PAYLOADS[0])
    hostile = Chart(
        PAYLOADS[0], PAYLOADS[1], (Series(PAYLOADS[0], Run(0, 0, 1, 0), Run(0, 1, 1, 1)),), words=PAYLOADS[0]
    )
    content = replace(CONTENT, title=PAYLOADS[0], issuer=PAYLOADS[1], data_note=PAYLOADS[2])
    data = write(content, [table.with_charts(hostile)])
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheets = [etree.fromstring(archive.read(n)) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not [cell for sheet in sheets for cell in sheet.iter("{*}f")]
    cells = [cell for row in book(data, shown=False)["文字"].iter_rows(min_row=5, max_row=6) for cell in row]
    for payload, cell in zip(PAYLOADS, cells, strict=True):
        assert (cell.value or "").strip() == payload.strip(), payload
        if payload.lstrip().startswith(("=", "+", "-", "@")):
            assert cell.quotePrefix, payload


def test_charts_draw_their_sheet_and_tell_their_words(annex):
    archive = zipfile.ZipFile(io.BytesIO(annex))
    charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    chart = etree.fromstring(archive.read("xl/charts/chart1.xml"))
    assert [f.text for f in chart.iterfind(".//{*}val//{*}f")] == ["完成情况!$E$5:$E$8", "完成情况!$C$5:$C$8"]
    assert [one.get("val") for one in chart.iterfind(".//{*}dispBlanksAs")] in ([], ["gap"])  # a gap is the default
    told = etree.fromstring(archive.read("xl/drawings/drawing1.xml"))
    assert [one.get("descr") for one in told.iterfind(".//{*}cNvPr")] == ["甲的四个值"] * 3


def test_the_same_content_gives_the_same_file(annex):
    assert write(CONTENT, [TABLE.with_charts(LINE, LINE, LINE)]) == annex
