"""The forecast as a progress chart draws it: its middle dashed, bands of 80 and 50 per cent, their words at the end.

Plain Plotly traces of given values, without queries; charts.progress_figure lays them under the actual line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import months
from indicators.drawings import ACCENT

OUTER, INNER = "rgba(11,85,99,0.16)", "rgba(11,85,99,0.26)"  # the accent, by visual.md 7


@dataclass(frozen=True)
class Fan:
    """From the last known `value` in `month` on: five courses (10, 25, 50, 75, 90 per cent), each month by month."""

    month: int
    value: Decimal
    courses: Sequence[Sequence[Decimal]]
    text: str = ""  # '预计 6,260'
    interval: Sequence[str] = ()  # '80%：', '5,830–6,690': a line each, for there is little room

    @property
    def end(self) -> Decimal:
        """Where the middle ends."""
        return self.courses[2][-1]

    @property
    def levels(self) -> list[Decimal]:
        """All that is drawn, for the range of the axis."""
        return [value for course in self.courses for value in course]

    def traces(self) -> list[dict]:
        """Outer band, inner band, middle."""
        days = [months.first_day(self.month + step).isoformat() for step in range(len(self.courses[0]) + 1)]
        low, inner_low, middle, inner_high, high = ([float(v) for v in (self.value, *c)] for c in self.courses)
        line = {"color": ACCENT, "width": 1.8, "dash": "6px,4px"}
        drawn = {"type": "scatter", "mode": "lines", "name": _("预测"), "x": days, "y": middle}
        return [
            _band(_("80% 区间"), days, low, high, OUTER),
            _band(_("50% 区间"), days, inner_low, inner_high, INNER),
            {**drawn, "line": line, "hoverinfo": "skip"},
        ]


def _band(name: str, days: list[str], low: list[float], high: list[float], colour: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": days + days[::-1],
        "y": high + low[::-1],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0, "color": colour},
        "hoverinfo": "skip",
    }
