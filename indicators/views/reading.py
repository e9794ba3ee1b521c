"""The indicator page and its CSV: one indicator in the county and its towns, as released or live."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, requires
from bureau.fields import from_units
from bureau.places import Tree
from indicators import indicator_page as page
from indicators import pages, queries, wording
from indicators.models import IndicatorVersion, Reading, Target
from indicators.queries import ReadAt
from indicators.shown import Shown, place_words, target_in


def _shown(at: ReadAt, code: str) -> tuple[Shown, dict[int, Shown], list[tuple[Reading, list, Target | None]]]:
    """The official reading in the county, the same by town, and every reading with its rows and target."""
    indicator = queries.indicator_by_code(code)
    readings = list(Reading.objects.filter(indicator=indicator).prefetch_related("versions", "targets"))
    tree = Tree(at.county.pk)
    found = queries.by_reading(queries.rows(at, areas=tree.stores, indicators=[indicator.pk]))
    places, per_reading, official, towns = place_words(at), [], None, {}
    for reading in readings:
        reading.indicator = indicator
        targets = sorted((t for t in reading.targets.all() if t.area_id == at.county.pk), key=lambda t: t.end_month)
        series = found.get((at.county.pk, indicator.pk, reading.number), [])
        target = target_in(targets, at.month)
        per_reading.append((reading, series, target))
        if reading.official:
            versions = sorted(reading.versions.all(), key=lambda v: v.from_month)
            window = versions[-1].window if versions else ""
            official = Shown(reading, series, at.month or 0, target, window, places)
            for area in tree.stores[1:]:
                own = [t for t in reading.targets.all() if t.area_id == area]
                rows = found.get((area, indicator.pk, reading.number), [])
                towns[area] = replace(official, series=rows, target=target_in(own, at.month))
    if official is None:
        raise Http404
    return official, towns, per_reading


@requires(Permission.READ_RELEASES)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    at = pages.reading(request)
    shown, towns, per_reading = _shown(at, code)
    names = [(place.id, place.name) for place in Tree(at.county.pk).towns(at.month)] if at.month else []
    versions = IndicatorVersion.objects.filter(reading__indicator=shown.indicator)
    others = [(reading, wording.target(target, shown.indicator), _value_at(series, at, shown)) for reading, series, target in per_reading]
    domain = shown.indicator.domain
    return render(
        request,
        "indicators/indicator.html",
        {
            "breadcrumb": [
                {"label": _("指标"), "url": reverse("overview") + at.query},
                {"label": f"{domain.code}、{domain.name}" if domain else _("总体要求"), "url": ""},
                {"label": shown.indicator.code, "url": ""},
            ],
            "code": shown.indicator.code,
            "name": shown.indicator.name,
            "headline": page.headline(shown),
            "light": int(shown.light),
            "light_word": wording.light(shown.light),
            "rule": page.rule_text(shown),
            "owner": shown.indicator.section.name,
            "standing_pending": shown.pending,
            "picker": pages.picker(at, request.path),
            "release": pages.release_note(at),
            "csv_url": reverse("indicator_csv", args=[code]) + at.query,
            "facts": page.facts(shown),
            "chart_json": page.chart(shown),
            "chart_title": _("%(name)s：实绩、时序与目标") % {"name": shown.indicator.name},
            "chart_note": _("单位：%(u)s") % {"u": shown.indicator.unit},
            "chart_table": page.chart_table(shown),
            "monthly_json": page.monthly_chart(shown),
            "monthly_title": _("每月新增"),
            "monthly_note": _("单位：%(u)s") % {"u": shown.indicator.unit},
            "workback": page.workback(shown),
            "towns": page.town_rows(names, towns),
            "months_head": [_("分子"), _("分母")],
            "months": page.month_rows(shown, at, _corrected(at)),
            "definition": page.definition(shown, versions, others),
            "empty": pages.empty(at) or {"title": _("本月没有审定数"), "text": _("所需的填报项还没有审核。")},
        },
    )


def _value_at(series: list, at: ReadAt, shown: Shown) -> str:
    row = next((one for one in series if one.month == at.month), None)
    return f"{wording.value(row, shown.indicator)} {shown.indicator.unit}" if row and row.value is not None else ""


def _corrected(at: ReadAt) -> dict[int, str]:
    """Months with a correction in the release shown."""
    if at.release is None:
        return {}
    return {line["month"]: _("更正") for line in at.release.corrections}


COLUMNS = (
    "month", "area", "indicator", "reading", "value", "numerator", "denominator", "month_value", "year_to_date",
    "plan_to_date", "path", "target", "completion", "lag", "reported", "expected", "light",
)  # fmt: skip


@requires(Permission.READ_RELEASES)
def indicator_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The indicator's months for the county and its towns, every number as stored (UTF-8 with BOM)."""
    at = pages.reading(request)
    found = queries.indicator_by_code(code)
    tree = Tree(at.county.pk)
    names = dict(Reading.objects.filter(indicator=found).values_list("number", "code"))
    text = io.StringIO()
    writer = csv.writer(text)
    if at.release.demonstration if at.release else pages.installation_of(request).demonstration:
        writer.writerow(["演示数据"])
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
