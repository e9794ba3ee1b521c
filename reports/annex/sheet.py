"""What a sheet of the data annex holds, as plain frozen data: heads, typed cells, notes, charts over its own cells.

Filled from a release by the modules beside this one, written by `book`. Knows no models, no queries, no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reports.documents import cells


@dataclass(frozen=True)
class Number:
    """A number shown at so many decimals; None stays an empty cell, never a zero."""

    value: Decimal | int | None
    places: int = 0


@dataclass(frozen=True)
class Ratio:
    """A live ratio of two cells of its row, `above` and `below` by column; it shows `printed`.

    Made by `ratio_or_number`, which only makes one where the formula gives back what was printed.
    """

    printed: Decimal
    places: int
    scale: int
    above: int
    below: int


Cell = str | Number | Ratio | date | None


@dataclass(frozen=True)
class Column:
    """A column's head and its width in characters (a Hanzi is two)."""

    head: str
    width: float = 10


@dataclass(frozen=True)
class Run:
    """Cells in one line of the table: from (row, column) to (row, column), counted from the first row below the head.

    Row −1 is the head.
    """

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Series:
    """What one line or one colour of a chart draws: its name, its values and what they stand over."""

    name: str
    values: Run
    categories: Run
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart over cells of its sheet; `words` tell it to who does not see it (替代文本)."""

    title: str
    unit: str
    series: tuple[Series, ...]
    kind: str = "line"  # line, column, bar
    stacked: bool = False
    places: int = 0
    words: str = ""

    @property
    def count(self) -> int:
        """How many values a series has."""
        run = self.series[0].values
        return (run.last_row - run.row + 1) * (run.last_column - run.column + 1)


@dataclass(frozen=True)
class Sheet:
    """One sheet: `source` and `notes` stand above the head, charts below the rows."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: str = ""
    charts: Sequence[Chart] = ()
    frozen: int = 2  # columns that stay in view
    breaks: tuple[int, ...] = ()  # columns that begin a new page on paper
    source: str = ""  # where it is not the release's own line

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: a row of {len(row)} cells under {len(self.columns)} heads")

    def with_charts(self, *charts: Chart) -> Sheet:
        return replace(self, charts=(*self.charts, *charts))


@dataclass(frozen=True)
class Words:
    """A sheet of two columns, what and its words; the first line is the title."""

    name: str
    rows: Sequence[tuple[str, str]]


def number_as_printed(value: Decimal | None, text: str, decimals: int) -> Number:
    """A released value at as many decimals as the page printed: one near its target prints more than the usual ones."""
    printed = cells.printed_number(text)
    return Number(value, decimals if printed is None else cells.printed_places(text))


def part(value: Decimal | None) -> Number:
    """A numerator or denominator with the decimals it has, none for a count."""
    if value is None:
        return Number(None)
    text = f"{value:f}"
    return Number(value, len(text.partition(".")[2].rstrip("0")))


def ratio_or_number(
    value: Decimal | None,
    text: str,
    decimals: int,
    parts: tuple[Decimal | None, Decimal | None],
    scale: int | None,
    columns: tuple[int, int],
) -> Number | Ratio:
    """The live ratio where the formula over `columns` gives back the printed value, else the released number."""
    printed, (above, below) = cells.printed_number(text), parts
    if value is None or printed is None or scale is None or above is None or not below:
        return number_as_printed(value, text, decimals)
    places = cells.printed_places(text)
    exact = Fraction(above) / Fraction(below) * scale
    if cells.rounded(exact, places) != printed:
        return number_as_printed(value, text, decimals)
    return Ratio(printed, places, scale, *columns)
