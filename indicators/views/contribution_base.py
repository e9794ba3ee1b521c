"""The contribution-base line (缴费基数底线) by month, its CSV and its workbook; thin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.exports import content_disposition, write_csv
from bureau.language import in_chinese
from indicators import contribution_base as base
from indicators import contribution_base_page as page
from indicators.models import Clause, Indicator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table(request: HttpRequest) -> base.Table:
    installation = installation_of(request)
    if installation is None:
        raise Http404
    return base.table(installation.county_id)


def _clause() -> Clause | None:
    """The plan's clause of the wage."""
    return Clause.objects.filter(parameters__code=base.WAGE).order_by("order").first()


@require_safe
@requires(Permission.READ_RELEASES)
def contribution_base(request: HttpRequest) -> HttpResponse:
    """Month by month from 2015 to 2017, with the wages it is made of and where they come from."""
    found = _table(request)
    clause = _clause()
    known = Indicator.objects.filter(code=base.MEASURED_BY).exists()
    return render(
        request,
        "indicators/contribution_base.html",
        {
            "breadcrumb": [
                {"label": _("方案"), "url": reverse("plan")},
                *([{"label": clause.number, "url": reverse("clause", args=[clause.number])}] if clause else []),
                {"label": _("缴费基数底线"), "url": ""},
            ],
            "headline": page.headline(found, clock.today_in(installation_of(request))),
            "share": page.per_cent(found.share),
            "clause": clause,
            "clause_url": reverse("clause", args=[clause.number]) if clause else "",
            "indicator": base.MEASURED_BY,
            "indicator_url": reverse("indicator", args=[base.MEASURED_BY]) if known else "",
            "rows": page.rows(found) if found.wages else [],
            "wages": page.wages(found),
            "pending": any(page.pending(one) for one in found.wages if one.in_use),
        },
    )


@require_safe
@requires(Permission.READ_RELEASES)
def contribution_base_csv(request: HttpRequest) -> HttpResponse:
    """The months, every number as worked out."""
    content = write_csv([page.HEAD, *page.lines(_table(request))])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition(f"{_('缴费基数底线')}.csv")
    return response


@require_safe
@requires(Permission.READ_RELEASES)
def contribution_base_xlsx(request: HttpRequest) -> HttpResponse:
    """The months as a workbook, Chinese whoever asks."""
    found, clause = _table(request), _clause()
    with in_chinese():
        content = page.book(found, clause.number if clause else "")
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition(f"{_('缴费基数底线')}.xlsx")
    return response
