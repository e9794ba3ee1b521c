"""A filled workbook against its sheet: what it would change, and every problem at once with its place and its remedy.

It stores nothing. A file that cannot be this sheet's template is refused whole (UploadRefused); a cell that cannot be
taken is a Problem, and nothing may be stored while a hard one stands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from bureau import months
from indicators.entry.checks import check
from indicators.entry.datapages import data_pages, hidden_pages
from indicators.entry.identity import AREA_MARK, NAME_MARK, REFERENCE_MARK, SHEET_MARK, check_identity
from indicators.entry.layout import (
    Cell,
    CellKey,
    Change,
    Column,
    Parsed,
    Problem,
    Row,
    Severity,
    Sheet,
    is_entered,
    plain_number,
)
from indicators.entry.numbers import (
    NumberProblem,
    ReadValue,
    carried_over,
    is_short_count,
    noun_of,
    read_cell,
    stored_number,
    takes_any_count,
)
from indicators.entry.rawbook import RawCell, RawSheet, RawWorkbook, UploadRefused, column_letter, split_range
from indicators.entry.reader import read_workbook

MOST_PROBLEMS = 200
NOTHING = "没有可导入的数据"
NO_DATA_SHEET = f"{NOTHING}：找不到填报表；请重新下载模板"
UNCOMPUTED = "公式没有计算结果"
HEADING_ROWS = 4  # the hidden code row, then item, name and unit
_SEVERITIES = ("hard", "soft", "info")
_ORDINARY = RawCell("number", "")[2:]  # no formula, no percentage, no date


def parse(sheet: Sheet, path: str | os.PathLike[str], key: bytes) -> Parsed:
    """Read the file in the limited child and hold it against the sheet; UploadRefused for the file as a whole.

    `key` is the one the template was signed with.
    """
    return parse_workbook(sheet, read_workbook(path), key)


def parse_workbook(sheet: Sheet, book: RawWorkbook, key: bytes) -> Parsed:
    """The same for a workbook already read."""
    if not any(page.cells for page in book.sheets):
        raise UploadRefused([NOTHING])
    check_identity(sheet, book, key)
    page, head = _data_page(book)
    reading = _Reading(sheet, page, head, problems=list(hidden_pages(book, [page])))
    reading.read()
    if not reading.cells and all(problem.severity == "info" for problem in reading.problems):
        raise UploadRefused([NOTHING])
    reading.check_rules()
    return reading.parsed()


def parse_page(sheet: Sheet, page: RawSheet, head: int) -> Parsed:
    """One data sheet of a book of several, with every problem of it; nothing in it is no refusal."""
    reading = _Reading(sheet, page, head)
    reading.read()
    reading.check_rules()
    problems = tuple(sorted(reading.problems, key=_by_place))
    return Parsed(tuple(reading.changes), problems, tuple(reading.converted))


def _data_page(book: RawWorkbook) -> tuple[RawSheet, int]:
    """The one visible sheet with the code row, and that row's number."""
    found = data_pages(book)
    if not found:
        raise UploadRefused([NO_DATA_SHEET])
    if len(found) > 1:
        names = "、".join(f"“{page.name}”" for page, _ in found)
        raise UploadRefused([f"有 {len(found)} 张填报表：{names}；只留一张再传"])
    return found[0]


@dataclass
class _Reading:
    """One pass over the data sheet: where columns and rows stand, what the cells say, what is wrong."""

    sheet: Sheet
    page: RawSheet
    head: int
    columns: dict[int, Column] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    repeated: set[int] = field(default_factory=set)
    cells: dict[CellKey, Cell] = field(default_factory=dict)
    faulty: set[CellKey] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    converted: list[tuple[str, str, str]] = field(default_factory=list)
    area_column: int = 0
    name_column: int = 0
    first: int = 0

    def say(
        self,
        severity: Severity,
        rule: str,
        fix: str,
        at: tuple[int, int] = (0, 0),
        row: Row | None = None,
        column: Column | None = None,
        value: str = "",
    ) -> None:
        """Note a problem at (row, column) of the page, 0 where it concerns no one row or column."""
        self.problems.append(
            Problem(
                severity,
                rule,
                fix,
                sheet=self.page.name,
                row=at[0],
                column=column_letter(at[1]),
                area=row.area if row else "",
                area_name=row.name if row else "",
                item=column.item if column else "",
                item_name=column.title if column else "",
                category=column.category if column else "",
                value=value[:40],
            )
        )

    def read(self) -> None:
        """Columns, rows, shape and cells, in this order."""
        self.find_columns()
        self.find_rows()
        self.check_shape()
        self.read_cells()

    def find_columns(self) -> None:
        """Columns by their hidden codes, in whatever order; unknown and repeated ones are named by letter."""
        known = {column.code: column for column in self.sheet.columns}
        codes = sorted(
            (place[1], cell.text.strip()) for place, cell in self.page.cells.items() if place[0] == self.head
        )
        seen: dict[str, int] = {}
        for at, code in codes:
            if code.startswith((REFERENCE_MARK, SHEET_MARK)):
                continue
            if code in seen:
                rule = f"{column_letter(at)}列与{column_letter(seen[code])}列重复（{code[:20]}）"
                self.say("hard", rule, "删去其中一列", (0, at))
                continue
            seen[code] = at
            if code in known:
                self.columns[at] = known[code]
            elif code not in (AREA_MARK, NAME_MARK):
                rule = f"{column_letter(at)}列的列代码“{code[:20]}”不在本表内"
                self.say("hard", rule, "删去这一列，或重新下载模板", (0, at))
        self.area_column, self.name_column = seen.get(AREA_MARK, 0), seen.get(NAME_MARK, 0)
        lost = [column.title for column in self.sheet.columns if column.code not in seen]
        if lost:
            self.say("info", f"缺少 {len(lost)} 列：{'、'.join(lost)[:80]}", "这些项按不改处理")
        self.first = self._first_data_row()
        self._find_stray_columns({at for at, code in codes if not code.startswith(SHEET_MARK)})

    def _find_stray_columns(self, coded: set[int]) -> None:
        """Columns without a code that hold figures beside the places: a clerk's own sums or notes."""
        strays = {
            at for (row, at), cell in self.page.cells.items() if at not in coded and row >= self.first and cell.text
        }
        for at in sorted(strays):
            self.say(
                "hard", f"{column_letter(at)}列没有列代码，不是模板的列", "删去这一列；数填在模板原有的列", (0, at)
            )

    def _first_data_row(self) -> int:
        """The first row below the headings: with a code, or with something in a column that is no heading."""
        usual = self.head + HEADING_ROWS
        rows = {
            row
            for (row, at), cell in self.page.cells.items()
            if row > self.head
            and (
                (at == self.area_column and (row >= usual or self._code(row).isdecimal()))
                or (at in self.columns and cell.kind == "number")
                or (at in self.columns and row >= usual and cell.text != self.columns[at].unit)
            )
        }
        return min(rows, default=usual)

    def _code(self, row: int) -> str:
        """The area code in a row; a code retyped as a number is spelled out."""
        cell = self.page.cells.get((row, self.area_column))
        if cell is None:
            return ""
        return _spelled_out(cell) if cell.kind == "number" else cell.text.strip()

    def find_rows(self) -> None:
        """Rows by area code; a row that is unknown, repeated or another place's is named by its number."""
        filled = {row for (row, at) in self.page.cells if row >= self.first and at in self.columns}
        coded = {row for (row, at) in self.page.cells if row >= self.first and at == self.area_column}
        known = {row.area: row for row in self.sheet.rows}
        seen: dict[str, int] = {}
        for number in sorted(filled | coded):
            code = self._code(number)
            place = (number, self.area_column)
            if not code:
                self.say("hard", "有数但没有区划代码", "删去本行，或填上区划代码", place)
            elif code not in known:
                self._say_foreign(place, code)
            elif code in seen:
                self.say(
                    "hard", f"第{number}行与第{seen[code]}行重复", "同一地方只留一行", place, known[code], value=code
                )
                self.rows[number] = known[code]
                self.repeated.add(number)
            else:
                seen[code] = number
                self.rows[number] = known[code]
                self._check_name(number, known[code])
        lost = [row.name for row in self.sheet.rows if row.area not in seen]
        if lost and seen:
            self.say("info", f"缺少 {len(lost)} 行：{'、'.join(lost)[:80]}", "这些地方按不改处理")

    def _say_foreign(self, place: tuple[int, int], code: str) -> None:
        """A code that is not one of the sheet's rows: malformed, not valid in the month, or another place's."""
        name = self.page.text(place[0], self.name_column).strip()
        namesake = next((row for row in self.sheet.rows if name and row.name == name), None)
        fix = f"应为“{namesake.name}”（{namesake.area}）" if namesake else "删去本行，或重新下载模板"
        month = months.label(self.sheet.month)
        if not (code.isascii() and code.isdecimal() and len(code) in (6, 9, 12)):
            rule = f"区划代码“{code[:20]}”不对"
        elif code in self.sheet.month_areas:
            rule = f"“{self.sheet.month_areas[code]}”不属于本表（{self.sheet.place_name}）"
        else:
            rule = f"不在{month}区划内"
        self.say("hard", rule, fix, place, value=name or code)

    def _check_name(self, number: int, row: Row) -> None:
        name = self.page.text(number, self.name_column).strip() if self.name_column else ""
        if name and name != row.name:
            fix = f"{row.area} 应为“{row.name}”；核对本行的数是谁的"
            self.say("hard", "区划代码与名称不符", fix, (number, self.name_column), row, value=name)

    def check_shape(self) -> None:
        """Merged ranges, hidden rows and hidden columns in the data: what a person does not see is not taken."""
        last = max(self.rows, default=0)
        for text in self.page.merged:
            corners = split_range(text)
            if corners is None or corners[0] > last or corners[2] < self.first:
                continue
            if any(corners[1] <= at <= corners[3] for at in self._used()):
                self.say("hard", f"合并单元格 {text}", "取消合并，逐格填写", (corners[0], corners[1]))
        filled = {place for place in self.page.cells if place[0] in self.rows and place[1] in self.columns}
        for number in sorted({row for row, _ in filled} & self.page.hidden_rows):
            self.say(
                "hard", f"第{number}行被隐藏但有数据", "取消隐藏或筛选，核对后再传", (number, 0), self.rows[number]
            )
        for at in sorted(at for at in {at for _, at in filled} if self.page.is_column_hidden(at)):
            rule = f"{column_letter(at)}列被隐藏但有数据"
            self.say("hard", rule, "取消隐藏，核对后再传", (0, at), None, self.columns[at])

    def _used(self) -> set[int]:
        return {self.area_column, *self.columns} | ({self.name_column} if self.name_column else set())

    def read_cells(self) -> None:
        """Every cell of the data in reading order; plain whole numbers, nearly all of them, by the short way."""
        plain = {at for at, column in self.columns.items() if takes_any_count(column)}
        known: dict[str, Cell] = {}
        found = [one for one in self.page.cells.items() if one[0][0] in self.rows and one[0][1] in self.columns]
        for place, raw in sorted(found):
            row, column = self.rows[place[0]], self.columns[place[1]]
            ordinary = raw.kind == "number" and raw[2:] == _ORDINARY and place[1] in plain
            if ordinary and is_short_count(raw.text) and is_entered(row, column):
                self._read_plain(place[0], raw.text, CellKey(row.area, column.item, column.category), known)
            else:
                self._read(place, raw, row, column)

    def _read_plain(self, number: int, text: str, key: CellKey, known: dict[str, Cell]) -> None:
        """What `_read` comes to for a plain whole number; `known` holds those of cells filled for the first time."""
        if number in self.repeated:
            return
        old = self.sheet.values.get(key)
        if old is not None:
            self.cells[key] = Cell(Decimal(text), "value", old.version)
            return
        cell = known.get(text)
        if cell is None:
            cell = known[text] = Cell(Decimal(text))
        self.cells[key] = cell

    def _read(self, place: tuple[int, int], raw: RawCell, row: Row, column: Column) -> None:
        key = CellKey(row.area, column.item, column.category)
        read = read_raw(raw, column)
        if isinstance(read, ReadValue) and not is_entered(row, column):
            read = NumberProblem("本级不填此项", "清空这一格", raw.text)
        if isinstance(read, ReadValue):
            read = self._looked_up(key, read, raw.text)
        if read is None:
            return
        if isinstance(read, NumberProblem):
            self.faulty.add(key)
            self.say("hard", read.rule, read.fix, place, row, column, read.shown)
            return
        if read.converted:
            self.converted.append((f"{column_letter(place[1])}{place[0]}", *read.converted))
        if raw.formula:
            self.say("info", "含公式，按当前显示值导入", "确认显示的数无误", place, row, column, raw.text)
        if place[0] not in self.repeated:
            old = self.sheet.values.get(key)
            self.cells[key] = Cell(read.value, read.state, old.version if old else 0)

    def _looked_up(self, key: CellKey, read: ReadValue, text: str) -> ReadValue | NumberProblem:
        """沿用 with last month's value; a carried cell that still says 沿用 stays as it is if last month is gone."""
        if read.state != "carried":
            return read
        before, old = self.sheet.previous.get(key), self.sheet.values.get(key)
        standing = old.value if old is not None and old.state == "carried" else None
        return carried_over(read, before.value if before else None, standing, text)

    def check_rules(self) -> None:
        """Balance rules and jumps over the entries as they would stand, in rows the workbook speaks of.

        A cell that could not be read counts as missing, so that it is not blamed twice.
        """
        standing: dict[CellKey, Cell] = {**self._standing(self.sheet.values), **self.cells}
        touched = {change.key.area for change in self.changes if change.kind != "same"}
        columns = {(column.item, column.category): at for at, column in self.columns.items()}
        rows = {row.area: number for number, row in reversed(self.rows.items())}
        for problem in check(self.sheet, standing):
            if problem.area not in touched:
                continue
            at = columns.get((problem.item, problem.category), 0)
            self.problems.append(
                replace(problem, sheet=self.page.name, row=rows.get(problem.area, 0), column=column_letter(at))
            )

    def _standing(self, values: Mapping[CellKey, Cell]) -> dict[CellKey, Cell]:
        return {CellKey(*key): cell for key, cell in values.items() if key not in self.faulty}

    @cached_property
    def changes(self) -> list[Change]:
        """What the cells, all read by now, would do to the entries."""
        changes = []
        for key, new in self.cells.items():
            old = self.sheet.values.get(key)
            same = old is not None and (old.value, old.state) == (new.value, new.state)
            changes.append(Change(key, old, new, "same" if same else "changed" if old else "new"))
        return changes

    def parsed(self) -> Parsed:
        ordered = sorted(self.problems, key=lambda problem: _SEVERITIES.index(problem.severity))
        kept = sorted(ordered[:MOST_PROBLEMS], key=_by_place)
        omitted = len(ordered) - len(kept)
        return Parsed(tuple(self.changes), tuple(kept), tuple(self.converted), omitted)


def _by_place(problem: Problem) -> tuple[int, int, int, str]:
    return _SEVERITIES.index(problem.severity), problem.row, len(problem.column), problem.column


def _spelled_out(cell: RawCell) -> str:
    """A number cell's text without an exponent, where it is one."""
    number = stored_number(cell.text)
    return cell.text.strip() if number is None else plain_number(number)


def read_raw(raw: RawCell, column: Column) -> ReadValue | NumberProblem | None:
    """The cell's meaning; what only a workbook can hold (errors, formulas, formats) is judged before the text."""
    noun = noun_of(column)
    if raw.kind == "error":
        return NumberProblem("公式出错", "改成数值，或填“不适用”", raw.text[:40])
    if not raw.cached:
        return NumberProblem(UNCOMPUTED, "改成数值；或在表格软件里重新计算并保存", "")
    if raw.kind == "boolean":
        return NumberProblem("逻辑值不是数字", "写阿拉伯数字，如 12", "TRUE" if raw.text == "1" else "FALSE")
    if raw.kind == "date" or (raw.kind == "number" and raw.dated):
        return NumberProblem("单元格是日期格式", f"把格式改成“常规”，填{noun}", raw.text[:40])
    if raw.kind == "number" and raw.percent:
        return NumberProblem("单元格是百分比格式", f"把格式改成“常规”，填{noun}，不填百分比", raw.text[:40])
    return read_cell(raw.text, column, from_number_cell=raw.kind == "number")
