"""The twenty-five cases of a workbook sent (reliability plan, 4.1): each by its number, with its exact message.

All go through the page that takes it. `refused` holds for each what must hold for all: 422, the reason on the page,
nothing saved, one record 表格导入被拒, no file left over. How the scan does it is proved in the unit tests.
The scan runs here without its child, which hands over what the scan saw (proved there) and costs half a second a file.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bureau.models import AuditEvent
from indicators.entry import sheets, uploads
from indicators.entry.longform import write_long
from indicators.entry.template import DATA_SHEET, write_template
from indicators.models import BalanceRule, Entry, SoftRule, Submission
from tests.integration.entry.browsing import url_of
from tests.integration.factories import E1, E2, EAST, START, W2, WEST, approved, fill
from tests.integration.harm.workbooks import addresses, filled, template

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scan_here")]
SHEET = ("village", EAST, START)
DATA = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)
JOBS, WORK = (E1, "D22"), (E1, "D23")


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> Path:
    """A folder of its own for what the web server puts aside."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploading"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.FILE_UPLOAD_TEMP_DIR


@pytest.fixture
def blank(clerk) -> bytes:
    return template(clerk, *SHEET)


def send(clerk, content: bytes, url: str = f"{url_of(*SHEET)}upload/", name: str = "a.xlsx"):
    return clerk.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)


def said(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def kept_aside(settings) -> list[Path]:
    """Files that should not be there: put aside by the server, or written by halves."""
    return [*settings.FILE_UPLOAD_TEMP_DIR.iterdir(), *settings.FILES_ROOT.rglob("*.part")]


@pytest.fixture
def refused(clerk, settings) -> Callable[..., str]:
    def sent(content: bytes, *reasons: str, **more) -> str:
        """The page that refuses the content with these reasons."""
        records, before = AuditEvent.objects.filter(act="upload.refused"), Entry.objects.count()
        already = records.count()
        answer = send(clerk, content, **more)
        page = said(answer)
        assert answer.status_code == 422, page
        assert [reason for reason in reasons if reason not in page] == [], page
        assert Entry.objects.count() == before
        assert records.count() == already + 1
        assert not records.latest("sequence").succeeded
        assert kept_aside(settings) == []
        return page

    return sent


def accepted(clerk, content: bytes, **more):
    answer = send(clerk, content, **more)
    assert answer.status_code == 200, said(answer)
    assert not Entry.objects.exists(), "a preview writes nothing"
    return answer


def edited(content: bytes, edit: Callable) -> bytes:
    """The workbook after `edit(data sheet, workbook)`."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book[DATA_SHEET], book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, parts: Mapping[str, Callable[[bytes], bytes]] | None = None, add=()) -> bytes:
    """The package with parts rewritten, and others (name, bytes) at its end."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, (parts or {}).get(name, bytes)(source.read(name)))
        for name, part in add:
            target.writestr(name, part)
    return out.getvalue()


def with_cell(content: bytes, address: str, xml: str) -> bytes:
    """The workbook whose data sheet has this raw cell."""
    pattern = rb'<c r="%b"[^>]*?(?:/>|>.*?</c>)' % address.encode()
    return repacked(content, {DATA: lambda part: re.sub(pattern, xml.encode(), part, count=1)})


def texts(content: bytes, values: Mapping[tuple[str, str], object]) -> bytes:
    """The workbook with values by place and column code."""
    where = addresses(content)
    return filled(content, {where[key]: value for key, value in values.items()})


@pytest.mark.parametrize("case", range(1, 26))
def test_every_case_has_its_proof(case):
    assert f"def test_case_{case}_" in Path(__file__).read_text(encoding="utf-8")


def test_case_1_packed_without_end(blank, refused):
    assert refused(repacked(blank, add=[("xl/media/a.bin", bytes(25 * 1024 * 1024))]), "文件解压后过大（上限 20 MB）")


def test_case_2_larger_than_it_declares(blank, refused):
    content = bytearray(repacked(blank, add=[("xl/media/a.bin", bytes(3 * 1024 * 1024))]))
    at = content.rfind(b"PK\x01\x02") + 24  # the size in the archive's directory
    content[at : at + 4] = struct.pack("<I", 1000)
    assert refused(bytes(content), "文件已损坏或大小不符，请用表格软件重新另存为 .xlsx 后再传")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("XFD1048576", "第1048576行超出允许范围（最多 20000 行、300 列；长表 200000 行）"),
        ("A16777217", "单元格地址 A16777217 超出允许范围"),
        ("AAAAAAA1", "单元格地址 AAAAAAA1 超出允许范围"),
    ],
)
def test_case_3_a_cell_far_out(blank, refused, address, reason):
    assert refused(with_cell(blank, "A1", f'<c r="{address}"><v>1</v></c>'), reason)


def test_case_4_a_dimension_that_lies_is_not_believed(clerk, blank):
    lying = {DATA: lambda part: re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>', part)}
    answer = accepted(clerk, repacked(texts(blank, {JOBS: 12}), lying))
    assert [row["new"] for row in answer.context["changes"]] == ["12"]


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">', '<!ENTITY e SYSTEM "file:///etc/passwd">']
)
def test_case_5_a_document_type(blank, refused, entity):
    typed = f"<!DOCTYPE x [{entity}]>".encode()
    assert refused(repacked(blank, {DATA: lambda part: part.replace(b"<worksheet", typed + b"<worksheet", 1)}),
            "文件含不允许的 DOCTYPE 声明")  # fmt: skip


def test_case_6_texts_too_long(blank, refused):
    long = f'<c r="A1" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>'
    assert refused(with_cell(blank, "A1", long), "单元格文字过长（上限 32767 字）")
    shared = b"<si><t>" + b"y" * 10**6 + b"</t></si>"
    part = "xl/sharedStrings.xml"
    assert refused(
        repacked(blank, {part: lambda xml: re.sub(rb"<si>.*?</si>", shared, xml, count=1)}), "单元格文字过长"
    )


def test_case_7_odd_archives(blank, refused):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = repacked(blank, add=[(DATA, b"<x/>")])
    locked = bytearray(blank)
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    for content in (twice, repacked(blank, add=[("../evil.xml", b"<x/>")]), bytes(locked)):
        assert refused(content, "文件结构异常，请用表格软件另存为 .xlsx 后再传")


def test_case_8_macros_controls_and_links(blank, refused):
    for name in ("xl/vbaProject.bin", "xl/activeX/activeX1.xml", "xl/externalLinks/externalLink1.xml",
                 "xl/embeddings/oleObject1.bin"):  # fmt: skip
        assert refused(repacked(blank, add=[(name, b"<x/>")]), "请另存为不含宏和外部链接的 .xlsx")
    plain, macro = b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    xlsm = repacked(blank, {"[Content_Types].xml": lambda part: part.replace(plain, macro)})
    assert refused(xlsm, "请另存为不含宏和外部链接的 .xlsx", name="a.xlsm")


def test_case_9_what_is_no_workbook(refused):
    assert refused(OLE, "不是 .xlsx 文件（可能是 .xls 或 .et），请另存为 .xlsx 后再传", name="a.xls")
    assert refused(OLE + "EncryptedPackage".encode("utf-16-le"), "文件有打开密码，请取消后再传")
    page = refused("区划代码,人数\n1,2\n".encode(), "不是 .xlsx 文件，请另存为 .xlsx（填报用下载的模板）后再传")
    assert "文件没有读入，没有标错的副本可下载。" in page


def test_case_10_nothing_in_it(blank, refused):
    assert refused(b"", "没有可导入的数据：文件是空的")
    assert refused(blank, "没有可导入的数据")
    without = {"xl/workbook.xml": lambda part: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", part)}
    assert refused(repacked(blank, without), "没有可导入的数据")
    assert refused(b"", "没有可导入的数据", url="/import/", name="a.csv")
    assert refused(write_long([]), "没有可导入的数据", url="/import/", name="a.csv")


def test_case_11_the_template_of_another_sheet(tiny, clerk, blank, refused, monkeypatch):
    another = "模板属于“{}”，当前为“101 2015年1月”；请重新下载模板"
    assert refused(template(clerk, "village", EAST, START + 1), another.format("101 2015年2月"))
    theirs, _names = sheets.build(tiny.forms["village"], tiny.areas[WEST], START)
    assert refused(write_template(theirs, uploads.template_key()), another.format("102 2015年1月"))

    def retype(_page, book):
        book["_meta"]["B2"] = book["_meta"]["B2"].value.replace("2015-01", "2015-02")

    assert refused(edited(blank, retype), "模板标识被改动；请重新下载模板")
    assert refused(edited(blank, lambda _page, book: book.remove(book["_meta"])), "不是本系统的模板（缺少模板标识）")
    monkeypatch.setattr(sheets, "TEMPLATE_VERSION", "2")
    assert refused(blank, "模板是旧版（1），现为 2；请重新下载模板")


def test_case_12_columns_are_known_by_their_codes(clerk, blank, refused):
    def swap(page, _book):
        for row in page.iter_rows(min_row=4, max_row=8, min_col=3, max_col=4):
            row[0].value, row[1].value = row[1].value, row[0].value
        page["C5"] = "我的说法"
        where = next(cell.column for cell in page[4] if cell.value == "D22")
        page.cell(8, where).value = 12

    assert [row["item"] for row in accepted(clerk, edited(blank, swap)).context["changes"]] == ["D22"]

    def spoil(page, _book):
        page["D4"], page["E4"] = "D99", page["C4"].value
        page["C8"] = 1

    assert refused(edited(blank, spoil), "D列的列代码“D99”不在本表内", "E列与C列重复")


def test_case_13_a_place_twice(blank, refused):
    def repeat(page, _book):
        page["A9"], page["B9"], page["C9"] = page["A8"].value, page["B8"].value, 3

    assert refused(edited(blank, repeat), "第9行与第8行重复")


def test_case_14_full_width_digits_are_read_and_listed(clerk, blank, refused):
    page = said(accepted(clerk, texts(blank, {JOBS: "１２３", WORK: "１，２３４"})))
    assert "已按数字读入的写法" in page
    assert all(text in page for text in ("１２３", "１，２３４", "1,234"))
    assert refused(texts(blank, {JOBS: "９７％"}), "填人数，不填百分比")


WRITTEN = {
    15: {"1,23": "千分位写法不对", "1.234,5": "千分位写法不对"},
    16: {text: f"“{text}”不是数字" for text in ("1_000", "٣٤", "①", "²", "约50", "50-60", "十二")}
    | {"１２３人": "“１２３人”不是数字"},
    17: {"12\u200b3": "含不可见字符"},
    18: {"97%": "填人数，不填百分比", "9700%": "填人数，不填百分比"},
    19: {"2016.1.5": "“2016.1.5”不是数字", "2016-02-30": "“2016-02-30”不是数字"},
    20: {
        "NaN": "“NaN”不是数字", "1E400": "“1E400”不是数字", "INF": "“INF”不是数字", "1e3": "“1e3”不是数字",
        "-5": "人数应为 0 或正整数", "3.5": "人数须为整数", "9" * 400: "人数应为 0 或正整数，最多 9 位",
        "1000000000001": "人数应为 0 或正整数，最多 9 位",
    },
    23: {"-": "“-”不表示数", "/": "“/”不表示数", "无": "“无”不表示数"},
}  # fmt: skip


@pytest.mark.parametrize("case", WRITTEN)
def test_case_15_16_17_18_19_20_23_what_is_no_number_is_named_with_its_cell(blank, refused, case):
    where = [key for key in addresses(blank) if key[0] in (E1, E2, W2)]
    rows = dict(zip(where, WRITTEN[case].items(), strict=False))
    page = refused(texts(blank, {key: text for key, (text, _rule) in rows.items()}), *WRITTEN[case].values())
    for key in rows:
        assert f"{addresses(blank)[key]} {key[0][-3:]} {key[1].partition('[')[0]}" in page


def test_case_15_thousands_are_read(clerk, blank):
    assert accepted(clerk, texts(blank, {JOBS: "1,234"})).context["changes"][0]["new"] == "1,234"


def test_case_16_a_number_of_another_script_is_none_in_a_number_cell(blank, refused):
    assert refused(
        with_cell(blank, addresses(blank)[JOBS], f'<c r="{addresses(blank)[JOBS]}"><v>٣٤</v></c>'), "“٣٤”不是数字"
    )


def test_case_17_blanks_around_and_an_apostrophe_are_taken_away(clerk, blank):
    where = list(addresses(blank))[:3]
    content = texts(blank, dict(zip(where, ("123 ", "'123", "\u00a0123"), strict=True)))
    answer = accepted(clerk, content)
    assert [row["new"] for row in answer.context["changes"]] == ["123"] * 3
    assert len(answer.context["converted"]) == 3


def test_case_18_a_cell_formatted_as_a_share(blank, refused):
    """There is no column of shares: they are computed, and whoever types one is told what to type."""

    def percent(page, _book):
        page["C8"], page["C8"].number_format = 0.97, "0%"

    assert refused(edited(blank, percent), "单元格是百分比格式", "把格式改成“常规”，填人数，不填百分比")
    assert refused(texts(blank, {JOBS: 0.97}), "人数须为整数")


def test_case_19_dates_are_no_figures_and_months_are_checked(clerk, blank, refused):
    """A serial in a cell without a date format cannot be told from a count of 42,370; as a month it is refused."""
    for epoch in (None, CALENDAR_MAC_1904):

        def dated(page, book, epoch=epoch):
            book.epoch = epoch or book.epoch
            page["C8"] = date(2016, 1, 5)

        assert refused(edited(blank, dated), "单元格是日期格式")
    rows = [(EAST, "D01", "", month, "1") for month in ("42370", "2016-02-30", "2016-13")]
    assert refused(write_long(rows), "没有导入：3 处错误须先改", "月份写法不对", url="/import/", name="a.csv")
    accepted(clerk, write_long([(EAST, "D01", "", "2016.1", "1")]), url="/import/", name="a.csv")


def test_case_20_what_a_number_cell_can_hold(clerk, blank, refused):
    at = addresses(blank)[JOBS]
    for stored, rule in (("1E400", "人数应为 0 或正整数，最多 9 位"), ("NaN", "“NaN”不是数字"),
                         ("1E+12", "人数应为 0 或正整数，最多 9 位")):  # fmt: skip
        assert refused(with_cell(blank, at, f'<c r="{at}"><v>{stored}</v></c>'), rule)
    answer = accepted(clerk, with_cell(blank, at, f'<c r="{at}"><v>-0</v></c>'))
    assert answer.context["changes"][0]["new"] == "0"


def test_case_21_errors_and_formulas(clerk, blank, refused):
    """A computed formula is named on the preview; confirming the preview is the tick that takes it."""
    assert refused(texts(blank, {JOBS: "#N/A", WORK: "#DIV/0!", (E2, "D22"): "=1+1"}),
            "公式出错", "#N/A", "#DIV/0!", "公式没有计算结果")  # fmt: skip
    at = addresses(blank)[JOBS]
    answer = accepted(clerk, with_cell(blank, at, f'<c r="{at}"><f>6*2</f><v>12</v></c>'))
    assert "含公式，按当前显示值导入" in said(answer)
    assert answer.context["can_confirm"]


def test_case_22_what_is_merged_or_hidden(blank, refused):
    def spoil(page, book):
        page["C8"], page["D9"], page["E9"] = 1, 2, 3
        page.merge_cells("C8:D8")
        page.row_dimensions[9].hidden = True
        page.column_dimensions["E"].hidden = True
        book.create_sheet("甲")["A1"] = 1
        book.create_sheet("乙")["A1"] = 1
        book["甲"].sheet_state, book["乙"].sheet_state = "hidden", "veryHidden"

    assert refused(edited(blank, spoil), "合并单元格 C8:D8", "第9行被隐藏但有数据", "E列被隐藏但有数据",
            "工作表“甲”被隐藏但有数据", "工作表“乙”被隐藏但有数据")  # fmt: skip

    def filtered(page, _book):
        page["C8"] = 1
        page.auto_filter.ref = "A7:F10"
        page.row_dimensions[8].hidden = True

    assert refused(edited(blank, filtered), "第8行被隐藏但有数据")


def test_case_23_a_blank_changes_nothing_and_zero_is_zero(tiny, clerk, blank):
    fill(tiny, *SHEET, {JOBS: 5})
    answer = send(clerk, texts(blank, {JOBS: None, WORK: 0}))
    assert [(row["item"], row["new"]) for row in answer.context["changes"]] == [("D23", "0")]
    clerk.post(answer.redirect_chain[-1][0])
    assert dict(Entry.objects.values_list("item__code", "value")) == {"D22": 5, "D23": 0}


def test_case_24_rules_that_refuse_and_rules_that_ask(tiny, clerk, blank, refused):
    """What is asked about stands on the preview; its reason is due when the sheet is handed in, not for a draft."""
    BalanceRule.objects.create(code="R08", text="D23 <= D22", basis="已就业的不多于劳动者")
    SoftRule.objects.create(code="S01", kind="month", text="flow stock", basis="上月数")
    assert refused(texts(blank, {JOBS: 5, WORK: 7}), "D23")
    approved(tiny, *SHEET, {JOBS: 100, WORK: 1})
    url = f"{url_of('village', EAST, START + 1)}upload/"
    answer = send(clerk, texts(template(clerk, "village", EAST, START + 1), {JOBS: 1200}), url)
    assert answer.status_code == 200
    assert [row["severity"] for row in answer.context["problems"]] == ["soft"], answer.context["problems"]
    assert answer.context["can_confirm"]


def test_case_25_the_same_file_twice_and_two_people_at_once(tiny, clerk, blank):
    content = texts(blank, {JOBS: 12})
    first, second = send(clerk, content), send(clerk, content)
    url = second.redirect_chain[-1][0]
    fill(tiny, *SHEET, {JOBS: 15}, by=tiny.colleague)
    answer = clerk.post(url)
    assert answer.status_code == 409
    assert [(row["item"], row["new"], row["theirs"]) for row in answer.context["clashes"]] == [("D22", "12", "15")]
    assert "已被他人修改" in said(answer)
    assert Entry.objects.get().value == 15
    same = send(clerk, texts(blank, {JOBS: 15}))
    assert "与现有数据一致，无变化" in said(same)
    assert first.status_code == 200


def test_case_25_confirmed_after_the_sheet_was_approved(tiny, clerk, blank):
    preview = send(clerk, texts(blank, {JOBS: 12})).redirect_chain[-1][0]
    approved(tiny, *SHEET, {JOBS: 100, WORK: 1})
    answer = clerk.post(preview)
    assert answer.status_code == 409
    assert "已审核" in said(answer)
    assert Entry.objects.get(item__code="D22").value == 100


def test_case_25_a_connection_cut_at_sixty_per_cent(clerk, blank, settings):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + texts(blank, {JOBS: 1})
    cut = body[: len(body) * 6 // 10]
    answer = clerk.generic("POST", f"{url_of(*SHEET)}upload/", cut, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, "请选择一个 .xlsx 文件。" in said(answer)) == (422, True)
    assert not Entry.objects.exists()
    assert kept_aside(settings) == []


def test_case_25_many_good_rows_and_a_bad_one(refused):
    items = ("D22", "D23", "D27", "D27a", "D53", "D54")
    good = [(E1, item, "", f"2015-{month:02}", "1") for month in range(1, 13) for item in items]
    page = refused(write_long([*good, (E1, "D22", "", "2016-01", "约50")]), "没有导入：1 处错误须先改", "E74 201",
                   url="/import/", name="a.csv")  # fmt: skip
    assert "“约50”不是数字" in page
    assert not Submission.objects.filter(entries__isnull=False).exists()
