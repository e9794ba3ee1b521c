"""The list of sections (科室) and a section's page: as released, or live; thin."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.language import localized
from bureau.models import Section
from indicators import listing, pages
from indicators.analysis.kinds import Light
from indicators.shown import shown_indicators
from reports import sections as compose
from tasks.slips import counted as open_slips


@require_safe
@requires(Permission.READ_RELEASES)
def section_list(request: HttpRequest) -> HttpResponse:
    """Every section with what it answers for."""
    at = pages.reading(request)
    shown = shown_indicators(at) if at.month is not None else []
    found = compose.every(at, list(Section.objects.all()), shown, clock.today_in(installation_of(request)))
    headline = [{"text": _("%(n)d 个责任科室（单位）") % {"n": len(found)}, "tone": ""}]
    return render(
        request,
        "reports/section_list.html",
        {"headline": headline, "rows": found, "csv_url": pages.link(at, "section_list_csv")},
    )


@require_safe
@requires(Permission.READ_RELEASES)
def section(request: HttpRequest, code: str) -> HttpResponse:
    """One section: its indicators and tasks, worst first, and for its own people what waits for review."""
    at = pages.reading(request)
    every = list(Section.objects.all())
    found = next((one for one in every if one.code == code), None)
    if found is None:
        raise Http404
    today = clock.today_in(installation_of(request))
    shown = (
        [one for one in shown_indicators(at) if one.indicator.section_id == found.pk] if at.month is not None else []
    )
    works = compose.work(found, today)

    def of_light(light: Light) -> str:
        return pages.link(at, "indicator_list", section=found.code, light=str(int(light)))

    return render(
        request,
        "reports/section.html",
        {
            "breadcrumb": [
                {"label": _("责任科室"), "url": pages.link(at, "section_list")},
                {"label": localized(found), "url": ""},
            ],
            "section_name": localized(found),
            "pending": found.standing in compose.PENDING,
            "headline": compose.headline(found, shown, works, today),
            "counts": listing.counts(shown, of_light) if shown else [],
            "groups": compose.groups(shown, at.query),
            "tasks": compose.task_lines(works, today),
            "indicators_csv": pages.link(at, "indicator_list_csv", section=found.code),
            "tasks_csv": f"{reverse('task_csv')}?{urlencode({'section': found.pk})}",
            "tasks_note": _("现状，截至 %(d)s；由急到缓") % {"d": today.isoformat()},
            "slips": open_slips.of_section(found.pk, request.user, today),
            "waiting": compose.waiting(request.user, found),
            "others": [
                {"name": localized(one), "url": pages.link(at, "section", one.code), "current": one == found}
                for one in every
            ],
            "empty": pages.empty(at)
            or {"title": _("没有由它负责的指标"), "text": _("这个科室（单位）只牵头任务，或只管报表。")},
        },
    )
