"""Where the definition of an indicator changed (口径变更): a series is broken there, and not compared across it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from indicators.models import IndicatorVersion
from indicators.queries import Row


def breaks(series: Sequence[Row], versions: Iterable[IndicatorVersion]) -> tuple[int, ...]:
    """The months of one reading's series from which its figures go by a changed definition.

    `versions` are those of the reading, with those since corrected: what corrects a change stands in its place. A
    release made before the change knows nothing of it, since its rows are all of the definition before.
    """
    begins = {one.from_month for one in versions if one.kind == IndicatorVersion.Kind.CHANGE}
    return tuple(
        row.month
        for before, row in pairwise(series)
        if row.definition != before.definition and begins & set(range(before.month + 1, row.month + 1))
    )


def between(found: Iterable[int], earlier: int, later: int) -> int | None:
    """The last break that lies between two months; None where they are comparable."""
    return max((month for month in found if earlier < month <= later), default=None)
