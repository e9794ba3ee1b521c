"""What is written and ruled on the interactive charts: labels on lines, levels, the breaks of changed definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bureau import months
from bureau.marks import COLOURS, shape_of
from indicators.drawings import INK, INK_3

if TYPE_CHECKING:
    from indicators.charts import MonthPoint

FONT = '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif'


def day_of(month: int) -> str:
    return months.first_day(month).isoformat()


def middle_of(month: int) -> str:
    return months.first_day(month).replace(day=16).isoformat()


def drawn(value: Decimal | None) -> float | int | None:
    """A number JSON can carry; drawing only, nothing is decided on it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def text_colour(light: int) -> str:
    return "#9A5B00" if shape_of(light) == "behind" else COLOURS[shape_of(light)]


def level_line(level: Decimal, *, colour: str = INK, width: float = 2.4, dash: str = "solid") -> dict:
    line = {"color": colour, "width": width, "dash": dash}
    place = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": drawn(level), "y1": drawn(level)}
    return {"type": "line", **place, "line": line, "layer": "below"}


def label(
    day: str, level: Decimal | None, words: str, colour: str, *, anchor: str = "left", shift: int = 0, bold: bool = True
) -> dict:
    """A label on a line."""
    font = {"color": colour, "size": 12, "family": FONT, "weight": 700 if bold else 400}
    place = {"x": day, "y": drawn(level), "xanchor": anchor, "yshift": shift, "xshift": 8 if anchor == "left" else -8}
    return {**place, "text": words, "showarrow": False, "font": font}


def path_label(points: Sequence[MonthPoint]) -> list[dict]:
    """The name of the path on its line, on the side away from the actual line."""
    drawn = [p for p in points if p.path is not None]
    if not drawn:
        return []
    point = drawn[len(drawn) // 4]
    above = point.value is None or (point.path or 0) >= point.value
    anchor, shift = ("right", 12) if above else ("left", -12)
    return [label(day_of(point.month), point.path, _("时序"), INK_3, anchor=anchor, shift=shift, bold=False)]


def end_labels(ends: list[tuple[Decimal, str, str]], gap: float) -> list[dict]:
    """Labels to the right of the plot at the lines' ends, pushed apart so that none covers another; `gap` is a line."""
    notes: list[dict] = []
    free = None
    for level, words, colour in sorted(ends, key=lambda end: end[0]):
        words = words.replace(" ", "<br>", 1) if len(words) > 8 and "<br>" not in words else words
        lines = words.count("<br>") + 1
        y = float(level) if free is None else max(float(level), free + gap * lines / 2)
        free = y + gap * lines / 2
        font = {"color": colour, "size": 12, "family": FONT}
        place = {"xref": "paper", "x": 1, "y": y, "xanchor": "left", "xshift": 6}
        notes.append({**place, "text": words, "align": "left", "showarrow": False, "font": font})
    return notes


def unit_label(unit: str) -> dict:
    font = {"color": INK_3, "size": 11, "family": FONT}
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "right", "yanchor": "bottom", "yshift": 6}
    return {**place, "text": unit, "showarrow": False, "font": font}


def draw_breaks(broken: Iterable[int], shapes: list[dict], notes: list[dict]) -> None:
    """A dotted line before each of these months, whose figures go by a changed definition (口径变更)."""
    for month in broken:
        day = middle_of(month - 1)
        line = {"color": INK_3, "width": 1.2, "dash": "dot"}
        place = {"xref": "x", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1}
        shapes.append({"type": "line", **place, "line": line, "layer": "below"})
        font = {"color": INK_3, "size": 11, "family": FONT}
        at = {"xref": "x", "x": day, "yref": "paper", "y": 1, "xanchor": "left", "yanchor": "top", "xshift": 4}
        notes.append({**at, "text": _("口径变更"), "showarrow": False, "font": font})
