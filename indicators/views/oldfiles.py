"""Old Excel files (旧表导入), step by step: file, layout, items, places, trial; then the ordinary import's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.places import Tree
from indicators import import_page
from indicators import oldfile_pages as page
from indicators.entry import workflow
from indicators.entry.oldfiles import layout as lay
from indicators.entry.oldfiles import wizard, words
from indicators.entry.oldfiles.layout import Layout
from indicators.entry.oldfiles.matching import Choice
from indicators.entry.oldfiles.reading import LEAVE_OUT
from indicators.entry.rawbook import UploadRefused
from indicators.forms import UploadForm
from indicators.models import Import, OldFile
from indicators.oldfile_forms import LayoutForm
from indicators.views.importing import paged

SHOWN = 10


@requires(Permission.ENTER)
def old_files(request: HttpRequest) -> HttpResponse:
    """Sends an old file, or goes on with one sent before."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    form.fields["file"].label = _("旧表（.xlsx）")
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            one = wizard.start(file.read(), file.name, by=request.user)
            return redirect(page.next_step(one), one.pk)
        except UploadRefused as refused:
            for reason in refused.reasons:
                form.add_error("file", reason)
    mine = OldFile.objects.filter(by=request.user).select_related("file", "record")[:SHOWN]
    context = {"form": form, "steps": page.steps(1), "begun": page.begun(mine), "breadcrumb": _crumbs()}
    return render(request, "indicators/old_files.html", context, status=422 if request.method == "POST" else 200)


@requires(Permission.ENTER)
def old_file_layout(request: HttpRequest, pk: int) -> HttpResponse:
    """Worksheet, heading rows, columns, month, rows that are not read; proposed, and kept as the person says."""
    opened = _opened(request, pk)
    sheet = request.POST.get("sheet") or request.GET.get("sheet") or (opened.layout.sheet if opened.layout else "")
    grid = opened.grid(sheet)
    guess = opened.guess(grid.sheet.name)
    standing = opened.layout if opened.layout and opened.layout.sheet == grid.sheet.name else guess.layout
    if not opened.layout or opened.layout.sheet != grid.sheet.name:
        standing = _without(standing, [one.row for one in guess.left_out])
    form = LayoutForm(grid, opened.gazetteer, request.POST if request.method == "POST" else None, standing)
    if form.is_bound and form.is_valid():
        wizard.say_layout(opened.one, form.layout(), grid)
        return redirect("old_file_items", pk)
    shown = form.layout() if form.is_bound and form.is_valid() else standing
    return _page(request, opened, 2, "indicators/old_file_layout.html", {
        "form": form,
        "sheets": [{"name": name, "now": name == grid.sheet.name} for name in opened.pages],
        "preview": page.preview(grid, shown, shown.left_out),
        "proposed": page.left_out(lay.left_out(grid, standing)),
    }, 422 if form.errors else 200)  # fmt: skip


def _without(layout: Layout, rows: list[int]) -> Layout:
    return Layout.restored(layout.stored() | {"left_out": rows})


@requires(Permission.ENTER)
def old_file_items(request: HttpRequest, pk: int) -> HttpResponse:
    """Which data item each heading is, and the factor between the units."""
    opened = _opened(request, pk)
    if opened.layout is None:
        return redirect("old_file_layout", pk)
    choices, kept = opened.proposals()
    told = ""
    if request.method == "POST":
        choices, told = _chosen(request, opened)
        if not told:
            wizard.say_columns(opened.one, choices)
            return redirect("old_file_names", pk)
    return _page(request, opened, 3, "indicators/old_file_items.html", {
        "told": told,
        "kept": kept,
        "rows": page.item_rows(opened, choices),
        "choices": page.item_choices(opened.columns),
        "factors": page.factor_choices(),
    }, 422 if told else 200)  # fmt: skip


def _chosen(request: HttpRequest, opened: wizard.Opened) -> tuple[dict[str, Choice], str]:
    """What was chosen for each heading, and what is wrong with it."""
    found: dict[str, Choice] = {}
    for number, key in enumerate(opened.keys):
        code, factor = (
            request.POST.get(f"item-{number}", ""),
            wizard.factor_of(request.POST.get(f"factor-{number}", "1")),
        )
        if (code and code not in opened.columns) or factor is None:
            return found, _("这一页已经变了，请重新选。")
        found[key] = Choice(code, factor)
    if not any(choice.code for choice in found.values()):
        return found, _("至少选一项要导入的数。")
    return found, ""


@requires(Permission.ENTER)
def old_file_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Which places the names are that are no place's by themselves; nothing is taken without being confirmed."""
    opened = _opened(request, pk)
    if opened.layout is None or not opened.choices:
        return redirect(page.next_step(opened.one), pk)
    told = ""
    if request.method == "POST":
        said = _said(request)
        try:
            kept = wizard.say_names(opened, said)
        except workflow.Refused as refused:
            told = str(refused)
        else:
            if kept:
                messages.success(request, _("记住了 %(n)d 个地方名称的写法，下次自动对上。") % {"n": kept})
            opened = _opened(request, pk)
            left = len(opened.open_names())
            if not left:
                return redirect("old_file_trial", pk)
            told = _("还有 %(n)d 个名称没有选。") % {"n": left}
    rows = page.name_rows(opened)
    if not rows and request.method != "POST" and "all" not in request.GET:
        return redirect("old_file_trial", pk)
    context = {"told": told, "rows": rows, "settled": page.settled(opened), "leave_out": LEAVE_OUT}
    return _page(request, opened, 4, "indicators/old_file_names.html", context, 422 if told else 200)


def _said(request: HttpRequest) -> dict[tuple[str, str], str]:
    """(name, town's code) → the place chosen for it."""
    found, number = {}, 0
    while f"name-{number}" in request.POST:
        name, town = request.POST[f"name-{number}"], request.POST.get(f"town-{number}", "")
        if code := request.POST.get(f"place-{number}", ""):
            found[words.tidy(name)[:60], town[:12]] = code
        number += 1
    return found


@requires(Permission.ENTER)
def old_file_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would change, and every problem at its place in the file; then on to the import."""
    opened = _opened(request, pk)
    if opened.layout is None or not opened.choices:
        return redirect(page.next_step(opened.one), pk)
    try:
        judged = opened.trial()
    except workflow.Refused as refused:
        messages.error(request, str(refused))
        return redirect("old_file_layout", pk)
    if request.method == "POST" and not judged.refused:
        return redirect("import_preview", wizard.finish(opened).pk)
    whole = judged.parts if not judged.refused else []
    changes = [(change, part.month) for part in whole for change in part.changes]
    parts = import_page.Words(judged.parts, Tree(installation_of(request).county_id))
    one = Import(
        refused=judged.refused, converted_count=len(judged.converted), file=opened.one.file,
        state=Import.State.REFUSED if judged.refused else Import.State.PREVIEW,
    )  # fmt: skip
    problems = [vars(problem) for problem in judged.problems]
    problem_page, change_page = paged(request, problems, "problems"), paged(request, changes, "changes")
    converted, sheet_page = paged(request, judged.converted, "converted"), paged(request, whole, "sheets")
    return _page(request, opened, 5, "indicators/old_file_trial.html", {
        "title": _("试算：%(t)s") % {"t": import_page.title(one, len(changes))},
        "counts": import_page.counts(one, judged.parts),
        "sheets": sheet_page,
        "sheet_rows": parts.sheets(sheet_page) if changes else [],
        "problems": problem_page,
        "problem_rows": import_page.problem_lines(problem_page, opened.one.file.name),
        "changes": change_page,
        "change_rows": [parts.change(*row) for row in change_page],
        "converted": [{"cell": cell, "before": before, "after": after} for cell, before, after in converted],
        "converted_left_out": len(judged.converted) - len(converted),
        "can_confirm": bool(changes),
    }, 422 if judged.refused else 200)  # fmt: skip


def _opened(request: HttpRequest, pk: int) -> wizard.Opened:
    """A file of the person's own, read anew."""
    mine = OldFile.objects.select_related("file", "by", "record")
    return wizard.Opened(get_object_or_404(mine, pk=pk, by=request.user))


def _page(
    request: HttpRequest, opened: wizard.Opened, step: int, template: str, context: dict, status: int
) -> HttpResponse:
    name = opened.one.file.name
    shared = {
        "breadcrumb": _crumbs(name),
        "title": name,
        "steps": page.steps(step),
        "file_facts": [name, opened.layout.sheet] if opened.layout else [name],
        "pk": opened.one.pk,
    }
    return render(request, template, shared | context, status=status)


def _crumbs(last: str = "") -> list[dict]:
    found = [{"label": _("填报"), "url": reverse("desk")}]
    if last:
        found.append({"label": _("旧表导入"), "url": reverse("old_files")})
    return [*found, {"label": last or _("旧表导入"), "url": ""}]
