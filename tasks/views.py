"""The task list and one task or project; thin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tables2 import RequestConfig

from bureau import clock
from bureau.authorization import Permission, requires
from bureau.context import installation_of
from indicators import pages
from indicators.models.plan import Standing
from indicators.presenters import indicator_row
from indicators.shown import shown_indicators
from tasks import queries
from tasks.models import Project, Task
from tasks.tables import WorkTable

PER_PAGE = 25


@requires(Permission.READ_RELEASES)
def task_list(request: HttpRequest) -> HttpResponse:
    today = clock.today_in(installation_of(request))
    rows = queries.listed(today)
    kind, light = request.GET.get("kind", ""), request.GET.get("light", "")
    of_kind = [row for row in rows if not kind or row["kind"] == kind]
    table = WorkTable([row for row in of_kind if not light or str(int(row["light"])) == light])
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    overdue = sum(queries.late(row, today) for row in rows)
    tasks = sum(row["kind"] == "task" for row in rows)
    text = _("%(t)d 项任务、%(p)d 个重点项目") % {"t": tasks, "p": len(rows) - tasks}
    return render(
        request,
        "tasks/task_list.html",
        {
            "headline": [
                {"text": text + "，", "tone": ""},
                {"text": _("%(n)d 项逾期") % {"n": overdue}, "tone": "red"}
                if overdue
                else {"text": _("没有逾期"), "tone": ""},
            ],
            "counts": queries.counts(of_kind, request.path, kind),
            "table": table,
            "filters": [
                {
                    "label": _("类别"),
                    "options": [
                        {"url": f"{request.path}{query}", "label": label, "current": kind == value}
                        for value, query, label in (
                            ("", "", _("全部")),
                            ("task", "?kind=task", _("任务")),
                            ("project", "?kind=project", _("重点项目")),
                        )
                    ],
                }
            ],
        },
    )


@requires(Permission.READ_RELEASES)
def task(request: HttpRequest, code: str) -> HttpResponse:
    model = Project if code.startswith("P") else Task
    found = (
        model.objects.select_related("clause", "lead", "domain")
        .prefetch_related("supporting", "indicators")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise Http404
    today = clock.today_in(installation_of(request))
    at = pages.reading(request)
    linked = {one.pk for one in found.indicators.all()}
    row = {"state": found.state, "due_on": found.due_on}
    light, word = queries.status(row, today)
    return render(
        request,
        "tasks/task.html",
        {
            "breadcrumb": [{"label": _("任务与项目"), "url": reverse("task_list")}, {"label": code, "url": ""}],
            "task": {
                "code": found.code,
                "name": found.name,
                "light": int(light),
                "state_word": word,
                "due_text": _("应于 %(d)s 完成") % {"d": found.due_on.isoformat()},
                "standing_pending": found.standing in (Standing.MEMORY, Standing.REC),
            },
            "facts": _facts(found),
            "indicators": [indicator_row(one, at.query) for one in shown_indicators(at) if one.indicator.pk in linked]
            if linked
            else [],
        },
    )


def _facts(found: Task | Project) -> list[dict]:
    facts = [
        (_("依据条款"), f"{found.clause.number} {found.clause.title}", reverse("clause", args=[found.clause.number])),
        (_("责任科室"), found.lead.name, ""),
        (_("配合单位"), "、".join(section.name for section in found.supporting.all()) or "—", ""),
        (_("起止"), f"{found.starts_on.isoformat()} – {found.due_on.isoformat()}", ""),
        (_("进度"), f"{found.percent}%", ""),
    ]
    if found.completed_on:
        facts.append((_("完成日期"), found.completed_on.isoformat(), ""))
    if isinstance(found, Task):
        facts.append((_("成果或衡量"), found.deliverable or "—", ""))
    else:
        facts.append((_("建设内容"), found.content or "—", ""))
        facts.append((_("完成标志"), found.completion_mark or "—", ""))
        if found.quantity:
            facts.append((_("应建数量"), f"{found.quantity} {found.quantity_unit}", ""))
    return [{"label": label, "value": value, "url": url} for label, value, url in facts]
