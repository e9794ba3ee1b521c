"""One task or project, and who answers for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock, months
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from bureau.fields import UNITS
from bureau.kept import kept, shows_figures
from bureau.language import localized
from bureau.models import User
from indicators import desk, pages
from indicators.analysis.kinds import Light
from indicators.presenters import indicator_row
from indicators.shown import Shown, shown_indicators
from tasks import access, evidence_pages, extending, moving, officers, presenters, queries, stations
from tasks.forms import OfficerForm
from tasks.models import Progress, Project, Task
from tasks.slips import counted as open_slips
from tasks.slips import links as slip_links
from tasks.views.acting import acted


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def task(request: HttpRequest, code: str) -> HttpResponse:
    work = access.work_or_404(code)
    today = clock.today_in(installation_of(request))
    at = pages.reading(request)
    linked = {one.pk for one in work.indicators.all()}
    shown = shown_indicators(at, only=linked) if linked else []
    found = list(work.milestones.all())
    first = moving.first_days([node.pk for node in found])
    slip_text = moving.slipped_text(moving.first_due(extending.of_work(work)), work.due_on)
    may_review = access.may_review(request.user, work)
    open_nodes = [{"name": localized(node), "due_on": node.due_on} for node in found if node.done_on is None]
    row = {
        "state": work.state, "starts_on": work.starts_on, "due_on": work.due_on, "percent": work.percent,
        "node": open_nodes[0] if open_nodes else None,
    }  # fmt: skip
    light, word = queries.status(row, today)
    reports = presenters.approved(work)
    ticked = stations.read(work, shown, at, request.user, today) if isinstance(work, Project) else None
    if ticked and ticked.deep:
        shows_figures(request)
    return render(
        request,
        "tasks/task.html",
        {
            "breadcrumb": [{"label": _("任务与项目"), "url": reverse("task_list")}, {"label": work.code, "url": ""}],
            "task": {
                "code": work.code,
                "name": localized(work),
                "light": int(light),
                "state_word": word,
                "why": queries.slowness(row, today) if word == _("进度偏慢") else "",
                "slip_text": slip_text,
                "due_text": _("应于 %(d)s 完成") % {"d": work.due_on.isoformat()},
                "standing_pending": work.standing in queries.PENDING,
            },
            "facts": presenters.facts(work, _counted(work, shown)),
            "stages": presenters.stages(work) if isinstance(work, Project) else [],
            "nodes": presenters.nodes(found, today, first, work.code if may_review else ""),
            "indicators": [indicator_row(one, at.query) for one in shown],
            "history": presenters.history(reports, evidence_pages.of_reports(reports)),
            "stations": ticked,
            "stations_month": months.label(at.month) if at.month else "",
            "slips": open_slips.of_work(request.user, today, **{work._meta.model_name or "": work}),
            "doings": _doings(request, work, light),
            "nodes_csv": reverse("work_nodes_csv", args=[work.code]),
            "reports_csv": reverse("work_reports_csv", args=[work.code]),
        },
    )


def _counted(work: Task | Project, shown: list[Shown]) -> tuple[str, str] | None:
    """Built and due of a project whose quantity is an indicator's, as released (or live, for those who may)."""
    wanted = work.quantity_from if isinstance(work, Project) else ""
    row = next((one.row for one in shown if wanted and one.indicator.code == wanted), None)
    if row is None or row.numerator is None or row.denominator is None:
        return None
    return str(row.numerator // UNITS), str(row.denominator // UNITS)


def _doings(request: HttpRequest, work: Task | Project, light: Light) -> list[dict]:
    """What this person may do here: write the month's report, review one, name the officer, press what is late."""
    user, today = request.user, clock.today_in(installation_of(request))
    may_report, may_review = access.may_report(user, work), access.may_review(user, work)
    links = []
    if access.may_read_reports(user, work):
        by_month = dict(work.reports.values_list("month", "state"))
        waiting = [month for month in by_month if by_month[month] == Progress.State.SUBMITTED]
        if may_review:
            for month in sorted(waiting):
                url = reverse("progress_review", args=[work.code, months.iso(month)])
                label = _("审核%(m)s月报") % {"m": months.label(month)}
                links.append({"url": url, "label": label, "icon": "check-check", "primary": True})
        month = max(desk.due_month(today), months.of(work.starts_on))
        if month <= months.of(today):
            url = reverse("progress", args=[work.code, months.iso(month)])
            words = _("填报%(m)s月报") if may_report else _("查看%(m)s月报")
            icon = "pencil" if may_report else "file-text"
            links.append({"url": url, "label": words % {"m": months.label(month)}, "icon": icon, "primary": may_report})
    if (may_report or extending.may_decide(user, work)) and work.completed_on is None:
        url = reverse("task_extension", args=[work.code])
        links.append({"url": url, "label": _("延期"), "icon": "calendar-clock", "primary": False})
    if may_review:
        url = reverse("task_officer", args=[work.code])
        links.append({"url": url, "label": _("指定责任人"), "icon": "circle-user", "primary": False})
    if slip := slip_links.for_work(user, work, light):
        links.append(slip | {"primary": False})
    return links


def _name(request: HttpRequest, work: Task | Project, people: dict[str, User], typed: dict) -> HttpResponse:
    officers.set_officer(work, people.get(typed["officer"]), by=request.user, seen=typed["seen"])
    messages.success(request, _("责任人已更新。"))
    return redirect("task", work.code)


@requires(Permission.REVIEW)
def task_officer(request: HttpRequest, code: str) -> HttpResponse:
    """Name the person of the lead section who answers for the work; its reviewer does."""
    work = access.work_or_404(code)
    if not access.may_review(request.user, work):
        raise Http404
    people = {str(one.pk): one for one in officers.candidates(work)}
    choices = [(pk, f"{one}（{one.unit}）" if one.unit else str(one)) for pk, one in people.items()]
    start = {"officer": str(work.officer_id or ""), "seen": work.officer_id or 0}
    form = OfficerForm(choices, request.POST or None, initial=start)
    status = 200
    if request.method == "POST":
        if "seen" in form.errors:
            form.add_error(None, _("表单不完整，请重新打开这一页再填。"))
        done, status = acted(form, lambda: _name(request, work, people, form.cleaned_data))
        if done:
            return done
    return render(
        request,
        "tasks/officer.html",
        {
            "breadcrumb": [
                {"label": _("任务与项目"), "url": reverse("task_list")},
                {"label": work.code, "url": reverse("task", args=[work.code])},
                {"label": _("指定责任人"), "url": ""},
            ],
            "title": f"{work.code} {localized(work)}",
            "section": localized(work.lead),
            "form": form,
            "back_url": reverse("task", args=[work.code]),
        },
        status=status,
    )
