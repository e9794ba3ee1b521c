"""The timetable (时间表、路线图): its page, the same as a workbook, and as a calendar file; thin."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.exports import content_disposition
from bureau.ical import write_calendar
from bureau.kept import kept
from tasks import filters, queries
from tasks.timetable import book as timetable_book
from tasks.timetable import events as timetable_events
from tasks.timetable import gantt
from tasks.timetable import page as pages
from tasks.timetable import rows as timetable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def page(request: HttpRequest) -> HttpResponse:
    found = timetable.read(clock.today_in(installation_of(request)))
    asked = timetable.asked_for(request.GET)
    chosen, axis = found.chosen(asked), found.axis()
    here = Paginator(chosen, pages.PER_PAGE).get_page(request.GET.get("page"))
    at = asked.url("timetable")
    more = f"{at}{'&' if '?' in at else '?'}page="
    return render(
        request,
        "tasks/timetable.html",
        {
            "breadcrumb": [
                {"label": _("任务与项目"), "url": reverse("task_list")},
                {"label": _("时间表"), "url": ""},
            ],
            "headline": found.headline(),
            "counts": queries.counts(
                found.rows, lambda light: filters.Filters(light=str(int(light))).url(reverse("task_list"))
            ),
            "days_left_text": _("合计 %(n)d 项 · 截至 %(d)s") % {"n": len(found.rows), "d": found.today.isoformat()},
            "switches": pages.switches(found, asked),
            "shown_text": pages.shown_text(found, chosen),
            "head": gantt.head_svg(axis, found.phases),
            "groups": pages.groups(found, here.object_list, asked, axis),
            "pages_text": _("第 %(a)d 页，共 %(b)d 页") % {"a": here.number, "b": here.paginator.num_pages},
            "several": here.paginator.num_pages > 1,
            "before_url": f"{more}{here.number - 1}" if here.has_previous() else "",
            "after_url": f"{more}{here.number + 1}" if here.has_next() else "",
            "xlsx_url": asked.url("timetable_xlsx"),
            "ics_url": asked.url("timetable_ics"),
        },
    )


@require_safe
@requires(Permission.READ_RELEASES)
def workbook(request: HttpRequest) -> HttpResponse:
    """Everything asked for on one sheet, bars as coloured months."""
    here = installation_of(request)
    found = timetable.read(clock.today_in(here))
    asked = timetable.asked_for(request.GET)
    content = timetable_book.write(found, asked, demonstration=here.demonstration)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition(f"{_('时间表')}_{found.today.isoformat()}.xlsx")
    return response


@require_safe
@requires(Permission.READ_RELEASES)
def calendar(request: HttpRequest) -> HttpResponse:
    """Everything asked for as days of a calendar."""
    here = installation_of(request)
    found = timetable.read(clock.today_in(here))
    events = timetable_events.events(found, found.chosen(timetable.asked_for(request.GET)))
    name = _("试点任务时间表（演示数据）") if here.demonstration else _("试点任务时间表")
    response = HttpResponse(write_calendar(name, events, clock.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition(f"{_('时间表')}.ics")
    return response
