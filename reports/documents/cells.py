"""Single cells of a document's workbook: what a page printed read back, ratios with a live formula.

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

from bureau.cells import WORKBOOK_OPTIONS, fits_number, number_format, put_decimal, put_text

__all__ = [
    "WORKBOOK_OPTIONS", "absolute", "fits_number", "number_format", "printed_number", "printed_places", "put_decimal",
    "put_ratio", "put_text", "rounded",
]  # fmt: skip

_PRINTED = re.compile(r"[-\u2212]?\d{1,3}(?:,\d{3})*(?:\.\d+)?|[-\u2212]?\d+(?:\.\d+)?")


def printed_number(text: str) -> Decimal | None:
    """The number a page printed: '1,234.50' is 1234.50, '−0.3' is -0.3; None for words (未填, 不适用)."""
    if not _PRINTED.fullmatch(text):
        return None
    return Decimal(text.replace(",", "").replace("\u2212", "-"))


def printed_places(text: str) -> int:
    """How many decimals a page printed."""
    return len(text.partition(".")[2])


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
