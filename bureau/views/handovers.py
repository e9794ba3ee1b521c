"""Hand-overs: started by the person, or by the system administrator for one who has left; signed on one page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import Permission, can, requires
from bureau.models import Handover, User
from bureau.people import handover as rules
from bureau.people import papers
from bureau.people.account_forms import HandoverForm, ReasonForm
from bureau.people.own import stamp
from bureau.people.rules import Refused

ACTS = {"sign": rules.sign, "confirm": rules.confirm, "withdraw": rules.withdraw}


def handover_new(request: HttpRequest) -> HttpResponse:
    """I hand over my work."""
    if not rules.grants_to_pass(request.user):
        raise PermissionDenied
    return _start(request, request.user, absent=False)


@requires(Permission.MANAGE_ACCOUNTS)
def handover_for(request: HttpRequest, pk: int) -> HttpResponse:
    """The system administrator starts it for somebody who has left."""
    return _start(request, get_object_or_404(User, pk=pk), absent=True)


def _start(request: HttpRequest, giver: User, *, absent: bool) -> HttpResponse:
    form = HandoverForm(giver, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            paper = rules.start(by=request.user, giver=giver, absent=absent, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("移交已发起。接手人登录后在“我的账号”里签。"))
            return redirect("handover", pk=paper.pk)
    context = {
        "form": form,
        "giver": giver,
        "absent": absent,
        "belongings": rules.belongings(giver),
        "breadcrumb": _crumbs(giver if absent else None, _("移交工作")),
    }
    return render(request, "people/handover_new.html", context, status=422 if form.errors else 200)


def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over with its signatures; what this person may do about it is posted here."""
    paper = rules.visible_to(request.user).filter(pk=pk).first()
    if paper is None:
        raise Http404
    form, error = ReasonForm(), ""
    if request.method == "POST":
        act = request.POST.get("action", "")
        form = ReasonForm(request.POST) if act == "refuse" else form
        if act != "refuse" or form.is_valid():
            try:
                _do(request, paper, act)
            except Refused as refused:
                error = str(refused)
            else:
                messages.success(request, _("已记录。"))
                return redirect("handover", pk=pk)
        paper.refresh_from_db()
    status = 422 if error or form.errors else 200
    return render(
        request, "people/handover.html", _page(request, paper) | {"form": form, "error": error}, status=status
    )


def _do(request: HttpRequest, paper: Handover, act: str) -> None:
    if act == "refuse":
        rules.refuse(paper, by=request.user, reason=request.POST.get("reason", ""))
    elif act in ACTS:
        ACTS[act](paper, by=request.user)
    else:
        raise PermissionDenied


def _page(request: HttpRequest, paper: Handover) -> dict:
    user, is_open = request.user, paper.state == Handover.State.OPEN
    confirms = is_open and paper in rules.waiting_for(user) and can(user, Permission.MANAGE_GRANTS)
    signs = is_open and user.pk == paper.receiver_id and not paper.receiver_signed_at
    needs = rules.needs_confirmation(paper)
    return {
        "paper": papers.handover_row(paper),
        "on": paper.on.isoformat(),
        "explanation": paper.note,
        "grants": papers.passed_grants(paper),
        "belongings": rules.belongings(paper.giver) if is_open or paper.state == Handover.State.SIGNED else [],
        "passed": sum(paper.passed.values()) if paper.passed else 0,
        "done": paper.state == Handover.State.DONE,
        "ended": {"by": paper.ended_by, "at": stamp(paper.ended_at), "reason": paper.ended_reason}
        if paper.ended_at
        else None,
        "signatures": _signatures(paper, needs),
        "signs": signs,
        "confirms": confirms,
        "withdraws": is_open and user.pk == paper.started_by_id,
        "breadcrumb": _crumbs(None, _("移交")),
    }


def _signatures(paper: Handover, needs: bool) -> list[dict]:
    """Who has to sign, and when he did."""
    giver = _("%(a)s（不在岗，由安全管理员代签）") % {"a": paper.giver} if paper.absent else str(paper.giver)
    found = [
        {"role": _("移交人"), "who": giver, "at": paper.giver_signed_at},
        {"role": _("接手人"), "who": str(paper.receiver), "at": paper.receiver_signed_at},
    ]
    if needs:
        who = str(paper.confirmed_by) if paper.confirmed_by else "—"
        found.append({"role": _("安全管理员"), "who": who, "at": paper.confirmed_at})
    return [one | {"at": stamp(one["at"]) if one["at"] else _("未签"), "light": 2 if one["at"] else 5} for one in found]


def _crumbs(user: User | None, last: str) -> list[dict[str, str]]:
    if user is None:
        return [{"label": _("我的账号"), "url": f"{reverse('account')}?stay"}, {"label": last, "url": ""}]
    return [
        {"label": _("账号"), "url": reverse("account_list")},
        {"label": user.username, "url": reverse("account_detail", args=[user.pk])},
        {"label": last, "url": ""},
    ]
