"""The read side of tasks and key projects: what is late, what is due next, and how both stand to the business date.

Whatever their number, the same few queries; rows are plain dicts, told apart by code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import CharField, F, Q, Value
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import english
from bureau.models import Installation
from indicators import desk
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.models.plan import Standing
from tasks.models import Milestone, Progress, Project, State, Task

SLOW = 10  # points behind the share of its time that has passed (catalogue, section 8: 银川)
PENDING = (Standing.MEMORY, Standing.REC)
PLAIN = ("code", "name", "name_en", "starts_on", "due_on", "state", "percent", "completed_on", "standing", "lead_id")


def work() -> list[dict]:
    """All tasks, then all projects, as plain rows, in one query: code, name, lead, clause, dates, state, percent."""
    columns = {
        "lead_name": F("lead__name"),
        "clause_number": F("clause__number"),
        "domain_order": F("domain__order"),
        "domain_name": F("domain__name"),
        "lead_name_en": F("lead__name_en"),
        "domain_name_en": F("domain__name_en"),
        "officer_name": F("officer__display_name"),
    }
    tasks = Task.objects.order_by().annotate(kind=Value("task", CharField()), **columns)
    projects = Project.objects.order_by().annotate(kind=Value("project", CharField()), **columns)
    names = (*PLAIN, "kind", *columns)
    rows = list(tasks.values(*names).union(projects.values(*names), all=True))
    if english():
        for row in rows:
            for name in ("name", "lead_name", "domain_name"):
                row[name] = row[f"{name}_en"] or row[name]
    return sorted(rows, key=lambda row: (row["kind"] != "task", row["code"]))


def late(row: dict, today: date) -> bool:
    """Not completed and past its due date (逾期)."""
    return row["state"] != State.COMPLETED and row["due_on"] < today


def behind(row: dict, today: date) -> int:
    """By how many points the percentage is below the share of its time that has passed; 0 before it begins."""
    days = (row["due_on"] - row["starts_on"]).days + 1
    passed = max(0, min((today - row["starts_on"]).days + 1, days))
    return passed * 100 // days - row["percent"] if passed else 0


def status(row: dict, today: date) -> tuple[Light, str]:
    """Shape and word of a task: 逾期, 进度偏慢, 推进中, 已完成, 未开始."""
    if row["state"] == State.COMPLETED:
        return Light.REACHED, _("已完成")
    if late(row, today):
        return Light.FAR_BEHIND, _("逾期 %(n)d 天") % {"n": (today - row["due_on"]).days}
    if slowness(row, today):
        return Light.BEHIND, _("进度偏慢")
    if row["state"] == State.UNDER_WAY:
        return Light.ON_COURSE, _("推进中")
    return Light.NOT_COVERED, _("未开始")


def slowness(row: dict, today: date) -> str:
    """Why a task that is not yet late is slow: a node missed, or behind its time; empty where it is neither.

    Rows that do not say when they begin, or their next node, are not asked for it.
    """
    node = row.get("node")
    if node and node["due_on"] < today:
        days = (today - node["due_on"]).days
        return _("节点“%(m)s”逾期 %(n)d 天") % {"m": node["name"], "n": days}
    points = behind(row, today) if "starts_on" in row else 0
    return _("比时间进度慢 %(n)d 个百分点") % {"n": points} if points >= SLOW else ""


def next_nodes() -> dict[str, dict]:
    """Code of a work → its earliest node not yet reached."""
    found: dict[str, dict] = {}
    rows = Milestone.objects.filter(done_on__isnull=True).order_by("due_on", "order")
    named = "name_en" if english() else "name"
    for task, project, name, due_on in rows.values_list("task__code", "project__code", named, "due_on"):
        found.setdefault(task or project, {"name": name, "due_on": due_on})
    return found


def reports_about(month: int) -> dict[str, list[dict]]:
    """Code of a work → its reports of a month, and those of any month that wait for somebody."""
    found: dict[str, list[dict]] = {}
    waiting = (Progress.State.SUBMITTED, Progress.State.RETURNED)
    rows = Progress.objects.filter(Q(month=month) | Q(state__in=waiting)).order_by("month")
    for task, project, about, state in rows.values_list("task__code", "project__code", "month", "state"):
        found.setdefault(task or project, []).append({"month": about, "state": state})
    return found


def owes_report(row: dict, month: int) -> bool:
    """Must this work be reported on in the month? From its first month to the one it is completed in."""
    begun = months.of(row["starts_on"]) <= month
    return begun and (row["completed_on"] is None or months.of(row["completed_on"]) > month)


def report_status(row: dict, reports: Iterable[dict], month: int, here: Installation) -> tuple[str, Light, str]:
    """State, mark and word of a month's report: 已审核, 待审核, 已退回, 未报, 待报; '' where none is due."""
    state = next((one["state"] for one in reports if one["month"] == month), "")
    if state in (Progress.State.APPROVED, Progress.State.SUBMITTED, Progress.State.RETURNED):
        marks = {Progress.State.APPROVED: Light.REACHED, Progress.State.SUBMITTED: Light.ON_COURSE}
        return state, marks.get(Progress.State(state), Light.BEHIND), str(Progress.State(state).label)
    if not owes_report(row, month):
        return "", Light.NONE, ""
    if desk.overdue(here, month):
        return "missing", Light.FAR_BEHIND, _("未报")
    return "due", Light.NONE, _("待报")


def listed(today: date) -> list[dict]:
    """All work with its status, as the list and the reports show it."""
    nodes = next_nodes()
    rows = work()
    for row in rows:
        row["node"] = None if row["state"] == State.COMPLETED else nodes.get(row["code"])
        row["light"], row["word"] = status(row, today)
        row["why"] = slowness(row, today) if row["light"] == Light.BEHIND else slip(row)
        row["status_order"] = ATTENTION_ORDER.index(row["light"])
        row["pending"] = row["standing"] in PENDING
    return rows


def slip(row: dict) -> str:
    """How much later than due it was completed; empty where in time or not yet."""
    if row["completed_on"] is None or row["completed_on"] <= row["due_on"]:
        return ""
    return _("晚 %(n)d 天完成") % {"n": (row["completed_on"] - row["due_on"]).days}


def counts(rows: list[dict], url: Callable[[Light], str] = lambda light: "") -> list[dict]:
    """How many stand where, worst first; `url` gives what each count leads to."""
    return [
        {
            "light": int(light),
            "label": word,
            "count": sum(row["light"] == light for row in rows),
            "url": url(light),
        }
        for light, word in words().items()
    ]


def words() -> dict[Light, str]:
    """The states a task is listed under, worst first."""
    return {
        Light.FAR_BEHIND: _("逾期"),
        Light.BEHIND: _("进度偏慢"),
        Light.ON_COURSE: _("推进中"),
        Light.REACHED: _("已完成"),
        Light.NOT_COVERED: _("未开始"),
    }
