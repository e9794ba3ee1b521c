"""A table as CSV and as a workbook: what goes out is read back the same, to the digit, and nothing of it runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bureau.exports import starts_formula, write_csv, xml_text
from bureau.tables_out import sheet_name, table_response, write_xlsx
from tests.unit.reports.hostile import PAYLOADS

D = Decimal
HEAD = ("编号", "名称", "值", "日期")
ROWS = [
    ("A01", "新增就业", D("6012.50"), date(2017, 6, 30)),
    ("A02", "=1+1", -7, None),
    ("007", "+86", D("0.0001"), None),
]
LARGEST = 10**15 - 1
TEXTS = st.one_of(
    st.sampled_from(PAYLOADS),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.sampled_from(
        ["'=1", "''+1", "<r><t>x</t></r>", "<r></r>", " 前后有空格 ", "一\n二", "007", "1e5", "TRUE", "未填"]
    ),
)
CELLS = st.one_of(
    TEXTS,
    st.integers(-LARGEST, LARGEST),
    st.integers(-LARGEST, LARGEST).map(lambda units: D(units).scaleb(-4)),
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.none(),
)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8)


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def same(out: object, back: object) -> bool:
    """Is what was read back what went out?"""
    if isinstance(out, date):
        return back is not None and back.date() == out
    if isinstance(out, Decimal | int):
        return D(repr(back)) == out
    return (back or "") == (out or "")


@settings(max_examples=120, deadline=None)
@given(TABLES)
def test_every_cell_of_a_workbook_reads_back_as_it_went_out(rows):
    data = write_xlsx("表", ("甲", "乙", "丙"), rows)
    for row, line in zip(rows, opened(data).iter_rows(min_row=2, values_only=True), strict=True):
        assert all(same(*pair) for pair in zip(row, line, strict=True)), (row, line)


@settings(max_examples=120, deadline=None)
@given(TABLES)
def test_every_cell_of_a_csv_reads_back_as_it_went_out(rows):
    """Taking away the apostrophe that kept it from running gives back the text."""
    back = list(csv.reader(io.StringIO(write_csv(rows).decode("utf-8-sig"), newline="")))
    for row, line in zip(rows, back, strict=True):
        for out, cell in zip(row, line, strict=True):
            guarded = cell.startswith("'") and starts_formula(cell.lstrip("'"))
            text = cell[1:] if guarded else cell
            assert (D(text) if isinstance(out, Decimal | int) else text) == (
                out if isinstance(out, Decimal | int) else str("" if out is None else out)
            )


def test_no_payload_is_a_formula_in_a_workbook():
    data = write_xlsx(PAYLOADS[0], PAYLOADS[:4], [PAYLOADS[n : n + 4] for n in range(0, 200, 4)], above=[[PAYLOADS[5]]])
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml"))
    assert not list(root.iter("{*}f"))
    cells = [cell for row in opened(data).iter_rows(min_row=3) for cell in row]
    assert [cell.value for cell in cells] == [xml_text(one) for one in PAYLOADS]
    assert all(cell.quotePrefix for cell in cells)


def test_cells_are_typed_and_the_head_stays_in_view_and_on_paper():
    sheet = opened(write_xlsx("任务", HEAD, ROWS))
    assert [cell.value for cell in sheet[2]][:3] == ["A01", "新增就业", 6012.5]
    assert sheet["C2"].number_format == "0.00"
    assert sheet["D2"].value.date() == date(2017, 6, 30)
    assert sheet["D2"].number_format == "yyyy-mm-dd"
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("007", "s")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D4"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert not sheet.oddHeader.center.text


@override_settings(LANGUAGE_CODE="zh-hans")
def test_demonstration_data_is_the_first_line_of_both_files_and_on_every_page():
    asked = {"demonstration": True, "above": [["试算"]]}
    text = table_response("任务", HEAD, ROWS, ending="csv", **asked)
    assert text.content.decode("utf-8-sig").splitlines()[:3] == ["演示数据", "试算", "编号,名称,值,日期"]
    assert text["Content-Type"] == "text/csv; charset=utf-8"
    book = table_response("任务", HEAD, ROWS, ending="xlsx", **asked)
    assert book["Content-Type"].endswith("spreadsheetml.sheet")
    assert "filename*=UTF-8''%E4%BB%BB%E5%8A%A1.xlsx" in book["Content-Disposition"]
    sheet = opened(book.content)
    assert [row[0] for row in sheet.iter_rows(max_row=3, values_only=True)] == ["演示数据", "试算", "编号"]
    assert sheet.oddHeader.center.text == "演示数据"
    assert sheet.freeze_panes == "A4"


def test_a_float_is_refused_because_it_is_not_exact():
    with pytest.raises(TypeError):
        write_xlsx("表", ("甲",), [(0.1,)])


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("考核得分_2017/第2季度", "考核得分_2017_第2季度"),
        ("'", "Sheet1"),
        ("长" * 40, "长" * 31),
        ("a[1]:*?", "a_1____"),
    ],
)
def test_a_sheet_gets_a_name_it_may_have(name, called):
    assert sheet_name(name) == called
    assert opened(write_xlsx(name, ("甲",), [])).title == called
