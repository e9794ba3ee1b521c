"""What the equality page is made of: the indicators compared, the chosen one's towns and parts by month; plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bureau.places import Place, Tree
from indicators import breaks, frozen, queries, splits, wording
from indicators.models import Category, EqualityRole, Indicator, Reading
from indicators.queries import ReadAt, Row
from indicators.splits import SIDES, Split

Kind = EqualityRole.Kind


@dataclass(frozen=True)
class Choice:
    """An indicator with its official reading and how it counts towards equality."""

    reading: Reading
    role: EqualityRole

    @property
    def indicator(self) -> Indicator:
        return self.reading.indicator

    @property
    def scale(self) -> int:
        """A rate in per cent is a hundred times its parts' ratio."""
        return 100 if self.indicator.unit in wording.RATES else 1


@dataclass(frozen=True)
class Gathered:
    """The chosen indicator's rows and parts by place and month; the county's rows of every indicator in the month."""

    at: ReadAt
    tree: Tree
    choices: Sequence[Choice]
    weighted: Sequence[Choice]
    chosen: Choice | None
    rows: Mapping[tuple[int, int], Row]  # (area, month)
    parts: Mapping[tuple[int, str, int], Split]  # (area, part, month)
    county: Mapping[int, Row]  # indicator
    groups: Mapping[str, Category]
    breaks: tuple[int, ...] = ()  # months from which the chosen indicator's definition changed

    @property
    def months(self) -> list[int]:
        """Every month with a value of the county or a town, in order."""
        return sorted({month for (_, month), row in self.rows.items() if row.value is not None})

    @property
    def has_sides(self) -> bool:
        return any(part in SIDES for _, part, _ in self.parts)

    def towns(self, month: int) -> list[tuple[Place, Row]]:
        """The towns of that month that have a value, in order of code."""
        found = ((place, self.rows.get((place.id, month))) for place in self.tree.towns(month))
        return [(place, row) for place, row in found if row is not None and row.denominator is not None]

    def side(self, part: str, month: int, area: int | None = None) -> Split | None:
        """A part of the county, or of one town."""
        return self.parts.get((area or self.at.county.pk, part, month))


def gather(at: ReadAt, code: str) -> Gathered:
    """Read for the indicator of this code, by default the first one compared; seven queries of a release.

    An eighth where a definition changed within the months.
    """
    tree = Tree(at.county.pk)
    readings = {one.indicator_id: one for one in queries.official_readings(at=at)}
    roles = frozen.roles(at, EqualityRole.objects.all())
    every = [Choice(readings[one.indicator_id], one) for one in roles if one.indicator_id in readings]
    every.sort(key=lambda one: (one.indicator.order, one.indicator.code))
    choices = [one for one in every if one.role.kind != Kind.NONE]
    chosen = next((one for one in choices if one.indicator.code == code), choices[0] if choices else None)
    rows: dict[tuple[int, int], Row] = {}
    parts: dict[tuple[int, str, int], Split] = {}
    if chosen is not None:
        areas = tree.stores if chosen.role.kind == Kind.PLACES else [at.county.pk]
        for row in queries.rows(at, areas=areas, indicators=[chosen.indicator.pk]):
            if row.reading == chosen.reading.number:
                rows[row.area, row.month] = row
        if chosen.role.kind == Kind.PLACES:
            for one in splits.read(at, tree, chosen.indicator.pk):
                if one.reading == chosen.reading.number:
                    parts[one.area, one.part, one.month] = one
    numbers = {one.indicator.pk: one.reading.number for one in every}
    county = {
        row.indicator: row
        for row in queries.rows(at, areas=[at.county.pk], month=at.month)
        if numbers.get(row.indicator) == row.reading
    }
    weighted = [one for one in every if one.role.weight > 0]
    groups = splits.names_of({part for _, part, _ in parts})
    broken: tuple[int, ...] = ()
    if chosen is not None:
        series = sorted((row for (area, _), row in rows.items() if area == at.county.pk), key=lambda row: row.month)
        broken = breaks.of_many({chosen.reading.pk: series}).get(chosen.reading.pk, ())
    return Gathered(at, tree, choices, weighted, chosen, rows, parts, county, groups, broken)
