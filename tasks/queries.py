"""The read side of tasks and key projects: what is late, what is due next, and how both stand to the business date.

Whatever their number, the same few queries; rows are plain dicts, told apart by code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import english
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.models.plan import Standing
from tasks.models import Extension, Milestone, MilestoneMove, Progress, Project, State, Task

SLOW = 10  # points behind the share of its time that has passed (catalogue, section 8: 银川)
PENDING = (Standing.MEMORY, Standing.REC)
DATED = ("code", "starts_on", "due_on", "state", "percent", "completed_on", "standing")
PLAIN = (*DATED, "name", "name_en", "lead_id")


def work() -> list[dict]:
    """All tasks, then all projects, as plain rows, in one query: code, name, lead, clause, dates, state, percent."""
    columns = {
        "lead_name": F("lead__name"),
        "clause_number": F("clause__number"),
        "domain_order": F("domain__order"),
        "domain_name": F("domain__name"),
        "officer_name": F("officer__display_name"),
    }
    if english():
        columns |= {"lead_name_en": F("lead__name_en"), "domain_name_en": F("domain__name_en")}
    tasks = Task.objects.order_by().annotate(kind=Value("task", CharField()), first_due=_first_due("task"), **columns)
    projects = Project.objects.order_by().annotate(
        kind=Value("project", CharField()), first_due=_first_due("project"), **columns
    )
    names = (*PLAIN, "kind", "first_due", *columns)
    rows = list(tasks.values(*names).union(projects.values(*names), all=True))
    if english():
        for row in rows:
            for name in ("name", "lead_name", "domain_name"):
                row[name] = row[f"{name}_en"] or row[name]
    return sorted(rows, key=lambda row: (row["kind"] != "task", row["code"]))


def standings(today: date) -> list[dict]:
    """All tasks with their dates and status alone, for pages that only count them; two queries."""
    return _judged(list(Task.objects.order_by("code").values(*DATED)), today)


def first_planned() -> Subquery:
    """The day a milestone was first planned for, where it was ever moved (节点调整)."""
    moves = MilestoneMove.objects.filter(milestone=OuterRef("pk"))
    return Subquery(moves.order_by("pk").values("from_on")[:1])


def _first_due(name: str) -> Subquery:
    """The day a work was first due on, where it was ever extended (延期)."""
    granted = Extension.objects.filter(state=Extension.State.GRANTED, **{name: OuterRef("pk")})
    return Subquery(granted.order_by("pk").values("from_on")[:1])


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
    light = light_of(row, today)
    if light == Light.FAR_BEHIND:
        return light, _("逾期 %(n)d 天") % {"n": (today - row["due_on"]).days}
    if light == Light.BEHIND:
        return light, _("进度偏慢")
    if light == Light.ON_COURSE:
        return light, _("推进中")
    return light, _("已完成") if light == Light.REACHED else _("未开始")


def light_of(row: dict, today: date) -> Light:
    """The same without its word."""
    if row["state"] == State.COMPLETED:
        return Light.REACHED
    if row["due_on"] < today:
        return Light.FAR_BEHIND
    node = row.get("node")
    if (node and node["due_on"] < today) or ("starts_on" in row and behind(row, today) >= SLOW):
        return Light.BEHIND
    return Light.ON_COURSE if row["state"] == State.UNDER_WAY else Light.NOT_COVERED


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
    """Code of a work → its earliest node not yet reached, and the day that one was first planned for if it moved."""
    found: dict[str, dict] = {}
    rows = Milestone.objects.filter(done_on__isnull=True).order_by("due_on", "order")
    place = Window(RowNumber(), partition_by=[F("task"), F("project")], order_by=["due_on", "order", "pk"])
    rows = rows.annotate(place=place).filter(place=1).annotate(first_on=first_planned())
    named = "name_en" if english() else "name"
    for task, project, name, due_on, first_on in rows.values_list(
        "task__code", "project__code", named, "due_on", "first_on"
    ):
        found.setdefault(task or project, {"name": name, "due_on": due_on, "first_on": first_on})
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


def report_state(row: dict, reports: Iterable[dict], month: int, *, overdue: bool) -> str:
    """The state of a month's report: approved, submitted, returned, missing, due; '' where none is due.

    `overdue`: is the month past its deadline?
    """
    state = next((one["state"] for one in reports if one["month"] == month), "") if reports else ""
    if state and state != Progress.State.DRAFT:
        return state
    if not owes_report(row, month):
        return ""
    return "missing" if overdue else "due"


def report_marks() -> dict[str, tuple[Light, str]]:
    """Mark and word of each state: 已审核, 待审核, 已退回, 未报, 待报."""
    at = Progress.State
    lights = {at.APPROVED: Light.REACHED, at.SUBMITTED: Light.ON_COURSE, at.RETURNED: Light.BEHIND}
    own = {"": (Light.NONE, ""), "missing": (Light.FAR_BEHIND, _("未报")), "due": (Light.NONE, _("待报"))}
    return own | {str(state): (light, str(state.label)) for state, light in lights.items()}


def listed(today: date) -> list[dict]:
    """All work with its status, as the list and the reports show it."""
    return _judged(work(), today)


def _judged(rows: list[dict], today: date) -> list[dict]:
    nodes = next_nodes()
    for row in rows:
        row["node"] = None if row["state"] == State.COMPLETED else nodes.get(row["code"])
        row["light"] = light_of(row, today)
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
    standing = Counter(row["light"] for row in rows)
    return [
        {
            "light": int(light),
            "label": word,
            "count": standing[light],
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
