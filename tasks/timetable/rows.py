"""What the timetable (时间表、路线图) is made of: every task and project, grouped and filtered, in few queries.

The same number of queries however many tasks there are; milestones are read of those that are shown only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import english, localized
from indicators.analysis.kinds import Light
from tasks import queries
from tasks.models import Extension, Milestone, MilestoneMove, Phase
from tasks.timetable import gantt

GROUPS, SHOWN = ("domain", "section", "phase"), ("all", "key", "late")
LAST = 1_000  # where tasks stand that belong to no domain


@dataclass(frozen=True)
class Asked:
    """What of the timetable, as its address says."""

    by: str = "domain"
    show: str = "all"

    def url(self, name: str, **changes: str) -> str:
        """A page of the timetable with some of it changed."""
        asked = replace(self, **changes)
        pairs = [
            (key, value) for key, value in (("by", asked.by), ("show", asked.show)) if value != getattr(Asked, key)
        ]
        return reverse(name) + (f"?{urlencode(pairs)}" if pairs else "")


def asked_for(query: QueryDict) -> Asked:
    """The address's choice; what no button of the page could have made is left out."""
    by, show = query.get("by", ""), query.get("show", "")
    return Asked(by if by in GROUPS else Asked.by, show if show in SHOWN else Asked.show)


@dataclass(frozen=True)
class Timetable:
    """All rows as on a day, worked out once."""

    rows: list[dict]
    phases: list[dict]
    today: date

    def chosen(self, asked: Asked) -> list[dict]:
        """The rows asked for, in the order of their groups."""
        kept = [row for row in self.rows if asked.show == "all" or row[asked.show]]
        return sorted(kept, key=lambda row: self.place(row, asked.by))

    def place(self, row: dict, by: str) -> int:
        """What groups are sorted by."""
        if by == "section":
            return row["lead_id"]
        if by == "phase":
            ends = (order for order, phase in enumerate(self.phases) if row["due_on"] <= phase["end"])
            return next(ends, len(self.phases))
        return LAST if row["domain_order"] is None else row["domain_order"]

    def group(self, row: dict, by: str) -> tuple[int, str]:
        """Where a row belongs, and the title of its group."""
        place = self.place(row, by)
        if by == "section":
            return place, row["lead_name"]
        if by == "phase":
            return place, self.phases[place]["name"] if place < len(self.phases) else _("各阶段以后")
        return place, row["domain_name"] or _("组织实施")

    def count(self, show: str) -> int:
        return len(self.rows) if show == "all" else sum(row[show] for row in self.rows)

    def axis(self) -> gantt.Axis:
        """Whole years around everything planned, done and due."""
        days = [day for phase in self.phases for day in (phase["start"], phase["end"])]
        if self.rows:
            days.append(min(row["starts_on"] for row in self.rows))
            days.append(max(row["due_on"] for row in self.rows))
            days += [row["completed_on"] for row in self.rows if row["completed_on"]]
        return gantt.Axis.over(days, self.today)

    def headline(self) -> list[dict]:
        """The finding: how many there are, how many late and by how much at most, what is left of the phase."""
        tasks = sum(row["kind"] == "task" for row in self.rows)
        counted = {"t": tasks, "p": len(self.rows) - tasks}
        parts = [{"text": _("%(t)d 项任务、%(p)d 个重点项目中，") % counted, "tone": ""}]
        late = [row["late_days"] for row in self.rows if row["late"]]
        now = next((one for one in self.phases if one["start"] <= self.today <= one["end"]), None)
        end = _("；") if now else ""
        if late:
            told = _("%(n)d 项逾期或有节点逾期，最长 %(d)d 天") % {"n": len(late), "d": max(late)}
            parts.append({"text": told + end, "tone": "red"})
        else:
            parts.append({"text": _("没有逾期") + end, "tone": ""})
        if now:
            left = {"p": now["name"], "n": (now["end"] - self.today).days}
            parts.append({"text": _("%(p)s还剩 %(n)d 天") % left, "tone": ""})
        return parts


def read(today: date) -> Timetable:
    """Every task and project with its state; three queries. What the rows shown are called, queries.named() tells.

    Key (重点) are the key projects, and whatever is late, slow or was planned anew; late also what has a milestone
    overdue.
    """
    rows, anew = queries.dated(), _planned_anew()
    for row in rows:
        row["light"] = light = queries.light_of(row, today)
        since = row["due_on"] if light == Light.FAR_BEHIND else today
        if row["node"]:
            since = min(since, row["node"]["due_on"])
        row["late"], row["late_days"] = since < today, (today - since).days
        project = row["kind"] == "project"
        row["key"] = project or row["late"] or light == Light.BEHIND or (row["kind"], row["pk"]) in anew
    phases = [{"name": localized(one), "start": one.starts_on, "end": one.ends_on} for one in Phase.objects.all()]
    return Timetable(rows, phases, today)


def bars(rows: Sequence[dict]) -> dict[str, gantt.Bar]:
    """Code → what is drawn of these rows, with their milestones; one query."""
    nodes = _nodes(rows)
    return {
        row["code"]: gantt.Bar(
            row["starts_on"], row["due_on"], row["percent"], row["completed_on"], row["first_due"],
            tuple(nodes.get(row["code"], ())),
        )
        for row in rows
    }  # fmt: skip


def _nodes(rows: Sequence[dict]) -> dict[str, list[gantt.Node]]:
    named = "name_en" if english() else "name"
    found: dict[str, list[gantt.Node]] = {}
    nodes = Milestone.objects.filter(queries.of_rows(rows)).order_by("due_on", "order")
    nodes = nodes.annotate(first_on=queries.first_planned())
    for code, task, project, name, due_on, done_on, first_on in nodes.values_list(
        "code", "task__code", "project__code", named, "due_on", "done_on", "first_on"
    ):
        found.setdefault(task or project, []).append(gantt.Node(code, name, due_on, done_on, first_on))
    return found


def _planned_anew() -> set[tuple[str, int]]:
    """Kind and id of works with a milestone that was ever moved, or a later day granted; one query."""
    moved = MilestoneMove.objects.order_by().values_list("milestone__task", "milestone__project")
    extended = Extension.objects.order_by().filter(state=Extension.State.GRANTED, slip__isnull=True)
    found = moved.union(extended.values_list("task", "project"))
    return {("task", task) if task else ("project", project) for task, project in found}
