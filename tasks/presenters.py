"""Shapes what the pages of tasks show: finished text and marks; no queries but those handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from bureau.exports import plain_number
from bureau.language import joined, localized, unit
from indicators.analysis.kinds import Light
from indicators.wording import DASH
from tasks import moving
from tasks.models import Milestone, Progress, Project, Step, Task
from tasks.queries import PENDING, slip

STATE_LIGHTS = {
    Progress.State.DRAFT: Light.NONE,
    Progress.State.SUBMITTED: Light.ON_COURSE,
    Progress.State.RETURNED: Light.BEHIND,
    Progress.State.APPROVED: Light.REACHED,
}
SHOWN_ACTS = ("submit", "withdraw", "return", "approve", "take_back")


def acts() -> dict[str, str]:
    """The words of a report's steps."""
    return {
        "submit": _("提交"),
        "withdraw": _("撤回"),
        "return": _("退回"),
        "approve": _("审核通过"),
        "take_back": _("撤销审核"),
    }


def state_of(report: Progress | None) -> tuple[int, str]:
    """Mark and word of a report; 未填报 where there is none."""
    if report is None:
        return int(Light.NONE), _("未填报")
    return int(STATE_LIGHTS[Progress.State(report.state)]), str(report.get_state_display())


def timeline(steps: Iterable[Step]) -> list[dict]:
    """The steps of a report, newest first; saving drafts is on the audit trail only."""
    words = acts()
    return [
        {
            "at": timezone.localtime(step.at).strftime("%Y-%m-%d %H:%M"),
            "who": f"{step.by.unit} · {step.by}" if step.by.unit else str(step.by),
            "what": words[step.act],
            "reason": step.reason,
        }
        for step in steps
        if step.act in SHOWN_ACTS
    ]


def nodes(
    found: Iterable[Milestone], today: date, first: Mapping[int, date] | None = None, movable_in: str = ""
) -> list[dict]:
    """Milestones with plan, actual and slip: on time, late by days, overdue by days.

    `first` are the days of those once moved; `movable_in` is the work's code for who may move them.
    """
    rows = []
    for node in found:
        done, days = node.done_on, ((node.done_on or today) - node.due_on).days
        if done:
            light, word = Light.REACHED, _("已完成")
        elif days > 0:
            light, word = Light.FAR_BEHIND, _("逾期")
        else:
            light, word = Light.NOT_COVERED, _("未到期")
        rows.append(
            {
                "name": localized(node),
                "pending": node.standing in PENDING,
                "due": node.due_on.isoformat(),
                "moved": moving.slipped_text((first or {}).get(node.pk), node.due_on),
                "move_url": reverse("node_move", args=[movable_in, node.code]) if movable_in and not done else "",
                "done": done.isoformat() if done else DASH,
                "slip": _slip_words(days, bool(done)),
                "light": int(light),
                "word": word,
            }
        )
    return rows


def _slip_words(days: int, done: bool) -> str:
    if days > 0:
        return _("晚 %(n)d 天") % {"n": days} if done else _("逾期 %(n)d 天") % {"n": days}
    if not done:
        return _("还有 %(n)d 天") % {"n": -days}
    return _("提前 %(n)d 天") % {"n": -days} if days else _("按时")


def stages(project: Project) -> list[dict]:
    """The stages of a project's bar: passed, the one under way, to come."""
    done = project.stages_done
    words = {"done": _("已过"), "current": _("进行中"), "todo": _("未到")}
    rows = []
    for number, name in enumerate(project.stages, start=1):
        look = "done" if number <= done else "current" if number == done + 1 and project.percent else "todo"
        rows.append({"name": name, "look": look, "word": words[look]})
    return rows


def facts(work: Task | Project, counted: tuple[str, str] | None = None) -> list[dict]:
    """What a task or project is, line by line; `counted` are built and due as an indicator tells them."""
    lines = [
        (
            _("依据条款"),
            f"{work.clause.number} {localized(work.clause, 'title')}",
            reverse("clause", args=[work.clause.number]),
        ),
        (_("责任科室"), localized(work.lead), ""),
        (_("配合单位"), joined([localized(section) for section in work.supporting.all()]) or DASH, ""),
        (_("责任人"), str(work.officer) if work.officer else _("未定"), ""),
        (_("起止"), f"{work.starts_on.isoformat()} – {work.due_on.isoformat()}", ""),
        (_("进度"), f"{work.percent}%", ""),
    ]
    if work.completed_on:
        late = slip({"completed_on": work.completed_on, "due_on": work.due_on})
        day = work.completed_on.isoformat()
        lines.append((_("完成日期"), f"{day}（{late}）" if late else day, ""))
    if isinstance(work, Task):
        lines.append((_("成果或衡量"), work.deliverable or DASH, ""))
    else:
        lines += _of_project(work, counted)
    return [{"label": label, "value": value, "url": url} for label, value, url in lines]


def _of_project(project: Project, counted: tuple[str, str] | None) -> list[tuple[str, str, str]]:
    lines = [(_("建设内容"), project.content or DASH, ""), (_("完成标志"), project.completion_mark or DASH, "")]
    if project.budget is not None:
        lines.append((_("投资（万元）"), plain_number(project.budget.normalize()), ""))
    if project.quantity:
        built = {"b": project.quantity_done or 0, "n": project.quantity, "u": unit(project.quantity_unit)}
        lines.append((_("已建 / 应建"), _("%(b)d / %(n)d %(u)s") % built, ""))
    elif counted:
        url = reverse("indicator", args=[project.quantity_from])
        lines.append((_("已建 / 应建"), _("%(b)s / %(n)s（取自指标 %(c)s）") % {
            "b": counted[0], "n": counted[1], "c": project.quantity_from,
        }, url))  # fmt: skip
    return lines


def approved(work: Task | Project) -> list[Progress]:
    """The approved reports of a work, newest first."""
    return list(work.reports.select_related("approved_by").filter(state=Progress.State.APPROVED))


def history(reports: Iterable[Progress], files: Mapping[int, list[dict]]) -> list[dict]:
    """Approved reports, newest first, as all readers see them, each with its files."""
    return [
        {
            "month": months.label(one.month),
            "percent": f"{one.percent}%",
            "done": one.done,
            "problem": one.problem,
            "next_step": one.next_step,
            "explanation": one.explanation,
            "files": files.get(one.pk, []),
            "who": f"{one.approved_by} · {one.approved_on.isoformat()}" if one.approved_on else "",
        }
        for one in reports
    ]


def report_lines(work: Task | Project, report: Progress, before: Progress | None) -> list[dict]:
    """A report line by line beside the last approved one."""
    rows = [
        (_("进度"), f"{report.percent}%", f"{before.percent}%" if before else DASH),
        (_("本月进展"), report.done or DASH, before.done if before else DASH),
        (_("存在问题"), report.problem or DASH, (before.problem or DASH) if before else DASH),
        (_("下月打算"), report.next_step or DASH, (before.next_step or DASH) if before else DASH),
    ]
    if isinstance(work, Project):
        rows.append((_("已完成到哪个阶段"), _stage(work, report), _stage(work, before)))
        if work.quantity:
            rows.append((_("已建数量"), _built(work, report), _built(work, before)))
    names = {node.code: localized(node) for node in work.milestones.all()}
    reached = joined([f"{names.get(code, code)} {day}" for code, day in sorted(report.milestones.items())])
    if reached:
        rows.append((_("已到节点"), reached, ""))
    if report.completed_on:
        rows.append((_("完成日期"), report.completed_on.isoformat(), ""))
    if report.explanation:
        rows.append((_("说明"), report.explanation, ""))
    return [{"label": label, "value": value, "before": earlier} for label, value, earlier in rows]


def earlier(report: Progress) -> dict:
    """The last approved report in short, beside the form of the next."""
    lines = [(_("进度"), f"{report.percent}%"), (_("下月打算"), report.next_step or DASH)]
    return {"month": months.label(report.month), "lines": [{"label": a, "value": b} for a, b in lines]}


def _stage(project: Project, report: Progress | None) -> str:
    done = report.stages_done if report else None
    return project.stages[done - 1] if done and done <= len(project.stages) else DASH


def _built(project: Project, report: Progress | None) -> str:
    if report is None or report.quantity is None:
        return DASH
    return f"{report.quantity} {unit(project.quantity_unit)}"
