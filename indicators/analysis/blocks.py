"""Totals of whole spans (补录合计) in windows: a block of a flow counts where a window contains it, or not at all.

Arrays as in `windows`; which block belongs to which area and what places it stands for was decided before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np


class Block(NamedTuple):
    """A total over the columns `first` to `last` of one row; `places`: for each of them, the bits it stands for."""

    row: int
    first: int
    last: int
    units: int
    places: tuple[int, ...]


def count(
    blocks: Sequence[Block],
    units: np.ndarray,
    has: np.ndarray,
    missing: np.ndarray,
    by_month: np.ndarray,
    starts: np.ndarray,
    unite: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Units, presence and missing of windows with these blocks counted in.

    `by_month` holds who is missing in each single month, `starts` the first column of each column's window (−1: none),
    `unite` unites such bits over the windows. A window that cuts a block holds nothing of it: its places stay missing.
    """
    units, has, missing = units.astype(object), has.copy(), missing.copy()
    columns = np.arange(len(starts))
    for row in sorted({block.row for block in blocks}):
        own = [block for block in blocks if block.row == row]
        within = np.array([(starts >= 0) & (starts <= one.first) & (one.last <= columns) for one in own])
        for block, where in zip(own, within, strict=True):
            units[row, where] += block.units
        has[row] |= within.any(axis=0)
        for pattern in np.unique(within[:, within.any(axis=0)], axis=1).T:
            there = [block for block, counts in zip(own, pattern, strict=True) if counts]
            where = (pattern == within.T).all(axis=1)
            missing[row, where] = unite(_without(by_month[row], there), starts)[0, where]
    return units, has, missing


def _without(by_month: np.ndarray, blocks: Sequence[Block]) -> np.ndarray:
    """Who is missing in each month once these blocks stand for their places; one row."""
    left = by_month.astype(object)
    for block in blocks:
        for column, places in enumerate(block.places, start=block.first):
            left[column] &= ~places
    return left[None, :]


def ends(blocks: Sequence[Block], shape: tuple[int, int]) -> np.ndarray:
    """bool: a block ends there, so that the month has something to show."""
    found = np.zeros(shape, dtype=bool)
    for block in blocks:
        found[block.row, block.last] = True
    return found
