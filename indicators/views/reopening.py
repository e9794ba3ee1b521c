"""Asking for a closed sheet to be opened again (补报), and deciding on it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from indicators import access, period_pages
from indicators import entry_pages as page
from indicators.analysis.kinds import Light
from indicators.due import Dates
from indicators.entry import periods
from indicators.forms import ReopenForm, ReopeningDecisionForm
from indicators.models import Reopening
from indicators.views.where import crumbs, reach_of, submission_of

State = Reopening.State
LIGHTS = {
    State.ASKED: Light.BEHIND,
    State.GRANTED: Light.REACHED,
    State.REFUSED: Light.BEHIND,
    State.WITHDRAWN: Light.NONE,
}
USUAL_DAYS = 3


@requires(Permission.ENTER, Permission.REVIEW)
def reopen(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    """Ask for it, with a reason and until when; where the sheet is open the way leads back to it."""
    reach = reach_of(request, form, place, month)
    if not access.may_ask_to_reopen(request.user, reach.form, reach.place):
        raise Http404
    dates, submission = Dates.of(installation_of(request)), submission_of(reach)
    why = periods.why_closed(submission, dates)
    if not why or not submission.is_open:
        messages.info(request, _("这份报表不用申请补报。"))
        return redirect("entry", *reach.args)
    first = {"expires_on": dates.workdays.after(dates.today, USUAL_DAYS)}
    ask_form = ReopenForm(request.POST or None, initial=first)
    if request.method == "POST" and ask_form.is_valid():
        try:
            asked = periods.ask(reach.form, reach.place, reach.month, by=request.user, **ask_form.cleaned_data)
        except periods.Refused as refused:
            ask_form.add_error(None, str(refused))
        else:
            messages.success(request, _("已申请补报，等待批准。"))
            return redirect("reopening", asked.pk)
    return render(
        request,
        "indicators/reopen.html",
        {
            "breadcrumb": crumbs(reach, _("申请补报")),
            "title": _("申请补报：%(t)s") % {"t": page.title(submission, reach.name)},
            "why": why,
            "limit": _("最长 %(n)d 天，到 %(day)s") % {
                "n": periods.LONGEST_DAYS,
                "day": (dates.today + timedelta(days=periods.LONGEST_DAYS)).isoformat(),
            },
            "form": ask_form,
            "back_url": reverse("entry", args=reach.args),
        },
        status=422 if ask_form.errors else 200,
    )  # fmt: skip


@requires(Permission.ENTER, Permission.REVIEW, Permission.PUBLISH)
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: to look at, to decide, or for who asked to take back."""
    found = _reopening(request, pk)
    form, status = ReopeningDecisionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _act(request, found, **form.cleaned_data)
            except periods.Refused as refused:
                form.add_error(None, str(refused))
                found = _reopening(request, pk)
                status = 409
    dates, asked = Dates.of(installation_of(request)), found.state == State.ASKED
    return render(
        request,
        "indicators/reopening.html",
        {
            "breadcrumb": [
                {"label": _("填报"), "url": reverse("desk")},
                {"label": _("补报申请"), "url": ""},
            ],
            "title": period_pages.title(found),
            "light": int(LIGHTS[State(found.state)]),
            "state_word": period_pages.state_word(found, dates),
            "facts": period_pages.facts(found, dates),
            "form": form,
            "may_decide": asked and access.may_decide_reopening(request.user, found),
            "may_withdraw": asked and found.asked_by_id == request.user.pk,
            "sheet_url": _sheet_url(request, found),
        },
        status=status,
    )


def _reopening(request: HttpRequest, pk: int) -> Reopening:
    found = get_object_or_404(
        Reopening.objects.select_related("form__section", "place", "asked_by", "decided_by"), pk=pk
    )
    if not access.sees_reopening(request.user, found):
        raise Http404
    return found


def _act(request: HttpRequest, found: Reopening, decision: str, reason: str) -> HttpResponse:
    if decision == "withdraw":
        periods.withdraw(found, by=request.user)
        messages.success(request, _("已撤回补报申请。"))
        return redirect("desk")
    if not access.may_decide_reopening(request.user, found):
        raise periods.Refused(_("不能批准自己的申请，须由另一个人批。"))
    granted = decision == "grant"
    periods.decide(found, by=request.user, grant=granted, reason=reason)
    messages.success(request, _("已批准补报。") if granted else _("没有批准补报，理由已告诉申请人。"))
    return redirect("desk")


def _sheet_url(request: HttpRequest, found: Reopening) -> str:
    """The sheet, for who may see it; the office sees no figures before they are approved."""
    if not access.may_ask_to_reopen(request.user, found.form, found.place):
        return ""
    return reverse("entry", args=[found.form.code, found.place.code, months.iso(found.month)])
