"""The section's pages: what waits for review, and one submission beside last month to approve or return."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, requires, scope
from bureau.places import Tree
from indicators import access
from indicators import entry_pages as page
from indicators.entry import sheets, workflow
from indicators.forms import DecisionForm
from indicators.models import Submission

WAITING = (Submission.State.SUBMITTED, Submission.State.TOWN_CHECKED)
SHOWN = 100


@requires(Permission.REVIEW)
def review_list(request: HttpRequest) -> HttpResponse:
    sections = scope(request.user, Permission.REVIEW).sections
    waiting = (
        Submission.objects.filter(form__section__in=sections, state__in=WAITING)
        .select_related("form", "place", "submitted_by")
        .order_by("month", "form__order", "place__code")
    )
    count = waiting.count()
    tree = Tree(waiting[0].place.county_id) if count else None
    rows = [
        {
            "place": tree.names[one.place_id],
            "form": f"{one.form.number} {one.form.name}",
            "month": months.label(one.month),
            "submitted": _submitted(one),
            "checks_word": "",
            "state_word": one.get_state_display(),
            "url": reverse("review", args=[one.pk]),
        }
        for one in waiting[:SHOWN]
    ]
    headline = [{"text": _("待审 %(n)d 份") % {"n": count} if count else _("没有待审的报表"), "tone": ""}]
    return render(request, "indicators/review_list.html", {"rows": rows, "headline": headline})


def _submitted(one: Submission) -> str:
    when = timezone.localtime(one.submitted_at).strftime("%m-%d %H:%M") if one.submitted_at else ""
    return f"{when} {one.submitted_by or ''}".strip()


@requires(Permission.REVIEW)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    submission = access.visible_submissions(request.user).filter(pk=pk).first()
    if submission is None or not access.may_review(request.user, submission.form):
        raise Http404
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, submission, form.cleaned_data)
        except workflow.Refused as refused:
            form.add_error(None, str(refused))
            submission.refresh_from_db()
    tree = Tree(submission.place.county_id)
    sheet, names = sheets.build(submission.form, submission.place, submission.month, tree)
    last_year = sheets.figures(submission.place.county_id, submission.month - 12, names)
    own = request.user.pk in set(workflow.people(submission)) or submission.submitted_by_id == request.user.pk
    waiting = submission.state in WAITING
    return render(
        request,
        "indicators/review.html",
        {
            "breadcrumb": [
                {"label": _("审核"), "url": reverse("review_list")},
                {"label": f"{submission.form.number} {months.label(submission.month)}", "url": ""},
            ],
            "title": page.title(submission, sheet.place_name),
            "state_light": int(page.STATE_LIGHTS[submission.state]),
            "state_word": submission.get_state_display(),
            "facts": _facts(submission, sheet),
            "month_label": months.label(submission.month),
            "previous_label": months.label(submission.month - 1),
            "last_year_label": months.label(submission.month - 12),
            "rows": page.review_rows(submission, sheet, last_year),
            "one_place": len(sheet.rows) == 1,
            "form": form,
            "seen": workflow.content_digest(submission),
            "can_decide": waiting and not own,
            "cannot_decide_reason": _("这份报表有你填的数，须由他人审核。") if waiting and own else "",
            "events": page.timeline(submission),
        },
        status=422 if form.errors else 200,
    )


def _facts(submission: Submission, sheet) -> list[dict]:
    facts = [{"text": _("提交 %(who)s") % {"who": submission.submitted_by or "—"}, "tone": ""}]
    absent = page.missing(sheet)
    if absent:
        facts.append({"text": _("未填 %(n)d 格，不计为 0") % {"n": absent}, "tone": "amber"})
    if submission.approved_version and submission.reason:
        facts.append({"text": _("更正：%(r)s") % {"r": submission.reason}, "tone": "amber"})
    return facts


def _decide(request: HttpRequest, submission: Submission, decided: dict) -> HttpResponse:
    if decided["decision"] == "approve":
        workflow.approve(submission, by=request.user, seen=decided["seen"] or None)
        messages.success(request, _("已审核通过，计入汇总。"))
    else:
        workflow.return_(submission, by=request.user, reason=decided["reason"])
        messages.success(request, _("已退回。"))
    return redirect("review_list")
