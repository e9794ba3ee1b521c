"""Single cells: every ten-thousandth arrives digit for digit; a printed number is read back."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xlsxwriter import Workbook

from reports.documents import cells

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
