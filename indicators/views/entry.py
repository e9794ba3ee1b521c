"""The clerk's pages: my work, one submission, its template, upload and preview, correction."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.models import Area
from bureau.places import Tree
from indicators import access
from indicators import desk as desk_rows
from indicators import entry_pages as page
from indicators.analysis.kinds import Light
from indicators.entry import sheets, uploads, workflow
from indicators.entry.checks import check
from indicators.entry.handing_in import hand_in
from indicators.entry.template import write_template
from indicators.forms import ReasonForm, UploadForm
from indicators.models import ReportingForm, Submission, Upload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def month_or_404(text: str) -> int:
    try:
        return months.parse(text)
    except ValueError:
        raise Http404 from None


def _where(request: HttpRequest, form: str, place: str, month: str) -> tuple[ReportingForm, Area, int, Tree]:
    """The form, place and month of a URL within the user's scope; 404 in the future and where the place is not."""
    found, area = access.form_and_place(request.user, form, place)
    wanted = month_or_404(month)
    tree = Tree(area.county_id)
    if area.pk not in tree.valid(wanted) or wanted > months.of(clock.today_in(installation_of(request))):
        raise Http404
    return found, area, wanted, tree


def _submission(form: ReportingForm, place: Area, month: int) -> Submission:
    """The submission, or an unsaved empty one."""
    found = Submission.objects.select_related("form", "place").filter(form=form, place=place, month=month).first()
    return found or Submission(form=form, place=place, month=month)


@requires(Permission.READ_SUBMISSIONS)
def desk(request: HttpRequest) -> HttpResponse:
    """My work (工作台): the forms of the month at the places of my grants."""
    asked = request.GET.get("month")
    today = clock.today_in(installation_of(request))
    month = month_or_404(asked) if asked else desk_rows.due_month(today)
    rows = desk_rows.rows(request.user, installation_of(request), month)
    picker = desk_rows.picker(request.path, month, today)
    return render(request, "indicators/desk.html", {"rows": rows, "picker": picker})


@requires(Permission.READ_SUBMISSIONS)
def entry(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    found, area, wanted, tree = _where(request, form, place, month)
    may = access.may_enter(request.user, found, area)
    submission = _submission(found, area, wanted)
    if request.method == "POST":
        if not may:
            raise Http404
        return _act(request, submission)
    sheet, _names = sheets.build(found, area, wanted, tree)
    open_now = submission.is_open
    args = [found.code, area.code, months.iso(wanted)]
    problems = check(sheet, sheet.values)
    actions = []
    if may and open_now and sheet.values:
        hard = any(problem.severity == "hard" for problem in problems)
        actions = [{"value": "submit", "label": _("提交审核"), "primary": True, "disabled": hard}]
    elif may and submission.state == Submission.State.SUBMITTED:
        actions = [{"value": "withdraw", "label": _("撤回"), "primary": False, "disabled": False}]
    return render(
        request,
        "indicators/entry.html",
        {
            "breadcrumb": [{"label": _("填报"), "url": reverse("desk")}, {"label": found.number, "url": ""}],
            "title": page.title(submission, sheet.place_name),
            "state_light": int(page.STATE_LIGHTS[submission.state]),
            "state_word": submission.get_state_display() if submission.pk else _("未填报"),
            "facts": _entry_facts(sheet),
            "template_url": reverse("template", args=args) if may else "",
            "upload_url": reverse("upload", args=args) if may and open_now else "",
            "correct_url": reverse("correct", args=args)
            if may and submission.state == Submission.State.APPROVED
            else "",
            "returned_reason": submission.reason if submission.state == Submission.State.RETURNED else "",
            "sheet": page.sheet_table(sheet),
            "problems": page.problem_rows(problems),
            "events": page.timeline(submission) if submission.pk else [],
            "deadline_text": desk_rows.due_text(installation_of(request), wanted) if open_now else "",
            "blocked_text": _("先改 %(n)d 处错误，再提交") % {"n": len(problems)} if problems and open_now else "",
            "actions": actions,
        },
    )


def _entry_facts(sheet) -> list[dict]:
    due, absent = page.asked(sheet), page.missing(sheet)
    facts = [{"text": _("已填 %(f)d/%(n)d 格") % {"f": due - absent, "n": due}, "tone": ""}]
    if absent and sheet.values:
        facts.append({"text": _("未填 %(n)d 格，不计为 0") % {"n": absent}, "tone": "amber"})
    return facts


def _act(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Submit or withdraw; whatever the rules refuse is said on the same page."""
    done = {"submit": _("已提交，等待审核。"), "withdraw": _("已撤回，可以继续修改。")}
    act = request.POST.get("action")
    if act not in done or submission.pk is None:
        messages.error(request, _("还没有填任何数，不能提交。"))
        return redirect(request.path)
    try:
        if act == "submit":
            hand_in(submission, by=request.user)
        else:
            workflow.withdraw(submission, by=request.user)
        messages.success(request, done[act])
    except workflow.Refused as refused:
        messages.error(request, str(refused))
    return redirect(request.path)


@requires(Permission.ENTER)
def template(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    """The month's workbook to fill."""
    found, area, wanted, tree = _where(request, form, place, month)
    if not access.may_enter(request.user, found, area):
        raise Http404
    sheet, _names = sheets.build(found, area, wanted, tree)
    content = write_template(sheet, uploads.template_key(), installation_of(request).demonstration)
    response = HttpResponse(content, content_type=XLSX)
    name = f"{found.code}_{area.code}_{months.iso(wanted)}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.ENTER)
def upload(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    found, area, wanted, _tree = _where(request, form, place, month)
    if not access.may_enter(request.user, found, area):
        raise Http404
    args = [found.code, area.code, months.iso(wanted)]
    submission = _submission(found, area, wanted)
    if not submission.is_open:
        messages.error(request, _("这份报表“%(state)s”，不能上传。") % {"state": submission.get_state_display()})
        return redirect("entry", *args)
    upload_form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and upload_form.is_valid():
        submission = workflow.submission_for(found, area, wanted)
        file = upload_form.cleaned_data["file"]
        kept = uploads.read(submission, file.read(), file.name, by=request.user)
        return redirect("upload_preview", *args, kept.pk)
    return render(
        request,
        "indicators/upload.html",
        {
            "breadcrumb": _crumbs(args, found, _("上传表格")),
            "title": _("上传表格：%(t)s") % {"t": page.title(submission, _tree.valid(wanted)[area.pk].name)},
            "form": upload_form,
            "template_url": reverse("template", args=args),
            "back_url": reverse("entry", args=args),
        },
        status=422 if upload_form.errors else 200,
    )


def _crumbs(args: list[str], form: ReportingForm, last: str) -> list[dict]:
    return [
        {"label": _("填报"), "url": reverse("desk")},
        {"label": form.number, "url": reverse("entry", args=args)},
        {"label": last, "url": ""},
    ]


@requires(Permission.ENTER)
def upload_preview(request: HttpRequest, form: str, place: str, month: str, upload: int) -> HttpResponse:
    """What the workbook would change; confirmed by its uploader only."""
    found, area, wanted, tree = _where(request, form, place, month)
    kept = get_object_or_404(
        Upload.objects.select_related("file", "submission"),
        pk=upload, by=request.user, submission__form=found, submission__place=area, submission__month=wanted,
    )  # fmt: skip
    args = [found.code, area.code, months.iso(wanted)]
    if request.method == "POST":
        return _confirm(request, kept, args)
    sheet, _names = sheets.build(found, area, wanted, tree)
    changes, problems = uploads.changes_of(kept), uploads.problems_of(kept)
    hard = sum(problem.severity == "hard" for problem in problems)
    refused = kept.state == Upload.State.REFUSED
    changed = [change for change in changes if change.kind != "same"]
    return render(
        request,
        "indicators/upload_preview.html",
        {
            "breadcrumb": _crumbs(args, found, _("导入表格")),
            "title": _preview_title(kept, hard, len(changed)),
            "file_facts": [kept.file.name, f"{max(1, kept.file.size // 1024)} kB"],
            "counts": _preview_counts(changes, hard, refused),
            "problems": page.problem_rows(problems),
            "changes": page.change_rows(sheet, changes) if not refused else [],
            "changes_note": _("确认后写入草稿；空白的格不动"),
            "converted": [{"cell": cell, "before": before, "after": after} for cell, before, after in kept.converted],
            "can_confirm": kept.state == Upload.State.PREVIEW and bool(changed),
            "upload_url": reverse("upload", args=args),
        },
        status=422 if refused else 200,
    )


def _preview_title(kept: Upload, hard: int, changed: int) -> str:
    if kept.state == Upload.State.REFUSED:
        return _("表格没有导入：%(n)d 处错误须先改") % {"n": hard}
    if kept.state == Upload.State.CONFIRMED:
        return _("已写入草稿")
    return _("将写入 %(n)d 格") % {"n": changed} if changed else _("与现有数据一致，无变化")


def _preview_counts(changes: list, hard: int, refused: bool) -> list[dict]:
    kinds = [change.kind for change in changes]
    written = {"count": 0, "label": _("已写入"), "light": None, "note": _("没有任何数被改动")}
    return [
        {"count": hard, "label": _("错误"), "light": int(Light.FAR_BEHIND) if hard else None, "note": ""},
        {"count": kinds.count("same"), "label": _("与现有相同"), "light": None, "note": ""},
        {"count": kinds.count("changed"), "label": _("将更新"), "light": None, "note": ""},
        {"count": kinds.count("new"), "label": _("新填"), "light": None, "note": ""},
        *([written] if refused else []),
    ]


def _confirm(request: HttpRequest, kept: Upload, args: list[str]) -> HttpResponse:
    try:
        written = uploads.confirm(kept, by=request.user)
        messages.success(request, _("已写入草稿 %(n)d 格，核对后提交。") % {"n": written})
    except workflow.Refused as refused:
        messages.error(request, str(refused))
    return redirect("entry", *args)


@requires(Permission.ENTER)
def correct(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    """Open an approved submission for correction, with a reason."""
    found, area, wanted, tree = _where(request, form, place, month)
    if not access.may_enter(request.user, found, area):
        raise Http404
    submission = get_object_or_404(Submission, form=found, place=area, month=wanted)
    args = [found.code, area.code, months.iso(wanted)]
    reason_form = ReasonForm(request.POST or None)
    if request.method == "POST" and reason_form.is_valid():
        try:
            workflow.correct(submission, by=request.user, reason=reason_form.cleaned_data["reason"])
            messages.success(request, _("已开始更正：改数后重新提交审核；审核前原数不变。"))
            return redirect("entry", *args)
        except workflow.Refused as refused:
            reason_form.add_error(None, str(refused))
    return render(
        request,
        "indicators/correct.html",
        {
            "breadcrumb": _crumbs(args, found, _("申请更正")),
            "title": _("申请更正：%(t)s") % {"t": page.title(submission, tree.valid(wanted)[area.pk].name)},
            "form": reason_form,
            "submit_label": _("开始更正"),
            "back_url": reverse("entry", args=args),
        },
        status=422 if reason_form.errors else 200,
    )
