"""My work (工作台): what is to be done, by whom, until when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from indicators import desk as work
from indicators.views.where import month_or_404


@requires(Permission.READ_SUBMISSIONS)
def desk(request: HttpRequest) -> HttpResponse:
    """My work (工作台): the forms of the month at the places of my grants."""
    asked = request.GET.get("month")
    today = clock.today_in(installation_of(request))
    month = month_or_404(asked) if asked else work.due_month(today)
    rows = work.rows(request.user, installation_of(request), month)
    return render(request, "indicators/desk.html", {"rows": rows, "picker": work.picker(request.path, month, today)})
