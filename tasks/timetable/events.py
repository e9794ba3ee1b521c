"""The timetable as days of a calendar: milestones, the days tasks are due on, the last days of phases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from bureau.ical import Event
from tasks import queries
from tasks.timetable import gantt
from tasks.timetable import rows as timetable
from tasks.timetable.rows import Timetable

DOMAIN = "haiyan-pilot"


def events(found: Timetable, rows: Sequence[dict]) -> Iterator[Event]:
    """The events of these rows, by task and day; then the phases."""
    rows = queries.named(rows)
    bars = timetable.bars(rows)
    for row in rows:
        yield from _of_row(row, bars[row["code"]])
    for order, phase in enumerate(found.phases, start=1):
        words = _("%(p)s最后一天") % {"p": phase["name"]}
        yield Event(f"phase-{order}@{DOMAIN}", phase["end"], words, category=_("阶段"))


def _of_row(row: dict, bar: gantt.Bar) -> Iterator[Event]:
    name = f"{row['code']} {row['name']}"
    about = "\n".join(
        [
            _("责任科室：%(s)s") % {"s": row["lead_name"]},
            _("进度 %(n)d%%") % {"n": row["percent"]},
            _("方案 %(c)s") % {"c": row["clause_number"]},
        ]
    )
    for node in bar.nodes:
        day = node.done_on or node.due_on
        words = _("节点：%(n)s（已完成）") if node.done_on else _("节点：%(n)s")
        more = [about]
        if node.first_on and node.first_on != node.due_on:
            more.append(_("原计划 %(d)s") % {"d": node.first_on.isoformat()})
        told = f"{name} {words % {'n': node.name}}"
        yield Event(f"node-{node.code}@{DOMAIN}", day, told, "\n".join(more), row["lead_name"])
    day, word = (bar.completed_on, _("完成")) if bar.completed_on else (bar.due_on, _("应完成"))
    yield Event(f"work-{row['code']}@{DOMAIN}", day, f"{name} {word}", about, row["lead_name"])
