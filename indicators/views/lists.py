"""The list of all indicators, its CSV, the list of towns and a town's page: as released, or live; thin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.fields import from_units
from bureau.kept import kept
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import area_page, area_parts, listing, pages, wording
from indicators.analysis.kinds import Light
from indicators.queries import ReadAt
from indicators.shown import Shown, place_words, shown_indicators


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def indicator_list(request: HttpRequest) -> HttpResponse:
    """The quantitative indicator system (量化指标体系): every measure, by domain."""
    at = pages.reading(request)
    shown = shown_indicators(at)
    chosen = listing.Filters.of(request.GET)
    wanted = chosen.applied(shown)
    core = sum(one.indicator.core for one in shown)

    def of_light(light: Light) -> str:
        query = request.GET.copy()
        query["light"] = str(int(light))
        return f"{request.path}?{query.urlencode()}"

    return render(
        request,
        "indicators/indicator_list.html",
        {
            "headline": [
                {"text": _("%(n)d 项核心指标、%(m)d 项监测指标") % {"n": core, "m": len(shown) - core}, "tone": ""}
            ],
            "counts": listing.counts([one for one in shown if one.indicator.core], of_light) if at.month else [],
            "fields": chosen.fields(shown),
            "kept": {"month": request.GET.get("month", ""), "version": request.GET.get("version", "")},
            "narrowed": _("筛选后 %(n)d 项") % {"n": len(wanted)} if chosen.active else "",
            "all_url": pages.link(at, "indicator_list"),
            "csv_url": _csv_url(request),
            "groups": listing.table(wanted, at.query),
            "empty": listing.nothing_left(pages.link(at, "indicator_list")),
            "unpublished": pages.empty(at),
        },
    )


def _csv_url(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("indicator_list_csv") + (f"?{query}" if query else "")


HEAD = (
    "code", "name", "kind", "domain", "clauses", "section", "unit", "month", "value", "target", "completion", "lag",
    "reported", "expected", "light",
)  # fmt: skip


@require_safe
@requires(Permission.READ_RELEASES)
def indicator_list_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The same list with the same filters, every number as stored."""
    at = pages.reading(request)
    wanted = listing.Filters.of(request.GET).applied(shown_indicators(at))
    name = f"{_('指标')}-{months.iso(at.month) if at.month is not None else ''}"
    mark = pages.is_demonstration(at, request)
    return table_response(name, HEAD, [_line(one, at) for one in wanted], ending=ending, demonstration=mark)


def _line(one: Shown, at: ReadAt) -> list:
    indicator, row = one.indicator, one.row
    numbers = (row.value, row.target_value, row.completion, row.lag) if row else (None,) * 4
    return [
        indicator.code,
        indicator.name,
        _("核心指标") if indicator.core else _("监测指标"),
        wording.domain(indicator.domain),
        " ".join(clause.number for clause in indicator.its_clauses),
        indicator.section.name,
        indicator.unit,
        months.iso(at.month) if at.month is not None else "",
        *(None if number is None else from_units(number).normalize() for number in numbers),
        row.reported if row else None,
        row.expected if row else None,
        wording.light(one.light),
    ]


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def area_list(request: HttpRequest) -> HttpResponse:
    """The towns of the month with their key indicators."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    table = area_page.town_table(at, tree, at.query)
    count = max(0, len(table["rows"]) - 1)
    return render(
        request,
        "indicators/area_list.html",
        {
            "headline": [{"text": _("%(n)d 个镇（街道）的主要指标") % {"n": count}, "tone": ""}]
            if count
            else [{"text": _("镇（街道）"), "tone": ""}],
            "table": table,
            "matrix_url": pages.link(at, "matrix"),
            "csv_url": pages.link(at, "area_list_csv"),
            "empty": pages.empty(at) or {"title": _("本月没有审定数"), "text": _("所需的填报项还没有审核。")},
        },
    )


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One town; 404 for villages, whose figures are not evaluated, and for what is no place of the month."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    town = area_page.town_of(tree, code, at.month)
    if town is None:
        raise Http404
    found = area_page.pairs(at, tree, town.id)
    return render(
        request,
        "indicators/area.html",
        {
            "breadcrumb": [
                {"label": _("镇（街道）"), "url": pages.link(at, "area_list")},
                {"label": town.label, "url": ""},
            ],
            "area_name": town.label,
            "csv_url": pages.link(at, "area_csv", code),
            "villages_csv": pages.link(at, "villages_csv", code),
            "headline": area_page.headline(town.label, found),
            "groups": area_page.groups(found, at, place_words(at, tree), code),
            "has_targets": any(pair.town.target for pair in found),
            "villages": area_page.villages(at, tree, town.id) if found else [],
            "parts": area_parts.found(request.user, town.id, clock.today_in(installation_of(request))),
            "others": [
                {"name": one.label, "url": pages.link(at, "area", one.code), "current": one.id == town.id}
                for one in (tree.towns(at.month) if at.month is not None else [])
            ],
            "empty": pages.empty(at)
            or {"title": _("本月没有审定数"), "text": _("这个镇（街道）本月还没有审核过的数。")},
        },
    )
