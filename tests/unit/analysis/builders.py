"""Short ways to write a series and a panel by hand in these tests."""

from __future__ import annotations

import numpy as np

from indicators.analysis.formula import Ref
from indicators.analysis.kinds import ItemKind
from indicators.analysis.panel import Panel
from indicators.analysis.windows import ItemSeries

JANUARY_2015 = 2015 * 12
UNITS = 10_000


def series(kind: ItemKind, rows, missing=None, expected=None, entered: bool = True) -> ItemSeries:
    """A series from rows of whole numbers, None for a blank; by default one place, missing where the cell is blank."""
    blank = [[cell is None for cell in row] for row in rows]
    missing = missing if missing is not None else [[int(cell) for cell in row] for row in blank]
    expected = expected if expected is not None else [[1] * len(row) for row in rows]
    return ItemSeries(
        kind=kind,
        total=np.array([[0 if cell is None else cell * UNITS for cell in row] for row in rows], dtype=np.int64),
        present=~np.array(blank, dtype=bool),
        missing=np.array(missing, dtype=object),
        expected=np.array(expected, dtype=object),
        entered=entered,
    )


def flow(*row, **more) -> ItemSeries:
    return series(ItemKind.FLOW, [row], **more)


def stock(*row, **more) -> ItemSeries:
    return series(ItemKind.STOCK, [row], **more)


def ytd(*row, **more) -> ItemSeries:
    return series(ItemKind.YTD, [row], **more)


def panel(parameters=None, first_month: int = JANUARY_2015, plan_start: int = JANUARY_2015, **items) -> Panel:
    """A panel from items named as in formulas: panel(D01=flow(1, 2))."""
    areas, months = next(iter(items.values())).total.shape
    named = {Ref(code): item for code, item in items.items()}
    return Panel(tuple(range(1, areas + 1)), first_month, months, plan_start, named, parameters or {})
