"""A worksheet as a person sees it: what a merged range says stands in every cell it covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from indicators.entry.rawbook import RawCell, RawSheet, UploadRefused, split_range

MOST_COVERED = 100_000


class Grid:
    """The cells of one sheet, rows and columns from 1, as far as anything stands in it."""

    def __init__(self, sheet: RawSheet) -> None:
        self.sheet = sheet
        filled = [at for at, cell in sheet.cells.items() if cell.text.strip()]
        self.rows = max((row for row, _ in filled), default=0)
        self.columns = max((column for _, column in filled), default=0)
        self._spread: dict[tuple[int, int], tuple[int, int]] = {}
        for text in sheet.merged:
            self._cover(text)
        columns: dict[int, set[int]] = defaultdict(set)
        for row, column in [*filled, *self._spread]:
            columns[row].add(column)
        self._columns_in = {row: sorted(found) for row, found in columns.items()}

    def _cover(self, text: str) -> None:
        found = split_range(text)
        if found is None:
            return
        top, left, bottom, right = found
        bottom, right = min(bottom, self.rows), min(right, self.columns)
        if len(self._spread) + max(0, bottom - top + 1) * max(0, right - left + 1) > MOST_COVERED:
            raise UploadRefused([f"合并单元格过多（工作表“{self.sheet.name}”）；取消不用的合并再传"])
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._spread[row, column] = (top, left)

    def own(self, row: int, column: int) -> RawCell | None:
        """What is written in this very cell; None where nothing is."""
        cell = self.sheet.cells.get((row, column))
        return cell if cell is not None and cell.text.strip() else None

    def cell(self, row: int, column: int) -> RawCell | None:
        """The same, or what its merged range says."""
        at = self._spread.get((row, column), (row, column))
        return self.own(*at)

    def text(self, row: int, column: int) -> str:
        """What a reader sees there, blanks and line breaks as one blank."""
        cell = self.cell(row, column)
        return " ".join(cell.text.split()) if cell else ""

    def has_own(self, row: int, but: Collection[int]) -> bool:
        """Is anything written in the row itself, these columns aside?"""
        return any(self.own(row, column) for column in self._columns_in.get(row, ()) if column not in but)

    def columns_below(self, row: int) -> set[int]:
        """The columns in which anything is written below a row."""
        return {column for at, column in self.sheet.cells if at > row and self.own(at, column)}

    def is_joined(self, row: int, column: int) -> bool:
        """Does the cell's range cover others beside it?"""
        return (row, column) in self._spread

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """Where what stands here is written."""
        return self._spread.get((row, column), (row, column))

    def filled(self, row: int) -> dict[int, str]:
        """Column → text of a row, each merged range once."""
        found, seen = {}, set()
        for column in self._columns_in.get(row, ()):
            origin, text = self.origin(row, column), self.text(row, column)
            if text and origin not in seen:
                seen.add(origin)
                found[column] = text
        return found
