"""The indicator page and its CSV: one indicator in the county and its towns, as released or live."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from bureau.fields import from_units
from bureau.kept import kept
from bureau.language import localized
from bureau.places import Tree
from indicators import definition_page as define
from indicators import frozen, pages, queries, spans, wording
from indicators import indicator_page as page
from indicators.definitions import version_refs
from indicators.models import IndicatorVersion, Reading, Target
from indicators.queries import ReadAt, Row
from indicators.shown import Shown, place_words, target_in, town_words


@dataclass(frozen=True)
class _Page:
    """Everything the page is composed of, read once."""

    shown: Shown
    towns: dict[int, Shown]
    readings: list[tuple[Reading, list[Row], Target | None]]
    versions: list[IndicatorVersion]
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
    if versions:
        found = queries.by_reading(queries.rows(at, areas=tree.stores, indicators=[official.indicator_id]))
        standing = Target.objects.filter(reading__in=list(readings)).order_by("end_month")
        for target in frozen.targets(at, standing):
            targets[target.reading_id, target.area_id].append(target)

    def at_area(reading: Reading, area: int) -> tuple[list[Row], Target | None]:
        rows = found.get((area, reading.indicator_id, reading.number), [])
        return rows, target_in(targets.get((reading.pk, area), ()), at.month)

    window = next((v.window for v in reversed(versions) if v.reading_id == official.pk), "")
    series, target = at_area(official, at.county.pk)
    shown = Shown(official, series, at.month or 0, target, window, place_words(at, tree))
    towns = {}
    for area in tree.stores[1:]:
        rows, own = at_area(official, area)
        towns[area] = replace(shown, series=rows, target=own, places=town_words(tree, area, at.month))
    per_reading = [(reading, *at_area(reading, at.county.pk)) for reading in readings.values()]
    return _Page(shown, towns, per_reading, versions, tree)


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    at = pages.reading(request)
    read = _read(at, code)
    shown = read.shown
    names = [(place.id, place.label, place.code) for place in read.tree.towns(at.month)] if at.month else []
    others = [
        (reading, wording.target(target, shown.indicator), _value_at(series, at, shown))
        for reading, series, target in read.readings
    ]
    domain = shown.indicator.domain
    known = shown.summing and any(version.spans_known for version in read.versions)
    codes = {ref.code for version in read.versions for ref in version_refs(version)}
    whole = spans.counted_in(at, codes) if known else []
    return render(
        request,
        "indicators/indicator.html",
        {
            "breadcrumb": [
                {"label": _("指标"), "url": pages.link(at, "indicator_list")},
                {
                    "label": wording.domain(domain),
                    "url": pages.link(at, "indicator_list", domain=domain.code if domain else "0"),
                },
                {"label": shown.indicator.code, "url": ""},
            ],
            "code": shown.indicator.code,
            "name": localized(shown.indicator),
            "headline": page.headline(shown),
            "light": int(shown.light),
            "light_word": wording.light(shown.light),
            "rule": define.rule_text(shown),
            "owner": localized(shown.indicator.section),
            "standing_pending": shown.pending,
            "csv_url": reverse("indicator_csv", args=[code]) + at.query,
            "facts": page.facts(shown),
            "chart_json": page.chart(shown, whole),
            "chart_title": _("%(name)s：实绩、时序与目标") % {"name": localized(shown.indicator)},
            "chart_note": _("单位：%(u)s") % {"u": wording.unit_of(shown.indicator)},
            "chart_table": page.chart_table(shown),
            "monthly_json": page.monthly_chart(shown),
            "monthly_title": _("每月新增"),
            "monthly_note": _("单位：%(u)s") % {"u": wording.unit_of(shown.indicator)},
            "workback": page.workback(shown),
            "towns": page.town_rows(names, read.towns, shown, at.query),
            "months_head": page.months_head(shown),
            "months_value_head": _("累计") if shown.summing else _("值"),
            "months": page.month_rows(shown, at, _corrected(at), whole),
            "definition": define.definition(shown, read.versions, others),
            "empty": pages.empty(at) or {"title": _("本月没有审定数"), "text": _("所需的填报项还没有审核。")},
        },
    )


def _value_at(series: list, at: ReadAt, shown: Shown) -> str:
    row = next((one for one in series if one.month == at.month), None)
    return (
        wording.with_unit(wording.value(row, shown.indicator), shown.indicator) if row and row.value is not None else ""
    )


def _corrected(at: ReadAt) -> dict[int, str]:
    """Months with a correction in the release shown."""
    if at.release is None:
        return {}
    return {line["month"]: _("更正") for line in at.release.corrections}


COLUMNS = (
    "month", "area", "indicator", "reading", "value", "numerator", "denominator", "month_value", "year_to_date",
    "plan_to_date", "path", "target", "completion", "lag", "reported", "expected", "light",
)  # fmt: skip


@require_safe
@requires(Permission.READ_RELEASES)
def indicator_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The indicator's months for the county and its towns, every number as stored (UTF-8 with BOM)."""
    at = pages.reading(request)
    found = queries.indicator_by_code(code)
    tree = Tree(at.county.pk)
    names = dict(Reading.objects.filter(indicator=found).values_list("number", "code"))
    text = io.StringIO()
    writer = csv.writer(text)
    if pages.is_demonstration(at, request):
        writer.writerow([_("演示数据")])
    writer.writerow(COLUMNS)
    for row in queries.rows(at, areas=tree.stores, indicators=[found.pk]):
        numbers = (
            row.value, row.numerator, row.denominator, row.month_value, row.year_to_date, row.plan_to_date,
            row.path_value, row.target_value, row.completion, row.lag,
        )  # fmt: skip
        writer.writerow(
            [
                months.iso(row.month), tree.codes[row.area], code, names.get(row.reading, row.reading),
                *("" if n is None else format(from_units(n).normalize(), "f") for n in numbers),
                row.reported, row.expected, wording.light(row.light),
            ]
        )  # fmt: skip
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return response
