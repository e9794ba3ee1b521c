"""Writes the workbook a clerk takes away for a form: locked headings, open cells, last month beside.

One data sheet for a place and month; a book of several (套表) has one for each and begins with a list of them.

Numbers go in digit by digit from Decimal, texts always as texts; nothing a name holds can become a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bureau import months
from bureau.cells import WORKBOOK_OPTIONS
from indicators.entry.identity import (
    AREA_MARK,
    META_SHEET,
    NAME_MARK,
    REFERENCE_MARK,
    mark_of,
    payload_of,
    payload_of_book,
    pieces_of,
    signature_of,
)
from indicators.entry.layout import Cell, CellKey, Column, Sheet, is_entered, plain_number
from indicators.entry.rawbook import column_letter

DATA_SHEET = "填报"
NOTES_SHEET = "填表说明"
LIST_SHEET = "目录"
DEMONSTRATION = "演示数据"
CODE_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 7  # from 0: hidden codes; item, name and unit; the first place
FIRST_INPUT = 2
HINT = "只填白格：没有发生填 0，留空表示不改；不适用填“不适用”，估计数填“估120”，与上月相同填“沿用”。斜线格本级不填。"

_KIND_WORDS = {"flow": "本月数", "stock": "期末数", "ytd": "本年累计数"}
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")
_LINE = "#B7C4C9"
_BASE: dict[str, object] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": 16, "bold": True},
    "text": {"border": 1, "border_color": _LINE, "text_wrap": True, "valign": "top"},
    "plain": {},
    "link": {"border": 1, "border_color": _LINE, "font_color": "#1F5F8B", "underline": 1},
    "head": {
        "bold": True,
        "border": 1,
        "border_color": _LINE,
        "bg_color": "#E6EEF0",
        "align": "center",
        "text_wrap": True,
    },
    "name": {"border": 1, "border_color": _LINE, "bg_color": "#F3F6F7"},
    "input": {"border": 1, "border_color": _LINE, "align": "right", "locked": False},
    "closed": {"border": 1, "border_color": _LINE, "pattern": 14, "fg_color": "#9AA7AC", "bg_color": "#FFFFFF"},
    "past": {"border": 1, "border_color": _LINE, "align": "right", "font_color": "#6B7A80", "bg_color": "#F3F6F7"},
}


def write_template(sheet: Sheet, key: bytes, demonstration: bool = False) -> bytes:
    """The .xlsx with the sheet's present entries filled in, its `_meta` signed with `key`.

    With `demonstration` every sheet a person sees says 演示数据.
    """
    writer = _Writer(sheet, demonstration)
    _write_data(writer, sheet, DATA_SHEET)
    _write_notes(writer, sheet)
    return writer.signed(payload_of(sheet), key)


def write_book(sheets: Sequence[Sheet], key: bytes, demonstration: bool = False) -> bytes:
    """The same for several places and months of one form: a data sheet for each, all under one signature.

    A book of one is a template like any other.
    """
    if len(sheets) == 1:
        return write_template(sheets[0], key, demonstration)
    writer = _Writer(sheets[0], demonstration)
    tabs = tabs_of(sheets)
    _write_list(writer, sheets, tabs)
    for sheet, tab in zip(sheets, tabs, strict=True):
        _write_data(writer, sheet, tab, mark_of(sheet.place_code, sheet.month))
    columns = {column.code: column for sheet in sheets for column in sheet.columns}
    rules = {rule.code: rule for sheet in sheets for rule in sheet.rules}
    _write_notes(writer, replace(sheets[0], columns=tuple(columns.values()), rules=tuple(rules.values())))
    return writer.signed(payload_of_book(sheets), key)


def tabs_of(sheets: Sequence[Sheet]) -> list[str]:
    """What the data sheets are called: by what tells them apart, each once."""
    one_place = len({sheet.place_code for sheet in sheets}) == 1
    one_month = len({sheet.month for sheet in sheets}) == 1
    tabs: list[str] = []
    for sheet in sheets:
        place = _NOT_IN_TABS.sub("_", sheet.place_name)[:16].strip("'")
        name = months.iso(sheet.month) if one_place else place if one_month else f"{place} {months.iso(sheet.month)}"
        taken = name.lower() in (tab.lower() for tab in tabs)
        tabs.append(f"{name} {len(tabs) + 1}" if taken or name in ("", LIST_SHEET, NOTES_SHEET) else name)
    return tabs


class _Writer:
    """One workbook: its formats by name, and texts that stay texts."""

    def __init__(self, sheet: Sheet, demonstration: bool) -> None:
        self.buffer, self.demonstration = io.BytesIO(), demonstration
        self.book = xlsxwriter.Workbook(self.buffer, WORKBOOK_OPTIONS)
        self.title = f"{sheet.form_number} {sheet.form_name}" + (f"（{DEMONSTRATION}）" if demonstration else "")
        created = datetime.combine(months.first_day(sheet.month), time())
        self.book.set_properties({"title": self.title, "created": created})
        self._formats: dict[tuple[str, bool, str], Format] = {}

    def signed(self, payload: str, key: bytes) -> bytes:
        """The finished workbook with its identity sheet."""
        page = self.book.add_worksheet(META_SHEET)
        page.write_string(0, 0, "signature")
        page.write_string(0, 1, signature_of(payload, key))
        for at, piece in enumerate(pieces_of(payload), 1):
            page.write_string(at, 0, "payload")
            page.write_string(at, 1, piece)
        page.very_hidden()
        self.book.close()
        return self.buffer.getvalue()

    def style(self, name: str, *, quoted: bool = False, number: str = "") -> Format:
        if (name, quoted, number) not in self._formats:
            style = self.book.add_format({**_BASE, **_STYLES[name]})
            if quoted:
                style.set_quote_prefix()
            if number:
                style.set_num_format(number)
            self._formats[name, quoted, number] = style
        return self._formats[name, quoted, number]

    def text(self, page: Worksheet, row: int, column: int, text: str, name: str) -> None:
        page.write_string(row, column, text, self.style(name, quoted=text.startswith(("=", "+", "-", "@", "\t"))))

    def entry(self, page: Worksheet, row: int, column: int, cell: Cell | None, spec: Column, name: str) -> None:
        """A figure as a number, a state as the word that sets it, nothing as an empty cell."""
        style = self.style(name, number="#,##0" + ("." + "0" * spec.decimals if spec.decimals else ""))
        if cell is None:
            page.write_blank(row, column, None, style)
        elif cell.state == "value" and cell.value is not None:
            page.write_number(row, column, cell.value, style)  # formatted by Decimal itself, exact
        else:
            page.write_string(row, column, state_text(cell), style)


def state_text(cell: Cell) -> str:
    """What a clerk would type for the cell: '不适用', '估120', '沿用' or the number."""
    if cell.state == "na":
        return "不适用"
    if cell.state == "carried":
        return "沿用"
    number = plain_number(cell.value) if cell.value is not None else ""
    return f"估{number}" if cell.state == "estimate" else number


def _write_list(writer: _Writer, sheets: Sequence[Sheet], tabs: Sequence[str]) -> None:
    """The first sheet of a book: which places and months it has, each with a link."""
    page = writer.book.add_worksheet(LIST_SHEET)
    writer.text(page, 0, 0, writer.title, "title")
    writer.text(page, 1, 0, f"共 {len(sheets)} 张表；不填的表留空，填好后整个文件一次上传。", "plain")
    for index, word in enumerate(("填报单位", "报告期", "工作表")):
        writer.text(page, 3, index, word, "head")
    for at, (sheet, tab) in enumerate(zip(sheets, tabs, strict=True), 4):
        writer.text(page, at, 0, sheet.place_name, "text")
        writer.text(page, at, 1, months.label(sheet.month), "text")
        page.write_url(at, 2, f"internal:'{tab.replace(chr(39), chr(39) * 2)}'!A1", writer.style("link"), tab)
    page.set_column(0, 2, 22)
    page.freeze_panes(4, 0)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.repeat_rows(3)
    _print_setup(page, writer)


def _write_data(writer: _Writer, sheet: Sheet, tab: str, mark: str = "") -> None:
    page = writer.book.add_worksheet(tab)
    past = FIRST_INPUT + len(sheet.columns) + 1
    if mark:
        page.write_string(CODE_ROW, past - 1, mark)
    writer.text(page, 0, 0, writer.title, "title")
    writer.text(page, 1, 0, f"填报单位：{sheet.place_name}　报告期：{months.label(sheet.month)}", "plain")
    writer.text(page, 2, 0, HINT, "plain")
    _write_heads(writer, page, sheet, past)
    for offset, row in enumerate(sheet.rows):
        at = FIRST_ROW + offset
        writer.text(page, at, 0, row.area, "name")
        writer.text(page, at, 1, row.name, "name")
        for index, column in enumerate(sheet.columns):
            key = CellKey(row.area, column.item, column.category)
            if is_entered(row, column):
                writer.entry(page, at, FIRST_INPUT + index, sheet.values.get(key), column, "input")
                writer.entry(page, at, past + index, _told(sheet.previous.get(key)), column, "past")
            else:
                page.write_blank(at, FIRST_INPUT + index, None, writer.style("closed"))
                page.write_blank(at, past + index, None, writer.style("closed"))
    if sheet.rows:
        for index, column in enumerate(sheet.columns):
            _validate(page, FIRST_INPUT + index, FIRST_ROW, FIRST_ROW + len(sheet.rows) - 1, column)
    page.set_row(CODE_ROW, None, None, {"hidden": True})
    page.set_row(HEAD_ROW + 1, 45)
    page.set_column(0, 0, 15)
    page.set_column(1, 1, 16)
    page.set_column(FIRST_INPUT, past - 2, 11)
    page.set_column(past - 1, past - 1, 2)
    page.set_column(past, past + len(sheet.columns) - 1, 10)
    page.freeze_panes(FIRST_ROW, FIRST_INPUT)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.print_area(0, 0, FIRST_ROW + max(len(sheet.rows) - 1, 0), past - 2)  # last month's figures stay on the screen
    page.repeat_rows(0, FIRST_ROW - 1)
    _print_setup(page, writer)


def _told(cell: Cell | None) -> Cell | None:
    """Last month's cell as a plain figure: how it came about is no matter beside this month's."""
    return Cell(cell.value) if cell is not None and cell.state == "carried" and cell.value is not None else cell


def _write_heads(writer: _Writer, page: Worksheet, sheet: Sheet, past: int) -> None:
    page.write_string(CODE_ROW, 0, AREA_MARK)
    page.write_string(CODE_ROW, 1, NAME_MARK)
    for line, words in enumerate((("区划代码", "名称"), ("", ""), ("", "计量单位"))):
        for index, word in enumerate(words):
            writer.text(page, HEAD_ROW + line, index, word, "head")
    for index, column in enumerate(sheet.columns):
        for start, mark, prefix in ((FIRST_INPUT, "", ""), (past, REFERENCE_MARK, "上月 ")):
            page.write_string(CODE_ROW, start + index, mark + column.code)
            writer.text(page, HEAD_ROW, start + index, prefix + column.item, "head")
            writer.text(page, HEAD_ROW + 1, start + index, column.title, "head")
            writer.text(page, HEAD_ROW + 2, start + index, column.unit, "head")


def _validate(page: Worksheet, at: int, first: int, last: int, column: Column) -> None:
    """The spreadsheet's own check while typing: a whole or decimal number ≥ 0 in range, or one of the state words."""
    cell = f"{column_letter(at + 1)}{first + 1}"
    number = f"ROUND({cell},{column.decimals})={cell}"
    if column.minimum is not None:
        number += f",{cell}>={plain_number(column.minimum)}"
    if column.maximum is not None:
        number += f",{cell}<={plain_number(column.maximum)}"
    words = f'{cell}="不适用",LEFT({cell},2)="沿用",LEFT({cell},1)="估",LEFT({cell},2)="暂估"'
    places = f"最多 {column.decimals} 位小数" if column.decimals else "整数"
    page.data_validation(
        first,
        at,
        last,
        at,
        {
            "validate": "custom",
            "value": f"=IF(ISNUMBER({cell}),AND({number}),OR({words}))",
            "error_title": "请改正",
            "error_message": f"填{places}，或“不适用”“估120”“沿用”；没有发生填 0。",
        },
    )


def _print_setup(page: Worksheet, writer: _Writer) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    shown = writer.title.replace("&", "&&")[:200]
    page.set_footer(f"&L{shown}&R第 &P 页，共 &N 页")
    if writer.demonstration:
        page.set_header(f"&R{DEMONSTRATION}")


def _write_notes(writer: _Writer, sheet: Sheet) -> None:
    page = writer.book.add_worksheet(NOTES_SHEET)
    writer.text(page, 0, 0, f"{writer.title}　填表说明", "title")
    writer.text(page, 1, 0, HINT, "plain")
    lines: list[tuple[str, tuple[str, ...]]] = [("head", ("代码", "填报项", "计量单位", "口径", "小数位", "指标解释"))]
    for column in sheet.columns:
        kind = _KIND_WORDS.get(column.kind, column.kind)
        words = (column.item, column.title, column.unit, kind, str(column.decimals), column.definition)
        lines.append(("text", words))
    if sheet.rules:
        lines += [("text", ()), ("head", ("平衡公式", "依据"))]
        lines += [("text", (rule.text, rule.basis)) for rule in sheet.rules]
    for at, (style, texts) in enumerate(lines, 3):
        for index, word in enumerate(texts):
            writer.text(page, at, index, word, style)
    for index, width in enumerate((14, 34, 10, 12, 8, 70)):
        page.set_column(index, index, width)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
