"""The pieces of an official Word document: paragraphs, tables, page numbers, signature, clean metadata.

For `word`. Knows the layout rules of each piece (GB/T 9704-2012), not the report's contents.
"""

from __future__ import annotations

from datetime import datetime

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer, _Header
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from reports.documents.safe import xml_text
from reports.documents.styles import BODY_CHARS, CHAR_WIDTH

STYLES_OF_2010 = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"  # the template's own


def add_paragraph(document: Document, text: str, style: str = "Normal") -> Paragraph:
    return document.add_paragraph(xml_text(text), style=style)


def fill(cell: _Cell, text: str, style_id: str, width: float) -> None:
    """Put text into a fresh cell of so many millimetres, in the middle of its height."""
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph._p.get_or_add_pPr().style = style_id
    paragraph.add_run(xml_text(text))
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))


def describe(table: Table, caption: str) -> None:
    """Narrow cell margins, and the caption as the table's name for readers who do not see it."""
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    )
    name = OxmlElement("w:tblCaption")
    name.set(qn("w:val"), xml_text(caption))
    look.addprevious(margins)
    look.addnext(name)


def set_headers(document: Document, text: str) -> None:
    """The same header on odd and even pages; none where `text` is empty."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        _only_paragraph(header, "Header").add_run(xml_text(text))


def set_page_numbers(document: Document) -> None:
    """— 1 — in 四号宋体: odd pages at the right, even pages at the left, one character from the edge."""
    section = document.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = _only_paragraph(footer, "Footer")
        _indent(paragraph, **{align: 1})
        _align(paragraph, align)
        for run in parse_xml(f"<w:p {nsdecls('w')}>{page_number_runs()}</w:p>"):
            paragraph._p.append(run)


def _only_paragraph(part: _Header | _Footer, style: str) -> Paragraph:
    paragraph = part.paragraphs[0]
    paragraph.style = style
    return paragraph


def page_number_runs() -> str:
    """— 1 — as runs around a PAGE field."""
    pieces = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>PAGE</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    return "".join(f"<w:r>{piece}</w:r>" for piece in pieces)


def _indent(paragraph: Paragraph, *, left: int = 0, right: int = 0, first: int = 0) -> None:
    """Indents in whole characters, also in twips for programs that do not count characters."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    indent = properties.get_or_add_ind()
    for name, chars in (("left", left), ("right", right), ("firstLine", first)):
        indent.set(qn(f"w:{name}Chars"), str(chars * 100))
        indent.set(qn(f"w:{name}"), str(chars * CHAR_WIDTH))


def _align(paragraph: Paragraph, align: str) -> None:
    jc = OxmlElement("w:jc")
    jc.set(qn("w:val"), align)
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:jc")):
        properties.remove(old)
    properties._insert_jc(jc)


def signature_indents(issuer: str, date: str) -> tuple[int, int]:
    """Right indents of issuer and date in characters; half-width characters count half."""
    longer = _width(issuer) - _width(date)
    return (2, longer) if longer >= 0 else (min(4 - longer, BODY_CHARS), 2)


def _width(text: str) -> int:
    halves = sum(1 if ord(char) < 0x2000 else 2 for char in text)
    return (halves + 1) // 2


def set_properties(document: Document, *, title: str, subject: str, created: datetime | None) -> None:
    """Title, subject, language and the day, if it has one; no author, no editor, no thumbnail of the empty template."""
    properties = document.core_properties
    properties.title, properties.subject, properties.language = xml_text(title)[:255], xml_text(subject)[:255], "zh-CN"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = (
        properties.category
    ) = ""
    if created:
        properties.created = properties.modified = created
    else:  # the empty template has its own
        for name in ("dcterms:created", "dcterms:modified"):
            for old in properties._element.findall(qn(name)):
                properties._element.remove(old)
    properties.revision = 1
    for rels, kind in ((document.part.package.rels, RT.THUMBNAIL), (document.part.rels, STYLES_OF_2010)):
        for rid in [rid for rid, rel in rels.items() if rel.reltype == kind]:
            del rels[rid]
