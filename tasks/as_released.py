"""Tasks, key projects and their nodes as they stood when a month was released; later reports change nothing of it.

A work stands as the last report about a month up to the released one says that was approved by then, and is judged on
the day of the release. What was taken back, moved, extended or set to another day later is as it was (dates_then.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from indicators.analysis.kinds import ATTENTION_ORDER
from tasks import dates_then, queries
from tasks.content import Content
from tasks.dates_then import Then
from tasks.models import Deliverable, Extension, Milestone, MilestoneMove, Phase, Project, Slip, State, Step, Task
from tasks.models.work import Work
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

    def later(self, at: datetime) -> bool:
        """Nothing is later than now."""
        return self.until is not None and at > self.until

    @cached_property
    def then(self) -> Then:
        return dates_then.since(self.until)


def works(moment: Moment) -> list[dict]:
    """As queries.listed gives them, each with its `nodes`; six queries."""
    reports, nodes, extended = _reports(moment), _nodes(moment), _extended()
    rows = queries.work()
    for row in rows:
        of_work = reports.get(row["code"], [])
        _stand(row, of_work[-1] if of_work else None)
        table: type[Work] = Project if row["kind"] == "project" else Task
        granted = extended.get(row["code"], ())
        row["starts_on"] = moment.then.day(table, row["code"], "starts_on", row["starts_on"])
        row["due_on"] = _due(moment, table, row, granted)
        row["first_due"] = next((one.day for one in granted if not moment.later(one.at)), None)
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
    row["quantity_done"] = report.quantity if report else None
    row["percent"] = report.percent if report else 0
    row["completed_on"] = report.completed_on if report else None
    row["state"] = State.COMPLETED if row["completed_on"] else State.UNDER_WAY if row["percent"] else State.NOT_BEGUN


def _reached(node: dict, row: dict, reports: list[Content]) -> dict:
    """With the day it was reached: as the last report that names it says, else with the whole work."""
    days = [one.milestones[node["code"]] for one in reports if node["code"] in one.milestones]
    return node | {"done_on": date.fromisoformat(days[-1]) if days else row["completed_on"]}


class Replaced(NamedTuple):
    """A day that was changed, and when."""

    day: date
    at: datetime


def _nodes(moment: Moment) -> dict[str, list[dict]]:
    """Code of a work → its nodes with the day they are planned for, and the day they were first."""
    moves: dict[int, list[Replaced]] = {}
    for node, day, at in MilestoneMove.objects.order_by("pk").values_list("milestone_id", "from_on", "at"):
        moves.setdefault(node, []).append(Replaced(day, at))
    found: dict[str, list[dict]] = {}
    names = ("pk", "code", "name", "due_on", "task__code", "project__code")
    for pk, code, name, due_on, task, project in Milestone.objects.order_by("due_on", "order").values_list(*names):
        of_node = moves.get(pk, [])
        first = of_node[0].day if of_node and not moment.later(of_node[0].at) else None
        row = {"code": code, "name": name, "due_on": _as_it_was(moment, Milestone, code, due_on, of_node)}
        found.setdefault(task or project, []).append(row | {"first_on": first})
    return found


def _extended() -> dict[str, list[Replaced]]:
    """Code of a work → the days it was due on before each extension (延期), in order."""
    granted = Extension.objects.filter(state=Extension.State.GRANTED, slip=None).order_by("pk")
    found: dict[str, list[Replaced]] = {}
    for task, project, day, at in granted.values_list("task__code", "project__code", "from_on", "decided_at"):
        found.setdefault(task or project, []).append(Replaced(day, at))
    return found


def _due(moment: Moment, table: type[Work], row: dict, extended: Sequence[Replaced]) -> date:
    return _as_it_was(moment, table, row["code"], row["due_on"], extended)


def _as_it_was(moment: Moment, table: type[models.Model], code: str, now: date, replaced: Sequence[Replaced]) -> date:
    """The day something was due on: what the first change after the moment replaced, whichever way it was changed."""
    later = [one for one in replaced if moment.later(one.at)]
    by_hand = moment.then.changed(table, code, "due_on")
    if by_hand is not None and by_hand[1] is not None:
        later.append(Replaced(by_hand[1], by_hand[0]))
    return min(later, key=lambda one: one.at).day if later else now


def phases(moment: Moment) -> list[Phase]:
    """The plan's phases in order, their dates, closing and papers as they stood; not to be saved."""
    found = list(Phase.objects.prefetch_related("deliverables").order_by("order"))
    for phase in found:
        for name in dates_then.DATED[Phase]:
            setattr(phase, name, moment.then.day(Phase, phase.code, name, getattr(phase, name)))
        phase.closed_on = moment.then.day(Phase, phase.code, "closed_on", phase.closed_on)
        for paper in phase.deliverables.all():
            paper.delivered_on = moment.then.day(Deliverable, paper.code, "delivered_on", paper.delivered_on)
    return found


def slips(county: int, moment: Moment) -> dict[str, int]:
    """Supervision slips by their dates as of a day: assigned so far, struck off, under way, of these beyond the time.

    Two queries.
    """
    day, due = moment.day, slips_due(moment)
    found = Slip.objects.filter(county=county, assigned_on__lte=day).exclude(state=Slip.State.DROPPED)
    counts = dict.fromkeys(PRESSED, 0)
    for slip in found.only("state", "due_on", "assigned_on", "answered_on", "struck_off_on"):
        counts["assigned"] += 1
        if slip.struck_off_on is not None and slip.struck_off_on <= day:
            counts["struck_off"] += 1
            continue
        if slip.state in CLOSED:
            slip.state = Slip.State.ANSWERED
        slip.due_on = due.get(slip.pk, slip.due_on)
        if slip.answered_on is not None and slip.answered_on > day:
            slip.state, slip.answered_on = Slip.State.ACCEPTED, None
        counts["open"] += 1
        counts["overdue"] += colour(slip, day) == Colour.RED
    return counts


def slips_due(moment: Moment) -> dict[int, date]:
    """Slip → the day it was due on then, of those granted a later one since."""
    if moment.until is None:
        return {}
    granted = Extension.objects.filter(state=Extension.State.GRANTED, slip__isnull=False, decided_at__gt=moment.until)
    found: dict[int, date] = {}
    for slip, day in granted.order_by("pk").values_list("slip", "from_on"):
        found.setdefault(slip, day)
    return found
