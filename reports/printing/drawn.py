"""Charts as SVG (矢量图) for preview and PDF, in the look of the pages: one to three series, gaps stay gaps.

matplotlib is imported when the first chart is drawn. The same chart gives the same bytes.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal
from functools import cache
from typing import Any

from reports.content import ChartData

COLORS = ("#0B5563", "#5C6B74", "#B07A1E")  # actual, path (dashed), second group
INK, AXIS, GRID = "#12232B", "#7F8F96", "#D6DDE0"
SIZE = (150 / 25.4, 80 / 25.4)  # inches: as wide and high as in the Word document
FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei")
DASH = (0, (4, 4))
SETTINGS = {
    "svg.fonttype": "path",
    "svg.hashsalt": "haiyan-pilot",
    "font.size": 9,
    "axes.unicode_minus": True,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def svg(chart: ChartData) -> bytes:
    """The chart as a drawing of 150 by 80 mm."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**SETTINGS, "font.family": _families()}):
        figure = Figure(figsize=SIZE, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        {"line": _lines, "column": _columns, "bar": _bars}[chart.kind](axes, chart)
        _dress(axes, chart)
        out = io.BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return re.sub(rb"<!DOCTYPE.*?>", b"", out.getvalue(), count=1, flags=re.S)


@cache
def _families() -> list[str]:
    """The Chinese fonts of this machine, best first; matplotlib warns at length about each it does not find."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    return [*(name for name in FONTS if name in known), "DejaVu Sans"]


def _numbers(values: tuple[Decimal | None, ...]) -> list[float]:
    """Where to draw; only here a figure becomes a float, and none is printed from it."""
    return [float("nan") if value is None else float(value) for value in values]


def _lines(axes: Any, chart: ChartData) -> None:
    for place, (name, values) in enumerate(chart.series):
        actual = place == 0
        axes.plot(
            range(len(values)), _numbers(values), label=name, color=COLORS[place % len(COLORS)],
            linewidth=2.25 if actual else 1.25, linestyle=DASH if place == 1 else "solid",
            marker="o" if actual else None, markersize=4.5, zorder=4 - place,
        )  # fmt: skip
    axes.set_xticks(range(len(chart.categories)), chart.categories)


def _columns(axes: Any, chart: ChartData) -> None:
    width = 0.72 / max(len(chart.series), 1)
    for place, (name, values) in enumerate(chart.series):
        offset = (place - (len(chart.series) - 1) / 2) * width
        axes.bar(
            [at + offset for at in range(len(values))], _numbers(values), width, label=name,
            color=COLORS[place % len(COLORS)], zorder=3,
        )  # fmt: skip
    axes.set_xticks(range(len(chart.categories)), chart.categories)


def _bars(axes: Any, chart: ChartData) -> None:
    height = 0.72 / max(len(chart.series), 1)
    for place, (name, values) in enumerate(chart.series):
        offset = (place - (len(chart.series) - 1) / 2) * height
        axes.barh(
            [at + offset for at in range(len(values))], _numbers(values), height, label=name,
            color=COLORS[place % len(COLORS)], zorder=3,
        )  # fmt: skip
    axes.set_yticks(range(len(chart.categories)), chart.categories)
    axes.invert_yaxis()


def _dress(axes: Any, chart: ChartData) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    measured = axes.xaxis if chart.kind == "bar" else axes.yaxis
    measured.set_major_formatter(
        FuncFormatter(lambda value, _at: f"{value:,.{chart.decimals}f}".replace("-", "\u2212"))
    )
    measured.set_major_locator(MaxNLocator(nbins=5, integer=chart.decimals == 0))
    measured.grid(True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "bottom" if chart.kind == "bar" else "left"):
        axes.spines[side].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(AXIS)
    axes.tick_params(length=0)
    axes.set_title(f"单位：{chart.unit}", loc="left", fontsize=9, color=INK)
    if len(chart.series) > 1:
        axes.figure.legend(loc="outside lower center", ncols=len(chart.series), frameon=False)
