"""The second subsidy (大病保险二次补助) of one person's amounts, and of many cases in a sheet; keeps nothing."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.exports import content_disposition
from bureau.models import Installation
from indicators import subsidy_book as book
from indicators import subsidy_page as page
from indicators.entry import subsidy_cases
from indicators.forms import CasesForm
from indicators.subsidy_amounts import looks_like_identity, tidy
from indicators.subsidy_scheme import NoScheme, Schemes, Terms

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _installation(request: HttpRequest) -> Installation:
    found = installation_of(request)
    if found is None:
        raise Http404
    return found


@require_safe
@requires(Permission.READ_RELEASES)
def subsidy(request: HttpRequest) -> HttpResponse:
    """One person's year (?amounts=, ?day=): what is paid, how, what the other readings would pay, what is open."""
    schemes = Schemes()
    today = clock.today_in(_installation(request))
    if any(looks_like_identity(tidy(text)) for text in request.GET.values()):
        messages.error(request, _("疑似身份证号码，本系统不收个人信息，请删去"))
        return redirect("subsidy")  # so that it stands in no address of the page any more
    asked = page.asked(request.GET.get("amounts"), request.GET.get("day", ""), today, schemes)
    clause = page.clause_of(asked.terms)
    return render(
        request,
        "indicators/subsidy.html",
        {
            "breadcrumb": page.crumbs(clause),
            "clause": clause,
            "asked": asked,
            "result": page.result(asked),
            "parameters": page.parameters(asked.terms) if asked.terms else [],
            "reading": page.reading(asked.terms) if asked.terms else None,
            "period": page.period(asked.terms) if asked.terms else "",
            "other_sets": page.other_sets(asked, schemes),
            "open_questions": page.open_questions(),
        },
        status=422 if asked.errors and request.GET else 200,
    )


@requires(Permission.READ_RELEASES)
def cases(request: HttpRequest) -> HttpResponse:
    """A sheet sent is answered at once, as page or workbook; neither it nor the answer is kept."""
    schemes, today = Schemes(), clock.today_in(_installation(request))
    terms = _terms(schemes, today)
    clause = page.clause_of(terms)
    form = CasesForm(request.POST, request.FILES) if request.method == "POST" else CasesForm(initial={"day": today})
    context = {
        "breadcrumb": page.crumbs(clause, cases=True),
        "form": form,
        "reading": page.reading(terms) if terms else None,
        "most_rows": subsidy_cases.MOST_ROWS,
    }
    if request.method != "POST":
        return render(request, "indicators/subsidy_cases.html", context)
    if not form.is_valid():
        return render(request, "indicators/subsidy_cases.html", context, status=422)
    found = subsidy_cases.read(form.cleaned_data["file"].read(), form.cleaned_data["day"] or today, schemes)
    if found.problems:
        context |= {"problems": page.problem_rows(found.problems), "more": found.more}
        return render(request, "indicators/subsidy_cases.html", context, status=422)
    if "workbook" in request.POST:
        return _workbook(book.answer(found.cases, today), _("二次补助计算结果"))
    context |= {
        "rows": page.case_rows(found.cases),
        "count": len(found.cases),
        "unshown": max(0, len(found.cases) - page.SHOWN_CASES),
        "paid": page.yuan(found.paid),
        "subsidy": page.yuan(found.subsidy),
        "left": page.yuan(found.paid - found.subsidy),
    }
    return render(request, "indicators/subsidy_cases.html", context)


@require_safe
@requires(Permission.READ_RELEASES)
def subsidy_template(request: HttpRequest) -> HttpResponse:
    """The empty sheet for many cases."""
    return _workbook(book.template(), _("二次补助模板"))


def _terms(schemes: Schemes, day: date) -> Terms | None:
    try:
        return schemes.on(day)
    except NoScheme:
        return None


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return response
