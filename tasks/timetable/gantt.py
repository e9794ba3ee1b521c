"""Draws the timetable (时间表): the head with phases, months and today, and one drawing a task; no query, no rule.

Positions are shares of the days between the first and the last of the axis, so a drawing fills whatever room it has.
Colours are classes of static/css/timetable.css: no style attribute, as the strict content policy asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from django.utils.translation import gettext as _

from bureau import months
from bureau.marks import hatch_id
from bureau.svg import element

HEAD, ROW, MIDDLE = 52, 30, 15
BAR = 10
GRID = "gantt-grid"
WHOLE = 10_000  # hundredths of a per cent
LATE = 8_600  # beyond which a word stands before its place, not after it
LONG_YEARS = 4  # an axis longer than this names years only
_DIAMOND = "M0 -6L6 0 0 6 -6 0z"


@dataclass(frozen=True)
class Node:
    """A milestone as drawn; `first_on` is the day it was first planned for, where that is another."""

    code: str
    name: str
    due_on: date
    done_on: date | None = None
    first_on: date | None = None


@dataclass(frozen=True)
class Bar:
    """A task or project as drawn; `first_due` is the day it was first due on, where that is another."""

    starts_on: date
    due_on: date
    percent: int
    completed_on: date | None = None
    first_due: date | None = None
    nodes: Sequence[Node] = ()


@dataclass(frozen=True)
class Axis:
    """The days of a timetable, from the beginning of a year to the end of a quarter, and today."""

    first: date
    last: date
    today: date

    @classmethod
    def over(cls, days: Sequence[date], today: date) -> Axis:
        """From the year of the first day to the quarter of the last; this year where there are none."""
        first, last = min(days, default=today), max(days, default=date(today.year, 12, 31))
        quarter = (last.month + 2) // 3 * 3
        return cls(date(first.year, 1, 1), months.last_day(months.make(last.year, quarter)), today)

    def at(self, day: date) -> int:
        """Where a day begins, in hundredths of a per cent of the width."""
        total = self.last.toordinal() - self.first.toordinal() + 1
        days = day.toordinal() - self.first.toordinal()
        return max(0, min((days * WHOLE * 2 + total) // (total * 2), WHOLE))

    @property
    def quarters(self) -> list[date]:
        """The first days of all quarters; of years alone where the axis is long."""
        step = (1,) if self.last.year - self.first.year >= LONG_YEARS else (1, 4, 7, 10)
        every = (date(year, month, 1) for year in range(self.first.year, self.last.year + 1) for month in step)
        return [day for day in every if day <= self.last]

    @property
    def shows_today(self) -> bool:
        return self.first <= self.today <= self.last


def head_svg(axis: Axis, phases: Sequence[dict]) -> str:
    """The phases on top, years and quarters below, today as a flag; and the grid all rows refer to."""
    body = "".join(_phase(axis, one) for one in phases)
    for day in axis.quarters:
        words = str(day.year) if day.month == 1 else _("%(n)d月") % {"n": day.month}
        body += element(
            "text", escape(words), x=per_cent(axis.at(day)), y=47, dx=3, css="g-year" if day.month == 1 else "g-month"
        )
    if axis.shows_today:
        x, words = per_cent(axis.at(axis.today)), _("今天 %(d)s") % {"d": axis.today.strftime("%m-%d")}
        body += element("rect", x=x, y=21, width=72, height=16, transform="translate(-36)", css="g-flag")
        body += element("text", escape(words), x=x, y=33, text_anchor="middle", css="g-flag-words")
    grid = "".join(
        element("line", x1=per_cent(axis.at(day)), x2=per_cent(axis.at(day)), y1=0, y2=ROW,
                css="g-line g-line-year" if day.month == 1 else "g-line")
        for day in axis.quarters
    )  # fmt: skip
    if axis.shows_today:
        x = per_cent(axis.at(axis.today))
        grid += element("line", x1=x, x2=x, y1=0, y2=ROW, css="g-today")
    body += element("defs", element("g", grid, id=GRID))
    return element("svg", body, css="gantt-head", width="100%", height=HEAD, aria_hidden="true", focusable="false")


def _phase(axis: Axis, phase: dict) -> str:
    start, end = axis.at(phase["start"]), axis.at(phase["end"] + timedelta(1))
    runs = phase["start"] <= axis.today <= phase["end"]
    look = "g-phase g-phase-now" if runs else "g-phase"
    words = "g-phase-words-now" if runs else "g-phase-words"
    return element("rect", x=per_cent(start), y=0, width=per_cent(end - start), height=20, css=look) + element(
        "text", escape(phase["name"]), x=per_cent(start), y=14, dx=8, css=words
    )


def row_svg(axis: Axis, bar: Bar, spoken: str) -> str:
    """One task: its plan with the part done, how far it slipped, its milestones."""
    body = element("use", href=f"#{GRID}", css="g-grid") + _plan(axis, bar) + _slip(axis, bar)
    body += "".join(_moved(axis, node) for node in bar.nodes) + "".join(_node(axis, node) for node in bar.nodes)
    return element(
        "svg", body, css="gantt-row", width="100%", height=ROW, role="img", aria_label=spoken, focusable="false"
    )


def _span(
    axis: Axis, start: date, end: date, look: str, *, y: int = MIDDLE - BAR // 2, height: int = BAR, **more
) -> str:
    """A stretch of the bar from one day to the morning of another; nothing where it has no length."""
    left, right = axis.at(start), axis.at(end)
    if right <= left:
        return ""
    written = "".join(f' {name}="{value}"' for name, value in more.items())
    place = f'x="{per_cent(left)}" y="{y}" width="{per_cent(right - left)}" height="{height}"'
    return f'<rect {place} class="{look}"{written}/>'


def _plan(axis: Axis, bar: Bar) -> str:
    after = timedelta(1)
    if bar.completed_on:
        words = _("%(n)d月完成") % {"n": bar.completed_on.month}
        if bar.completed_on > bar.due_on:
            words += _("，晚 %(n)d 天") % {"n": (bar.completed_on - bar.due_on).days}
        drawn = _span(axis, bar.starts_on, min(bar.due_on, bar.completed_on) + after, "g-completed")
        drawn += _span(axis, bar.due_on + after, bar.completed_on + after, "g-hatch", fill=_hatch("not-covered"))
        return drawn + _words(axis, bar.completed_on + after, words, "g-note", before=bar.starts_on)
    days = (bar.due_on - bar.starts_on).days + 1
    until = bar.starts_on + timedelta(days * bar.percent // 100)
    return _span(axis, bar.starts_on, bar.due_on + after, "g-plan") + _span(axis, bar.starts_on, until, "g-done")


def _slip(axis: Axis, bar: Bar) -> str:
    """What lies behind the plan: a later day granted, days overdue of the whole or of its oldest open milestone."""
    if bar.completed_on:
        return ""
    drawn, after = "", timedelta(1)
    if bar.first_due and bar.first_due < bar.due_on:
        drawn += _span(axis, bar.first_due + after, bar.due_on + after, "g-hatch", fill=_hatch("behind"))
        words = _("延期 %(n)d 天") % {"n": (bar.due_on - bar.first_due).days}
        drawn += _words(axis, bar.due_on + after, words, "g-slip", before=bar.first_due)
    since = overdue_since(bar, axis.today)
    if since:
        days = (axis.today - since).days
        drawn += _span(axis, since, axis.today, "g-hatch g-overdue", fill=_hatch("far-behind"))
        drawn += _words(axis, axis.today, _("逾期 %(n)d 天") % {"n": days}, "g-late", before=since)
    return drawn


def overdue_since(bar: Bar, today: date) -> date | None:
    """The day from which it is overdue: its own, or that of its oldest milestone not reached; None where it is not."""
    if bar.completed_on:
        return None
    days = [node.due_on for node in bar.nodes if node.done_on is None] + [bar.due_on]
    return min((day for day in days if day < today), default=None)


def _moved(axis: Axis, node: Node) -> str:
    """From where a milestone was first planned to where it is now, with the days between."""
    if node.first_on is None or node.first_on == node.due_on:
        return ""
    days = (node.due_on - node.first_on).days
    first, last = sorted((node.first_on, node.due_on))
    words = (_("推后 %(n)d 天") if days > 0 else _("提前 %(n)d 天")) % {"n": abs(days)}
    mark = element("path", d="M0 -4L4 0 0 4 -4 0z", css="g-first")
    told = element("text", escape(words), y=8, text_anchor="middle", css="g-slip")
    middle = (axis.at(first) + axis.at(last)) // 2
    return (
        _span(axis, first, last, "g-hatch", fill=_hatch("behind"), y=MIDDLE - 3, height=6)
        + _over(axis.at(node.first_on), MIDDLE, mark)
        + _over(middle, 0, told)
    )


def _node(axis: Axis, node: Node) -> str:
    look = "g-node-done" if node.done_on else "g-node-late" if node.due_on < axis.today else "g-node"
    day = node.done_on or node.due_on
    title = f"<title>{escape(node.name)} {day.isoformat()}</title>"
    return _over(axis.at(day), MIDDLE, f'{title}<path d="{_DIAMOND}" class="{look}"/>')


def _over(x: int, y: int, body: str) -> str:
    """Something drawn around a point of the width."""
    return f'<svg x="{per_cent(x)}" y="{y}" class="g-over">{body}</svg>'


def per_cent(hundredths: int) -> str:
    """A share of the width, as an attribute's value."""
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _words(axis: Axis, after: date, words: str, look: str, *, before: date) -> str:
    """Words behind a bar; before it where there is no room behind."""
    x = axis.at(after)
    place = (
        {"x": per_cent(x), "dx": 8} if x <= LATE else {"x": per_cent(axis.at(before)), "dx": -8, "text_anchor": "end"}
    )
    return element("text", escape(words), y=MIDDLE + 4, css=look, **place)


def _hatch(shape: str) -> str:
    return f"url(#{hatch_id(shape)})"
