"""An uploaded workbook as plain facts, cell by cell, before any meaning: what the scan finds and the reader hands on.

Texts are as the file holds them, never floats. Nothing here knows of forms, places or items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

MAX_ROWS = 20_000
MAX_COLUMNS = 300
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

CellKind = Literal["number", "text", "boolean", "error", "date"]
Visibility = Literal["visible", "hidden", "veryHidden"]


class UploadRefused(Exception):
    """The file as a whole cannot be taken; `reasons` are Chinese sentences for the page. Nothing was stored."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell that holds something: its text exactly as stored, and what the number format says of it.

    `cached` is False only for a formula whose result was never computed.
    """

    kind: CellKind
    text: str
    formula: bool = False
    cached: bool = True
    percent: bool = False
    dated: bool = False


@dataclass
class RawSheet:
    """One worksheet: cells by (row, column), both from 1, and what hides or joins them."""

    name: str
    visibility: Visibility = "visible"
    cells: dict[tuple[int, int], RawCell] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last, inclusive

    def is_column_hidden(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)

    def text(self, row: int, column: int) -> str:
        """The stored text of a cell, "" where there is none."""
        cell = self.cells.get((row, column))
        return cell.text if cell else ""


@dataclass
class RawWorkbook:
    """All worksheets in the order of their tabs."""

    sheets: list[RawSheet] = field(default_factory=list)

    def sheet(self, name: str) -> RawSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def column_letter(number: int) -> str:
    """'A' for 1, 'AB' for 28."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """1 for 'A', 28 for 'AB'."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def split_address(address: str) -> tuple[int, int] | None:
    """(row, column) of 'C12', or None for what is no address of a worksheet."""
    match = _ADDRESS.fullmatch(address)
    return (int(match[2]), column_number(match[1])) if match else None


def split_range(text: str) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column) of 'A2:C2', or None."""
    first, _, last = text.partition(":")
    start, end = split_address(first), split_address(last or first)
    return (*start, *end) if start and end else None
