"""A supervision slip (督办单) as a Word form of one A4 page by the habit of GB/T 9704-2012, to be signed and filed.

Every field of catalogue 7.4, empty ones left wide enough to be filled in by hand. Long texts are set smaller, then
closer, until the form fits its page. One whose texts are nearly all at their limit flows over two or more, its number
at the head of each.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import docx
from docx.document import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Row

from reports.documents import sentences as say
from reports.documents.safe import same_bytes, xml_text
from reports.documents.styles import BODY_FONT, HEAD_FONT, SIZES, SUBHEAD_FONT, Look, official_styles
from reports.documents.word_parts import (
    add_paragraph,
    describe,
    fill,
    set_headers,
    set_page_numbers,
    set_properties,
)

TITLE = "督办单"
LABEL, FIELD = 26, 52  # mm; two of each are the type area's 156
WIDE = 2 * FIELD + LABEL
MARGIN = 2  # mm of a cell, left and right together
POINT = 25.4 / 72  # mm
FOR_THE_TABLE = 516  # points: the type area's 225 mm less title, issuer, number and one line to spare
NEXT_PAGE = 600  # points: the same 225 mm less the repeated number and one line to spare
LABEL_STYLE, TEXT_STYLE = "督办单栏目", "督办单文字"


@dataclass(frozen=True)
class SlipContent:
    """What a slip says, finished text; empty where nothing is said yet."""

    issuer: str
    number: str
    made_on: date
    subject: str
    basis: str
    category: str
    owner: str
    supporting: str
    officer: str
    assigned_on: str
    due_on: str
    problem: str
    requirement: str
    answer: str
    extensions: Sequence[str]
    verdict: str
    signed_by: str
    accepted: str
    demonstration: bool = False


@dataclass(frozen=True)
class Fit:
    """A size of letters with its line pitch, in points."""

    size: float
    pitch: float


FITS = (Fit(SIZES["小四"], 21), Fit(SIZES["五号"], 17), Fit(SIZES["小五"], 13), Fit(SIZES["小五"], 11))


@dataclass(frozen=True)
class Line:
    """A row of the form: one wide field or two narrow ones; `share` of the room left on the page, for handwriting."""

    fields: Sequence[tuple[str, str]]
    share: int

    def height(self, fit: Fit) -> float:
        """What its words need."""
        width = WIDE if len(self.fields) == 1 else FIELD
        return max(lines_of(text, width, fit.size) for _label, text in self.fields) * fit.pitch + fit.pitch / 3


def build_slip(content: SlipContent) -> bytes:
    """The .docx as bytes; the same content gives the same bytes."""
    lines = _lines(content)
    fit = next((one for one in FITS if _room(lines, one) >= 0), None)
    flows = fit is None
    if fit is None:
        fit = next((one for one in FITS if _room(lines, one) >= -NEXT_PAGE), FITS[-1])
    document = docx.Document()
    official_styles(document, *_looks(fit))
    created = datetime.combine(content.made_on, time())
    set_properties(document, title=f"{TITLE}{content.number}", subject=content.subject, created=created)
    set_headers(document, say.DEMONSTRATION_LINE if content.demonstration else "")
    set_page_numbers(document)
    add_paragraph(document, content.issuer, "督办单位")
    add_paragraph(document, TITLE + (f"（{say.DEMONSTRATION}）" if content.demonstration else ""), "Title")
    number = f"编号：{content.number}"
    if not flows:
        add_paragraph(document, number, "督办单编号")
    _add_form(document, lines, fit, head=number if flows else "")
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _lines(content: SlipContent) -> list[Line]:
    """The fields of catalogue 7.4 in its order; the number stands above them."""
    return [
        Line([("督办事项", content.subject)], 1),
        Line([("立项依据", content.basis)], 1),
        Line([("督办类别", content.category), ("责任单位", content.owner)], 1),
        Line([("配合单位", content.supporting), ("责任人", content.officer)], 1),
        Line([("交办日期", content.assigned_on), ("办结时限", content.due_on)], 1),
        Line([("存在问题", content.problem)], 3),
        Line([("工作要求", content.requirement)], 3),
        Line([("反馈情况", content.answer)], 6),
        Line([("延期申请", "\n".join(content.extensions))], 2),
        Line([("审结意见", content.verdict)], 4),
        Line([("签发人", content.signed_by), ("承办人签收", content.accepted)], 2),
    ]


def _room(lines: Sequence[Line], fit: Fit) -> float:
    """What the words leave of the page, in points."""
    return FOR_THE_TABLE - sum(line.height(fit) for line in lines)


def lines_of(text: str, width: float, size: float) -> int:
    """On how many lines a text stands in a cell so many millimetres wide; half-width characters count half."""
    halves = int((width - MARGIN) / (size * POINT) * 2)
    lengths = (sum(1 if ord(char) < 0x2000 else 2 for char in part) for part in _paragraphs(text))
    return sum(max(1, -(-length // halves)) for length in lengths)


def _paragraphs(text: str) -> list[str]:
    return text.splitlines() or [""]


def _looks(fit: Fit) -> Sequence[Look]:
    line = round(fit.pitch * 20)
    return (
        Look("督办单位", SUBHEAD_FONT, SIZES["四号"], align="center", line=480),
        Look("督办单编号", BODY_FONT, SIZES["四号"], align="right", line=560),
        Look(LABEL_STYLE, HEAD_FONT, fit.size, align="center", line=line),
        Look(TEXT_STYLE, BODY_FONT, fit.size, align="left", line=line),
    )


def _add_form(document: Document, lines: Sequence[Line], fit: Fit, *, head: str) -> Table:
    """The fields; under a `head` repeated on each page where the form flows over several, its rows as it comes."""
    table = document.add_table(rows=len(lines) + bool(head), cols=4, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    describe(table, TITLE)
    for grid, width in zip(table._tbl.tblGrid.gridCol_lst, (LABEL, FIELD, LABEL, FIELD), strict=True):
        grid.w = Mm(width)
    labels, texts = (document.styles[name].style_id for name in (LABEL_STYLE, TEXT_STYLE))
    rows = list(table.rows)
    if head:
        _fill_head(rows.pop(0), head, document.styles["督办单编号"].style_id)
    one_share = max(0, _room(lines, fit)) / sum(line.share for line in lines)
    for row, line in zip(rows, lines, strict=True):
        _fill_row(row, line, labels, texts)
        if not head:
            row.height, row.height_rule = Pt(line.height(fit) + line.share * one_share), WD_ROW_HEIGHT_RULE.AT_LEAST
    _keep_whole(rows[-1])  # the signatures
    return table


def _fill_head(row: _Row, text: str, style: str) -> None:
    cells = row.cells
    fill(cells[0].merge(cells[-1]), text, style, LABEL + WIDE)
    _keep_whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _fill_row(row: _Row, line: Line, labels: str, texts: str) -> None:
    cells = list(row.cells)
    if len(line.fields) == 1:
        cells = [cells[0], cells[1].merge(cells[3])]
    widths = (LABEL, WIDE) if len(line.fields) == 1 else (LABEL, FIELD, LABEL, FIELD)
    words = [(text, style) for label, said in line.fields for text, style in ((label, labels), (said, texts))]
    for cell, width, (text, style) in zip(cells, widths, words, strict=True):
        first, *more = _paragraphs(text)
        fill(cell, first, style, width)
        for part in more:
            paragraph = cell.add_paragraph(xml_text(part))
            paragraph._p.get_or_add_pPr().style = style
