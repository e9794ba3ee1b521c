"""Shapes the timetable for its page: groups of rows with their drawings, buttons and pages; finished text only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.analysis.kinds import Light
from tasks import queries
from tasks.timetable import gantt
from tasks.timetable import rows as timetable
from tasks.timetable.rows import Asked, Timetable

PER_PAGE = 50  # what one sheet of A3 holds
DRAWN = 1_000  # drawings remembered: when a page is made anew most of its rows are as they were
NAME = "timetable"


def switches(found: Timetable, asked: Asked) -> list[dict]:
    """The buttons: by what it is grouped, what is left out."""
    groups = {"domain": _("按领域"), "section": _("按科室"), "phase": _("按阶段")}
    shown = {"all": _("全部 %(n)d"), "key": _("重点 %(n)d"), "late": _("逾期 %(n)d")}
    return [
        {
            "label": _("分组"),
            "options": [
                {"label": word, "url": asked.url(NAME, by=by), "current": by == asked.by} for by, word in groups.items()
            ],
        },
        {
            "label": _("列出"),
            "options": [
                {
                    "label": word % {"n": found.count(show)},
                    "url": asked.url(NAME, show=show),
                    "current": show == asked.show,
                }
                for show, word in shown.items()
            ],
        },
    ]


def shown_text(found: Timetable, chosen: Sequence[dict]) -> str:
    """How many are listed and how many are not."""
    rest = len(found.rows) - len(chosen)
    told = {"n": len(chosen), "r": rest}
    return _("列出 %(n)d 项，其余 %(r)d 项没有列出") % told if rest else _("列出 %(n)d 项") % told


def groups(found: Timetable, rows: Sequence[dict], asked: Asked, axis: gantt.Axis) -> list[dict]:
    """The rows of one page under the titles of their groups."""
    rows = queries.named(rows)
    bars, words = timetable.bars(rows), queries.words()
    return [
        {"title": title, "rows": [_row(row, bars[row["code"]], axis, words) for row in some]}
        for (_order, title), some in groupby(rows, key=lambda row: found.group(row, asked.by))
    ]


def _row(row: dict, bar: gantt.Bar, axis: gantt.Axis, words: dict[Light, str]) -> dict:
    return {
        "code": row["code"],
        "name": row["name"],
        "url": reverse("task", args=[row["code"]]),
        "owner": row["lead_name"],
        "light": int(row["light"]),
        "word": words[row["light"]],
        "late": row["late"],
        "span": _span(bar),
        "svg": _drawn(axis, bar, get_language()),
    }


@lru_cache(DRAWN)
def _drawn(axis: gantt.Axis, bar: gantt.Bar, language: str) -> str:
    """As drawn in this language."""
    return gantt.row_svg(axis, bar, _spoken(bar, axis))


def _span(bar: gantt.Bar) -> str:
    return f"{bar.starts_on.isoformat()} – {bar.due_on.isoformat()}"


def _spoken(bar: gantt.Bar, axis: gantt.Axis) -> str:
    """What the drawing shows, for who does not see it."""
    parts = [_span(bar), _("进度 %(n)d%%") % {"n": bar.percent}]
    if bar.nodes:
        reached = sum(node.done_on is not None for node in bar.nodes)
        parts.append(_("节点 %(a)d/%(b)d") % {"a": reached, "b": len(bar.nodes)})
    if bar.completed_on:
        parts.append(_("%(d)s 完成") % {"d": bar.completed_on.isoformat()})
    if bar.first_due and bar.first_due < bar.due_on:
        parts.append(_("延期 %(n)d 天") % {"n": (bar.due_on - bar.first_due).days})
    for node in bar.nodes:
        if node.first_on and node.first_on < node.due_on:
            days = (node.due_on - node.first_on).days
            parts.append(_("节点“%(m)s”推后 %(n)d 天") % {"m": node.name, "n": days})
    since = gantt.overdue_since(bar, axis.today)
    if since:
        parts.append(_("逾期 %(n)d 天") % {"n": (axis.today - since).days})
    return "；".join(parts)
