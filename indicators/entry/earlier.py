"""The approved figures of the months before a sheet's: last month's and last year's of every cell, and the past of few.

The past of a cell is asked for only where a soft rule wonders at it (soft.py); then it is one query for all of them,
also for many sheets at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from bureau.fields import from_units, raw
from indicators.entry.layout import CellKey, Past, Series, Sheet
from indicators.entry.soft import in_question
from indicators.entry.usual import YEAR
from indicators.models import Figure

MONTHS = 2 * YEAR  # of past: a year of changes against the year before

Ids = tuple[int, int, int]


class Names(Protocol):
    """Codes → ids, as sheets.Names."""

    def ids(self, key: CellKey) -> Ids: ...


def compared(month: int) -> tuple[int, int]:
    """The months a sheet of `month` is laid beside."""
    return month - 1, month - YEAR


def approved(
    county: int, areas: Iterable[int], items: Iterable[int], months: Iterable[int]
) -> Mapping[int, list[tuple]]:
    """Month → (area, item, category, units, state, revision) of the approved figures of these areas and items."""
    rows = Figure.objects.filter(county=county, month__in=set(months), area__in=set(areas), item__in=set(items))
    found: dict[int, list[tuple]] = defaultdict(list)
    named = rows.annotate(units=raw("value")).values_list(
        "month", "area", "item", "category", "units", "state", "revision"
    )
    for month, *row in named:
        found[month].append(tuple(row))
    return found


def past_of(county: int, month: int, names: Names, back: int = MONTHS) -> Past:
    """Reads the past of the cells of one sheet, `back` months of it, when it is asked for."""

    def past(keys: Collection[CellKey]) -> Mapping[CellKey, Series]:
        ids = {key: names.ids(key) for key in keys}
        read = _series(county, ids.values(), month - back, month - 1)
        return {key: read.get(of, {}) for key, of in ids.items()}

    return past


def with_past(found: Mapping[int, Sheet], names: Mapping[int, Names], county: int) -> dict[int, Sheet]:
    """These sheets with the past of all that the soft rules wonder at in any of them, read in one query."""
    wanted = {pk: {key: names[pk].ids(key) for key in in_question(one, one.values)} for pk, one in found.items()}
    asked = [pk for pk, ids in wanted.items() if ids]
    if not asked:
        return dict(found)
    first = min(found[pk].month for pk in asked) - MONTHS
    last = max(found[pk].month for pk in asked) - 1
    read = _series(county, (ids for pk in asked for ids in wanted[pk].values()), first, last)
    return {pk: replace(one, past=_kept(wanted[pk], read, one.month)) for pk, one in found.items()}


def _kept(ids: Mapping[CellKey, Ids], read: Mapping[Ids, Series], month: int) -> Callable:
    """The past of these cells before `month`, already read."""

    def past(keys: Collection[CellKey]) -> Mapping[CellKey, Series]:
        return {
            key: {at: value for at, value in read.get(ids[key], {}).items() if month - MONTHS <= at < month}
            for key in keys
            if key in ids
        }

    return past


def _series(county: int, cells: Iterable[Ids], first: int, last: int) -> dict[Ids, dict[int, Decimal]]:
    wanted = set(cells)
    rows = Figure.objects.filter(
        county=county,
        month__range=(first, last),
        area__in={area for area, _item, _category in wanted},
        item__in={item for _area, item, _category in wanted},
        value__isnull=False,
    ).annotate(units=raw("value"))
    found: dict[Ids, dict[int, Decimal]] = defaultdict(dict)
    for area, item, category, month, units in rows.values_list("area", "item", "category", "month", "units"):
        if (area, item, category) in wanted:
            found[area, item, category][month] = from_units(units)
    return found
