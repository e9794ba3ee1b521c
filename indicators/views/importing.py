"""Importing a long form (长表) or a filled template: the file sent, its preview, its confirmation, its sheets."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from bureau.addresses import client_address
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.exports import content_disposition
from bureau.places import Tree
from indicators import import_page as page
from indicators import jobs
from indicators.entry import importing, marked, workflow
from indicators.entry.layout import Problem
from indicators.entry.limits import LONG_FORM
from indicators.entry.longform import write_long
from indicators.forms import LongFormForm
from indicators.models import Import
from indicators.views.marked import marked_copy

PAGE = 20
LAST = 5
DONE = (Import.State.CONFIRMED, Import.State.REFUSED)


@requires(Permission.ENTER)
def import_file(request: HttpRequest) -> HttpResponse:
    """Sends a file; what is in it is told on its own page."""
    form = LongFormForm(request.POST, request.FILES) if request.method == "POST" else LongFormForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        one = jobs.receive(file.read(), file.name, by=request.user, address=client_address(request))
        return redirect("import_preview", one.pk)
    mine = Import.objects.filter(by=request.user).exclude(state__in=DONE).select_related("file").order_by("-pk")
    context = {"breadcrumb": _crumbs(_("导入文件")), "form": form, "most_rows": LONG_FORM.rows}
    context["unfinished"] = [page.unfinished(one) for one in mine[:LAST]]
    return render(request, "indicators/import_file.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@requires(Permission.ENTER)
def long_form(request: HttpRequest) -> HttpResponse:
    """An empty long form: its headings."""
    response = HttpResponse(write_long([]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition(f"{_('长表')}.csv")
    return response


@requires(Permission.ENTER)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would change; seen and confirmed by who sent it only."""
    one = get_object_or_404(Import.objects.select_related("file"), pk=pk, by=request.user)
    if request.method == "POST":
        return _confirm(request, one)
    if one.state in jobs.AT_WORK or one.state == Import.State.FAILED:
        return _progress(request, one)
    if request.htmx:  # the page of its progress asked; it is done
        return HttpResponseClientRefresh()
    status = 422 if one.state == Import.State.REFUSED else 409 if one.told else 200
    return _preview(request, one, status, told=one.told, clashes=importing.clashes_of(one))


def _confirm(request: HttpRequest, one: Import) -> HttpResponse:
    """Write what was previewed; where a job is broken off or failed, begin it anew."""
    address = client_address(request)
    if one.state in jobs.AT_WORK or one.state == Import.State.FAILED:
        jobs.again(one, address=address)
        return redirect("import_preview", one.pk)
    try:
        jobs.confirm(one, by=request.user, address=address)
    except importing.Clash as clash:
        return _preview(request, one, 409, told=str(clash), clashes=clash.clashes)
    except workflow.Refused as refused:
        return _preview(request, one, 409 if one.state == Import.State.PREVIEW else 422, told=str(refused))
    one.refresh_from_db()
    if one.state == Import.State.CONFIRMED:
        messages.success(request, _("已全部写入草稿，核对后提交。"))
    return redirect("import_preview", one.pk)


@require_safe
@requires(Permission.ENTER)
def import_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused file with each bad cell marked, for who sent it only."""
    one = get_object_or_404(Import.objects.select_related("file"), pk=pk, by=request.user)
    problems = [Problem(**problem) for problem in one.problems]
    return marked_copy(one.file, problems, one.state == Import.State.REFUSED)


def _progress(request: HttpRequest, one: Import) -> HttpResponse:
    """How far a long file is; asked again by the page itself, which gets the inner part alone."""
    context = page.progress(one, jobs.course(one)) | {"file_facts": page.file_facts(one)}
    context |= {"breadcrumb": _crumbs(_("导入文件")), "url": reverse("import_preview", args=[one.pk])}
    name = "course" if request.htmx else "progress"
    return render(request, f"indicators/import_{name}.html", context)


def _preview(
    request: HttpRequest, one: Import, status: int, told: str = "", clashes: Sequence[importing.ClashingCell] = ()
) -> HttpResponse:
    parts = list(one.parts.select_related("form", "place").defer("changes"))
    changes = range(sum(part.new + part.changed for part in parts) if one.state != Import.State.REFUSED else 0)
    words = page.Words(parts, Tree(installation_of(request).county_id))
    change_page, problem_page = paged(request, changes, "changes"), paged(request, one.problems, "problems")
    sheet_page = paged(request, parts if one.state != Import.State.REFUSED else [], "sheets")
    return render(
        request,
        "indicators/import_preview.html",
        {
            "breadcrumb": _crumbs(_("导入文件")),
            "title": page.title(one, len(changes)),
            **_marked(one),
            "file_facts": page.file_facts(one),
            "counts": page.counts(one, parts),
            "told": told,
            "clashes": words.clashes(clashes),
            "problems": problem_page,
            "problem_rows": page.problem_lines(problem_page, one.file.name),
            "problems_left_out": one.problem_count - len(one.problems),
            "changes": change_page,
            "change_rows": [words.change(*row) for row in page.changes_at(parts, change_page.object_list)],
            "converted_left_out": one.converted_count - len(one.converted),
            "converted": [{"cell": cell, "before": before, "after": after} for cell, before, after in one.converted],
            "sheets": sheet_page,
            "sheet_rows": words.sheets(sheet_page),
            "done": one.state == Import.State.CONFIRMED,
            "can_confirm": one.state == Import.State.PREVIEW and bool(changes) and told == one.told and not clashes,
        },
        status=status,
    )


def _marked(one: Import) -> dict:
    """Where the marked copy of a refused file is; whether there can be none."""
    refused = one.state == Import.State.REFUSED
    possible = refused and marked.can_be(Problem(**problem) for problem in one.problems)
    return {
        "marked_url": reverse("import_marked", args=[one.pk]) if possible else "",
        "unmarked": refused and not possible,
    }


def paged(request: HttpRequest, rows: Sequence, name: str) -> Page:
    return Paginator(rows, PAGE).get_page(request.GET.get(name))


def _crumbs(last: str) -> list[dict]:
    return [{"label": _("填报"), "url": reverse("desk")}, {"label": last, "url": ""}]
