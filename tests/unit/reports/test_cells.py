"""Single cells: every ten-thousandth arrives digit for digit, a ratio shows exactly what the page printed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xlsxwriter import Workbook

from reports.documents import cells
from tests.unit.reports.samples import GAP, PENSION, SHOPS, UNEMPLOYED

D = Decimal
LARGEST = 10**15 - 1  # ten-thousandths of |value| < 10^11
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(values: list[Decimal]) -> list[str | None]:
    """The digits in the sheet's XML; None for a cell that is not a number."""
    out = io.BytesIO()
    with Workbook(out, cells.WORKBOOK_OPTIONS) as book:
        sheet = book.add_worksheet()
        for row, value in enumerate(values):
            cells.put_decimal(sheet, row, 0, value)
    root = etree.fromstring(zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml"))
    return [None if cell.get("t") else cell.findtext(f"{SHEET}v") for cell in root.iter(f"{SHEET}c")]


@settings(max_examples=60)
@given(st.lists(st.integers(-LARGEST, LARGEST), min_size=1, max_size=60))
def test_every_ten_thousandth_reaches_the_cell_exactly(units):
    values = [D(one).scaleb(-4) for one in units]
    found = written(values)
    assert [D(text) for text in found] == values
    assert [D(repr(float(text))) for text in found] == values  # and survives the reader's double


def test_what_a_number_cannot_hold_is_written_as_text():
    assert cells.fits_number(D("99999999999.9999"))
    assert not cells.fits_number(D("999999999999.9999"))
    assert written([D("999999999999.9999")]) == [None]
    assert not cells.fits_number(D("NaN"))


@pytest.mark.parametrize(
    ("text", "number", "places"),
    [("1,234.50", "1234.50", 2), ("−0.30", "-0.30", 2), ("6,800", "6800", 0), ("96.996", "96.996", 3), ("-7", "-7", 0)],
)
def test_a_printed_number_is_read_back(text, number, places):
    assert cells.printed_number(text) == D(number)
    assert cells.printed_places(text) == places


@pytest.mark.parametrize("text", ["未填", "—", "", "12%", "1,23", "1.2.3", "不适用", "=1"])
def test_words_are_no_printed_number(text):
    assert cells.printed_number(text) is None


def test_a_ratio_that_gives_back_the_printed_value_is_live():
    assert cells.live_ratio(UNEMPLOYED) == D("2.89")  # 1179 * 100 / 40837 = 2.8870…
    assert cells.live_ratio(PENSION) == D("48.12")  # 48123 / 1000 = 48.123


def test_a_half_is_rounded_up_as_the_pages_do():
    half = replace(PENSION, numerator=D(-12345), value=D("-12.3450"), value_text="−12.35")
    assert cells.live_ratio(half) == D("-12.35")  # -12345 * 100 / 100000 = -12.345


@pytest.mark.parametrize(
    "line",
    [
        GAP,  # a difference of rates has no scale
        SHOPS,  # no parts
        replace(PENSION, value_text="48.13"),  # prints something else
        replace(PENSION, denominator=D(0)),
        replace(PENSION, value_text="未填"),
    ],
)
def test_any_other_value_gets_no_formula(line):
    assert cells.live_ratio(line) is None
