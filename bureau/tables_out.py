"""Every table of a page as a file: the same rows as CSV or as a workbook, as the ending of the address says.

A view gives its rows once, with Decimal, int and date where there is a number or a day; the page's own rules decide who
sees which. The demonstration's mark is the first row of both kinds of file, and stands on each printed page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import zip_longest
from math import ceil

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bureau import cells
from bureau.exports import content_disposition, csv_text, plain_number, write_csv, xml_text

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Row = Sequence[object]
FONT = {"font_size": 10, "valign": "vcenter"}
HEAD = {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#E3EEF0"}
NARROW, FOLDED, WIDE = 8, 16, 48  # characters of a column: at least, that a head may ask for, at most
LINE = 15  # points of a line of a head
MEASURED = 200  # rows whose texts give a column its width
A4 = 9
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")


def both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """The addresses of a table's two files, `name`_csv and `name`_xlsx; the view is told its `ending`."""
    return [path(f"{route}.{one}", view, {"ending": one}, name=f"{name}_{one}") for one in (CSV, XLSX)]


def table_response(
    name: str, head: Row, rows: Iterable[Row], *, ending: str, demonstration: bool, above: Iterable[Row] = ()
) -> HttpResponse:
    """The table as the file the address asked for, called `name`; lines `above` the head say what it is."""
    top = [*([[_("演示数据")]] if demonstration else []), *above]
    if ending == XLSX:
        content = write_xlsx(name, head, rows, above=top, mark=_("演示数据") if demonstration else "")
    else:
        content = write_csv([*top, head, *rows])
    response = HttpResponse(content, content_type=TYPES[ending])
    response["Content-Disposition"] = content_disposition(f"{name}.{ending}")
    return response


def write_xlsx(name: str, head: Row, rows: Iterable[Row], *, above: Sequence[Row] = (), mark: str = "") -> bytes:
    """The same lines as the CSV has, typed: head frozen, filtered and repeated on A4 pages that are numbered."""
    out = io.BytesIO()
    with Workbook(out, cells.WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": xml_text(name)[:255], "created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet(sheet_name(name))
        looks = Looks(book)
        for line, row in enumerate(above):
            _row(sheet, line, row, looks, looks({}))
        begin = last = len(above)
        _row(sheet, begin, head, looks, looks(HEAD))
        widths = [min(FOLDED, _width(one)) for one in head]
        for last, row in enumerate(rows, begin + 1):
            _row(sheet, last, row, looks, looks({"border": 1, "text_wrap": True}))
            if last - begin <= MEASURED:
                widths = [max(pair) for pair in zip_longest(widths, map(_width, row), fillvalue=0)]
        widths = [min(WIDE, max(NARROW, width + 2)) for width in widths]
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        lines = max((ceil(_width(one) / (width - 1)) for one, width in zip(head, widths, strict=False)), default=1)
        sheet.set_row(begin, LINE * lines)
        sheet.freeze_panes(begin + 1, 0)
        sheet.autofilter(begin, 0, last, len(widths) - 1)
        _paper(sheet, begin, last, len(widths) - 1, mark)
    return out.getvalue()


def sheet_name(name: str) -> str:
    """`name` as a sheet may be called: 31 characters, none that a reference would read otherwise."""
    return _NOT_IN_SHEETS.sub("_", xml_text(name)).strip("' \t\r\n")[:31].rstrip("' ") or "Sheet1"


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple, Format] = {}

    def __call__(self, look: dict) -> tuple[dict, Format]:
        return look, self.of(look)

    def of(self, look: dict) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**FONT, **look})
        return self._made[key]


def _row(sheet: Worksheet, line: int, row: Row, looks: Looks, style: tuple[dict, Format]) -> None:
    look, plain = style
    for place, cell in enumerate(row):
        if cell is None or cell == "":
            sheet.write_blank(line, place, None, plain)
        elif isinstance(cell, (Decimal, int)) and not isinstance(cell, bool):
            cells.put_decimal(sheet, line, place, cell, looks.of({**look, "num_format": _format(cell)}))
        elif isinstance(cell, datetime):
            moment = looks.of({**look, "num_format": "yyyy-mm-dd hh:mm:ss"})
            sheet.write_datetime(line, place, cell, moment)
        elif isinstance(cell, date):
            day = looks.of({**look, "num_format": "yyyy-mm-dd"})
            sheet.write_datetime(line, place, datetime.combine(cell, time()), day)
        else:
            cells.put_text(sheet, line, place, _text(cell), plain, looks.of({**look, "quote_prefix": True}))


def _text(cell: object) -> str:
    if isinstance(cell, float):
        raise TypeError("floats are not exact: give a Decimal")
    return str(cell)


def _format(value: Decimal | int) -> str:
    """As many decimals as the value came with; without separators, as in the CSV."""
    places = len(plain_number(value).partition(".")[2])
    return "0" + ("." + "0" * places if places else "")


def _width(cell: object) -> int:
    """Half-characters of the longest line of a cell."""
    lines = csv_text(cell).splitlines() or [""]
    return max(sum(1 if ord(letter) < 0x2E80 else 2 for letter in line) for line in lines)


def _paper(sheet: Worksheet, head: int, last: int, column: int, mark: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, last, column)
    sheet.set_header(f"&C{mark}" if mark else "")
    sheet.set_footer("&C— &P —")
