"""Where the definition of an indicator changed (口径变更): a series is broken there, and not compared across it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from bureau import months
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


def of_many(series: Mapping[int, Sequence[Row]]) -> dict[int, tuple[int, ...]]:
    """By reading (id) the breaks of its series; one query, none where every series goes by one definition."""
    changed = [reading for reading, rows in series.items() if len({row.definition for row in rows}) > 1]
    versions: dict[int, list[IndicatorVersion]] = defaultdict(list)
    if changed:
        for version in IndicatorVersion.objects.filter(reading__in=changed):
            versions[version.reading_id].append(version)
    return {reading: breaks(series[reading], versions[reading]) for reading in changed}


def marked(series: Sequence[Row], found: Iterable[int]) -> tuple[tuple[int, str], ...]:
    """Where a small drawing of the series is broken: before which of its months, and what is said of it there."""
    places = {row.month: index for index, row in enumerate(series)}
    return tuple(
        (places[month], _("口径变更：%(m)s起与以前不可比") % {"m": months.label(month)})
        for month in found
        if month in places
    )


def between(found: Iterable[int], earlier: int, later: int) -> int | None:
    """The last break that lies between two months; None where they are comparable."""
    return max((month for month in found if earlier < month <= later), default=None)
