"""Who handed in what in time (填报进度), its CSV, and whom today's reminders are for (催报)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, can, requires, scope
from bureau.context import installation_of
from bureau.models import Installation
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import reminders as messages_due
from indicators import timeliness as matrix
from indicators import timeliness_page as page
from indicators.due import Dates
from indicators.models import Reminder


def _matrix(request: HttpRequest) -> tuple[Installation, Dates, matrix.Asked, list[matrix.Line], list[matrix.Line]]:
    """The matrix within the reader's scope: of the whole year, and as narrowed."""
    here = installation_of(request)
    dates, held = Dates.of(here), scope(request.user, Permission.READ_TIMELINESS)
    asked = page.asked_of(request.GET, dates)
    everything = matrix.lines(held, Tree(here.county_id), dates, asked.year)
    return here, dates, asked, everything, matrix.narrowed(everything, asked)


@require_safe
@requires(Permission.READ_TIMELINESS)
def timeliness(request: HttpRequest) -> HttpResponse:
    """Place × form × month; a town's own, a section's own, or all."""
    _here, dates, asked, everything, found = _matrix(request)
    by, query = page.grouping(request.GET), request.GET.urlencode()
    narrow = asked != matrix.Asked(asked.year)
    return render(
        request,
        "indicators/timeliness.html",
        {
            "breadcrumb": [{"label": _("填报"), "url": reverse("desk")}, {"label": _("填报进度"), "url": ""}],
            "headline": [{"text": page.headline(found), "tone": ""}],
            "counts": page.counts(found, request.GET, request.path),
            "fields": page.fields(everything, asked, by, dates),
            "narrowed": _("筛选后 %(n)d 行") % {"n": len(found)} if narrow else "",
            "all_url": f"{request.path}?year={asked.year}",
            "heads": page.heads(found),
            "groups": page.groups(found, by),
            "year": str(asked.year),
            "csv_url": reverse("timeliness_csv") + (f"?{query}" if query else ""),
        },
    )


@require_safe
@requires(Permission.READ_TIMELINESS)
def timeliness_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The same with the same filters, one line a cell."""
    here, dates, asked, _everything, found = _matrix(request)
    head, *lines = page.csv_rows(found, dates)
    name = f"{_('填报进度')}-{asked.year}"
    return table_response(name, head, lines, ending=ending, demonstration=here.demonstration)


def _pressed(request: HttpRequest) -> list[dict]:
    """Whom something presses on today, with what, and whether a message went out; a reviewer's: his section's forms."""
    found = messages_due.digests(installation_of(request))
    if not can(request.user, Permission.PUBLISH):
        found = messages_due.of_sections(found, scope(request.user, Permission.REVIEW).sections)
    today = clock.real_day()
    sent = {one.user_id: one for one in Reminder.objects.filter(on=today)}
    return [
        {
            "name": str(one.user),
            "unit": one.user.unit,
            "lines": [line.text for line in one.lines],
            "mail": _mail_word(one.user.email, sent.get(one.user.pk)),
        }
        for one in found
    ]


@require_safe
@requires(Permission.REVIEW, Permission.PUBLISH)
def reminders(request: HttpRequest) -> HttpResponse:
    """Whom today's reminders are for, within the reader's scope."""
    found = _pressed(request)
    return render(
        request,
        "indicators/reminders.html",
        {
            "breadcrumb": [{"label": _("填报"), "url": reverse("desk")}, {"label": _("催报"), "url": ""}],
            "headline": [
                {"text": _("今天要提醒 %(n)d 人") % {"n": len(found)} if found else _("今天没有要提醒的"), "tone": ""}
            ],
            "sending": messages_due.sending(),
            "rows": found,
            "csv_url": reverse("reminders_csv") if found else "",
        },
    )


@require_safe
@requires(Permission.REVIEW, Permission.PUBLISH)
def reminders_table(request: HttpRequest, ending: str) -> HttpResponse:
    """The same, a line a matter."""
    head = [_("人"), _("单位"), _("事项"), _("邮件")]
    lines = [[row["name"], row["unit"], line, row["mail"]] for row in _pressed(request) for line in row["lines"]]
    name = f"{_('催报')}-{clock.real_day().isoformat()}"
    mark = bool(here.demonstration) if (here := installation_of(request)) else False
    return table_response(name, head, lines, ending=ending, demonstration=mark)


def _mail_word(address: str, row: Reminder | None) -> str:
    if not address:
        return _("没有邮箱")
    if row is None:
        return _("今天还没有发")
    if row.sent_at is None:
        return _("没有发出")
    return _("%(t)s 已发") % {"t": timezone.localtime(row.sent_at).strftime("%H:%M")}
