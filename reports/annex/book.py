"""The workbook of the data annex under construction: formats made once, one way to write a sheet, ready for paper.

Takes plain sheets (`sheet`), knows layout only. On paper every sheet is A4 landscape with its head repeated and pages
numbered. One page wide where that stays legible; a wide one is parted between columns, and there the scale is worked
out from the widths, because programs ignore page breaks on a sheet that is fitted to its page.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.analysis.kinds import LIGHT_WORDS, Light
from reports.annex.drawing import draw
from reports.annex.sheet import Cell, Chart, Number, Ratio, Sheet, Words
from reports.documents import cells
from reports.documents import sentences as say
from reports.documents.safe import xml_text

FONT = {"font_name": "宋体", "font_size": 10}  # the workbook's own too: the width of its digits is that of a column
BASE = {**FONT, "valign": "vcenter"}
HEAD = {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#E3EEF0"}
TITLE = {"bold": True, "font_size": 14}
NOTE = {"font_color": "#5C6B74"}
TITLE_ROW, SOURCE_ROW, NOTE_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2, 3, 4
A4 = 9
LINE = 14.25  # points a line of 10 point text takes
CHAR, EDGE = 5.25, 3.75  # points of a column: a character, and what its edges add
PAGE_WIDTH, PAGE_HEIGHT = 756.0, 470.0  # points of A4 landscape within the margins
SLACK = 1.25  # how much wider columns may come out where another font stands in for the workbook's
NARROWEST = 520.0  # points of a line of charts below a narrow table
SMALLEST = 40  # per cent: nothing is printed smaller
GAP = 1  # rows between the table and its charts
CHART_ROWS = 18  # a chart's height in rows, its gap to the next among them
ROW = 15.0  # points of a row nobody set a height for
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
class Cover:
    """What the whole workbook says of itself, and the line of the source under every title."""

    title: str
    subject: str
    period: str  # 2017年6月
    day: date
    source: str
    demonstration: bool


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column `width` half-characters wide; a Hanzi is two.

    Rows get their height from it, since not every program fits wrapped rows by itself when it opens a file.
    """
    if len(text) * 2 <= width - 2:
        return 1
    halves = (sum(1 if ord(letter) < 0x2E80 else 2 for letter in line) for line in text.split("\n"))
    return sum(max(1, math.ceil(count / max(1, width - 2))) for count in halves)


class AnnexBook:
    """The workbook while it is written; `finish` gives its bytes, in which no clock shows."""

    def __init__(self, cover: Cover) -> None:
        self.cover = cover
        self._out = io.BytesIO()
        self.book = Workbook(self._out, cells.WORKBOOK_OPTIONS | {"default_format_properties": dict(FONT)})
        self._formats: dict[tuple, Format] = {}
        self._numbers: dict[int, Format] = {}
        self._written = {color: self._of_text(color) for color in ("", *LIGHT_COLORS.values())}
        self.book.set_properties(
            {
                "title": xml_text(cover.title)[:255],
                "subject": cover.subject,
                "created": datetime.combine(cover.day, time()),
            }
        )

    def write(self, sheet: Sheet | Words) -> None:
        if isinstance(sheet, Words):
            self._words(sheet)
        else:
            self._table(sheet)

    def finish(self) -> bytes:
        self.book.close()
        return self._out.getvalue()

    def _words(self, found: Words) -> None:
        sheet = self.book.add_worksheet(found.name)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 110)
        for row, (what, text) in enumerate(found.rows):
            self._text(sheet, row, 0, what, {"bold": True, "text_wrap": True, "valign": "top"})
            self._text(sheet, row, 1, text, {"text_wrap": True, "valign": "top", **(TITLE if row == 0 else {})})
            if row:
                sheet.set_row(row, LINE * lines_of(text, 110))
        self._paper(sheet, None)
        sheet.print_area(0, 0, len(found.rows) - 1, 1)

    def _table(self, found: Sheet) -> None:
        """Title, source and notes, frozen and repeated head, one bordered line a row, then the charts."""
        sheet, columns = self.book.add_worksheet(found.name), found.columns
        mark = f"（{say.DEMONSTRATION_LINE}）" if self.cover.demonstration else ""
        self._text(sheet, TITLE_ROW, 0, f"{found.name}　{self.cover.period}{mark}", TITLE)
        self._text(sheet, SOURCE_ROW, 0, found.source or self.cover.source, NOTE)
        self._text(sheet, NOTE_ROW, 0, found.notes, NOTE)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self._text(sheet, HEAD_ROW, place, column.head, HEAD)
        sheet.set_row(HEAD_ROW, LINE * max(2, max(lines_of(one.head, one.width) for one in columns)))
        last = HEAD_ROW
        for last, row in enumerate(found.rows, FIRST_ROW):
            for place, cell in enumerate(row):
                self._cell(sheet, last, place, cell)
            texts = ((cell, one.width) for cell, one in zip(row, columns, strict=True) if isinstance(cell, str))
            sheet.set_row(last, LINE * max((lines_of(*pair) for pair in texts), default=1))
        sheet.freeze_panes(FIRST_ROW, min(found.frozen, len(columns)))
        sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
        if last > HEAD_ROW:
            sheet.repeat_rows(HEAD_ROW)
        self._on_paper(sheet, found, last)

    def _on_paper(self, sheet: Worksheet, found: Sheet, last: int) -> None:
        """The scale; columns that begin a page; charts on pages of their own below."""
        widths = [column.width * CHAR + EDGE for column in found.columns]
        bounds = [0, *found.breaks, len(widths)]
        lead = sum(widths[: found.frozen])
        pages = [sum(widths[a:b]) + (lead if a else 0) for a, b in pairwise(bounds)]
        scale = max(SMALLEST, min(100, math.floor(PAGE_WIDTH / (max(pages) * SLACK) * 100)))
        self._paper(sheet, scale if found.breaks else None)
        area = [self._area(found.name, 0, last, len(widths) - 1)]
        if found.breaks:
            sheet.set_v_pagebreaks(list(found.breaks))
            sheet.repeat_columns(0, found.frozen - 1)
            sheet.print_across()
        charts = [chart for chart in found.charts if chart.series]
        if charts:
            across = max(pages[0], NARROWEST)
            first, final = self._charts(sheet, found, charts, last, across, scale)
            area.append(self._area(found.name, first, final, _column_at(widths, across)))
        name = found.name.replace("'", "''")
        self.book.define_name(f"'{name}'!_xlnm.Print_Area", "=" + ",".join(area))

    def _area(self, name: str, first: int, last: int, column: int) -> str:
        return f"'{name}'!{cells.absolute(first, 0)}:{cells.absolute(last, column)}"

    def _charts(
        self, sheet: Worksheet, found: Sheet, charts: Sequence[Chart], last: int, across: float, scale: int
    ) -> tuple[int, int]:
        """Two beside each other, as many lines of them a page as fit; the first and the last row they cover."""
        beside = 1 if len(charts) == 1 else 2
        width, first = across / beside, last + 1 + GAP
        a_page = max(1, math.floor((PAGE_HEIGHT / scale * 100 - 2 * LINE) / (CHART_ROWS * ROW)))
        lines = math.ceil(len(charts) / beside)
        for place, chart in enumerate(charts):
            line, side = divmod(place, beside)
            drawing = draw(self.book, found.name, chart, FIRST_ROW)
            drawing.set_size({"width": (width - 8) / 0.75, "height": (CHART_ROWS - 1) * ROW / 0.75})
            offset = {"x_offset": side * width / 0.75, "description": xml_text(chart.words or chart.title)}
            sheet.insert_chart(first + line * CHART_ROWS, 0, drawing, offset)
        sheet.set_h_pagebreaks([first, *(first + line * CHART_ROWS for line in range(a_page, lines, a_page))])
        return first, first + lines * CHART_ROWS - 1

    def _of_text(self, color: str) -> tuple[Format, Format]:
        """The formats of a bordered text cell in a colour: plain, and of what would start a formula."""
        look = {"border": 1, "text_wrap": True, **({"font_color": color} if color else {})}
        return self._style(look), self._style({**look, "quote_prefix": True})

    def _style(self, properties: dict) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**BASE, **properties})
        return self._formats[key]

    def _text(self, sheet: Worksheet, row: int, place: int, text: str, properties: dict) -> None:
        quoted = self._style({**properties, "quote_prefix": True})
        cells.put_text(sheet, row, place, text, self._style(properties), quoted)

    def _cell(self, sheet: Worksheet, row: int, place: int, cell: Cell) -> None:
        if isinstance(cell, Number):
            cells.put_decimal(sheet, row, place, cell.value, self._number(cell.places))
        elif isinstance(cell, Ratio):
            parts = (cell.above, cell.below)
            cells.put_ratio(sheet, row, place, parts, cell, self._number(cell.places))
        elif isinstance(cell, date):
            day = self._style({"border": 1, "num_format": "yyyy-mm-dd", "align": "center"})
            sheet.write_datetime(row, place, datetime.combine(cell, time()), day)
        else:
            text = cell or ""
            plain, quoted = self._written[LIGHT_COLORS.get(text, "")]
            cells.put_text(sheet, row, place, text, plain, quoted)

    def _number(self, places: int) -> Format:
        if places not in self._numbers:
            self._numbers[places] = self._style({"border": 1, "num_format": cells.number_format(places)})
        return self._numbers[places]

    def _paper(self, sheet: Worksheet, scale: int | None) -> None:
        """A4 landscape, page numbers, 演示数据 on each page; one page wide where no scale is given."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        if scale is None:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_print_scale(scale)
        sheet.set_header(f"&C{say.DEMONSTRATION_LINE}" if self.cover.demonstration else "")
        sheet.set_footer("&C— &P —")


def _column_at(widths: Sequence[float], across: float) -> int:
    """The column at whose right edge `across` points are covered, the last one at most."""
    covered = 0.0
    for place, width in enumerate(widths):
        covered += width
        if covered >= across - 1:
            return place
    return len(widths) - 1 + math.ceil((across - covered) / (8.43 * CHAR + EDGE))
