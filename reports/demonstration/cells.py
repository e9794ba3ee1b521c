"""What the series are made of: one typed cell, keyed by area code, item code and category code."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

Key = tuple[str, str, str]


class Cell(NamedTuple):
    """A typed value, or None with the state 'na' (不适用); states as indicators/entry/layout.py names them."""

    value: Decimal | None
    state: str = "value"


NOT_APPLICABLE = Cell(None, "na")
Month = dict[Key, Cell]


def whole(number: int) -> Cell:
    return Cell(Decimal(number))


def hundredths(number: int) -> Cell:
    """A value with two decimals, given in hundredths."""
    return Cell(Decimal(number).scaleb(-2))


def put(month: Month, area: str, figures: dict[str, int]) -> None:
    """Write whole numbers of one area; the names are items, or items with a category: 'D32[paying]'."""
    for name, number in figures.items():
        item, _, category = name.rstrip("]").partition("[")
        month[area, item, category] = whole(number)


def number(month: Month, area: str, item: str, category: str = "") -> int:
    """The whole number in a cell; KeyError where there is none."""
    return int(month[area, item, category].value or 0)
