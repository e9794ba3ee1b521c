"""The equality page (均等化) of a chosen indicator and its CSV: as released, or live; thin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from bureau.kept import kept
from bureau.language import localized
from bureau.tables_out import table_response
from indicators import equality_annex as annex
from indicators import equality_page as page
from indicators import pages, wording
from indicators.equality_read import Gathered, Kind, gather
from indicators.equality_series import A_YEAR, series_of
from indicators.realisation import realise


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def equality(request: HttpRequest) -> HttpResponse:
    """Gaps between town and country, towns and groups, with their course; measures and 实现度 in the annex."""
    at = pages.reading(request)
    if at.month is None:
        return render(request, "indicators/equality.html", {"empty": pages.empty(at)})
    found = gather(at, request.GET.get("indicator", ""))
    if found.chosen is None:
        empty = {"title": _("没有可比较的指标"), "text": _("在“设置”的均等化比较与权重里选定指标后，这里才有数。")}
        return render(request, "indicators/equality.html", {"empty": empty})
    indicator = found.chosen.indicator
    context = {
        "headline": page.headline(found),
        "chosen": {
            "name": localized(indicator),
            "code": indicator.code,
            "url": pages.link(at, "indicator", indicator.code),
            "unit": wording.unit_of(indicator),
        },
        "choices": _choices(found),
        "kept": {"month": request.GET.get("month", ""), "version": request.GET.get("version", "")},
        "csv_url": pages.link(at, "equality_csv", indicator=indicator.code),
        "matrix_url": pages.link(at, "matrix"),
        "month_label": months.label(at.month),
        "realisation": annex.realisation(realise(found), at.query),
    }
    between = _pair if found.chosen.role.kind == Kind.PAIR else _places
    return render(request, "indicators/equality.html", context | between(found))


def _choices(found: Gathered) -> list[dict]:
    """The field of the form that chooses an indicator."""
    options = [
        {
            "value": one.indicator.code,
            "label": f"{one.indicator.code} {localized(one.indicator)}",
            "chosen": one is found.chosen,
        }
        for one in found.choices
    ]
    return [{"name": "indicator", "label": _("指标"), "options": options}]


def _pair(found: Gathered) -> dict:
    return {"pair": page.pair(found, found.at.month - A_YEAR)}


def _places(found: Gathered) -> dict:
    series = series_of(found)
    since = series.since
    return {
        "facts": page.facts(found),
        "basis": page.basis(found),
        "gap_chart": page.gap_chart(found),
        "gap_table": page.gap_table(found),
        "gap_sentence": page.gap_sentence(found, series),
        "why_no_sides": "" if page.sides(found, found.at.month) else page.why_no_sides(found),
        "range_chart": page.range_chart(found),
        "range_table": page.range_table(found),
        "range_sentence": page.words.town_movement(since, series.movement, found.chosen.indicator) if since else "",
        "towns": page.towns(found, series),
        "shares_sentence": page.shares_sentence(found, series),
        "below_sentence": page.below_sentence(found),
        "groups": page.groups(found),
        "measures": annex.measures(found, series),
        "by_month": annex.by_month(found, series),
        "theil_chart": annex.theil_chart(series),
        "theil_table": annex.theil_table(series),
    }


@require_safe
@requires(Permission.READ_RELEASES)
def equality_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The chosen indicator's places, parts and measures month by month, and 实现度 of the month shown."""
    at = pages.reading(request)
    lines = []
    name = "equality"
    if at.month is not None:
        found = gather(at, request.GET.get("indicator", ""))
        if found.chosen is not None:
            places = found.chosen.role.kind == Kind.PLACES
            lines = list(annex.lines(found, series_of(found) if places else None, realise(found)))
            name = f"{_('均等化')}-{found.chosen.indicator.code}-{months.iso(at.month)}"
    mark = pages.is_demonstration(at, request)
    return table_response(name, annex.HEAD, lines, ending=ending, demonstration=mark)
