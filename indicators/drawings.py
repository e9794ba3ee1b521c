"""Small server-made drawings for rows of figures, as SVG text: bullets and sparklines.

Pure functions of plain values (Decimal or None), for templates and tests. They judge nothing: light, coverage and
expected value come from the evaluation. Horizontal positions of a bullet are percentages, so that it fills its column
on any screen while its text keeps its size. Hatches are defined once a page (bureau.marks.shared_definitions_svg).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape

from bureau.marks import COLOURS, hatch_id, shape_of
from bureau.svg import element, figure, label, per_cent

INK, INK_3, ACCENT, TRACK = "#12232B", "#5C6B74", "#0B5563", "#DDE4E6"
LAST_YEAR, PACE = "#84949C", "#7C8C95"
TARGET_AT = Decimal(83)  # per cent of the width: what is beyond the target has room to the right
LONGEST = Decimal(118)  # per cent of the stretch from base to target that is drawn at most
Number = Decimal | int | None


def picture(body: str, words: str, css: str, height: int, width: str = "100%", view_box: str | None = None) -> str:
    """The svg element around a drawing, with its text alternative; without words it is for the eye only."""
    spoken = {"role": "img", "aria_label": words} if words else {"aria_hidden": "true"}
    return element("svg", body, css=css, width=width, height=height, view_box=view_box, **spoken)


def hatch(shape: str) -> str:
    """The fill that draws one of the page's shared hatches."""
    return f"url(#{hatch_id(shape)})"


def bar(start: Decimal, end: Decimal, fill: str) -> str:
    """A horizontal bar between two percentages of the width; nothing where it would have no length."""
    return (
        element("rect", x=per_cent(start), y=5, width=per_cent(end - start), height=8, fill=fill) if end > start else ""
    )


def tick(at: Decimal, width: Decimal, top: int, bottom: int) -> str:
    """A vertical line at a percentage of the width, set off from the bar by a white edge."""
    place = {"x1": per_cent(at), "x2": per_cent(at), "y1": top, "y2": bottom}
    return element("line", **place, stroke="#fff", stroke_width=width + 2) + element(
        "line", **place, stroke=INK, stroke_width=width
    )


TARGET_LINE = tick(TARGET_AT, Decimal(3), 1, 17)


def bar_svg(whole: int, with_part: int, total: int) -> str:
    """A bar of how many of a total are there, those in part hatched; for the eye, the words stand beside it."""
    per = Decimal(100) / max(1, total)
    places = {"y": 0, "height": 8}
    body = element("rect", x=0, width="100%", fill=TRACK, **places)
    body += element("rect", x=0, width=per_cent(whole * per), fill=ACCENT, **places)
    if with_part > whole:
        width = per_cent((with_part - whole) * per)
        body += element("rect", x=per_cent(whole * per), width=width, fill=hatch("actual"), **places)
    return picture(body, "", "share", 8)


def position(value: Number, base: Number, target: Number) -> Decimal | None:
    """Where a value lies between base (0 %) and target (83 %), cut to what is drawn; None where it cannot be said."""
    if value is None or base is None or target is None or target == base:
        return None
    share = (Decimal(value) - Decimal(base)) / (Decimal(target) - Decimal(base)) * 100
    return max(Decimal(0), min(share, LONGEST)) * TARGET_AT / 100


@lru_cache(maxsize=2_000)
def bullet_svg(
    kind: str,
    *,
    target: Number,
    value: Number,
    light: int,
    base: Number = Decimal(0),
    expected: Number = None,
    covered: bool = True,
    tolerance: Number = None,
    base_text: str = "",
    target_text: str = "",
    words: str = "",
) -> str:
    """One indicator against its target, as a bullet.

    `kind`: 'flow' and 'rate' run from base to target (rising or falling), 'ceiling' is a dot that should stay left of
    the line, 'nodes' has a cell for each thing to be completed, 'zero' a square for each case still open.
    `expected` is the path's value in the month; the stretch from it back to the value is hatched in the light's colour.
    `covered` false: the bar itself is hatched. `words` is the text alternative.
    """
    if kind == "zero":
        body = _open_cases(int(value or 0), light)
    elif kind == "nodes":
        body = _nodes(value, target)
    elif kind == "ceiling":
        body = _ceiling(value, target, base, tolerance, light)
    else:
        body = _stretch(value, base, target, expected, light, covered)
    labels = label(base_text, 0, 28, fill=INK_3) if base_text else ""
    if target_text:
        labels += label(target_text, per_cent(TARGET_AT + 2), 28, fill=INK_3, anchor="end")
    return picture(body + labels, words, "bullet", 32 if labels else 18)


def _stretch(value: Number, base: Number, target: Number, expected: Number, light: int, covered: bool) -> str:
    """The bar from base to value on its track, the gap up to the path, and the path's and the target's line."""
    body = bar(Decimal(0), TARGET_AT, TRACK)
    at, due = position(value, base, target), position(expected, base, target)
    if at is not None:
        body += bar(Decimal(0), at, ACCENT if covered else hatch("actual"))
    shape = shape_of(light)
    if at is not None and due is not None and covered and shape in ("behind", "far-behind"):
        body += bar(at, due, hatch(shape))
    if due is not None and due < TARGET_AT:
        body += tick(due, Decimal("1.8"), 3, 15)
    return body + TARGET_LINE


def _ceiling(value: Number, target: Number, base: Number, tolerance: Number, light: int) -> str:
    """A dot that should stay left of the line; the tolerance is hatched to the right of it."""
    body = bar(Decimal(0), TARGET_AT, TRACK)
    end = position(Decimal(target or 0) + Decimal(tolerance or 0), base, target)
    if tolerance and end is not None:
        body += bar(TARGET_AT, end, hatch("behind"))
    at, shape = position(value, base, target), shape_of(light)
    body += TARGET_LINE
    if at is not None:
        fill = COLOURS[shape] if shape in ("behind", "far-behind") else ACCENT
        body += element("circle", cx=per_cent(at), cy=9, r=Decimal("4.8"), fill=fill, stroke="#fff", stroke_width=1.5)
    return body


def _nodes(value: Number, target: Number) -> str:
    """A cell for each whole thing to be completed; a part of one is hatched."""
    cells = max(1, min(int(target or 1), 12))
    done = Decimal(value or 0) * cells / Decimal(target or 1)
    width, body = TARGET_AT / cells, ""
    for cell in range(cells):
        start, end = width * cell, width * (cell + 1) - Decimal("0.6")
        part = max(Decimal(0), min(done - cell, Decimal(1)))
        body += bar(start, end, TRACK)
        body += bar(start, start + (end - start) * part, ACCENT if part == 1 else hatch("actual"))
    return body + TARGET_LINE


def _open_cases(count: int, light: int) -> str:
    """One square for each case still open, from the line at zero leftwards, ten at most."""
    body = ""
    for cell in range(max(3, min(count, 10))):
        fill = COLOURS[shape_of(light)] if cell < count else "#fff"
        x = per_cent(TARGET_AT - Decimal(6) * (cell + 1))
        body += element("rect", x=x, y=4, width="4.6%", height=10, fill=fill, stroke="#B9C4C8")
    return body + TARGET_LINE


def polyline(points: Sequence[str | None], stroke: str, width: str, dash: str | None = None) -> str:
    """The line through 'x,y' points, broken where a month has none."""
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    look = {"fill": "none", "stroke": stroke, "stroke_width": width, "stroke_dasharray": dash}
    return "".join(element("polyline", points=" ".join(run), **look) for run in runs if len(run) > 1)


Breaks = Sequence[tuple[int, str]]
"""Before which values of a series its definition changed, and what is said of it (口径变更)."""


def in_runs(points: Sequence[str | None], breaks: Breaks) -> list[str | None]:
    """The points with a gap where a definition changed."""
    starts = {index for index, _words in breaks}
    return [one for index, point in enumerate(points) for one in ((None, point) if index in starts else (point,))]


def break_mark(x: Decimal, top: Number, bottom: Number, words: str) -> str:
    """The dotted line between the months before and after; its title says what changed."""
    title = element("title", escape(words))
    return element("line", title, x1=x, x2=x, y1=top, y2=bottom, stroke=INK_3, stroke_width=1, stroke_dasharray="1 2")


SPARK_WIDTH, SPARK_HEIGHT = 116, 28


def sparkline_svg(
    values: Sequence[Number],
    path: Sequence[Number] = (),
    kind: str = "line",
    *,
    light: int = 0,
    this_year_from: int = 0,
    words: str = "",
    breaks: Breaks = (),
) -> str:
    """The months of one indicator in 116 × 28: 'line' with the dashed path behind it, or 'bars' of monthly figures.

    `values` and `path` are months in order, None where there is none (the line breaks, the bar is absent);
    `this_year_from` is the index from which bars are drawn in the colour of this year; nothing is drawn across one of
    the `breaks`. Nothing known: an empty text.
    """
    if all(v is None for v in values):
        return ""
    if kind == "bars":
        body, step, first = _spark_bars(values, this_year_from), Decimal(SPARK_WIDTH) / len(values), Decimal(0)
    else:
        body, first = _spark_line(values, path, light, breaks), Decimal(3)
        step = _spark_step(values, path)
        first -= step / 2
    body += "".join(break_mark(first + step * index, 1, SPARK_HEIGHT - 1, words) for index, words in breaks)
    return picture(body, words, "spark", SPARK_HEIGHT, str(SPARK_WIDTH), f"0 0 {SPARK_WIDTH} {SPARK_HEIGHT}")


def _spark_step(values: Sequence[Number], path: Sequence[Number]) -> Decimal:
    return Decimal(SPARK_WIDTH - 6) / max(1, max(len(values), len(path)) - 1)


def _spark_line(values: Sequence[Number], path: Sequence[Number], light: int, breaks: Breaks) -> str:
    known = [Decimal(v) for v in [*values, *path] if v is not None]
    low, spread = min(known), (max(known) - min(known)) or Decimal(1)
    step = _spark_step(values, path)

    def points(series: Sequence[Number]) -> list[str | None]:
        heights = [
            None if v is None else SPARK_HEIGHT - 3 - (Decimal(v) - low) / spread * (SPARK_HEIGHT - 6) for v in series
        ]
        return [None if y is None else f"{figure(3 + step * i)},{figure(y)}" for i, y in enumerate(heights)]

    drawn = points(values)
    x, y = [p for p in drawn if p is not None][-1].split(",")
    shape = shape_of(light)
    dot = COLOURS[shape] if shape in ("behind", "far-behind") else ACCENT
    body = polyline(in_runs(points(path), breaks), INK_3, "1.1", "2.5 2.5")
    body += polyline(in_runs(drawn, breaks), ACCENT, "1.8")
    return body + element("circle", cx=x, cy=y, r=2.6, fill=dot)


def _spark_bars(values: Sequence[Number], this_year_from: int) -> str:
    top = max([Decimal(v) for v in values if v is not None] + [Decimal(1)])
    step, floor = Decimal(SPARK_WIDTH) / len(values), SPARK_HEIGHT - 1
    body = element("line", x1=0, x2=SPARK_WIDTH, y1=floor, y2=floor, stroke=TRACK)
    for i, value in enumerate(values):
        if value is not None:
            tall = max(Decimal(0), Decimal(value)) / top * (SPARK_HEIGHT - 3)
            fill = ACCENT if i >= this_year_from else LAST_YEAR
            body += element("rect", x=step * i, y=floor - tall, width=step * Decimal("0.78"), height=tall, fill=fill)
    return body
