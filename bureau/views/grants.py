"""Grants: the security administrator proposes and ends, the system administrator signs or refuses."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import Permission, can, requires
from bureau.models import Grant, GrantRequest, User
from bureau.people import granting, papers, scopes
from bureau.people.account_forms import EndForm, GrantForm, ReasonForm
from bureau.people.rules import Refused

P = Permission


@requires(P.MANAGE_GRANTS)
def grant_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a grant."""
    user = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            granting.propose(user, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已提出，等系统管理员会签；会签后才生效。"))
            return redirect("account_detail", pk=pk)
    title = _("给 %(name)s 提授权") % {"name": user}
    return _form(request, form, user, title, _("提出"))


@requires(P.MANAGE_GRANTS)
def grant_end(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """End a grant, with a reason."""
    found = get_object_or_404(Grant.objects.select_related("user", "area", "section"), pk=grant, user=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            granting.end(found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("授权已终止。"))
            return redirect("account_detail", pk=pk)
    title = _("终止授权：%(name)s，%(grant)s") % {"name": found.user, "grant": scopes.Names([found]).text(found)}
    return _form(request, form, found.user, title, _("终止授权"), danger=True)


@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def grant_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: signed or refused by the system administrator, withdrawn by the security administrator."""
    paper = get_object_or_404(GrantRequest.objects.select_related("user", "proposed_by", "decided_by"), pk=pk)
    form, error, may_sign = ReasonForm(), "", can(request.user, P.MANAGE_ACCOUNTS)
    if request.method == "POST":
        act = request.POST.get("action", "")
        if act not in ("sign", "refuse", "withdraw") or may_sign is (act == "withdraw"):
            raise PermissionDenied
        form = ReasonForm(request.POST) if act == "refuse" else form
        if act != "refuse" or form.is_valid():
            try:
                done = _decide(request, paper, act)
            except Refused as refused:
                error = str(refused)
            else:
                messages.success(request, done)
                return redirect("account_detail", pk=paper.user_id)
        paper.refresh_from_db()
    context = {
        "paper": papers.request_row(paper),
        "form": form,
        "error": error,
        "open": paper.state == GrantRequest.State.PROPOSED,
        "may_sign": may_sign,
        "breadcrumb": _crumbs(paper.user, _("授权申请")),
    }
    return render(request, "people/grant_request.html", context, status=422 if error or form.errors else 200)


def _decide(request: HttpRequest, paper: GrantRequest, act: str) -> str:
    """Do it; what to say afterwards."""
    if act == "sign":
        granting.sign(paper, by=request.user)
        return _("已会签，授权生效。")
    if act == "refuse":
        granting.refuse(paper, by=request.user, reason=request.POST.get("reason", ""))
        return _("已记录不同意及理由。")
    granting.withdraw(paper, by=request.user)
    return _("申请已撤回。")


def _form(request, form, user: User, title: str, button: str, danger: bool = False) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "danger": danger, "breadcrumb": _crumbs(user, title)}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


def _crumbs(user: User, last: str) -> list[dict[str, str]]:
    return [
        {"label": _("账号"), "url": reverse("account_list")},
        {"label": user.username, "url": reverse("account_detail", args=[user.pk])},
        {"label": last.split("：")[0], "url": ""},
    ]
