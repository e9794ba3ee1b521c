"""The child process that rewrites a refused workbook with its bad cells marked, under hard limits.

Started by marked.py only, without Django: PATH MEMORY_BYTES CPU_SECONDS, the marks as JSON on standard input, the
workbook on standard output. Formulas go out as the values they showed, links to the outside not at all.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from collections.abc import Collection

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "问题"
AUTHOR = "检查"
FORMULA = "（公式）"
HEADS = ("单元格", "程度", "工作表", "地方", "填报项", "表中的值", "规则", "怎么改")
WIDTHS = (10, 8, 18, 20, 34, 18, 64, 80)
FILLS = {"hard": "FFF4C7C3", "soft": "FFFCE8B2"}
UNWRITABLE = "原表的格式不能照录，这里只列问题。"
ADVICE = "按下面各处在原表里改好，存盘后可直接上传本文件。"
MOST_WRITTEN = 200 * 1024 * 1024  # of the sheets, which openpyxl keeps in temporary files


def main(path: str, memory: str, seconds: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    marks = json.load(sys.stdin)
    sys.stdout.buffer.write(marked(path, marks) if path else listed(marks))
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is left to tidy that the parent does not


def listed(marks: list[dict]) -> bytes:
    """The list alone."""
    book = Workbook()
    _list(book.active, marks, UNWRITABLE, set())
    return _saved(book)


def marked(path: str, marks: list[dict]) -> bytes:
    """The workbook with its marks, the list before all other sheets."""
    with open(path, "rb") as file:  # a kept file bears no ending, by which openpyxl would judge it
        book = load_workbook(file, data_only=True, keep_links=False)
    if SHEET in book.sheetnames:
        del book[SHEET]  # of an earlier copy
    book.defined_names.clear()
    pages = {page.title: page for page in book.worksheets}
    for page in pages.values():
        _make_plain(page)
    by_cell: dict[tuple[str, int, str], list[dict]] = {}
    for mark in marks:
        if mark["row"] and mark["sheet"] in pages:
            by_cell.setdefault((mark["sheet"], mark["row"], mark["column"] or "A"), []).append(mark)
    for (sheet, row, column), found in by_cell.items():
        _mark(pages[sheet][f"{column}{row}"], found)
    _list(book.create_sheet(SHEET, 0), marks, ADVICE, pages.keys())
    book.active = 0
    for page in book.worksheets:
        page.sheet_view.tabSelected = page.title == SHEET
    return _saved(book)


def _make_plain(page: Worksheet) -> None:
    """No link to the outside, no mark of an earlier copy."""
    for cell in page._cells.values():  # those there are; iter_rows would make all up to the farthest
        if not isinstance(cell, Cell):
            continue
        if cell.hyperlink is not None and cell.hyperlink.target:
            cell.hyperlink = None
        if cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment, cell.fill = None, PatternFill()


def _mark(cell: Cell, found: list[dict]) -> None:
    worst = next((one["severity"] for one in found if one["severity"] == "hard"), found[0]["severity"])
    if worst in FILLS:
        cell.fill = PatternFill("solid", fgColor=FILLS[worst])
    if any(one["uncomputed"] for one in found) and cell.value is None:
        _write(cell, FORMULA)  # left empty it would be taken for a cell not filled in
    if isinstance(cell, Cell):  # not the covered part of a merged range
        text = "\n".join(f"{one['rule']}：{one['fix']}" if one["fix"] else one["rule"] for one in found)
        cell.comment = Comment(text, AUTHOR, width=320, height=40 + 24 * (1 + len(text) // 22 + len(found)))


def _list(page: Worksheet, marks: list[dict], advice: str, linked: Collection[str]) -> None:
    page.title = SHEET
    hard = sum(mark["severity"] == "hard" for mark in marks)
    _write(page.cell(1, 1), f"共 {hard} 处须改").font = Font(name="宋体", bold=True, size=14)
    _write(page.cell(2, 1), advice)
    for at, head in enumerate(HEADS, 1):
        _write(page.cell(4, at), head).font = Font(name="宋体", bold=True)
    for number, mark in enumerate(marks, 5):
        where = f"{mark['column'] or 'A'}{mark['row'] or 1}"
        cell = _write(page.cell(number, 1), _shown(mark))
        if mark["sheet"] in linked:
            name = mark["sheet"].replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{where}")
            cell.font = Font(name="宋体", underline="single", color="FF1F5F8B")
        for at, text in enumerate(mark["texts"], 2):
            _write(page.cell(number, at), text)
        if mark["severity"] in FILLS:
            page.cell(number, 2).fill = PatternFill("solid", fgColor=FILLS[mark["severity"]])
    for row in page.iter_rows(min_row=5):
        for cell in row:
            cell.alignment = Alignment(vertical="top")
    for at, width in enumerate(WIDTHS):
        page.column_dimensions[chr(65 + at)].width = width
    page.freeze_panes = "A5"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _shown(mark: dict) -> str:
    """'C12', '第12行', 'C列', or the whole sheet."""
    if mark["row"]:
        return f"{mark['column']}{mark['row']}" if mark["column"] else f"第{mark['row']}行"
    return f"{mark['column']}列" if mark["column"] else "整张表"


def _write(cell: Cell, text: str) -> Cell:
    """A text that stays one, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"
    return cell


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
