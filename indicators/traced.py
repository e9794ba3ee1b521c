"""What a value is made of, as plain data: the items of its formula, the months added, the places that reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bureau.places import Place
from indicators.analysis.formula import Ref
from indicators.analysis.kinds import ItemKind
from indicators.definitions import Item
from indicators.models import Adjustment
from indicators.spans import Span


@dataclass(frozen=True)
class Asked:
    """A data item as it is asked for: by which form at which level."""

    item: Item
    name: str
    name_en: str
    unit: str
    category_names: Mapping[int, tuple[str, str]]  # id → code, name
    forms: Mapping[str, tuple[str, int]]  # level → form code, section id


@dataclass(frozen=True)
class Other:
    """A parameter (since a day) or a project or task (done in a month, or not); the value in ten-thousandths."""

    code: str
    name: str
    unit: str
    units: int | None
    since: date | int | None


@dataclass(frozen=True)
class Month:
    """One month that is added: its total there, None where nobody reported or it was never released."""

    sign: int
    month: int
    units: int | None
    reported: int
    expected: int
    released: bool


@dataclass(frozen=True)
class Figured:
    """An approved figure of one place: each category with (units, state), and the submissions it came in."""

    cells: Mapping[int, tuple[int | None, int]]
    submission: int


@dataclass(frozen=True)
class Below:
    """A place that makes part of the month's total. `units` None: nothing reported, or not told (`told` False)."""

    place: Place
    own: bool  # the area's own figure, not that of a place below it
    units: int | None
    reported: int
    expected: int
    told: bool
    figure: Figured | None = None
    may_read: bool = False


@dataclass(frozen=True)
class Source:
    """An item as the formula names it, over its window in the area."""

    ref: Ref
    asked: Asked
    summed: bool  # inside months( )
    months: Sequence[Month]
    spans: Sequence[tuple[Span, bool]]  # the total of a span, and whether this window counts it
    below: Sequence[Below]
    absent: Sequence[Place]
    adjustments: Sequence[Adjustment] = field(default_factory=tuple)

    @property
    def now(self) -> Month | None:
        """The month asked for itself, where it is among those added."""
        return self.months[-1] if self.months else None

    @property
    def units(self) -> int | None:
        """The value over the window; None where a month of it is not told, or nothing is there."""
        if not all(one.released for one in self.months):
            return None
        counted = [span.units for span, counts in self.spans if counts]
        known = [one.sign * one.units for one in self.months if one.units is not None]
        if self.asked.item.kind == ItemKind.YTD and len(known) < len(self.months):
            return None  # a difference lacks one of its months
        if not known and not counted:
            return None
        return sum(known) + sum(counted)


def units_of(figure: Figured | None, item: Item, category: int) -> int | None:
    """A place's figure of one category; of the whole (0) of a broken-down item: where all categories are there."""
    if figure is None:
        return None
    if category or not item.categories:
        return figure.cells.get(category, (None,))[0]
    whole = item.categories.values()
    if not all(one in figure.cells for one in whole):
        return None
    return sum(figure.cells[one][0] or 0 for one in whole)


def asked_of(rows: Sequence[tuple]) -> Asked:
    """An item of its rows, one for each level and category."""
    pk, code, name, name_en, unit, kind, automatic, counted = rows[0][:8]
    forms = {row[8]: (row[9], row[10]) for row in rows if row[8]}
    categories = {row[11]: (row[12], row[13]) for row in rows if row[11]}
    levels = frozenset(counted) if automatic else frozenset(forms)
    item = Item(pk, code, ItemKind(kind), levels, automatic, {one[0]: at for at, one in categories.items()})
    return Asked(item, name, name_en, unit, categories, forms)
