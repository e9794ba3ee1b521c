"""Looking over what was handed in: the section's review and the town's own check, one sheet or many at once."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, requires, scope
from bureau.context import installation_of
from bureau.places import Tree
from indicators import access, review_changes, review_pages
from indicators import entry_pages as page
from indicators.entry import adjusting, sheets, workflow
from indicators.entry.layout import CellKey
from indicators.forms import DecisionForm, ReviewForm
from indicators.models import Submission


@requires(Permission.REVIEW)
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for the section, by form and month; POST approves the ticked ones, or all of a group, in one act."""
    if request.method == "POST":
        return _approve_many(request)
    return _list(request)


def _list(request: HttpRequest, refused: list[str] | None = None, status: int = 200) -> HttpResponse:
    found = review_pages.waiting_groups(request.user, scope(request.user, Permission.REVIEW).sections)
    count = found["count"]
    headline = [{"text": _("待审 %(n)s 份") % {"n": count} if count else _("没有待审的报表"), "tone": ""}]
    installation = installation_of(request)
    back_fill = installation is not None and installation.go_live_month is not None
    ways = [
        {"url": reverse("span_list"), "label": _("补录合计")},
        {"url": reverse("sign_back_fill"), "label": _("补录已审：一次签字认定")},
    ]
    more = {"headline": headline, "refused": refused or [], "ways": ways if back_fill else []}
    more["csv_url"] = reverse("review_list_csv") if count else ""
    return render(request, "indicators/review_list.html", found | more, status=status)


def _approve_many(request: HttpRequest) -> HttpResponse:
    every = request.POST.get("action") == "all"
    seen = dict(_picked(text) for text in request.POST.getlist("every" if every else "pick"))
    if not seen:
        return _list(request, [_("没有勾选报表。")], status=422)
    sections = scope(request.user, Permission.REVIEW).sections
    chosen = list(
        Submission.objects.filter(pk__in=seen, form__section__in=sections).select_related("form", "place__county")
    )
    if len(chosen) != len(seen):
        raise Http404
    try:
        workflow.approve_all(chosen, by=request.user, seen=seen)
    except workflow.Conflict as conflict:
        names = "、".join(page.title(one, review_pages.place_name(one)) for one in conflict.submissions)
        said = [_("一份也没有通过：%(names)s 的数据已变动，请重新核对。") % {"names": names}]
        return _list(request, said, status=409)
    except workflow.Refused as refused:
        status = 409 if isinstance(refused, workflow.Closed) else 422
        return _list(request, [_("一份也没有通过：%(why)s") % {"why": refused}], status=status)
    messages.success(request, _("已审核通过 %(n)d 份，计入汇总。") % {"n": len(chosen)})
    return redirect("review_list")


def _picked(text: str) -> tuple[int, str]:
    """'17:digest' as (17, 'digest')."""
    number, _colon, digest = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 19 and digest):
        raise SuspiciousOperation("no such choice")
    return int(number), digest


@requires(Permission.REVIEW)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    submission = access.visible_submissions(request.user).filter(pk=pk).first()
    if submission is None or not access.may_review(request.user, submission.form):
        raise Http404
    return _decision(request, submission, review_pages.REVIEW)


@requires(Permission.CHECK_TOWN)
def town_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The town's own check (初审) before the section's review."""
    submission = access.visible_submissions(request.user).filter(pk=pk).first()
    if submission is None or not access.may_check(request.user, submission.form, submission.place_id):
        raise Http404
    return _decision(request, submission, review_pages.CHECK)


def _decision(request: HttpRequest, submission: Submission, step: review_pages.Step) -> HttpResponse:
    """One sheet beside last month, to decide on; refused, what was chosen and written stays on the page."""
    form_of = ReviewForm if step is review_pages.REVIEW else DecisionForm
    form, status, differences = form_of(request.POST or None), 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _decide(request, submission, form.cleaned_data, step)
            except workflow.Refused as refused:
                form.add_error(None, str(refused))
                if isinstance(refused, workflow.Conflict | workflow.Closed):
                    status = 409
        submission.refresh_from_db()
        if status == 409 and not step.waits(submission):
            form.add_error(None, page.last_step(submission))
    tree = Tree(submission.place.home)
    sheet, names = sheets.build(submission.form, submission.place, submission.month, tree)
    owner = f"{step.name} {submission.pk} {request.user.pk}"
    if status == 409:
        differences = review_changes.differences(request.POST.get("shown", ""), owner, submission, sheet, names)
    context = review_pages.page(submission, sheet, names, request.user, step)
    return render(
        request,
        "indicators/review.html",
        context
        | {
            "breadcrumb": [
                {"label": step.crumb, "url": reverse(step.list_url)},
                {"label": f"{submission.form.number} {months.label(submission.month)}", "url": ""},
            ],
            "form": form,
            "differences": differences,
            "shown": review_changes.pack(sheet, owner),
        },
        status=status,
    )


def _decide(request: HttpRequest, submission: Submission, decided: dict, step: review_pages.Step) -> HttpResponse:
    seen = decided["seen"] or None
    if decided["decision"] == "return":
        if not step.waits(submission):
            raise workflow.Closed(_("只有待审核的报表可以退回。"))
        workflow.return_(submission, by=request.user, reason=decided["reason"])
        messages.success(request, _("已退回。"))
    elif decided["decision"] == "adjust":
        key = CellKey(*decided["cell"])
        adjusting.add(submission, key, decided["amount"], by=request.user, reason=decided["reason"], seen=seen)
        messages.success(request, _("已加审核调整，通过后按调整后的数计入；填报人看得到。"))
        return redirect("review", submission.pk)
    elif step is review_pages.CHECK:
        workflow.town_check(submission, by=request.user, seen=seen)
        messages.success(request, _("初审已通过，转科室审核。"))
    else:
        workflow.approve(submission, by=request.user, seen=seen)
        messages.success(request, _("已审核通过，计入汇总。"))
    return redirect(step.list_url)
