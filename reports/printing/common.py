"""What Word, PDF and the preview print alike: marks, headings of attachments, dates, when a table is set smaller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports.documents.sentences import DEMONSTRATION_LINE
from reports.documents.styles import SIZES
from reports.manuscript import Block, Heading, Manuscript, Table, Written, plain

DRAFT = "征求意见稿"
MOVED = "（本段写成后所涉数据有变动，请核对）"
SEPARATOR = "　　"
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 156, 225  # millimetres of type area
LISTED_LEVELS = 2  # headings that the contents list
_COPIES_CHARS = 29  # characters of 四号 on a line of the 版记, less one at each end
_POINT = 25.4 / 72  # mm
SHORT_ROWS = 12  # a table of so many rows stays on one page
TOGETHER = 3  # rows that stay with the head of a longer one, and with its notes
TABLE_SIZES = ("五号", "小五", "六号")
_DIGIT = 0.55  # of its size a digit is wide: 0.5 in the fonts meant, 0.56 in Noto's
_CELL_MARGIN = 2.2  # mm of a cell, left and right together, with its lines
_UNBROKEN = re.compile(r"[\u0021-\u1fff\u2010-\u2fff]+")  # no line breaks in here: digits, Latin, signs


@dataclass(frozen=True)
class Listed:
    """A line of the contents: level 1 or 2, its words, the anchor it leads to."""

    level: int
    text: str
    anchor: str


def day(value: date) -> str:
    """2017年7月5日: Arabic, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def running(manuscript: Manuscript) -> str:
    """What stands at the head of every page; empty for a final of real figures."""
    marks = (DRAFT if manuscript.draft else "", DEMONSTRATION_LINE if manuscript.demonstration else "")
    return SEPARATOR.join(mark for mark in marks if mark)


def addressed(recipients: str) -> str:
    """主送机关 with the full-width colon it ends with."""
    return recipients.rstrip("：:") + "："


def edition(manuscript: Manuscript) -> str:
    return f"（{manuscript.edition}）" if manuscript.edition else ""


def attachment_number(manuscript: Manuscript, index: int) -> str:
    """附件1, 附件2; 附件 where there is only one."""
    return f"附件{index + 1}" if len(manuscript.attachments) > 1 else "附件"


def attachment_names(manuscript: Manuscript) -> list[str]:
    """The lines of 附件说明 without their head: 1.×× where there are several."""
    titles = [attachment.title for attachment in manuscript.attachments]
    return [f"{number}.{title}" for number, title in enumerate(titles, 1)] if len(titles) > 1 else titles


def colophon(manuscript: Manuscript) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """版记: who gets copies, then who prints and when; the latter only where it is signed."""
    if not manuscript.copies:
        return (), None
    printed = (manuscript.issuer, f"{day(manuscript.signed_on)}印发") if manuscript.signed_on else None
    return manuscript.copies, printed


def colophon_lines(manuscript: Manuscript) -> int:
    """How many lines the 版记 takes; long ones go on."""
    copies, printed = colophon(manuscript)
    return sum(-(-len(line) // _COPIES_CHARS) for line in copies) + bool(printed)


def written(block: Written, *, draft: bool) -> list[tuple[str, str]]:
    """What people wrote as (lead, paragraph); in a draft what is still to be written says so."""
    if not block.paragraphs:
        return [(block.lead, f"（待写：{block.label}）")] if draft else []
    texts = list(block.paragraphs)
    if draft and block.moved:
        texts[-1] += MOVED
    return [(block.lead if number == 0 else "", text) for number, text in enumerate(texts)]


def listed(manuscript: Manuscript) -> list[Listed]:
    """The contents: headings of the first two levels and the attachments, anchored in the order of print."""
    found = []
    for number, block in enumerate(headings(manuscript.blocks), 1):
        if block.level <= LISTED_LEVELS:
            found.append(Listed(block.level, block.text, f"part-{number}"))
    for index, attachment in enumerate(manuscript.attachments):
        text = f"{attachment_number(manuscript, index)}　{attachment.title}"
        found.append(Listed(1, text, f"attachment-{index + 1}"))
    return found


def headings(blocks: tuple[Block, ...]) -> Iterator[Heading]:
    return (block for block in blocks if isinstance(block, Heading))


def table_size(table: Table) -> str:
    """In which size the table is set: 五号, or a smaller one where 五号 would break a number over two lines."""
    longest = [
        max((len(piece) for text in _texts(table, place) for piece in _UNBROKEN.findall(text)), default=0)
        for place in range(len(table.columns))
    ]
    for name in TABLE_SIZES:
        em = SIZES[name] * _POINT * _DIGIT
        if all(n * em <= column.width - _CELL_MARGIN for n, column in zip(longest, table.columns, strict=True)):
            return name
    return TABLE_SIZES[-1]


def _texts(table: Table, place: int) -> Iterator[str]:
    yield table.columns[place].head
    for row in table.rows:
        yield plain(row[place])


def short(table: Table) -> bool:
    """Does the table stay on one page? A longer one parts, its head repeated, rather than leave half a page empty."""
    return len(table.rows) <= SHORT_ROWS


def kept(table: Table, number: int) -> bool:
    """Does this row stay with what follows it? All of a short table do, the first and last ones of a longer one."""
    last = len(table.rows)
    if number == last:
        return bool(table.notes)
    return short(table) or number < TOGETHER or number > last - TOGETHER


def opens_landscape(blocks: tuple[Block, ...]) -> bool:
    """Do these blocks begin with a table on a page on its side?"""
    return bool(blocks) and isinstance(blocks[0], Table) and blocks[0].landscape
