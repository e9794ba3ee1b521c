"""How an old file is laid out: which rows are its headings, where place, item and month stand, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from indicators.entry.numbers import stored_number
from indicators.entry.oldfiles import words
from indicators.entry.oldfiles.grid import Grid
from indicators.entry.rawbook import RawCell, column_letter

MonthFrom = Literal["one", "headings", "column"]
HEADINGS_WITHIN = 40
SAMPLE = 40


@dataclass(frozen=True)
class Layout:
    """What a person said of one worksheet. Columns from 1, 0 where there is none."""

    sheet: str
    head_first: int
    head_last: int
    place_column: int = 0
    place: str = ""  # code of the one place of the whole sheet, where no column names it
    town_column: int = 0
    town: str = ""  # code of the one town all places lie in, where no column names it
    item_column: int = 0  # 0: the headings name the items
    value_column: int = 0  # with items in a column and no month in the headings: the one that is read
    month_from: MonthFrom = "one"
    month_column: int = 0
    month: int | None = None
    year: int | None = None
    left_out: tuple[int, ...] = ()

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def restored(cls, found: dict[str, Any]) -> Layout:
        return cls(**found | {"left_out": tuple(found["left_out"])})

    @property
    def named(self) -> frozenset[int]:
        """The columns that say what a figure is of, and hold none."""
        found = (self.place_column, self.town_column, self.item_column)
        return frozenset(found) | ({self.month_column} if self.month_from == "column" else set())


@dataclass(frozen=True)
class Heading:
    """What stands over a column: all its texts, the same without the month, the month, and the unit."""

    column: int
    text: str
    key: str
    month: int | None
    unit: str
    hidden: bool


@dataclass(frozen=True)
class LeftOut:
    """A row proposed to be left out, with why."""

    row: int
    why: str
    text: str


@dataclass
class Guess:
    """A layout as it looks, for a person to mend, and the rows it would leave out."""

    layout: Layout
    left_out: list[LeftOut] = field(default_factory=list)


def is_figure(cell: RawCell | None) -> bool:
    """Does a number stand there, typed as one or as text?"""
    if cell is None or cell.dated:
        return False
    return cell.kind == "number" or stored_number(words.tidy(cell.text).replace(",", "")) is not None


def _means_figure(text: str) -> bool:
    """A figure, or meant to be one: '估30', '约5', '12%', '不适用'. Such a row is read, and refused by its cell."""
    return any(character.isdigit() for character in text) or words.tidy(text) in ("不适用", "沿用上月", "沿用")


def headings(grid: Grid, layout: Layout) -> list[Heading]:
    """The headings of the columns that may hold figures, from left to right."""
    common, below = _unit_above(grid, layout.head_first), grid.columns_below(layout.head_last)
    found = []
    for column in range(1, grid.columns + 1):
        if column in layout.named or (layout.value_column and column != layout.value_column):
            continue
        texts = texts_over(grid, layout.head_first, layout.head_last, column)
        unit = next((unit for text in reversed(texts) if (unit := words.unit_in(text))), common)
        texts = [text for text in texts if words.tidy(text) != unit]
        month, key = (None, " ".join(texts))
        if layout.month_from == "headings":
            month, key = words.month_in(key, layout.year)
        if texts or column in below:
            hidden = grid.sheet.is_column_hidden(column)
            key = "" if layout.item_column else key.strip()
            found.append(Heading(column, " ".join(texts), key, month, unit, hidden))
    return found if layout.month_from == "headings" or layout.item_column else _told_apart(found)


def _told_apart(found: list[Heading]) -> list[Heading]:
    """Headings that read the same, each with its column."""
    again = Counter(one.key for one in found)
    return [
        replace(one, key=f"{one.key} {column_letter(one.column)}列".strip()) if again[one.key] > 1 else one
        for one in found
    ]


def texts_over(grid: Grid, first: int, last: int, column: int) -> list[str]:
    """The texts over a column from top to bottom, each once; a row that numbers the columns (栏次) is none."""
    texts = [grid.text(row, column) for row in range(first, last + 1) if not _numbers_columns(grid, row)]
    return list(dict.fromkeys(text for text in texts if text))


def _unit_above(grid: Grid, first: int) -> str:
    """The unit told for the whole sheet, as '单位：万元' above its headings."""
    for row in range(1, first):
        for text in grid.filled(row).values():
            if "单位" in text and (unit := words.unit_in(text)):
                return unit
    return ""


def rows(grid: Grid, layout: Layout) -> Iterator[int]:
    """The rows that are read."""
    skipped = set(layout.left_out)
    return (row for row in range(layout.head_last + 1, grid.rows + 1) if row not in skipped)


def guess(grid: Grid, known: Callable[[str], bool], *, year: int | None = None) -> Guess:
    """How the sheet looks. `known` says whether a text is the name of a place."""
    first, last = _heading_rows(grid)
    told = " ".join([grid.sheet.name, *(text for row in range(1, first) for text in grid.filled(row).values())])
    year = words.year_in(told) or year
    body = range(last + 1, min(grid.rows, last + SAMPLE) + 1)
    place = _best(grid, body, lambda cell: known(cell.text))
    months = _best(grid, body, lambda cell: not is_figure(cell) and words.month_of_cell(cell, year) is not None)
    over = Counter(
        words.names_month(" ".join(texts_over(grid, first, last, column))) for column in range(1, grid.columns + 1)
    )
    in_headings = over[True] >= 2
    month = words.month_in(told, year)[0]
    how: MonthFrom = "headings" if in_headings else "column" if months and months != place else "one"
    town = _best(grid, body, lambda cell: known(cell.text), but={place}) if place else 0
    items = 0 if place or not in_headings else _best(grid, body, lambda cell: not is_figure(cell))
    found = Layout(
        sheet=grid.sheet.name, head_first=first, head_last=last, place_column=max(place, town), item_column=items,
        town_column=min(place, town) if town else 0, month_from=how, month_column=months if how == "column" else 0,
        month=month if how == "one" else None, year=year,
    )  # fmt: skip
    return Guess(found, list(left_out(grid, found)))


def left_out(grid: Grid, layout: Layout) -> Iterator[LeftOut]:
    """The rows below the headings that look like no figures of a place: totals, remarks, hidden rows, texts alone."""
    for row in range(layout.head_last + 1, grid.rows + 1):
        filled = grid.filled(row)
        if not filled:
            continue
        texts = list(filled.values())
        why = words.why_left_out(texts)
        if row in grid.sheet.hidden_rows:
            why = "隐藏行"
        elif not why and not any(_means_figure(text) for column, text in filled.items() if column not in layout.named):
            why = "没有数"
        elif not why and _numbers_columns(grid, row):
            why = "栏次"
        if why:
            yield LeftOut(row, why, " ".join(texts)[:40])


def _heading_rows(grid: Grid) -> tuple[int, int]:
    """The rows directly above the first row of figures that have more than one text in them."""
    last = min(grid.rows, HEADINGS_WITHIN)
    data = next((row for row in range(1, last + 1) if _is_data(grid, row)), 2)
    top = data
    while top > 1 and _may_head(list(grid.filled(top - 1).values())):
        top -= 1
    return (min(top, data - 1) or 1, max(data - 1, 1))


def _may_head(texts: list[str]) -> bool:
    """A title stands alone in its row; '填报单位：…' and '单位：人' speak of the whole sheet."""
    return len(texts) > 1 and not all("：" in text or ":" in text for text in texts)


def _is_data(grid: Grid, row: int) -> bool:
    cells = [cell for column in grid.filled(row) if (cell := grid.own(row, column))]
    figures = sum(is_figure(cell) for cell in cells)
    return figures >= 1 and 2 * figures >= len(cells) - 1 and not _numbers_columns(grid, row)


def _numbers_columns(grid: Grid, row: int) -> bool:
    """Is it a row that numbers the columns (栏次): 甲 乙 1 2 3?"""
    texts = [words.tidy(text) for text in grid.filled(row).values()]
    numbers = [int(text) for text in texts if text.isdecimal() and text.isascii() and len(text) < 4]
    others = [text for text in texts if not text.isdecimal() and text not in "甲乙丙丁栏次序号"]
    return not others and len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and (
        numbers[0] == 1
    )  # fmt: skip


def _best(grid: Grid, body: range, fits: Callable[[RawCell], bool], but: Collection[int] = ()) -> int:
    """The column of which most cells fit, if it is a good third of those filled; 0 for none."""
    found: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    for row in body:
        for column in range(1, grid.columns + 1):
            cell = grid.cell(row, column)
            if cell is not None and column not in but:
                filled[column] += 1
                found[column] += fits(cell)
    column, count = max(found.items(), key=lambda one: (one[1], -one[0]), default=(0, 0))
    return column if count and 3 * count >= filled[column] else 0
