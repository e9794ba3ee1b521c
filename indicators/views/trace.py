"""Where a value comes from (下钻): one indicator in the county or a town, in one month, as released or live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, can, requires
from bureau.language import localized
from indicators import pages
from indicators import trace_page as page
from indicators.queries import LIVE
from indicators.trace import Trace


@require_safe
@requires(Permission.READ_RELEASES)
def trace(request: HttpRequest, code: str, area: str) -> HttpResponse:
    """404 for villages, whose figures lead to their own history, and for what the month does not have."""
    at = pages.reading(request)
    found = Trace(at, request.user, code, area)
    name, here = localized(found.indicator), pages.link(at, "indicator", code)
    live = can(request.user, Permission.READ_LIVE) and not at.live
    below = found.place.id != at.county.pk
    live_url = f"{request.path}?month={months.iso(found.month)}&version={LIVE}"
    return render(
        request,
        "indicators/trace.html",
        {
            "breadcrumb": [
                {"label": _("指标"), "url": pages.link(at, "indicator_list")},
                {"label": code, "url": here},
                *([{"label": _("全县"), "url": pages.link(at, "trace", code, at.county.code)}] if below else []),
                {"label": _("数的来处"), "url": ""},
            ],
            "title": _("%(name)s：%(place)s %(month)s")
            % {"name": name, "place": found.place.label, "month": months.label(found.month)},
            "value": page.value(found),
            "unit": page.value_unit(found),
            "facts": page.facts(found),
            "formula": page.formula(found),
            "others": page.other_rows(found),
            "sources": page.sources(found),
            "depth_note": page.depth_note(found),
            "live_url": live_url if live else "",
            "csv_url": pages.link(at, "trace_csv", code, area),
        },
    )
