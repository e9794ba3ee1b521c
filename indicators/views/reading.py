"""The indicator page and its CSV: one indicator in the county and its towns, as released or live."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, can, requires, scope
from bureau.fields import from_units
from bureau.kept import kept, passing
from bureau.language import localized
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import definition_page as define
from indicators import (
    doings,
    forecast_page,
    forecasts,
    frozen,
    made_good,
    pages,
    queries,
    readings_page,
    rule_text,
    spans,
    whatif_page,
    wording,
    workback_page,
)  # fmt: skip
from indicators import indicator_charts as charts
from indicators import indicator_page as page
from indicators.breaks import breaks
from indicators.definitions import version_refs
from indicators.forecasts import asked
from indicators.models import IndicatorVersion, Reading, Target
from indicators.past import past_of
from indicators.queries import ReadAt, Row
from indicators.shown import Shown, place_words, target_in, town_words
from indicators.views.forecasting import forecast_url, place_of, places


@dataclass(frozen=True)
class _Page:
    """Everything the page is composed of, read once."""

    shown: Shown
    towns: dict[int, Shown]
    readings: list[Shown]
    aims: dict[int, Target]
    versions: list[IndicatorVersion]
    released: list[tuple[Row, int]]
    tree: Tree


def _read(at: ReadAt, code: str) -> _Page:
    """The official reading in the county, the same by town, and every reading with its rows and target; Http404."""
    versions = queries.versions_of(code)
    readings = {version.reading_id: version.reading for version in versions}
    if not readings:  # a qualitative indicator has no formula
        indicator = queries.indicator_by_code(code)
        readings = {one.pk: one for one in indicator.readings.all()}
        for one in readings.values():
            one.indicator = indicator
    official = frozen.official(at, readings.values())
    if official is None:
        raise Http404
    tree = Tree(at.county.pk)
    found: dict[tuple[int, int, int], list[Row]] = {}
    targets: dict[tuple[int, int], list[Target]] = defaultdict(list)
    aims: dict[int, Target] = {}
    released: list[tuple[Row, int]] = []
    if versions:
        rows = queries.rows(at, areas=tree.stores, indicators=[official.indicator_id], versions=released)
        found = queries.by_reading(rows)
        standing = Target.objects.filter(reading__in=list(readings)).order_by("end_month")
        for target in frozen.targets(at, standing):
            targets[target.reading_id, target.area_id].append(target)
            aims[target.pk] = target

    def at_area(reading: Reading, area: int) -> tuple[list[Row], Target | None]:
        rows = found.get((area, reading.indicator_id, reading.number), [])
        return rows, target_in(targets.get((reading.pk, area), ()), at.month)

    places = place_words(at, tree)

    def in_county(reading: Reading) -> Shown:
        window = next((v.window for v in reversed(versions) if v.reading_id == reading.pk), "")
        series, target = at_area(reading, at.county.pk)
        changed = breaks(series, [version for version in versions if version.reading_id == reading.pk])
        return Shown(reading, series, at.month or 0, target, window, places, at.county.code, changed)

    shown = in_county(official)
    own_versions = [version for version in versions if version.reading_id == official.pk]
    towns = {}
    for area in tree.stores[1:]:
        rows, own = at_area(official, area)
        towns[area] = replace(
            shown,
            series=rows,
            target=own,
            places=town_words(tree, area, at.month),
            area_code=tree.codes[area],
            breaks=breaks(rows, own_versions),
        )
    per_reading = [in_county(reading) for reading in readings.values()]
    return _Page(shown, towns, per_reading, aims, versions, released, tree)


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    at = pages.reading(request)
    read = _read(at, code)
    place = place_of(request, read.tree, at)
    area = place.id if place else at.county.pk
    shown = read.towns[place.id] if place else read.shown
    past = past_of(shown)
    wanted = asked(past)
    forecast = forecasts.kept(at, area, shown, wanted) if past else None
    if wanted is not None and forecast is None:
        passing(request)  # it says that a forecast is being made
    version = define.in_force(read.shown, read.versions)
    corrected, known = _corrected(at), past.values if past else None
    names = [(place.id, place.label, place.code) for place in read.tree.towns(at.month)] if at.month else []
    others = [(one.reading, wording.target(one.target, one.indicator), _value_of(one)) for one in read.readings]
    red_months = made_good.released(at, area, shown.indicator.pk, shown.reading.number, read.released)
    with_spans = shown.summing and any(version.spans_known for version in read.versions)
    codes = {ref.code for version in read.versions for ref in version_refs(version)}
    whole = spans.counted_in(at, codes) if with_spans else []
    return render(
        request,
        "indicators/indicator.html",
        {
            "breadcrumb": _crumbs(at, shown),
            "code": shown.indicator.code,
            "name": localized(shown.indicator),
            "headline": page.headline(shown, at.query, place.label if place else ""),
            "light": int(shown.light),
            "light_word": wording.light(shown.light),
            "rule": rule_text.shown(shown),
            "readings": readings_page.side_by_side(read.readings, shown.reading.pk),
            "targets_url": f"{reverse('target_list')}?indicator={shown.indicator.code}",
            "shares_url": shares_url(request, shown),
            "owner": localized(shown.indicator.section),
            "owner_url": pages.link(at, "section", shown.indicator.section.code),
            "standing_pending": shown.pending,
            "csv_url": reverse("indicator_csv", args=[code]) + at.query,
            "doings": doings.found(request.user, shown, at),
            "facts": page.facts(shown, at.query),
            **charts.drawn(shown, whole, corrected, known, forecast_page.fan(shown, past, forecast)),
            "workback": workback_page.box(shown, past, version),
            "whatif": whatif_page.line(shown, past, request.GET.get("pace")),
            "kept_query": [(name, request.GET[name]) for name in ("month", "version", "area") if request.GET.get(name)],
            "forecast": forecast_page.section(shown, past, forecast, forecast_url(at, code, place)),
            "places": places(at, code, read.towns, names, place.code if place else ""),
            "towns": page.town_rows(names, read.towns, read.shown, at.query),
            "months_head": page.months_head(shown),
            "months_value_head": _("累计") if shown.summing else _("值"),
            "months": page.month_rows(
                shown,
                at,
                corrected,
                whole,
                made_good=made_good.notes(shown.series, red_months),
                aims=read.aims,
            ),
            "definition": define.definition(shown, read.versions, others),
            "empty": pages.empty(at) or {"title": _("本月没有审定数"), "text": _("所需的填报项还没有审核。")},
        },
    )


def _crumbs(at: ReadAt, shown: Shown) -> list[dict]:
    domain = shown.indicator.domain
    of_domain = pages.link(at, "indicator_list", domain=domain.code if domain else "0")
    return [
        {"label": _("指标"), "url": pages.link(at, "indicator_list")},
        {"label": wording.domain(domain), "url": of_domain},
        {"label": shown.indicator.code, "url": ""},
    ]


def _value_of(one: Shown) -> str:
    row = one.row
    return wording.with_unit(wording.value(row, one.indicator), one.indicator) if row and row.value is not None else ""


def shares_url(request: HttpRequest, shown: Shown) -> str:
    """Where the county's target is divided among the towns, for those who may."""
    if shown.target is None or not can(request.user, Permission.MANAGE_CATALOGUE):
        return ""
    held = scope(request.user, Permission.MANAGE_CATALOGUE)
    if not (held.everywhere or shown.indicator.section_id in held.sections):
        return ""
    return reverse("target_shares", args=[shown.target.pk])


def _corrected(at: ReadAt) -> dict[int, str]:
    """Months with a correction in the release shown."""
    if at.release is None:
        return {}
    return {line["month"]: _("更正") for line in at.release.corrections}


def _broken(rows: list[Row], versions: list[IndicatorVersion]) -> set[tuple[int, int, int]]:
    """(area, reading, month) of each row from which a changed definition holds."""
    found = set()
    for (area, _indicator, reading), series in queries.by_reading(rows).items():
        own = [version for version in versions if version.reading.number == reading]
        found |= {(area, reading, month) for month in breaks(series, own)}
    return found


COLUMNS = (
    "month", "area", "indicator", "reading", "value", "numerator", "denominator", "month_value", "year_to_date",
    "plan_to_date", "path", "target", "completion", "lag", "reported", "expected", "light", "definition_from", "break",
)  # fmt: skip


@require_safe
@requires(Permission.READ_RELEASES)
def indicator_csv(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The indicator's months for the county and its towns, every number as stored (UTF-8 with BOM)."""
    at = pages.reading(request)
    found = queries.indicator_by_code(code)
    tree = Tree(at.county.pk)
    names = dict(Reading.objects.filter(indicator=found).values_list("number", "code"))
    versions = queries.versions_of(code)
    begins = {version.pk: months.iso(version.from_month) for version in versions}
    rows = queries.rows(at, areas=tree.stores, indicators=[found.pk])
    rows.sort(key=lambda row: (row.month, tree.codes[row.area], row.reading))
    broken = _broken(rows, versions)
    lines = []
    for row in rows:
        numbers = (
            row.value, row.numerator, row.denominator, row.month_value, row.year_to_date, row.plan_to_date,
            row.path_value, row.target_value, row.completion, row.lag,
        )  # fmt: skip
        lines.append(
            [
                months.iso(row.month), tree.codes[row.area], code, names.get(row.reading, row.reading),
                *(None if n is None else from_units(n).normalize() for n in numbers),
                row.reported, row.expected, wording.light(row.light),
                begins.get(row.definition, ""), _("口径变更") if (row.area, row.reading, row.month) in broken else "",
            ]
        )  # fmt: skip
    return table_response(found.code, COLUMNS, lines, ending=ending, demonstration=pages.is_demonstration(at, request))
