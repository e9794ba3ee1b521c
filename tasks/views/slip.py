"""One supervision slip (督办单), and what this person may do with it now."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from tasks import evidence_pages
from tasks.decision_page import town_names
from tasks.models import Extension, Slip
from tasks.slips import access as slip_access
from tasks.slips import page, supervision
from tasks.slips.forms import FORMS, ChangingForm, initial_of
from tasks.slips.moves import Act
from tasks.views.acting import acted
from tasks.views.slips import slip_form

# In the order of the page; those of the second row are opened by a click.
FIRST = (Act.ASSIGN, Act.ACCEPT, Act.DECIDE_EXTENSION, Act.ANSWER, Act.CONCLUDE, Act.STRIKE_OFF)
OTHER = (
    Act.SEND_BACK, Act.ASK_EXTENSION, Act.WITHDRAW_EXTENSION, Act.CHANGE, Act.DROP, Act.REOPEN,
)  # fmt: skip


@requires(Permission.SUPERVISE, Permission.ANSWER_SLIPS, Permission.READ_REPORTS)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    here = installation_of(request)
    if here is None:
        raise Http404
    found = slip_access.slip_or_404(request.user, here.county_id, pk)
    asked = found.extensions.filter(state=Extension.State.ASKED).select_related("asked_by").first()
    sent, failed, status = request.POST.get("action", ""), None, 200
    if request.method == "POST":
        if sent not in Act.values:
            return redirect("slip", pk)
        if sent not in slip_access.allowed(request.user, found):
            raise PermissionDenied
        failed = _form(request, found, Act(sent), request.POST)
        done, status = acted(failed, lambda: _act(request, found, asked, Act(sent), failed))
        if done:
            return done
        found = slip_access.slip_or_404(request.user, here.county_id, pk)  # as it stands, beside what was typed
    return _shown(request, found, asked, failed, status)


def _shown(
    request: HttpRequest, found: Slip, asked: Extension | None, failed: Form | None, status: int
) -> HttpResponse:
    """The page; `failed` is the form that was sent and not taken."""
    today, names = clock.today_in(installation_of(request)), town_names([found], found.county_id)
    sent = request.POST.get("action", "")
    may = slip_access.doings(request.user, found, asked)
    if failed is not None and sent not in may:
        may |= {Act(sent)}  # what was typed is never lost, though the slip moved on
    steps = list(found.steps.select_related("by"))
    forms = {act: failed if failed is not None and act == sent else _form(request, found, act) for act in may}
    return render(
        request,
        "tasks/slip.html",
        {
            "breadcrumb": [
                {"label": _("督办单"), "url": reverse("slip_list")},
                {"label": page.number_of(found), "url": ""},
            ],
            "slip": page.shown(found, today),
            "returned": page.returned(found, steps),
            "pairs": page.pairs(found, names),
            "first": [_doing(act, forms[act]) for act in FIRST if act in forms],
            "other": [_doing(act, forms[act]) for act in OTHER if act in forms],
            "extensions": page.extensions(found.extensions.select_related("asked_by", "decided_by")),
            "evidence": evidence_pages.shown(found, request.user),
            "events": page.course(steps),
        },
        status=status,
    )


def _doing(act: Act, form: Form) -> dict:
    return {"act": act.value, "label": str(act.label), "form": form, "open": form.is_bound}


def _form(request: HttpRequest, found: Slip, act: Act, data=None) -> Form:
    """The form of an act; where it was sent, with what was sent."""
    options = {"auto_id": f"{act}_%s"}
    if act == Act.CHANGE:
        return slip_form(request, ChangingForm, data, initial=initial_of(found), **options)
    return FORMS[act](data, initial={"seen": found.version}, **options)


def _act(request: HttpRequest, found: Slip, asked: Extension | None, act: Act, form: Form) -> HttpResponse:
    """Do it, and say so."""
    typed, by = form.cleaned_data, request.user
    if act == Act.CHANGE:
        wanted = form.wanted(month=found.month, work=found.work, milestone=found.milestone)
        supervision.change(found, wanted, why=typed["why"], by=by, seen=typed["seen"])
    elif act == Act.ASK_EXTENSION:
        supervision.ask_extension(found, by=by, **typed)
    elif act in (Act.DECIDE_EXTENSION, Act.WITHDRAW_EXTENSION):
        _on_extension(asked, act, typed, by)
    else:
        PLAIN[act](found, by=by, **typed)
    messages.success(request, SAID[act]())
    return redirect("slip", found.pk)


# Acts whose forms say just what the function takes.
PLAIN: dict[Act, Callable[..., Slip]] = {
    Act.ASSIGN: supervision.assign,
    Act.DROP: supervision.drop,
    Act.ACCEPT: supervision.accept,
    Act.ANSWER: supervision.answer,
    Act.SEND_BACK: supervision.send_back,
    Act.CONCLUDE: supervision.conclude,
    Act.STRIKE_OFF: supervision.strike_off,
    Act.REOPEN: supervision.reopen,
}
SAID: dict[Act, Callable[[], str]] = {
    Act.ASSIGN: lambda: _("已签发交办，责任单位现在可以签收。"),
    Act.DROP: lambda: _("已定为不予督办。"),
    Act.CHANGE: lambda: _("已更改。"),
    Act.ACCEPT: lambda: _("已签收。"),
    Act.ANSWER: lambda: _("已反馈，等待审结。"),
    Act.SEND_BACK: lambda: _("已退回重办。"),
    Act.CONCLUDE: lambda: _("已审结，等待销号。"),
    Act.STRIKE_OFF: lambda: _("已销号。"),
    Act.REOPEN: lambda: _("已撤销销号。"),
    Act.ASK_EXTENSION: lambda: _("已申请延期，等待批复；批复以前仍按原时限。"),
    Act.DECIDE_EXTENSION: lambda: _("已批复延期申请。"),
    Act.WITHDRAW_EXTENSION: lambda: _("已撤回延期申请。"),
}


def _on_extension(asked: Extension | None, act: Act, typed: dict, by) -> None:
    if asked is None:
        raise supervision.Refused(_("没有待批的延期申请。"))
    if act == Act.WITHDRAW_EXTENSION:
        supervision.withdraw_extension(asked, by=by)
    else:
        supervision.decide_extension(asked, grant=typed["grant"] == "yes", note=typed["note"], by=by)
