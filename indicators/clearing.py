"""What is left of targets that know no exception (清零清单): which indicators these are, and who has how much left.

Found from the targets: 100 % of a ratio whose parts towns and villages count, '=' or '>='; never from a list by hand.
As deep as what is read: a release has its towns, live figures every place, for those who may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Sum

from bureau.fields import UNITS, raw
from bureau.models import Area
from bureau.places import Tree
from indicators import queries
from indicators.analysis.formula import Ref
from indicators.analysis.kinds import Comparator
from indicators.definitions import parsed
from indicators.models import DataItem, Figure, FormItem, Indicator, IndicatorVersion, Target
from indicators.queries import ReadAt
from indicators.shown import Shown

WHOLE = 100
BELOW = frozenset({Area.Level.TOWN.value, Area.Level.VILLAGE.value})


class Left(NamedTuple):
    """How much of a place's total is done, in ten-thousandths; `whole` where all of the place is reported."""

    area: int
    done: int
    total: int
    whole: bool

    @property
    def left(self) -> int:
        return max(0, self.total - self.done)


@dataclass(frozen=True)
class Clearing:
    """An indicator that knows no exception, with the items its two parts add up."""

    shown: Shown
    done: tuple[DataItem, ...]
    total: tuple[DataItem, ...]
    levels: Mapping[int, frozenset[str]]  # item → where it is typed or counted
    sections: frozenset[int]  # whose forms they stand on

    @property
    def counts_places(self) -> frozenset[str]:
        """The levels whose places are the units, one each; empty where people or households are."""
        return self.levels[self.total[0].pk] if all(item.automatic for item in self.total) else frozenset()

    @property
    def deep(self) -> bool:
        """Do both parts stand in the same rows, so that each place has its own remainder?"""
        return len({self.levels[item.pk] for item in (*self.done, *self.total)}) == 1


def knows_no_exception(shown: Shown) -> bool:
    target = shown.target
    return (
        target is not None
        and shown.comparator in (Comparator.EQUAL, Comparator.AT_LEAST)
        and target.value == WHOLE
        and shown.indicator.unit == "%"
    )


def clearings(found: Iterable[Shown]) -> list[Clearing]:
    """Those of the indicators whose target is everybody or every place, with figures in the month; three queries."""
    wanted = [one for one in found if knows_no_exception(one) and one.row is not None and one.row.denominator]
    versions = IndicatorVersion.objects.in_bulk({one.row.definition for one in wanted})
    refs = {one.indicator.pk: _parts(versions.get(one.row.definition)) for one in wanted}
    codes = {ref.code for parts in refs.values() for part in parts or () for ref in part}
    items = {item.code: item for item in DataItem.objects.filter(code__in=codes)}
    levels, sections = _levels(items.values())
    result = []
    for one in wanted:
        parts = refs[one.indicator.pk]
        if parts is None or not all(ref.code in items for part in parts for ref in part):
            continue
        done, total = (tuple(items[ref.code] for ref in part) for part in parts)
        if all(levels[item.pk] & BELOW for item in (*done, *total)):
            owned = frozenset().union(*(sections[item.pk] for item in (*done, *total)))
            result.append(Clearing(one, done, total, {i.pk: levels[i.pk] for i in (*done, *total)}, owned))
    return result


def is_clearing(indicator: Indicator, county: int) -> bool:
    """Does its official target know no exception, and do towns or villages count both parts?"""
    target = Target.objects.filter(
        reading__indicator=indicator, reading__official=True, area=county, value=WHOLE,
        comparator__in=[Comparator.EQUAL.value, Comparator.AT_LEAST.value],
    )  # fmt: skip
    if indicator.unit != "%" or not target.exists():
        return False
    current = IndicatorVersion.objects.current().filter(reading__indicator=indicator, reading__official=True)
    parts = _parts(current.order_by("from_month").last())
    if parts is None:
        return False
    items = list(DataItem.objects.filter(code__in={ref.code for part in parts for ref in part}))
    levels, _sections = _levels(items)
    return all(levels[item.pk] & BELOW for item in items)


def _parts(version: IndicatorVersion | None) -> tuple[list[Ref], list[Ref]] | None:
    """The items of numerator and denominator where each is a plain sum of whole items; None for any other formula."""
    if version is None or version.value or not version.denominator:
        return None
    found = []
    for text in (version.numerator, version.denominator):
        refs = sorted(parsed(text).refs, key=lambda ref: text.index(ref.code))
        if "+".join(str(ref) for ref in refs) != text.replace(" ", "") or any(ref.letter != "D" for ref in refs):
            return None
        found.append(refs)
    return found[0], found[1]


def _levels(items: Collection[DataItem]) -> tuple[dict[int, frozenset[str]], dict[int, frozenset[int]]]:
    levels, sections = defaultdict(set), defaultdict(set)
    for item, level, section in FormItem.objects.filter(item__in=items).values_list("item", "level", "form__section"):
        levels[item].add(level)
        sections[item].add(section)
    for item in items:
        if item.automatic:
            levels[item.pk] = set(item.counts_levels)
    return (
        {item.pk: frozenset(levels[item.pk]) for item in items},
        {item.pk: frozenset(sections[item.pk]) for item in items},
    )


def by_town(at: ReadAt, tree: Tree, found: Collection[Clearing], month: int) -> dict[int, list[Left]]:
    """Indicator → its towns in a month, and the county's own office where it counts one; one query."""
    areas = [tree.county_id, *(place.id for place in tree.towns(month))]
    readings = {one.shown.indicator.pk: one.shown.reading.number for one in found}
    result: dict[int, list[Left]] = defaultdict(list)
    for row in queries.rows(at, areas=areas, indicators=list(readings), month=month):
        if row.reading == readings[row.indicator] and row.denominator:
            result[row.indicator].append(Left(row.area, row.numerator or 0, row.denominator, row.covered))
    for one in found:
        here = result[one.shown.indicator.pk]
        whole = next((left for left in here if left.area == tree.county_id), None)
        towns = [left for left in here if left.area != tree.county_id]
        own = Area.Level.COUNTY in one.levels[one.total[0].pk] and whole is not None
        result[one.shown.indicator.pk] = ([_own(whole, towns)] if own else []) + towns
    return result


def _own(county: Left, towns: Collection[Left]) -> Left:
    """What of the county's is no town's."""
    done, total = sum(town.done for town in towns), sum(town.total for town in towns)
    return Left(county.area, county.done - done, county.total - total, county.whole)


def by_place(tree: Tree, found: Collection[Clearing], month: int) -> dict[int, list[Left]]:
    """Indicator → every place that reports it, from the approved figures of a month; one query.

    A place without an approved figure has nothing done and is not whole.
    """
    typed = {item.pk for one in found for item in (*one.done, *one.total) if not item.automatic}
    sums: dict[tuple[int, int], int] = {}
    rows = (
        Figure.objects.filter(county=tree.county_id, item__in=typed, month=month, value__isnull=False)
        .values_list("area", "item")
        .annotate(units=Sum(raw("value")))
    )
    for area, item, units in rows:
        sums[area, item] = int(units)
    result: dict[int, list[Left]] = {}
    for one in found:
        levels = one.levels[one.done[0].pk]
        result[one.shown.indicator.pk] = [
            _at_place(one, place.id, sums) for place in tree.valid(month).values() if place.level in levels
        ]
    return result


def _at_place(one: Clearing, area: int, sums: Mapping[tuple[int, int], int]) -> Left:
    def counted(items: Iterable[DataItem]) -> int:
        return sum(UNITS if item.automatic else sums.get((area, item.pk), 0) for item in items)

    whole = all(item.automatic or (area, item.pk) in sums for item in (*one.done, *one.total))
    return Left(area, counted(one.done), counted(one.total), whole)
