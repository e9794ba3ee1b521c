"""The administrators' pages: the account list, one account, new and changed accounts, the matrix of permissions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, can, requires
from bureau.models import User
from bureau.people import accounts, listing, matrix, papers
from bureau.people.account_forms import NewAccountForm, OwnerForm, ReasonForm
from bureau.people.rules import Refused
from bureau.tables_out import table_response

P = Permission
PAGE = 50


@require_safe
@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def account_list(request: HttpRequest) -> HttpResponse:
    state, text = _asked(request)
    found = listing.chosen(state, text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": listing.rows(page.object_list),
        "page": page,
        "total": page.paginator.count,
        "filters": [
            {"label": label, "url": "?" + urlencode({"state": key, "q": text}), "current": key == state}
            for key, label in listing.filters()
        ],
        "state": state,
        "text": text,
        "csv_url": reverse("account_list_csv") + "?" + urlencode({"state": state, "q": text}),
        "waiting": papers.requests_waiting(),
        "handovers": papers.to_sign(request.user),
        "can_create": can(request.user, P.MANAGE_ACCOUNTS),
        "printed": clock.real_day().isoformat(),
    }
    return render(request, "people/account_list.html", context)


@require_safe
@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def account_list_csv(request: HttpRequest, ending: str) -> HttpResponse:
    found = listing.chosen(*_asked(request))
    return _table(listing.csv_rows(found), _("账号清单"), ending)


@require_safe
@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def role_matrix(request: HttpRequest) -> HttpResponse:
    heads, rows = matrix.table()
    reaches = [matrix.reach(role) for role in matrix.ROLES]
    context = {"heads": heads, "rows": rows, "reaches": reaches, "limits": matrix.limits(), "breadcrumb": _crumbs()}
    return render(request, "people/role_matrix.html", context)


@require_safe
@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def role_matrix_csv(request: HttpRequest, ending: str) -> HttpResponse:
    return _table(matrix.csv_rows(), _("角色权限表"), ending)


@requires(P.MANAGE_ACCOUNTS)
def account_new(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {key: form.cleaned_data[key] for key in ("username", "display_name", "unit", "expires_on", "email")}
        try:
            user = accounts.create(by=request.user, **facts)
        except Refused as refused:
            form.add_error("username", str(refused))
        else:
            messages.success(
                request, _("账号已建，停用状态。接下来：安全管理员提授权，会签后由他启用；再发一次性密码。")
            )
            return redirect("account_detail", pk=user.pk)
    context = {"form": form, "title": _("新建账号"), "button": _("建账号"), "breadcrumb": _crumbs()}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@requires(P.MANAGE_ACCOUNTS)
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    facts = {"display_name": user.display_name, "unit": user.unit, "expires_on": user.expires_on, "email": user.email}
    form = OwnerForm(request.POST or None, initial=facts | {"seen": accounts.state_of(user)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                accounts.edit(user, by=request.user, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
                form.data = form.data.copy()
                form.data["seen"] = accounts.state_of(user)
                status = 409
            else:
                messages.success(request, _("已保存。"))
                return redirect("account_detail", pk=pk)
    context = {"form": form, "title": _("修改账号 %(name)s") % {"name": user.username}, "button": _("保存")}
    return render(request, "people/form.html", context | {"breadcrumb": _crumbs(user)}, status=status)


@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account; acts on it are posted here, each by the administrator whose it is."""
    user = get_object_or_404(User, pk=pk)
    form, error, password = ReasonForm(), "", ""
    if request.method == "POST":
        act = request.POST.get("action", "")
        permission, text, do = _acts(user, request).get(act, (None, "", None))
        if permission is None or not can(request.user, permission):
            raise PermissionDenied
        if act == "disable":
            form = ReasonForm(request.POST)
        if act != "disable" or form.is_valid():
            try:
                password = do() or ""
            except Refused as refused:
                error = str(refused)
            else:
                if act != "password":
                    messages.success(request, text)
                    return redirect("account_detail", pk=pk)
        user.refresh_from_db()
    status = 422 if error or form.errors else 200
    context = _detail(request, user) | {
        "form": form,
        "error": error,
        "password": password if isinstance(password, str) else "",
    }
    return render(request, "people/account_detail.html", context, status=status)


@require_safe
@requires(P.MANAGE_ACCOUNTS, P.MANAGE_GRANTS)
def account_grants_table(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """What the page of an account lists: its grants, then the requests for some."""
    user = get_object_or_404(User, pk=pk)
    return _table(papers.csv_rows(user), _("职责与范围 %(name)s") % {"name": user.username}, ending)


def _acts(user: User, request: HttpRequest) -> dict[str, tuple[Permission, str, Callable[[], Any]]]:
    """Action → whose it is, what is said afterwards, and the act."""
    by, reason = request.user, request.POST.get("reason", "")
    return {
        "password": (P.MANAGE_ACCOUNTS, "", lambda: accounts.give_password(user, by=by)),
        "unlock": (P.MANAGE_ACCOUNTS, _("已解锁。"), lambda: accounts.unlock(user, by=by)),
        "disable": (
            P.MANAGE_ACCOUNTS,
            _("已停用，已登录的随即退出。"),
            lambda: accounts.disable(user, by=by, reason=reason),
        ),
        "enable": (P.MANAGE_GRANTS, _("已启用。"), lambda: accounts.enable(user, by=by)),
    }


def _detail(request: HttpRequest, user: User) -> dict[str, Any]:
    row = listing.rows([user])[0]
    own = user.pk == request.user.pk
    manages, grants = can(request.user, P.MANAGE_ACCOUNTS) and not own, can(request.user, P.MANAGE_GRANTS) and not own
    return {
        "person": user,
        "row": row,
        "own": own,
        "is_locked": user.username in accounts.locked_names(),
        "grants": papers.grant_rows(user),
        "csv_url": reverse("account_grants_csv", args=[user.pk]),
        "requests": papers.request_rows(user),
        "handovers": papers.handover_rows(user),
        "manages_accounts": manages,
        "manages_grants": grants,
        "breadcrumb": _crumbs(user, last=True),
    }


def _crumbs(user: User | None = None, last: bool = False) -> list[dict[str, str]]:
    found = [{"label": _("账号"), "url": reverse("account_list")}]
    if user is not None:
        found.append({"label": user.username, "url": "" if last else reverse("account_detail", args=[user.pk])})
    return found


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The state and the text to list by; a NUL would be an error of the database."""
    return request.GET.get("state", ""), request.GET.get("q", "").replace("\0", "").strip()[:60]


def _table(rows: list[list[str]], name: str, ending: str) -> HttpResponse:
    head, *body = rows
    name = f"{name}-{clock.real_day().isoformat()}"
    return table_response(name, head, body, ending=ending, demonstration=False)
