"""Prints a manuscript as an official Word document: headings, paragraphs, people's parts, tables, charts."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import docx
from docx.document import Document
from docx.shared import Mm

from reports.documents.native_chart import add_chart
from reports.documents.safe import same_bytes
from reports.documents.sentences import DEMONSTRATION_LINE
from reports.documents.styles import official_styles
from reports.documents.word_parts import (
    CENTRE,
    NUMBER,
    TEXT,
    Column,
    TableText,
    add_attachment_head,
    add_attachment_list,
    add_paragraph,
    add_signature,
    add_table,
    set_headers,
    set_page_numbers,
    set_properties,
)
from reports.manuscript import Block, Chart, Heading, Manuscript, Paragraph, Table, plain

__all__ = ["word"]

STYLES = {"left": TEXT, "right": NUMBER, "center": CENTRE}
CHART_SIZE = Mm(150), Mm(80)
CREATED = datetime.combine(date(2000, 1, 1), time())  # the same tree gives the same bytes, whenever it is printed


def word(manuscript: Manuscript) -> bytes:
    """The .docx as bytes; the same manuscript gives the same bytes."""
    document = docx.Document()
    official_styles(document)
    set_properties(document, title=manuscript.plain_title, subject=manuscript.edition, created=CREATED)
    set_headers(document, DEMONSTRATION_LINE if manuscript.demonstration else "")
    set_page_numbers(document)
    if manuscript.document_number:
        add_paragraph(document, manuscript.document_number, "发文字号")
    add_paragraph(document, manuscript.title, "Title")
    add_paragraph(document, f"（{manuscript.edition}）", "Subtitle")
    for block in manuscript.blocks:
        _add(document, block)
    if manuscript.attachments:
        add_attachment_list(document, [one.title for one in manuscript.attachments])
    day = manuscript.signed_on
    add_signature(document, manuscript.issuer, f"{day.year}年{day.month}月{day.day}日" if day else "")
    for number, attachment in enumerate(manuscript.attachments, 1):
        add_attachment_head(document, f"附件{number}", attachment.title)
        for block in attachment.blocks:
            _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _add(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        add_paragraph(document, block.text, f"Heading {block.level}")
    elif isinstance(block, Paragraph):
        add_paragraph(document, plain(block.text))
    elif isinstance(block, Table):
        columns = [Column(one.head, one.width, STYLES[one.align]) for one in block.columns]
        rows = [[plain(cell) for cell in row] for row in block.rows]
        add_table(document, TableText(block.caption, block.unit, columns, rows, block.notes))
    elif isinstance(block, Chart):
        picture = add_paragraph(document, "", "图")
        add_chart(document, picture, block.data, words=block.words, size=CHART_SIZE, created=CREATED)
        add_paragraph(document, block.caption, "图题")
    else:
        for number, text in enumerate(block.paragraphs):
            add_paragraph(document, text if number else f"{block.lead}{text}")
