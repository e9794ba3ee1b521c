"""The measures of equality of the chosen indicator month by month, for show: floats in, none of them decides anything.

The only module of the floor that takes pandas in; it does so when it is first asked, which is when the page is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bureau.fields import UNITS
from indicators.equality_read import Gathered
from indicators.splits import SIDES

if TYPE_CHECKING:
    import pandas as pd

    from indicators.analysis.equality import Decomposition, Movement

A_YEAR = 12


@dataclass(frozen=True)
class Contribution:
    """One town in the month shown: what it adds to the spread; `counted` is False under the least denominator."""

    area: int
    counted: bool
    share: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True)
class Series:
    """Measures by month, their parts by town and country, the towns' contributions and what moved in a year."""

    measures: Mapping[int, Mapping[str, float]]
    theil: Mapping[int, Decomposition]
    contributions: Mapping[int, Contribution]
    since: int | None
    movement: Movement | None


def series_of(found: Gathered) -> Series:
    """Everything the page shows of the chosen indicator's spread."""
    from indicators.analysis import equality

    scale, month = found.chosen.scale, found.at.month
    by_month = {one: _towns(found, one) for one in found.months}
    measures = {one: equality.measures(places, scale) for one, places in by_month.items() if len(places)}
    theil = {one: parts for one in measures if (parts := _decomposed(found, one, scale)) is not None}
    here = by_month.get(month)
    contributions, since, movement = {}, None, None
    if here is not None and len(here):
        parts = equality.contributions(here, scale)
        contributions = {
            area: Contribution(area, True, float(parts.at[area, "share"]), float(parts.at[area, "weight"]))
            if area in parts.index
            else Contribution(area, False)
            for area in here.index
        }
        earlier = [one for one in measures if one < month]
        since = month - A_YEAR if month - A_YEAR in measures else (min(earlier) if earlier else None)
        if since is not None:
            movement = equality.movement(by_month[since], here, rising=found.chosen.indicator.rising, scale=scale)
    return Series(measures, theil, contributions, since, movement)


def _towns(found: Gathered, month: int) -> pd.DataFrame:
    import pandas as pd

    towns = found.towns(month)
    return pd.DataFrame(
        {
            "numerator": [_natural(row.numerator) for _, row in towns],
            "denominator": [_natural(row.denominator) for _, row in towns],
        },
        index=[place.id for place, _ in towns],
        dtype=float,
    )


def _decomposed(found: Gathered, month: int, scale: int) -> Decomposition | None:
    """Theil's T over the urban and the rural part of every town, between and within town and country."""
    import pandas as pd

    from indicators.analysis import equality

    parts = [
        (part, one)
        for place, _ in found.towns(month)
        for part in SIDES
        if (one := found.side(part, month, place.id)) is not None and one.denominator is not None
    ]
    if not {part for part, _ in parts} >= set(SIDES):
        return None
    frame = pd.DataFrame(
        {
            "numerator": [_natural(one.numerator) for _, one in parts],
            "denominator": [_natural(one.denominator) for _, one in parts],
        },
        dtype=float,
    )
    return equality.decompose(frame, [part for part, _ in parts], scale)


def _natural(units: int | None) -> float:
    return float("nan") if units is None else units / UNITS


def units_of(value: float | None) -> int | None:
    """A measure as ten-thousandths, to be printed by the common rules; None where it is not defined."""
    return None if value is None or value != value else round(value * UNITS)
