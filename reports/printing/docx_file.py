"""A manuscript as an official Word document by GB/T 9704-2012 (catalogue 7), for offices that go on editing it.

Real styles, headings, captions and contents; native charts; each figure keeps its key in a content control.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, time

import docx
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from reports.documents.native_chart import chart_drawing
from reports.documents.safe import same_bytes
from reports.documents.styles import official_styles
from reports.documents.word_parts import set_properties, signature_indents
from reports.manuscript import Block, Chart, Heading, Manuscript, Paragraph, Table, Written
from reports.printing import common, drawn
from reports.printing.docx_box import SPACES
from reports.printing.docx_looks import LOOKS, add_lead_style
from reports.printing.docx_pages import Pages, make_pages
from reports.printing.docx_xml import Pieces, indent, run

NO_DAY = datetime(1980, 1, 1)  # of a chart's workbook in a document that is not signed yet
KEEP, LET_GO = '<w:keepNext w:val="1"/>', '<w:keepNext w:val="0"/>'


def word(manuscript: Manuscript) -> bytes:
    """The .docx as bytes; the same manuscript gives the same bytes."""
    document = docx.Document()
    official_styles(document, *LOOKS)
    add_lead_style(document)
    signed = datetime.combine(manuscript.signed_on, time()) if manuscript.signed_on else None
    set_properties(document, title=manuscript.plain_title, subject=manuscript.edition, created=signed)
    pages = make_pages(document, common.running(manuscript))
    writer = _Writer(document, pages, signed or NO_DAY, draft=manuscript.draft)
    writer.write(manuscript)
    if manuscript.contents:
        _update_when_opened(document)
    _put(document, writer.finished())
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _put(document: Document, body: str) -> None:
    """The body in place of the empty one; its root names what content controls and text boxes need."""
    root = parse_xml(f'<w:document {SPACES} mc:Ignorable="w15"><w:body>{body}</w:body></w:document>')
    document.part._element = root


def _update_when_opened(document: Document) -> None:
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.find(qn("w:compat")).addprevious(update)


class _Writer:
    """Collects the body piece by piece and parts it into sections where pages turn."""

    def __init__(self, document: Document, pages: Pages, created: datetime, *, draft: bool) -> None:
        self._document, self._pages, self._created, self._draft = document, pages, created, draft
        self._pieces = Pieces({style.name: style.style_id for style in document.styles})
        self._body: list[str] = []
        self._on_side = False

    def write(self, manuscript: Manuscript) -> None:
        self._head(manuscript)
        if manuscript.contents:
            self._contents(manuscript)
        if manuscript.recipients:
            self._add("主送机关", common.addressed(manuscript.recipients))
        self._blocks(manuscript.blocks, anchors=True)
        self._turn(on_side=False)
        self._attachment_list(manuscript)
        self._signature(manuscript)
        for index, attachment in enumerate(manuscript.attachments):
            self._turn(on_side=common.opens_landscape(attachment.blocks))
            self._add("附件标识", common.attachment_number(manuscript, index))
            self._add("Subtitle", "")
            self._body.append(self._pieces.anchored("附件标题", attachment.title, f"attachment-{index + 1}"))
            self._blocks(attachment.blocks)
        copies, printed = common.colophon(manuscript)
        if copies:
            self._turn(on_side=False)
            self._body.append(self._pieces.colophon(copies, printed, common.colophon_lines(manuscript)))

    def finished(self) -> str:
        return "".join(self._body) + (self._pages.on_side if self._on_side else self._pages.upright)

    def _add(self, style: str, text: str, properties: str = "") -> None:
        self._body.append(self._pieces.words(style, text, properties))

    def _turn(self, *, on_side: bool) -> None:
        """Ends the section where what follows stands the other way; a page nothing stands on yet has none to end."""
        if on_side == self._on_side:
            return
        if self._body and "<w:sectPr" not in self._body[-1]:
            self._end_section()
        self._on_side = on_side

    def _end_section(self) -> None:
        """The last paragraph carries what the section before it looks like; after a table an invisible one does."""
        if not self._body[-1].startswith("<w:p>"):
            self._add("分节", "")
        ended = self._pages.on_side if self._on_side else self._pages.upright
        self._body[-1] = self._body[-1].replace("</w:pPr>", f"{ended}</w:pPr>", 1)

    def _head(self, manuscript: Manuscript) -> None:
        if manuscript.draft:
            self._add("征求意见标志", common.DRAFT)
        if manuscript.document_number or manuscript.issue:
            self._add("发文机关标志", manuscript.issuer)
            self._add("期号", "")
            if manuscript.issue and manuscript.document_number:
                self._add("期号", manuscript.issue)
            self._add("发文字号", manuscript.document_number or manuscript.issue)
            self._add("Subtitle", "")
            self._add("Subtitle", "")
        self._add("Title", manuscript.title)
        if manuscript.edition:
            self._add("Subtitle", common.edition(manuscript))
        self._add("Subtitle", "")

    def _contents(self, manuscript: Manuscript) -> None:
        self._add("目录标题", "目　录")
        self._body.extend(self._pieces.contents(common.listed(manuscript)))
        self._end_section()

    def _blocks(self, blocks: Iterable[Block], *, anchors: bool = False) -> None:
        number = 0
        for block in blocks:
            self._turn(on_side=isinstance(block, Table) and block.landscape)
            if isinstance(block, Heading):
                number += 1
                style = f"Heading {block.level}"
                if anchors:
                    self._body.append(self._pieces.anchored(style, block.text, f"part-{number}"))
                else:
                    self._add(style, block.text)
            elif isinstance(block, Paragraph):
                self._body.append(self._pieces.paragraph("Normal", self._pieces.text(block.text)))
            elif isinstance(block, Written):
                self._written(block)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._chart(block)

    def _written(self, block: Written) -> None:
        style = "Normal" if block.paragraphs else "待写"
        for lead, text in common.written(block, draft=self._draft):
            self._body.append(self._pieces.paragraph(style, self._pieces.lead(lead) + run(text)))

    def _table(self, table: Table) -> None:
        self._body.append(self._pieces.caption("Caption", table.caption))
        if table.unit:
            self._add("表格单位", table.unit)
        self._body.append(self._pieces.table(table))
        for place, note in enumerate(table.notes, 1):
            self._add("表注", note, KEEP if place < len(table.notes) else "")

    def _chart(self, chart: Chart) -> None:
        width, height = drawn.size(chart.data)
        drawing = chart_drawing(
            self._document, chart.data, words=chart.words, size=(Mm(width), Mm(height)), created=self._created
        )
        self._body.append(self._pieces.paragraph("图", f"<w:r>{drawing}</w:r>"))
        self._body.append(self._pieces.caption("图题", chart.caption))

    def _attachment_list(self, manuscript: Manuscript) -> None:
        """附件说明: a blank line, then 附件：1.×× two characters in, further names under the first."""
        names = common.attachment_names(manuscript)
        if names:
            self._add("Normal", "")
        for place, name in enumerate(names):
            # 附件： takes three characters, 1. one; a long name goes on under its own first character
            numbered, led = len(names) > 1, place == 0
            hung = indent(left=5 + numbered, hanging=3 * led + numbered)
            self._add("Normal", ("附件：" if led else "") + name, KEEP + hung)

    def _signature(self, manuscript: Manuscript) -> None:
        signed_on = common.day(manuscript.signed_on) if manuscript.signed_on else ""
        right, date_right = signature_indents(manuscript.issuer, signed_on) if signed_on else (2, 0)
        self._add("落款", "")
        self._add("落款", manuscript.issuer, ("" if signed_on else LET_GO) + indent(right=right))
        if signed_on:
            self._add("落款", signed_on, LET_GO + indent(right=date_right))
