"""One section or town of a period, explained line by line; in drafts the office gives points and vetoes here."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bureau.authorization import Permission, requires
from bureau.language import localized
from bureau.models import Area, Section
from tasks.assessment import access, kept, lines_page, owner_page, page, words, writing
from tasks.assessment.forms import GiveForm, VetoForm, WhyForm
from tasks.assessment.results import Scored
from tasks.models import Assessment, ManualPoint, Veto
from tasks.views.acting import acted
from tasks.views.assessments import crumbs, found_or_404


@requires(Permission.READ_RELEASES)
def assessment_owner(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    here, found = found_or_404(request, pk)
    result = kept.result_of(found, here)
    one = result.of(code)
    if one is None:
        raise Http404
    may = access.may_draft(request.user) and not found.frozen
    forms, status = _forms(request, found) if may else {}, 200
    if request.method == "POST":
        if not access.may_draft(request.user):
            raise PermissionDenied
        chosen = forms.get(request.POST.get("action", ""))
        if chosen is None:
            return redirect("assessment_owner", pk, code)
        done, status = acted(chosen, lambda: _act(request, found, one, request.POST["action"], chosen))
        if done:
            return done
    return render(
        request,
        "tasks/assessment_owner.html",
        {
            "breadcrumb": crumbs(localized(one.owner), found),
            "title": f"{localized(found.scheme)} {words.title(found)}",
            "headline": owner_page.headline(one),
            "facts": [*owner_page.facts(one), *page.facts(found, result)],
            "light": int(words.GRADE_LIGHTS[one.grade]),
            "grade": words.grade(one.grade),
            "veto": owner_page.veto(one),
            "lines": lines_page.lines(result, one, request.user),
            "total": words.points(one.total),
            "standing_veto": bool(one.veto),
            **forms,
        },
        status=status,
    )


def _forms(request: HttpRequest, found: Assessment) -> dict[str, Form]:
    """The forms of the page, the one sent filled with what was sent."""
    sent, criteria = request.POST.get("action", ""), list(found.scheme.criteria.all())

    def data(action: str):
        return request.POST if sent == action else None

    return {
        "give": GiveForm(criteria, data("give"), auto_id="give_%s"),
        "take_back": WhyForm(data("take_back"), auto_id="take_back_%s"),
        "impose": VetoForm(criteria, data("impose"), auto_id="impose_%s"),
        "lift": WhyForm(data("lift"), auto_id="lift_%s"),
    }


def _act(request: HttpRequest, found: Assessment, one: Scored, action: str, form: Form) -> HttpResponse:
    typed, by = form.cleaned_data, request.user
    owner = (Area if one.owner.town else Section).objects.get(pk=one.owner.id)
    if isinstance(form, GiveForm):
        writing.give(found, owner, typed["points"], typed["reason"], about=typed["about"], by=by)
        messages.success(request, _("已登记加减分。"))
    elif isinstance(form, VetoForm):
        writing.veto(found, owner, typed["criterion"], typed["reason"], by=by)
        messages.success(request, _("已登记一票否决。"))
    elif action == "take_back":
        writing.take_back(_of(found.by_hand.filter(**one.owner.key), typed["pk"]), why=typed["why"], by=by)
        messages.success(request, _("已撤销加减分。"))
    else:
        writing.lift(_of(found.vetoes.filter(**one.owner.key), None), why=typed["why"], by=by)
        messages.success(request, _("已撤销一票否决。"))
    return redirect("assessment_owner", found.pk, one.owner.code)


def _of(rows, pk: int | None) -> ManualPoint | Veto:
    found = (rows.filter(pk=pk) if pk else rows).first()
    if found is None:
        raise Http404
    return found
