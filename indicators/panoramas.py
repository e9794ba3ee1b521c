"""The wider server-made drawings: the phases of the pilot and the chart of an item that needs attention.

Pure functions of plain values, for the overview, the sign-in page and tests; marks and helpers are those of
indicators.drawings. They compute no path and no pace: these are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from django.utils import dateformat
from django.utils.translation import gettext as _

from bureau import months
from bureau.marks import COLOURS, shape_of
from bureau.svg import element, figure, label, per_cent
from indicators.drawings import (
    ACCENT,
    INK,
    INK_3,
    LAST_YEAR,
    PACE,
    Breaks,
    Number,
    break_mark,
    in_runs,
    picture,
    polyline,
)

LATE, LATE_ON_PHONES = Decimal(91), Decimal(80)  # per cent of the strip beyond which a label ends at its line
TODAY_WIDTH = Decimal(9)  # per cent of the strip that the words of today take at most
DARK_AMBER = "#9A5B00"  # amber for text; the marks' own is too pale for it


def phase_strip_svg(
    phases: Sequence[Mapping],
    today: date,
    data_month: int | None = None,
    checkpoints: Sequence[tuple[date, str]] = (),
    *,
    words: str = "",
) -> str:
    """The phases (阶段) on one line of time with today, the data month and the checkpoints.

    `phases`: mappings with name, start, end (dates, in order; the last end is the end of the pilot). Positions are
    shares of the days, so the strip fills its column; texts of class `wide` are hidden on phones,
    of class `narrow` elsewhere.
    """
    begin, finish = phases[0]["start"], phases[-1]["end"]
    total = Decimal((finish - begin).days + 1)

    def at(day: date) -> Decimal:
        return max(Decimal(0), min(Decimal((day - begin).days) / total * 100, Decimal(100)))

    body = "".join(_phase(phase, today, at) for phase in phases)
    for year in range(begin.year, finish.year + 1):
        body += label(_("%(year)d年") % {"year": year}, per_cent(at(date(year, 1, 1))), 54, fill=INK_3)
    body += "".join(_checkpoint(at(day), note) for day, note in checkpoints)
    if data_month is not None:
        x = at(months.last_day(data_month))
        body += element("line", x1=per_cent(x), x2=per_cent(x), y1=20, y2=38, stroke="#fff", stroke_width=2)
        note = _("数据到 %(m)s") % {"m": months.label(data_month)}
        ends = x - Decimal("0.5")
        if begin <= today <= finish and at(today) > LATE:  # the words of today stand to the left of its line
            ends = min(ends, at(today) - TODAY_WIDTH)
        body += label(note, per_cent(ends), 33, fill="#fff", anchor="end", css="wide")
    if begin <= today <= finish:
        body += _today(at(today), today)
    spoken = words or _("；").join(
        _("%(name)s %(start)s 至 %(end)s")
        % {"name": p["name"], "start": p["start"].isoformat(), "end": p["end"].isoformat()}
        for p in phases
    )
    return picture(body, spoken, "phase-strip", 60)


def _phase(phase: Mapping, today: date, at: Callable[[date], Decimal]) -> str:
    """One phase: grey when over, filled up to today while it runs, pale before; with its name and span above."""
    start, end = at(phase["start"]), at(phase["end"])
    running = phase["start"] <= today <= phase["end"]
    ground = "#A9BBC0" if today > phase["end"] else "#E3EEF0"
    body = element("rect", x=per_cent(start), y=20, width=per_cent(end - start), height=18, fill=ground)
    if running and at(today) > start:
        body += element("rect", x=per_cent(start), y=20, width=per_cent(at(today) - start), height=18, fill=ACCENT)
    first, last = phase["start"], phase["end"]
    until = f"{last.month}" if first.year == last.year else f"{last.year}.{last.month}"
    notes = [f"{first.year}.{first.month}–{until}"]
    if running:
        notes.append(_("进行中 · 剩 %(n)d 天") % {"n": (last - today).days})
    spans = element("tspan", escape(phase["name"]), font_weight=700)
    spans += "".join(element("tspan", note, css="wide", dx=7, fill=INK_3) for note in notes)
    at_end = start > 70  # a name near the right edge ends there
    place, anchor = (end, "end") if at_end else (start, "start")
    return body + element("text", spans, x=per_cent(place), y=13, fill=INK, font_size=12, text_anchor=anchor)


def _checkpoint(x: Decimal, note: str) -> str:
    """A hollow diamond under the strip with its words to the left, on wide screens only."""
    diamond = element("path", d="M0 4.5l4.5-4.5 4.5 4.5-4.5 4.5z", fill="#fff", stroke=INK, stroke_width=1.4)
    mark = element(
        "svg", diamond, css="wide", x=per_cent(x - Decimal("0.7")), y=45, width=10, height=10, overflow="visible"
    )
    return label(note, per_cent(x - Decimal("1.1")), 54, fill=INK_3, anchor="end", css="wide") + mark


def _today(x: Decimal, today: date) -> str:
    """A red line and its words, right of it where they fit: on phones sooner than on wide screens they do not."""
    red = COLOURS["far-behind"]
    line = element("line", x1=per_cent(x), x2=per_cent(x), y1=15, y2=42, stroke=red, stroke_width=2)
    halo = {"stroke": "#fff", "stroke_width": 3, "stroke_linejoin": "round", "paint_order": "stroke"}

    def words(late: bool, css: str | None) -> str:
        place = per_cent(x - Decimal("0.7") if late else x + Decimal("0.7"))
        # Translators: a date format of Django's; n is the month's number, M its short name, j the day
        note = _("今天 %(d)s") % {"d": dateformat.format(today, _("n月j日"))}
        return label(note, place, 33, fill=red, anchor="end" if late else "start", bold=True, css=css, **halo)

    if (x > LATE) == (x > LATE_ON_PHONES):
        return line + words(x > LATE, None)
    return line + words(False, "wide") + words(True, "narrow")


@dataclass(frozen=True)
class Attention:
    """What the chart of an item that needs attention shows; texts are final.

    `values` run from `first_month` over the whole window, None in months to come; `path` is as long or empty.
    """

    first_month: int
    values: Sequence[Number]
    light: int
    path: Sequence[Number] = ()
    target: Number = None
    target_text: str = ""
    pace: Number = None  # line: the value at the end at the present pace; bars: the present pace a month
    pace_text: str = ""
    required: Number = None  # bars: the required pace a month
    required_text: str = ""
    breaks: Breaks = ()

    @property
    def last(self) -> int:
        """The index of the last known value."""
        return max(i for i, value in enumerate(self.values) if value is not None)


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 400, 116, 4, 322, 12, 96


def attention_svg(kind: str, item: Attention, words: str = "") -> str:
    """The chart of an item that needs attention, 400 × 116.

    kind 'line': the path dashed, from the last value dotted to the target (须达) and grey to the end at the present
    pace (现速度). kind 'bars': monthly figures, the months to come as dotted bars of the required height. Without any
    value: an empty text.
    """
    if all(value is None for value in item.values):
        return ""
    body = _bars(item) if kind == "bars" else _lines(item)
    return picture(body, words, "attention-chart", HEIGHT, str(WIDTH), f"0 0 {WIDTH} {HEIGHT}")


def _x(index: int, count: int) -> Decimal:
    return LEFT + Decimal(RIGHT - LEFT) * index / max(1, count - 1)


def _ground(*labels: str) -> str:
    return element("line", x1=LEFT, x2=RIGHT, y1=BOTTOM, y2=BOTTOM, stroke="#D6DDE0") + "".join(labels)


def _text_colour(light: int) -> str:
    shape = shape_of(light)
    return DARK_AMBER if shape == "behind" else COLOURS[shape]


def _lines(item: Attention) -> str:
    count, last = len(item.values), item.last
    known = [Decimal(v) for v in [*item.values, *item.path, item.target, item.pace] if v is not None]
    low, spread = min(known), (max(known) - min(known)) or Decimal(1)

    def y(value: Number) -> Decimal:
        return BOTTOM - 4 - (Decimal(value or 0) - low) / spread * (BOTTOM - 4 - TOP)

    def points(series: Sequence[Number]) -> list[str | None]:
        return [None if v is None else f"{figure(_x(i, count))},{figure(y(v))}" for i, v in enumerate(series)]

    here = (_x(last, count), y(item.values[last]))
    years = [i for i in range(count) if months.number(item.first_month + i) == 1]
    body = _ground(*(label(str(months.year(item.first_month + i)), _x(i, count), 111, fill=INK_3) for i in years))
    body += polyline(in_runs(points(item.path), item.breaks), INK_3, "1.2", "4 4")
    if last < count - 1:
        body += _ahead(item, here, y)
    body += polyline(in_runs(points(item.values), item.breaks), INK, "2.2")
    half = _x(1, count) - _x(0, count)
    body += "".join(break_mark(_x(i, count) - half / 2, TOP, BOTTOM, words) for i, words in item.breaks)
    if item.target is not None:
        level = y(item.target)
        body += element("line", x1=RIGHT - 6, x2=RIGHT + 4, y1=level, y2=level, stroke=INK, stroke_width=2.4)
        body += label(item.target_text, RIGHT + 8, level + 4, fill=INK, bold=True)
    return body + element("circle", cx=here[0], cy=here[1], r=3.2, fill=INK)


def _ahead(item: Attention, here: tuple[Decimal, Decimal], y: Callable[[Number], Decimal]) -> str:
    """From the last value to the end of the window: grey at the present pace, dotted as required."""
    body, start = "", f"{figure(here[0])},{figure(here[1])}"
    if item.pace is not None:
        end = y(item.pace)
        body += polyline([start, f"{RIGHT},{figure(end)}"], PACE, "1.8")
        crowded = item.target is not None and abs(end - y(item.target)) < 14
        body += label(item.pace_text, RIGHT + 8, end + (18 if crowded else 4), fill=INK_3)
    if item.target is not None:
        goal = y(item.target)
        body += polyline([start, f"{RIGHT},{figure(goal)}"], COLOURS[shape_of(item.light)], "1.8", "1.5 2.5")
        middle = ((here[0] + RIGHT) / 2 + 10, (here[1] + goal) / 2 + 14)
        body += label(item.required_text, *middle, fill=_text_colour(item.light), bold=True)
    return body


def _bars(item: Attention) -> str:
    count, last = len(item.values), item.last
    top = max([Decimal(v) for v in [*item.values, item.required, item.pace] if v is not None] + [Decimal(1)])
    step = Decimal(RIGHT - LEFT) / count
    ends = (item.first_month, item.first_month + count - 1)
    body = _ground(
        label(months.short_label(ends[0]), LEFT, 111, fill=INK_3),
        label(months.short_label(ends[1]), RIGHT, 111, fill=INK_3, anchor="end"),
    )
    for i, value in enumerate(item.values):
        coming = value is None and i > last and item.required is not None
        height = max(Decimal(0), Decimal(item.required if coming else value or 0)) / top * (BOTTOM - TOP)
        box = {"x": LEFT + step * i, "y": BOTTOM - height, "width": step * Decimal("0.84"), "height": height}
        if coming:
            look = {"stroke": COLOURS[shape_of(item.light)], "stroke_width": 1.2, "stroke_dasharray": "2 2"}
            body += element("rect", **box, fill="#FBF0DA", **look)
        elif value is not None:
            body += element("rect", **box, fill=INK if i == last else LAST_YEAR)
    body += "".join(break_mark(LEFT + step * i, TOP, BOTTOM, words) for i, words in item.breaks)
    if item.pace is not None:
        level = BOTTOM - Decimal(item.pace) / top * (BOTTOM - TOP)
        body += element("line", x1=LEFT, x2=RIGHT, y1=level, y2=level, stroke=PACE, stroke_width=1.4)
    body += label(item.required_text, RIGHT + 8, TOP + 22, fill=_text_colour(item.light), bold=True)
    return body + label(item.pace_text, RIGHT + 8, TOP + 40, fill=INK_3)
