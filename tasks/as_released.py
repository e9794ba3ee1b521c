"""Tasks, key projects and their nodes as they stood when a month was released; later reports change nothing of it.

A work stands as the last report about a month up to the released one says that was approved by then, and is judged on
the day of the release. What was taken back, moved or extended later is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from indicators.analysis.kinds import ATTENTION_ORDER
from tasks import queries
from tasks.content import Content
from tasks.models import Extension, Milestone, MilestoneMove, Slip, State, Step
from tasks.slips.moves import CLOSED, Colour, colour

PRESSED = ("assigned", "struck_off", "open", "overdue")


@dataclass(frozen=True)
class Moment:
    """What is looked at: reports about months up to `month`, known at `until` (None: now), judged on `day`."""

    month: int
    day: date
    until: datetime | None = None

    def before(self, name: str = "at") -> Q:
        return Q() if self.until is None else Q(**{f"{name}__lte": self.until})

    def after(self, name: str = "at") -> Q:
        """Nothing is later than now."""
        return Q(pk__in=()) if self.until is None else Q(**{f"{name}__gt": self.until})


def works(moment: Moment) -> list[dict]:
    """As queries.listed gives them, each with its `nodes`; six queries."""
    reports, nodes, due = _reports(moment), _nodes(moment), _due(moment)
    rows = queries.work()
    for row in rows:
        of_work = reports.get(row["code"], [])
        _stand(row, of_work[-1] if of_work else None)
        row["due_on"] = due.get(row["code"], row["due_on"])
        row["nodes"] = [_reached(node, row, of_work) for node in nodes.get(row["code"], ())]
        open_nodes = [node for node in row["nodes"] if node["done_on"] is None]
        row["node"] = min(open_nodes, key=lambda node: node["due_on"], default=None) if _open(row) else None
        row["light"] = queries.light_of(row, moment.day)
        row["status_order"] = ATTENTION_ORDER.index(row["light"])
        row["pending"] = row["standing"] in queries.PENDING
    return rows


def _open(row: dict) -> bool:
    return row["state"] != State.COMPLETED


def _reports(moment: Moment) -> dict[str, list[Content]]:
    """Code of a work → what its reports said that were approved and not taken back, by month."""
    steps = Step.objects.filter(moment.before(), report__month__lte=moment.month).order_by("pk")
    known: dict[int, tuple[str, int]] = {}
    names = ("report_id", "report__task__code", "report__project__code", "report__month", "act")
    for report, task, project, month, act in steps.filter(act__in=("approve", "take_back")).values_list(*names):
        known[report] = (task or project, month)
        if act == "take_back":
            del known[report]
    said = dict(steps.filter(act="submit", report__in=list(known)).values_list("report_id", "content"))
    found: dict[str, list[Content]] = {}
    for report, (code, _month) in sorted(known.items(), key=lambda pair: pair[1][1]):
        found.setdefault(code, []).append(_content(said[report]))
    return found


def _content(kept: Mapping) -> Content:
    day = kept["completed_on"]
    return Content(**{**kept, "completed_on": date.fromisoformat(day) if day else None})


def _stand(row: dict, report: Content | None) -> None:
    row["percent"] = report.percent if report else 0
    row["completed_on"] = report.completed_on if report else None
    row["state"] = State.COMPLETED if row["completed_on"] else State.UNDER_WAY if row["percent"] else State.NOT_BEGUN


def _reached(node: dict, row: dict, reports: list[Content]) -> dict:
    """With the day it was reached: as the last report that names it says, else with the whole work."""
    days = [one.milestones[node["code"]] for one in reports if node["code"] in one.milestones]
    return node | {"done_on": date.fromisoformat(days[-1]) if days else row["completed_on"]}


def _nodes(moment: Moment) -> dict[str, list[dict]]:
    """Code of a work → its nodes with the day they are planned for, and the day they were first."""
    moves: dict[int, list[tuple[date, bool]]] = {}
    later = set(MilestoneMove.objects.filter(moment.after()).values_list("pk", flat=True))
    for pk, node, day in MilestoneMove.objects.order_by("pk").values_list("pk", "milestone_id", "from_on"):
        moves.setdefault(node, []).append((day, pk in later))
    found: dict[str, list[dict]] = {}
    names = ("pk", "code", "name", "due_on", "task__code", "project__code")
    for pk, code, name, due_on, task, project in Milestone.objects.order_by("due_on", "order").values_list(*names):
        of_node = moves.get(pk, [])
        then = next((day for day, is_later in of_node if is_later), due_on)
        first = of_node[0][0] if of_node and not of_node[0][1] else None
        row = {"code": code, "name": name, "due_on": then, "first_on": first}
        found.setdefault(task or project, []).append(row)
    return found


def _due(moment: Moment) -> dict[str, date]:
    """Code of a work → the day it was due on then, of those extended since."""
    granted = Extension.objects.filter(moment.after("decided_at"), state=Extension.State.GRANTED, slip=None)
    found: dict[str, date] = {}
    for task, project, day in granted.order_by("pk").values_list("task__code", "project__code", "from_on"):
        found.setdefault(task or project, day)
    return found


def slips(county: int, day: date) -> dict[str, int]:
    """Supervision slips by their dates as of a day: assigned so far, struck off, under way, of these beyond the time.

    One query.
    """
    found = Slip.objects.filter(county=county, assigned_on__lte=day).exclude(state=Slip.State.DROPPED)
    counts = dict.fromkeys(PRESSED, 0)
    for slip in found.only("state", "due_on", "assigned_on", "answered_on", "struck_off_on"):
        counts["assigned"] += 1
        if slip.struck_off_on is not None and slip.struck_off_on <= day:
            counts["struck_off"] += 1
            continue
        if slip.state in CLOSED:
            slip.state = Slip.State.ANSWERED
        if slip.answered_on is not None and slip.answered_on > day:
            slip.state, slip.answered_on = Slip.State.ACCEPTED, None
        counts["open"] += 1
        counts["overdue"] += colour(slip, day) == Colour.RED
    return counts
