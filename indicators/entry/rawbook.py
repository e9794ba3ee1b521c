"""An uploaded workbook as plain facts, cell by cell, before any meaning: what the scan finds and the reader hands on.

Texts are as the file holds them, never floats. Nothing here knows of forms, places or items. No dataclasses: importing
them would cost the reader's child, started for every file, a fifth of its start.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

CellKind = Literal["number", "text", "boolean", "error", "date"]
Visibility = Literal["visible", "hidden", "veryHidden"]


class UploadRefused(Exception):
    """The file as a whole cannot be taken; `reasons` are Chinese sentences for the page. Nothing was stored."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = list(reasons)


class RawCell(NamedTuple):
    """One cell that holds something: its text exactly as stored, and what the number format says of it.

    `cached` is False only for a formula whose result was never computed.
    """

    kind: CellKind
    text: str
    formula: bool = False
    cached: bool = True
    percent: bool = False
    dated: bool = False


class RawSheet:
    """One worksheet: cells by (row, column), both from 1, and what hides or joins them."""

    def __init__(
        self,
        name: str,
        visibility: Visibility = "visible",
        cells: dict[tuple[int, int], RawCell] | None = None,
        merged: list[str] | None = None,
        hidden_rows: set[int] | None = None,
        hidden_columns: list[tuple[int, int]] | None = None,  # first and last, inclusive
    ) -> None:
        self.name, self.visibility = name, visibility
        self.cells = {} if cells is None else cells
        self.merged = [] if merged is None else merged
        self.hidden_rows = set() if hidden_rows is None else hidden_rows
        self.hidden_columns = [] if hidden_columns is None else hidden_columns

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawSheet) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def is_column_hidden(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)

    def text(self, row: int, column: int) -> str:
        """The stored text of a cell, "" where there is none."""
        cell = self.cells.get((row, column))
        return cell.text if cell else ""


class RawWorkbook:
    """All worksheets in the order of their tabs."""

    def __init__(self, sheets: list[RawSheet] | None = None) -> None:
        self.sheets = [] if sheets is None else sheets

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawWorkbook) and self.sheets == other.sheets

    __hash__ = None  # type: ignore[assignment]

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
