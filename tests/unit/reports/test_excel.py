"""The data annex as a spreadsheet reads it: the same numbers, live ratios, text that stays text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from reports.content import CorrectionLine
from reports.documents.excel import build_annex
from tests.unit.reports.samples import CONTENT, JOBS

PAYLOADS = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    '=HYPERLINK("http://x","y")',
    "{=1+1}",
    "<r><t>x</t></r>",
)


@pytest.fixture(scope="module")
def annex() -> bytes:
    return build_annex(CONTENT)


def book(data: bytes, *, shown: bool):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=shown)


def column(sheet, head: str) -> list:
    """The cells under a head."""
    place = next(cell.column for cell in sheet[3] if cell.value == head)
    return [row[place - 1] for row in sheet.iter_rows(min_row=4, max_row=3 + len(CONTENT.indicator_rows))]


def test_the_sheets_come_in_reading_order(annex):
    assert book(annex, shown=True).sheetnames == ["说明", "指标体系", "指标完成情况", "图", "逐月数据", "任务", "更正"]


def test_values_are_numbers_with_the_decimals_of_the_page(annex):
    cells = column(book(annex, shown=True)["指标完成情况"], "值")
    assert [cell.value for cell in cells] == [4080, 2.89, 48.12, -0.3, None, 12345]
    assert [cell.number_format for cell in cells if cell.value is not None] == [
        "#,##0", "#,##0.00", "#,##0.00", "#,##0.00", "#,##0",
    ]  # fmt: skip


def test_ratios_are_live_and_show_the_printed_value(annex):
    formulas = [cell.value for cell in column(book(annex, shown=False)["指标完成情况"], "值")]
    assert formulas[1:3] == ["=ROUND(F5*100/G5,2)", "=ROUND(F6*100/G6,2)"]
    assert formulas[3] == -0.3  # a difference of rates is no ratio
    shown = book(annex, shown=True)["指标完成情况"]
    assert [cell.value for cell in column(shown, "分子")][1:4] == [1179, 48123, 75.1]
    assert [cell.value for cell in column(shown, "分母")][1:4] == [40837, 100000, 75.4]


def test_a_ratio_is_a_number_to_every_reader(annex):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(annex)).get_sheet_by_name("指标完成情况").to_python()
    head = next(row for row in rows if row[0] == "编号")
    place = head.index("值")
    assert [row[place] for row in rows if row[0] in ("A03", "A05b")] == [2.89, 48.12]


def test_a_value_near_its_target_shows_the_digits_the_page_shows():
    near = replace(JOBS, code="A04", unit="%", decimals=2, value=Decimal("96.9961"), value_text="96.996")
    cell = column(book(build_annex(replace(CONTENT, indicator_rows=(near,))), shown=True)["指标完成情况"], "值")[0]
    assert (cell.value, cell.number_format) == (96.9961, "#,##0.000")


def test_the_printed_text_stands_beside_the_number(annex):
    cells = column(book(annex, shown=True)["指标完成情况"], "发布时显示")
    assert [cell.value for cell in cells] == [row.value_text for row in CONTENT.indicator_rows]
    assert {cell.data_type for cell in cells} == {"s"}


def test_definitions_tell_core_from_monitored_and_what_is_pending(annex):
    sheet = book(annex, shown=True)["指标体系"]
    assert [cell.value for cell in column(sheet, "类别")] == ["核心"] * 5 + ["监测"]
    assert [cell.value for cell in column(sheet, "待确认")] == [None, "待确认", None, None, None, None]


def test_heads_are_frozen_and_repeated_on_paper(annex):
    workbook = book(annex, shown=True)
    for name in ("指标体系", "指标完成情况", "逐月数据", "任务", "更正"):
        sheet = workbook[name]
        assert sheet.freeze_panes == "C4"
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.print_area
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"


def test_demonstration_data_is_marked_on_every_sheet_and_page(annex):
    for sheet in book(annex, shown=True).worksheets:
        assert "演示数据" in sheet.oddHeader.center.text
        assert any("演示数据" in str(cell.value) for row in sheet.iter_rows(max_row=2) for cell in row)


def test_real_data_carries_no_such_mark():
    for sheet in book(build_annex(replace(CONTENT, demonstration=False)), shown=True).worksheets:
        assert not sheet.oddHeader.center.text
        assert not any("演示" in str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_kept_as_text_in_every_field(payload):
    line = replace(
        JOBS, name=payload, owner=payload, formula=payload, definition=payload, target_text=payload, light_word=payload
    )
    content = replace(
        CONTENT,
        title=payload,
        issuer=payload,
        indicator_rows=(line,),
        chart=replace(CONTENT.chart, title=payload, unit=payload, categories=(payload,) * 12),
        tasks=(replace(CONTENT.tasks[0], name=payload),),
        corrections=(CorrectionLine(payload, payload, payload, payload, payload, payload),),
    )
    data = build_annex(content)
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheets = [etree.fromstring(archive.read(n)) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not [cell for sheet in sheets for cell in sheet.iter("{*}f")]
    workbook = book(data, shown=False)
    assert workbook["指标体系"]["B4"].value.strip() == payload.strip()
    assert workbook["更正"]["F4"].value.strip() == payload.strip()
    if payload[0] in "=+-@\t＝":
        assert workbook["指标体系"]["B4"].quotePrefix


def test_the_chart_draws_its_sheet_and_leaves_gaps(annex):
    archive = zipfile.ZipFile(io.BytesIO(annex))
    chart = etree.fromstring(archive.read("xl/charts/chart1.xml"))
    assert [f.text for f in chart.iterfind(".//{*}val//{*}f")] == ["图!$B$4:$B$15", "图!$C$4:$C$15"]
    assert [one.get("val") for one in chart.iterfind(".//{*}dispBlanksAs")] in ([], ["gap"])  # a gap is the default
    assert "6月为4080" in etree.fromstring(archive.read("xl/drawings/drawing1.xml")).find(".//{*}cNvPr").get("descr")
    values = [cell.value for cell in book(annex, shown=True)["图"]["B"][3:15]]
    assert values == [620, 1210, 1990, 2700, 3400, 4080, *[None] * 6]


def test_months_are_one_line_each(annex):
    rows = list(book(annex, shown=True)["逐月数据"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("A01", "每年新增城镇就业", "2017年4月", 2700, "人", "2,700", "9/9 镇街", "● 达序时", None)
    assert len(rows) == len(CONTENT.months)


def test_a_month_with_a_changed_definition_says_so():
    first, *rest = CONTENT.months
    annex = build_annex(replace(CONTENT, months=(first, replace(rest[0], changed=True), *rest[1:])))
    column = [row[8] for row in book(annex, shown=True)["逐月数据"].iter_rows(min_row=4, values_only=True)]
    assert column[:2] == [None, "口径变更，与以前不可比"]


def test_without_chart_and_corrections_those_sheets_are_left_out():
    bare = replace(CONTENT, chart=None, corrections=(), months=(), tasks=(), indicator_rows=())
    workbook = book(build_annex(bare), shown=True)
    assert workbook.sheetnames == ["说明", "指标体系", "指标完成情况", "逐月数据", "任务"]
    assert [row[1].value for row in workbook["说明"].iter_rows() if row[0].value == "更正"] == ["无"]


def test_the_same_release_gives_the_same_file(annex):
    assert build_annex(CONTENT) == annex
