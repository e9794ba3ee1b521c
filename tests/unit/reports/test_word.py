"""The evaluation report as Word reads it: page and styles of an official document, the very texts of the pages."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from reports.content import CorrectionLine
from reports.documents.word import build_evaluation_report
from tests.unit.reports.samples import CONTENT, JOBS, large_content

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def report() -> bytes:
    return build_evaluation_report(CONTENT)


@pytest.fixture(scope="module")
def document(report):
    return docx.Document(io.BytesIO(report))


def part(data: bytes, name: str):
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))


def texts(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def rows(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def millimetres(length) -> float:
    return round(length / Mm(1), 1)


def test_the_page_is_a4_with_the_margins_of_the_standard(document):
    section = document.sections[0]
    assert (millimetres(section.page_width), millimetres(section.page_height)) == (210, 297)
    margins = section.top_margin, section.left_margin, section.right_margin, section.bottom_margin
    assert [millimetres(one) for one in margins] == [37, 28, 26, 35]


def test_the_grid_is_22_lines_by_28_characters(document):
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    assert {key.removeprefix(W): value for key, value in grid.attrib.items()} == {
        "type": "linesAndChars",
        "linePitch": "579",
        "charSpace": "-848",
    }


@pytest.mark.parametrize(
    ("name", "font", "half_points", "indent"),
    [
        ("Normal", "仿宋_GB2312", "32", "200"),
        ("Title", "方正小标宋简体", "44", "0"),
        ("Heading 1", "黑体", "32", "200"),
        ("Heading 2", "楷体_GB2312", "32", "200"),
        ("Footer", "宋体", "28", "0"),
        ("表头文字", "黑体", "21", "0"),
    ],
)
def test_a_style_has_its_font_size_and_indent(document, name, font, half_points, indent):
    style = document.styles[name].element
    fonts = style.find(f"{W}rPr/{W}rFonts")
    assert (fonts.get(f"{W}eastAsia"), fonts.get(f"{W}ascii")) == (font, "Times New Roman")
    assert style.find(f"{W}rPr/{W}sz").get(f"{W}val") == half_points
    assert style.find(f"{W}pPr/{W}ind").get(f"{W}firstLineChars") == indent


def test_body_lines_have_the_exact_pitch_of_the_grid(document):
    spacing = document.styles["Normal"].element.find(f"{W}pPr/{W}spacing")
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("579", "exact")


def test_headings_are_real_headings_in_official_numbering(document):
    found = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert found == [
        ("Heading 1", "一、试点基本情况"),
        ("Heading 1", "二、目标完成情况"),
        ("Heading 2", "（一）总体情况"),
        ("Heading 2", "（二）指标完成情况"),
        ("Heading 2", "（三）更正情况"),
        ("Heading 1", "三、任务进展"),
    ]


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(document):
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text.startswith("— ")
        assert paragraph.text.endswith(" —")
        assert paragraph._p.find(f".//{W}instrText").text == "PAGE"
        assert paragraph._p.find(f"{W}pPr/{W}jc").get(f"{W}val") == align
        assert paragraph._p.find(f"{W}pPr/{W}ind").get(f"{W}{align}Chars") == "100"


def test_the_core_indicators_are_listed_with_the_printed_values(document):
    head, *lines = rows(document.tables[0])
    assert head == ["编号", "指标", "单位", "目标", "完成值", "完成情况", "状态"]
    core = CONTENT.core_rows
    assert [line[0] for line in lines] == ["A01", "A03", "A05b", "A06", "A20"]
    assert [line[4] for line in lines] == [row.value_text for row in core]
    assert [line[3] for line in lines] == [row.target_text for row in core]
    assert [line[6] for line in lines] == ["● 达序时", "✓ 已达标", "◆ 严重滞后", "▲ 滞后", "○ 数据不全"]
    assert lines[1][1] == "城镇登记失业率*"  # 待确认


def test_the_attachment_lists_every_indicator_with_its_parts(document):
    lines = rows(document.tables[2])[1:]
    assert [line[4] for line in lines] == [row.value_text for row in CONTENT.indicator_rows]
    assert lines[1][2:4] == ["1,179", "40,837"]
    assert lines[0][2:4] == ["—", "—"]


def test_every_table_repeats_its_head_and_splits_no_row(document):
    assert len(document.tables) == 4
    for table in document.tables:
        first, *others = [row._tr for row in table.rows]
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, *others))
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)


def test_numbers_are_set_to_the_right(document):
    cell = document.tables[0].rows[1].cells[4]
    assert cell.paragraphs[0].style.name == "表格数字"
    assert cell.paragraphs[0].style.element.find(f"{W}pPr/{W}jc").get(f"{W}val") == "right"


def test_captions_stand_above_tables_and_below_the_chart(document):
    body = list(document.element.body)
    styles = [child.find(f"{W}pPr/{W}pStyle") for child in body]
    names = ["" if style is None else style.get(f"{W}val") for style in styles]
    chart = next(place for place, child in enumerate(body) if child.find(f".//{W}drawing") is not None)
    assert "".join(text.text for text in body[chart + 1].iter(f"{W}t")) == "图1　每年新增城镇就业本年累计（演示数据）"
    first_table = next(place for place, child in enumerate(body) if child.tag == f"{W}tbl")
    assert "Caption" in names[first_table - 2 : first_table]


def test_the_chart_is_native_named_and_carries_its_workbook(report):
    drawing = part(report, "word/document.xml").find(f".//{W}drawing")
    assert "6月为4080" in drawing.find(".//{*}docPr").get("descr")
    chart = part(report, "word/charts/chart1.xml")
    assert [v.text for v in chart.findall(".//{*}ser")[0].findall(".//{*}val//{*}v")] == [
        "620", "1210", "1990", "2700", "3400", "4080",
    ]  # fmt: skip
    assert {ea.get("typeface") for ea in chart.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}ea")} == {
        "仿宋_GB2312"
    }
    book = zipfile.ZipFile(io.BytesIO(report)).read("word/embeddings/chart1.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[1]] == [None, "本年累计", "时序进度"]
    assert [cell.value for cell in sheet[7]] == ["6月", 4080, 3400]
    assert sheet["B8"].value is None


def test_attachments_begin_on_new_pages(document):
    heads = [paragraph for paragraph in document.paragraphs if paragraph.style.name == "附件标识"]
    assert [paragraph.text for paragraph in heads] == ["附件1", "附件2"]
    assert document.styles["附件标识"].element.find(f"{W}pPr/{W}pageBreakBefore") is not None
    assert "附件：1.指标数据" in texts(document)


def test_a_single_attachment_has_no_number():
    found = texts(docx.Document(io.BytesIO(build_evaluation_report(replace(CONTENT, months=())))))
    assert "附件：指标数据" in found
    assert "附件" in found


def test_the_issuer_signs_above_the_date(document):
    found = texts(document)
    place = found.index("海盐县人力资源和社会保障局")
    assert found[place + 1] == "2017年7月17日"


def test_demonstration_data_is_marked_on_every_page_and_under_every_table(document):
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        assert "演示数据" in header.paragraphs[0].text
    assert sum("演示数据" in paragraph.text for paragraph in document.paragraphs) >= 1 + len(document.tables)


def test_real_data_carries_no_such_mark():
    real = docx.Document(io.BytesIO(build_evaluation_report(replace(CONTENT, demonstration=False))))
    assert not any("演示" in text for text in texts(real))
    assert real.sections[0].header.paragraphs[0].text == ""


def test_the_file_names_its_title_and_nobody(report, document):
    properties = document.core_properties
    assert properties.title == "海盐县就业和社会保障基本公共服务均等化改革试点工作总结评估报告"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.language == "zh-CN"
    assert str(properties.created.date()) == "2017-07-17"
    assert not [name for name in zipfile.ZipFile(io.BytesIO(report)).namelist() if "thumbnail" in name]


def test_the_same_release_gives_the_same_file(report):
    assert build_evaluation_report(CONTENT) == report


def test_without_chart_tasks_and_corrections_it_still_stands():
    bare = replace(CONTENT, chart=None, tasks=(), months=(), corrections=(), document_number="", indicator_rows=())
    found = texts(docx.Document(io.BytesIO(build_evaluation_report(bare))))
    assert "本期没有核心指标数据。" in found
    assert "本期没有任务数据。" in found
    assert not any(text.startswith("图1") for text in found)


def test_a_figure_corrected_twice_is_one_place_with_both_corrections_below():
    net = CorrectionLine("2017年3月", "百步镇", "D01 城镇新就业", "120", "118", "少计一人", "全县 1,040 → 1,038")
    first = replace(
        net, new_text="117", reason="重复登记", county_text="全县 1,040 → 1,037", approver="张三",
        lights_text="A01 达序时 → 滞后", step="第1次",
    )  # fmt: skip
    second = replace(net, old_text="117", county_text="全县 1,037 → 1,038", approver="李四", step="第2次")
    found = texts(
        docx.Document(io.BytesIO(build_evaluation_report(replace(CONTENT, corrections=(net, first, second)))))
    )
    at = found.index("与上一次发布相比，以前月份的数据更正1处。")
    assert found[at + 1 : at + 4] == [
        "2017年3月百步镇D01 城镇新就业由120更正为118，理由：少计一人；全县 1,040 → 1,038。",
        "其中第1次由120更正为117，理由：重复登记；审核人：张三；全县 1,040 → 1,037；A01 达序时 → 滞后。",
        "其中第2次由117更正为118，理由：少计一人；审核人：李四；全县 1,037 → 1,038。",
    ]


def test_a_month_with_a_changed_definition_is_marked_and_the_mark_explained():
    changed = replace(CONTENT, months=tuple(replace(one, changed=True) for one in CONTENT.months[-1:]))
    found = docx.Document(io.BytesIO(build_evaluation_report(changed)))
    assert any(
        cell.text == f"{changed.months[0].value_text}#" for cell in found.tables[-1]._cells
    )  # fmt: skip
    assert any("标“#”的月份起口径变更，与以前各月不可比" in text for text in texts(found))
    assert not any("#" in text for text in texts(docx.Document(io.BytesIO(build_evaluation_report(CONTENT)))))


def test_hostile_text_stays_text():
    chart = replace(CONTENT.chart, title="=1+1", categories=("=cmd|' /C calc'!A0", *CONTENT.chart.categories[1:]))
    line = replace(JOBS, name="</w:t>\x00<b>&", owner="=1")
    data = build_evaluation_report(replace(CONTENT, chart=chart, indicator_rows=(line,)))
    assert rows(docx.Document(io.BytesIO(data)).tables[0])[1][1] == "</w:t><b>&"
    book = zipfile.ZipFile(io.BytesIO(zipfile.ZipFile(io.BytesIO(data)).read("word/embeddings/chart1.xlsx")))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_report_of_full_size_keeps_every_row():
    document = docx.Document(io.BytesIO(build_evaluation_report(large_content())))
    assert [len(table.rows) - 1 for table in document.tables] == [22, 32, 45, 45]


@pytest.mark.parametrize(("kind", "element"), [("line", "lineChart"), ("column", "barChart"), ("bar", "barChart")])
def test_each_kind_of_chart_is_drawn_with_square_corners(kind, element):
    data = build_evaluation_report(replace(CONTENT, chart=replace(CONTENT.chart, kind=kind)))
    chart = part(data, "word/charts/chart1.xml")
    assert chart.find(f".//{{*}}{element}") is not None
    assert chart.find("{*}roundedCorners").get("val") == "0"
