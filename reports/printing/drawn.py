"""Charts as SVG (矢量图) for preview and PDF, in the look of the pages: one to three series, gaps stay gaps.

matplotlib is imported when the first chart is drawn. The same chart gives the same bytes.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from reports.content import ChartData
from reports.documents.chart_look import AXIS, GRID, INK, SeriesLook, label_step, series_looks
from reports.documents.safe import xml_text

WIDTH, HEIGHT = 150, 54  # millimetres: six lines of text with the caption
BAR, AXIS_ROOM = 5, 14  # of the height for a lying bar, and for the axis below them
FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei")
INCH = 25.4
DASH = (0, (4, 4))
NEAR_ZERO = 0.5  # lines that come down to half their height are drawn from 0
GROUP = 0.72  # of the room of a category
SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "haiyan-pilot",
    "font.size": 9,
    "text.parse_math": False,  # a $ is a $
    "axes.unicode_minus": True,
    "text.color": f"#{INK}",
    "axes.labelcolor": f"#{INK}",
    "xtick.color": f"#{INK}",
    "ytick.color": f"#{INK}",
}


def size(chart: ChartData) -> tuple[float, float]:
    """Width and height in millimetres, in the Word document as well; many lying bars need more of it."""
    bars = AXIS_ROOM + BAR * len(chart.categories) if chart.kind == "bar" else 0
    return WIDTH, max(HEIGHT, bars)


@lru_cache(maxsize=64)
def svg(chart: ChartData) -> bytes:
    """The chart as a drawing, its words left as words."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**SETTINGS, "font.family": _families()}):
        width, height = size(chart)
        figure = Figure(figsize=(width / INCH, height / INCH), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        {"line": _lines, "column": _columns, "bar": _bars}[chart.kind](axes, chart)
        _dress(axes, chart)
        out = io.BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return re.sub(rb"<!DOCTYPE.*?>", b"", out.getvalue(), count=1, flags=re.S)


def address(chart: ChartData) -> str:
    """The drawing as the address of a picture that stands in the page itself."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(chart)).decode('ascii')}"


@cache
def _families() -> list[str]:
    """The Chinese fonts of this machine, best first; matplotlib warns at length about each it does not find."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    return [*(name for name in FONTS if name in known), "DejaVu Sans"]


def _numbers(values: tuple[Decimal | None, ...]) -> list[float]:
    """Where to draw; only here a figure becomes a float, and none is printed from it."""
    return [float("nan") if value is None else float(value) for value in values]


def _series(chart: ChartData) -> Iterator[tuple[int, str, list[float], SeriesLook]]:
    looks = series_looks([name for name, _ in chart.series])
    for place, ((name, values), look) in enumerate(zip(chart.series, looks, strict=True)):
        yield place, xml_text(name), _numbers(values), look


def _categories(chart: ChartData) -> list[str]:
    return [xml_text(label) for label in chart.categories]


def _lines(axes: Any, chart: ChartData) -> None:
    for place, name, values, look in _series(chart):
        axes.plot(
            range(len(values)), values, label=name, color=f"#{look.color}", linewidth=look.width,
            linestyle=DASH if look.dashed else "solid", marker="o" if look.marked else None, markersize=4.5,
            zorder=4 - place,
        )  # fmt: skip
    step = label_step(chart.categories)
    axes.set_xticks(range(0, len(chart.categories), step), _categories(chart)[::step])
    known = [float(value) for _, values in chart.series for value in values if value is not None]
    if known and 0 <= min(known) <= max(known) * NEAR_ZERO:
        axes.set_ylim(bottom=0)


def _columns(axes: Any, chart: ChartData) -> None:
    for offset, thick, name, values, look in _side_by_side(chart):
        at = [place + offset for place in range(len(values))]
        axes.bar(at, values, thick, label=name, color=f"#{look.color}", zorder=3)
    axes.set_xticks(range(len(chart.categories)), _categories(chart))
    axes.set_xlim(-0.5, len(chart.categories) - 0.5)  # a gap keeps its room


def _bars(axes: Any, chart: ChartData) -> None:
    for offset, thick, name, values, look in _side_by_side(chart):
        at = [place + offset for place in range(len(values))]
        axes.barh(at, values, thick, label=name, color=f"#{look.color}", zorder=3)
    axes.set_yticks(range(len(chart.categories)), _categories(chart))
    axes.set_ylim(len(chart.categories) - 0.5, -0.5)  # the first on top


def _side_by_side(chart: ChartData) -> Iterator[tuple[float, float, str, list[float], SeriesLook]]:
    """Each series with its offset from the category's middle and its thickness."""
    thick = GROUP / max(len(chart.series), 1)
    for place, name, values, look in _series(chart):
        yield (place - (len(chart.series) - 1) / 2) * thick, thick, name, values, look


def _dress(axes: Any, chart: ChartData) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    measured = axes.xaxis if chart.kind == "bar" else axes.yaxis
    measured.set_major_formatter(
        FuncFormatter(lambda value, _at: f"{value:,.{chart.decimals}f}".replace("-", "\u2212"))
    )
    measured.set_major_locator(MaxNLocator(nbins=5, integer=chart.decimals == 0))
    measured.grid(True, color=f"#{GRID}", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "bottom" if chart.kind == "bar" else "left"):
        axes.spines[side].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(f"#{AXIS}")
    axes.tick_params(length=0)
    axes.set_title(f"单位：{xml_text(chart.unit)}", loc="left", fontsize=9, color=f"#{INK}")
    if len(chart.series) > 1:
        axes.figure.legend(loc="outside lower center", ncols=len(chart.series), frameon=False)
