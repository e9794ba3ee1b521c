"""The builder of an edition: its outline, and one part to write beside what is computed; handing a part on."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bureau import clock
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.kept import kept, passing
from bureau.language import localized
from reports import access, edition_page, editions, writing
from reports.composing import beside, manuscript_of, outline_of, paragraphs_of
from reports.forms import AssignForm, PartForm
from reports.manuscript import Block
from reports.models import Document, Edition, PartText
from reports.outline import Part
from tasks.rules import Conflict, Refused


def edition_of(request: HttpRequest, kind: str, month: str, number: str | None = None) -> Edition:
    """The edition of an address (?edition=, the newest where it names none) within what the reader may see."""
    here = installation_of(request)
    if here is None:
        raise Http404
    number = request.GET.get("edition") if number is None else number
    return access.edition_or_404(request.user, here.county_id, kind, month, number)


@kept
@requires(Permission.READ_REPORTS)
def edition(request: HttpRequest, kind: str, month: str) -> HttpResponse:
    """Write the parts of an edition; read how far it is."""
    found = edition_of(request, kind, month)
    if request.method != "POST":
        return _page(request, found, request.GET.get("part", ""))
    if not access.sees_drafts(request.user) or not can(request.user, Permission.WRITE_REPORTS):
        raise PermissionDenied
    form = PartForm(request.POST)
    key = request.POST.get("part", "")[:40].replace("\0", "")  # which no database holds
    part = found.parts.select_related("section", "by").filter(key=key).first()
    if part is None:
        messages.error(request, _("没有可办的事项，什么都没有改。"))
        return redirect(edition_page.url(found))
    if request.POST.get("action") == "assign":
        return _assign(request, found, part)
    if not access.may_write(request.user, part):
        raise Http404
    return _write(request, found, part, form)


def _write(request: HttpRequest, found: Edition, part: PartText, form: PartForm) -> HttpResponse:
    """Save; whatever the rules refuse is said on the same page, what was typed stays."""
    if not form.is_valid():
        return _page(request, found, part.key, sent={part.key: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    typed = form.cleaned_data
    try:
        writing.write(
            found, part.key, typed["text"], by=request.user, seen=typed["seen"], figures=typed["figures"]
        )  # fmt: skip
    except Conflict as conflict:
        return _conflict(request, found, part.key, conflict)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, part.key, sent={part.key: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("已保存。"))
    return redirect(edition_page.url(found, part=part.key))


def _conflict(request: HttpRequest, found: Edition, key: str, conflict: Conflict) -> HttpResponse:
    """Both texts on one page: mine in the field, what stands now below it; saving again writes mine over it."""
    now = found.parts.select_related("section", "by").get(key=key)
    again = request.POST.copy()
    again["seen"] = str(now.version)
    mine = PartForm(again)
    mine.is_valid()
    mine.add_error(None, _("%(why)s对方保存的文字列在下面；核对后再保存，以你的为准。") % {"why": conflict})
    return _page(request, found, key, sent={key: mine}, theirs=now, status=HTTPStatus.CONFLICT)


def _assign(request: HttpRequest, found: Edition, part: PartText) -> HttpResponse:
    if not access.may_finish(request.user):
        raise PermissionDenied
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有这个科室。"))
        return redirect(edition_page.url(found, part=part.key))
    try:
        editions.assign(found, part.key, form.cleaned_data["section"], by=request.user)
        messages.success(request, _("已改由%(s)s撰写。") % {"s": form.cleaned_data["section"].name})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(edition_page.url(found, part=part.key))


def _page(
    request: HttpRequest,
    found: Edition,
    asked: str,
    *,
    sent: dict[str, PartForm] | None = None,
    theirs: PartText | None = None,
    status: int = 200,
) -> HttpResponse:
    parts = outline_of(found.report.kind)
    rows = {one.key: one for one in found.parts.select_related("section", "by")}
    chosen = next((part for part in parts if part.key == asked), None) or _first(found, parts, rows, request)
    about = edition_page.subject(chosen)
    computed = _computed(request, found)
    mine = [part for part in parts if edition_page.subject(part) == about]
    return render(
        request,
        "reports/edition.html",
        {
            "breadcrumb": edition_page.crumbs(found),
            "title": edition_page.title(found),
            "state": edition_page.state(found),
            "headline": edition_page.headline(found, parts, rows),
            "facts": edition_page.facts(found),
            "returned": found.returned if found.state == Edition.State.DRAFT else "",
            "outline": edition_page.outline(found, parts, rows, about, request.user),
            "left_over": edition_page.left_over(parts, rows.values()),
            "subject": mine[0].about or mine[0].label,
            "beside": edition_page.shown(computed.get(chosen.key, ())),
            "parts": [
                _part(request, found, part, rows.get(part.key), (sent or {}).get(part.key), theirs) for part in mine
            ],
            "links": _links(request, found),
            "siblings": _siblings(request, found),
        },
        status=status,
    )


def _computed(request: HttpRequest, found: Edition) -> dict[str, tuple[Block, ...]]:
    """What is computed beside each part; of an open edition kept until something but entry happens (bureau/kept.py)."""
    here = installation_of(request)
    if found.final or here is None:
        return beside(manuscript_of(found))
    key = f"beside-{found.pk}-{found.release_id}-{here.settled}-{clock.real_day().isoformat()}"
    computed = caches["pages"].get(key)
    if computed is None:
        computed = beside(manuscript_of(found))
        caches["pages"].set(key, computed)
    return computed


def _first(found: Edition, parts: list[Part], rows: dict[str, PartText], request: HttpRequest) -> Part:
    """What is looked at first: of what this person writes the first that waits for him, else the first part."""
    mine = [part for part in parts if part.key in rows and access.may_write(request.user, rows[part.key])]
    waiting = (part for part in mine if rows[part.key].moved or not rows[part.key].text)
    return next(waiting, None) or next(iter(mine), parts[0])


def _part(
    request: HttpRequest,
    found: Edition,
    part: Part,
    row: PartText | None,
    sent: PartForm | None,
    other: PartText | None,
) -> dict:
    """One part as the page shows it: a form for who may write it, its text for everybody else."""
    may = row is not None and found.state == Edition.State.DRAFT and access.may_write(request.user, row)
    figures = found.figures.get(part.key, "")
    initial = {"part": part.key, "text": row.text, "seen": row.version, "figures": figures} if row else {}
    shows_theirs = other is not None and other.key == part.key
    return {
        "key": part.key,
        "label": part.label,
        "hint": part.hint,
        "required": part.required,
        "clause": part.clause,
        "state": edition_page.part_state(found, part, row),
        "section": localized(row.section) if row else "",
        "by": edition_page.by(row) if row else "",
        "version": row.version if row else 0,
        "paragraphs": paragraphs_of(row.text) if row else (),
        "moved": bool(row and row.moved),
        "form": (sent or PartForm(initial=initial, auto_id=f"{part.key}-%s")) if may or sent else None,
        "kept": f"written {request.user.pk} {found.pk} {part.key}",
        "assign": AssignForm(initial={"part": part.key, "section": row.section.code}, auto_id=f"assign-{part.key}-%s")
        if row and found.state == Edition.State.DRAFT and access.may_finish(request.user)
        else None,
        "theirs": {"by": edition_page.by(other), "text": other.text} if shows_theirs and other else None,
        "history": edition_page.history(row) if row and row.version > 1 else [],
    }


def _links(request: HttpRequest, found: Edition) -> dict:
    """Where else one goes from here."""
    kinds = {Document.Kind.WORD: "Word", Document.Kind.PDF: "PDF", Document.Kind.EXCEL: _("附表 Excel")}
    hashes = {one.kind: one.file.sha256 for one in found.documents.select_related("file")} if found.final else {}
    if found.final and len(hashes) < len(kinds):
        passing(request)  # what is wanting may be built without an act on record
    return {
        "preview": edition_page.url(found, "edition_preview"),
        "proof": edition_page.url(found, "edition_proof"),
        "recheck": edition_page.url(found, "edition_recheck") if access.may_recheck(request.user) else "",
        "settings": edition_page.url(found, "edition_settings")
        if access.may_finish(request.user) and found.state == Edition.State.DRAFT
        else "",
        "issue": edition_page.way_out(found, request.user),
        "files": []
        if found.discarded
        else [
            {"label": label, "url": edition_page.file_url(found, kind), "sha256": hashes.get(kind, "")}
            for kind, label in kinds.items()
        ],
    }


def _siblings(request: HttpRequest, found: Edition) -> list[dict]:
    """The report's editions, and what changed from the one before to this one."""
    here = installation_of(request)
    every = access.visible(request.user, here.county_id).filter(report=found.report_id).order_by("number")
    shown = [
        {
            "label": _("第 %(n)d 版（%(s)s）") % {"n": one.number, "s": one.get_state_display()},
            "url": edition_page.url(one),
            "current": one.pk == found.pk,
        }
        for one in every
    ]
    if len(shown) > 1:
        shown.append({"label": _("两版对照"), "url": edition_page.url(found, "edition_differences"), "current": False})
    return shown if len(shown) > 1 else []
