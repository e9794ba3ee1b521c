"""The definitions in force, read once and handed to evaluation, pages and reports as plain data; no figures here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from bureau import months
from bureau.fields import UNITS, raw
from indicators.analysis.formula import Formula, Ref, parse
from indicators.analysis.kinds import ItemKind, Window
from indicators.analysis.panel import Definition
from indicators.models import Category, DataItem, FormItem, IndicatorVersion, Parameter, Plan, Target

Held = TypeVar("Held")


@dataclass(frozen=True)
class Item:
    """A data item as evaluation needs it."""

    id: int
    code: str
    kind: ItemKind
    levels: frozenset[str]
    automatic: bool
    categories: dict[str, int]  # code -> id; empty without breakdown


@dataclass(frozen=True)
class Version:
    """One version of one reading's formulas, with where its rows are kept."""

    id: int
    indicator: int
    reading: int  # the reading's number
    reading_id: int
    official: bool
    from_month: int
    rising: bool
    definition: Definition

    @property
    def refs(self) -> frozenset[Ref]:
        return self.definition.refs

    @property
    def window(self) -> Window:
        return self.definition.window


@dataclass(frozen=True)
class Definitions:
    """Everything evaluation reads that is not a figure."""

    plan_start: int
    plan_end: int
    items: dict[str, Item]
    versions: tuple[Version, ...]
    targets: dict[tuple[int, int], tuple[Target, ...]]  # (reading id, area id)
    parameters: dict[str, tuple[tuple[date, Fraction], ...]]

    def using(self, items: Collection[int]) -> frozenset[int]:
        """Ids of the indicators with a formula that uses any of these item ids."""
        codes = {item.code for item in self.items.values() if item.id in set(items)}
        return frozenset(v.indicator for v in self.versions if any(ref.code in codes for ref in v.refs))

    def of_completions(self) -> frozenset[int]:
        """Ids of the indicators that count completed projects or tasks (P01, T04); they stand at 0 before the first."""
        return frozenset(v.indicator for v in self.versions if any(ref.code[0] in "PT" for ref in v.refs))


def load(county_id: int) -> Definitions:
    """Read the definitions of a county's plan; Plan.DoesNotExist before one is loaded."""
    plan = Plan.objects.get(county_id=county_id)
    return Definitions(
        plan_start=plan.first_month,
        plan_end=plan.last_month,
        items=_items(),
        versions=_versions(),
        targets=_targets(),
        parameters=_parameters(),
    )


def _items() -> dict[str, Item]:
    levels, categories = defaultdict(set), defaultdict(dict)
    for item, level in FormItem.objects.values_list("item_id", "level"):
        levels[item].add(level)
    for breakdown, code, category in Category.objects.values_list("breakdown_id", "code", "id"):
        categories[breakdown][code] = category
    return {
        item.code: Item(
            id=item.id,
            code=item.code,
            kind=ItemKind(item.kind),
            levels=frozenset(item.counts_levels) if item.automatic else frozenset(levels[item.id]),
            automatic=item.automatic,
            categories=dict(categories[item.breakdown_id]) if item.breakdown_id else {},
        )
        for item in DataItem.objects.all()
    }


@lru_cache(maxsize=500)
def parsed(text: str) -> Formula:
    return parse(text)


def version_refs(version: IndicatorVersion) -> frozenset[Ref]:
    """What a version's formulas name, as they are written in it."""
    texts = (version.numerator, version.denominator, version.value)
    return frozenset().union(*(parsed(text).refs for text in texts if text))


def _versions() -> tuple[Version, ...]:
    rows = (
        IndicatorVersion.objects.current()
        .select_related("reading__indicator")
        .order_by("reading__indicator__order", "reading__number", "from_month")
    )
    return tuple(
        Version(
            id=row.id,
            indicator=row.reading.indicator_id,
            reading=row.reading.number,
            reading_id=row.reading_id,
            official=row.reading.official,
            from_month=row.from_month,
            rising=row.reading.indicator.rising,
            definition=Definition(
                parsed(row.numerator),
                parsed(row.denominator) if row.denominator else None,
                parsed(row.value) if row.value else None,
                Fraction(row.scale),
                Window(row.window),
            ),
        )
        for row in rows
    )


def _targets() -> dict[tuple[int, int], tuple[Target, ...]]:
    found = defaultdict(list)
    for target in Target.objects.order_by("end_month"):
        found[target.reading_id, target.area_id].append(target)
    return {key: tuple(targets) for key, targets in found.items()}


def _parameters() -> dict[str, tuple[tuple[date, Fraction], ...]]:
    found = defaultdict(list)
    rows = Parameter.objects.filter(in_use=True).order_by("code", "valid_from").annotate(units=raw("value"))
    for code, valid_from, units in rows.values_list("code", "valid_from", "units"):
        found[code].append((valid_from, Fraction(units, UNITS)))
    return {code: tuple(rows) for code, rows in found.items()}


def parameter_in(history: Sequence[tuple[date, Held]], month: int) -> Held | None:
    """The value in force in `month`: the latest that began on or before the month's last day (catalogue 1.5c (10))."""
    last = months.last_day(month)
    begun = [value for valid_from, value in history if valid_from <= last]
    return begun[-1] if begun else None
