"""The read side of tasks and key projects: what is late, what is due next, and how both stand to the business date.

Whatever their number, the same few queries; rows are plain dicts, told apart by code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import english
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.models.plan import Standing
from tasks.models import Extension, Milestone, MilestoneMove, Progress, Project, State, Task

SLOW = 10  # points behind the share of its time that has passed (catalogue, section 8: 银川)
PENDING = (Standing.MEMORY, Standing.REC)
DATED = ("pk", "code", "starts_on", "due_on", "state", "percent", "completed_on", "standing", "lead_id")
NAMES = ("name", "name_en")
Column = Callable[[str], Combinable]  # of "task" or "project"
PLACES: dict[str, Column] = {
    "lead_name": lambda kind: F("lead__name"),
    "domain_order": lambda kind: F("domain__order"),
    "domain_name": lambda kind: F("domain__name"),
}
PLACES_EN: dict[str, Column] = {
    "lead_name_en": lambda kind: F("lead__name_en"),
    "domain_name_en": lambda kind: F("domain__name_en"),
}


def _first_due(name: str) -> Subquery:
    """The day a work was first due on, where it was ever extended (延期)."""
    granted = Extension.objects.filter(state=Extension.State.GRANTED, **{name: OuterRef("pk")})
    return Subquery(granted.order_by("pk").values("from_on")[:1])


NAMED: dict[str, Column] = {
    "first_due": _first_due,
    "clause_number": lambda kind: F("clause__number"),
    "officer_name": lambda kind: F("officer__display_name"),
}


def work() -> list[dict]:
    """All tasks, then all projects, as plain rows, in one query: code, name, lead, clause, dates, state, percent."""
    return _localized(_read(NAMED | _places(), plain=NAMES))


def led_by(section: int) -> list[dict]:
    """The same of one section, with the name and day of the next node (`node_name`, `node_on`); one query."""
    next_node: dict[str, Column] = {"node_on": _next_day, "node_name": _next_name}
    return _localized(_read(NAMED | _places() | next_node, plain=NAMES, lead=section))


def dated() -> list[dict]:
    """The same by what tells where they stand and whose they are, with the day of the next node; one query.

    For pages that count all and show some: named() and with_nodes() tell the rest of those.
    """
    rows = _localized(_read(_places() | {"node_on": _next_day}))
    for row in rows:
        day = row.pop("node_on")
        row["node"] = {"due_on": day} if day and row["state"] != State.COMPLETED else None
    return rows


def named(rows: Collection[dict]) -> list[dict]:
    """These rows of dated() with name, clause, officer and the day they were first due on; one query.

    What was taken away since is left out; who know their names already are as they were.
    """
    if all("name" in row for row in rows):
        return list(rows)
    found = {row["code"]: row for row in _localized(_read(NAMED, plain=NAMES, only=rows))}
    return [row | found[row["code"]] for row in rows if row["code"] in found]


def with_nodes(rows: Collection[dict]) -> list[dict]:
    """These rows with their next node's name, and the day it was first planned for if it moved; one query."""
    nodes = next_nodes(rows)
    return [row | {"node": nodes.get(row["code"]) if row["state"] != State.COMPLETED else None} for row in rows]


def standings(today: date) -> list[dict]:
    """All tasks with their dates and status alone, for pages that only count them; one query."""
    return judged([row for row in dated() if row["kind"] == "task"], today)


def _read(
    columns: dict[str, Column], *, plain: Sequence[str] = (), only: Collection[dict] | None = None, lead: int = 0
) -> list[dict]:
    arms: list[QuerySet] = []
    for model, kind in ((Task, "task"), (Project, "project")):
        rows = model.objects.order_by()
        if only is not None:
            asked = [row["pk"] for row in only if row["kind"] == kind]
            if not asked:
                continue
            rows = rows.filter(pk__in=asked)
        if lead:
            rows = rows.filter(lead=lead)
        own = {name: column(kind) for name, column in columns.items()}
        arms.append(rows.annotate(kind=Value(kind, CharField()), **own).values_list(*DATED, *plain, "kind", *own))
    if not arms:
        return []
    names = (*DATED, *plain, "kind", *columns)
    read = [dict(zip(names, row, strict=True)) for row in arms[0].union(*arms[1:], all=True)]
    return sorted(read, key=lambda row: (row["kind"] != "task", row["code"]))


def _places() -> dict[str, Column]:
    return PLACES | PLACES_EN if english() else PLACES


def _localized(rows: list[dict]) -> list[dict]:
    """Names in English where there are any, for who reads English."""
    if english():
        for row in rows:
            for name in ("name", "lead_name", "domain_name"):
                if name in row:
                    row[name] = row[f"{name}_en"] or row[name]
    return rows


def of_rows(rows: Iterable[dict]) -> Q:
    """What belongs to one of these rows, by the names `task` and `project`."""
    of: dict[str, list[int]] = {"task": [], "project": []}
    for row in rows:
        of[row["kind"]].append(row["pk"])
    return Q(task__in=of["task"]) | Q(project__in=of["project"])


def first_planned() -> Subquery:
    """The day a milestone was first planned for, where it was ever moved (节点调整)."""
    moves = MilestoneMove.objects.filter(milestone=OuterRef("pk"))
    return Subquery(moves.order_by("pk").values("from_on")[:1])


def _next_day(kind: str) -> Subquery:
    """The day of the earliest node not yet reached."""
    return Subquery(_open_nodes(kind).values("due_on")[:1])


def _next_name(kind: str) -> Subquery:
    return Subquery(_open_nodes(kind).values("name_en" if english() else "name")[:1])


def _open_nodes(kind: str) -> QuerySet[Milestone]:
    nodes = Milestone.objects.filter(done_on__isnull=True, **{kind: OuterRef("pk")})
    return nodes.order_by("due_on", "order", "pk")


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


def next_nodes(rows: Collection[dict] | None = None) -> dict[str, dict]:
    """Code of a work → its earliest node not yet reached, and the day that one was first planned for if it moved.

    Of these rows, or of all there are; one query.
    """
    found: dict[str, dict] = {}
    nodes = Milestone.objects.filter(done_on__isnull=True).order_by("due_on", "order", "pk")
    if rows is not None:
        nodes = nodes.filter(of_rows(rows))
    named = "name_en" if english() else "name"
    for task, project, name, due_on, first_on in nodes.annotate(first_on=first_planned()).values_list(
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
    """All work with its status, as the reports show it; two queries."""
    return judged(with_nodes(work()), today)


def judged(rows: list[dict], today: date) -> list[dict]:
    """Rows that know their next node, with their status."""
    for row in rows:
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
