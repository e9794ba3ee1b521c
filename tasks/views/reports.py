"""A month's progress report: the clerk's page that writes it, and the reviewer's that decides on it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock, months
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.language import localized
from indicators import desk
from tasks import access, evidence_pages, presenters, progress, queries
from tasks.forms import DecisionForm, ProgressForm, TakeBackForm, initial_of
from tasks.models import Milestone, Progress, Project, Task
from tasks.rules import Conflict, Refused
from tasks.views.acting import acted

State = Progress.State


@access.works_on_tasks
def report(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Write, hand in and take back the report of a month; read it, for the supporting sections and the reviewer."""
    work = access.work_or_404(code)
    wanted = access.month_or_404(request, work, month)
    if not access.may_read_reports(request.user, work):
        raise Http404
    may = access.may_report(request.user, work)
    if request.method == "POST":
        if not can(request.user, Permission.REPORT_TASKS):
            raise PermissionDenied
        if not may:
            raise Http404
        return _act(request, work, wanted)
    found = access.report_of(work, wanted)
    nodes = _open_nodes(work, found)
    form = ProgressForm(work, nodes, initial=initial_of(found, _prior(work, wanted)))
    return _page(request, work, wanted, found, form)


def _act(request: HttpRequest, work: Task | Project, month: int) -> HttpResponse:
    """Save, submit or withdraw; whatever the rules refuse is said on the same page, what was typed stays."""
    found = access.report_of(work, month)
    act = request.POST.get("action")
    if act == "withdraw" and found is not None:
        try:
            progress.withdraw(found, by=request.user)
            messages.success(request, _("已撤回，可以继续修改。"))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(request.path)
    if act not in ("save", "submit"):
        messages.error(request, _("没有可办的事项，什么都没有改。"))
        return redirect(request.path)
    form = ProgressForm(work, _open_nodes(work, found), request.POST)
    if not form.is_valid():
        if "version" in form.errors:
            form.add_error(None, _("表单不完整，请重新打开这一页再填。"))
        return _page(request, work, month, found, form, status=422)
    try:
        with transaction.atomic():
            saved = progress.save(work, month, form.content(), by=request.user, expected=form.cleaned_data["version"])
            if act == "submit" and saved.state != State.SUBMITTED:
                progress.submit(saved, by=request.user)
    except Conflict as conflict:
        return _conflict(request, work, month, form, conflict)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, work, month, found, form, status=422)
    done = _("已提交，等待审核。") if act == "submit" else _("已保存为草稿。")
    messages.success(request, done)
    return redirect(request.path)


def _conflict(
    request: HttpRequest, work: Task | Project, month: int, form: ProgressForm, conflict: Conflict
) -> HttpResponse:
    """Both texts on one page: mine in the fields, what stands now beside each; saving again writes mine over it."""
    found = access.report_of(work, month)
    again = request.POST.copy()
    again["version"] = str(found.version if found else 0)
    mine = ProgressForm(work, form.nodes, again)
    mine.is_valid()
    mine.add_error(None, _("%(why)s对方保存的内容列在各栏下面；核对后再保存，以你的为准。") % {"why": conflict})
    return _page(request, work, month, found, mine, theirs=initial_of(found, None), status=409)


def _prior(work: Task | Project, month: int) -> Progress | None:
    return work.reports.filter(state=State.APPROVED, month__lt=month).order_by("-month").first()


def _open_nodes(work: Task | Project, found: Progress | None) -> list[Milestone]:
    """The nodes this report may tell as reached: those still open, and those it told itself."""
    own = found.milestones if found else {}
    return [node for node in work.milestones.all() if node.done_on is None or node.code in own]


def _page(
    request: HttpRequest,
    work: Task | Project,
    month: int,
    found: Progress | None,
    form: ProgressForm,
    *,
    theirs: dict | None = None,
    status: int = 200,
) -> HttpResponse:
    may, writable = access.may_report(request.user, work), found is None or found.is_open
    light, word = presenters.state_of(found)
    rows = [
        {
            "field": field,
            "theirs": _theirs(field.name, field.value(), theirs),
            "optional": field.name in ("problem", "next_step"),
        }
        for field in form.visible_fields()
    ]
    reviewing = found is not None and found.state != State.DRAFT and access.may_review(request.user, work)
    before = _prior(work, month)
    return render(
        request,
        "tasks/progress.html",
        {
            "breadcrumb": _crumbs(work, month),
            "title": _title(work, month),
            "state_light": light,
            "state_word": word,
            "picker": _picker(request, work, month),
            "due_text": _due_text(request, work, month) if may and writable else "",
            "returned_reason": found.reason if found and found.state == State.RETURNED else "",
            "completed_text": _completed(work, found),
            "form": form,
            "rows": rows if may and (writable or form.is_bound) else [],
            "can_write": may and writable,
            "lines": presenters.report_lines(work, found, before) if found else [],
            "before_label": months.label(before.month) if before else "",
            "before": presenters.earlier(before) if before else None,
            "can_withdraw": may and found is not None and found.state == State.SUBMITTED,
            "review_url": reverse("progress_review", args=[work.code, months.iso(month)]) if reviewing else "",
            "events": presenters.timeline(found.steps.select_related("by").order_by("-pk")) if found else [],
            "evidence": evidence_pages.shown(found, request.user) if found else {},
        },
        status=status,
    )


def _due_text(request: HttpRequest, work: Task | Project, month: int) -> str:
    """When the report is due; nothing for a work completed before."""
    owed = queries.owes_report({"starts_on": work.starts_on, "completed_on": work.completed_on}, month)
    return desk.due_text(installation_of(request), month) if owed else ""


def _theirs(name: str, mine: object, theirs: dict | None) -> str:
    """What another person saved in this field, where it is not what was typed."""
    if theirs is None:
        return ""
    saved = theirs.get(name)
    text = "" if saved is None else str(saved)
    return (text or _("（空）")) if text != ("" if mine is None else str(mine)) else ""


def _completed(work: Task | Project, found: Progress | None) -> str:
    if work.completed_on is None or (found is not None and found.completed_on == work.completed_on):
        return ""
    return _("这项工作已于 %(d)s 完成，不用再报。要撤销完成，请填低于 100%% 的进度并写明原因。") % {
        "d": work.completed_on.isoformat()
    }


def _title(work: Task | Project, month: int) -> str:
    return _("%(m)s进度月报：%(w)s") % {"m": months.label(month), "w": f"{work.code} {localized(work)}"}


def _crumbs(work: Task | Project, month: int) -> list[dict]:
    return [
        {"label": _("任务与项目"), "url": reverse("task_list")},
        {"label": work.code, "url": reverse("task", args=[work.code])},
        {"label": months.label(month), "url": ""},
    ]


def _picker(request: HttpRequest, work: Task | Project, month: int) -> dict:
    """The months that can be reported on."""
    first, last = months.of(work.starts_on), months.of(clock.today_in(installation_of(request)))

    def url(wanted: int) -> str:
        return reverse("progress", args=[work.code, months.iso(wanted)]) if first <= wanted <= last else ""

    return {
        "month_label": months.label(month),
        "prev_url": url(month - 1),
        "next_url": url(month + 1),
        "options": [
            {"url": url(one), "label": months.label(one), "current": one == month}
            for one in range(last, max(first, last - 36) - 1, -1)
        ],
    }


@requires(Permission.REVIEW)
def review(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Approve a report or return it; take an approval back."""
    work = access.work_or_404(code)
    wanted = access.month_or_404(request, work, month)
    found = access.report_of(work, wanted)
    if found is None or not access.may_review(request.user, work):
        raise Http404
    taking_back = request.POST.get("action") == "take_back"
    form = DecisionForm(request.POST if request.method == "POST" and not taking_back else None)
    undo = TakeBackForm(request.POST if taking_back else None)
    status = 200
    if request.method == "POST":
        chosen = undo if taking_back else form
        done, status = acted(chosen, lambda: _decide(request, found, chosen.cleaned_data, taking_back))
        if done:
            return done
        found.refresh_from_db()
    own = progress.written_by([found], request.user)
    waiting = found.state == State.SUBMITTED
    light, word = presenters.state_of(found)
    before = _prior(work, wanted)
    return render(
        request,
        "tasks/progress_review.html",
        {
            "breadcrumb": _crumbs(work, wanted),
            "title": _title(work, wanted),
            "state_light": light,
            "state_word": word,
            "facts": [_("填报 %(who)s") % {"who": found.by}, _("提交 %(d)s") % {"d": found.submitted_on or "—"}],
            "lines": presenters.report_lines(work, found, before),
            "before_label": months.label(before.month) if before else _("上次"),
            "form": form,
            "undo": undo,
            "seen": found.version,
            "can_decide": waiting and not own,
            "cannot_decide_reason": _("这份月报有你填的内容，须由他人审核。") if waiting and own else "",
            "can_take_back": found.state == State.APPROVED,
            "events": presenters.timeline(found.steps.select_related("by").order_by("-pk")),
            "evidence": evidence_pages.shown(found, request.user),
        },
        status=status,
    )


def _decide(request: HttpRequest, found: Progress, decided: dict, taking_back: bool) -> HttpResponse:
    if taking_back:
        progress.take_back(found, by=request.user, reason=decided["reason"])
        messages.success(request, _("已撤销审核，月报退回科室。"))
    elif decided["decision"] == "approve":
        progress.approve(found, by=request.user, seen=decided["seen"])
        messages.success(request, _("已审核通过，进度已更新。"))
    else:
        progress.return_(found, by=request.user, reason=decided["reason"])
        messages.success(request, _("已退回。"))
    return redirect("task", found.work.code)
