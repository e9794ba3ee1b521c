"""The workbook of the data annex under construction: formats made once, one way to write a sheet, ready for paper.

For `excel`, which says what the sheets hold. Knows layout only.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.analysis.kinds import LIGHT_WORDS, Light
from reports.content import IndicatorLine, ReportContent
from reports.documents import cells
from reports.documents import sentences as say
from reports.documents.safe import same_bytes, xml_text

BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
HEAD = {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#E3EEF0"}
TITLE = {"bold": True, "font_size": 14}
NOTE_COLOR = "#5C6B74"
TITLE_ROW, NOTE_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2, 3
A4 = 9
LINE = 14.25  # points a line of 10 point text takes
LIGHT_COLORS = {
    say.marked_light(LIGHT_WORDS[light]): color
    for light, color in (
        (Light.REACHED, "#1B5A9A"),
        (Light.ON_COURSE, "#1A7352"),
        (Light.BEHIND, "#9A5B00"),
        (Light.FAR_BEHIND, "#B3141D"),
    )
}


@dataclass(frozen=True)
class Number:
    """A cell with a number shown at so many decimals; None stays empty."""

    value: Decimal | None
    places: int


@dataclass(frozen=True)
class Ratio:
    """A cell with the live ratio of the row's two columns of these heads; it shows the printed value."""

    line: IndicatorLine
    above: str
    below: str


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its head, its width in characters, and the cell it takes from one row's object."""

    head: str
    width: float
    cell: Callable[[Any], str | Number | Ratio]


def lines_of(cell: str | Number | Ratio, width: float) -> int:
    """How many lines a text takes in a column `width` half-characters wide; a Hanzi is two. Numbers take one.

    Rows get their height from it, since not every program fits wrapped rows by itself when it opens a file.
    """
    if not isinstance(cell, str):
        return 1
    halves = (sum(1 if ord(letter) < 0x2E80 else 2 for letter in line) for line in cell.split("\n"))
    return sum(max(1, math.ceil(count / max(1, width - 2))) for count in halves)


class AnnexBook:
    """The workbook while it is written; `finish` gives its bytes."""

    def __init__(self, content: ReportContent) -> None:
        self.content = content
        self._out = io.BytesIO()
        self.book = Workbook(self._out, cells.WORKBOOK_OPTIONS)
        self._formats: dict[tuple, Format] = {}
        self.book.set_properties(
            {
                "title": xml_text(content.plain_title)[:255],
                "subject": f"{content.month_label}，第{content.release_version}版",
                "created": datetime.combine(content.published_on, time()),
            }
        )

    def table(self, name: str, columns: Sequence[Column], rows: Iterable, note: str = "") -> Worksheet:
        """A sheet with title, note, frozen and repeated head, one bordered line for each of `rows`."""
        sheet = self.book.add_worksheet(name)
        mark = f"（{say.DEMONSTRATION_LINE}）" if self.content.demonstration else ""
        self._text(sheet, TITLE_ROW, 0, f"{name}　{self.content.month_label}{mark}", TITLE)
        self._text(sheet, NOTE_ROW, 0, note or say.table_notes(self.content)[0], {"font_color": NOTE_COLOR})
        heads = {column.head: place for place, column in enumerate(columns)}
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self._text(sheet, HEAD_ROW, place, column.head, HEAD)
        last = HEAD_ROW
        for last, row in enumerate(rows, FIRST_ROW):
            found = [column.cell(row) for column in columns]
            for place, cell in enumerate(found):
                self._cell(sheet, last, place, cell, heads)
            sheet.set_row(last, LINE * max(lines_of(cell, c.width) for cell, c in zip(found, columns, strict=True)))
        sheet.set_row(HEAD_ROW, 30)
        sheet.freeze_panes(FIRST_ROW, min(2, len(columns)))
        sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
        if last > HEAD_ROW:
            sheet.repeat_rows(HEAD_ROW)
        self._paper(sheet, last, len(columns) - 1)
        return sheet

    def words(self, name: str, rows: Sequence[tuple[str, str]]) -> Worksheet:
        """A sheet of two columns, what and its words, without a head; the first line is the title."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 90)
        for row, (what, text) in enumerate(rows):
            self._text(sheet, row, 0, what, {"bold": True, "text_wrap": True, "valign": "top"})
            self._text(sheet, row, 1, text, {"text_wrap": True, "valign": "top", **(TITLE if row == 0 else {})})
        self._paper(sheet, len(rows) - 1, 1)
        return sheet

    def finish(self) -> bytes:
        self.book.close()
        return same_bytes(self._out.getvalue())

    def _style(self, properties: dict) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**BASE, **properties})
        return self._formats[key]

    def _text(self, sheet: Worksheet, row: int, place: int, text: str, properties: dict) -> None:
        quoted = self._style({**properties, "quote_prefix": True})
        cells.put_text(sheet, row, place, text, self._style(properties), quoted)

    def _cell(self, sheet: Worksheet, row: int, place: int, cell: str | Number | Ratio, heads: dict[str, int]) -> None:
        if isinstance(cell, Number):
            cells.put_decimal(sheet, row, place, cell.value, self._number(cell.places))
        elif isinstance(cell, Ratio):
            style = self._number(cells.printed_places(cell.line.value_text))
            cells.put_ratio(sheet, row, place, (heads[cell.above], heads[cell.below]), cell.line, style)
        else:
            color = {"font_color": LIGHT_COLORS[cell]} if cell in LIGHT_COLORS else {}
            self._text(sheet, row, place, cell, {"border": 1, "text_wrap": True, **color})

    def _number(self, places: int) -> Format:
        return self._style({"border": 1, "num_format": cells.number_format(places)})

    def _paper(self, sheet: Worksheet, last_row: int, last_column: int) -> None:
        """A4 landscape, one page wide, page numbers, 演示数据 on each page."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, last_row, last_column)
        sheet.set_header(f"&C{say.DEMONSTRATION_LINE}" if self.content.demonstration else "")
        sheet.set_footer("&C— &P —")
