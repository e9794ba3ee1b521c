"""Everything a report is made of, read once and set by set: of a release as released, or live to check it again.

Each thing is read when first asked for; texts are made elsewhere (texts.py, reports/compose).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from bureau import clock, months
from bureau.places import Place, Tree
from indicators import frozen, queries, splits
from indicators.equality_read import Choice, Gathered, Kind
from indicators.equality_series import Series, series_of
from indicators.models import Domain, EqualityRole, Plan
from indicators.queries import ReadAt, Row
from indicators.realisation import Composite, realise
from indicators.shown import Shown, place_words, shown_indicators, town_words
from tasks import as_released
from tasks.as_released import Moment
from tasks.assessment import kept
from tasks.assessment.results import Result
from tasks.models import Assessment, Phase, Scheme

YEAR = 12


class Source:
    """What a report reads at one state. `day`: on which works and slips are judged, that of the release."""

    def __init__(self, at: ReadAt) -> None:
        if at.month is None:
            raise ValueError("there is no month to report on")
        self.at, self.month, self.county = at, at.month, at.county
        self._works: dict[date, list[dict]] = {}
        self._series: dict[str, Series] = {}
        self.day: date = at.release.business_date if at.release is not None else clock.today()
        self.moment = Moment(self.month, self.day, at.release.at if at.release is not None else None)

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.county.pk)

    @cached_property
    def towns(self) -> list[Place]:
        return self.tree.towns(self.month)

    @cached_property
    def plan(self) -> Plan | None:
        return Plan.objects.filter(county=self.county).first()

    @cached_property
    def phases(self) -> list[Phase]:
        """With their dates, closing and papers as they stood when the month was released."""
        return as_released.phases(self.moment)

    @cached_property
    def domains(self) -> list[Domain]:
        return list(Domain.objects.select_related("clause").order_by("order"))

    @cached_property
    def shown(self) -> list[Shown]:
        """Every indicator in the county, its other readings with it."""
        return shown_indicators(self.at)

    @property
    def core(self) -> list[Shown]:
        return [one for one in self.shown if one.indicator.core]

    @cached_property
    def by_code(self) -> Mapping[str, Shown]:
        return {one.indicator.code: one for one in self.shown}

    def in_domain(self, domain: Domain | None, *, core: bool = True) -> list[Shown]:
        """The indicators of a domain in the catalogue's order; None: outside the five."""
        wanted = domain.pk if domain else None
        return [one for one in self.shown if one.indicator.domain_id == wanted and one.indicator.core is core]

    @cached_property
    def _town_rows(self) -> Mapping[tuple[int, int, int], Row]:
        rows = queries.rows(self.at, areas=[town.id for town in self.towns], month=self.month)
        return {(row.area, row.indicator, row.reading): row for row in rows}

    def in_town(self, one: Shown, town: Place) -> Shown:
        """The same reading in a town, in the month alone; without a target, which is the county's."""
        row = self._town_rows.get((town.id, one.reading.indicator_id, one.reading.number))
        words = self._town_words[town.id]
        return Shown(one.reading, (row,) if row else (), self.month, None, one.window, words, town.code)

    @cached_property
    def _town_words(self) -> Mapping[int, dict[int, str]]:
        return {town.id: town_words(self.tree, town.id, self.month) for town in self.towns}

    # --- equality ---

    @cached_property
    def _roles(self) -> list[Choice]:
        roles = frozen.roles(self.at, EqualityRole.objects.all())
        readings = {one.reading.indicator_id: one.reading for one in self.shown}
        found = [Choice(readings[one.indicator_id], one) for one in roles if one.indicator_id in readings]
        return sorted(found, key=lambda one: (one.indicator.order, one.indicator.code))

    @property
    def compared(self) -> list[Choice]:
        """The core indicators that are compared between places, in the catalogue's order."""
        return [one for one in self._roles if one.role.kind == Kind.PLACES and one.indicator.core]

    @cached_property
    def _equality(self) -> tuple[dict[int, dict], dict[int, dict]]:
        """The rows and parts of all that is compared, by indicator, a year back."""
        rows: dict[int, dict] = defaultdict(dict)
        parts: dict[int, dict] = defaultdict(dict)
        number = {one.indicator.pk: one.reading.number for one in self.compared}
        since = self.month - YEAR
        areas = self.tree.stores
        for row in queries.rows(self.at, areas=areas, indicators=list(number), since=since):
            if number[row.indicator] == row.reading:
                rows[row.indicator][row.area, row.month] = row
        for part in splits.of_county(self.at, list(number), since):
            if number[part.indicator] == part.reading:
                parts[part.indicator][part.area, part.part, part.month] = part
        return rows, parts

    @cached_property
    def _gathered(self) -> dict[str, Gathered]:
        return {one.indicator.code: self._gather(one) for one in self.compared}

    def _gather(self, chosen: Choice | None) -> Gathered:
        rows, parts = self._equality if chosen else ({}, {})
        of = chosen.indicator.pk if chosen else 0
        county = {one.reading.indicator_id: one.row for one in self.shown if one.row is not None}
        weighted = [one for one in self._roles if one.role.weight > 0]
        return Gathered(
            self.at, self.tree, self._roles, weighted, chosen, rows.get(of, {}), parts.get(of, {}), county, {}
        )

    def gathered(self, code: str) -> Gathered:
        """What the equality page reads of one indicator, a year back."""
        return self._gathered[code]

    def series(self, code: str) -> Series:
        if code not in self._series:
            self._series[code] = series_of(self.gathered(code))
        return self._series[code]

    @cached_property
    def realised(self) -> Composite:
        return realise(self._gather(None))

    # --- work ---

    @property
    def works(self) -> list[dict]:
        return self.works_on(self.day)

    def works_on(self, day: date) -> list[dict]:
        if day not in self._works:
            self._works[day] = as_released.works(self._on(day))
        return self._works[day]

    def _on(self, day: date) -> Moment:
        return self.moment if day == self.day else replace(self.moment, day=day)

    def slips_on(self, day: date) -> dict[str, int]:
        return as_released.slips(self.county.pk, self._on(day))

    @cached_property
    def assessed(self) -> tuple[Assessment, Result] | None:
        """The towns' last frozen assessment of a period that ended by this month, and rests on nothing later."""
        found = Assessment.objects.filter(
            scheme__county=self.county, scheme__of=Scheme.Of.TOWNS, state=Assessment.State.FROZEN,
            last_month__lte=self.month,
        )  # fmt: skip
        if self.at.release is not None:
            found = found.filter(release__sequence__lte=self.at.release.sequence)
        last = found.select_related("scheme", "release").order_by("-last_month", "first_month", "-version").first()
        return (last, kept.frozen(last)) if last is not None else None

    @cached_property
    def place_words(self) -> dict[int, str]:
        return place_words(self.at)

    @property
    def month_label(self) -> str:
        return months.label(self.month)
