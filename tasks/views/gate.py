"""The gate of a phase: the office closes it, or takes that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.language import localized
from tasks import phases
from tasks.forms import ClosePhaseForm, TakeBackForm
from tasks.models import Phase
from tasks.views.acting import acted


@requires(Permission.PUBLISH)
def gate(request: HttpRequest, code: str) -> HttpResponse:
    """Close a phase that has all its papers, or open it again with a reason."""
    known = code.isascii() and code.isprintable()
    phase = Phase.objects.select_related("closed_by").filter(code=code).first() if known else None
    if phase is None:
        raise Http404
    today = clock.today_in(installation_of(request))
    closed = phase.closed_on is not None
    data = request.POST if request.method == "POST" else None
    form = TakeBackForm(data) if closed else ClosePhaseForm(data, initial={"on": today})
    status = 200
    if request.method == "POST":
        done, status = acted(form, lambda: _act(request, phase, form.cleaned_data, closed))
        if done:
            return done
    return render(
        request,
        "tasks/gate.html",
        {
            "breadcrumb": [
                {"label": _("任务与项目"), "url": reverse("task_list")},
                {"label": _("阶段"), "url": reverse("phases")},
                {"label": localized(phase), "url": ""},
            ],
            "title": localized(phase),
            "dates": f"{phase.starts_on.isoformat()} – {phase.ends_on.isoformat()}",
            "closed": closed,
            "closed_text": closed_text(phase),
            "lacking": [] if closed else phases.lacking(phase),
            "form": form,
            "back_url": reverse("phases"),
        },
        status=status,
    )


def closed_text(phase: Phase) -> str:
    """Who closed it when; empty while it is open."""
    if phase.closed_on is None:
        return ""
    told = {"d": phase.closed_on.isoformat(), "who": phase.closed_by, "note": phase.closing_note}
    return (_("%(d)s 由 %(who)s 关闭：%(note)s") if phase.closing_note else _("%(d)s 由 %(who)s 关闭")) % told


def _act(request: HttpRequest, phase: Phase, typed: dict, closed: bool) -> HttpResponse:
    if closed:
        phases.reopen(phase, why=typed["reason"], by=request.user)
        messages.success(request, _("已重开%(p)s。") % {"p": localized(phase)})
    else:
        phases.close(phase, on=typed["on"], note=typed["note"], by=request.user)
        messages.success(request, _("已关闭%(p)s。") % {"p": localized(phase)})
    return redirect("phases")
