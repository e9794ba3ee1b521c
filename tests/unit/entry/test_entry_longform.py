"""The plain long form: encodings, headings in any order, workbook and text alike; what was written is read equal."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau import months
from indicators.entry import limits, longform
from indicators.entry.rawbook import UploadRefused
from indicators.entry.reader import read_workbook

WANTED = [("330424101", "D01", "", "2016-03", "12"), ("330424101", "D31", "active", "2016-03", "1.5")]
CHINESE = "区划代码,填报项代码,类别代码,月份,数值\r\n330424101,D01,,2016-03,12\r\n330424101,D31,active,2016-03,1.5\r\n"
ENGLISH = """\
Value,Month,remark,Category_Code,Item code,AREA
12,2016-03,,,D01,330424101
1.5,2016-03,x,active,D31,330424101
"""


def rows(table: longform.Table) -> list[tuple[str, ...]]:
    return [(line.area, line.item, line.category, line.month, line.value.text) for line in table.lines]


@pytest.mark.parametrize(
    "content",
    [
        CHINESE.encode(), CHINESE.encode("utf-8-sig"), CHINESE.encode("gb18030"), ENGLISH.encode(),
        CHINESE.replace(",", "\t").encode(), CHINESE.replace("D01", "Ｄ０１").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "english, other order", "tabs", "full width"],
)  # fmt: skip
def test_a_text_file_is_read(content):
    table = longform.read_csv(content)
    assert rows(table) == WANTED
    assert [line.number for line in table.lines] == [2, 3]


def test_a_workbook_is_read_with_numbers_as_codes(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["月份", "数值", "区划代码", "填报项代码", "类别代码"])
    book.active.append(["2016-03", 12, 330424101, "D01", None])
    book.active.append([201603, 1.5, "330424101", "D31", "active"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    table = longform.read_book(read_workbook(path, "longform"))
    assert [(*row[:3], longform.month_of(row[3]), row[4]) for row in rows(table)] == [
        (*row[:3], months.parse(row[3]), row[4]) for row in WANTED
    ]
    assert table.columns == {"month": 1, "value": 2, "area": 3, "item": 4, "category": 5}


@pytest.mark.parametrize("text", ["2016-03", "2016年3月", "2016/3", "2016/3/1", "201603", "2016.03"])
def test_a_month_may_be_written_in_several_ways(text):
    assert longform.month_of(text) == months.make(2016, 3)


@pytest.mark.parametrize("text", ["", "2016", "2016-13", "2016-00", "3月", "2016-03-15", "一六年三月"])
def test_what_is_no_month_is_none(text):
    assert longform.month_of(text) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "没有可导入的数据"),
        (CHINESE.splitlines()[0].encode(), "没有可导入的数据"),
        (CHINESE.replace("数值", "人数").encode(), "第一行缺少标题：数值"),
        (CHINESE.replace("类别代码", "数值").encode(), "标题“数值”重复（第 3 列和第 5 列）"),
        (b"a\0b", "不是 CSV 文本文件"),
        (b"\xff\xff\xff", "文字编码不是 UTF-8 或 GB18030"),
    ],
)
def test_what_is_no_long_form_is_refused_with_the_reason(content, reason):
    with pytest.raises(UploadRefused) as refused:
        longform.read_csv(content)
    assert reason in refused.value.reasons[0]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(longform, "LONG_FORM", longform.LONG_FORM._replace(rows=1))
    with pytest.raises(UploadRefused) as refused:
        longform.read_csv(CHINESE.encode())
    assert "长表最多 1 行" in refused.value.reasons[0]


def test_a_long_form_may_hold_more_rows_than_a_template(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("长表")
    for number in range(20_001):
        page.append([number])
    path = tmp_path / "long.xlsx"
    book.save(path)
    assert len(read_workbook(path, "longform").sheets[0].cells) == 20_001
    with pytest.raises(UploadRefused, match="第20001行超出允许范围（最多 20000 行、300 列；长表 200000 行）"):
        read_workbook(path)


def test_the_child_has_time_in_proportion_to_the_file():
    assert [limits.seconds_for(size) for size in (0, limits.MEGABYTE, limits.LONG_FORM.file)] == [10, 14, 30]


def test_a_book_of_two_sheets_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("另一张").append(["b"])
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "two.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(UploadRefused) as refused:
        longform.read_book(read_workbook(path, "longform"))
    assert "长表只能有一张工作表，现有 2 张" in refused.value.reasons[0]


CODES = st.from_regex(r"[0-9]{6,12}", fullmatch=True)
VALUES = st.decimals(min_value=0, max_value=10**12, places=2).map(str) | st.sampled_from(["不适用", "估120", "沿用"])
LINE = st.tuples(
    CODES,
    st.from_regex(r"D[0-9]{2}[a-z]?", fullmatch=True),
    st.sampled_from(["", "active", "r_1"]),
    st.integers(months.make(2015, 1), months.make(2030, 12)).map(months.iso),
    VALUES,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=30))
def test_what_was_written_is_read_equal(lines):
    assert rows(longform.read_csv(longform.write_long(lines))) == lines
