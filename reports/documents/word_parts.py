"""The pieces of an official Word document: paragraphs, tables, page numbers, signature, clean metadata.

For `word`. Knows the layout rules of each piece (GB/T 9704-2012), not the report's contents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
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
TEXT, NUMBER, CENTRE = "表格文字", "表格数字", "表格居中"


@dataclass(frozen=True)
class Column:
    """A table column: its head, its width in millimetres, how its cells are set."""

    head: str
    width: float
    style: str = TEXT


@dataclass(frozen=True)
class TableText:
    """A table as text: caption above (表1 …), unit at the top right, columns, rows of finished text, notes below."""

    caption: str
    unit: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(default=())


def add_paragraph(document: Document, text: str, style: str = "Normal") -> Paragraph:
    return document.add_paragraph(xml_text(text), style=style)


def add_table(document: Document, content: TableText) -> Table:
    """Caption, unit, the table with a repeated head and unsplit rows, notes; every row's cells are read once."""
    add_paragraph(document, content.caption, "Caption")
    if content.unit:
        add_paragraph(document, content.unit, "表格单位")
    table = document.add_table(rows=1 + len(content.rows), cols=len(content.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    describe(table, content.caption)
    style_ids = {name: document.styles[name].style_id for name in (TEXT, NUMBER, CENTRE, "表头文字")}
    for column, grid in zip(content.columns, table._tbl.tblGrid.gridCol_lst, strict=True):
        grid.w = Mm(column.width)
    for number, row in enumerate(table.rows):
        cells = row.cells
        _unsplit(row._tr, head=number == 0)
        texts = [column.head for column in content.columns] if number == 0 else content.rows[number - 1]
        for cell, column, text in zip(cells, content.columns, texts, strict=True):
            fill(cell, text, style_ids["表头文字" if number == 0 else column.style], column.width)
    for note in content.notes:
        add_paragraph(document, note, "表注")
    return table


def fill(cell: _Cell, text: str, style_id: str, width: float) -> None:
    """Put text into a fresh cell of so many millimetres, in the middle of its height."""
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph._p.get_or_add_pPr().style = style_id
    paragraph.add_run(xml_text(text))
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))


def _unsplit(row, *, head: bool) -> None:
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


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


def add_attachment_list(document: Document, names: Sequence[str]) -> None:
    """附件说明: a blank line, then 附件：1.×× two characters in, further names under the first."""
    add_paragraph(document, "")
    if len(names) == 1:
        add_paragraph(document, f"附件：{names[0]}").paragraph_format.keep_with_next = True
        return
    for number, name in enumerate(names, 1):
        paragraph = add_paragraph(document, f"附件：1.{name}" if number == 1 else f"{number}.{name}")
        paragraph.paragraph_format.keep_with_next = True  # with the signature below
        if number > 1:
            _indent(paragraph, first=5)


def add_signature(document: Document, issuer: str, date: str) -> None:
    """落款 without seal: a blank line, the issuer two characters from the right, the date two characters further in.

    Where the date is the longer of the two, the date keeps two characters from the right and the issuer moves.
    """
    issuer_indent, date_indent = signature_indents(issuer, date)
    add_paragraph(document, "", "落款")
    _indent(add_paragraph(document, issuer, "落款"), right=issuer_indent)
    signed = add_paragraph(document, date, "落款")
    signed.paragraph_format.keep_with_next = False
    _indent(signed, right=date_indent)


def signature_indents(issuer: str, date: str) -> tuple[int, int]:
    """Right indents of issuer and date in characters; half-width characters count half."""
    longer = _width(issuer) - _width(date)
    return (2, longer) if longer >= 0 else (min(4 - longer, BODY_CHARS), 2)


def _width(text: str) -> int:
    halves = sum(1 if ord(char) < 0x2000 else 2 for char in text)
    return (halves + 1) // 2


def add_attachment_head(document: Document, number: str, title: str) -> None:
    """附件1 at the top left of a new page, the title centred on the third line."""
    add_paragraph(document, number, "附件标识")
    add_paragraph(document, "", "Subtitle")
    add_paragraph(document, title, "附件标题")


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
