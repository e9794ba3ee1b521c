"""Single cells of a workbook: text that stays text, decimals that arrive digit for digit, ratios with a live formula.

For the annex and `native_chart`. Knows cells, not sheets or their meaning.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reports.documents.safe import plain_number, starts_formula, xml_text

WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LONGEST_TEXT = 32_767  # a cell holds no more
EXACT_DIGITS = 15  # what every spreadsheet keeps of a number
_PRINTED = re.compile(r"[-\u2212]?\d{1,3}(?:,\d{3})*(?:\.\d+)?|[-\u2212]?\d+(?:\.\d+)?")


def put_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None, quoted: Format) -> None:
    """Text as a string cell, no text as an empty one; `quoted` (quotePrefix) is used where it would start a formula.

    Text longer than a cell holds is cut and ends with '…'.
    """
    text = xml_text(text)
    if not text:
        sheet.write_blank(row, column, None, style)
        return
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # the writer would take it for finished rich-text XML
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
        sheet.write_number(row, column, value if value else 0, style)
    else:
        sheet.write_string(row, column, plain_number(value), style)


def printed_number(text: str) -> Decimal | None:
    """The number a page printed: '1,234.50' is 1234.50, '−0.3' is -0.3; None for words (未填, 不适用)."""
    if not _PRINTED.fullmatch(text):
        return None
    return Decimal(text.replace(",", "").replace("\u2212", "-"))


def printed_places(text: str) -> int:
    """How many decimals a page printed."""
    return len(text.partition(".")[2])


def number_format(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def rounded(value: Fraction, places: int) -> Decimal:
    """Rounded half up, away from zero (四舍五入), from the exact fraction."""
    whole, rest = divmod(abs(value) * 10**places, 1)
    units = int(whole) + (rest >= Fraction(1, 2))
    size = Decimal(units).scaleb(-places)
    return -size if value < 0 else size


class LiveRatio(Protocol):
    """What a live ratio shows, at how many decimals, and what it is multiplied by."""

    @property
    def printed(self) -> Decimal: ...

    @property
    def places(self) -> int: ...

    @property
    def scale(self) -> int: ...


def put_ratio(sheet: Worksheet, row: int, column: int, parts: tuple[int, int], ratio: LiveRatio, style: Format) -> None:
    """=ROUND(numerator*scale/denominator, places) over the cells in columns `parts`, showing the printed value.

    Multiplied first and divided once, so that a spreadsheet's one rounding error cannot turn a half. Call it only
    where the formula gives the printed value back.
    """
    above, below = (xl_rowcol_to_cell(row, part) for part in parts)
    formula = f"=ROUND({above}*{ratio.scale}/{below},{ratio.places})"
    sheet.write_formula(row, column, formula, style, ratio.printed)


def absolute(row: int, column: int) -> str:
    """'$A$1'."""
    return xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
