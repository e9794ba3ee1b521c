"""The meeting page (会商一页纸) of a month: thin; what a leader takes into the meeting on one sheet of paper."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.tables_out import Row, table_response
from indicators import pages, wording
from indicators.queries import ReadAt
from indicators.shown import Shown, shown_indicators
from indicators.stated import finding
from reports import meeting_page as compose
from tasks import decision_page, decision_slips, decisions, extension_requests
from tasks.models import Decision


@require_safe
@requires(Permission.READ_RELEASES)
def meeting(request: HttpRequest) -> HttpResponse:
    """Not kept: requests come and go with entry, which leaves kept pages of a release as they are."""
    at = pages.reading(request)
    if at.month is None:
        return render(request, "reports/meeting.html", {"empty": pages.empty(at), "title": _("会商一页纸")})
    core = _core(at)
    today = clock.today_in(installation_of(request))
    before, new = _decisions(at, today)
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
            "late_csv": pages.link(at, "meeting_late_csv") if compose.late(core) else "",
            "decisions_csv": pages.link(at, "meeting_decisions_csv") if before or new else "",
        },
    )


@require_safe
@requires(Permission.READ_RELEASES)
def meeting_late_table(request: HttpRequest, ending: str) -> HttpResponse:
    """Every core indicator that needs attention, in the page's order."""
    at = pages.reading(request)
    head, lines = compose.rows(_core(at) if at.month is not None else [])
    return _table(request, at, _("滞后指标"), head, lines, ending)


@require_safe
@requires(Permission.READ_RELEASES)
def meeting_decisions_table(request: HttpRequest, ending: str) -> HttpResponse:
    """What was decided before and is looked at again, then what this meeting decided."""
    at = pages.reading(request)
    today = clock.today_in(installation_of(request))
    before, new = _decisions(at, today) if at.month is not None else ([], [])
    names = decision_page.town_names([*before, *new], at.county.pk)
    head = [
        _("类别"), _("编号"), _("议定日期"), _("议定事项"), _("责任"), _("办结期限"), _("状态"), _("办结日期"),
        _("办结说明"),
    ]  # fmt: skip
    lines = [
        [
            kind, told["number"], told["decided_on"], told["text"], told["owner"], told["due_on"], told["word"],
            told["done_on"], told["done_note"],
        ]
        for kind, found in ((_("上次议定事项"), before), (_("本次议定"), new))
        for told in (decision_page.line(one, today, names) for one in found)
    ]  # fmt: skip
    return _table(request, at, _("议定事项"), head, lines, ending)


def _core(at: ReadAt) -> list[Shown]:
    return [one for one in shown_indicators(at) if one.indicator.core]


def _decisions(at: ReadAt, today: date) -> tuple[list[Decision], list[Decision]]:
    """What was decided in months before, as far as it is looked at again, and in the month shown."""
    assert at.month is not None
    every = list(decisions.all_decisions(at.county.pk).filter(month__lte=at.month))
    before = decision_page.in_order(compose.earlier(every, at.month), today)
    return before, decision_page.in_order([one for one in every if one.month == at.month], today)


def _table(request: HttpRequest, at: ReadAt, name: str, head: Row, lines: list, ending: str) -> HttpResponse:
    name = f"{name}-{months.iso(at.month) if at.month is not None else ''}"
    return table_response(name, head, lines, ending=ending, demonstration=pages.is_demonstration(at, request))
