"""My work (工作台): what a person is to do, and the rest of his forms of a month."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, can
from bureau.context import installation_of
from bureau.models import Installation
from bureau.tables_out import table_response
from indicators import desk as work
from indicators.views.where import month_or_404

OPENS = (Permission.READ_SUBMISSIONS, Permission.PUBLISH, Permission.READ_TIMELINESS)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """403 for whom no month matters: administrators. Leaders see when months are to be released and what came in."""
    installation, today, month, groups = _read(request)
    to_do = sum(len(group["rows"]) for group in groups if group["todo"])
    headline = _("要办 %(n)d 件") % {"n": to_do} if to_do else _("没有要办的事")
    return render(
        request,
        "indicators/desk.html",
        {
            "headline": [{"text": headline, "tone": ""}],
            "groups": groups,
            "counts": work.counts(groups),
            "links": _links(request, month, installation),
            "picker": work.picker(request.path, month, today),
            "csv_url": f"{reverse('desk_csv')}?month={months.iso(month)}" if groups else "",
        },
    )


@require_safe
def desk_table(request: HttpRequest, ending: str) -> HttpResponse:
    """What the page lists, a line a matter, the groups one under the other."""
    installation, _today, month, groups = _read(request)
    head = [_("类别"), _("事项"), _("地方"), _("月份"), _("已填"), _("状态"), _("说明"), _("截止")]
    names = ("form", "place", "month", "filled", "state_word", "note", "due")
    lines = [
        [group["title"], *(str(row.get(name) or "") for name in names)] for group in groups for row in group["rows"]
    ]
    name = f"{_('我的工作')}-{months.iso(month)}"
    return table_response(name, head, lines, ending=ending, demonstration=bool(installation.demonstration))


def _read(request: HttpRequest) -> tuple[Installation, date, int, list[dict]]:
    """The installation, its day, the month asked for, and what lies on the desk."""
    if not any(can(request.user, one) for one in OPENS):
        raise PermissionDenied
    installation = installation_of(request)
    today = clock.today_in(installation)
    asked = request.GET.get("month")
    month = month_or_404(asked) if asked else work.due_month(today)
    return installation, today, month, work.groups(request.user, installation, month)


def _links(request: HttpRequest, month: int, installation: Installation | None) -> list[dict]:
    """To the progress of reporting, the reminders, totals of spans (once live), import, burden: each for whom it is."""
    links = []
    if can(request.user, Permission.READ_TIMELINESS):
        url = f"{reverse('timeliness')}?year={months.year(month)}"
        links.append({"url": url, "label": _("填报进度"), "icon": "list-checks"})
    if can(request.user, Permission.REVIEW) or can(request.user, Permission.PUBLISH):
        links.append({"url": reverse("reminders"), "label": _("催报"), "icon": "send"})
    concerned = can(request.user, Permission.ENTER) or can(request.user, Permission.REVIEW)
    if concerned and installation and installation.go_live_month is not None:
        links.append({"url": reverse("span_list"), "label": _("补录合计"), "icon": "calendar-clock"})
    if can(request.user, Permission.ENTER):
        links.append({"url": reverse("import_file"), "label": _("导入文件"), "icon": "upload"})
    fills = can(request.user, Permission.READ_SUBMISSIONS) and can(request.user, Permission.READ_TIMELINESS)
    if fills or can(request.user, Permission.PUBLISH):
        links.append({"url": reverse("burden"), "label": _("填报减负"), "icon": "list-checks"})
    return links
