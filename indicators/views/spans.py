"""The pages of span totals (补录合计): the list, a new one, one with what may be done with it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.places import Tree
from indicators import access
from indicators import span_pages as page
from indicators.entry import spans, workflow
from indicators.forms import DecisionForm, ReasonForm
from indicators.models import SpanTotal

MOST_LISTED = 300
ACTIONS = ("submit", "withdraw", "drop", "decide", "take_back")


@require_safe
@requires(Permission.READ_SUBMISSIONS)
def span_list(request: HttpRequest) -> HttpResponse:
    installation = installation_of(request)
    if installation is None:
        raise Http404
    found = access.visible_spans(request.user)
    tree = Tree(installation.county_id)
    listed = page.rows(found[:MOST_LISTED], tree)
    go_live = installation.go_live_month
    count = _("补录合计 %(n)d 笔") % {"n": len(listed)} if listed else _("还没有补录合计")
    return render(
        request,
        "indicators/span_list.html",
        {
            "headline": [{"text": count, "tone": ""}],
            "rows": listed,
            "csv_url": reverse("span_list_csv"),
            "new_url": reverse("span_new") if go_live is not None and page.may_add(request.user, tree) else "",
            "go_live": months.label(go_live) if go_live is not None else "",
        },
    )


@requires(Permission.ENTER)
def span_new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@requires(Permission.ENTER)
def span_change(request: HttpRequest, pk: int) -> HttpResponse:
    span = _visible(request, pk)
    if not access.may_enter_span(request.user, span.form, span.place):
        raise Http404
    if not span.is_open:
        return redirect("span", pk)
    return _form(request, span)


def _visible(request: HttpRequest, pk: int) -> SpanTotal:
    span = access.visible_spans(request.user).filter(pk=pk).first()
    if span is None:
        raise Http404
    return span


def _form(request: HttpRequest, span: SpanTotal | None) -> HttpResponse:
    installation = installation_of(request)
    if installation is None:
        raise Http404
    tree, status = Tree(installation.county_id), 200
    form = page.SpanForm(request.user, tree, request.POST or None, initial=page.initial(span) if span else None)
    if not form.can_be_filled:
        raise Http404
    if request.method == "POST":
        status = 422
        if form.is_valid():
            total = form.total()
            target, place = spans.form_for(total.item, total.area), spans.place_for(total.area, total.last, tree)
            try:
                if target is None or place is None or not access.may_enter_span(request.user, target, place):
                    raise workflow.Refused(_("这个地方不填报这一项，不能补录合计。"))
                made = spans.save(total, by=request.user, span=span, seen=form.cleaned_data["seen"])
                messages.success(request, _("已保存，核对后提交审核。"))
                return redirect("span", made.pk)
            except workflow.Refused as refused:
                form.add_error(None, str(refused))
                status = 409 if isinstance(refused, workflow.Conflict | workflow.Closed) else 422
    return render(
        request,
        "indicators/span_form.html",
        {
            "breadcrumb": [
                {"label": _("补录合计"), "url": reverse("span_list")},
                {"label": _("修改") if span else _("新增"), "url": ""},
            ],
            "form": form,
            "title": _("修改补录合计") if span else _("新增补录合计"),
            "back_url": reverse("span", args=[span.pk]) if span else reverse("span_list"),
        },
        status=status,
    )


@requires(Permission.READ_SUBMISSIONS)
def span(request: HttpRequest, pk: int) -> HttpResponse:
    """One total; POST hands it in, withdraws, drops, decides or takes back, as `action` says."""
    found, status = _visible(request, pk), 200
    decision, undo = DecisionForm(), ReasonForm()
    if request.method == "POST":
        action, status = request.POST.get("action", "decide"), 422
        enters = access.may_enter_span(request.user, found.form, found.place)
        if action not in ACTIONS:
            raise SuspiciousOperation("no such act")
        if not (enters if action in ("submit", "withdraw", "drop") else access.may_review(request.user, found.form)):
            raise Http404
        decision = DecisionForm(request.POST if action == "decide" else None)
        undo = ReasonForm(request.POST if action == "take_back" else None)
        errors = undo if action == "take_back" else decision
        if not errors.is_bound or errors.is_valid():
            try:
                said = _act(request, found, action, errors)
                messages.success(request, said)
                return redirect("span_list") if action == "drop" else redirect("span", pk)
            except workflow.Refused as refused:
                messages.error(request, str(refused))
                status = 409 if isinstance(refused, workflow.Conflict | workflow.Closed) else 422
        found = _visible(request, pk)
    tree = Tree(found.area.home)
    context = page.page(found, request.user, tree, own=spans.is_own(found, request.user))
    crumbs = [{"label": _("补录合计"), "url": reverse("span_list")}, {"label": found.item.code, "url": ""}]
    return render(
        request,
        "indicators/span.html",
        context | {"breadcrumb": crumbs, "form": decision, "undo": undo},
        status=status,
    )


def _act(request: HttpRequest, span: SpanTotal, action: str, form) -> str:
    """Do it and say so."""
    by, seen = request.user, _seen(request)
    if action == "submit":
        spans.submit(span, by=by, seen=seen)
        return _("已提交审核。")
    if action == "withdraw":
        spans.withdraw(span, by=by)
        return _("已撤回，可以修改。")
    if action == "drop":
        spans.drop(span, by=by)
        return _("草稿已删除。")
    if action == "take_back":
        spans.take_back(span, by=by, reason=form.cleaned_data["reason"])
        return _("已撤销审核，不再计入。")
    if form.cleaned_data["decision"] == "return":
        spans.return_(span, by=by, reason=form.cleaned_data["reason"])
        return _("已退回。")
    spans.approve(span, by=by, seen=seen)
    return _("已审核通过，计入包含这些月份的累计。")


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
