"""Paragraph styles of a printed manuscript beyond those every official document has."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.documents.styles import BODY_FONT, HEAD_FONT, SIZES, SUBHEAD_FONT, TITLE_FONT, Look

SMALLER = {"小五": 270, "六号": 240}  # line pitch of tables set smaller, in twips
MASTHEAD_BEFORE = 1700  # twips: its letters begin 35 mm below the type area's upper edge
CONTENTS_LINE = 370  # twips: 24 lines of contents stay on the page of the title
TO_WRITE = "8A5A00"  # what is still to be written stands out in a draft

LOOKS = (
    Look("发文机关标志", TITLE_FONT, SIZES["一号"], align="center", line=900, before=MASTHEAD_BEFORE, color="FF0000"),
    Look("期号", BODY_FONT, SIZES["三号"], align="center", keep_next=True),
    Look("征求意见标志", HEAD_FONT, SIZES["三号"], align="left", keep_next=True),
    Look("主送机关", BODY_FONT, SIZES["三号"], keep_next=True),
    Look("待写", BODY_FONT, SIZES["三号"], first_chars=2, color=TO_WRITE),
    Look("目录标题", HEAD_FONT, SIZES["三号"], align="center", keep_next=True),
    Look("toc 1", BODY_FONT, SIZES["小四"], align="left", line=CONTENTS_LINE, leader=True),
    Look("toc 2", BODY_FONT, SIZES["小四"], align="left", line=CONTENTS_LINE, leader=True, first_chars=2),
    *(
        Look(f"{size}{name}", font, SIZES[size], align=align, line=line)
        for size, line in SMALLER.items()
        for name, font, align in (
            ("表头文字", HEAD_FONT, "center"),
            ("表格文字", BODY_FONT, "left"),
            ("表格数字", BODY_FONT, "right"),
            ("表格居中", BODY_FONT, "center"),
        )
    ),
    Look("版记", BODY_FONT, SIZES["四号"], align="left", line=520, first_chars=1),
    Look("分节", BODY_FONT, 1, line=20),
)
CELLS = {"left": "表格文字", "right": "表格数字", "center": "表格居中"}
HEAD_CELL = "表头文字"


def cell_style(name: str, size: str) -> str:
    """The style of a cell in a table of this size; 五号 is the usual one."""
    return f"{size if size in SMALLER else ''}{name}"


LEAD = "引词"  # what stands before the first words of a part: 原因：


def add_lead_style(document: Document) -> None:
    """The character style of a lead: 楷体 within the line."""
    style = document.styles.add_style(LEAD, WD_STYLE_TYPE.CHARACTER)
    style.element.append(parse_xml(f'<w:rPr {nsdecls("w")}><w:rFonts w:eastAsia="{SUBHEAD_FONT}"/></w:rPr>'))
