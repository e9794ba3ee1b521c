"""The charts of the equality page as plain Plotly specifications: lines of two parts, Theil's T in its two parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bureau import months
from indicators import charts
from indicators.chart_labels import day_of, draw_breaks, drawn, end_labels, middle_of, unit_label
from indicators.drawings import ACCENT

SECOND, SECOND_TEXT, PALER = "#B07A1E", "#855A0E", "#A9C3C8"


@dataclass(frozen=True)
class Line:
    """One part's value by month; None is a hole. `hollow` marks months not fully covered, `texts` stand in tooltips."""

    name: str
    values: Sequence[Decimal | None]
    texts: Sequence[str]
    hollow: Sequence[bool]


def two_lines(shown: Sequence[int], lines: Sequence[Line], unit: str, broken: Collection[int] = ()) -> dict | None:
    """Up to three lines over the same months, each with its name and last value at its end; None without a point.

    The lines are parted before the months of `broken`, from which another definition holds (口径变更).
    """
    known = [value for line in lines for value in line.values if value is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    margin = (high - low) / 8 or abs(high) / 10 or Decimal(1)
    colours = ((ACCENT, ACCENT), (SECOND, SECOND_TEXT), (charts.LAST_YEAR, charts.INK_3))
    data, ends, parted = [], [], _breaks(shown, broken)
    for line, (colour, text_colour) in zip(lines, colours, strict=False):
        data.append(_parted(_line(shown, line, colour), parted))
        last = next((i for i in reversed(range(len(shown))) if line.values[i] is not None), None)
        if last is not None:
            ends.append((line.values[last], f"{line.name} {line.texts[last]}", text_colour))
    bounds = float(low - margin), float(high + margin)
    notes: list[dict] = [unit_label(unit), *end_labels(ends, (bounds[1] - bounds[0]) / 10)]
    shapes: list[dict] = []
    draw_breaks((shown[place] for place in parted), shapes, notes)
    return {"data": data, "layout": charts.plot_layout(*bounds, notes, shapes, 300, shown[0], shown[-1])}


def _breaks(shown: Sequence[int], broken: Collection[int]) -> list[int]:
    """The places in `shown` before which the definition changed."""
    return [i for i in range(1, len(shown)) if any(shown[i - 1] < month <= shown[i] for month in broken)]


def _parted(trace: dict, parted: Sequence[int]) -> dict:
    """The line with a hole before each of these of its points."""
    for place in reversed(parted):
        trace["x"].insert(place, middle_of(months.of(date.fromisoformat(trace["x"][place])) - 1))
        trace["y"].insert(place, None)
        trace["marker"]["color"].insert(place, "#FFFFFF")
        trace["customdata"].insert(place, ["", "", ""])
    return trace


def _line(shown: Sequence[int], line: Line, colour: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": line.name,
        "x": [day_of(month) for month in shown],
        "y": [drawn(value) for value in line.values],
        "line": {"color": colour, "width": 2.4},
        "marker": {
            "size": 6,
            "color": ["#FFFFFF" if hollow else colour for hollow in line.hollow],
            "line": {"color": colour, "width": 1.6},
        },
        "connectgaps": False,
        "customdata": [[months.label(month), line.name, text] for month, text in zip(shown, line.texts, strict=True)],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} %{customdata[2]}<extra></extra>",
    }


def stacked(
    shown: Sequence[int],
    between: Sequence[Decimal | None],
    within: Sequence[Decimal | None],
    names: Sequence[str],
    broken: Collection[int] = (),
) -> dict | None:
    """Theil's T × 10,000 as stacked bars: between two kinds of places below, within them above; `broken` as above."""
    known = [(a or 0) + (b or 0) for a, b in zip(between, within, strict=True) if a is not None]
    if not known:
        return None
    high = float(max(known)) * 1.15 or 1.0
    low = min(0.0, *(float(value) for value in (*between, *within) if value is not None)) * 1.15
    parts = ((names[0], between, ACCENT, ACCENT), (names[1], within, PALER, charts.INK_3))
    data, ends, level = [], [], Decimal(0)
    for name, values, colour, text_colour in parts:
        bar = {
            "type": "bar",
            "name": name,
            "x": [day_of(month) for month in shown],
            "y": [drawn(value) for value in values],
            "marker": {"color": colour},
            "customdata": [[months.label(month), name] for month in shown],
            "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} %{y:.1f}<extra></extra>",
        }
        data.append(bar)
        if values[-1] is not None:
            ends.append((level + values[-1] / 2, name, text_colour))
            level += values[-1]
    notes: list[dict] = [unit_label("×10⁻⁴"), *end_labels(ends, high / 10)]
    shapes: list[dict] = []
    draw_breaks((shown[place] for place in _breaks(shown, broken)), shapes, notes)
    layout = charts.plot_layout(low, high, notes, shapes, 220, shown[0], shown[-1])
    return {"data": data, "layout": layout | {"barmode": "relative", "bargap": 0.2}}
