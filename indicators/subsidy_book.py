"""Workbooks of many cases (成批计算): the empty sheet, and the answer with live formulas; Chinese documents."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bureau.cells import WORKBOOK_OPTIONS
from indicators.analysis.subsidy import Mode
from indicators.entry.subsidy_cases import HEADINGS, MOST_ROWS, Case

SHEET, ANSWER = "二次补助", "计算结果"
_EDGE = {"border": 1, "border_color": "#B7C4C9", "font_size": 10}
_HEADS = (
    ("序号", 8), ("结算日期", 12), ("自付金额", 15), ("起付线", 12), ("第二档起点", 12), ("第一档比例（%）", 10),
    ("第二档比例（%）", 10), ("第一档金额", 15), ("第二档金额", 15), ("补助", 15), ("个人负担", 15), ("计算方式", 13),
    ("封顶线", 12),
)  # fmt: skip
_MODES = {Mode.SEGMENTED: "分段计算", Mode.WHOLE: "全额按档", Mode.EXCESS: "超出部分按档"}
_FIRST = 5  # rows above the first case: title, two notes, totals, headings


class _Looks:
    """The formats of a book."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.note: Format = book.add_format({"font_color": "#5C6B74", "font_size": 9})
        self.head: Format = book.add_format(
            {**_EDGE, "bold": True, "bg_color": "#E6EEF0", "align": "center", "text_wrap": True}
        )
        self.plain: Format = book.add_format(_EDGE)
        self.fen: Format = book.add_format({**_EDGE, "num_format": "#,##0.00"})
        self.total: Format = book.add_format({**_EDGE, "num_format": "#,##0.00", "bold": True})
        self.day: Format = book.add_format({**_EDGE, "num_format": "yyyy-mm-dd"})


@contextmanager
def _book(name: str, out: io.BytesIO) -> Iterator[tuple[Worksheet, _Looks]]:
    with xlsxwriter.Workbook(out, WORKBOOK_OPTIONS) as book:
        sheet = book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        yield sheet, _Looks(book)


def template() -> bytes:
    """The three headings, with the formats of what goes below."""
    out = io.BytesIO()
    with _book(SHEET, out) as (sheet, looks):
        for column, (heading, style) in enumerate(zip(HEADINGS, (looks.plain, looks.fen, looks.day), strict=True)):
            sheet.set_column(column, column, 16, style)
            sheet.write_string(0, column, heading, looks.head)
        sheet.freeze_panes(1, 0)
        rules = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "自付金额填 0 或正数，单位元"}
        sheet.data_validation(1, 1, MOST_ROWS, 1, rules)
    return out.getvalue()


def answer(cases: Sequence[Case], asked_on: date) -> bytes:
    """A row a case; its bands and sums as formulas over the amount and the terms of its day, in whole fen.

    All there is are numbers, dates and the program's own words, so no text of the sheet sent can become a formula.
    """
    out = io.BytesIO()
    with _book(ANSWER, out) as (sheet, looks):
        sheet.write_string(0, 0, "大病保险二次补助计算结果", looks.title)
        sheet.write_string(
            1, 0, "每行按其结算日有效的参数（W03 至 W08）；封顶线空着是不封顶；单位元，四舍五入到分。", looks.note
        )
        sheet.write_string(
            2, 0, f"计算日期 {asked_on.isoformat()}，共 {len(cases)} 行；不含个人信息，系统不留存。", looks.note
        )
        _totals(sheet, looks, cases)
        for column, (heading, width) in enumerate(_HEADS):
            sheet.write_string(_FIRST - 1, column, heading, looks.head)
            sheet.set_column(column, column, width)
        for row, case in enumerate(cases, start=_FIRST):
            _line(sheet, looks, row, case)
        sheet.freeze_panes(_FIRST, 1)
        sheet.repeat_rows(_FIRST - 1)
        sheet.print_area(0, 0, _FIRST + len(cases) - 1, len(_HEADS) - 1)
    return out.getvalue()


def _totals(sheet: Worksheet, looks: _Looks, cases: Sequence[Case]) -> None:
    """The sums over the cases, above them, where they are seen first."""
    found = [case.found for case in cases]
    sums = {
        "C": sum(one.own_payment for one in found),
        "H": sum(one.segments[0].amount for one in found),
        "I": sum(one.segments[1].amount for one in found),
        "J": sum(one.subsidy for one in found),
        "K": sum(one.left for one in found),
    }
    sheet.write_string(_FIRST - 2, 0, "合计", looks.total)
    first, last = _FIRST + 1, _FIRST + len(cases)
    for letter, value in sums.items():
        sheet.write_formula(f"{letter}{_FIRST - 1}", f"=SUM({letter}{first}:{letter}{last})", looks.total, value)


def _line(sheet: Worksheet, looks: _Looks, row: int, case: Case) -> None:
    found, scheme, at = case.found, case.terms.scheme, row + 1
    sheet.write_number(row, 0, case.number, looks.plain)
    sheet.write_datetime(row, 1, case.day, looks.day)
    sheet.write_number(row, 2, found.own_payment or 0, looks.fen)  # Decimals are printed digit by digit, no float
    for column, value in enumerate((*scheme.thresholds, *scheme.rates), start=3):
        sheet.write_number(row, column, value.normalize() or 0, looks.fen if column < 5 else looks.plain)
    first, second = found.segments
    below, above = _bands(scheme.mode, at)
    sheet.write_formula(row, 7, f"=ROUND({below},2)", looks.fen, first.amount)
    sheet.write_formula(row, 8, f"=ROUND({above},2)", looks.fen, second.amount)
    # whole fen times per cent is exact in a spreadsheet, so a half fen rounds up as it does here
    whole = f"ROUND((ROUND(H{at}*100,0)*F{at}+ROUND(I{at}*100,0)*G{at})/100,0)/100"
    paid = whole if scheme.cap is None else f"MIN({whole},M{at})"
    sheet.write_formula(row, 9, f"={paid}", looks.fen, found.subsidy)
    sheet.write_formula(row, 10, f"=C{at}-J{at}", looks.fen, found.left)
    sheet.write_string(row, 11, _MODES[scheme.mode], looks.plain)
    if scheme.cap is None:
        sheet.write_blank(row, 12, None, looks.fen)
    else:
        sheet.write_number(row, 12, scheme.cap.normalize(), looks.fen)


def _bands(mode: Mode, at: int) -> tuple[str, str]:
    """On what each band's rate is paid, as a formula over amount (C), lower (D) and upper threshold (E)."""
    if mode is Mode.SEGMENTED:
        return f"MAX(0,MIN(C{at},E{at})-D{at})", f"MAX(0,C{at}-E{at})"
    counted = f"C{at}" if mode is Mode.WHOLE else f"C{at}-D{at}"
    return f"IF(AND(C{at}>=D{at},C{at}<E{at}),{counted},0)", f"IF(C{at}>=E{at},{counted},0)"
