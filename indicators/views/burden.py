"""What reporting asks of places (填报减负), and its CSV; the office, sections, and a town for itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, Scope, requires
from bureau.context import installation_of
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import burden_page as page
from indicators import desk as work
from indicators.burden import Burden, PlaceLine, held_by, sees_items
from indicators.views.where import month_or_404

TOLD = (Permission.REVIEW, Permission.PUBLISH, Permission.ENTER, Permission.CHECK_TOWN)


def _account(request: HttpRequest) -> tuple[Scope, Burden, list[PlaceLine]]:
    """The month's account within the reader's scope; Http404 where none of its sheets lies in it (a village)."""
    installation = installation_of(request)
    if installation is None:
        raise Http404
    asked, held = request.GET.get("month"), held_by(request.user)
    month = month_or_404(asked) if asked else work.due_month(clock.today_in(installation))
    account = Burden(Tree(installation.county_id), month)
    found = account.places(held)
    if not found:
        raise Http404
    return held, account, found


@require_safe
@requires(*TOLD)
def burden(request: HttpRequest) -> HttpResponse:
    held, account, found = _account(request)
    lines = account.lines() if sees_items(held) else []
    query = f"?month={months.iso(account.month)}"
    return render(
        request,
        "indicators/burden.html",
        {
            "breadcrumb": [{"label": _("填报"), "url": reverse("desk")}, {"label": _("填报减负"), "url": ""}],
            "headline": page.headline(lines) if lines else page.own_headline(found),
            "items": page.items(lines),
            "places": page.places(found),
            "picker": work.picker(request.path, account.month, clock.today_in(installation_of(request))),
            "items_csv": reverse("burden_items_csv") + query if lines else "",
            "places_csv": reverse("burden_places_csv") + query,
        },
    )


@require_safe
@requires(*TOLD)
def burden_items_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """404 for a town, which is told its own sheets alone."""
    held, account, _found = _account(request)
    if not sees_items(held):
        raise Http404
    return _table(request, _("填报项"), account.month, page.ITEM_HEAD, page.item_rows(account.lines()), ending)


@require_safe
@requires(*TOLD)
def burden_places_csv(request: HttpRequest, ending: str) -> HttpResponse:
    _held, account, found = _account(request)
    return _table(request, _("填报减负"), account.month, page.PLACE_HEAD, page.place_rows(found), ending)


def _table(
    request: HttpRequest, name: str, month: int, head: Sequence[str], rows: list[list], ending: str
) -> HttpResponse:
    mark = installation_of(request).demonstration
    return table_response(f"{name}-{months.iso(month)}", head, rows, ending=ending, demonstration=mark)
