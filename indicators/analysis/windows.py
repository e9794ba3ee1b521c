"""The time rules of data items: what a flow, a stock and a year-to-date item are worth over each window, with coverage.

Works on arrays of one item (areas × months of a panel) in ten-thousandths; the areas are already added up. Months
before the panel's first are taken to hold nothing. It does no division and knows no targets (catalogue 1.1, 1.5c (2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .blocks import Block, count
from .exact import Exact
from .kinds import ItemKind, State, Window

_INT64_ROOM = 2**62


class Calendar(NamedTuple):
    """The months of a panel: the first, how many, and the month in which the plan (试点) begins."""

    first_month: int
    months: int
    plan_start: int


@dataclass(frozen=True, slots=True, eq=False)
class ItemSeries:
    """One item (or one category of it) over areas × months.

    `total`: int64 ten-thousandths, `present`: bool, somebody below reported; `missing`, `expected`: object arrays of
    ints whose bits are the permanent numbers of places without and with a duty to report that month. `entered` is
    False for counts made by the system (auto), which carry no coverage and make no row exist.
    An area that never has the item expects and holds nothing in every month (本级不适用). `blocks`: totals of whole
    spans of a flow (补录合计), which `total` and `present` know nothing of.
    """

    kind: ItemKind
    total: np.ndarray
    present: np.ndarray
    missing: np.ndarray
    expected: np.ndarray
    entered: bool = True
    blocks: tuple[Block, ...] = ()

    @property
    def not_here(self) -> np.ndarray:
        """bool by area, shape (A, 1): the item does not exist at this area."""
        held = self.present.astype(bool).any(axis=1) | (self.expected != 0).astype(bool).any(axis=1)
        return ~held[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Windowed:
    """An item's value over the window ending in each month, and the places it wanted (bits) over the months it used."""

    value: Exact
    missing: np.ndarray
    expected: np.ndarray


def windowed(series: ItemSeries, window: Window, calendar: Calendar, months: bool = False) -> Windowed:
    """`series` over `window` for each month; with `months`, a stock is summed over the window's months (人月数).

    - flow: the month itself (MONTH, LEVEL), Σ from January (YEAR), from the plan's start (PLAN), of 12 months
      (TRAILING12).
    - stock: the as-of month's, whatever the window; never added, never carried forward.
    - ytd: as typed in the as-of month (LEVEL, YEAR); that less last month's, January as typed (MONTH); plus the
      Decembers of earlier plan years (PLAN); plus last December less the same month a year before (TRAILING12).

    NO_DATA where nothing is present in a flow's window or in the as-of month of a stock or year-to-date item, where a
    difference lacks one of its months, before the plan starts (PLAN) and before 12 months of it have passed
    (TRAILING12). Holes otherwise only show in `missing`, united over the months used. A block counts in the windows
    that contain all its months and in no other.
    """
    if series.kind == ItemKind.YTD:
        units, has, missing, expected = _ytd(series, window, calendar)
    elif series.kind == ItemKind.FLOW or months:
        units, has, missing, expected = _summed(series, window, calendar)
    else:
        units = np.where(series.present, series.total, 0)
        has, missing, expected = series.present, series.missing, series.expected
    has = has & _opened(window, calendar)
    why = np.where(has, State.OK, State.NO_DATA).astype(np.uint8)
    why = np.where(series.not_here, np.uint8(State.NOT_HERE), why)
    return Windowed(Exact.of_units(units, why), missing, expected)


def _opened(window: Window, calendar: Calendar) -> np.ndarray:
    """bool by month: the window lies within the plan (only PLAN and TRAILING12 can fail to)."""
    return _starts(window, calendar) >= 0


@lru_cache(maxsize=64)
def _starts(window: Window, calendar: Calendar) -> np.ndarray:
    """Column number of the window's first month for each month; −1 where there is no window yet."""
    columns = np.arange(calendar.months)
    month = calendar.first_month + columns
    if window == Window.YEAR:
        return np.maximum(columns - month % 12, 0)
    if window == Window.PLAN:
        return np.where(month >= calendar.plan_start, max(calendar.plan_start - calendar.first_month, 0), -1)
    if window == Window.TRAILING12:
        return np.where((columns >= 11) & (month - 11 >= calendar.plan_start), columns - 11, -1)
    return columns


def _summed(series: ItemSeries, window: Window, calendar: Calendar) -> tuple[np.ndarray, ...]:
    """Units, presence, missing and expected of a sum over the window's months."""
    starts = _starts(window, calendar)
    units = _span_sums(np.where(series.present, series.total, 0), starts)
    has = _span_sums(series.present.astype(np.int64), starts) > 0
    missing, expected = _span_bits(series.missing, starts), _span_bits(series.expected, starts)
    if series.blocks:
        units, has, missing = count(series.blocks, units, has, missing, series.missing, starts, _span_bits)
    return units, has, missing, expected


def _roomy(units: np.ndarray, terms: int) -> np.ndarray:
    """`units`, as Python ints where `terms` of them might not fit 64 bits (NumPy would wrap silently)."""
    if units.dtype == object or not units.size:
        return units
    most = max(int(units.max()), -int(units.min()))
    return units.astype(object) if most * terms >= _INT64_ROOM else units


def _span_sums(units: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Σ from column starts[j] to column j; 0 where starts[j] is −1."""
    running = np.cumsum(_roomy(units, units.shape[1]), axis=1)
    running = np.concatenate([np.zeros((units.shape[0], 1), dtype=running.dtype), running], axis=1)
    begins = np.where(starts < 0, np.arange(len(starts)) + 1, starts)
    return running[:, 1:] - running[:, begins]


def _span_bits(bits: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """OR from column starts[j] to column j; 0 where starts[j] is −1."""
    united = np.zeros(bits.shape, dtype=object)
    if not bits.any():
        return united
    for start in np.unique(starts[starts >= 0]):
        wanted = np.flatnonzero(starts == start)
        running = np.bitwise_or.accumulate(bits[:, start : wanted[-1] + 1].astype(object), axis=1)
        united[:, wanted] = running[:, wanted - start]
    return united


def added(
    kind: ItemKind, window: Window, calendar: Calendar, month: int, months: bool = False
) -> tuple[tuple[int, int], ...]:
    """(sign, month) of each month that is added for the window ending in `month`, in order; empty where none is open.

    What `windowed` does, told for one month: of a year-to-date item the months whose typed totals are set off.
    """
    column = month - calendar.first_month
    if not 0 <= column < calendar.months or _starts(window, calendar)[column] < 0:
        return ()
    if kind == ItemKind.YTD:
        found = [(one.sign, one.months[column]) for one in _ytd_terms(window, calendar)]
        return tuple(sorted(((sign, at) for sign, at in found if at is not None), key=lambda pair: pair[1]))
    if kind == ItemKind.FLOW or months:
        return tuple((1, at) for at in range(calendar.first_month + int(_starts(window, calendar)[column]), month + 1))
    return ((1, month),)


class _Term(NamedTuple):
    """One month's part in a year-to-date window: its sign, the month for each column (or none), whether it must be."""

    sign: int
    months: tuple[int | None, ...]
    required: bool


@lru_cache(maxsize=64)
def _ytd_terms(window: Window, calendar: Calendar) -> tuple[_Term, ...]:
    columns = range(calendar.first_month, calendar.first_month + calendar.months)
    terms = [_Term(1, tuple(columns), True)]
    if window == Window.MONTH:
        terms.append(_Term(-1, tuple(None if m % 12 == 0 else m - 1 for m in columns), True))
    if window == Window.PLAN:
        last = (calendar.first_month + calendar.months - 1) // 12
        for year in range(calendar.plan_start // 12, last):
            terms.append(_Term(1, tuple(year * 12 + 11 if m // 12 > year else None for m in columns), False))
        if calendar.plan_start % 12:  # a plan that starts within a year: what was typed before it does not count
            terms.append(_Term(-1, (calendar.plan_start - 1,) * calendar.months, True))
    if window == Window.TRAILING12:
        terms.append(_Term(1, tuple(None if m % 12 == 11 else m // 12 * 12 - 1 for m in columns), True))
        terms.append(_Term(-1, tuple(None if m % 12 == 11 else m - 12 for m in columns), True))
    return tuple(terms)


def _ytd(series: ItemSeries, window: Window, calendar: Calendar) -> tuple[np.ndarray, ...]:
    """Units, presence, missing and expected of a year-to-date item."""
    terms = _ytd_terms(window, calendar)
    shape = series.total.shape
    total = _roomy(np.where(series.present, series.total, 0), len(terms) + 1)
    units, has = np.zeros(shape, dtype=total.dtype), np.ones(shape, dtype=bool)
    missing, expected = np.zeros(shape, dtype=object), np.zeros(shape, dtype=object)
    for term in terms:
        columns = _columns(term, calendar)
        units = units + term.sign * _padded(total, 0, 0)[:, columns]
        if term.required:
            has &= _padded(series.present.astype(bool), True, False)[:, columns]
        missing = missing | _padded(series.missing, 0, 0)[:, columns]
        expected = expected | _padded(series.expected, 0, 0)[:, columns]
    return units, has, missing, expected


def _columns(term: _Term, calendar: Calendar) -> np.ndarray:
    """Column numbers into a padded array: a month of the panel, 'not needed' or 'outside the panel'."""
    unneeded, outside = calendar.months, calendar.months + 1
    numbers = [unneeded if month is None else month - calendar.first_month for month in term.months]
    return np.array([n if 0 <= n <= unneeded else outside for n in numbers], dtype=np.intp)


def _padded(array: np.ndarray, unneeded: object, outside: object) -> np.ndarray:
    """`array` with two more columns, read for months not needed and for months outside the panel."""
    extra = np.empty((array.shape[0], 2), dtype=array.dtype)
    extra[:, 0], extra[:, 1] = unneeded, outside
    return np.concatenate([array, extra], axis=1)
