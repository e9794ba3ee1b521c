"""Which sheets of an uploaded workbook hold the figures of a template, and which are hidden from the eye."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from indicators.entry.identity import AREA_MARK, META_SHEET
from indicators.entry.layout import Problem
from indicators.entry.rawbook import RawSheet, RawWorkbook

PROBLEMS_SHEET = "问题"  # the list in a copy marked with what is wrong; never read
_HEADS_WITHIN = 40  # the hidden code row stands among the first rows


def data_pages(book: RawWorkbook) -> list[tuple[RawSheet, int]]:
    """The sheets with the hidden code row, each with that row's number."""
    found: list[tuple[RawSheet, int]] = []
    for page in book.sheets:
        heads = {row for (row, _), cell in page.cells.items() if cell.text == AREA_MARK and row <= _HEADS_WITHIN}
        if heads and page.name not in (META_SHEET, PROBLEMS_SHEET):
            found.append((page, min(heads)))
    return found


def hidden_pages(book: RawWorkbook, data: Collection[RawSheet]) -> Iterator[Problem]:
    """A problem for each sheet with something in it that a person does not see; `data` are those that are read."""
    for page in book.sheets:
        if page.visibility != "visible" and page.name != META_SHEET and page.cells:
            read = any(page is one for one in data)
            fix = "取消隐藏，核对后再传" if read else "取消隐藏核对，或删去这张表"
            yield Problem("hard", f"工作表“{page.name}”被隐藏但有数据", fix, sheet=page.name)
