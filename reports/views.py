"""The overview, and the documents of releases; thin: ask permission, read, compose, render."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.files import content_of
from bureau.kept import kept
from indicators import listing, pages
from indicators.queries import read_at
from indicators.shown import shown_indicators
from reports import overview as compose
from reports.archive import document
from reports.assemble import BUILDERS
from reports.documents.safe import content_disposition
from tasks import brief
from tasks.slips import counted as open_slips


@require_safe
@kept
def overview(request: HttpRequest) -> HttpResponse:
    """The address of the site itself; it leads who reads no releases, an administrator, to his own account."""
    if not request.GET and not can(request.user, Permission.READ_RELEASES):
        return redirect("account")
    return _overview(request)


@requires(Permission.READ_RELEASES)
def _overview(request: HttpRequest) -> HttpResponse:
    at = pages.reading(request)
    shown = shown_indicators(at, narrow=True) if at.month is not None else []
    core = [one for one in shown if one.indicator.core]
    light = listing.light_of(request.GET.get("light"))
    wanted = [one for one in shown if light is None or one.light == light]
    today = clock.today_in(installation_of(request))
    phases, pressing = compose.phases(at.mark), brief.read(at.county.pk, at.mark)
    reports = can(request.user, Permission.READ_REPORTS)
    return render(
        request,
        "reports/overview.html",
        {
            "headline": compose.headline(core) if core else [{"text": _("还没有发布过月份"), "tone": ""}],
            "counts": listing.counts(core, lambda light: f"{at.query}&light={int(light)}#groups") if core else [],
            "filters": compose.filters(at.query, light) if core else [],
            "leads": compose.leads(at) if core else [],
            "days_left_text": compose.days_left(today, phases),
            "phases": compose.phase_strip(phases, today, at.month),
            "attention": compose.attention(core, at.query),
            "groups": listing.groups([one for one in wanted if one.indicator.core], at.query, fold=_folds(request)),
            "monitored": listing.groups([one for one in wanted if not one.indicator.core], at.query),
            "tasks_brief": brief.brief(pressing, today),
            "slips": open_slips.counted(brief.slips(pressing), request.user, today),
            "tasks_url": pages.link(at, "task_list"),
            "empty": pages.empty(at) or listing.nothing_left(pages.link(at, "overview")),
            "footer_links": [
                {"url": pages.link(at, "indicator_list"), "label": _("指标口径")},
                {"url": reverse("releases"), "label": _("更正清单")},
                *([{"url": reverse("report_list"), "label": _("导出报告")}] if reports else []),
            ],
            "groups_note": _("核心指标 %(n)d 项，每组内由急到缓；另有监测指标 %(m)d 项")
            % {"n": len(core), "m": len(shown) - len(core)}
            if core
            else "",
        },
    )


def _folds(request: HttpRequest) -> bool:
    return not ("all" in request.GET or "light" in request.GET)


def _document(request: HttpRequest, month: str, version: int, kind: str) -> HttpResponse:
    """A document of a release, with a file name a reader can keep."""
    at = read_at(installation_of(request), request.user, month, str(version))
    if at.release is None:
        raise Http404
    kept = document(at.release, kind)
    response = HttpResponse(content_of(kept), content_type=BUILDERS[kind][3])
    response["Content-Disposition"] = content_disposition(kept.name)
    return response


@require_safe
@requires(Permission.READ_REPORTS)
def report_word(request: HttpRequest, month: str, version: int) -> HttpResponse:
    return _document(request, month, version, "word")


@require_safe
@requires(Permission.READ_REPORTS)
def report_annex(request: HttpRequest, month: str, version: int) -> HttpResponse:
    return _document(request, month, version, "excel")
