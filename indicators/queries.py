"""The read side: which release or live state is shown, and the rows it is made of; for pages, exports and reports.

Everything returns plain tuples of ten-thousandths; indicators/presenters.py turns them into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple, TypeVar

from django.db.models import BigIntegerField, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from bureau import months
from bureau.authorization import Permission, can
from bureau.fields import raw
from bureau.models import Area, Installation, User
from bureau.remember import Remembered, mark_of
from indicators import frozen
from indicators.evaluate import NUMBERS
from indicators.models import (
    DataItem,
    Evaluation,
    Indicator,
    IndicatorVersion,
    Parameter,
    PublishedEvaluation,
    PublishedMonth,
    PublishedRollUp,
    Reading,
    RollUp,
    SpanTotal,
)

LIVE = "live"


class Row(NamedTuple):
    """One evaluation as read; every number in ten-thousandths or None."""

    area: int
    indicator: int
    reading: int
    month: int
    numerator: int | None
    denominator: int | None
    value: int | None
    month_value: int | None
    year_to_date: int | None
    plan_to_date: int | None
    completion: int | None
    schedule: int | None
    path_value: int | None
    lag: int | None
    remaining: int | None
    required: int | None
    pace3: int | None
    pace12: int | None
    pressure3: int | None
    pressure12: int | None
    target_value: int | None
    state: int
    reached: bool | None
    reported: int
    expected: int
    light: int
    rule: str
    target: int | None
    definition: int

    @property
    def covered(self) -> bool:
        return self.reported == self.expected


class Earlier(NamedTuple):
    """An evaluation of a month before the one shown, as far as series are drawn and months compared."""

    area: int
    indicator: int
    reading: int
    month: int
    value: int | None
    month_value: int | None
    path_value: int | None
    reported: int
    expected: int
    definition: int

    @property
    def covered(self) -> bool:
        return self.reported == self.expected


Read = TypeVar("Read", Row, Row | Earlier)
_MONTH = Row._fields.index("month")
_whole = itemgetter(slice(len(Row._fields)))
_part = itemgetter(*(Row._fields.index(name) for name in Earlier._fields))
_every: Remembered[list[Reading]] = Remembered(1)
_published: Remembered[list[PublishedMonth]] = Remembered(1)
_COLUMNS = ("area", "indicator", "reading", "month")
_OTHERS = ("state", "reached", "reported", "expected", "light", "rule", "target", "definition")


@dataclass(frozen=True)
class ReadAt:
    """What a page shows: a month, as released (`release`) or live (`release` None and `live` True)."""

    county: Area
    month: int | None
    release: PublishedMonth | None
    live: bool
    versions: Mapping[int, int]  # month -> the version a reader of this release sees
    releases: tuple[PublishedMonth, ...]  # newest month first, one (the last version) a month
    versions_here: tuple[PublishedMonth, ...] = ()  # every version of the month shown, newest first
    published: tuple[PublishedMonth, ...] = ()  # every release there is, newest first
    mark: int | None = None  # what was remembered of definitions holds under (bureau/remember.py)

    @property
    def query(self) -> str:
        """The ?month=&version= that names this state."""
        if self.month is None:
            return ""
        version = LIVE if self.live else str(self.release.version)
        return f"?month={months.iso(self.month)}&version={version}"


def read_at(installation: Installation, user: User, month: str | None, version: str | None) -> ReadAt:
    """Resolve ?month=&version=: by default the last month released, in its last version; Http404 for what is not there.

    `version=live` is for those who may read live figures.
    """
    county, mark = installation.county, mark_of(installation)
    found = _published.get(mark, county.pk, lambda: _releases_of(county))
    latest: dict[int, PublishedMonth] = {}
    for release in found:
        latest.setdefault(release.month, release)
    newest = tuple(latest[key] for key in sorted(latest, reverse=True))
    wanted = _month(month)
    if version == LIVE:
        if not can(user, Permission.READ_LIVE):
            raise Http404
        month_of = wanted or last_live_month(county.pk)
        return ReadAt(county, month_of, None, True, {}, newest, published=tuple(found), mark=mark)
    if wanted is None:
        if not newest:
            return ReadAt(county, None, None, False, {}, ())
        wanted = newest[0].month
    release = latest.get(wanted)
    if version:
        release = next((one for one in found if one.month == wanted and str(one.version) == version), None)
    if release is None:
        raise Http404
    here = tuple(one for one in found if one.month == wanted)
    return ReadAt(county, wanted, release, False, _seen_by(release, found), newest, here, tuple(found), mark)


def at_release(release: PublishedMonth) -> ReadAt:
    """A release by itself, for jobs that act for nobody's eyes."""
    found = _releases_of(release.county)
    return ReadAt(release.county, release.month, release, False, _seen_by(release, found), ())


def _releases_of(county: Area) -> list[PublishedMonth]:
    """Every release, newest first."""
    return list(PublishedMonth.objects.filter(county=county).defer("evidence").order_by("-sequence"))


def _seen_by(release: PublishedMonth, found: Sequence[PublishedMonth]) -> dict[int, int]:
    """Month → the version a reader of `release` sees: the last one published before it. `found`: newest first."""
    versions: dict[int, int] = {}
    for one in found:
        if one.sequence <= release.sequence:
            versions.setdefault(one.month, one.version)
    versions[release.month] = release.version
    return versions


def _month(text: str | None) -> int | None:
    if not text:
        return None
    try:
        return months.parse(text)
    except ValueError:
        raise Http404 from None


def last_live_month(county: int) -> int | None:
    """The last month with any approved figure."""
    return RollUp.objects.filter(county=county).aggregate(last=Max("month"))["last"]


def rows(
    at: ReadAt,
    *,
    areas: Collection[int],
    indicators: Collection[int] | None = None,
    month: int | None = None,
    since: int | None = None,
    versions: list[tuple[Row, int]] | None = None,
) -> list[Row]:
    """Evaluations of these areas up to the month shown (or of just `month`, or none before `since`), in no order.

    `versions` is given the rows as released with their versions: of a release every row read, those that a later
    version replaced among them; beside live figures the county's, with the same query.
    """
    if at.month is None:
        return []
    model = Evaluation if at.live else PublishedEvaluation
    found = model.objects.filter(county=at.county.pk, area__in=areas)
    found = found.filter(month=month) if month is not None else found.filter(month__lte=at.month)
    if since is not None:
        found = found.filter(month__gte=since)
    if indicators is not None:
        found = found.filter(indicator__in=indicators)
    columns = [*_COLUMNS, *(raw(name) for name in NUMBERS), *_OTHERS]
    if at.live:
        if versions is None:
            return [Row(*row) for row in found.values_list(*columns)]
        released = PublishedEvaluation.objects.filter(county=at.county.pk, area=at.county.pk, month__lte=at.month)
        if indicators is not None:
            released = released.filter(indicator__in=indicators)
        live = found.annotate(version=Value(0)).values_list(*columns, "version")
        both = live.union(released.values_list(*columns, "version"), all=True)
        read = [(Row(*row), version) for *row, version in both]
        versions += [pair for pair in read if pair[1]]
        return [row for row, version in read if not version]
    found = found.filter(version__lte=max(at.versions.values(), default=0))
    read = [(Row(*row), version) for *row, version in found.values_list(*columns, "version")]
    if versions is not None:
        versions += read
    return [row for row, version in read if at.versions.get(row.month) == version]


def narrow_rows(at: ReadAt, *, areas: Collection[int]) -> list[Row | Earlier]:
    """Evaluations of the month shown, and of the months before a third of each; one query."""
    if at.month is None:
        return []
    model = Evaluation if at.live else PublishedEvaluation
    found = model.objects.filter(county=at.county.pk, area__in=areas)
    if not at.live:
        found = found.filter(version__lte=max(at.versions.values(), default=0))
    version = [] if at.live else ["version"]
    whole = [raw(name) if name in NUMBERS else name for name in Row._fields]
    nothing = Value(None, output_field=BigIntegerField())
    part = [column if name in Earlier._fields else nothing for name, column in zip(Row._fields, whole, strict=True)]
    now = found.filter(month=at.month).values_list(*whole, *version)
    before = found.filter(month__lt=at.month).values_list(*part, *version)
    read: list[Row | Earlier] = []
    for row in now.union(before, all=True):
        month = row[_MONTH]
        if at.live or at.versions.get(month) == row[-1]:
            read.append(Row._make(_whole(row)) if month == at.month else Earlier._make(_part(row)))
    return read


class Item(NamedTuple):
    """A roll-up as read: total in ten-thousandths with its coverage."""

    area: int
    item: int
    category: int
    month: int
    total: int
    reported: int
    expected: int
    missing: str


def items(
    at: ReadAt, *, areas: Collection[int], items: Collection[int] | None = None, month: int | None = None
) -> list[Item]:
    """Roll-ups of these data items (of all of them) up to the month shown, or of just `month`."""
    if at.month is None:
        return []
    model = RollUp if at.live else PublishedRollUp
    found = model.objects.filter(county=at.county.pk, area__in=areas)
    found = found.filter(month=month) if month is not None else found.filter(month__lte=at.month)
    if items is not None:
        found = found.filter(item__in=items)
    columns = ("area", "item", "category", "month", raw("total"), "reported", "expected", "missing")
    if at.live:
        return [Item(*row) for row in found.values_list(*columns)]
    return [
        Item(*row) for *row, version in found.values_list(*columns, "version") if at.versions.get(row[3]) == version
    ]


def official_readings(core: bool | None = None, at: ReadAt | None = None) -> list[Reading]:
    """The official readings with indicator, domain, section and `window`, in catalogue order, clauses prefetched.

    Those of the release where `at` is one.
    """

    def these(wanted: Q) -> list[Reading]:
        return list(_readings().filter(wanted if core is None else wanted & Q(indicator__core=core)))

    return frozen.readings(at, these(Q(official=True)), lambda ids: these(Q(pk__in=ids)))


def all_readings(mark: int | None = None) -> list[Reading]:
    """The same of every reading, official or not; as remembered under the mark, not to be changed."""
    return _every.get(mark, None, lambda: list(_readings()))


def _readings() -> QuerySet[Reading]:
    newest = IndicatorVersion.objects.current().filter(reading=OuterRef("pk")).order_by("-from_month")
    return (
        Reading.objects.annotate(window=Coalesce(Subquery(newest.values("window")[:1]), Value("")))
        .select_related("indicator__domain__clause", "indicator__section")
        .prefetch_related(Prefetch("indicator__clauses", to_attr="clauses_read"))  # a list: no query set a row
        .order_by("indicator__order", "indicator__code")
    )


def by_reading(found: Collection[Read]) -> dict[tuple[int, int, int], list[Read]]:
    """(area, indicator, reading) → its rows by month."""
    grouped: dict[tuple[int, int, int], list[Read]] = defaultdict(list)
    for row in sorted(found, key=lambda one: one.month):
        grouped[row.area, row.indicator, row.reading].append(row)
    return grouped


def versions_of(code: str, *, clauses: bool = True) -> list[IndicatorVersion]:
    """The definition versions of an indicator, its readings, clauses, domain and section with them; empty for none.

    `spans_known` tells with the same query whether there are totals of spans (补录合计) at all to look for.
    """
    found = (
        IndicatorVersion.objects.filter(reading__indicator__code=code)
        .annotate(spans_known=Exists(SpanTotal.objects.all()))
        .select_related("reading__indicator__domain__clause", "reading__indicator__section")
        .order_by("reading__number", "from_month", "pk")
    )
    return list(found.prefetch_related("reading__indicator__clauses") if clauses else found)


def indicator_by_code(code: str) -> Indicator:
    """Http404 where there is none."""
    found = Indicator.objects.select_related("domain__clause", "section").prefetch_related("clauses").filter(code=code)
    indicator = found.first()
    if indicator is None:
        raise Http404
    return indicator


class Part(NamedTuple):
    """A data item or parameter as the definition of an indicator lists it; `kind` empty for a parameter."""

    code: str
    name: str
    name_en: str
    unit: str
    kind: str
    automatic: bool


def parts(codes: Collection[str]) -> dict[str, Part]:
    """The data items and parameters of these codes, in one query."""
    named = Parameter.objects.filter(code__in=codes, in_use=True).order_by()
    named = named.annotate(name_en=Value(""), kind=Value(""), automatic=Value(False))
    items = DataItem.objects.filter(code__in=codes).order_by()
    found = items.values_list(*Part._fields).union(named.values_list(*Part._fields))
    return {row[0]: Part(*row) for row in found}
