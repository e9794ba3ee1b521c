"""The read side of tasks and key projects: what is late, what is due next, and how both stand to the business date."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import CharField, F, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.models.plan import Standing
from tasks.models import Project, State, Task

AHEAD = timedelta(days=60)
SHOWN = 5


def work() -> list[dict]:
    """All tasks, then all projects, as plain rows, in one query: code, name, lead, clause, dates, state, percent."""
    columns = {"lead_name": F("lead__name"), "clause_number": F("clause__number"), "domain_order": F("domain__order")}
    plain = ("code", "name", "starts_on", "due_on", "state", "percent", "completed_on", "standing")
    tasks = Task.objects.order_by().annotate(kind=Value("task", CharField()), **columns)
    projects = Project.objects.order_by().annotate(kind=Value("project", CharField()), **columns)
    names = (*plain, "kind", *columns)
    return sorted(
        tasks.values(*names).union(projects.values(*names), all=True),
        key=lambda row: (row["kind"] != "task", row["code"]),
    )


def late(row: dict, today: date) -> bool:
    """Not completed and past its due date (逾期)."""
    return row["state"] != State.COMPLETED and row["due_on"] < today


def brief(today: date) -> dict:
    """What the overview shows: overdue, and due within sixty days."""
    rows = [row for row in work() if row["state"] != State.COMPLETED]
    overdue = sorted((row for row in rows if late(row, today)), key=lambda row: row["due_on"])
    upcoming = sorted((row for row in rows if today <= row["due_on"] <= today + AHEAD), key=lambda row: row["due_on"])
    return {
        "overdue": [_line(row, _("逾期 %(n)d 天") % {"n": (today - row["due_on"]).days}) for row in overdue[:SHOWN]],
        "upcoming": [_line(row, row["due_on"].isoformat()) for row in upcoming[:SHOWN]],
    }


def _line(row: dict, when: str) -> dict:
    return {
        "name": f"{row['code']} {row['name']}",
        "url": reverse("task", args=[row["code"]]),
        "note": _("应于 %(d)s 完成 · %(s)s") % {"d": row["due_on"].isoformat(), "s": row["lead_name"]},
        "when": when,
    }


def status(row: dict, today: date) -> tuple[Light, str]:
    """Shape and word of a task: 逾期, 推进中, 已完成, 未开始."""
    if row["state"] == State.COMPLETED:
        return Light.REACHED, _("已完成")
    if late(row, today):
        return Light.FAR_BEHIND, _("逾期 %(n)d 天") % {"n": (today - row["due_on"]).days}
    if row["state"] == State.UNDER_WAY:
        return Light.ON_COURSE, _("推进中")
    return Light.NOT_COVERED, _("未开始")


def listed(today: date) -> list[dict]:
    """All work with its status, as the list shows it."""
    rows = work()
    for row in rows:
        row["light"], row["word"] = status(row, today)
        row["status_order"] = ATTENTION_ORDER.index(row["light"])
        row["pending"] = row["standing"] in (Standing.MEMORY, Standing.REC)
    return rows


def counts(rows: list[dict], path: str = "", kind: str = "") -> list[dict]:
    """How many stand where, worst first; with a `path` each count leads to what it counts."""
    words = {
        Light.FAR_BEHIND: _("逾期"),
        Light.ON_COURSE: _("推进中"),
        Light.REACHED: _("已完成"),
        Light.NOT_COVERED: _("未开始"),
    }
    return [
        {
            "light": int(light),
            "label": word,
            "count": sum(row["light"] == light for row in rows),
            "url": f"{path}?kind={kind}&light={int(light)}" if path else "",
        }
        for light, word in words.items()
    ]
