"""Decisions (议定事项): the list of all, its CSV, entering one, and one with its change, closing and reopening."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.kept import kept
from bureau.places import Tree
from bureau.tables_out import table_response
from indicators import pages, wording
from indicators.models import Indicator
from indicators.queries import ReadAt
from tasks import decision_page as page
from tasks import decision_slips, decisions
from tasks.decision_forms import SECTION, ChangingForm, ClosingForm, DecidingForm, ReopeningForm, initial_of
from tasks.models import Decision, Slip
from tasks.slips import links as slip_links
from tasks.views.acting import acted

COLUMNS = (
    "number", "month", "decided_on", "text", "reason", "owner", "due_on", "word", "done_on", "done_note", "indicator",
    "clause", "work_code", "by",
)  # fmt: skip


def _all(request: HttpRequest) -> list[Decision]:
    here = installation_of(request)
    if here is None:
        raise Http404
    return list(decisions.all_decisions(here.county_id))


def _lines(request: HttpRequest, found: list[Decision], slips: decision_slips.Slips) -> list[dict]:
    here = installation_of(request)
    names, today = page.town_names(found, here.county_id), clock.today_in(here)
    return decision_slips.lines(found, slips, today, names, request.user)


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def decision_list(request: HttpRequest) -> HttpResponse:
    """Every decision there is, newest first."""
    found = _all(request)
    slips, today = decision_slips.read(found), clock.today_in(installation_of(request))
    parts = [_("议定事项") + " " + page.summary(found, today), decision_slips.summary(slips, today)]
    return render(
        request,
        "tasks/decision_list.html",
        {
            "breadcrumb": [{"label": _("会商一页纸"), "url": reverse("meeting")}, {"label": _("议定事项"), "url": ""}],
            "headline": [{"text": wording.together(parts), "tone": ""}],
            "decisions": _lines(request, found, slips),
            "csv_url": reverse("decision_csv"),
            "new_url": reverse("decision_new") if can(request.user, Permission.DECIDE) else "",
        },
    )


@require_safe
@requires(Permission.READ_RELEASES)
def decision_csv(request: HttpRequest, ending: str) -> HttpResponse:
    here = installation_of(request)
    rows = _lines(request, _all(request), {})
    table = [[row[name] for name in COLUMNS] for row in rows]
    mark = bool(here and here.demonstration)
    return table_response(_("议定事项"), COLUMNS, table, ending=ending, demonstration=mark)


@requires(Permission.DECIDE)
def decision_new(request: HttpRequest) -> HttpResponse:
    """Enter a decision on the month shown (?month=); ?indicator= names what it is about and whose that is."""
    at = pages.reading(request)
    if at.month is None:
        raise Http404
    about = Indicator.objects.select_related("section").filter(code=request.GET.get("indicator", "")).first()
    first = {"indicator": about.code, "owner": SECTION + about.section.code} if about else {}
    tree, today = Tree(at.county.pk), clock.today_in(installation_of(request))
    form = DecidingForm(tree, months.of(today), request.POST if request.method == "POST" else None, initial=first)
    status = 200
    if request.method == "POST":
        done, status = acted(form, lambda: _decide(request, at, form))
        if done:
            return done
    return render(
        request,
        "tasks/decision_new.html",
        {
            "breadcrumb": _crumbs(pages.link(at, "meeting"), _("登记议定事项")),
            "month_label": months.label(at.month),
            "form": form,
            "back_url": pages.link(at, "meeting"),
        },
        status=status,
    )


def _decide(request: HttpRequest, at: ReadAt, form: DecidingForm) -> HttpResponse:
    made = decisions.decide(at.month, form.wanted(), by=request.user)
    messages.success(request, _("已登记议定事项 %(n)s。") % {"n": decisions.number_of(made)})
    return redirect(pages.link(at, "meeting"))


@requires(Permission.READ_RELEASES)
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision; those who decide change it, enter it as done, or take that back."""
    here = installation_of(request)
    found = decisions.all_decisions(here.county_id).filter(pk=pk).first() if here else None
    if found is None:
        raise Http404
    may = can(request.user, Permission.DECIDE)
    slips = decision_slips.read([found])
    forms, status = _forms(request, found, slips.get(found.pk, ())), 200
    if request.method == "POST":
        chosen = forms.get(request.POST.get("action", ""))
        if not may:
            raise PermissionDenied
        if chosen is None:
            return redirect("decision", pk)
        done, status = acted(chosen, lambda: _act(request, found, chosen))
        if done:
            return done
    is_open = found.state == Decision.State.OPEN
    return render(
        request,
        "tasks/decision.html",
        {
            "breadcrumb": _crumbs(reverse("meeting"), decisions.number_of(found)),
            "decision": _lines(request, [found], slips)[0],
            "change": forms["change"] if may and is_open else None,
            "slip": slip_links.for_decision(request.user, found),
            "close": forms["close"] if may and is_open else None,
            "reopen": forms["reopen"] if may and not is_open else None,
        },
        status=status,
    )


def _forms(request: HttpRequest, found: Decision, slips: Sequence[Slip]) -> dict[str, Form]:
    """The three forms of the page, the one sent filled with what was sent."""
    here = installation_of(request)
    today, sent = clock.today_in(here), request.POST.get("action", "")

    def data(action: str):
        return request.POST if sent == action else None

    seen = {"seen": found.version}
    closing = seen | {"on": today} | decision_slips.closing_of(found, slips)
    tree = Tree(found.county_id)
    return {
        "change": ChangingForm(tree, months.of(today), data("change"), initial=initial_of(found), auto_id="change_%s"),
        "close": ClosingForm(data("close"), initial=closing, auto_id="close_%s"),
        "reopen": ReopeningForm(data("reopen"), initial=seen, auto_id="reopen_%s"),
    }


def _act(request: HttpRequest, found: Decision, form: Form) -> HttpResponse:
    typed, by = form.cleaned_data, request.user
    if isinstance(form, ChangingForm):
        decisions.change(found, form.wanted(), by=by, why=typed["why"], seen=typed["seen"])
        messages.success(request, _("已更改。"))
    elif isinstance(form, ClosingForm):
        decisions.close(found, on=typed["on"], note=typed["note"], by=by, seen=typed["seen"])
        messages.success(request, _("已登记办结。"))
    else:
        decisions.reopen(found, why=typed["why"], by=by, seen=typed["seen"])
        messages.success(request, _("已撤销办结。"))
    return redirect("decision", found.pk)


def _crumbs(meeting_url: str, here: str) -> list[dict]:
    return [{"label": _("会商一页纸"), "url": meeting_url}, {"label": here, "url": ""}]
