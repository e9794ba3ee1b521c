"""The sheet of one form, place and month: read it, fill it cell by cell, hand it in, take it back, correct it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.models import User
from indicators import access, cells_page, desk, entry_form, grid_page, period_pages, sheet_texts, uses
from indicators import entry_pages as page
from indicators.entry import content, grid, sent, sheets, workflow
from indicators.entry.checks import check, missing_cells
from indicators.entry.handing_in import hand_in, save_sheet
from indicators.entry.layout import Problem, Sheet
from indicators.forms import ReasonForm
from indicators.grid_page import Shown
from indicators.models import Submission
from indicators.views.where import crumbs, owner, reach_of, sheet_of, submission_of, writable


@requires(Permission.READ_SUBMISSIONS)
def entry(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    reach = reach_of(request, form, place, month)
    if request.method == "POST":
        return _act(request, reach)
    return _page(request, reach)


def _act(request: HttpRequest, reach: access.Reach) -> HttpResponse:
    """Save, hand in or withdraw; whatever the rules refuse is said on the same page, with all that was typed."""
    if not reach.may_type:
        raise Http404
    sheet, names = sheet_of(reach)
    posted = entry_form.read(request.POST, sheet, writable(reach), owner(request, reach))
    if posted.action != "save" and not reach.may_hand_in:
        raise Http404
    if posted.action == "withdraw":
        return _withdraw(request, reach)
    typed = grid.read(sheet, posted.texts, posted.seen, posted.notes)
    typed.problems += sent.notes_refused(sheet, posted.notes)
    unconfirmed = {key: cell for key, cell in typed.cleared.items() if key not in posted.clear}
    shown = Shown(posted.seen, typed, asking=typed.cleared if unconfirmed else {})
    if typed.problems or unconfirmed:
        return _page(request, reach, shown, posted, status=422)
    if posted.undecided:
        shown.conflicts = {key: (posted.seen.get(key), _("他人改为")) for key in posted.undecided}
        return _page(request, reach, shown, posted, status=409)
    changes = sheets.changes(typed.changes, names) + sheets.clearings(typed.cleared, names)
    try:
        written = save_sheet(reach.form, reach.place, reach.month, changes, by=request.user)
    except workflow.Conflict as conflict:
        return _conflict(request, reach, typed, grid_page.theirs(conflict.cells, names))
    except workflow.Closed as closed:
        return _closed(request, reach, shown, changes, posted, closed)
    if posted.action == "submit":
        return _hand_in(request, reach, posted, written)
    messages.success(request, _("已存草稿 %(n)d 格。") % {"n": written} if written else _("没有改动，不用保存。"))
    return redirect("entry", *reach.args)


def _hand_in(request: HttpRequest, reach: access.Reach, posted: entry_form.Posted, written: int) -> HttpResponse:
    """Hand in what is saved; refused, the draft stays saved and the page says what stands in the way."""
    submission = submission_of(reach)
    try:
        if submission.pk is None:
            raise workflow.Refused(_("还没有填任何数，不能提交。"))
        hand_in(submission, by=request.user, missing_accepted=posted.missing_accepted)
    except workflow.Closed as closed:
        return _closed(request, reach, Shown(posted.seen), [], posted, closed)
    except workflow.Refused as refused:
        sheet, _names = sheet_of(reach)
        said = [str(refused), *([_("填的数已存为草稿。")] if written else [])]
        shown = Shown(sheet.values, missing=missing_cells(sheet, sheet.values))
        return _page(request, reach, shown, posted, said=said, status=422)
    messages.success(request, _("已提交，等待审核。"))
    return redirect("entry", *reach.args)


def _withdraw(request: HttpRequest, reach: access.Reach) -> HttpResponse:
    submission = get_object_or_404(Submission, form=reach.form, place=reach.place, month=reach.month)
    try:
        workflow.withdraw(submission, by=request.user)
    except workflow.Refused as refused:
        if not _was_last(submission, "withdraw", request.user):
            return _page(request, reach, said=[str(refused)], status=409)
    messages.success(request, _("已撤回，可以继续修改。"))
    return redirect("entry", *reach.args)


def _was_last(submission: Submission, act: str, user: User, reason: str = "") -> bool:
    """Was this the last thing that happened, by him? Then a page sent twice is answered as it was the first time."""
    last = submission.transitions.order_by("pk").last()
    return last is not None and (last.act, last.by_id, last.reason) == (act, user.pk, reason)


def _conflict(request: HttpRequest, reach: access.Reach, typed: grid.Typed, found: dict) -> HttpResponse:
    """Both values of each cell a colleague changed; what the page shows is from now on what stands now."""
    sheet, _names = sheet_of(reach)
    return _page(request, reach, Shown(sheet.values, typed, conflicts=found), status=409)


def _closed(
    request: HttpRequest,
    reach: access.Reach,
    shown: Shown,
    changes: list[workflow.Change],
    posted: entry_form.Posted,
    closed: workflow.Closed,
) -> HttpResponse:
    """Handed in, returned, approved or past its time meanwhile: who and when, with all that was typed to be copied.

    The same page sent twice by the one who handed it in is answered as it was the first time.
    """
    submission = submission_of(reach)
    cells = content.standing_cells(submission)
    same = all(change.stands(cells.get(change.cell)) for change in changes)
    own = submission.submitted_by_id == request.user.pk and submission.state in workflow.WAITING
    if posted.action == "submit" and own and same:
        messages.success(request, _("已提交，等待审核。"))
        return redirect("entry", *reach.args)
    if isinstance(closed, workflow.PeriodClosed):
        said = [str(closed), _("没有保存。")]
    else:
        said = [
            _("这份报表“%(state)s”，不能再改，没有保存。") % {"state": submission.state_word},
            page.last_step(submission),
        ]
    if shown.typed.touched:
        said.append(_("你填的数都在下面，可以复制。"))
        shown.locked = True
    return _page(request, reach, shown if shown.locked else None, said=said, status=409)


def _page(
    request: HttpRequest,
    reach: access.Reach,
    shown: Shown | None = None,
    posted: entry_form.Posted | None = None,
    *,
    said: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    submission, (sheet, _names) = submission_of(reach), sheet_of(reach)
    period = period_pages.notice(request.user, reach, submission, installation_of(request))
    filling = submission.is_open and reach.may_type and not period["closed"]
    filling = filling or (shown is not None and shown.locked)
    shown = shown or Shown(sheet.values)
    values = shown.typed.standing(sheet.values)
    problems = check(sheet, values)
    absent = page.missing(sheet)
    context = {
        "breadcrumb": [{"label": _("填报"), "url": reverse("desk")}, {"label": reach.form.number, "url": ""}],
        "title": page.title(submission, sheet.place_name),
        "state_light": int(page.STATE_LIGHTS[submission.state]),
        "state_word": submission.state_word if submission.pk else _("未填报"),
        "facts": cells_page.facts(sheet, absent),
        "returned_reason": submission.reason if submission.state == Submission.State.RETURNED else "",
        "said": said or [],
        "period": period,
        "problems": page.problem_rows(problems),
        "events": page.timeline(submission) if submission.pk else [],
        "blocked_text": cells_page.blocked(problems, values) if filling else "",
        **_ways(request, reach, submission, closed=bool(period["closed"])),
    }
    if filling:
        used = uses.of_columns(sheet.columns, sheet.month)
        context |= {
            "grid": grid_page.table(sheet, shown, problems, writable(reach), used.ratios),
            "locked": shown.locked,
            "seen": "" if shown.locked else grid.pack(shown.seen, owner(request, reach)),
            "errors": grid_page.errors(shown),
            "asking": grid_page.asking(sheet, shown, posted.clear if posted else set()),
            "conflicts": grid_page.conflicts(sheet, shown),
            "missing": grid_page.missing(shown),
            "absent": absent,
            "notes": grid_page.note_fields(sheet, problems, values, posted.notes if posted else {}, writable(reach)),
            "sheet_data": _sheet_data(request, reach, sheet, submission, problems, used),
            "deadline_text": desk.due_text(installation_of(request), reach.month, reach.step),
        }
    else:
        context["sheet"] = page.sheet_table(sheet, linked=bool(submission.approved_version))
    return render(request, "indicators/entry.html", context, status=status)


def _ways(request: HttpRequest, reach: access.Reach, submission: Submission, *, closed: bool) -> dict:
    """Where the user can go from here: the workbook, a correction, the town's check, handing in, withdrawing."""
    whole, open_now, args = reach.may_hand_in, submission.is_open, reach.args
    checks = submission.awaits_town_check and access.may_check(request.user, reach.form, reach.place.pk)
    approved = submission.state == Submission.State.APPROVED
    return {
        "template_url": reverse("template", args=args) if whole else "",
        "upload_url": reverse("upload", args=args) if whole and open_now and not closed else "",
        "correct_url": reverse("correct", args=args) if whole and approved else "",
        "check_url": reverse("town_check", args=[submission.pk]) if checks else "",
        "may_hand_in": whole,
        "may_withdraw": whole and submission.state in workflow.WAITING and not closed,
    }


def _sheet_data(
    request: HttpRequest,
    reach: access.Reach,
    sheet: Sheet,
    submission: Submission,
    problems: list[Problem],
    used: uses.Uses,
) -> dict:
    """What the scripts of the sheet know; `history` is of this month's approved figure, else last month's."""
    month = sheet.month if submission.approved_version else sheet.month - 1
    return {
        "columns": cells_page.columns(sheet, used.of_item),
        "cells": cells_page.filled(sheet.values),
        "problems": cells_page.problems(problems, sheet.values),
        "history": page.history_base(month),
        "save": reverse("entry_cells", args=reach.args),
        "page": sent.signature(owner(request, reach)),
        "kept": f"sheet {request.user.pk} {' '.join(reach.args)}",
        "most": sent.MOST_CELLS,
        "texts": sheet_texts.texts(),
    }


@requires(Permission.ENTER)
def correct(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    """Open an approved submission for correction, with a reason."""
    reach = reach_of(request, form, place, month)
    if not reach.may_hand_in:
        raise Http404
    submission = get_object_or_404(
        Submission.objects.select_related("form"), form=reach.form, place=reach.place, month=reach.month
    )
    reason_form = ReasonForm(request.POST or None)
    if request.method == "POST" and reason_form.is_valid():
        try:
            reason = reason_form.cleaned_data["reason"]
            if not _was_last(submission, "correct", request.user, reason):
                workflow.correct(submission, by=request.user, reason=reason)
            messages.success(request, _("已开始更正：改数后重新提交审核；审核前原数不变。"))
            return redirect("entry", *reach.args)
        except workflow.Refused as refused:
            reason_form.add_error(None, str(refused))
    return render(
        request,
        "indicators/correct.html",
        {
            "breadcrumb": crumbs(reach, _("申请更正")),
            "title": _("申请更正：%(t)s") % {"t": page.title(submission, reach.name)},
            "form": reason_form,
            "submit_label": _("开始更正"),
            "back_url": reverse("entry", args=reach.args),
        },
        status=422 if reason_form.errors else 200,
    )
