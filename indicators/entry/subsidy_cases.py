"""Many cases of the second subsidy (二次补助) from one sheet: 序号, 自付金额, 结算日期, and nothing about any person.

The file is read and forgotten: by the same scan in the same limited child as every upload, from a file that is gone
when the answer is. Every problem is told at once; a column that is not asked for is refused by its name.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.analysis.subsidy import Breakdown, subsidy
from indicators.entry.longform import csv_rows, only_sheet
from indicators.entry.numbers import stored_number
from indicators.entry.rawbook import RawCell, UploadRefused, column_letter
from indicators.entry.reader import read_workbook
from indicators.subsidy_amounts import (
    AmountRefused,
    checked,
    looks_like_identity,
    read_amount,
    read_day,
    tidy,
    told_missing,
)
from indicators.subsidy_scheme import NoScheme, Schemes, Terms

MOST_ROWS = 5_000
MOST_TOLD = 200
NUMBER, AMOUNT, DAY = HEADINGS = ("序号", "自付金额", "结算日期")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UNIT = re.compile(r"[\s_]|[(（].*[)）]$")
_COUNT = re.compile(r"[0-9]{1,6}")
_DAY_ZERO = date(1899, 12, 30)  # of the serial numbers in workbooks
_LAST_SERIAL = 2_958_465  # the last day of 9999
_NUMERIC = re.compile(r"[-0-9., ]+元?")
_HAN = re.compile("[\u3400-\u9fff]")
Row = tuple[int, Sequence[RawCell]]


@dataclass(frozen=True)
class Case:
    """One row: its number, the amount and day, the terms of that day, and what they give."""

    number: int
    day: date
    terms: Terms
    found: Breakdown


@dataclass(frozen=True)
class CaseProblem:
    """What is wrong in a cell, or in a column (`row` 0), or in the file (`column` empty too)."""

    row: int
    column: str
    rule: str


@dataclass
class Cases:
    """A sheet read: its cases, or what is wrong with it."""

    cases: list[Case] = field(default_factory=list)
    problems: list[CaseProblem] = field(default_factory=list)
    more: int = 0  # problems beyond those told

    @property
    def paid(self) -> Decimal:
        return sum((case.found.own_payment for case in self.cases), Decimal(0))

    @property
    def subsidy(self) -> Decimal:
        return sum((case.found.subsidy for case in self.cases), Decimal(0))

    def refuse(self, row: int, column: str, rule: str) -> None:
        if len(self.problems) < MOST_TOLD:
            self.problems.append(CaseProblem(row, column, rule))
        else:
            self.more += 1


def read(content: bytes, day: date, schemes: Schemes) -> Cases:
    """The cases of a CSV file or workbook, settled on `day` where they have no day of their own; stores nothing."""
    result = Cases()
    try:
        rows = _rows_of(content)
        head = next((row for row in rows if any(cell.text.strip() for cell in row[1])), None)
        if head is None:
            raise UploadRefused([_("没有可计算的数据")])
        columns = _columns(head, result)
        if not result.problems:
            _read_rows(rows, columns, day, schemes, result)
    except UploadRefused as refused:
        for reason in refused.reasons:
            result.refuse(0, "", reason)
    if result.problems:
        result.cases = []
    return result


def _rows_of(content: bytes) -> Iterator[Row]:
    """Rows with their numbers; the file lies on disk only while the child reads it."""
    if not content.startswith((_ZIP, _OLE)):
        return csv_rows(content)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        return only_sheet(read_workbook(file.name))


def _columns(head: Row, result: Cases) -> dict[str, int]:
    """Where each heading stands, from 0; what is not asked for is refused by name."""
    found: dict[str, int] = {}
    for at, cell in enumerate(head[1]):
        text = cell.text.strip()
        name = _UNIT.sub("", text)
        if not text:
            continue
        if name not in HEADINGS:
            shown = "******" if looks_like_identity(text) else text[:20]
            result.refuse(0, column_letter(at + 1), _("不收“%(t)s”这一列；只要序号、自付金额、结算日期") % {"t": shown})
        elif name in found:
            result.refuse(0, column_letter(at + 1), _("“%(t)s”这一列重复") % {"t": name})
        else:
            found[name] = at
    lost = [name for name in (NUMBER, AMOUNT) if name not in found]
    if lost:
        result.refuse(head[0], "", _("第一行缺少标题：%(t)s") % {"t": " ".join(lost)})
    return found


def _read_rows(rows: Iterator[Row], columns: dict[str, int], day: date, schemes: Schemes, result: Cases) -> None:
    seen: dict[int, int] = {}
    count = 0
    for row, cells in rows:
        if not any(cell.text.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise UploadRefused([_("一次最多 %(n)d 行，请分成几个文件") % {"n": MOST_ROWS}])
        before = len(result.problems) + result.more
        _stray(row, cells, columns, result)
        number = _number(row, cells, columns[NUMBER], seen, result)
        amount = _amount(row, cells, columns[AMOUNT], result)
        settled = _day(row, cells, columns.get(DAY), day, result)
        if settled is None:
            continue
        try:
            terms = schemes.on(settled)
        except NoScheme as none:
            at = column_letter(columns[DAY] + 1) if DAY in columns else ""
            result.refuse(row, at, told_missing(none.day, none.missing))
            continue
        if len(result.problems) + result.more == before and number is not None and amount is not None:
            result.cases.append(Case(number, settled, terms, subsidy(amount, terms.scheme)))
    if not count:
        raise UploadRefused([_("没有可计算的数据")])


def _stray(row: int, cells: Sequence[RawCell], columns: dict[str, int], result: Cases) -> None:
    """What stands under no heading is not read, so it must not be there."""
    for at, cell in enumerate(cells):
        if at not in columns.values() and cell.text.strip():
            result.refuse(row, column_letter(at + 1), _("这一列没有标题，不能有内容"))


def _number(row: int, cells: Sequence[RawCell], at: int, seen: dict[int, int], result: Cases) -> int | None:
    """The row's own number: digits alone, so that no name and no card fits in."""
    text = _plain(_cell(cells, at))
    column = column_letter(at + 1)
    if _COUNT.fullmatch(text) is None:
        result.refuse(row, column, _number_rule(text))
        return None
    number = int(text)
    if number in seen:
        result.refuse(row, column, _("序号 %(n)d 与第%(r)d行重复") % {"n": number, "r": seen[number]})
        return None
    seen[number] = row
    return number


def _number_rule(text: str) -> str:
    """Why it is no number; what may be a person's is not repeated."""
    if not text:
        return _("缺少序号")
    if looks_like_identity(text):
        return _("疑似身份证号码，本系统不收个人信息，请删去")
    if _HAN.search(text):
        return _("疑似姓名，本系统不收个人信息；序号只写数字")
    return _("序号只写数字，最多 6 位")


def _amount(row: int, cells: Sequence[RawCell], at: int, result: Cases) -> Decimal | None:
    cell, column = _cell(cells, at), column_letter(at + 1)
    try:
        return _amount_of(cell)
    except AmountRefused as refused:
        result.refuse(row, column, str(refused))
    return None


def _amount_of(cell: RawCell) -> Decimal:
    if not cell.cached:
        raise AmountRefused(_("公式没有算出结果，请改成数"))
    if not cell.text.strip():
        raise AmountRefused(_("缺少自付金额"))
    if cell.kind in ("boolean", "error") or (cell.kind == "text" and not _NUMERIC.fullmatch(tidy(cell.text))):
        raise AmountRefused(_("不是金额；只写数，单位元，不写文字"))  # not repeated: it may be a name
    if cell.kind == "number" and not cell.dated and not cell.percent:
        number = stored_number(cell.text)
        if number is not None and not looks_like_identity(f"{number:f}"):
            return checked(number)
    if cell.kind in ("number", "date") and (cell.dated or cell.percent or cell.kind == "date"):
        raise AmountRefused(_("单元格是日期或百分比格式，请改成数"))
    return read_amount(cell.text)


def _day(row: int, cells: Sequence[RawCell], at: int | None, otherwise: date, result: Cases) -> date | None:
    """The row's own day, the page's where it has none."""
    cell = _cell(cells, at) if at is not None else RawCell("text", "")
    if not cell.text.strip():
        return otherwise
    try:
        return _day_of(cell)
    except AmountRefused as refused:
        result.refuse(row, column_letter((at or 0) + 1), str(refused))
    return None


def _day_of(cell: RawCell) -> date:
    if cell.kind == "number" and cell.dated:
        serial = stored_number(cell.text)
        if serial is not None and 0 < serial <= _LAST_SERIAL:
            return _DAY_ZERO + timedelta(days=int(serial))
    return read_day(cell.text[:10] if cell.kind == "date" else cell.text)


def _cell(cells: Sequence[RawCell], at: int) -> RawCell:
    return cells[at] if at < len(cells) else RawCell("text", "")


def _plain(cell: RawCell) -> str:
    """A number as it is read, also out of a cell that a spreadsheet wrote as 1.0."""
    if cell.kind == "number" and not cell.dated:
        number = stored_number(cell.text)
        if number is not None and number.adjusted() < 20 and number == number.to_integral_value():
            return str(int(number))
    return cell.text.strip()
