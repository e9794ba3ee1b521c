"""Everything the annex tells of a release, read once: the indicators as pages show them, every area's rows, the parts.

Figures are the release's own. What is not frozen with it (tasks, projects, slips) is read as it stood on its day as
far as dates tell, and the sheets say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from bureau import months
from bureau.fields import raw
from bureau.places import Place, Tree
from indicators import wording
from indicators.models import Indicator, IndicatorVersion, PublishedEvaluation
from indicators.presenters import decimal
from indicators.queries import ReadAt, Row
from indicators.shown import Shown, shown_indicators, town_words
from reports.annex.sheet import Number, Ratio, number_as_printed, ratio_or_number
from reports.content import ReportContent


class Value(NamedTuple):
    """An official reading in one area and month, as wording and measures need it; numbers in ten-thousandths."""

    area: int
    indicator: int
    reading: int
    month: int
    numerator: int | None
    denominator: int | None
    value: int | None
    target_value: int | None
    state: int
    reported: int
    expected: int
    light: int
    target: int | None

    @property
    def covered(self) -> bool:
        return self.reported == self.expected


@dataclass(frozen=True)
class Release:
    """The release of `at`; `content` is what its documents say in common."""

    at: ReadAt
    content: ReportContent
    shown: Sequence[Shown]
    tree: Tree
    values: Mapping[tuple[int, int, int], Value]  # (area, indicator, month), of official readings
    versions: Mapping[int, IndicatorVersion]  # official reading → its formulas in the month shown

    @property
    def month(self) -> int:
        return self.at.month or 0

    @property
    def day(self) -> date:
        """The day of release: what is not frozen is told as it stood then."""
        return self.content.published_on

    @property
    def county(self) -> int:
        return self.at.county.pk

    @cached_property
    def months(self) -> range:
        """From the first month with a value to the one released."""
        known = [month for (_area, _indicator, month) in self.values]
        return range(min(known, default=self.month), self.month + 1)

    @cached_property
    def towns(self) -> list[Place]:
        return self.tree.towns(self.month)

    @cached_property
    def in_towns(self) -> list[Shown]:
        """The indicators that any town has a value of in the month."""
        known = {
            one.indicator
            for one in self.values.values()
            if one.month == self.month and one.area != self.county and one.value is not None
        }
        return [one for one in self.shown if one.indicator.pk in known]

    @cached_property
    def words(self) -> dict[int, dict[int, str]]:
        """Area → how many places go by which word there."""
        found = {town.id: town_words(self.tree, town.id, self.month) for town in self.towns}
        found[self.county] = self.shown[0].places if self.shown else {}
        return found

    def value(self, area: int, shown: Shown, month: int) -> Value | None:
        return self.values.get((area, shown.indicator.pk, month))

    def scale(self, shown: Shown) -> int | None:
        """What a plain ratio is multiplied by; None where the value comes about in another way."""
        version = self.versions.get(shown.reading.pk)
        if version is None or not version.denominator or version.value or version.scale != int(version.scale):
            return None
        return int(version.scale)


def read(at: ReadAt, content: ReportContent) -> Release:
    shown = shown_indicators(at)
    tree = Tree(at.county.pk)
    official = {one.indicator.pk: one.reading.number for one in shown}
    numbers = ("numerator", "denominator", "value", "target_value")
    columns = [raw(name) if name in numbers else name for name in Value._fields]
    found = PublishedEvaluation.objects.filter(county=at.county.pk, area__in=tree.stores, month__lte=at.month)
    values = {}
    for *row, version in found.values_list(*columns, "version"):
        one = Value(*row)
        if at.versions.get(one.month) == version and official.get(one.indicator) == one.reading:
            values[one.area, one.indicator, one.month] = one
    versions = IndicatorVersion.objects.current().filter(from_month__lte=at.month).order_by("from_month")
    return Release(at, content, shown, tree, values, {version.reading_id: version for version in versions})


def as_number(one: Value | Row | None, indicator: Indicator) -> Number:
    """The released number with the decimals the page prints; empty where there is none."""
    if one is None or one.value is None:
        return Number(None)
    return number_as_printed(decimal(one.value), wording.value(one, indicator), indicator.decimals)


def as_ratio(one: Value | None, shown: Shown, scale: int | None, columns: tuple[int, int]) -> Number | Ratio:
    """The live ratio over two columns of its row where it gives back the printed value."""
    if one is None or one.value is None:
        return Number(None)
    parts = (decimal(one.numerator), decimal(one.denominator))
    text = wording.value(one, shown.indicator)
    return ratio_or_number(decimal(one.value), text, shown.indicator.decimals, parts, scale, columns)


def years(found: Sequence[int], first_column: int) -> tuple[int, ...]:
    """The columns of these months that begin a year: where a page may end. The first of all begins none."""
    return tuple(first_column + place for place, month in enumerate(found) if place and months.number(month) == 1)


def by_domain(found: Sequence[Shown]) -> dict[str, list[Shown]]:
    """Title of a domain → its indicators, in the plan's order; what lies outside the five comes first."""
    groups: dict[str, list[Shown]] = defaultdict(list)
    for one in found:
        groups[wording.domain(one.indicator.domain)].append(one)
    return dict(
        sorted(groups.items(), key=lambda pair: pair[1][0].indicator.domain.order if pair[1][0].indicator.domain else 0)
    )
