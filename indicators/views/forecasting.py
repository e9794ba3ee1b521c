"""Makes the forecast that an indicator's page waits for; thin: find what is shown, keep its forecast, lead back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.authorization import Permission, requires
from bureau.places import Place, Tree
from indicators import pages
from indicators.area_page import town_of
from indicators.forecasts import asked, keep
from indicators.past import past_of
from indicators.queries import ReadAt
from indicators.shown import Shown, shown_indicators


def place_of(request: HttpRequest, tree: Tree, at: ReadAt) -> Place | None:
    """The town of ?area=, None for the county; Http404 for what is no town of the month shown."""
    code = request.GET.get("area")
    if not code or code == at.county.code:
        return None
    found = town_of(tree, code, at.month)
    if found is None:
        raise Http404
    return found


def forecast_url(at: ReadAt, code: str, place: Place | None) -> str:
    """Where the forecast of this state is made."""
    return pages.link(at, "indicator_forecast", code, **({"area": place.code} if place else {}))


def places(
    at: ReadAt, code: str, towns: Mapping[int, Shown], names: Sequence[tuple[int, str, str]], current: str
) -> list[dict]:
    """The county and the towns that have a target of their own, to choose between; empty where no town has one."""
    found = [
        (label, area) for one, label, area in names if towns[one].target is not None and towns[one].row is not None
    ]
    if not found:
        return []
    return [
        {
            "label": label,
            "url": pages.link(at, "indicator", code, **({"area": area} if area else {})),
            "current": area == current,
        }
        for label, area in [(_("全县"), ""), *found]
    ]


@require_safe
@requires(Permission.READ_RELEASES)
def indicator_forecast(request: HttpRequest, code: str) -> HttpResponse:
    """Make the forecast unless it is kept; then the page it belongs to. A script's question is answered by a reload."""
    at = pages.reading(request)
    place = place_of(request, Tree(at.county.pk), at)
    area = place.id if place else at.county.pk
    found = [one for one in shown_indicators(at, area) if one.indicator.code == code]
    if not found:
        raise Http404
    wanted = asked(past_of(found[0]))
    if wanted is not None:
        keep(at, area, found[0], wanted)
    if request.htmx:
        answer = HttpResponse(status=204)
        answer.headers["HX-Refresh"] = "true"
        return answer
    return redirect(pages.link(at, "indicator", code, **({"area": place.code} if place else {})) + "#forecast")
