"""What the overview says of tasks, milestones and slips (督办单): read in one query, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import english
from bureau.remember import Remembered
from tasks.models import Milestone, Project, Slip, State, Task
from tasks.slips.counted import ASSIGNED

AHEAD = timedelta(days=60)
SHOWN = 5
SLIP = "slip"
_read: Remembered[list[Row]] = Remembered(2)  # in either language


@dataclass(frozen=True)
class Row:
    """A task or project not completed, with its earliest milestone not reached; or the times of an open slip."""

    kind: str
    code: str
    name: str
    lead: str
    state: str
    due_on: date
    node: str
    node_due_on: date | None
    assigned_on: date | None
    answered_on: date | None


def read(county: int, mark: int | None) -> list[Row]:
    """All of them, in no particular order; as remembered under the mark (bureau/remember.py), not to be changed."""
    return _read.get(mark, (county, english()), lambda: _from_record(county))


def _from_record(county: int) -> list[Row]:
    named = "name_en" if english() else "name"
    nothing, no_day = Value("", CharField()), Cast(Value(None), DateField())  # cast: the parts of a union agree in type
    slips = Slip.objects.filter(county=county, state__in=ASSIGNED).order_by().annotate(
        kind=Value(SLIP, CharField()), code=nothing, chinese=nothing, english=nothing, lead_name=nothing,
        chinese_lead=nothing, node=nothing, chinese_node=nothing, node_due_on=no_day,
    )  # fmt: skip
    names = (
        "kind", "code", "english", "chinese", "lead_name", "chinese_lead", "state", "due_on", "node", "chinese_node",
        "node_due_on", "assigned_on", "answered_on",
    )  # fmt: skip

    def works(model: type[Task | Project], kind: str) -> QuerySet:
        nodes = Milestone.objects.filter(**{kind: OuterRef("pk")}, done_on__isnull=True).order_by("due_on", "order")
        return model.objects.exclude(state=State.COMPLETED).order_by().annotate(
            kind=Value(kind, CharField()), english=F(named), chinese=F("name"), lead_name=F(f"lead__{named}"),
            chinese_lead=F("lead__name"), node=Subquery(nodes.values(named)[:1]),
            chinese_node=Subquery(nodes.values("name")[:1]), node_due_on=Subquery(nodes.values("due_on")[:1]),
            assigned_on=no_day, answered_on=no_day,
        )  # fmt: skip

    found = works(Task, "task").values_list(*names)
    rows = found.union(works(Project, "project").values_list(*names), slips.values_list(*names), all=True)
    return [
        Row(kind, code, name or chinese, lead or chinese_lead, state, due, node or chinese_node or "", *days)
        for kind, code, name, chinese, lead, chinese_lead, state, due, node, chinese_node, *days in rows
    ]


def slips(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.kind == SLIP]


def brief(rows: list[Row], today: date) -> dict:
    """Tasks and milestones that are overdue, and those due within sixty days; the five earliest of each."""
    found: list[tuple[date, dict]] = []
    for row in (row for row in rows if row.kind != SLIP):
        found.append((row.due_on, _line(row, _("应于 %(d)s 完成 · %(s)s"), row.due_on)))
        if row.node_due_on and row.due_on >= today and row.node_due_on != row.due_on:  # else the task itself says it
            words = _("节点“%(m)s”应于 %(d)s · %(s)s")
            found.append((row.node_due_on, _line(row, words, row.node_due_on)))
    found.sort(key=lambda one: (one[0], one[1]["name"]))
    overdue = [line | {"when": _("逾期 %(n)d 天") % {"n": (today - due).days}} for due, line in found if due < today]
    upcoming = [line | {"when": due.isoformat()} for due, line in found if today <= due <= today + AHEAD]
    return {"overdue": overdue[:SHOWN], "upcoming": upcoming[:SHOWN]}


def _line(row: Row, words: str, due: date) -> dict:
    return {
        "name": f"{row.code} {row.name}",
        "url": reverse("task", args=[row.code]),
        "note": words % {"m": row.node, "d": due.isoformat(), "s": row.lead},
    }
