"""The workbook of a sheet: the template to fill, its upload, the preview and its confirmation."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.models import User
from indicators import access
from indicators import entry_pages as page
from indicators.analysis.kinds import Light
from indicators.due import Dates
from indicators.entry import importing, marked, periods, sheets, uploads, workflow
from indicators.entry.identity import SeveralSheets
from indicators.entry.layout import Change, Sheet
from indicators.entry.template import write_template
from indicators.forms import UploadForm
from indicators.import_page import shown
from indicators.models import Upload
from indicators.views.marked import XLSX, marked_copy
from indicators.views.where import crumbs, reach_of, submission_of


def _whole_sheet(request: HttpRequest, form: str, place: str, month: str) -> access.Reach:
    """The sheet of somebody who fills all of it."""
    reach = reach_of(request, form, place, month)
    if not reach.may_hand_in:
        raise Http404
    return reach


@require_safe
@requires(Permission.ENTER)
def template(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    """The month's workbook to fill."""
    reach = _whole_sheet(request, form, place, month)
    sheet, _names = sheets.build(reach.form, reach.place, reach.month, reach.tree)
    content = write_template(sheet, uploads.template_key(), installation_of(request).demonstration)
    response = HttpResponse(content, content_type=XLSX)
    name = f"{'_'.join(reach.args)}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.ENTER)
def upload(request: HttpRequest, form: str, place: str, month: str) -> HttpResponse:
    reach = _whole_sheet(request, form, place, month)
    args, submission = reach.args, submission_of(reach)
    if not submission.is_open:
        messages.error(request, _("这份报表“%(state)s”，不能上传。") % {"state": submission.get_state_display()})
        return redirect("entry", *args)
    if why := periods.why_closed(submission, Dates.of(installation_of(request))):
        messages.error(request, why)
        return redirect("entry", *args)
    upload_form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and upload_form.is_valid():
        submission = workflow.submission_for(reach.form, reach.place, reach.month)
        file = upload_form.cleaned_data["file"]
        content = file.read()
        try:
            kept = uploads.read(submission, content, file.name, by=request.user)
        except SeveralSheets:  # not a mistake: its preview shows all its sheets at once
            return redirect("import_preview", importing.read(content, file.name, by=request.user).pk)
        return redirect("upload_preview", *args, kept.pk)
    return render(
        request,
        "indicators/upload.html",
        {
            "breadcrumb": crumbs(reach, _("上传表格")),
            "title": _("上传表格：%(t)s") % {"t": page.title(submission, reach.name)},
            "form": upload_form,
            "template_url": reverse("template", args=args),
            "book_url": f"{reverse('book')}?{urlencode(dict(zip(('form', 'place', 'month'), args, strict=True)))}",
            "back_url": reverse("entry", args=args),
        },
        status=422 if upload_form.errors else 200,
    )


@requires(Permission.ENTER)
def upload_preview(request: HttpRequest, form: str, place: str, month: str, upload: int) -> HttpResponse:
    """What the workbook would change; confirmed by its uploader only."""
    reach = _whole_sheet(request, form, place, month)
    kept = _own(reach, request.user, upload)
    if request.method != "POST":
        return _preview(request, reach, kept)
    try:
        written = uploads.confirm(kept, by=request.user)
    except workflow.Refused as refused:
        return _preview(request, reach, kept, refused)
    messages.success(request, _("已写入草稿 %(n)d 格，核对后提交。") % {"n": written})
    return redirect("entry", *reach.args)


def _preview(
    request: HttpRequest, reach: access.Reach, kept: Upload, no: workflow.Refused | None = None
) -> HttpResponse:
    """The page; after a confirmation that was refused it says why, and shows the cells that others changed."""
    args = reach.args
    sheet, names = sheets.build(reach.form, reach.place, reach.month, reach.tree)
    changes, problems = uploads.changes_of(kept), uploads.problems_of(kept)
    hard = sum(problem.severity == "hard" for problem in problems)
    refused = kept.state == Upload.State.REFUSED
    possible = refused and marked.can_be(problems)
    changed = [change for change in changes if change.kind != "same"]
    return render(
        request,
        "indicators/upload_preview.html",
        {
            "breadcrumb": crumbs(reach, _("导入表格")),
            "title": _preview_title(kept, hard, len(changed)),
            "file_facts": [kept.file.name, f"{max(1, kept.file.size // 1024)} kB"],
            "counts": _preview_counts(changes, hard, refused),
            "problems": page.problem_rows(problems),
            "changes": page.change_rows(sheet, changes) if not refused else [],
            "changes_note": _("确认后写入草稿；空白的格不动"),
            "converted": [{"cell": cell, "before": before, "after": after} for cell, before, after in kept.converted],
            "told": str(no) if no else "",
            "clashes": _clashes(sheet, changed, names, no),
            "can_confirm": kept.state == Upload.State.PREVIEW and bool(changed) and no is None,
            "upload_url": reverse("upload", args=args),
            "marked_url": reverse("upload_marked", args=[*args, kept.pk]) if possible else "",
            "unmarked": refused and not possible,
        },
        status=409 if no else 422 if refused else 200,
    )


def _clashes(sheet: Sheet, changed: list[Change], names: sheets.Names, no: workflow.Refused | None) -> list[dict]:
    """The cells that somebody else changed meanwhile, with what stands there now."""
    theirs = no.cells if isinstance(no, workflow.Conflict) else {}
    return [
        row | {"month": months.label(sheet.month), "theirs": shown(importing.standing(theirs[names.ids(change.key)]))}
        for row, change in zip(page.change_rows(sheet, changed), changed, strict=True)
        if names.ids(change.key) in theirs
    ]


@require_safe
@requires(Permission.ENTER)
def upload_marked(request: HttpRequest, form: str, place: str, month: str, upload: int) -> HttpResponse:
    """The refused workbook with each bad cell marked, for its uploader only."""
    kept = _own(_whole_sheet(request, form, place, month), request.user, upload)
    return marked_copy(kept.file, uploads.problems_of(kept), kept.state == Upload.State.REFUSED)


def _own(reach: access.Reach, user: User, upload: int) -> Upload:
    return get_object_or_404(
        Upload.objects.select_related("file", "submission"),
        pk=upload, by=user,
        submission__form=reach.form, submission__place=reach.place, submission__month=reach.month,
    )  # fmt: skip


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
