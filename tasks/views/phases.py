"""The three phases with their deliverables, and the office's entry of one."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.authorization import Permission, can, requires
from bureau.context import installation_of
from bureau.language import localized
from indicators.analysis.kinds import Light
from indicators.charts import phase_strip_svg
from tasks import evidence_pages, papers, queries
from tasks import phases as gates
from tasks.filters import Filters
from tasks.forms import DeliverableForm, TakeBackForm
from tasks.models import Deliverable, Phase
from tasks.views.acting import acted
from tasks.views.gate import closed_text


@require_safe
@requires(Permission.READ_RELEASES)
def phases(request: HttpRequest) -> HttpResponse:
    today = clock.today_in(installation_of(request))
    rows = queries.standings(today)
    found = list(
        Phase.objects.select_related("clause", "closed_by").prefetch_related("deliverables__tasks", "deliverables__by")
    )
    may = can(request.user, Permission.MANAGE_SETTINGS)
    files = evidence_pages.of_papers()
    spans = [{"name": localized(one), "start": one.starts_on, "end": one.ends_on} for one in found]
    return render(
        request,
        "tasks/phases.html",
        {
            "breadcrumb": [{"label": _("任务与项目"), "url": reverse("task_list")}, {"label": _("阶段"), "url": ""}],
            "headline": _headline(found, today),
            "strip": phase_strip_svg(spans, today) if spans else "",
            "phase_rows": [_phase(one, found, rows, files, today, may) for one in found],
            "csv_url": reverse("phases_csv"),
            "may_close": can(request.user, Permission.PUBLISH),
        },
    )


def _headline(found: list[Phase], today: date) -> list[dict]:
    now = next((one for one in found if one.starts_on <= today <= one.ends_on), None)
    owed = sum(paper.delivered_on is None and one.ends_on < today for one in found for paper in one.deliverables.all())
    if now:
        text = _("%(p)s还剩 %(n)d 天") % {"p": localized(now), "n": (now.ends_on - today).days}
    else:
        text = _("三个阶段都已结束") if found and today > found[-1].ends_on else _("试点还没有开始")
    parts = [{"text": text + "，", "tone": ""}]
    if owed:
        parts.append({"text": _("%(n)d 项阶段成果逾期未交") % {"n": owed}, "tone": "red"})
    else:
        parts.append({"text": _("没有逾期未交的阶段成果"), "tone": ""})
    return parts


def _phase(
    phase: Phase, found: list[Phase], rows: list[dict], files: dict[int, list[dict]], today: date, may: bool
) -> dict:
    own = [row for row in rows if _within(row, phase)]
    lights = Counter(row["light"] for row in own)
    papers_of = list(phase.deliverables.all())
    asked = Filters(kind="task", phase=phase.code)
    days = (phase.ends_on - phase.starts_on).days + 1
    owed = [one for one in papers_of if one.delivered_on is None]
    before = [one for one in found if one.order < phase.order and one.closed_on is None]
    lacking = gates.lacking_of(before, papers_of, files)
    light, word = _state(phase, owed, lacking, today)
    return {
        "code": phase.code,
        "name": localized(phase),
        "dates": f"{phase.starts_on.isoformat()} – {phase.ends_on.isoformat()}",
        "time": _time(phase, days, today),
        "closed_text": closed_text(phase),
        "lacking": "" if phase.closed_on or today < phase.starts_on else "；".join(lacking),
        "gate_url": reverse("phase_gate", args=[phase.code]),
        "gate_label": _("重开阶段") if phase.closed_on else _("关闭阶段"),
        "gate_opens": phase.closed_on is not None or (not lacking and today >= phase.starts_on),
        "clause": phase.clause.number,
        "clause_url": reverse("clause", args=[phase.clause.number]),
        "light": int(light),
        "word": word,
        "tasks_text": _("任务 %(n)d 项") % {"n": len(own)},
        "tasks_url": asked.url(reverse("task_list")),
        "counts": [
            {
                "light": int(one),
                "word": f"{name} {lights[one]}",
                "url": Filters(kind="task", phase=phase.code, light=str(int(one))).url(reverse("task_list")),
            }
            for one, name in queries.words().items()
            if lights[one]
        ],
        "papers": [_paper(one, phase, files.get(one.pk, []), today, may) for one in papers_of],
    }


def _within(row: dict, phase: Phase) -> bool:
    return row["starts_on"] <= phase.ends_on and row["due_on"] >= phase.starts_on


def _time(phase: Phase, days: int, today: date) -> str:
    if today < phase.starts_on:
        return _("还有 %(n)d 天开始，共 %(m)d 天") % {"n": (phase.starts_on - today).days, "m": days}
    if phase.closed_on:
        return _("共 %(m)d 天") % {"m": days}
    if today > phase.ends_on:
        return _("共 %(m)d 天，已过期限 %(n)d 天") % {"m": days, "n": (today - phase.ends_on).days}
    passed = (today - phase.starts_on).days + 1
    return _("第 %(d)d 天，共 %(m)d 天，还剩 %(n)d 天") % {"d": passed, "m": days, "n": days - passed}


def _state(phase: Phase, owed: list[Deliverable], lacking: list[str], today: date) -> tuple[Light, str]:
    """A phase is over when the office has closed it, which it can once all its papers are there with their files."""
    if phase.closed_on:
        return Light.REACHED, _("已关闭，成果齐全")
    if today < phase.starts_on:
        return Light.NOT_COVERED, _("未开始")
    if today <= phase.ends_on:
        return Light.ON_COURSE, _("进行中")
    if owed:
        return Light.FAR_BEHIND, _("已到期，还缺 %(n)d 项成果，不能结束") % {"n": len(owed)}
    return Light.BEHIND, _("已到期，还不能关闭") if lacking else _("已到期，成果齐全，待关闭")


def _paper(paper: Deliverable, phase: Phase, files: list[dict], today: date, may: bool) -> dict:
    if paper.delivered_on:
        days = (paper.delivered_on - phase.ends_on).days
        light, word = Light.REACHED, _("已交付")
        when = paper.delivered_on.isoformat() + (_("（晚 %(n)d 天）") % {"n": days} if days > 0 else "")
    else:
        overdue = today > phase.ends_on
        light, word = (Light.FAR_BEHIND, _("逾期未交")) if overdue else (Light.NOT_COVERED, _("未交"))
        when = ""
    return {
        "code": paper.code,
        "name": localized(paper),
        "light": int(light),
        "word": word,
        "when": when,
        "document": f"{paper.document} {paper.number}".strip(),
        "note": paper.note,
        "files": files,
        "by": str(paper.by) if paper.by and paper.delivered_on else "",
        "tasks": [{"code": one.code, "url": reverse("task", args=[one.code])} for one in paper.tasks.all()],
        "edit_url": reverse("deliverable", args=[paper.code]) if may and not phase.closed_on else "",
        "edit_label": _("更改") if paper.delivered_on else _("登记交付"),
    }


@requires(Permission.MANAGE_SETTINGS)
def deliverable(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a deliverable as handed in, or take that back with a reason."""
    if not (code.isascii() and code.isprintable()):
        raise Http404
    paper = Deliverable.objects.select_related("phase").filter(code=code).first()
    if paper is None:
        raise Http404
    taking_back = request.POST.get("action") == "take_back"
    start = {
        "on": paper.delivered_on, "document": paper.document or paper.name, "number": paper.number,
        "note": paper.note, "seen": papers.mark(paper),
    }  # fmt: skip
    form = DeliverableForm(request.POST if request.method == "POST" and not taking_back else None, initial=start)
    undo = TakeBackForm(request.POST if taking_back else None)
    status = 200
    if request.method == "POST":
        chosen = undo if taking_back else form
        done, status = acted(chosen, lambda: _enter(request, paper, chosen.cleaned_data, taking_back))
        if done:
            return done
    return render(
        request,
        "tasks/deliverable.html",
        {
            "breadcrumb": [
                {"label": _("任务与项目"), "url": reverse("task_list")},
                {"label": _("阶段"), "url": reverse("phases")},
                {"label": localized(paper), "url": ""},
            ],
            "title": localized(paper),
            "phase": localized(paper.phase),
            "due_text": _("应于 %(d)s 前交付") % {"d": paper.phase.ends_on.isoformat()},
            "form": form,
            "undo": undo,
            "delivered": paper.delivered_on is not None,
            "evidence": evidence_pages.shown(paper, request.user),
            "back_url": reverse("phases"),
        },
        status=status,
    )


def _enter(request: HttpRequest, paper: Deliverable, typed: dict, taking_back: bool) -> HttpResponse:
    if taking_back:
        papers.take_back(paper, by=request.user, reason=typed["reason"])
        messages.success(request, _("已撤销交付登记。"))
    else:
        papers.deliver(
            paper, on=typed["on"], document=typed["document"], number=typed["number"], note=typed["note"],
            by=request.user, seen=typed["seen"],
        )  # fmt: skip
        messages.success(request, _("已登记交付。"))
    return redirect("phases")
