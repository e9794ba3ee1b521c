"""One native chart of the annex: editable in the spreadsheet, drawn from the cells of its own sheet.

For `book`. Knows colours and axes, not what is drawn.
"""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as Drawing

from reports.annex.sheet import Chart, Run, Series
from reports.documents import cells
from reports.documents.safe import xml_text

COLORS = ("#0B5563", "#B07A1E", "#5C6B74", "#7A3E5D", "#3F7A4E", "#8A5A34", "#4C5FA0", "#8C8C3A", "#2E8B8B")
ALERT = ("#B3141D", "#C9861B", "#1B5A9A", "#8A949A")  # of supervision: over time, near it, within it, closed
FONT = {"name": "宋体", "size": 9}
MOST_LABELS = 14  # of months; beyond, every third is labelled


def draw(book: Workbook, sheet: str, chart: Chart, first_row: int) -> Drawing:
    """The chart over the cells of `sheet`, whose table begins at `first_row`; gaps stay gaps."""
    kind = {"type": chart.kind, **({"subtype": "stacked"} if chart.stacked else {})}
    drawing = book.add_chart(kind)
    colors = ALERT if chart.stacked else COLORS
    for place, series in enumerate(chart.series):
        drawing.add_series(
            {
                "name": xml_text(series.name).lstrip("=") or "—",  # what starts with "=" would be a reference
                "categories": _cells(sheet, series.categories, first_row),
                "values": _cells(sheet, series.values, first_row),
                **_look(chart, series, colors[place % len(colors)], first=place == 0),
            }
        )
    drawing.set_title({"name": f"图　{xml_text(chart.title)}", "name_font": {**FONT, "size": 11}, "overlay": False})
    value_axis = {
        "name": f"单位：{xml_text(chart.unit)}",
        "name_font": {**FONT, "bold": False},
        "num_font": FONT,
        "num_format": cells.number_format(chart.places),
        "major_gridlines": {"visible": True, "line": {"color": "#D6DDE0"}},
    }
    names_axis = {"num_font": FONT, "label_position": "low"}
    if chart.kind == "line" and chart.count > MOST_LABELS:
        names_axis |= {"interval_unit": 3, "interval_tick": 3}
    if chart.kind == "bar":  # lying: what is named stands on the vertical axis, the first one on top
        drawing.set_x_axis(value_axis)
        drawing.set_y_axis(names_axis | {"reverse": True, "interval_unit": 1})
    else:
        drawing.set_x_axis(names_axis)
        drawing.set_y_axis(value_axis)
    drawing.set_legend({"position": "bottom", "font": FONT} if len(chart.series) > 1 else {"none": True})
    drawing.show_blanks_as("gap")
    return drawing


def _cells(sheet: str, run: Run, first_row: int) -> list:
    return [sheet, first_row + run.row, run.column, first_row + run.last_row, run.last_column]


def _look(chart: Chart, series: Series, color: str, *, first: bool) -> dict:
    if chart.kind != "line":
        return {"fill": {"color": color}, "gap": 60}
    line = {"color": color, "width": 2.25 if first else 1.25, **({"dash_type": "dash"} if series.dashed else {})}
    if series.dashed:
        return {"line": line, "marker": {"type": "none"}}
    return {"line": line, "marker": {"type": "circle", "size": 4, "fill": {"color": color}, "border": {"color": color}}}
