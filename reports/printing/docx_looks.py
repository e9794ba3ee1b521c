"""Paragraph styles of a printed manuscript beyond those every official document has."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.documents.styles import BODY_FONT, HEAD_FONT, SIZES, SUBHEAD_FONT, TITLE_FONT, Look

SMALL_LINE = 260  # twips
TO_WRITE = "8A5A00"  # what is still to be written stands out in a draft

LOOKS = (
    Look("发文机关标志", TITLE_FONT, SIZES["一号"], align="center", line=900, color="FF0000", keep_next=True),
    Look("期号", BODY_FONT, SIZES["三号"], align="center", keep_next=True),
    Look("征求意见标志", HEAD_FONT, SIZES["三号"], align="left", keep_next=True),
    Look("主送机关", BODY_FONT, SIZES["三号"], keep_next=True),
    Look("待写", BODY_FONT, SIZES["三号"], first_chars=2, color=TO_WRITE),
    Look("目录标题", HEAD_FONT, SIZES["三号"], align="center", keep_next=True),
    Look("toc 1", BODY_FONT, SIZES["四号"], align="left", line=520, leader=True),
    Look("toc 2", BODY_FONT, SIZES["四号"], align="left", line=520, leader=True, first_chars=2),
    Look("小表头文字", HEAD_FONT, SIZES["小五"], align="center", line=SMALL_LINE),
    Look("小表格文字", BODY_FONT, SIZES["小五"], align="left", line=SMALL_LINE),
    Look("小表格数字", BODY_FONT, SIZES["小五"], align="right", line=SMALL_LINE),
    Look("小表格居中", BODY_FONT, SIZES["小五"], align="center", line=SMALL_LINE),
    Look("版记", BODY_FONT, SIZES["四号"], align="left", line=520),
    Look("分节", BODY_FONT, 1, line=20),
)
CELLS = {"left": "表格文字", "right": "表格数字", "center": "表格居中"}
HEAD_CELL = "表头文字"
LEAD = "引词"  # what stands before the first words of a part: 原因：


def add_lead_style(document: Document) -> None:
    """The character style of a lead: 楷体 within the line."""
    style = document.styles.add_style(LEAD, WD_STYLE_TYPE.CHARACTER)
    style.element.append(parse_xml(f'<w:rPr {nsdecls("w")}><w:rFonts w:eastAsia="{SUBHEAD_FONT}"/></w:rPr>'))
