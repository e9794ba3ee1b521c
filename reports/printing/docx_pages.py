"""Pages of a Word document: upright ones, and ones on their side (横排) whose number stands where the others have it.

Bound with the rest, a page on its side is turned a quarter to the right to be read; its number then stands at its
left, low on odd pages, high on even ones, and itself turned (GB/T 9704-2012).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from reports.documents.styles import CHAR_WIDTH
from reports.documents.word_parts import page_number_runs, set_headers, set_page_numbers

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
}
NUMBER_FROM_LEFT, NUMBER_WIDE = Mm(22.5), Mm(10)  # its middle 7 mm beside the type area, which begins at 35 mm
TYPE_TOP, TYPE_HIGH = Mm(28), Mm(156)


@dataclass(frozen=True)
class Pages:
    """The properties a section ends with, as XML: of upright pages and of pages on their side."""

    upright: str
    on_side: str


def make_pages(document: Document, running: str) -> Pages:
    """Headers and footers of both kinds of pages, made in an empty document."""
    set_headers(document, running)
    set_page_numbers(document)
    side = document.add_section(WD_SECTION.NEW_PAGE)
    side.orientation = WD_ORIENT.LANDSCAPE
    side.page_width, side.page_height = Mm(297), Mm(210)
    side.top_margin, side.bottom_margin, side.left_margin, side.right_margin = Mm(28), Mm(26), Mm(35), Mm(37)
    side.header_distance, side.footer_distance = Mm(15), Mm(10)
    for footer, align in ((side.footer, "right"), (side.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        footer.paragraphs[0]._p.append(parse_xml(_number_on_side(align)))
    first, second = document.sections[0], document.sections[1]
    for reference in reversed(first._sectPr.findall(qn("w:headerReference"))):  # the same headers, named again
        second._sectPr.insert(0, deepcopy(reference))
    texts = [etree.tostring(section._sectPr, encoding="unicode") for section in (first, second)]
    return Pages(*texts)


def _number_on_side(align: str) -> str:
    """A text box as high as the type area whose one line, — 1 —, is turned with the page."""
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in NAMESPACES.items())
    return (
        f'<w:r {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"'
        ' layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{int(NUMBER_FROM_LEFT)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{int(TYPE_TOP)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{int(NUMBER_WIDE)}" cy="{int(TYPE_HIGH)}"/><wp:wrapNone/>'
        f'<wp:docPr id="{900 if align == "right" else 901}" name="页码" descr="页码"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{int(NUMBER_WIDE)}"'
        f' cy="{int(TYPE_HIGH)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        "<a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>"
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{align}Chars="100" w:{align}="{CHAR_WIDTH}"/>'
        f'<w:jc w:val="{align}"/></w:pPr>{page_number_runs()}</w:p></w:txbxContent></wps:txbx>'
        '<wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback/>"
        "</mc:AlternateContent></w:r>"
    )
