"""Reads where an indicator's value comes from (下钻): the items of its formula, the months added, the places below.

One indicator in one area and month, as released or live; plain data for trace_page.py. A release is told as deep as it
was frozen: totals of the county and its towns, and who was absent; single figures of places are read live only, by who
may read their history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from django.http import Http404

from bureau import months
from bureau.fields import UNITS, raw
from bureau.models import Area, User
from bureau.places import Place, Tree, unpack
from indicators import frozen, history, queries, spans
from indicators.analysis.formula import Ref
from indicators.analysis.kinds import ItemKind, Window
from indicators.analysis.windows import Calendar, added
from indicators.definitions import Item, parsed, version_refs
from indicators.models import (
    Adjustment,
    Completion,
    DataItem,
    Figure,
    IndicatorVersion,
    Parameter,
    Plan,
    PublishedMonth,
    Reading,
)
from indicators.queries import ReadAt, Row
from indicators.rollup import TOTAL
from indicators.spans import Span
from indicators.traced import Asked, Below, Figured, Month, Other, Source, asked_of, units_of

OF_ONE_MONTH = (Window.LEVEL, Window.MONTH)


class Trace:
    """Everything the page of one value is made of; reads when asked, each thing once."""

    def __init__(self, at: ReadAt, user: User, code: str, area_code: str) -> None:
        """Http404 for an indicator without formulas, and for what is neither the county nor a town of the month."""
        if at.month is None:
            raise Http404
        self.at, self.user, self.month = at, user, at.month
        self.versions = queries.versions_of(code, clauses=False)
        readings = {version.reading_id: version.reading for version in self.versions}
        official = frozen.official(at, readings.values())
        self.tree = Tree(at.county.pk)
        place = next((one for one in self.tree.valid(self.month).values() if one.code == area_code), None)
        if official is None or place is None or place.level == Area.Level.VILLAGE:
            raise Http404
        self.reading: Reading = official
        self.place = place
        self.indicator = official.indicator
        found = queries.rows(at, areas=[place.id], indicators=[self.indicator.pk], month=self.month)
        self.row: Row | None = next((row for row in found if row.reading == official.number), None)
        self.version = self._version()

    def _version(self) -> IndicatorVersion:
        """The definition the value was computed by, else the one in force."""
        own = [one for one in self.versions if one.reading_id == self.reading.pk]
        computed = [one for one in own if self.row is not None and one.pk == self.row.definition]
        begun = [one for one in own if one.superseded_by_id is None and one.from_month <= self.month]
        return (computed or begun[-1:] or own[-1:])[-1]

    @property
    def codes(self) -> list[str]:
        return sorted({ref.code for ref in version_refs(self.version)})

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """The data items of the formula by code; one query."""
        rows = DataItem.objects.filter(code__in=self.codes).order_by("code").values_list(
            "pk", "code", "name", "name_en", "unit", "kind", "automatic", "counts_levels",
            "form_items__level", "form_items__form__code", "form_items__form__section",
            "breakdown__categories__pk", "breakdown__categories__code", "breakdown__categories__name",
        )  # fmt: skip
        grouped: dict[str, list[tuple]] = defaultdict(list)
        for row in rows:
            grouped[row[1]].append(row)
        return {code: asked_of(found) for code, found in grouped.items()}

    @cached_property
    def others(self) -> list[Other]:
        """What is no data item: parameters with the value that held, projects and tasks whether done by the month."""
        codes = [code for code in self.codes if code not in self.asked]
        return [*self._parameters([one for one in codes if one[0] == "W"]), *self._completions(codes)]

    def _parameters(self, codes: Sequence[str]) -> list[Other]:
        if not codes:
            return []
        last = months.last_day(self.month)
        rows = Parameter.objects.filter(code__in=codes, in_use=True, valid_from__lte=last).order_by("valid_from")
        held = {row.code: row for row in rows.annotate(units=raw("value"))}
        return [Other(code, row.name, row.unit, row.units, row.valid_from) for code, row in held.items()]

    def _completions(self, codes: Sequence[str]) -> list[Other]:
        codes = [code for code in codes if code[0] in "PT"]
        if not codes:
            return []
        done = dict(Completion.objects.filter(county=self.at.county, code__in=codes).values_list("code", "month"))
        return [
            Other(code, "", "", UNITS if done.get(code, self.month + 1) <= self.month else 0, done.get(code))
            for code in codes
        ]

    @cached_property
    def sources(self) -> list[Source]:
        """Each data item the formula names, in the order of its codes; those inside months( ) by themselves."""
        texts = [text for text in (self.version.numerator, self.version.denominator, self.version.value) if text]
        plain = {ref for text in texts for ref in parsed(text).plain_refs if ref.code in self.asked}
        summed = {ref for text in texts for ref in parsed(text).stock_sum_refs if ref.code in self.asked}
        wanted = sorted([(ref, False) for ref in plain] + [(ref, True) for ref in summed], key=str)
        return [self._source(ref, summed) for ref, summed in wanted]

    @cached_property
    def _calendar(self) -> Calendar:
        window = Window(self.version.window)
        kinds = {one.item.kind for one in self.asked.values()}
        if window in OF_ONE_MONTH and ItemKind.YTD not in kinds:
            return Calendar(self.month, 1, self.month)
        first = Plan.objects.filter(county=self.at.county.pk).values_list("first_month", flat=True).get()
        return Calendar(first, max(1, self.month - first + 1), first)

    @cached_property
    def _towns(self) -> list[Place]:
        return self.tree.towns(self.month) if self.place.id == self.tree.county_id else []

    @cached_property
    def _totals(self) -> dict[tuple[int, int, int, int], queries.Item]:
        """(area, item, category, month) → the roll-up as the state shown has it, of the area and its towns."""
        ids = [one.item.id for one in self.asked.values() if not one.item.automatic]
        areas = [self.place.id, *(town.id for town in self._towns)]
        found = queries.items(self.at, areas=areas, items=ids)
        return {(one.area, one.item, one.category, one.month): one for one in found}

    @cached_property
    def _spans(self) -> list[Span]:
        flows = [one.item.id for one in self.asked.values() if one.item.kind == ItemKind.FLOW]
        if not flows or not any(version.spans_known for version in self.versions):
            return []
        return spans.known_at(self.at, flows)

    @cached_property
    def _corrected(self) -> list[tuple[int, int, dict]]:
        """(sequence of the release, month, line) of what was corrected in months released before; released only."""
        if self.at.release is None:
            return []
        found = PublishedMonth.objects.filter(county=self.at.county, sequence__lte=self.at.release.sequence)
        rows = found.order_by("sequence").values_list("sequence", "month", "version", "corrections")
        begun: dict[int, int] = {}  # month → the sequence of the release its totals are read from
        lines = []
        for sequence, month, version, corrections in rows:
            if self.at.versions.get(month) == version:
                begun[month] = sequence
            # a total of a span (补录合计) has no county total of a month: it is counted by itself
            cells = [line for line in corrections if (line["county_old"], line["county_new"]) != (None, None)]
            lines += [(sequence, line["month"], line) for line in cells]
        return [one for one in lines if one[1] in begun and one[0] > begun[one[1]]]

    @cached_property
    def _figures(self) -> dict[tuple[int, int], Figured]:
        """(place, item) → its approved figure, live, of the area itself and a town's villages."""
        ids = [one.item.id for one in self.asked.values() if not one.item.automatic]
        places = [place for place, _own in self._leaves(set(Area.Level.values))]
        asked = {level for one in self.asked.values() for level in one.forms}
        places = [place for place in places if place.level in asked]
        if not self.at.live or not places:
            return {}
        found: dict[tuple[int, int], dict] = defaultdict(dict)
        came: dict[tuple[int, int], int] = {}
        rows = Figure.objects.filter(
            county=self.tree.county_id, area__in=[place.id for place in places], item__in=ids, month=self.month
        ).annotate(units=raw("value"))
        for area, item, category, units, state, submission in rows.values_list(
            "area", "item", "category", "units", "state", "submission"
        ):
            found[area, item][category] = (units, state)
            came[area, item] = submission
        return {key: Figured(cells, came[key]) for key, cells in found.items()}

    @cached_property
    def _adjustments(self) -> list[Adjustment]:
        submissions = {one.submission for one in self._figures.values()}
        if not submissions:
            return []
        items = {item for _area, item in self._figures}
        lines = Adjustment.objects.filter(submission__in=submissions, item__in=items).select_related("by")
        return list(lines.annotate(upon=raw("typed"), units=raw("amount")))

    def _leaves(self, levels: set[str] | frozenset[str]) -> list[tuple[Place, bool]]:
        """The places that report by themselves below or at the area: (place, is it the area itself)."""
        own = [(self.place, True)] if self.place.level in levels else []
        if self.place.level != Area.Level.TOWN or Area.Level.VILLAGE not in levels:
            return own
        return own + [(one, False) for one in self.tree.villages(self.place.id, self.month)]

    def _source(self, ref: Ref, summed: bool) -> Source:
        asked = self.asked[ref.code]
        item = asked.item
        category = item.categories.get(ref.category, TOTAL) if ref.category else TOTAL
        terms = added(item.kind, Window(self.version.window), self._calendar, self.month, summed)
        added_up = [self._month(item, category, sign, month) for sign, month in terms]
        here = self._totals.get((self.place.id, item.id, category, self.month))
        expected = self.tree.expected(item.levels, self.month)[self.place.id]
        missing = unpack(here.missing) if here else 0 if item.automatic else expected
        below = [] if item.automatic else self._below(asked, category, missing)
        valid = self.tree.valid(self.month)
        absent = [
            valid[at] for number, at in sorted(self.tree.by_number.items()) if missing >> number & 1 and at in valid
        ]
        return Source(
            ref, asked, summed, added_up, self._counted(item, category, added_up), below,
            sorted(absent, key=lambda place: place.code), self._adjusted(item, category, below),
        )  # fmt: skip

    def _month(self, item: Item, category: int, sign: int, month: int) -> Month:
        expected = self.tree.expected(item.levels, month)[self.place.id].bit_count()
        if item.automatic:
            return Month(sign, month, expected * UNITS, expected, expected, True)
        released = self.at.live or month in self.at.versions
        found = self._totals.get((self.place.id, item.id, category, month))
        units = found.total if found else None
        if released and month != self.month:
            units = self._restated(item, category, month, units)
        reported = found.reported if found else 0
        return Month(sign, month, units, reported, found.expected if found else expected, released)

    def _restated(self, item: Item, category: int, month: int, units: int | None) -> int | None:
        """A month's total as this release counted it: what was corrected between its own release and this one."""
        for _sequence, when, line in self._corrected if self.at.release is not None else ():
            if when != month or line["item"] != item.code or category not in (TOTAL, line["category"]):
                continue
            place = next((one for one in self.tree.valid(month).values() if one.code == line["area"]), None)
            if place is not None and spans.within(self.tree, self.place.id, place.id, month):
                units = (units or 0) + (line["new"] or 0) - (line["old"] or 0)
        return units

    def _counted(self, item: Item, category: int, added_up: Sequence[Month]) -> list[tuple[Span, bool]]:
        if not added_up or item.kind != ItemKind.FLOW:
            return []
        first = added_up[0].month
        return [
            (span, first <= span.first and span.last <= self.month)
            for span in spans.of_item(self._spans, item, category)
            if first <= span.last
            and span.first <= self.month
            and spans.within(self.tree, self.place.id, span.area, span.last)
        ]

    def _below(self, asked: Asked, category: int, missing: int) -> list[Below]:
        sections = {level: [section] for level, (_form, section) in asked.forms.items()}
        may = history.readable(self.user, self.tree, self.month, sections)
        towns = [self._town(asked.item, category, town) for town in self._towns]
        found = [one for one in towns if one.expected]
        for place, own in self._leaves(asked.item.levels):
            there = not missing >> place.number & 1
            figure = self._figures.get((place.id, asked.item.id)) if may(place.id) else None
            if self.at.live:
                units, told = units_of(figure, asked.item, category), may(place.id)
            else:
                units = self._left_over(asked.item, category, found) if own and there else None
                told = own and units is not None
            line = Below(place, own, units, int(there), 1, told, figure, may(place.id))
            found.insert(0, line) if own else found.append(line)
        return found

    def _town(self, item: Item, category: int, town: Place) -> Below:
        found = self._totals.get((town.id, item.id, category, self.month))
        expected = self.tree.expected(item.levels, self.month)[town.id].bit_count()
        if found is None:
            return Below(town, False, None, 0, expected, True)
        return Below(town, False, found.total, found.reported, found.expected, True)

    def _left_over(self, item: Item, category: int, towns: Sequence[Below]) -> int | None:
        """The area's own figure in a release: its total without the towns'; not told where villages are in it too."""
        total = self._totals.get((self.place.id, item.id, category, self.month))
        if total is None or (self.place.level == Area.Level.TOWN and Area.Level.VILLAGE in item.levels):
            return None
        return total.total - sum(one.units or 0 for one in towns)

    def _adjusted(self, item: Item, category: int, below: Sequence[Below]) -> list[Adjustment]:
        """The lines reviewers added that are in the figures as they stand."""
        readable = {one.place.id: one.figure for one in below if one.figure is not None}
        lines = [
            one for one in self._adjustments
            if one.item == item.id and one.area in readable and category in (TOTAL, one.category)
            and one.submission == readable[one.area].submission
        ]  # fmt: skip
        sums: dict[tuple[int, int, int], int] = defaultdict(int)
        for one in lines:
            sums[one.area, one.category, one.upon] += one.units
        return [
            one
            for one in lines
            if readable[one.area].cells.get(one.category, (None,))[0]
            == one.upon + sums[one.area, one.category, one.upon]
        ]
