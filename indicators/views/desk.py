"""My work (工作台): what a person is to do, and the rest of his forms of a month."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, can
from bureau.context import installation_of
from indicators import desk as work
from indicators.views.where import month_or_404


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """403 for who has no forms and publishes nothing: leaders and administrators."""
    if not (can(request.user, Permission.READ_SUBMISSIONS) or can(request.user, Permission.PUBLISH)):
        raise PermissionDenied
    installation = installation_of(request)
    today = clock.today_in(installation)
    asked = request.GET.get("month")
    month = month_or_404(asked) if asked else work.due_month(today)
    groups = work.groups(request.user, installation, month)
    to_do = sum(len(group["rows"]) for group in groups if group["todo"])
    headline = _("要办 %(n)d 件") % {"n": to_do} if to_do else _("没有要办的事")
    return render(
        request,
        "indicators/desk.html",
        {
            "headline": [{"text": headline, "tone": ""}],
            "groups": groups,
            "counts": work.counts(groups),
            "picker": work.picker(request.path, month, today),
        },
    )
