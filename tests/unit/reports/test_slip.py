"""The slip as a Word form: every field of catalogue 7.4 under its heading, set so that it fits its page."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx
import pytest

from reports.documents.slip import FITS, SlipContent, build_slip, lines_of

SLIP = SlipContent(
    issuer="海盐县改革试点工作领导小组",
    number="盐均督〔2017〕3 号",
    made_on=date(2017, 8, 9),
    subject="A05b 享受职工养老待遇占比连续严重滞后",
    basis="自2017年5月起连续2个月严重滞后。依据方案三(二)。",
    category="连续严重滞后　◆ 红",
    owner="社保局",
    supporting="就业局、医保科",
    officer="张三",
    assigned_on="2017年7月20日",
    due_on="2017年8月31日（原2017年8月20日）",
    problem="须月均提高1.50个百分点。",
    requirement="提出整改措施和完成时间。",
    answer="已逐户核实。\n佐证材料：名单.xlsx",
    extensions=["2017年8月1日申请延至2017年8月31日：须税务部门配合。", "已同意（李四，2017年8月2日）。"],
    verdict="同意销号。",
    signed_by="李四　2017年7月20日",
    accepted="王五　2017年7月21日",
)
FIELDS = [
    ["督办事项", SLIP.subject],
    ["立项依据", SLIP.basis],
    ["督办类别", SLIP.category, "责任单位", SLIP.owner],
    ["配合单位", SLIP.supporting, "责任人", SLIP.officer],
    ["交办日期", SLIP.assigned_on, "办结时限", SLIP.due_on],
    ["存在问题", SLIP.problem],
    ["工作要求", SLIP.requirement],
    ["反馈情况", SLIP.answer],
    ["延期申请", "\n".join(SLIP.extensions)],
    ["审结意见", SLIP.verdict],
    ["签发人", SLIP.signed_by, "承办人签收", SLIP.accepted],
]


def opened(content: SlipContent):
    return docx.Document(io.BytesIO(build_slip(content)))


def texts(document) -> list[list[str]]:
    """The cells of each row, a merged one once."""
    return [list({id(cell._tc): cell.text for cell in row.cells}.values()) for row in document.tables[0].rows]


def size_of_text(document) -> float:
    return document.tables[0].rows[0].cells[1].paragraphs[0].style.font.size.pt


def test_every_field_stands_under_its_heading():
    document = opened(SLIP)
    assert texts(document) == FIELDS
    assert [one.text for one in document.paragraphs] == [SLIP.issuer, "督办单", "编号：盐均督〔2017〕3 号"]
    assert document.sections[0].header.paragraphs[0].text == ""


def test_a_demonstrations_slip_says_so_in_head_and_title():
    document = opened(replace(SLIP, demonstration=True))
    assert document.paragraphs[1].text == "督办单（演示数据）"
    assert document.sections[0].header.paragraphs[0].text == "演示数据，仅供系统演示，不代表真实工作情况"


def test_the_form_fills_its_page_whatever_is_said_yet():
    empty = replace(SLIP, problem="", answer="", extensions=[], verdict="", signed_by="", accepted="")
    for content in (SLIP, empty):
        rows = opened(content).tables[0].rows
        assert sum(row.height.pt for row in rows) == pytest.approx(516, abs=1)
        assert rows[7].height > rows[0].height  # the answer is given more room than the subject


@pytest.mark.parametrize(("letters", "size"), [(20, 12), (240, 10.5), (330, 9), (500, 9)])
def test_longer_texts_are_set_smaller(letters, size):
    document = opened(replace(SLIP, problem="问" * letters, requirement="求" * letters))
    assert size_of_text(document) == size


def at_their_limits(share: float) -> SlipContent:
    """Every text as long as its field takes, or a share of that."""
    limits = {"subject": 120, "basis": 300, "problem": 500, "requirement": 500, "answer": 500, "verdict": 300}
    words = {name: "字" * round(most * share) for name, most in limits.items()}
    return replace(SLIP, extensions=["延" * round(600 * share)], **words)


def test_long_texts_are_set_closer_before_the_form_takes_a_second_page():
    document = opened(at_their_limits(0.45))
    assert document.styles["督办单文字"].paragraph_format.line_spacing.pt == 11
    assert document.tables[0].rows[0].cells[0].text == "督办事项"
    assert [one.text for one in document.paragraphs][-1] == "编号：盐均督〔2017〕3 号"


def test_at_their_limits_they_flow_over_two_pages_under_the_number():
    document = opened(at_their_limits(1))
    assert document.styles["督办单文字"].paragraph_format.line_spacing.pt == 13
    head, *rows = document.tables[0].rows
    assert head.cells[0].text == "编号：盐均督〔2017〕3 号"
    assert head._tr.trPr.xpath("w:tblHeader")
    assert [one.text for one in document.paragraphs] == [SLIP.issuer, "督办单"]
    assert [row.height for row in rows] == [None] * 11  # a row breaks where the page does,
    assert [bool(row._tr.trPr is not None and row._tr.trPr.xpath("w:cantSplit")) for row in rows] == [False] * 10 + [
        True  # but for the signatures
    ]


def test_lines_are_counted_as_they_are_set():
    # 五号 in a wide field: 130 mm less 2 mm are 34.5 Hanzi of 10.5 points
    assert [lines_of("字" * n, 130, 10.5) for n in (0, 34, 35, 68, 70)] == [1, 1, 2, 2, 3]
    assert lines_of("1" * 69, 130, 10.5) == 1
    assert lines_of("一\r\n二", 130, 10.5) == 2


def test_the_same_slip_gives_the_same_bytes():
    assert build_slip(SLIP) == build_slip(SLIP)
    assert [one.size for one in FITS] == [12, 10.5, 9, 9]
