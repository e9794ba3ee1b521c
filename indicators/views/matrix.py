"""The matrix of towns and indicators with the schematic map: as released, or live; thin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from bureau.kept import kept
from indicators import listing, matrix_page, pages, wording


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def matrix(request: HttpRequest) -> HttpResponse:
    """?domain= narrows the columns, ?area=&indicator= pick a cell; what is not known picks nothing."""
    at = pages.reading(request)
    if at.month is None:
        return render(request, "indicators/matrix.html", {"empty": pages.empty(at)})
    asked = {name: request.GET.get(name, "") for name in ("domain", "area", "indicator")}
    found = matrix_page.gather(at, matrix_page.Chosen(**asked))
    return render(
        request,
        "indicators/matrix.html",
        {
            "headline": matrix_page.headline(found) if found.columns else [],
            "legend": [{"light": int(light), "word": wording.light(light)} for light in listing.LIGHTS],
            "fields": matrix_page.fields(found),
            "kept": {"month": request.GET.get("month", ""), "version": request.GET.get("version", "")},
            "table": matrix_page.table(found) if found.columns else None,
            "detail": matrix_page.detail(found),
            "map": matrix_page.tile_map(found),
            "month_label": months.label(at.month),
            "lists_url": pages.link(at, "area_list"),
            "csv_url": pages.link(at, "matrix_csv", domain=asked["domain"]),
            "equality_url": pages.link(at, "equality"),
            "empty": {
                "title": _("本月没有镇街的数"),
                "text": _("这些指标本月没有分镇街的值；换一个领域，或看全县指标。"),
            },
        },
    )
