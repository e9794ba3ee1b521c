"""Files made to break the reader: each is refused with its reason, none raises anything else."""

import io
import random
import struct
import sys
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.entry import reader
from indicators.entry.parse import parse_workbook
from indicators.entry.rawbook import UploadRefused
from indicators.entry.reader import read_workbook
from indicators.entry.scan import scan

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refused(hand, content):
    with pytest.raises(UploadRefused) as caught:
        scan(hand.save(content))
    return caught.value.reasons[0]


@pytest.fixture(scope="session")
def template(hand):
    return hand.template(hand.make_sheet())


def with_data(hand, template, data, before=b""):
    """The template with its data sheet replaced by rows of raw XML."""
    xml = b'<?xml version="1.0"?>' + before + f'<worksheet xmlns="{MAIN}">'.encode() + data + b"</worksheet>"
    return hand.repack(template, {SHEET: lambda _: xml})


def rows(xml):
    return b"<sheetData>" + xml + b"</sheetData>"


def test_a_sheet_that_unpacks_without_end_is_refused_before_unpacking(hand, template):
    assert refused(hand, hand.repack(template, add=[("xl/media/a.bin", bytes(25 * 1024 * 1024))])).startswith(
        "文件解压后过大"
    )
    assert refused(hand, hand.repack(template, add=[("xl/media/a.bin", bytes(5 * 1024 * 1024))])).startswith(
        "文件解压后过大"
    )


def test_a_part_larger_than_it_declares_is_refused(hand, template):
    content = bytearray(hand.repack(template, add=[("xl/media/a.bin", bytes(19 * 1024 * 1024))]))
    for at in (content.rfind(b"PK\x01\x02") + 24,):  # the size in the archive's directory
        content[at : at + 4] = struct.pack("<I", 1000)
    assert refused(hand, bytes(content)).startswith("文件已损坏或大小不符")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("XFD1048576", "第1048576行超出允许范围（最多 20000 行、300 列；长表 200000 行）"),
        ("KO5", "KO列超出允许范围"),
        ("A16777217", "单元格地址 A16777217 超出允许范围"),
        ("AAAAAAA1", "单元格地址 AAAAAAA1 超出允许范围"),
    ],
)
def test_a_cell_far_out_is_refused(hand, template, address, reason):
    content = with_data(hand, template, rows(f'<row><c r="{address}"><v>1</v></c></row>'.encode()))
    assert refused(hand, content).startswith(reason)


@pytest.mark.parametrize(
    ("row", "address"), [("2", "A"), ("2", "-2"), ("2", "A02"), ("2", "A²"), ("10000000", "A10000000"), ("0", "A0")]
)
def test_an_address_that_is_none_is_refused_in_whatever_row_it_stands(hand, template, row, address):
    """Column A is known from the first row, so that only the rest of the address can tell."""
    xml = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{address}"><v>1</v></c></row>'
    assert refused(hand, with_data(hand, template, rows(xml.encode()))).startswith(f"单元格地址 {address} 超出允许范围")


def test_a_cell_may_stand_in_another_row_than_it_says(hand, template):
    xml = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A12"><v>7</v></c><c r="B2"><v>8</v></c></row>'
    page = scan(hand.save(with_data(hand, template, rows(xml)))).sheets[0]
    assert {place: cell.text for place, cell in page.cells.items()} == {(1, 1): "1", (12, 1): "7", (2, 2): "8"}


def test_a_lying_dimension_and_styled_blanks_far_out_do_no_harm(hand, template):
    data = b'<dimension ref="A1:XFD1048576"/>' + rows(b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>')
    book = scan(hand.save(with_data(hand, template, data)))
    assert list(book.sheets[0].cells) == [(1, 1)]


def test_a_document_type_is_refused_in_any_part(hand, template):
    laugh = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert refused(hand, with_data(hand, template, rows(b""), laugh)) == "文件含不允许的 DOCTYPE 声明"
    external = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
    assert (
        refused(hand, hand.repack(template, add=[("docProps/custom.xml", external)])) == "文件含不允许的 DOCTYPE 声明"
    )


def test_overlong_texts_are_refused(hand, template):
    long = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>"
    assert refused(hand, with_data(hand, template, rows(long))).startswith("单元格文字过长")
    shared = hand.repack(
        template,
        {"xl/sharedStrings.xml": lambda _: f'<sst xmlns="{MAIN}"><si><t>{"y" * 10**6}</t></si></sst>'.encode()},
    )
    assert refused(hand, shared).startswith("单元格文字过长")


def test_one_long_text_shared_by_thousands_of_cells_is_refused(hand, template):
    cells = b"".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>'.encode() for n in range(1, 5001))
    content = hand.repack(
        with_data(hand, template, rows(cells)),
        {"xl/sharedStrings.xml": lambda _: f'<sst xmlns="{MAIN}"><si><t>{"y" * 30_000}</t></si></sst>'.encode()},
    )
    assert refused(hand, content).startswith("单元格文字过长")


def test_odd_archives_are_refused(hand, template):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = hand.repack(template, add=[(SHEET, b"<x/>")])
    assert refused(hand, twice).startswith("文件结构异常")
    assert refused(hand, hand.repack(template, add=[("../evil.xml", b"<x/>")])).startswith("文件结构异常")
    assert refused(hand, hand.repack(template, add=[(f"a{n}.xml", b"<x/>") for n in range(1000)])).startswith(
        "文件结构异常"
    )
    locked = bytearray(template)
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    assert refused(hand, bytes(locked)).startswith("文件结构异常")


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/activeX/activeX1.xml",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
    ],
)
def test_macros_controls_and_links_are_refused(hand, template, name):
    assert refused(hand, hand.repack(template, add=[(name, b"<x/>")])) == "请另存为不含宏和外部链接的 .xlsx"


def test_a_macro_workbook_under_a_plain_name_is_refused(hand, template):
    declared = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = hand.repack(
        template,
        {
            "[Content_Types].xml": lambda part: part.replace(
                declared, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            )
        },
    )
    assert refused(hand, macro) == "请另存为不含宏和外部链接的 .xlsx"
    word = hand.repack(template, {"[Content_Types].xml": lambda part: part.replace(declared, b"text/xml")})
    assert refused(hand, word).startswith("不是 .xlsx 工作簿")


def test_what_is_no_workbook_at_all(hand, template):
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)
    assert refused(hand, ole).startswith("不是 .xlsx 文件（可能是 .xls 或 .et）")
    assert refused(hand, ole + "EncryptedPackage".encode("utf-16-le")) == "文件有打开密码，请取消后再传"
    assert refused(hand, "区划,人数\n1,2\n".encode()).startswith("不是 .xlsx 文件")
    assert refused(hand, b"") == "没有可导入的数据：文件是空的"
    assert refused(hand, b"PK\x03\x04" + bytes(6 * 1024 * 1024)) == "文件过大（上限 5 MB）"
    assert refused(hand, template[: len(template) // 2]).startswith("文件已损坏")


@pytest.mark.parametrize(
    "xml",
    [
        b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',  # one address twice
        b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>',  # a shared text that is not there
        b'<row r="1"><c r="A1" t="zz"><v>1</v></c></row>',
        b'<row r="x"><c><v>1</v></c></row>',
        b"<row" + b"><a" * 80 + b"/>" + b"</a>" * 79 + b"</row>",
        b'<row r="1"><c r="A1"><v>\xff\xfe</v></c></row>',
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(hand, template, xml):
    assert refused(hand, with_data(hand, template, rows(xml))).startswith("文件结构异常")


def test_rich_phonetic_inline_and_escaped_texts_read_as_seen(hand, template):
    xml = (
        '<row r="1"><c t="inlineStr"><is><r><t>百</t></r><r><t>步</t></r><rPh sb="0" eb="1"><t>bu</t></rPh></is></c>'
        '<c t="str"><f>A1</f><v>_x0041_b</v></c><c t="inlineStr"><is><t>_xD800_</t></is></c><c t="b"><v>1</v></c>'
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><v>0.1</v></c><c><f>B2</f></c></row>'
    )
    page = scan(hand.save(with_data(hand, template, rows(xml.encode())))).sheets[0]
    assert [page.text(1, at) for at in range(1, 8)] == ["百步", "Ab", "\ufffd", "1", "#DIV/0!", "0.1", ""]
    assert [page.cells[1, at].kind for at in (4, 5, 6)] == ["boolean", "error", "number"]
    assert page.cells[1, 7].formula
    assert not page.cells[1, 7].cached


def test_strict_namespaces_and_missing_styles_are_read(hand, template):
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    xml = b'<worksheet xmlns="' + strict + b'"><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>'
    content = hand.repack(template, {SHEET: lambda _: xml})
    assert scan(hand.save(content)).sheets[0].text(1, 1) == "7"


def test_the_child_hands_over_what_the_scan_saw(hand):
    def edit(page, _book):
        page["C9"], page["C9"].number_format = 0.5, "0%"
        page["D9"] = "#N/A"
        page.merge_cells("H9:I9")
        page.row_dimensions[10].hidden = True
        page.column_dimensions["E"].hidden = True

    path = hand.save(hand.fill(hand.template(hand.make_sheet()), edit))
    assert read_workbook(path) == scan(path)


def test_the_child_is_stopped_when_it_needs_too_much(hand, template, monkeypatch):
    path = hand.save(template)
    with pytest.raises(UploadRefused, match="无法读取"):
        read_workbook(path, memory=8 * 1024 * 1024)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(UploadRefused, match="无法读取"):
        read_workbook(path)


def test_a_child_that_hangs_is_ended(hand, template, monkeypatch, tmp_path):
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 20\n")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    with pytest.raises(UploadRefused, match="超时"):
        read_workbook(hand.save(template), timeout=1)


def test_an_unfinished_tale_is_refused():
    with pytest.raises(UploadRefused, match="无法读取"):
        reader.workbook_of([b'{"cells": []}'])


def test_a_refusal_passes_through_the_child(hand, template):
    content = with_data(hand, template, rows(b'<row><c r="XFD1048576"><v>1</v></c></row>'))
    with pytest.raises(UploadRefused, match="第1048576行超出允许范围"):
        read_workbook(hand.save(content))


def mutated(content, seed):
    """The template with bytes changed in the archive or within one of its parts."""
    dice = random.Random(seed)
    if dice.random() < 0.4:
        data = bytearray(content)
        for _ in range(dice.randint(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        return bytes(data[: dice.randrange(len(data))] if dice.random() < 0.1 else data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        victim = dice.choice(source.namelist())
        for name in source.namelist():
            part = bytearray(source.read(name))
            for _ in range(dice.randint(1, 4) if name == victim and part else 0):
                at = dice.randrange(len(part))
                length = dice.randint(0, 3)
                part[at : at + length] = dice.choice([b"", b"9", b"<", b"&#0;", b'"', b"\xd8\x00", b"A1", b"s", b"E+9"])
            target.writestr(name, bytes(part))
    return out.getvalue()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**9))
def test_no_mutated_template_raises_anything_but_a_refusal(hand, seed):
    sheet = hand.make_sheet(values={hand.at(hand.second, "D22"): hand.cell(5)})
    path = hand.save(mutated(hand.template(sheet), seed), "mutated.xlsx")
    said = outcome(hand, sheet, path)
    assert len(said) <= 200
    assert all(said)


def outcome(hand, sheet, path):
    """The reasons of a refusal, or the rules of the problems found."""
    try:
        return [problem.rule for problem in parse_workbook(sheet, scan(path), hand.key).problems]
    except UploadRefused as refusal:
        return refusal.reasons


def test_a_large_honest_workbook_is_read_in_time(hand):
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("大表")
    for number in range(2_000):
        page.append([number + 0.5] * 20)
    out = io.BytesIO()
    book.save(out)
    raw = read_workbook(hand.save(out.getvalue(), "large.xlsx"))
    assert len(raw.sheets[0].cells) == 40_000
