"""What a clerk sees for one form, place and month, as plain frozen values that template, parser and checks share.

Nothing here reads or writes the database: the integrator builds a `Sheet` and stores what `parse` hands back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from bureau import months

CellState = Literal["value", "na", "estimate", "carried"]
Severity = Literal["hard", "soft", "info"]
ChangeKind = Literal["new", "changed", "same"]


class CellKey(NamedTuple):
    """Which cell of the month: area code, item code (D01) and category code, "" where the item has no breakdown."""

    area: str
    item: str
    category: str = ""


@dataclass(frozen=True)
class Column:
    """One column to fill: a data item (填报项), or one category (分组) of it."""

    item: str
    name: str
    unit: str
    category: str = ""
    category_name: str = ""
    decimals: int = 0
    kind: str = "flow"  # ItemKind: flow, stock or ytd
    definition: str = ""
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None
    levels: frozenset[str] = frozenset()  # the levels of the rows at which the item is entered
    title_en: str = ""  # for pages read in English; sentences and workbooks are Chinese

    @property
    def code(self) -> str:
        """'D31[active]', or 'D01' without a breakdown: how rules and the template's hidden row name the column."""
        return f"{self.item}[{self.category}]" if self.category else self.item

    @property
    def title(self) -> str:
        """The item's name with its category, as headings and messages print it."""
        return f"{self.name}（{self.category_name or self.category}）" if self.category else self.name


@dataclass(frozen=True)
class Row:
    """One place to fill: its 6-, 9- or 12-digit code, its name and its level."""

    area: str
    name: str
    level: str


@dataclass(frozen=True)
class Cell:
    """An entry: 有值, 不适用, 暂估 or 沿用上月, and what was said of it. A cell never filled (未填) has no Cell.

    `adjustment` is what the reviewers added to the value (审核调整), 0 for nothing; the value stays as typed.
    """

    value: Decimal | None
    state: CellState = "value"
    version: int = 0
    note: str = ""
    adjustment: Decimal = Decimal(0)


@dataclass(frozen=True)
class BalanceRule:
    """A balance formula (平衡公式) over one row, as 'D23 <= D22', and the clause or table note it comes from."""

    code: str
    text: str
    basis: str = ""


@dataclass(frozen=True)
class SoftRule:
    """What is asked about (请核实) when it is unusual for its own cell; soft.py says how each number is used.

    `kind` month and year: a jump of the items in `text` ('flow stock', 'D01 D02') against last month, against the same
    month last year; share: the share in `text` ('D23 / D22'). `basis` is the definition it rests on.
    """

    code: str
    kind: Literal["month", "year", "share"]
    text: str
    basis: str = ""
    minimum: Decimal = Decimal(30)  # smaller figures (a share's whole) are not asked about
    least: Decimal = Decimal(20)  # nor is a smaller change: per cent, points for a share
    deviations: Decimal = Decimal("3.5")  # how many robust standard deviations from the middle are usual
    history: int = 6  # with fewer past changes the factor decides
    factor: Decimal | None = Decimal(10)
    low: Decimal | None = None  # limits of a share in per cent, instead of its history
    high: Decimal | None = None


Series = Mapping[int, Decimal]
"""Month → approved value."""
Past = Callable[[Collection[CellKey]], Mapping[CellKey, Series]]
"""Gives the approved values of these cells over the months before; asked only of what left its last value."""


def no_past(_keys: Collection[CellKey]) -> Mapping[CellKey, Series]:
    """The past of a sheet that has none."""
    return {}


@dataclass(frozen=True)
class Sheet:
    """One form × place × month with its present entries, last month's figures and last year's, all by CellKey.

    `month_areas` maps the code of every area of the county valid in the month to its name.
    """

    form_code: str
    form_number: str
    form_name: str
    place_code: str
    place_name: str
    month: int
    version: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    values: Mapping[CellKey, Cell] = field(default_factory=dict)
    previous: Mapping[CellKey, Cell] = field(default_factory=dict)
    last_year: Mapping[CellKey, Cell] = field(default_factory=dict)
    past: Past = no_past
    rules: tuple[BalanceRule, ...] = ()
    soft_rules: tuple[SoftRule, ...] = ()
    month_areas: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """'百步镇 2016年3月': what the sheet is called in messages."""
        return f"{self.place_name} {months.label(self.month)}"


@dataclass(frozen=True)
class Problem:
    """One finding, with where it stands in the workbook (row 0 and column "" in the web sheet) and what to do."""

    severity: Severity
    rule: str
    fix: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    area: str = ""
    area_name: str = ""
    item: str = ""
    item_name: str = ""
    value: str = ""
    category: str = ""
    code: str = ""  # of the rule, where it has one

    @property
    def cell(self) -> CellKey:
        """The cell it speaks of."""
        return CellKey(self.area, self.item, self.category)

    @property
    def place(self) -> str:
        """'第12行C列“城镇新增就业人数”', or the area's and item's names where there is no workbook."""
        if not self.row:
            return f"{self.area_name}“{self.item_name}”" if self.item_name else self.area_name
        column = f"{self.column}列" if self.column else ""
        return f"第{self.row}行{column}" + (f"“{self.item_name}”" if self.item_name else "")


@dataclass(frozen=True)
class Change:
    """What the workbook would do to one cell: fill it for the first time, change it, or leave it the same."""

    key: CellKey
    old: Cell | None
    new: Cell
    kind: ChangeKind


@dataclass(frozen=True)
class Parsed:
    """A workbook read whole: a difference to confirm, and every problem (hard ones first come through the cap).

    `converted` lists (cell address, as written, as read) where full-width digits or blanks were tidied;
    `omitted` counts the problems beyond the cap. Nothing may be stored unless `acceptable`.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    converted: tuple[tuple[str, str, str], ...] = ()
    omitted: int = 0

    @property
    def acceptable(self) -> bool:
        """True when no hard problem stands against storing the changes."""
        return not any(problem.severity == "hard" for problem in self.problems)


def is_entered(row: Row, column: Column) -> bool:
    """True where the column is filled at the row's level; elsewhere the cell is hatched (本级不填)."""
    return row.level in column.levels


def plain_number(value: Decimal) -> str:
    """'1234.5': no exponent, no separators, no trailing zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def grouped_number(value: Decimal) -> str:
    """'1,234.5': as messages print it."""
    whole, _, fraction = plain_number(value).partition(".")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "") if value >= 0 else "−" + grouped_number(-value)


def adjusted_text(typed: Decimal | None, adjustment: Decimal) -> str:
    """'96 − 10 = 86': a typed value with what reviewers added to it (审核调整), both numbers."""
    if typed is None or not adjustment:
        return "" if typed is None else grouped_number(typed)
    sign = "+" if adjustment > 0 else "−"
    return f"{grouped_number(typed)} {sign} {grouped_number(abs(adjustment))} = {grouped_number(typed + adjustment)}"
