"""What charts hatch: months not fully covered, everywhere by the one function, and totals of spans (补录合计)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bureau import months
from indicators.drawings import LAST_YEAR

if TYPE_CHECKING:
    from indicators.charts import MonthPoint, SpanBlock


def uncovered(points: Sequence[MonthPoint], low: float) -> list[dict]:
    """Columns over the months not fully covered, hatched diagonally, from `low` up; in every chart these."""
    partial = [p for p in points if not p.covered and p.value is not None]
    if not partial:
        return []
    column = {
        "type": "bar",
        "name": _("数据不全"),
        "x": [months.first_day(p.month).isoformat() for p in partial],
        "y": [float(p.value or 0) - low for p in partial],
        "base": [low for _ in partial],
        "width": 20 * 24 * 3600 * 1000,
        "marker": {
            "color": "rgba(255,255,255,0.55)",
            "pattern": {"shape": "/", "fgcolor": "#A9B6BB", "size": 6, "solidity": 0.3},
            "line": {"width": 0},
        },
        "hoverinfo": "skip",
    }
    return [column]


def block(one: SpanBlock, low: float) -> dict:
    """A flat hatched column as wide as the block's months."""
    first, last = months.first_day(one.first), months.last_day(one.last)
    return {
        "type": "bar",
        "name": _("补录合计"),
        "x": [(first + (last - first) / 2).isoformat()],
        "y": [float(one.value) - low],
        "base": [low],
        "width": ((last - first).days + 1) * 24 * 3600 * 1000,
        "marker": {
            "color": "rgba(0,0,0,0)",
            "pattern": {"shape": "\\", "fgcolor": LAST_YEAR, "size": 8, "solidity": 0.25},
            "line": {"color": LAST_YEAR, "width": 1.2},
        },
        "hoverinfo": "skip",
    }
