"""Single cells of a workbook: text that stays text, numbers that arrive digit for digit.

For every table that leaves as a workbook, on any floor. Knows cells, not sheets or their meaning.
"""

from __future__ import annotations

from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bureau.exports import plain_number, starts_formula, xml_text

WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LONGEST_TEXT = 32_767  # a cell holds no more
EXACT_DIGITS = 15  # what every spreadsheet keeps of a number


def put_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None, quoted: Format) -> None:
    """Text as a string cell, no text as an empty one; `quoted` (quotePrefix) is used where it would start a formula.

    Lines end as spreadsheets end them; text longer than a cell holds is cut and ends with '…'.
    """
    text = xml_text(text).replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        sheet.write_blank(row, column, None, style)
        return
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    if text.startswith("<r>") and text.endswith("</r>"):  # the writer would take it for finished rich-text XML
        sheet.write_rich_string(row, column, quoted, text[:1], text[1:], style or quoted)
        return
    sheet.write_string(row, column, text, quoted if starts_formula(text) else style)


def fits_number(value: Decimal | int) -> bool:
    """Does a spreadsheet number hold every digit? True for each ten-thousandth below 10^11 in size."""
    if isinstance(value, int):
        return abs(value) < 10**EXACT_DIGITS
    if not value.is_finite():
        return False
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return len(digits) <= EXACT_DIGITS


def put_decimal(
    sheet: Worksheet, row: int, column: int, value: Decimal | int | None, style: Format | None = None
) -> None:
    """An exact number; None leaves the cell empty, what a number would not hold exactly is written as text.

    The writer prints numbers by `.16G`; a Decimal of 15 digits or fewer passes it without becoming a float.
    """
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif fits_number(value):
        whole = not value or value == int(value)  # also what was normalized to 9E+1
        sheet.write_number(row, column, int(value) if whole else value, style)
    else:
        sheet.write_string(row, column, plain_number(value), style)


def number_format(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")
