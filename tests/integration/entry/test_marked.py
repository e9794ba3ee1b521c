"""A refused file comes back to its owner with every bad cell marked and commented, and can be sent again."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.entry import marked
from indicators.entry.longform import write_long
from tests.integration.entry.browsing import url_of
from tests.integration.factories import E1, E2, EAST, START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scan_here")]
SHEET = ("village", EAST, START)


@pytest.fixture
def clerk(tiny, signed_in) -> Client:
    return signed_in(tiny.clerk)


def template(client: Client, edit: Callable) -> bytes:
    opened = openpyxl.load_workbook(io.BytesIO(client.get(f"{url_of(*SHEET)}template.xlsx").content))
    edit(opened["填报"], opened)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def sent(client: Client, content: bytes, url: str, name: str = "五月.xlsx"):
    return client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)


def copy_of(client: Client, page) -> openpyxl.Workbook:
    assert page.context["marked_url"] in page.content.decode()
    answer = client.get(page.context["marked_url"])
    assert "%EF%BC%88%E6%A0%87%E9%94%99%EF%BC%89.xlsx" in answer.headers["Content-Disposition"], "（标错）.xlsx"
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def address(page, place: str, code: str) -> str:
    column = next(cell.column_letter for cell in page[4] if cell.value == code)
    return f"{column}{next(row[0].row for row in page.iter_rows() if row[0].value == place)}"


def spoilt(page, _book) -> None:
    page[address(page, E1, "D22")] = "约50"
    page[address(page, E1, "D23")] = 3
    page[address(page, E2, "D22")] = "=1+1"
    page["A1"] = '=HYPERLINK("http://example.org")'
    page["A2"].hyperlink = "http://example.org"


def test_each_bad_cell_is_filled_and_commented_and_listed_first_with_a_link(clerk):
    page = sent(clerk, template(clerk, spoilt), f"{url_of(*SHEET)}upload/")
    assert page.status_code == 422
    opened = copy_of(clerk, page)
    assert opened.sheetnames[0] == "问题"
    listed, data = opened["问题"], opened["填报"]
    bad, uncomputed = address(data, E1, "D22"), address(data, E2, "D22")
    assert "“约50”不是数字" in data[bad].comment.text
    assert data[bad].fill.fgColor.rgb == "FFF4C7C3"
    assert "公式没有计算结果" in data[uncomputed].comment.text
    assert data[uncomputed].value == "（公式）", "not taken for a blank when it is sent again"
    assert data[address(data, E1, "D23")].comment is None
    assert listed["A1"].value == "共 2 处须改"
    assert [(row[0].value, row[0].hyperlink.location) for row in listed.iter_rows(min_row=5)] == [
        (bad, f"'填报'!{bad}"),
        (uncomputed, f"'填报'!{uncomputed}"),
    ]
    assert (listed["B5"].value, listed["F5"].value) == ("须改", "约50")
    assert data[bad].value == "约50", "text kept as text"
    assert not any(cell.data_type == "f" for sheet in opened for row in sheet.iter_rows() for cell in row)
    assert data["A2"].hyperlink is None


def test_put_right_in_the_copy_it_can_be_sent_again(clerk):
    page = sent(clerk, template(clerk, spoilt), f"{url_of(*SHEET)}upload/")
    opened = copy_of(clerk, page)
    opened["填报"][address(opened["填报"], E1, "D22")] = 50
    opened["填报"][address(opened["填报"], E2, "D22")] = None
    out = io.BytesIO()
    opened.save(out)
    page = sent(clerk, out.getvalue(), f"{url_of(*SHEET)}upload/")
    assert page.status_code == 200, page.content.decode()
    assert [row["new"] for row in page.context["changes"]] == ["50", "3"]


def test_a_long_form_as_a_workbook_is_marked_and_as_text_gets_a_column_before(tiny, clerk):
    rows = [(EAST, "D01", "", "2015-01", "12"), (EAST, "D99", "", "2015-01", "=1+1"), (EAST, "D02", "", "2015-13", "1")]
    page = sent(clerk, write_long(rows), "/import/", "=长表.csv")
    answer = clerk.get(page.context["marked_url"])
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "问题,区划代码,填报项代码,类别代码,月份,数值"
    assert lines[1] == f",{EAST},D01,,2015-01,12"
    assert lines[2] == f"D99，没有代码为“D99”的填报项，核对填报项代码,{EAST},D99,,2015-01,'=1+1"
    assert lines[3].startswith("2015-13，月份写法不对，")
    again = sent(clerk, answer.content, "/import/", "长表.csv")
    assert clerk.get(again.context["marked_url"]).content == answer.content, "the column is made anew, not doubled"
    book = openpyxl.Workbook()
    for row in [("区划代码", "填报项代码", "类别代码", "月份", "数值"), *rows[:1], *rows[2:]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    opened = copy_of(clerk, sent(clerk, out.getvalue(), "/import/", "长表.xlsx"))
    assert "月份写法不对" in opened["Sheet"]["D3"].comment.text


def test_a_file_the_scan_refused_has_no_copy_and_the_page_says_so(clerk):
    page = sent(clerk, b"PK\x03\x04nonsense", f"{url_of(*SHEET)}upload/")
    assert (page.status_code, page.context["marked_url"]) == (422, "")
    assert "没有标错的副本可下载" in page.content.decode()
    assert clerk.get(f"{page.redirect_chain[-1][0]}marked/").status_code == 404


def test_what_cannot_be_rewritten_comes_back_as_the_list_alone(clerk, monkeypatch):
    page = sent(clerk, template(clerk, spoilt), f"{url_of(*SHEET)}upload/")
    made = marked._made
    monkeypatch.setattr(marked, "_made", lambda marks, path: b"" if path else made(marks, None))
    opened = copy_of(clerk, page)
    assert opened.sheetnames == ["问题"]
    assert opened["问题"]["A2"].value == "原表的格式不能照录，这里只列问题。"


def test_the_copy_is_its_owners_alone_and_only_of_refused_files(tiny, clerk, signed_in):
    refused = sent(clerk, template(clerk, spoilt), f"{url_of(*SHEET)}upload/").context["marked_url"]
    text = sent(clerk, write_long([(EAST, "D99", "", "2015-01", "1")]), "/import/").context["marked_url"]
    for url in (refused, text):
        assert signed_in(tiny.colleague).get(url).status_code == 404
        assert clerk.post(url).status_code == 405
    good = sent(clerk, write_long([(EAST, "D01", "", "2015-01", "1")]), "/import/")
    assert clerk.get(f"{good.redirect_chain[-1][0]}marked/").status_code == 404
