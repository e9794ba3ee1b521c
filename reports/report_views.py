"""The list of reports with the documents of each release, and the beginning of a report."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from indicators import pages
from indicators.models import PublishedMonth
from reports import access, edition_page, editions
from reports.forms import BeginForm
from reports.models import Edition, Report
from tasks.views.acting import acted

NEWEST = 6  # months; the earlier ones are folded


@require_safe
@requires(Permission.READ_REPORTS)
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports by month and kind with their editions; below them the documents of each release."""
    at = pages.reading(request)
    every = list(access.visible(request.user, at.county.pk))
    kind = request.GET.get("kind", "")
    rows = [_release(release) for release in at.releases]
    shown = [one for one in every if kind not in Report.Kind.values or one.report.kind == kind]
    return render(
        request,
        "reports/report_list.html",
        {
            "headline": [{"text": _heading(every), "tone": ""}],
            "kinds": _kinds(kind) if every else [],
            "editions": [_line(one) for one in shown],
            "new_url": reverse("report_new") if access.may_finish(request.user) else "",
            "rows": rows[:NEWEST],
            "older": rows[NEWEST:],
        },
    )


def _release(release: PublishedMonth) -> dict:
    args = [months.iso(release.month), release.version]
    return {
        "month_label": months.label(release.month),
        "version": release.version,
        "published_on": release.business_date.isoformat(),
        "corrections": len(release.corrections),
        "word_url": reverse("report_word", args=args),
        "excel_url": reverse("report_annex", args=args),
    }


@requires(Permission.FINISH_REPORTS)
def report_new(request: HttpRequest) -> HttpResponse:
    """Begin a report of a kind on a released month."""
    at = pages.reading(request)
    if not access.may_finish(request.user):
        raise Http404
    released = [release.month for release in at.releases]
    form, status = BeginForm(released, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        done, status = acted(form, lambda: _begin(request, form))
        if done:
            return done
    steps = [{"label": _("报告"), "url": reverse("report_list")}, {"label": _("起草报告"), "url": ""}]
    return render(request, "reports/report_new.html", {"breadcrumb": steps, "form": form}, status=status)


def _begin(request: HttpRequest, form: BeginForm) -> HttpResponse:
    made = editions.begin(form.cleaned_data["kind"], form.cleaned_data["month"], by=request.user)
    messages.success(request, _("已起草%(t)s，各科室可以开始撰写。") % {"t": edition_page.title(made)})
    return redirect(edition_page.url(made))


def _heading(every: list[Edition]) -> str:
    if not every:
        return _("评估报告与附表")
    final = sum(1 for one in every if one.final)
    words = {"n": final, "m": len(every) - final}
    return _("定稿 %(n)d 份，在办 %(m)d 份") % words if words["m"] else _("定稿 %(n)d 份") % words


def _kinds(chosen: str) -> list[dict]:
    address = reverse("report_list")
    found = [{"label": _("全部"), "url": address, "current": chosen not in Report.Kind.values}]
    return found + [
        {"label": label, "url": f"{address}?kind={kind}", "current": kind == chosen}
        for kind, label in Report.Kind.choices
    ]


def _line(one: Edition) -> dict:
    return {
        "url": edition_page.url(one),
        "month_label": months.label(one.report.month),
        "kind": one.report.get_kind_display(),
        "number": one.number,
        "state": edition_page.state(one),
        "document_number": one.document_number,
        "release": one.release.version,
        "signed_on": one.signed_on.isoformat() if one.signed_on else "",
        "demonstration": one.demonstration,
    }
