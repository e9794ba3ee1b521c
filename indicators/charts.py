"""The interactive charts of an indicator as plain Plotly specifications: data in, dictionaries out, no queries.

A page puts the dictionary into a JSON script which static/js/chart.js draws; plotly.py only checks it in tests. Numbers
come as Decimal and become plain numbers here, at the last step before drawing; every text in a tooltip comes formatted.
Nothing is judged: light, path, coverage are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import months
from bureau.marks import COLOURS, shape_of
from indicators import hatches, magnitude
from indicators.chart_labels import (
    FONT,
    day_of,
    draw_breaks,
    drawn,
    end_labels,
    label,
    level_line,
    middle_of,
    path_label,
    text_colour,
    unit_label,
)
from indicators.drawings import ACCENT, INK, INK_3, LAST_YEAR, bullet_svg, sparkline_svg
from indicators.fans import Fan
from indicators.panoramas import Attention, attention_svg, phase_strip_svg

__all__ = [
    "Attention",
    "MonthPoint",
    "SpanBlock",
    "attention_svg",
    "bullet_svg",
    "monthly_figure",
    "phase_strip_svg",
    "progress_figure",
    "sparkline_svg",
]

GRID, RULE = "#E6EBED", "#D6DDE0"


@dataclass(frozen=True)
class MonthPoint:
    """One month of a chart; `value` None is a hole in the line. Texts stand in the tooltip as they are."""

    month: int
    value: Decimal | None
    value_text: str = "—"
    parts_text: str = ""  # numerator and denominator, or the sum that makes the value
    path: Decimal | None = None
    path_text: str = "—"
    last_year: Decimal | None = None
    covered: bool = True
    coverage_text: str = ""
    correction_text: str = ""
    broken: bool = False  # its figures go by another definition than those before


@dataclass(frozen=True)
class SpanBlock:
    """A total of several months (补录合计), drawn as one block up to the value reached with its last month."""

    first: int
    last: int
    value: Decimal
    text: str


def progress_figure(
    points: Sequence[MonthPoint],
    *,
    unit: str,
    light: int,
    target: Decimal | None = None,
    target_text: str = "",
    value_text: str = "",
    gap_text: str = "",
    from_zero: bool = False,
    provisional: bool = False,
    required_text: str = "",
    blocks: Sequence[SpanBlock] = (),
    fan: Fan | None = None,
) -> dict:
    """The progress of one indicator towards its target: {'data': […], 'layout': {…}}.

    `points` are all months of the window in order (at least one), those to come with value None. Drawn are the actual
    line, the path dashed, the same months of last year grey, the target as a solid line, the required way to it dotted
    in the light's colour, and the months not fully covered as hatched columns; `blocks` are months known only as one
    total; `fan` is what is forecast. `from_zero` for flows (cumulative), `provisional` makes the last point hollow.
    Labels stand on the lines; `unit` stands once, on top.
    """
    ahead = fan.levels if fan else []
    by = magnitude.divisor([*(p.value for p in points), *(p.last_year for p in points), target, *ahead])
    points, blocks, fan = magnitude.points(points, by), magnitude.blocks(blocks, by), magnitude.fan(fan, by)
    target, unit = magnitude.less(target, by), magnitude.unit(unit, by)
    known = [i for i, p in enumerate(points) if p.value is not None]
    low, high = _range(points, target, from_zero, fan.levels if fan else [])
    notes = [unit_label(unit), *path_label(points)]
    ends = []
    if points[-1].last_year is not None:
        ends.append((points[-1].last_year, _("去年同期"), INK_3))
    if target is not None:
        notes.append(label(day_of(points[0].month), target, target_text, INK, shift=11))
        ends += [(target, required_text, text_colour(light))] if required_text else []
    if fan is not None:
        ends.append((fan.end, f"<b>{fan.text}</b><br>" + "<br>".join(fan.interval), ACCENT))
    if known:
        last = points[known[-1]]
        day, due = day_of(last.month), last.path if last.path is not None else last.value
        notes.append(label(day, last.value, value_text, ACCENT, shift=-14))
        notes.append(label(day, due, gap_text, text_colour(light), anchor="right", shift=14))
    notes += end_labels(ends, (high - low) / 16)
    shapes = [] if target is None else [level_line(target)]
    draw_breaks((point.month for point in points[1:] if point.broken), shapes, notes)
    notes += [label(day_of(one.first), one.value, one.text, INK_3, shift=10, bold=False) for one in blocks]
    data = [hatches.block(one, low) for one in blocks]
    data += fan.traces() if fan else []
    data += _progress_traces(points, known, target, light, low, provisional)
    layout = plot_layout(low, high, notes, shapes, 420, points[0].month, points[-1].month)
    if fan is not None:
        layout["margin"]["r"] = 108  # its words are longer than those of the other lines
    return {"data": data, "layout": layout}


def _progress_traces(
    points: Sequence[MonthPoint], known: list[int], target: Decimal | None, light: int, low: float, provisional: bool
) -> list[dict]:
    """Hatched columns, last year, path, required way and the actual line, the last drawn on top."""
    days = [day_of(p.month) for p in points]
    data = hatches.uncovered(points, low)
    if any(p.last_year is not None for p in points):
        data.append(_line(_("去年同期"), days, [p.last_year for p in points], LAST_YEAR, width=1.6))
    if any(p.path is not None for p in points):
        data.append(_line(_("时序"), days, [p.path for p in points], INK_3, width=1.2, dash="4px,4px"))
    if known and target is not None and known[-1] < len(points) - 1:
        ends = [points[known[-1]].value, target]
        data.append(
            _line(_("须达"), [days[known[-1]], days[-1]], ends, COLOURS[shape_of(light)], width=1.8, dash="dot")
        )
    return [*data, _actual(points, days, known, provisional)]


def monthly_figure(
    points: Sequence[MonthPoint],
    *,
    unit: str,
    light: int = 0,
    this_year: int | None = None,
    even_pace: Decimal | None = None,
    even_pace_text: str = "",
    required: Decimal | None = None,
    required_until: int | None = None,
    required_text: str = "",
) -> dict:
    """The monthly figures as bars: {'data': […], 'layout': {…}}.

    Bars of `this_year` in the accent, others grey, months not fully covered hatched, the months from the last known
    one to `required_until` as dotted outlines of the height `required`; `even_pace` is a dashed level.
    """
    by = magnitude.divisor([*(p.value for p in points), required, even_pace])
    points, unit = magnitude.points(points, by), magnitude.unit(unit, by)
    required, even_pace = magnitude.less(required, by), magnitude.less(even_pace, by)
    days = [day_of(p.month) for p in points]
    known = [i for i, p in enumerate(points) if p.value is not None]
    colours = [ACCENT if this_year is None or months.year(p.month) == this_year else LAST_YEAR for p in points]
    bars = {
        "type": "bar",
        "name": _("本月"),
        "x": days,
        "y": [drawn(p.value) for p in points],
        "marker": {"color": colours},
        "customdata": [_tooltip(p) for p in points],
        "hovertemplate": _template(),
    }
    data, notes, shapes = [bars, *hatches.uncovered(points, 0.0)], [unit_label(unit)], []
    if required is not None and required_until is not None and known:
        coming = list(range(points[known[-1]].month + 1, required_until + 1))
        data.append(_required_bars(coming, required, light))
        if coming:
            notes.append(label(day_of(coming[0]), required, required_text, text_colour(light), shift=10))
    if even_pace is not None:
        shapes.append(level_line(even_pace, colour=INK_3, width=1.2, dash="4px,4px"))
        notes += end_labels([(even_pace, even_pace_text, INK_3)], 0)
    draw_breaks((point.month for point in points[1:] if point.broken), shapes, notes)
    levels = [Decimal(0), *(p.value for p in points if p.value is not None), *(v for v in (required, even_pace) if v)]
    high = float(max(levels)) * 1.2 or 1.0
    low = float(min(levels)) * 1.2
    layout = plot_layout(low, high, notes, shapes, 190, points[0].month, max(points[-1].month, required_until or 0))
    layout["bargap"] = 0.16
    layout["barmode"] = "overlay"
    return {"data": data, "layout": layout}


def _template() -> str:
    return f"<b>%{{customdata[0]}}</b><br>{_('实绩')} %{{customdata[1]}}<br>%{{customdata[2]}}<extra></extra>"


def _tooltip(point: MonthPoint) -> list[str]:
    """Month, value, and whatever else is known of it, one thing a line."""
    lines = [
        point.parts_text,
        _("时序 %(v)s") % {"v": point.path_text} if point.path is not None else "",
        point.coverage_text,
        point.correction_text,
    ]
    return [months.label(point.month), point.value_text, "<br>".join(line for line in lines if line)]


def _range(
    points: Sequence[MonthPoint], target: Decimal | None, from_zero: bool, ahead: Sequence[Decimal]
) -> tuple[float, float]:
    """The range of the value axis: from zero for flows, a tenth beyond what is drawn otherwise."""
    levels = [v for p in points for v in (p.value, p.path, p.last_year) if v is not None]
    levels += [*ahead, *([] if target is None else [target])]
    if not levels:
        return 0.0, 1.0
    low, high = min(levels), max(levels)
    margin = (high - low) / 10 or abs(high) / 10 or Decimal(1)
    return (float(min(low, Decimal(0))) if from_zero else float(low - margin)), float(high + margin)


def _line(name: str, days: list[str], values: list, colour: str, *, width: float, dash: str | None = None) -> dict:
    line = {"color": colour, "width": width, **({"dash": dash} if dash else {})}
    ys = [drawn(v) for v in values]
    return {"type": "scatter", "mode": "lines", "name": name, "x": days, "y": ys, "line": line, "hoverinfo": "skip"}


def _actual(points: Sequence[MonthPoint], days: list[str], known: list[int], provisional: bool) -> dict:
    """The actual line with small points; the last is larger, hollow while provisional, as are months not covered."""
    last = known[-1] if known else -1
    hollow = [not p.covered or (provisional and i == last) for i, p in enumerate(points)]
    marks: list[tuple] = []
    for i, (point, day) in enumerate(zip(points, days, strict=True)):
        if point.broken and i:
            marks.append((middle_of(point.month - 1), None, 5, ACCENT, ["", "", ""]))  # the line does not cross
        size, colour = 9 if i == last else 5, "#FFFFFF" if hollow[i] else ACCENT
        marks.append((day, drawn(point.value), size, colour, _tooltip(point)))
    xs, ys, sizes, colours, tooltips = (list(column) for column in zip(*marks, strict=True))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": _("实绩"),
        "x": xs,
        "y": ys,
        "line": {"color": ACCENT, "width": 2.6},
        "marker": {"size": sizes, "color": colours, "line": {"color": ACCENT, "width": 1.8}},
        "connectgaps": False,
        "customdata": tooltips,
        "hovertemplate": _template(),
    }


def _required_bars(coming: list[int], required: Decimal, light: int) -> dict:
    line = {"color": COLOURS[shape_of(light)], "width": 1.4}
    return {
        "type": "bar",
        "name": _("须达"),
        "x": [day_of(month) for month in coming],
        "y": [drawn(required)] * len(coming),
        "marker": {"color": "#FBF0DA", "line": line},
        "hoverinfo": "skip",
    }


def plot_layout(
    low: float, high: float, notes: list, shapes: list, height: int, first_month: int, last_month: int
) -> dict:
    """The look shared by all charts: horizontal grid only, a tick a month (half-yearly over 14 months), no legend."""
    span = last_month - first_month + 1
    axis = {
        "type": "date",
        "range": [middle_of(first_month - 1), middle_of(last_month)],
        "tickformat": _("%-m月") if span <= 14 else "%Y-%m",
        "hoverformat": _("%Y年%-m月"),
        "dtick": "M1" if span <= 14 else "M6",
        "showgrid": False,
        "linecolor": RULE,
        "ticks": "outside",
        "tickangle": 0,
        "tickcolor": RULE,
        "fixedrange": True,
    }
    value_axis = {
        "range": [low, high],
        "gridcolor": GRID,
        "zeroline": low == 0,
        "zerolinecolor": INK_3,
        "separatethousands": True,
        "fixedrange": True,
        "automargin": True,
    }
    return {
        "height": height,
        "margin": {"l": 56, "r": 92, "t": 30, "b": 34},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "font": {"family": FONT, "size": 11, "color": INK_3},
        "separators": ".,",
        "showlegend": False,
        "hovermode": "x",
        "hoverdistance": -1,
        "hoverlabel": {
            "bgcolor": "#FFFFFF",
            "bordercolor": "#7F8F96",
            "font": {"color": INK, "size": 13, "family": FONT},
            "align": "left",
        },
        "xaxis": axis,
        "yaxis": value_axis,
        "annotations": notes,
        "shapes": shapes,
    }
