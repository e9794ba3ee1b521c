"""The pieces of a Word document as XML text: paragraphs, figures in content controls, captions, tables, contents.

Written as text and parsed once: a report has thousands of cells, and an object for each would take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from docx.shared import Mm, Pt

from reports.documents.safe import xml_text
from reports.documents.styles import BODY_CHARS, CHAR_WIDTH
from reports.manuscript import Figure, Table, Text
from reports.printing import common
from reports.printing.docx_box import Box, text_box
from reports.printing.docx_looks import CELLS, HEAD_CELL, LEAD, cell_style

LONGEST_TAG = 64  # Word refuses a file whose content control has a longer one
_NUMBERED = re.compile(r"^(附?[表图])(\d+)(?=\D|$)")
THIN, THICK = 4, 8  # eighths of a point
COPIES_LINE = 29  # points of a line of the 版记, with its rule


class Pieces:
    """Writes pieces for one document: knows its style ids, counts its controls and captions."""

    def __init__(self, style_ids: Mapping[str, str]) -> None:
        self._style_ids = style_ids
        self._control = count(1)
        self._bookmark = count(1)
        self._captions: dict[str, int] = {}

    def paragraph(self, style: str, runs: str, properties: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{self._style_ids[style]}"/>{properties}</w:pPr>{runs}</w:p>'

    def words(self, style: str, text: str, properties: str = "") -> str:
        return self.paragraph(style, run(text), properties)

    def text(self, text: Text) -> str:
        """Runs of a text; a figure stands in a content control nobody sees, whose tag is its key."""
        return "".join(self._figure(one) if isinstance(one, Figure) else run(one) for one in text)

    def lead(self, text: str) -> str:
        """What stands before the first words of a part."""
        return run(text, f'<w:rPr><w:rStyle w:val="{self._style_ids[LEAD]}"/></w:rPr>')

    def _figure(self, figure: Figure) -> str:
        key = xml_text(figure.key)
        if not key or len(key) > LONGEST_TAG:
            return run(figure.text)
        return (
            f'<w:sdt><w:sdtPr><w:tag w:val={quoteattr(key)}/><w:id w:val="{next(self._control)}"/>'
            f'<w15:appearance w15:val="hidden"/></w:sdtPr><w:sdtContent>{run(figure.text)}</w:sdtContent></w:sdt>'
        )

    def anchored(self, style: str, text: str, anchor: str) -> str:
        """A heading with the bookmark that the contents lead to."""
        number = next(self._bookmark)
        begin = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark(anchor)}"/>'
        return self.paragraph(style, f'{begin}{run(text)}<w:bookmarkEnd w:id="{number}"/>')

    def caption(self, style: str, text: str) -> str:
        """A caption whose number is a field (SEQ), so that Word counts on where somebody adds a table."""
        found = _NUMBERED.match(text)
        if not found:
            return self.words(style, text)
        label, number = found[1], int(found[2])
        again = "" if number == self._captions.get(label, 0) + 1 else rf" \r {number}"
        self._captions[label] = number
        field = complex_field(rf" SEQ {label} \* ARABIC{again} ", run(found[2]))
        return self.paragraph(style, run(label) + field + run(text[found.end() :]))

    def table(self, table: Table) -> str:
        """The table alone, with a repeated head and unsplit rows."""
        size = common.table_size(table)
        widths = [round(Mm(column.width).twips) for column in table.columns]
        styles = [self._style_ids[cell_style(CELLS[column.align], size)] for column in table.columns]
        heads = [self._style_ids[cell_style(HEAD_CELL, size)]] * len(widths)
        rows = [_row(heads, widths, [run(column.head) for column in table.columns], head=True, keep=True)]
        rows += [
            _row(styles, widths, [self.text(cell) for cell in row], keep=common.kept(table, number))
            for number, row in enumerate(table.rows, 1)
        ]
        return _table(widths, rows, table.caption)

    def contents(self, listed: Sequence[common.Listed]) -> Iterable[str]:
        """The contents line by line, each with the page of its bookmark as a field (PAGEREF) that has no value yet.

        Where a page falls depends on the fonts of the machine: Word fills the fields when the file is opened, and so
        does LibreOffice, which leaves those within a contents field (TOC) empty.
        """
        for one in listed:
            mark = bookmark(one.anchor)
            page = complex_field(rf" PAGEREF {mark} \h ", "")
            line = f"{run(one.text)}<w:r><w:tab/></w:r>{page}"
            yield self.paragraph(
                f"toc {one.level}", f'<w:hyperlink w:anchor="{mark}" w:history="1">{line}</w:hyperlink>'
            )

    def colophon(self, copies: Sequence[str], printed: tuple[str, str] | None, high: int) -> str:
        """版记 of `high` lines at the foot of the last page: thick lines outside, thin ones within."""
        width = BODY_CHARS * CHAR_WIDTH
        ends = f'<w:tabs><w:tab w:val="right" w:pos="{width - CHAR_WIDTH}"/></w:tabs>'
        texts = [(run(text), "") for text in copies]
        if printed:
            texts.append((run(printed[0]) + "<w:r><w:tab/></w:r>" + run(printed[1]), ends))
        last = len(texts) - 1
        lines = "".join(
            self.paragraph("版记", runs, _rules(top=place == 0, bottom=place == last) + tabs)
            for place, (runs, tabs) in enumerate(texts)
        )
        box = Box("版记", Mm(156), Pt(COPIES_LINE * high + 4), "margin", "margin", across="left", down="bottom")
        return self.paragraph("分节", text_box(box, lines, 902))


def run(text: str, properties: str = "") -> str:
    """Text as one run; line breaks stay."""
    if not text:
        return ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in xml_text(text).split("\n"))
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def _rules(*, top: bool, bottom: bool) -> str:
    """Lines above and below a paragraph of the 版记."""
    line = '<w:{} w:val="single" w:sz="{}" w:space="1" w:color="000000"/>'
    above = line.format("top", THICK) if top else ""
    return f"<w:pBdr>{above}{line.format('bottom', THICK if bottom else THIN)}</w:pBdr>"


def complex_field(code: str, shown: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def indent(**chars: int) -> str:
    """Indents (left, right, hanging) in whole characters, also in twips for programs that do not count characters."""
    named = " ".join(f'w:{name}Chars="{n * 100}" w:{name}="{n * CHAR_WIDTH}"' for name, n in chars.items())
    return f"<w:ind {named}/>"


def bookmark(anchor: str) -> str:
    return "_" + anchor.replace("-", "_")


def _row(
    styles: Sequence[str], widths: Sequence[int], cells: Sequence[str], *, head: bool = False, keep: bool = False
) -> str:
    """A row that is not split; the head is repeated on each page, a kept row stays with what follows."""
    kept = "<w:keepNext/>" if keep else ""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}</w:pPr>{cell}</w:p></w:tc>'
        for style, width, cell in zip(styles, widths, cells, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{inside}</w:tr>"


def _table(widths: Sequence[int], rows: Sequence[str], caption: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
        '<w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0"'
        f' w:noVBand="1"/><w:tblCaption w:val={quoteattr(xml_text(caption))}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
