"""The meeting page (会商一页纸) of a month: thin; what a leader takes into the meeting on one sheet of paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from indicators import pages, wording
from indicators.shown import shown_indicators
from indicators.stated import finding
from reports import meeting_page as compose
from tasks import decision_page, decision_slips, decisions, extension_requests


@require_safe
@requires(Permission.READ_RELEASES)
def meeting(request: HttpRequest) -> HttpResponse:
    """Not kept: requests come and go with entry, which leaves kept pages of a release as they are."""
    at = pages.reading(request)
    if at.month is None:
        return render(request, "reports/meeting.html", {"empty": pages.empty(at), "title": _("会商一页纸")})
    core = [one for one in shown_indicators(at) if one.indicator.core]
    today = clock.today_in(installation_of(request))
    every = list(decisions.all_decisions(at.county.pk).filter(month__lte=at.month))
    before = decision_page.in_order(compose.earlier(every, at.month), today)
    new = decision_page.in_order([one for one in every if one.month == at.month], today)
    names = decision_page.town_names([*before, *new], at.county.pk)
    slips = decision_slips.read([*before, *new])
    of_before = {one.pk: slips[one.pk] for one in before if one.pk in slips}
    before_words = [decision_page.summary(before, today) if before else "", decision_slips.summary(of_before, today)]
    new_url = pages.link(at, "decision_new")
    return render(
        request,
        "reports/meeting.html",
        {
            "title": _("会商一页纸"),
            "month_label": months.label(at.month),
            "finding": finding(core),
            "before_text": wording.together(before_words),
            "before": decision_slips.lines(before, slips, today, names, request.user),
            "today_text": compose.due_words(today),
            "to_decide": compose.to_decide(core, at.query, new_url),
            "others": compose.others(core, at.query),
            "unknown": compose.unknown(core),
            "requests": [
                *compose.requests(request.user, at.county.pk),
                *extension_requests.waiting(request.user, at.county.pk),
            ],
            "decided": decision_slips.lines(new, slips, today, names, request.user),
            "may_decide": can(request.user, Permission.DECIDE),
            "new_url": new_url,
            "list_url": reverse("decision_list"),
        },
    )
