"""The dynamic-zero page (动态归零) and its CSV: zero-employment households found, closed and open; thin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from bureau.kept import kept
from bureau.language import joined
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import pages
from indicators import zero_page as page
from indicators.queries import ReadAt
from indicators.shown import place_words, town_words


def _area(at: ReadAt, tree: Tree, code: str) -> tuple[int, str]:
    """The county, or the town of ?area=; Http404 for what is no town of the month."""
    if not code:
        return at.county.pk, _("全县")
    town = next((one for one in tree.towns(at.month or 0) if one.code == code), None)
    if town is None:
        raise Http404
    return town.id, town.label


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def zero(request: HttpRequest) -> HttpResponse:
    """The county, or with ?area= a town: every month; and each town in the month shown."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    area, name = _area(at, tree, request.GET.get("area", ""))
    found = page.read(at, tree.stores)
    series = found.get(area, [])
    words = place_words(at, tree) if area == at.county.pk else town_words(tree, area, at.month)
    short = page.not_covered(series, at.month) if series and at.month is not None else []
    return render(
        request,
        "indicators/zero.html",
        {
            "breadcrumb": [
                {"label": _("指标"), "url": pages.link(at, "indicator_list")},
                {"label": _("动态归零"), "url": pages.link(at, "zero") if area != at.county.pk else ""},
                *([{"label": name, "url": ""}] if area != at.county.pk else []),
            ],
            "name": name,
            "period": page.period(at.month) if at.month is not None else "",
            "sentence": page.sentence(series, at.month) if series and at.month is not None else "",
            "short": _("%(m)s没有报齐，不作汇总。") % {"m": joined([months.label(one) for one in short])}
            if short
            else "",
            "heads": page.heads(),
            "towns": page.town_rows(at, tree, found, place_words(at, tree)) if series else [],
            "months": page.month_rows(series, words),
            "chart": page.chart(series),
            "chart_table": page.chart_table(series),
            "csv_url": pages.link(at, "zero_csv"),
            "indicator_url": pages.link(at, "indicator", "A15"),
            "empty": pages.empty(at) or {"title": _("没有审定数"), "text": _("所需的填报项还没有审核。")},
        },
    )


HEAD = ("month", "area", "found", "closed", "within", "open", "overdue", "within_share", "reported", "expected")


@require_safe
@requires(Permission.READ_RELEASES)
def zero_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The county and all towns, every month up to the one shown."""
    at = pages.reading(request)
    tree = Tree(at.county.pk)
    rows = page.csv_rows(page.read(at, tree.stores), tree)
    mark = pages.is_demonstration(at, request)
    return table_response(_("动态归零"), HEAD, rows, ending=ending, demonstration=mark)
