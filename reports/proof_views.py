"""What an edition says, read: its preview, its 核数表, checking again (重新核对), what differs from another edition."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.kept import kept
from bureau.language import in_chinese
from bureau.tables_out import table_response
from indicators.queries import LIVE, at_release, read_at
from reports import access, differing, edition_page, printing, proof_page
from reports.composing import manuscript_of, outline_of
from reports.edition_files import PROOF
from reports.edition_views import edition_of
from reports.models import Edition
from reports.proof.recheck import Moved, recheck
from reports.proof.rows import ProofRow
from reports.proof.rows import rows as proof_rows

PER_PAGE = 100


@require_safe
@kept
@requires(Permission.READ_REPORTS)
def edition_preview(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """The document as it would be printed."""
    found = edition_of(request, kind, month)
    with in_chinese():
        body = printing.html(manuscript_of(found))
    return _read(request, found, _("预览"), "preview", {"body": mark_safe(body)})


@require_safe
@kept
@requires(Permission.READ_REPORTS)
def edition_proof(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """核数表: each figure with what it rests on."""
    found = edition_of(request, kind, month)
    rows = _rows(found)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"headline": [{"text": _("%(n)d 个数") % {"n": len(rows)}, "tone": ""}]}
    context |= {"heads": proof_page.heads(), "rows": [proof_page.line(row, found.release) for row in page]}
    context |= {"page": page, "pages": proof_page.pages(found, page)}
    context |= {"csv_url": edition_page.url(found, "edition_proof_csv"), "digest": found.digest}
    return _read(request, found, _("核数表"), "proof", context)


@require_safe
@requires(Permission.READ_REPORTS)
def edition_proof_table(request: HttpRequest, kind: str, month: str, ending: str) -> HttpResponse:
    """All of it as a file, Chinese whoever asks."""
    found = edition_of(request, kind, month)
    with in_chinese():
        name = f"{_('核数表')}_{edition_page.title(found)}"
        rows = [proof_page.cells(row) for row in _rows(found)]
        return table_response(name, proof_page.heads(), rows, ending=ending, demonstration=found.demonstration)


@require_safe
@requires(Permission.READ_LIVE)
def edition_recheck(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """重新核对: the figures whose live value has moved since, and why."""
    found = edition_of(request, kind, month)
    rows, moved = _checked(request, found)
    context = {
        "headline": proof_page.checked(len(rows), len(moved)),
        "rows": [proof_page.moved(one) for one in moved],
        "csv_url": edition_page.url(found, "edition_recheck_csv") if moved else "",
    }
    return _read(request, found, _("重新核对"), "recheck", context)


@require_safe
@requires(Permission.READ_LIVE)
def edition_recheck_table(request: HttpRequest, kind: str, month: str, ending: str) -> HttpResponse:
    """The figures that have moved, as a file."""
    found = edition_of(request, kind, month)
    _every, moved = _checked(request, found)
    with in_chinese():
        name = f"{_('重新核对')}_{edition_page.title(found)}"
        head = [_("指标"), _("键"), _("文中的数"), _("现在的数"), _("为何变动")]
        lines = [
            [told["name"], told["key"], told["text"], told["new"], "；".join(told["why"])]
            for told in map(proof_page.moved, moved)
        ]
        return table_response(name, head, lines, ending=ending, demonstration=found.demonstration)


def _checked(request: HttpRequest, found: Edition) -> tuple[list[ProofRow], list[Moved]]:
    """Every figure of the edition, and those whose live value is another; 404 for who may not see these."""
    if not access.may_recheck(request.user):
        raise Http404
    with in_chinese():
        live = read_at(installation_of(request), request.user, proof_page.iso(found), LIVE)
        rows = _rows(found)
        return rows, recheck(rows, live, found.release)


@require_safe
@kept
@requires(Permission.READ_REPORTS)
def edition_differences(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """What differs from the edition before, or from another (?from=)."""
    found = edition_of(request, kind, month)
    other, others = _other(request, found)
    texts, numbers = _differing(found, other)
    names = {part.key: part.title for part in outline_of(found.report.kind)}
    context = {
        "headline": [
            {"text": _("文字改了 %(n)d 处，数改了 %(m)d 个") % {"n": len(texts), "m": len(numbers)}, "tone": ""}
        ],
        "other": edition_page.title(other),
        "texts": [{"title": names.get(one.part, one.label), "pieces": one.pieces} for one in texts],
        "numbers": proof_page.numbers(numbers),
        "csv_url": edition_page.url(found, "edition_differences_csv", **{"from": str(other.number)})
        if texts or numbers
        else "",
        "others": [
            {
                "label": _("与第 %(n)d 版对照") % {"n": one.number},
                "url": edition_page.url(found, "edition_differences", **{"from": number}),
                "current": one.pk == other.pk,
            }
            for number, one in others.items()
        ],
    }
    return _read(request, found, _("两版对照"), "differences", context)


@require_safe
@requires(Permission.READ_REPORTS)
def edition_differences_table(request: HttpRequest, kind: str, month: str, ending: str) -> HttpResponse:
    """Figures, then texts that differ: what the other edition has, and what this one."""
    found = edition_of(request, kind, month)
    other, _others = _other(request, found)
    texts, numbers = _differing(found, other)
    with in_chinese():
        names = {part.key: part.title for part in outline_of(found.report.kind)}
        head = [_("类别"), _("指标或部分"), _("键"), edition_page.title(other), edition_page.title(found)]
        lines = [
            *([_("数"), one["name"], one["key"], one["before"], one["after"]] for one in proof_page.numbers(numbers)),
            *([_("文字"), names.get(one.part, one.label), one.part, one.before, one.after] for one in texts),
        ]
        name = f"{_('两版对照')}_{edition_page.title(found)}"
        return table_response(name, head, lines, ending=ending, demonstration=found.demonstration)


def _other(request: HttpRequest, found: Edition) -> tuple[Edition, dict[str, Edition]]:
    """The edition it is held against (?from=, else the last before it), and all there are by number; 404."""
    here = installation_of(request)
    every = access.visible(request.user, here.county_id).filter(report=found.report_id).exclude(pk=found.pk)
    others = {str(one.number): one for one in every.defer(None).order_by("number")}
    asked = request.GET.get("from", "")
    earlier = [number for number, one in others.items() if one.number < found.number and not one.discarded]
    other = others.get(asked or next(reversed(earlier), next(iter(others), "")))
    if other is None:
        raise Http404
    return other, others


def _differing(found: Edition, other: Edition) -> tuple[list[differing.Text], list[differing.Number]]:
    before, after = manuscript_of(other), manuscript_of(found)
    return differing.texts(before, after), differing.numbers(before, after)


def _rows(found: Edition) -> list[ProofRow]:
    """The kept 核数表 of a final edition, of another one as it would be."""
    if found.final:
        return PROOF.validate_json(found.proof)
    with in_chinese():
        return proof_rows(manuscript_of(found), at_release(found.release))


def _read(request: HttpRequest, found: Edition, label: str, name: str, context: dict) -> HttpResponse:
    shared = {
        "breadcrumb": edition_page.crumbs(found, label),
        "title": edition_page.title(found),
        "label": label,
        "state": edition_page.state(found),
        "facts": edition_page.facts(found),
    }
    return render(request, f"reports/edition_{name}.html", shared | context)
