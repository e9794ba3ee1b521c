"""An indicator in the parts of a place: town and country (城、乡), the groups of a breakdown (各类人).

Town and country are what the villages of the month are (社区 or 村, dated with the area): an indicator has these parts
only where everything in its formula is reported by villages. Groups are the categories of the one breakdown that all
its items share. Time rules and formula are those of every evaluation (analysis/panel.py): sums first, then the ratio.
Live parts are worked out when asked for; a release keeps its own (PublishedSplit), as it keeps no village's figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bureau import bulk, months
from bureau.fields import UNITS, raw
from bureau.models import Area
from bureau.places import Tree, unpack
from indicators import definitions as definitions_module
from indicators.analysis.formula import Ref
from indicators.analysis.kinds import Window
from indicators.analysis.panel import Definition, Panel, evaluate
from indicators.analysis.windows import ItemSeries
from indicators.definitions import Definitions, Item, Version
from indicators.models import Category, EqualityRole, Figure, PublishedMonth, PublishedSplit, RollUp
from indicators.queries import ReadAt
from indicators.rollup import Cells, read_cells

URBAN, RURAL = "urban", "rural"
SIDES = (URBAN, RURAL)
VILLAGES = frozenset({Area.Level.VILLAGE.value})
WINDOWS = {Window.LEVEL, Window.MONTH, Window.YEAR}  # those that reach back to January at most


class Split(NamedTuple):
    """A part as read; numbers in ten-thousandths."""

    area: int
    indicator: int
    reading: int
    month: int
    part: str
    numerator: int | None
    denominator: int | None
    value: int | None
    reported: int
    expected: int

    @property
    def covered(self) -> bool:
        return self.reported == self.expected


def has_sides(definition: Definition, items: Mapping[str, Item]) -> bool:
    """Is everything in the formula reported by (or counted over) villages and villages alone?"""
    return _plain_ratio(definition) and all(
        ref.letter == "D" and items[ref.code].levels == VILLAGES for ref in definition.refs
    )


def group_of(definition: Definition, items: Mapping[str, Item]) -> tuple[str, ...]:
    """The categories that all items of the formula share, none of them named in it; empty where there are none."""
    if not _plain_ratio(definition) or any(ref.letter != "D" or ref.category for ref in definition.refs):
        return ()
    shared = {tuple(items[ref.code].categories.items()) for ref in definition.refs}
    return tuple(code for code, _ in next(iter(shared))) if len(shared) == 1 else ()


def _plain_ratio(definition: Definition) -> bool:
    return definition.denominator is not None and definition.value is None and definition.window in WINDOWS


def compared() -> set[int]:
    """The indicators compared between places; one query."""
    return set(EqualityRole.objects.filter(kind=EqualityRole.Kind.PLACES).values_list("indicator_id", flat=True))


def compute(tree: Tree, definitions: Definitions, indicators: Collection[int], first: int, last: int) -> list[Split]:
    """The parts of these indicators' official readings in the months `first` to `last`."""
    official = [one for one in definitions.versions if one.official and one.indicator in indicators]
    found: list[Split] = []
    for yearly in (False, True):
        versions = [one for one in official if (one.window == Window.YEAR) is yearly]
        begin = max(definitions.plan_start, months.make(months.year(first), 1) if yearly else first)
        builder = _Builder(tree, definitions, begin, last)
        sided = [one for one in versions if has_sides(one.definition, definitions.items)]
        grouped = [one for one in versions if group_of(one.definition, definitions.items)]
        if sided and begin <= last:
            found += builder.sides(sided)
        if grouped and begin <= last:
            found += builder.groups(grouped)
    return [one for one in found if one.month >= first]


@dataclass
class _Builder:
    """Panels whose rows are parts instead of places, over the months `first` to `last`."""

    tree: Tree
    definitions: Definitions
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def sides(self, versions: Collection[Version]) -> list[Split]:
        rows = [(store, side) for store in self.tree.stores for side in SIDES]
        items = self._items(versions)
        cells = read_cells(
            Figure.objects.filter(
                county=self.tree.county_id,
                item__in=[item.id for item in items if not item.automatic],
                month__range=(self.first, self.last),
            )
        )
        expected = self._expected_by_side(rows)
        series = {
            Ref(item.code, category): self._side_series(item, category, cells, rows, expected)
            for item in items
            for category in self._categories(versions, item)
        }
        return self._evaluated(versions, rows, series)

    def _items(self, versions: Collection[Version]) -> list[Item]:
        codes = {ref.code for version in versions for ref in version.refs}
        return [self.definitions.items[code] for code in sorted(codes)]

    def _categories(self, versions: Collection[Version], item: Item) -> set[str | None]:
        return {ref.category for version in versions for ref in version.refs if ref.code == item.code}

    def _expected_by_side(self, rows: list[tuple[int, str]]) -> np.ndarray:
        """The bits of the villages of each part, month by month."""
        index = {row: position for position, row in enumerate(rows)}
        expected = np.zeros((len(rows), self.count), dtype=object)
        for month in range(self.first, self.last + 1):
            for place in self.tree.valid(month).values():
                if place.level == Area.Level.VILLAGE:
                    for store in (self.tree.county_id, place.parent):
                        expected[index[store, _side(place.urban)], month - self.first] |= 1 << place.number
        return expected

    def _side_series(
        self, item: Item, category: str | None, cells: Cells, rows: list[tuple[int, str]], expected: np.ndarray
    ) -> ItemSeries:
        total = np.zeros(expected.shape, dtype=np.int64)
        if item.automatic:
            total[:] = [[bits.bit_count() * UNITS for bits in row] for row in expected]
            none = np.zeros(expected.shape, dtype=object)
            return ItemSeries(item.kind, total, total > 0, none, none.copy(), entered=False)
        index = {row: position for position, row in enumerate(rows)}
        reported = np.zeros(expected.shape, dtype=object)
        wanted = [item.categories[category]] if category else list(item.categories.values()) or [0]
        for month in range(self.first, self.last + 1):
            places = self.tree.valid(month)
            for area, values in cells.get((item.id, month), {}).items():
                place = places.get(area)
                if place is None or place.level != Area.Level.VILLAGE or any(one not in values for one in wanted):
                    continue
                for store in (self.tree.county_id, place.parent):
                    at = index[store, _side(place.urban)], month - self.first
                    total[at] += sum(values[one] or 0 for one in wanted)
                    reported[at] |= 1 << place.number
        return ItemSeries(item.kind, total, (reported != 0).astype(bool), expected & ~reported, expected.copy())

    def groups(self, versions: Collection[Version]) -> list[Split]:
        """The county's totals by category, from its roll-ups; breakdown by breakdown."""
        found: list[Split] = []
        items = self._items(versions)
        rolled = RollUp.objects.filter(
            county=self.tree.county_id,
            area=self.tree.county_id,
            item__in=[item.id for item in items],
            month__range=(self.first, self.last),
        )
        totals = {
            tuple(key): (units, missing)
            for *key, units, missing in rolled.values_list("item", "category", "month", raw("total"), "missing")
        }
        for version in versions:
            codes = group_of(version.definition, self.definitions.items)
            rows = [(self.tree.county_id, code) for code in codes]
            series = {ref: self._group_series(self.definitions.items[ref.code], codes, totals) for ref in version.refs}
            found += self._evaluated([version], rows, series)
        return found

    def _group_series(self, item: Item, codes: tuple[str, ...], totals: Mapping[tuple, tuple]) -> ItemSeries:
        shape = (len(codes), self.count)
        total, present = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
        expected, missing = np.zeros(shape, dtype=object), np.zeros(shape, dtype=object)
        for month in range(self.first, self.last + 1):
            due = self.tree.expected(item.levels, month)[self.tree.county_id]
            for position, code in enumerate(codes):
                at = position, month - self.first
                expected[at] = missing[at] = due
                known = totals.get((item.id, item.categories[code], month))
                if known is not None:
                    total[at], present[at], missing[at] = known[0], True, unpack(known[1])
        return ItemSeries(item.kind, total, present, missing, expected)

    def _evaluated(
        self, versions: Collection[Version], rows: list[tuple[int, str]], series: Mapping[Ref, ItemSeries]
    ) -> list[Split]:
        """Each version in the months in which it is in force, where any of the part reported."""
        panel = Panel(tuple(range(len(rows))), self.first, self.count, self.definitions.plan_start, series)
        found = []
        for version in versions:
            until = min(
                (one.from_month for one in versions if one.reading_id == version.reading_id
                 and one.from_month > version.from_month), default=self.last + 1,
            )  # fmt: skip
            evaluated = evaluate(version.definition, panel)
            columns = [one.to_units() for one in (evaluated.numerator, evaluated.denominator, evaluated.value) if one]
            for position, (area, part) in enumerate(rows):
                for month in range(max(self.first, version.from_month), min(self.last + 1, until)):
                    at = position, month - self.first
                    if evaluated.exists[at]:
                        found.append(
                            Split(
                                area, version.indicator, version.reading, month, part,
                                *(None if column[at] is None else int(column[at]) for column in columns),
                                int(evaluated.reported[at]), int(evaluated.expected[at]),
                            )
                        )  # fmt: skip
        return found


def _side(urban: bool) -> str:
    return URBAN if urban else RURAL


def freeze(release: PublishedMonth, tree: Tree, definitions: Definitions | None = None) -> None:
    """Keep the parts of the release's month; inside the transaction that publishes."""
    indicators = compared()
    if not indicators:
        return
    known = definitions or definitions_module.load(release.county_id)
    found = compute(tree, known, indicators, release.month, release.month)
    rows = [(release.county_id, *one, release.version) for one in found]
    bulk.upsert(PublishedSplit, ("county", *Split._fields, "version"), rows, key=_KEY)


_KEY = ("county", "indicator", "reading", "month", "area", "part", "version")


def read(at: ReadAt, tree: Tree, indicator: int) -> list[Split]:
    """The parts of an indicator in every month up to the one shown: a release's as frozen, in one query."""
    if at.month is None:
        return []
    if at.live:
        known = definitions_module.load(at.county.pk)
        return compute(tree, known, {indicator}, known.plan_start, at.month)
    columns = [raw(name) if name in ("numerator", "denominator", "value") else name for name in Split._fields]
    found = PublishedSplit.objects.filter(county=at.county.pk, indicator=indicator, month__lte=at.month)
    return [
        Split(*row) for *row, version in found.values_list(*columns, "version") if at.versions.get(row[3]) == version
    ]


def of_county(at: ReadAt, indicators: Collection[int], since: int) -> list[Split]:
    """The county's parts of these indicators from `since` up to the month shown; of a release in one query."""
    if at.month is None or not indicators:
        return []
    if at.live:
        known = definitions_module.load(at.county.pk)
        found = compute(Tree(at.county.pk), known, indicators, max(since, known.plan_start), at.month)
        return [one for one in found if one.area == at.county.pk]
    columns = [raw(name) if name in ("numerator", "denominator", "value") else name for name in Split._fields]
    rows = PublishedSplit.objects.filter(
        county=at.county.pk, area=at.county.pk, indicator__in=indicators, month__range=(since, at.month)
    )
    return [
        Split(*row) for *row, version in rows.values_list(*columns, "version") if at.versions.get(row[3]) == version
    ]


def names_of(parts: Collection[str]) -> dict[str, Category]:
    """The categories of these parts by code; one query, none where there are no groups."""
    codes = set(parts) - set(SIDES)
    return {one.code: one for one in Category.objects.filter(code__in=codes)} if codes else {}
