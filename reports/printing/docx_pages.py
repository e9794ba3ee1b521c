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
from reports.printing.docx_box import Box, text_box

# Its middle is 7 mm beside the type area, which begins 35 mm from the left and 28 mm from the top.
NUMBER = Box("页码", Mm(10), Mm(156), "page", "page", across=Mm(23), down=Mm(28), turned=True)


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
    """A box as high as the type area whose one line, — 1 —, is turned with the page."""
    line = (
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{align}Chars="100" w:{align}="{CHAR_WIDTH}"/>'
        f'<w:jc w:val="{align}"/></w:pPr>{page_number_runs()}</w:p>'
    )
    return text_box(NUMBER, line, 900 if align == "right" else 901)
