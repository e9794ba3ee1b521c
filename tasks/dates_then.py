"""What dates of works, nodes, phases and papers said at an earlier moment, told by the acts on record since then.

Each act keeps the date it replaced, so the first act after the moment tells what stood at it. Changes by the plan's
files (manage.py loadplan) are told since their records name them; what an older record leaves open is `untold`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.db.models import Q

from bureau.models import AuditEvent
from tasks.models import Milestone, Phase, Project, Task

DATED: dict[type[models.Model], tuple[str, ...]] = {
    Phase: ("starts_on", "ends_on"),
    Task: ("starts_on", "due_on"),
    Project: ("starts_on", "due_on"),
    Milestone: ("due_on",),
}
"""The tables whose dates are settings or the plan's, and these."""
SETTING, LOADED = "setting.change", "loadplan"
ACTS = ("phase.close", "phase.reopen", "deliverable.deliver", "deliverable.take_back", LOADED)
Replaced = tuple[str, str, str, str]  # table, code, field, the day before as text


@dataclass(frozen=True)
class Then:
    """`first`: (table, code, field) → when it was first changed since, and the date it had before.

    `untold` is the day the plan's files last changed something without a record of what; None where all is told.
    """

    first: Mapping[tuple[str, str, str], tuple[datetime, date | None]] = field(default_factory=dict)
    untold: date | None = None

    def changed(self, table: type[models.Model], code: str, name: str) -> tuple[datetime, date | None] | None:
        return self.first.get((table._meta.label_lower, code, name))

    def day(self, table: type[models.Model], code: str, name: str, now: date | None) -> date | None:
        """The date as it stood; `now` where nothing changed it since."""
        found = self.changed(table, code, name)
        return now if found is None else found[1]


def since(moment: datetime | None) -> Then:
    """What changed after a moment, in one query; nothing where it is now."""
    if moment is None:
        return Then()
    wanted = Q(act__in=ACTS) | Q(act=SETTING, object__startswith="tasks.")
    first: dict[tuple[str, str, str], tuple[datetime, date | None]] = {}
    untold = None
    events = AuditEvent.objects.filter(wanted, at__gt=moment, succeeded=True).order_by("sequence")
    for act, named, at, detail in events.values_list("act", "object", "at", "detail"):
        if act == LOADED and detail.get("changed") and "dates" not in detail:
            untold = at.date()
        for table, code, name, before in _replaced(act, named, detail):
            first.setdefault((table, code, name), (at, date.fromisoformat(before) if before else None))
    return Then(first, untold)


def _replaced(act: str, named: str, detail: Mapping) -> Iterator[Replaced]:
    """The dates an act replaced."""
    if act == SETTING:
        yield from _set(named, detail)
    elif act == LOADED:
        yield from map(tuple, detail.get("dates", ()))
    elif act.startswith("phase."):
        yield "tasks.phase", named, "closed_on", detail["on"] if act == "phase.reopen" else ""
    else:
        yield "tasks.deliverable", named, "delivered_on", detail["old"][0]


def _set(named: str, detail: Mapping) -> Iterator[Replaced]:
    """'tasks.task#12 T01 name' with {'due_on': ['2017-06-30', '2017-09-30']}; a phase is called by its name alone."""
    begins, _blank, called = named.partition(" ")
    label, _hash, key = begins.partition("#")
    code = called.partition(" ")[0]
    if label == "tasks.phase":
        code = Phase.objects.filter(pk=key).values_list("code", flat=True).first() or ""
    for table, names in DATED.items():
        if table._meta.label_lower == label:
            for name in names:
                if name in detail:
                    yield label, code, name, detail[name][0] or ""
