"""The measures of equality of the chosen indicator month by month, for show: floats, of which none decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bureau.fields import UNITS
from indicators.analysis import equality
from indicators.analysis.equality import Contribution, Decomposition, Movement, Places
from indicators.breaks import between
from indicators.equality_read import Gathered
from indicators.splits import SIDES

A_YEAR = 12


@dataclass(frozen=True)
class Series:
    """Measures by month, Theil's T in two parts (`by_sides`: of town and country, else of 街道 and 镇), the towns'
    contributions and what moved in a year.
    """

    measures: Mapping[int, Mapping[str, float]]
    theil: Mapping[int, Decomposition]
    by_sides: bool
    contributions: Mapping[int, Contribution]
    since: int | None
    movement: Movement | None
    breaks: tuple[int, ...] = ()


def series_of(found: Gathered) -> Series:
    """Everything the page shows of the chosen indicator's spread."""
    scale, month = found.chosen.scale, found.at.month
    by_month = {one: places for one in found.months if (places := _towns(found, one))}
    measures = equality.series(by_month, scale)
    decomposed = _by_side if found.has_sides else _by_kind
    theil = {one: parts for one in measures if (parts := decomposed(found, one, scale)) is not None}
    here = by_month.get(month)
    if here is None:
        return Series(measures, theil, found.has_sides, {}, None, None, found.breaks)
    # what stands before a change of definition is not compared with what stands after it
    earlier = [one for one in measures if one < month and between(found.breaks, one, month) is None]
    since = month - A_YEAR if month - A_YEAR in earlier else min(earlier, default=None)
    movement = None
    if since is not None:
        movement = equality.movement(by_month[since], here, rising=found.chosen.indicator.rising, scale=scale)
    parts = {one.place: one for one in equality.contributions(here, scale)}
    return Series(measures, theil, found.has_sides, parts, since, movement, found.breaks)


def _towns(found: Gathered, month: int) -> Places:
    return {place.id: (_natural(row.numerator), row.denominator / UNITS) for place, row in found.towns(month)}


def _by_side(found: Gathered, month: int, scale: int) -> Decomposition | None:
    """Theil's T over the urban and the rural part of every town, between and within town and country."""
    parts = {
        (place.id, part): (_natural(one.numerator), one.denominator / UNITS)
        for place, _row in found.towns(month)
        for part in SIDES
        if (one := found.side(part, month, place.id)) is not None and one.denominator is not None
    }
    if {part for _place, part in parts} != set(SIDES):
        return None
    return equality.decompose(parts, {key: key[1] for key in parts}, scale)


def _by_kind(found: Gathered, month: int, scale: int) -> Decomposition | None:
    """Theil's T over the towns, between and within subdistricts (街道) and towns (镇)."""
    kinds = {place.id: place.kind for place, _row in found.towns(month)}
    return equality.decompose(_towns(found, month), kinds, scale) if len(set(kinds.values())) > 1 else None


def _natural(units: int | None) -> float | None:
    return None if units is None else units / UNITS


def units_of(value: float | None) -> int | None:
    """A measure as ten-thousandths, to be printed by the common rules; None where it is not defined."""
    return None if value is None or value != value else round(value * UNITS)
