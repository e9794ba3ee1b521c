"""The list of tasks and key projects, and the same as CSV; thin."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from bureau import clock, months
from bureau.authorization import Permission, requires, scope
from bureau.context import installation_of
from bureau.kept import kept, passing
from bureau.tables_out import table_response
from indicators import desk
from tasks import access, filters, queries
from tasks.listing import Listing, filter_fields, read, told, told_of
from tasks.models import Progress
from tasks.tables import WorkTable

PER_PAGE = 25
NAMED = {"name", "clause_number"}  # columns of what named() tells
MOST_AT_ONCE = 500  # on one page, to print


def _read(request: HttpRequest, *, whole: bool = False) -> tuple[Listing, filters.Filters, list[dict]]:
    """Everything there is, what is asked for, and the rows that are."""
    here = installation_of(request)
    mine = access.sections_of(request.user)
    found = read(here, clock.today_in(here), mine, whole=whole or _asks_for_names(request))
    asked = filters.from_query(
        request.GET, found.phases, sections={row["lead_id"] for row in found.rows}, may_be_mine=bool(mine)
    )
    return found, asked, _chosen(found, asked)


def _chosen(found: Listing, asked: filters.Filters) -> list[dict]:
    if not asked.narrowing:
        return found.rows
    spans = {code: (one["start"], one["end"]) for code, one in found.phases.items()}
    return [row for row in found.rows if asked.matches(row, spans)]


def _asks_for_names(request: HttpRequest) -> bool:
    """Does what is listed, or its order, depend on what all of them are called?"""
    return bool(request.GET.get("q")) or any(one.lstrip("-") in NAMED for one in request.GET.getlist("sort"))


@require_safe
@kept
@requires(Permission.READ_RELEASES)
def task_list(request: HttpRequest) -> HttpResponse:
    found, asked, rows = _read(request)
    if desk.falls_due_today(installation_of(request), found.month):
        passing(request)
    counted = _chosen(found, replace(asked, light="")) if asked.light else rows
    table = WorkTable(rows, month=found.month, today=found.today, empty_text=_("没有符合条件的任务或项目。"))
    whole = len(rows) <= MOST_AT_ONCE and "all" in request.GET
    per_page = MOST_AT_ONCE if whole else PER_PAGE
    RequestConfig(request, paginate={"per_page": per_page, "silent": True}).configure(table)
    waiting = _waiting(request, found)
    rest = {row["code"]: row for row in told_of([*table.page_rows(), *(row for row, _line in waiting)])}
    table.tell(rest)
    return render(
        request,
        "tasks/task_list.html",
        {
            "headline": found.headline(),
            "counts": queries.counts(counted, lambda light: asked.url(request.path, light=str(int(light)))),
            "days_left_text": _("合计 %(n)d 项 · 截至 %(d)s") % {"n": len(counted), "d": found.today.isoformat()},
            "phases": found.strip(),
            "table": table,
            "switches": _switches(request, asked, bool(access.sections_of(request.user))),
            "fields": filter_fields(found, asked),
            "text": asked.q,
            "hidden": [(name, getattr(asked, name)) for name in ("kind", "mine") if getattr(asked, name)]
            + list(asked.kept),
            "shown_text": _("列出 %(n)d 项，共 %(m)d 项") % {"n": len(rows), "m": len(found.rows)},
            "reset_url": request.path if asked.narrowing else "",
            "all_url": _with_all(asked, request.path) if PER_PAGE < len(rows) <= MOST_AT_ONCE and not whole else "",
            "csv_url": asked.url(reverse("task_csv")),
            "waiting": [line | {"name": rest[row["code"]]["name"]} for row, line in waiting if row["code"] in rest],
        },
    )


def _with_all(asked: filters.Filters, path: str) -> str:
    return replace(asked, kept=(*asked.kept, ("all", "1"))).url(path)


def _switches(request: HttpRequest, asked: filters.Filters, has_sections: bool) -> list[dict]:
    kinds = (("", _("全部")), ("task", _("任务")), ("project", _("重点项目")))
    groups = [("kind", _("类别"), asked.kind, kinds)]
    if has_sections:
        groups.append(("mine", _("科室"), asked.mine, (("", _("全部")), ("1", _("我的科室")))))
    return [
        {
            "label": label,
            "options": [
                {"url": asked.url(request.path, **{name: value}), "label": word, "current": current == value}
                for value, word in values
            ],
        }
        for name, label, current, values in groups
    ]


def _waiting(request: HttpRequest, found: Listing) -> list[tuple[dict, dict]]:
    """What waits for this person: reports to review, reports returned to him, reports his sections still owe.

    Each the row it is about, and its line.
    """
    review = scope(request.user, Permission.REVIEW).sections
    write = scope(request.user, Permission.REPORT_TASKS).sections
    lines = []
    for row in found.rows:
        for one in row["reports"]:
            about = {"code": row["code"], "month": months.label(one["month"])}
            where = [row["code"], months.iso(one["month"])]
            if one["state"] == Progress.State.SUBMITTED and row["lead_id"] in review:
                line = about | {"url": reverse("progress_review", args=where), "word": _("待审核"), "light": 2}
                lines.append((row, line))
            elif one["state"] == Progress.State.RETURNED and row["lead_id"] in write:
                lines.append((row, about | {"url": reverse("progress", args=where), "word": _("已退回"), "light": 3}))
        if row["report"] in ("missing", "due") and row["lead_id"] in write:
            where = [row["code"], months.iso(found.month)]
            light = 4 if row["report"] == "missing" else 0
            about = {"code": row["code"], "month": months.label(found.month), "word": row["report_word"]}
            lines.append((row, about | {"url": reverse("progress", args=where), "light": light}))
    return lines


@require_safe
@requires(Permission.READ_RELEASES)
def task_csv(request: HttpRequest, ending: str) -> HttpResponse:
    """The rows of the list as filtered."""
    found, _asked, rows = _read(request, whole=True)
    head = [
        _("编号"), _("类别"), _("名称"), _("依据条款"), _("任务领域"), _("责任科室"), _("责任人"), _("开始"),
        _("应完成"), _("进度%"), _("状态"), _("说明"), _("完成日期"), _("下一节点"), _("节点日期"),
        _("%(m)s月报") % {"m": months.label(found.month)}, _("待确认"),
    ]  # fmt: skip
    name = _("任务与项目_%(d)s.csv") % {"d": found.today.isoformat()}
    lines = [_line(row, *told(row, found.today)) for row in rows]
    mark = installation_of(request).demonstration
    return table_response(name.removesuffix(".csv"), head, lines, ending=ending, demonstration=mark)


def _line(row: dict, word: str, why: str) -> list[object]:
    node = row["node"] or {"name": "", "due_on": None}
    kind = _("任务") if row["kind"] == "task" else _("重点项目")
    return [
        row["code"], kind, row["name"], row["clause_number"], row["domain_name"] or "", row["lead_name"],
        row["officer_name"] or "", row["starts_on"], row["due_on"], row["percent"], word, why,
        row["completed_on"], node["name"], node["due_on"], row["report_word"],
        _("待确认") if row["pending"] else "",
    ]  # fmt: skip
