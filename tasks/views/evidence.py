"""Files of evidence (佐证材料): handed out, attached, taken away; the addresses that take files of 20 MB."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import files
from bureau.authorization import Permission, requires
from bureau.exports import content_disposition
from tasks import access, evidence, evidence_access, evidence_pages, filekinds
from tasks.evidence import Owner
from tasks.forms import EvidenceForm, TakeBackForm
from tasks.models import Deliverable, Evidence, Slip
from tasks.views.acting import acted

OWNERS = ("report__task__lead", "report__project__lead", "deliverable__phase", "slip", "file", "by")


@require_safe
@requires(Permission.READ_RELEASES)
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The kept file, as an attachment of its kind; never shown in the browser."""
    found = _found(request, pk)
    kind = filekinds.kind_of(found.file.name)
    try:
        content = files.path_of(found.file.sha256).open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(content, content_type=kind.sent_as if kind else "application/octet-stream")
    response["Content-Disposition"] = content_disposition(found.file.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires(Permission.REPORT_TASKS)
def of_report(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Attach a file to the report of a task for a month, which must have been begun."""
    work = access.work_or_404(code)
    report = access.report_of(work, access.month_or_404(request, work, month))
    if report is None:
        raise Http404
    return _attach(request, report)


@requires(Permission.MANAGE_SETTINGS)
def of_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Attach the file of a phase's paper; the office does."""
    if not (code.isascii() and code.isprintable()):
        raise Http404
    paper = Deliverable.objects.select_related("phase").filter(code=code).first()
    if paper is None:
        raise Http404
    return _attach(request, paper)


@requires(Permission.SUPERVISE, Permission.ANSWER_SLIPS)
def of_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file to a slip."""
    slip = Slip.objects.filter(pk=pk).first()
    if slip is None:
        raise Http404
    return _attach(request, slip)


def _attach(request: HttpRequest, owner: Owner) -> HttpResponse:
    if not evidence_access.may_change(request.user, owner):
        raise Http404
    form, status = EvidenceForm(), 200
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES)
        done, status = acted(form, lambda: _attached(request, owner, form))
        if done:
            return done
    return render(
        request,
        "tasks/evidence_new.html",
        {
            "breadcrumb": _crumbs(owner, _("佐证材料")),
            "title": evidence_pages.title(owner),
            "form": form,
            "closed": evidence.why_closed(owner),
            "evidence": evidence_pages.shown(owner, request.user) | {"attach_url": ""},
            "accept": filekinds.ACCEPT,
            "limit": filekinds.LARGEST,
            "too_large": filekinds.too_large(),
            "back_url": evidence_pages.home_url(owner),
        },
        status=status,
    )


def _attached(request: HttpRequest, owner: Owner, form: EvidenceForm) -> HttpResponse:
    kind = evidence.key_of(owner)
    made = evidence.attach(form.cleaned_data["file"], by=request.user, **kind)
    messages.success(request, _("已附上“%(f)s”。") % {"f": made.file.name})
    return redirect(evidence_pages.home_url(owner))


@requires(Permission.REPORT_TASKS, Permission.MANAGE_SETTINGS, Permission.SUPERVISE, Permission.ANSWER_SLIPS)
def away(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away, with a reason."""
    found = _found(request, pk)
    owner = evidence.owner_of(found)
    if not evidence_access.may_change(request.user, owner):
        raise Http404
    form, status = TakeBackForm(request.POST or None), 200
    if request.method == "POST":
        form = TakeBackForm(request.POST)
        done, status = acted(form, lambda: _taken(request, found, owner, form.cleaned_data["reason"]))
        if done:
            return done
    return render(
        request,
        "tasks/evidence_away.html",
        {
            "breadcrumb": _crumbs(owner, _("撤下材料")),
            "title": found.file.name,
            "facts": [evidence_pages.title(owner), evidence_pages.size_text(found.file.size), str(found.by)],
            "form": form,
            "back_url": evidence_pages.home_url(owner),
        },
        status=status,
    )


def _taken(request: HttpRequest, found: Evidence, owner: Owner, why: str) -> HttpResponse:
    evidence.take_away(found, by=request.user, why=why)
    messages.success(request, _("已撤下“%(f)s”。") % {"f": found.file.name})
    return redirect(evidence_pages.home_url(owner))


def _found(request: HttpRequest, pk: int) -> Evidence:
    """A file this person may see; 404 else."""
    found = Evidence.objects.select_related(*OWNERS).filter(pk=pk).first()
    if found is None or not evidence_access.may_see(request.user, evidence.owner_of(found)):
        raise Http404
    return found


def _crumbs(owner: Owner, label: str) -> list[dict]:
    return [
        {"label": evidence_pages.title(owner), "url": evidence_pages.home_url(owner)},
        {"label": label, "url": ""},
    ]
