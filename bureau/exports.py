"""Keeps text harmless on its way into files: no formulas, no characters XML cannot hold, no broken headers.

For every page that hands out CSV, on any floor, and for the document builders. Does not judge what the text says.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import quote

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


def xml_text(text: str) -> str:
    """The text without the characters XML 1.0 cannot hold (controls, half surrogates); line breaks stay."""
    return _NOT_XML.sub("", text)


def starts_formula(text: str) -> bool:
    """Would a spreadsheet take this text for a formula (公式注入), also behind spaces or in full width?"""
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)


def plain_number(value: Decimal | int) -> str:
    """All digits, no exponent: Decimal('1E+3') is '1000'. ValueError for NaN and infinities."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{value} is not a number to write")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def csv_text(value: object) -> str:
    """One CSV cell: numbers as digits, None empty, text that would start a formula behind an apostrophe.

    Numbers come as Decimal or int and stay numbers, also negative ones; TypeError for a float, which is not exact. Text
    that has such an apostrophe of its own gets another, so that taking one away gives back what stood there.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        raise TypeError("floats are not exact: give a Decimal")
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return plain_number(value)
    text = xml_text(str(value))
    return f"'{text}" if starts_formula(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """What stood in a CSV cell before csv_text guarded it."""
    return text[1:] if text.startswith("'") and starts_formula(text.lstrip("'")) else text


def write_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows of cells as CSV in UTF-8 with BOM and CRLF, so that spreadsheets open the Chinese text right."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([csv_text(cell) for cell in row] for row in rows)
    return (BOM + sheet.getvalue()).encode("utf-8")


def content_disposition(filename: str) -> str:
    """The Content-Disposition header of a download: an ASCII name for old clients, the full one by RFC 6266.

    Path separators, quotes and controls never reach the header; a name with nothing left becomes 'download'.
    """
    name = _NOT_IN_NAMES.sub("_", xml_text(filename)).strip(" .") or "download"
    ascii_name = re.sub(r"[^\x20-\x7e]+", "_", name).replace("%", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='!#$&+-.^_`|~')}"
