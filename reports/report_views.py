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
from bureau.context import installation_of
from bureau.tables_out import table_response
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
    rows = [_release(release) for release in at.releases]
    shown = _asked(request, every)
    return render(
        request,
        "reports/report_list.html",
        {
            "headline": [{"text": _heading(every), "tone": ""}],
            "kinds": _kinds(request, every) if every else [],
            "editions": [_line(one) for one in shown],
            "discarded": _discarded(request),
            "csv_url": _with_query(request, reverse("report_list_csv")) if shown else "",
            "new_url": reverse("report_new") if access.may_finish(request.user) else "",
            "rows": rows[:NEWEST],
            "older": rows[NEWEST:],
        },
    )


@require_safe
@requires(Permission.READ_REPORTS)
def report_list_table(request: HttpRequest, ending: str) -> HttpResponse:
    """The reports of the list, those of a kind or the discarded ones where the page shows these."""
    here = installation_of(request)
    if here is None:
        raise Http404
    head = [
        _("月份"), _("种类"), _("版次"), _("状态"), _("发文字号"), _("成文日期"), _("发布数据版次"), _("演示数据"),
        _("作废原因"),
    ]  # fmt: skip
    rows = [
        [
            months.iso(one.report.month), one.report.get_kind_display(), one.number, one.get_state_display(),
            one.document_number, one.signed_on, one.release.version, _("是") if one.demonstration else "",
            one.discarded_why,
        ]
        for one in _asked(request, list(access.visible(request.user, here.county_id)))
    ]  # fmt: skip
    return table_response(_("报告"), head, rows, ending=ending, demonstration=here.demonstration)


def _asked(request: HttpRequest, every: list[Edition]) -> list[Edition]:
    """Of a kind (?kind=); the discarded ones only where they are asked for (?discarded=1)."""
    kind = request.GET.get("kind", "")
    shown = [one for one in every if one.discarded == _discarded(request)]
    return [one for one in shown if kind not in Report.Kind.values or one.report.kind == kind]


def _discarded(request: HttpRequest) -> bool:
    return request.GET.get("discarded") == "1"


def _with_query(request: HttpRequest, address: str) -> str:
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address


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
    standing = [one for one in every if not one.discarded]
    if not standing:
        return _("评估报告与附表")
    final = sum(1 for one in standing if one.final)
    words = {"n": final, "m": len(standing) - final}
    return _("定稿 %(n)d 份，在办 %(m)d 份") % words if words["m"] else _("定稿 %(n)d 份") % words


def _kinds(request: HttpRequest, every: list[Edition]) -> list[dict]:
    """All, those of a kind, and the discarded ones where there are any."""
    address, discarded = reverse("report_list"), _discarded(request)
    chosen = "" if discarded else request.GET.get("kind", "")
    found = [
        {"label": _("全部"), "url": address, "current": not discarded and chosen not in Report.Kind.values},
        *(
            {"label": label, "url": f"{address}?kind={kind}", "current": kind == chosen}
            for kind, label in Report.Kind.choices
        ),
    ]
    if discarded or any(one.discarded for one in every):
        found.append({"label": _("作废的草稿"), "url": f"{address}?discarded=1", "current": discarded})
    return found


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
