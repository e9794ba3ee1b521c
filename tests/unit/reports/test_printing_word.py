"""A manuscript as Word reads it: the page of the standard, real styles, keys on figures, pages on their side."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from reports import printing
from reports.manuscript import Attachment, Column, Figure, Heading, Manuscript, Paragraph, Table
from tests.unit.reports.manuscripts import BARE, GAP_KEY, KEY, MONTHLY, RICH

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
SIDE = ("297", "210")


@pytest.fixture(scope="module")
def report() -> bytes:
    return printing.word(RICH)


@pytest.fixture(scope="module")
def document(report):
    return docx.Document(io.BytesIO(report))


@pytest.fixture(scope="module")
def draft():
    return docx.Document(io.BytesIO(printing.word(replace(RICH, draft=True, signed_on=None, issue=""))))


def opened(manuscript: Manuscript):
    return docx.Document(io.BytesIO(printing.word(manuscript)))


def part(data: bytes, name: str):
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))


def texts(document) -> list[str]:
    return ["".join(text.text or "" for text in p._p.iter(qn("w:t"))) for p in document.paragraphs]


def styled(document, *names: str) -> list[tuple[str, str]]:
    found = zip(document.paragraphs, texts(document), strict=True)
    return [(paragraph.style.name, text) for paragraph, text in found if paragraph.style.name in names]


def millimetres(*lengths) -> list[int]:
    return [round(length / Mm(1)) for length in lengths]


def test_every_upright_page_is_a4_with_the_margins_and_the_grid_of_the_standard(document):
    upright = [section for section in document.sections if section.page_width < section.page_height]
    assert len(upright) == 3  # contents, body, the last attachment
    for section in upright:
        assert millimetres(section.page_width, section.page_height) == [210, 297]
        margins = section.top_margin, section.left_margin, section.right_margin, section.bottom_margin
        assert millimetres(*margins) == [37, 28, 26, 35]
        grid = section._sectPr.find(qn("w:docGrid"))
        assert {key.removeprefix(W): value for key, value in grid.attrib.items()} == {
            "type": "linesAndChars",
            "linePitch": "579",
            "charSpace": "-848",
        }


def test_a_wide_table_lies_on_a_page_on_its_side_with_its_attachment_head(document):
    side = [section for section in document.sections if section.page_width > section.page_height]
    assert len(side) == 1
    assert millimetres(side[0].page_width, side[0].page_height) == [297, 210]
    # the upright page turned a quarter to the right: 28 mm above, 26 below, 35 left, 37 right
    margins = side[0].top_margin, side[0].bottom_margin, side[0].left_margin, side[0].right_margin
    assert millimetres(*margins) == [28, 26, 35, 37]
    heads = [text for style, text in styled(document, "附件标识")]
    assert heads == ["附件1", "附件2"]
    body = [child for child in document.element.body if child.tag != f"{W}sectPr"]
    ends = [place for place, child in enumerate(body) if child.find(f"{W}pPr/{W}sectPr") is not None]
    first = next(n for n, child in enumerate(body) if "".join(t.text for t in child.iter(f"{W}t")) == "附件1")
    assert ends[1] == first - 1  # the upright section ends right before the attachment


@pytest.mark.parametrize(("footer", "align"), [("footer", "right"), ("even_page_footer", "left")])
def test_page_numbers_stand_outside_on_upright_pages(document, footer, align):
    assert document.settings.odd_and_even_pages_header_footer
    for section in (document.sections[0], document.sections[1], document.sections[3]):
        paragraph = getattr(section, footer).paragraphs[0]
        assert "".join(t.text for t in paragraph._p.iter(f"{W}t")) == "— 1 —"
        assert paragraph._p.find(f".//{W}instrText").text == "PAGE"
        assert paragraph._p.find(f"{W}pPr/{W}jc").get(f"{W}val") == align
        assert paragraph._p.find(f"{W}pPr/{W}ind").get(f"{W}{align}Chars") == "100"


@pytest.mark.parametrize(("footer", "align"), [("footer", "right"), ("even_page_footer", "left")])
def test_on_a_page_on_its_side_the_number_is_turned_and_stands_where_the_others_have_it(document, footer, align):
    box = getattr(document.sections[2], footer).paragraphs[0]._p.find(".//{*}anchor")
    assert box.find(".//{*}bodyPr").get("vert") == "vert"
    # 7 mm left of the type area (35 mm) is 28 mm, the middle of a box of 10 mm that begins at 23
    assert [int(offset.text) for offset in box.iter("{*}posOffset")] == [Mm(23), Mm(28)]
    assert box.find(f".//{W}instrText").text == "PAGE"
    assert box.find(f".//{W}jc").get(f"{W}val") == align


def test_headings_are_real_with_their_outline_levels(document):
    found = styled(document, *(f"Heading {level}" for level in range(1, 5)))
    assert found == [
        ("Heading 1", "一、试点基本情况"),
        ("Heading 1", "二、目标完成情况"),
        ("Heading 2", "（一）就业政策城乡一体"),
        ("Heading 3", "1.每年新增城镇就业"),
        ("Heading 4", "（1）分镇情况"),
        ("Heading 1", "三、存在问题"),
    ]
    for level, font in ((1, "黑体"), (2, "楷体_GB2312"), (3, "仿宋_GB2312"), (4, "仿宋_GB2312")):
        style = document.styles[f"Heading {level}"].element
        assert style.find(f"{W}pPr/{W}outlineLvl").get(f"{W}val") == str(level - 1)
        assert style.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == font
        assert style.find(f"{W}rPr/{W}sz").get(f"{W}val") == "32"


def test_each_figure_stands_in_a_control_nobody_sees_with_its_key(report):
    controls = part(report, "word/document.xml").findall(f".//{W}sdt")
    found = [
        (control.find(f"{W}sdtPr/{W}tag").get(f"{W}val"), "".join(t.text for t in control.iter(f"{W}t")))
        for control in controls
    ]
    assert found == [(figure.key, figure.text) for figure in RICH.figures()]
    assert found[0] == (KEY, "4,080")
    assert (GAP_KEY, "−0.30") in found
    assert {control.find(f"{W}sdtPr/{W15}appearance").get(f"{W15}val") for control in controls} == {"hidden"}
    ids = [control.find(f"{W}sdtPr/{W}id").get(f"{W}val") for control in controls]
    assert len(set(ids)) == len(ids)


def test_a_key_longer_than_word_allows_leaves_the_figure_alone():
    data = printing.word(replace(BARE, blocks=(Paragraph((Figure("7", "k" * 65), Figure("8", "k" * 64))),)))
    assert [tag.get(f"{W}val") for tag in part(data, "word/document.xml").iter(f"{W}tag")] == ["k" * 64]
    assert "78" in texts(docx.Document(io.BytesIO(data)))


def test_the_contents_are_lines_whose_pages_are_fields_without_a_value_yet(document):
    lines = styled(document, "toc 1", "toc 2")
    assert lines == [
        ("toc 1", "一、试点基本情况"),
        ("toc 1", "二、目标完成情况"),
        ("toc 2", "（一）就业政策城乡一体"),
        ("toc 1", "三、存在问题"),
        ("toc 1", "附件1　逐月数据"),
        ("toc 1", "附件2　典型案例"),
    ]
    codes = [code.text.strip() for code in document.element.body.iter(f"{W}instrText")]
    marks = [f"_part_{number}" for number in (1, 2, 3, 6)] + ["_attachment_1", "_attachment_2"]
    assert codes[:6] == [rf"PAGEREF {mark} \h" for mark in marks]
    assert document.settings.element.find(f"{W}updateFields").get(f"{W}val") == "true"
    links = {link.get(f"{W}anchor") for link in document.element.body.iter(f"{W}hyperlink")}
    marks = {mark.get(f"{W}name") for mark in document.element.body.iter(f"{W}bookmarkStart")}
    assert len(links) == 6
    assert links <= marks


def test_without_contents_nothing_asks_to_be_updated():
    document = opened(BARE)
    assert document.settings.element.find(f"{W}updateFields") is None
    assert not styled(document, "toc 1", "目录标题")


def test_captions_count_by_fields(document):
    assert [text for _, text in styled(document, "Caption")] == ["表1　核心指标完成情况", "附表1　逐月数据"]
    codes = [code.text.strip() for code in document.element.body.iter(f"{W}instrText")][6:]
    assert codes == [
        r"SEQ 表 \* ARABIC", r"SEQ 图 \* ARABIC", r"SEQ 图 \* ARABIC", r"SEQ 图 \* ARABIC", r"SEQ 附表 \* ARABIC",
    ]  # fmt: skip


def test_a_caption_out_of_its_order_keeps_the_number_it_was_given():
    table = Table("表3　人数", (Column("人", 20),), ((("1",),),))
    codes = [code.text.strip() for code in opened(replace(BARE, blocks=(table,))).element.body.iter(f"{W}instrText")]
    assert codes == [r"SEQ 表 \* ARABIC \r 3"]


def test_charts_and_tables_tell_what_they_show(report):
    body = part(report, "word/document.xml")
    assert [one.get("descr") for one in body.iter("{*}docPr")][:3] == [
        "折线图：6月为4,080人，时序为3,400人。", "条形图：通元最高，97.96%。", "柱形图：二季度城镇1,350人次。",
    ]  # fmt: skip
    assert [one.get(f"{W}val") for one in body.iter(f"{W}tblCaption")] == ["表1　核心指标完成情况", "附表1　逐月数据"]
    names = zipfile.ZipFile(io.BytesIO(report)).namelist()
    assert sum(name.startswith("word/embeddings/chart") for name in names) == 3


def test_tables_repeat_their_head_and_split_no_row(document):
    assert [len(table.rows) for table in document.tables] == [3, 41]
    for table in document.tables:
        first, *others = table._tbl.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, *others))
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)


def test_a_short_table_stays_on_one_page_and_a_long_one_parts_only_amid_its_rows():
    def kept(rows: int, notes: tuple[str, ...]) -> list[bool]:
        table = Table("表1　人数", (Column("人", 20),), ((("1",),),) * rows, notes=notes)
        made = opened(replace(BARE, blocks=(table,))).tables[0]._tbl.findall(f"{W}tr")
        return [row.find(f".//{W}keepNext") is not None for row in made]

    assert kept(12, ()) == [True] * 12 + [False]  # the head first
    assert kept(12, ("注。",)) == [True] * 13
    assert kept(13, ("注。",)) == [True] * 3 + [False] * 8 + [True] * 3


def test_a_month_in_a_narrow_column_stays_whole():
    columns = tuple(Column(f"2016-{month:02d}", 13.5) for month in range(1, 13))
    made = opened(replace(BARE, blocks=(Table("表1", columns, ((("1",),) * 12,)),)))
    # 13.5 mm less 2.2 for seven characters: of 0.55 × 9 pt 12.2 mm, of 0.55 × 7.5 pt 10.2 mm
    assert made.tables[0].rows[0]._tr.find(f".//{W}pStyle").get(f"{W}val") == made.styles["六号表头文字"].style_id


def test_a_table_is_set_smaller_where_its_numbers_would_break(document):
    def number_style(table):
        return table.rows[1]._tr.findall(f".//{W}pStyle")[-1].get(f"{W}val")

    # 13.5 mm less 2.2 for 40,012: six characters of 0.55 × 10.5 pt are 12.2 mm, of 0.55 × 9 pt 10.5 mm
    assert number_style(document.tables[1]) == document.styles["小五表格数字"].style_id
    assert document.styles["小五表格数字"].element.find(f"{W}rPr/{W}sz").get(f"{W}val") == "18"
    wide = replace(MONTHLY, columns=tuple(replace(one, width=20.0) for one in MONTHLY.columns))
    assert number_style(opened(replace(BARE, blocks=(wide,))).tables[0]) == document.styles["表格数字"].style_id


def test_a_final_prints_no_empty_part_and_no_mark(document):
    assert not any("待写" in text or "请核对" in text or "征求意见稿" in text for text in texts(document))
    assert "原因：上半年招聘活动多。" in texts(document)
    assert not any(text.startswith("下一步：") for text in texts(document))


def test_a_draft_says_so_on_every_page_and_names_what_is_to_be_written(draft):
    assert texts(draft)[0] == "征求意见稿"
    assert styled(draft, "待写") == [("待写", "下一步：（待写：下一步）")]
    assert any(text.endswith("（本段写成后所涉数据有变动，请核对）") for text in texts(draft))
    for section in draft.sections:
        for header in (section.header, section.even_page_header):
            assert header.paragraphs[0].text == "征求意见稿　　演示数据，仅供系统演示，不代表真实工作情况"


def test_the_head_has_issuer_issue_and_number_above_the_title(document):
    found = [text for text in texts(document) if text][:5]
    assert found == [
        "海盐县人力资源和社会保障局",
        "第6期",
        "盐人社〔2017〕61号",
        "海盐县就业和社会保障基本公共服务均等化改革试点工作总结评估报告",
        "（2017年6月，第1版发布数据）",
    ]
    assert ("主送机关", "各镇人民政府、街道办事处，县级有关部门：") in styled(document, "主送机关")


def test_a_plain_report_has_no_red_head_and_no_copies():
    assert [text for text in texts(opened(BARE)) if text] == ["月度通报", "本期没有数据。", "海盐县人社局"]


def test_the_end_has_attachments_signature_and_copies(document):
    found = texts(document)
    assert "附件：1.逐月数据" in found
    assert "2.典型案例" in found
    signed = found.index("2017年7月5日")
    assert found[signed - 1] == "海盐县人力资源和社会保障局"
    box = document.paragraphs[-1]._p
    lines = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in box.find(f".//{W}txbxContent")]
    assert lines == ["报：县政府。", "送：各镇（街道）、县级有关部门。", "海盐县人力资源和社会保障局2017年7月5日印发"]
    assert [one.text for one in box.iter("{*}align")] == ["left", "bottom"]


def test_a_wide_table_in_the_body_turns_its_page_and_back():
    document = opened(replace(BARE, blocks=(Heading(1, "一、前"), MONTHLY, Heading(1, "二、后"))))
    sizes = [tuple(map(str, millimetres(s.page_width, s.page_height))) for s in document.sections]
    assert sizes == [("210", "297"), SIDE, ("210", "297")]


def test_a_wide_table_at_the_very_end_needs_no_more_sections():
    attached = replace(BARE, attachments=(Attachment("数据", (MONTHLY,)),))
    sizes = [tuple(map(str, millimetres(s.page_width, s.page_height))) for s in opened(attached).sections]
    assert sizes == [("210", "297"), SIDE]


def test_a_wide_table_right_after_the_contents_begins_its_own_page():
    document = opened(replace(BARE, blocks=(MONTHLY, Heading(1, "一、后")), contents=True))
    sizes = [tuple(map(str, millimetres(s.page_width, s.page_height))) for s in document.sections]
    assert sizes == [("210", "297"), SIDE, ("210", "297")]
    assert max(len(one.findall(f"{W}sectPr")) for one in document.element.body.iter(f"{W}pPr")) == 1


def test_hostile_text_stays_text():
    hostile = '</w:t>\x00<w:b/>&"\ud800'
    blocks = (
        Heading(1, hostile), Paragraph((hostile, Figure(hostile, hostile))),
        Table(hostile, (Column(hostile, 40),), (((hostile,),),)),
    )  # fmt: skip
    found = texts(opened(replace(BARE, title=hostile, blocks=blocks, recipients=hostile)))
    assert found.count('</w:t><w:b/>&"') == 3
    assert '</w:t><w:b/>&"' * 2 in found


def test_the_same_manuscript_gives_the_same_file(report):
    assert printing.word(RICH) == report


def test_a_document_that_is_not_signed_has_no_day_of_its_own():
    properties = etree.tostring(opened(BARE).core_properties._element).decode()
    assert "created" not in properties
    assert "modified" not in properties
