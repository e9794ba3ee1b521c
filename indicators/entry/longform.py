"""The plain long form (长表): one row a value, as CSV or XLSX, with headings in Chinese or English in any order.

Rows come out as texts with their line numbers. What area, item, month and value mean is judging.py's.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bureau import months
from bureau.exports import write_csv
from indicators.entry.datapages import PROBLEMS_SHEET
from indicators.entry.layout import plain_number
from indicators.entry.limits import LONG_FORM, MEGABYTE
from indicators.entry.numbers import stored_number
from indicators.entry.rawbook import RawCell, RawSheet, RawWorkbook, UploadRefused, column_letter

HEADINGS = ("区划代码", "填报项代码", "类别代码", "月份", "数值")
FIELDS = ("area", "item", "category", "month", "value")
NOTHING = "没有可导入的数据"

_ALIASES = {
    "area": ("区划代码", "地方代码", "区划", "areacode", "area"),
    "item": ("填报项代码", "填报项", "项目代码", "itemcode", "item"),
    "category": ("类别代码", "类别", "分组代码", "categorycode", "category"),
    "month": ("月份", "报告期", "月", "month", "period"),
    "value": ("数值", "数", "值", "value"),
}
_FIELD_OF = {alias: field for field, aliases in _ALIASES.items() for alias in aliases}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_MONTH = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:月|[-/.]0?1)?|([0-9]{2}))")


class Line(NamedTuple):
    """One row of the file: its number there, and its five texts as they stand."""

    number: int
    area: str
    item: str
    category: str
    month: str
    value: RawCell


@dataclass(frozen=True)
class Table:
    """A long form read: where each of its five columns stands (from 1, 0 where there is none), and its rows."""

    columns: dict[str, int]
    lines: tuple[Line, ...]
    sheet: str = ""

    def at(self, line: Line, of: str) -> tuple[int, str]:
        """Row and column letter of one field of a line, in the file a person looks at."""
        return line.number, column_letter(self.columns[of])

    def told(self, line: Line) -> str:
        """'第12行': how a line is named beside another."""
        return f"第{line.number}行"


def read_csv(content: bytes) -> Table:
    """The rows of a CSV file in UTF-8 (with BOM or without) or GB18030; UploadRefused for what is none."""
    if len(content) > LONG_FORM.file:
        raise UploadRefused([f"文件过大（上限 {LONG_FORM.file // MEGABYTE} MB）"])
    return _table(csv_rows(content))


def csv_rows(content: bytes) -> Iterator[tuple[int, Sequence[RawCell]]]:
    """(line number, cells) of each row of a CSV file; the number is that of the line a row ends on."""
    return _csv_rows(_decoded(content))


def read_book(book: RawWorkbook) -> Table:
    """The rows of the one sheet that holds the five headings."""
    page = _only_page(book, "长表")
    return _table(_sheet_rows(page), page.name)


def only_sheet(book: RawWorkbook) -> Iterator[tuple[int, Sequence[RawCell]]]:
    """(row number, cells) of a workbook's one sheet, nothing of it hidden or merged; UploadRefused else."""
    return _sheet_rows(_only_page(book, "文件"))


def _only_page(book: RawWorkbook, what: str) -> RawSheet:
    pages = [page for page in book.sheets if page.cells and page.name != PROBLEMS_SHEET]
    for page in pages:
        if page.visibility != "visible":
            raise UploadRefused([f"工作表“{page.name}”被隐藏但有数据；取消隐藏核对，或删去这张表"])
    if not pages:
        raise UploadRefused([NOTHING])
    if len(pages) > 1:
        names = "、".join(f"“{page.name}”" for page in pages)
        raise UploadRefused([f"{what}只能有一张工作表，现有 {len(pages)} 张：{names}；只留一张再传"])
    page = pages[0]
    hidden = page.hidden_rows & {row for row, _ in page.cells}
    if hidden:
        raise UploadRefused([f"第{min(hidden)}行被隐藏但有数据；取消隐藏或筛选，核对后再传"])
    if page.merged:
        raise UploadRefused([f"合并单元格 {page.merged[0]}；取消合并，逐格填写"])
    return page


def _decoded(content: bytes) -> str:
    """The file's text: UTF-8 where it is UTF-8, GB18030 else."""
    if b"\0" in content:
        raise UploadRefused(["不是 CSV 文本文件；请另存为“CSV UTF-8”后再传"])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UploadRefused(["文字编码不是 UTF-8 或 GB18030；请另存为“CSV UTF-8”后再传"])


def _delimiter_of(text: str) -> str:
    """What parts the cells of the first row: comma, tab or semicolon."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",\t;", key=first.count)


def _csv_rows(text: str) -> Iterator[tuple[int, Sequence[RawCell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text))
    try:
        for row in reader:
            yield reader.line_num, [RawCell("text", cell) for cell in row]
    except csv.Error as error:
        raise UploadRefused([f"第{reader.line_num}行不是 CSV 的写法（引号没有成对）"]) from error


def _sheet_rows(page: RawSheet) -> Iterator[tuple[int, Sequence[RawCell]]]:
    empty = RawCell("text", "")
    width = max((column for _, column in page.cells), default=0)
    for row in sorted({row for row, _ in page.cells}):
        yield row, [page.cells.get((row, column), empty) for column in range(1, width + 1)]


def _table(rows: Iterator[tuple[int, Sequence[RawCell]]], sheet: str = "") -> Table:
    head = next((row for _, row in rows if any(cell.text.strip() for cell in row)), ())
    if not head:
        raise UploadRefused([NOTHING])
    columns = _columns([cell.text for cell in head])
    lines = tuple(_lines(rows, columns))
    if not lines:
        raise UploadRefused([NOTHING])
    return Table(columns, lines, sheet)


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Where each field stands; columns under other headings are not read."""
    if len(head) > LONG_FORM.columns:
        raise UploadRefused([f"列数超出允许范围（最多 {LONG_FORM.columns} 列）"])
    found: dict[str, int] = {}
    for at, text in enumerate(head, 1):
        field = _FIELD_OF.get(re.sub(r"[\s_]", "", text.translate(_FULL_WIDTH)).lower())
        if field is None:
            continue
        if field in found:
            raise UploadRefused([f"标题“{text.strip()[:20]}”重复（第 {found[field]} 列和第 {at} 列）；删去其中一列"])
        found[field] = at
    lost = [heading for field, heading in zip(FIELDS, HEADINGS, strict=True) if field not in found]
    lost = [heading for heading in lost if heading != "类别代码"]
    if lost:
        raise UploadRefused([f"第一行缺少标题：{'、'.join(lost)}；长表的标题是{'、'.join(HEADINGS)}"])
    return {field: found.get(field, 0) for field in FIELDS}


def _lines(rows: Iterable[tuple[int, Sequence[RawCell]]], columns: dict[str, int]) -> Iterator[Line]:
    empty, count = RawCell("text", ""), 0
    places = [columns[field] - 1 for field in FIELDS]
    for number, row in rows:
        cells = [row[at] if 0 <= at < len(row) else empty for at in places]
        if not any(cell.text.strip() for cell in cells):
            continue
        count += 1
        if count > LONG_FORM.rows:
            raise UploadRefused([f"长表最多 {LONG_FORM.rows} 行；请分成几个文件"])
        area, item, category, month = (_code(cell) for cell in cells[:4])
        yield Line(number, area, item, category, month, cells[4])


def _code(cell: RawCell) -> str:
    """A code as text; a number cell without exponent, a date cell as something that is no month."""
    if cell.kind == "number" and not cell.dated:
        number = stored_number(cell.text)
        return cell.text if number is None else plain_number(number)
    if cell.kind == "number":
        return f"（日期）{cell.text}"
    return cell.text.translate(_FULL_WIDTH).strip().removeprefix("'").strip()


def month_of(text: str) -> int | None:
    """The month of '2016-03', '2016年3月', '2016/3', '2016/3/1' or '201603'; None for anything else."""
    match = _MONTH.fullmatch(text)
    number = int(match[2] or match[3]) if match else 0
    return months.make(int(match[1]), number) if match and 1 <= number <= 12 else None


def write_long(rows: Iterable[Sequence[object]]) -> bytes:
    """The long form of (area code, item code, category code, month as text, value) as CSV in UTF-8 with BOM."""
    return write_csv([HEADINGS, *rows])
