"""Assessments (考核): the periods, drafting one, a period's table with freezing and discarding, CSV, checking again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.language import localized
from bureau.models import Installation
from bureau.tables_out import table_response
from indicators.models import Plan
from tasks.assessment import access, checking, kept, owner_page, page, words, writing
from tasks.assessment.forms import BeginForm, FreezeForm, WhyForm
from tasks.models import Assessment
from tasks.views.acting import acted

FIRST_YEAR = 2015


def here_or_404(request: HttpRequest) -> Installation:
    here = installation_of(request)
    if here is None:
        raise Http404
    return here


def found_or_404(request: HttpRequest, pk: int) -> tuple[Installation, Assessment]:
    """The period of an address within what the reader may see."""
    here = here_or_404(request)
    return here, access.assessment_or_404(request.user, here.county_id, pk)


@require_safe
@requires(Permission.READ_RELEASES)
def assessment_list(request: HttpRequest) -> HttpResponse:
    """Every period, the last first; drafts for the office and leaders alone."""
    here = here_or_404(request)
    rows = page.periods(access.visible(request.user, here.county_id).defer("result"))
    text = _("%(n)d 次考核") % {"n": len(rows)} if rows else _("还没有考核")
    return render(
        request,
        "tasks/assessment_list.html",
        {
            "breadcrumb": [{"label": _("任务与项目"), "url": reverse("task_list")}, {"label": _("考核"), "url": ""}],
            "headline": [{"text": text, "tone": ""}],
            "rows": rows,
            "csv_url": reverse("assessment_list_csv"),
            "new_url": reverse("assessment_new") if access.may_draft(request.user) else "",
        },
    )


@requires(Permission.ASSESS)
def assessment_new(request: HttpRequest) -> HttpResponse:
    """Draft a period."""
    here = here_or_404(request)
    plan = Plan.objects.filter(county=here.county_id).first()
    first_year = months.year(plan.first_month) if plan else FIRST_YEAR
    last = months.of(clock.today_in(here))
    form = BeginForm(here.county_id, first_year, last, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        done, status = acted(form, lambda: _begin(request, form))
        if done:
            return done
    return render(
        request,
        "tasks/assessment_new.html",
        {"breadcrumb": crumbs(_("起草考核")), "form": form, "back_url": reverse("assessment_list")},
        status=status,
    )


def _begin(request: HttpRequest, form: BeginForm) -> HttpResponse:
    first, last = form.span()
    typed = form.cleaned_data
    made = writing.begin(typed["scheme"], first, last, by=request.user, reason=typed["reason"])
    messages.success(request, _("已起草%(p)s考核。") % {"p": words.title(made)})
    return redirect("assessment", made.pk)


@requires(Permission.READ_RELEASES)
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """A period's table; drafts are computed as one looks, and frozen or discarded here."""
    here, found = found_or_404(request, pk)
    forms, status = _forms(request, found), 200
    if request.method == "POST":
        chosen = forms.get(request.POST.get("action", ""))
        if not access.may_freeze(request.user):
            raise PermissionDenied
        if chosen is None:
            return redirect("assessment", pk)
        done, status = acted(chosen, lambda: _act(request, found, chosen))
        if done:
            return done
    return _page(request, here, found, forms, status)


def _forms(request: HttpRequest, found: Assessment) -> dict[str, Form]:
    """Those of the two forms that are this person's; none of what is frozen."""
    sent = request.POST.get("action", "")
    forms: dict[str, Form] = {}
    if not found.frozen and access.may_freeze(request.user):
        forms["freeze"] = FreezeForm(request.POST if sent == "freeze" else None, auto_id="freeze_%s")
    if not found.frozen and access.may_draft(request.user):
        forms["discard"] = WhyForm(request.POST if sent == "discard" else None, auto_id="discard_%s")
    return forms


def _act(request: HttpRequest, found: Assessment, form: Form) -> HttpResponse:
    if isinstance(form, FreezeForm):
        writing.freeze(found, by=request.user, seen=form.cleaned_data["seen"])
        messages.success(request, _("已定稿。"))
        return redirect("assessment", found.pk)
    writing.discard(found, why=form.cleaned_data["why"], by=request.user)
    messages.success(request, _("已撤销草稿。"))
    return redirect("assessment_list")


def _page(
    request: HttpRequest, here: Installation, found: Assessment, forms: dict[str, Form], status: int
) -> HttpResponse:
    result = kept.result_of(found, here)
    refusal = writing.refusal(found, request.user) if "freeze" in forms else ""
    return render(
        request,
        "tasks/assessment.html",
        {
            "breadcrumb": crumbs(words.title(found)),
            "found": found,
            "title": f"{localized(found.scheme)} {words.title(found)}",
            "headline": page.headline(found, result),
            "facts": page.facts(found, result),
            "unranked": words.unranked(result.unranked, page.names(result)),
            "table": page.table(found, result),
            "terms": page.terms(result),
            "grades": page.grades(result),
            "pending": found.scheme.standing in ("memory", "rec"),
            "siblings": page.siblings(found, access.visible(request.user, here.county_id)),
            "csv_url": reverse("assessment_csv", args=[found.pk]),
            "lines_url": reverse("assessment_lines_csv", args=[found.pk]),
            "check_url": reverse("assessment_check", args=[found.pk]) if found.frozen else "",
            "freeze": forms.get("freeze") if not refusal else None,
            "refusal": refusal,
            "seen": kept.digest(result) if "freeze" in forms else "",
            "discard": forms.get("discard"),
        },
        status=status,
    )


@require_safe
@requires(Permission.READ_RELEASES)
def assessment_csv(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The table, one line an owner."""
    here, found = found_or_404(request, pk)
    return _table(here, found, _("考核得分"), page.csv_table(found, kept.result_of(found, here)), ending)


@require_safe
@requires(Permission.READ_RELEASES)
def assessment_lines_csv(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Every line with its items, one line each."""
    here, found = found_or_404(request, pk)
    result = kept.result_of(found, here)
    return _table(here, found, _("考核明细"), owner_page.csv_rows(result, request.user), ending)


def _table(here: Installation, found: Assessment, name: str, rows: list[list[object]], ending: str) -> HttpResponse:
    state = [[found.get_state_display()]] if not found.frozen else []
    name = f"{name}_{localized(found.scheme)}_{words.title(found)}"
    head, *lines = rows
    return table_response(name, head, lines, ending=ending, demonstration=here.demonstration, above=state)


@require_safe
@requires(Permission.READ_RELEASES)
def assessment_check(request: HttpRequest, pk: int) -> HttpResponse:
    """重新核对 of a frozen period: what computing again from its release comes to otherwise; nothing, that is."""
    here, found = found_or_404(request, pk)
    if not found.frozen:
        raise Http404
    result = kept.result_of(found, here)
    differing = checking.differences(found)
    return render(
        request,
        "tasks/assessment_check.html",
        {
            "breadcrumb": crumbs(_("重新核对"), found),
            "headline": owner_page.checked(result, differing),
            "facts": page.facts(found, result),
            "rows": owner_page.differing(result, differing),
        },
    )


def crumbs(here: str, found: Assessment | None = None) -> list[dict]:
    steps = [
        {"label": _("任务与项目"), "url": reverse("task_list")},
        {"label": _("考核"), "url": reverse("assessment_list")},
    ]
    if found is not None:
        label = f"{localized(found.scheme)} {words.title(found)}"
        steps.append({"label": label, "url": reverse("assessment", args=[found.pk])})
    return [*steps, {"label": here, "url": ""}]
