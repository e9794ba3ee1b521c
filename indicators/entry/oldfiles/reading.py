"""The rows of an old file as lines of a long form (长表), each knowing where in the original its figure stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bureau import months
from indicators.entry.layout import CellState, Column, Problem, plain_number
from indicators.entry.longform import Line, Table
from indicators.entry.numbers import ReadValue, read_cell, stored_number
from indicators.entry.oldfiles import words
from indicators.entry.oldfiles.grid import Grid
from indicators.entry.oldfiles.layout import Heading, Layout, headings, rows
from indicators.entry.oldfiles.matching import Choice, Gazetteer
from indicators.entry.rawbook import RawCell, column_letter

MOST_VALUES = 20_000
LEAVE_OUT = "-"
Names = Mapping[tuple[str, str], str]
"""(name as written, parent's code or '') → code of the place, or LEAVE_OUT."""
_STATES: dict[CellState, str] = {"value": "", "estimate": "估", "carried": "沿"}
_WIDE = Column("", "", "", decimals=4, minimum=None)


@dataclass(frozen=True)
class Origin:
    """Where a line comes from: its row, and the columns of its figure, its place and its month."""

    row: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class LocatedTable(Table):
    """A long form whose lines stand elsewhere: in the cells of an old file."""

    origins: Mapping[int, Origin] = field(default_factory=dict)

    def at(self, line: Line, of: str) -> tuple[int, str]:
        origin = self.origins[line.number]
        return origin.row, column_letter(origin.columns[of])

    def told(self, line: Line) -> str:
        row, column = self.at(line, "value")
        return f"单元格{column}{row}"


@dataclass(frozen=True)
class Placed:
    """A row that is read: its place as written, the town it lies in, and what that was taken for."""

    row: int
    name: str
    parent: str
    code: str


@dataclass
class Reading:
    """A whole sheet: the long form, what cannot be read at all, what was converted by a factor."""

    table: LocatedTable
    problems: list[Problem] = field(default_factory=list)
    converted: list[tuple[str, str, str]] = field(default_factory=list)


def placed_rows(grid: Grid, layout: Layout, gazetteer: Gazetteer, names: Names) -> Iterator[Placed]:
    """Every row that is read, with its place: '' where nobody has said yet which it is.

    The town is that of its own column or the one of the whole sheet; of two places of one name, it is the one in the
    town last named above them.
    """
    above, towns = "", {one.code for one in gazetteer.places if one.level == "town"}
    for row in rows(grid, layout):
        if not grid.has_own(row, layout.named):
            continue
        if not layout.place_column:
            yield Placed(row, "", "", layout.place)
            continue
        parent = layout.town or _town(grid, layout, gazetteer, names, row)
        name = grid.text(row, layout.place_column)
        code = code_of(name, parent, gazetteer, names)
        if not code and not parent and above and len(gazetteer.resolve(name)) > 1:
            code = code_of(name, above, gazetteer, names)
        above = code if code in towns else above
        yield Placed(row, name, parent, code)


def _town(grid: Grid, layout: Layout, gazetteer: Gazetteer, names: Names, row: int) -> str:
    if not layout.town_column:
        return ""
    code = code_of(grid.text(row, layout.town_column), "", gazetteer, names)
    return "" if code == LEAVE_OUT else code


def code_of(name: str, parent: str, gazetteer: Gazetteer, names: Names) -> str:
    """What the person said of the name, else what it is by itself; '' where that is open."""
    if not name:
        return ""
    said = names.get((words.tidy(name), parent)) or names.get((words.tidy(name), ""))
    if said:
        return said
    found = gazetteer.resolve(name, parent)
    return found[0] if len(found) == 1 else ""


def read(
    grid: Grid, layout: Layout, choices: Mapping[str, Choice], gazetteer: Gazetteer, names: Names,
    columns: Mapping[str, Column],
) -> Reading:  # fmt: skip
    """The figures of the chosen columns in the rows that are read."""
    return _Reading(grid, layout, choices, columns).read(placed_rows(grid, layout, gazetteer, names))


class _Reading:
    def __init__(
        self, grid: Grid, layout: Layout, choices: Mapping[str, Choice], columns: Mapping[str, Column]
    ) -> None:
        self.grid, self.layout, self.choices, self.columns = grid, layout, choices, columns
        self.heads = headings(grid, layout)
        self.lines: list[Line] = []
        self.origins: dict[int, Origin] = {}
        self.result = Reading(LocatedTable({}, ()))

    def say(self, row: int, column: int, rule: str, fix: str, value: str = "", name: str = "") -> None:
        self.result.problems.append(
            Problem(
                "hard", rule, fix, sheet=self.grid.sheet.name, row=row, column=column_letter(column),
                area_name=name[:20], value=value[:40],
            )
        )  # fmt: skip

    def read(self, found: Iterator[Placed]) -> Reading:
        for placed in found:
            if placed.code != LEAVE_OUT:
                self._row(placed)
        fields = dict.fromkeys(("area", "item", "category", "month", "value"), 1)
        self.result.table = LocatedTable(fields, tuple(self.lines), self.grid.sheet.name, self.origins)
        return self.result

    def _row(self, placed: Placed) -> None:
        row = placed.row
        cells = [(head, choice, cell) for head, choice in self._wanted(row) if (cell := self._cell(row, head))]
        if not cells:
            return
        if not placed.code:
            rule = f"不知道“{placed.name[:20]}”是哪里" if placed.name else "这一行有数，没有地方名称"
            self.say(row, self.layout.place_column, rule, "回到“对地方”选定，或把这一行列为不读的行", placed.name)
            return
        month = self._month_of(row)
        for head, choice, cell in cells:
            at = head.month if self.layout.month_from == "headings" else month
            if at is None:
                column = self.layout.month_column if self.layout.month_from == "column" else head.column
                self.say(row, column, "看不出是哪个月", "写成 2016年3月，或把这一行列为不读的行",
                         self.grid.text(row, column), placed.name)  # fmt: skip
                return
            self._line(placed, head, choice, cell, at)

    def _wanted(self, row: int) -> Iterator[tuple[Heading, Choice]]:
        """The columns that are read in a row, each with what it holds there."""
        key = words.tidy(self.grid.text(row, self.layout.item_column)) if self.layout.item_column else ""
        for head in self.heads:
            if self.layout.month_from == "headings" and head.month is None:
                continue
            choice = self.choices.get(key if self.layout.item_column else words.tidy(head.key))
            if choice is not None and choice.code:
                yield head, choice

    def _cell(self, row: int, head: Heading) -> RawCell | None:
        """The figure in its own cell; one written over several cells is nobody's."""
        cell = self.grid.own(row, head.column)
        if cell is not None and self.grid.is_joined(row, head.column):
            self.say(row, head.column, "数在合并单元格里，不知道属于哪一格", "取消合并，逐格填写", cell.text)
            return None
        return cell

    def _month_of(self, row: int) -> int | None:
        layout = self.layout
        if layout.month_from == "one":
            return layout.month
        cell = self.grid.cell(row, layout.month_column) if layout.month_from == "column" else None
        return words.month_of_cell(cell, layout.year) if cell else None

    def _line(self, placed: Placed, head: Heading, choice: Choice, cell: RawCell, month: int) -> None:
        column = self.columns[choice.code]
        value = scaled(cell, choice.factor)
        number = len(self.lines) + 1
        if value is not cell:
            address = f"{column_letter(head.column)}{placed.row}"
            self.result.converted.append((address, f"{cell.text[:40]} × {choice.factor:f}", value.text))
        at = dict.fromkeys(("item", "category", "value"), head.column)
        at["area"] = self.layout.place_column or head.column
        at["month"] = self.layout.month_column if self.layout.month_from == "column" else head.column
        self.origins[number] = Origin(placed.row, at)
        self.lines.append(Line(number, placed.code, column.item, column.category, months.iso(month), value))


def scaled(cell: RawCell, factor: Decimal) -> RawCell:
    """The figure times a factor, exact, what else is said with it (估) kept; what is no figure as it stands."""
    if factor == 1 or cell.dated or cell.percent or not cell.cached:
        return cell
    if cell.kind == "number":
        number = stored_number(cell.text)
        return cell if number is None else RawCell("text", plain_number(number * factor))
    if cell.kind != "text":
        return cell
    found = read_cell(cell.text, _WIDE)
    if not isinstance(found, ReadValue) or found.value is None or found.state not in _STATES:
        return cell
    return RawCell("text", _STATES[found.state] + plain_number(found.value * factor))


def open_names(grid: Grid, layout: Layout, gazetteer: Gazetteer, names: Names) -> dict[tuple[str, str], list[int]]:
    """(name as written, town's code or '') → its rows, of every name nobody has placed yet; towns of a column first."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    if not layout.place_column:
        return found
    for row in rows(grid, layout):
        town = grid.text(row, layout.town_column) if layout.town_column else ""
        if town and not code_of(town, "", gazetteer, names):
            found[words.tidy(town), ""].append(row)
    for placed in placed_rows(grid, layout, gazetteer, names):
        if placed.name and not placed.code:
            found[words.tidy(placed.name), placed.parent].append(placed.row)
    return found


def item_keys(grid: Grid, layout: Layout) -> dict[str, tuple[str, str, str, bool]]:
    """Key → (as it is shown, unit, first figure, hidden), for every heading, or every text of the item column."""
    found: dict[str, tuple[str, str, str, bool]] = {}
    heads = [head for head in headings(grid, layout) if layout.month_from != "headings" or head.month is not None]
    body = list(rows(grid, layout))
    if layout.item_column:
        for row in body:
            text = grid.text(row, layout.item_column)
            first = next((grid.text(row, head.column) for head in heads if grid.own(row, head.column)), "")
            if text and first:
                unit = words.unit_in(text) or next((head.unit for head in heads if head.unit), "")
                found.setdefault(words.tidy(text), (text, unit, first, False))
        return found
    for head in heads:
        first = next((grid.text(row, head.column) for row in body if grid.own(row, head.column)), "")
        found.setdefault(words.tidy(head.key), (head.key, head.unit, first, head.hidden))
    return found
