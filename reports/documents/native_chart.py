"""A native chart (可编辑图表) in a Word document: drawn by Word itself, its numbers editable in an embedded workbook.

For `word`. Draws what it is given and judges nothing; the workbook inside holds text as text and numbers exactly.
"""

from __future__ import annotations

import io
from datetime import datetime
from xml.sax.saxutils import quoteattr

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Length
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml as parse_chart
from pptx.util import Pt
from xlsxwriter import Workbook

from reports.content import ChartData
from reports.documents.cells import WORKBOOK_OPTIONS, put_decimal, put_text
from reports.documents.chart_look import AXIS, GRID, SeriesLook, label_step, series_looks
from reports.documents.safe import same_bytes, xml_text
from reports.documents.styles import BODY_FONT, LATIN_FONT

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHART_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
PACKAGE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FONT_SIZE = Pt(9)
KINDS = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}


def chart_drawing(
    document: Document, chart: ChartData, *, words: str, size: tuple[Length, Length], created: datetime
) -> str:
    """The chart's parts go into the document; what a run holds to show it comes back as XML."""
    package = document.part.package
    number = 1 + sum(rel.reltype == CHART_RELATION for rel in document.part.rels.values())
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), XLSX_TYPE, chart_workbook(chart, created), package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, b"", package)
    part._blob = chart_xml(chart, part.relate_to(book, PACKAGE_RELATION))
    rid = document.part.relate_to(part, CHART_RELATION)
    width, height = size
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{int(width)}" cy="{int(height)}"/>'
        f'<wp:docPr id="{1000 + number}" name="图表 {number}" descr={quoteattr(xml_text(words))}/>'
        "<wp:cNvGraphicFramePr/>"
        f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{C}"><c:chart xmlns:c="{C}" xmlns:r="{R}" r:id="{rid}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def chart_xml(chart: ChartData, workbook_relation: str) -> bytes:
    """The chart part: python-pptx writes the series, then fonts, colours and gaps are set."""
    number_format = "#,##0" + ("." + "0" * chart.decimals if chart.decimals else "")
    data = CategoryChartData(number_format=number_format)
    data.categories = [xml_text(label) for label in chart.categories]
    for name, values in chart.series:
        data.add_series(xml_text(name), values)
    space = parse_chart(ChartXmlWriter(KINDS[chart.kind], data).xml.encode())
    _dress(Chart(space, None), chart, number_format)
    for face in space.iter(f"{{{A}}}defRPr"):
        for tag, name in (("latin", LATIN_FONT), ("ea", BODY_FONT)):
            for old in face.findall(f"{{{A}}}{tag}"):
                face.remove(old)
            etree.SubElement(face, f"{{{A}}}{tag}", typeface=name)
    space.find(f"{{{C}}}date1904").addnext(etree.Element(f"{{{C}}}roundedCorners", val="0"))  # absent means round
    frameless = f'<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
    space.find(f"{{{C}}}chart").addnext(parse_chart(frameless))
    external = etree.SubElement(space, f"{{{C}}}externalData", {f"{{{R}}}id": workbook_relation})
    etree.SubElement(external, f"{{{C}}}autoUpdate", val="0")
    return etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)


def _dress(drawn: Chart, chart: ChartData, number_format: str) -> None:
    drawn.font.size = FONT_SIZE
    drawn.has_title = False
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    values = drawn.value_axis
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = number_format, False
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)
    values.major_gridlines.format.line.width = Pt(0.5)
    values.has_title = True
    values.axis_title.text_frame.text = f"单位：{xml_text(chart.unit)}"
    values.axis_title.text_frame.paragraphs[0].font.size = FONT_SIZE
    values.axis_title.text_frame.paragraphs[0].font.bold = False
    for axis in (values, drawn.category_axis):
        axis.format.line.color.rgb = RGBColor.from_string(AXIS)
    _set_labels(drawn, label_step(chart.categories) if chart.kind == "line" else 1)
    if chart.kind != "line":
        _from_zero(drawn, chart)
    for series, look in zip(drawn.plots[0].series, series_looks([name for name, _ in chart.series]), strict=True):
        if chart.kind == "line":
            _dress_line(series, look)
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = RGBColor.from_string(look.color)


def _set_labels(drawn: Chart, step: int) -> None:
    """A label every so many categories; left to itself, Word leaves out towns' names and tilts three years of months.

    LibreOffice knows no step: it is shown no label where there is to be none; the workbook has them all.
    """
    last = drawn.category_axis._element.find(f"{{{C}}}noMultiLvlLbl")
    for name in ("tickLblSkip", "tickMarkSkip"):
        last.addprevious(etree.Element(f"{{{C}}}{name}", val=str(step)))
    for point in drawn._chartSpace.iterfind(f".//{{{C}}}cat//{{{C}}}pt"):
        if int(point.get("idx")) % step:
            point.find(f"{{{C}}}v").text = ""


def _from_zero(drawn: Chart, chart: ChartData) -> None:
    """Bars start at 0, and lying ones stand in the order given, the first on top."""
    if all(value is None or value >= 0 for _, values in chart.series for value in values):
        drawn.value_axis.minimum_scale = 0
    if chart.kind == "bar":
        drawn.category_axis.reverse_order = True
        drawn.category_axis.tick_labels.font.size = Pt(8)  # else LibreOffice leaves out every other name
        drawn.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # else they would go up with the first


def _dress_line(series, look: SeriesLook) -> None:
    """The actual line bold with points, the path dashed, the target plain."""
    color = RGBColor.from_string(look.color)
    series.smooth = False
    series.format.line.color.rgb = color
    series.format.line.width = Pt(look.width)
    if look.dashed:
        series.format.line.dash_style = MSO_LINE.DASH
    if not look.marked:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = color
    series.marker.format.line.color.rgb = color


def chart_workbook(chart: ChartData, created: datetime) -> bytes:
    """The workbook behind the chart, laid out as the chart's references say: categories in A, a series a column."""
    out = io.BytesIO()
    book = Workbook(out, WORKBOOK_OPTIONS)
    book.set_properties({"created": created})
    sheet = book.add_worksheet("Sheet1")
    quoted = book.add_format({"quote_prefix": True})
    for row, label in enumerate(chart.categories, 1):
        put_text(sheet, row, 0, label, None, quoted)
    for column, (name, values) in enumerate(chart.series, 1):
        put_text(sheet, 0, column, name, None, quoted)
        for row, value in enumerate(values, 1):
            put_decimal(sheet, row, column, value)
    book.close()
    return same_bytes(out.getvalue())
