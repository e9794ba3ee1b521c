"""Text on its way into files: what a spreadsheet would run stays text, what XML cannot hold is gone."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reports.documents.safe import content_disposition, csv_text, plain_number, write_csv, xml_text

PAYLOADS = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", '=HYPERLINK("http://x","y")')


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_plain_text_in_csv(payload):
    assert csv_text(payload) == f"'{payload}"


def test_negative_numbers_stay_numbers_in_csv():
    assert csv_text(Decimal("-2.50")) == "-2.50"
    assert csv_text(-7) == "-7"
    assert csv_text(Decimal("1E+3")) == "1000"
    assert csv_text(None) == ""


def test_a_float_is_refused_because_it_is_not_exact():
    with pytest.raises(TypeError):
        csv_text(0.1)


def test_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        plain_number(Decimal("NaN"))


def test_csv_opens_as_chinese_and_reads_back():
    data = write_csv([["指标", "值"], ["失业率, 城镇", Decimal("2.89")], ['他说"好"', "未填"]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["指标", "值"], ["失业率, 城镇", "2.89"], ['他说"好"', "未填"]]


def test_a_download_keeps_its_chinese_name():
    header = content_disposition("评估报告 2017年6月.docx")
    assert header.startswith("attachment; filename=\"_ 2017_6_.docx\"; filename*=UTF-8''")
    assert unquote(header.partition("''")[2]) == "评估报告 2017年6月.docx"


@given(st.text(max_size=60))
def test_no_name_breaks_out_of_the_header(name):
    header = content_disposition(name)
    assert header.isascii()
    assert not set("\r\n") & set(header)
    assert header.count('"') == 2
    assert not set("/\\") & set(unquote(header.partition("''")[2]))


def test_an_empty_name_still_downloads():
    assert content_disposition(" .. ") == "attachment; filename=\"download\"; filename*=UTF-8''download"


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_can_stand_in_xml(text):
    element = etree.Element("t")
    element.text = xml_text(text)  # lxml raises ValueError for what XML cannot hold
    assert etree.fromstring(etree.tostring(element)).text == (xml_text(text) or None)


def test_line_breaks_stay_and_controls_go():
    assert xml_text("一\n二\x00\x0b三\ud800") == "一\n二三"
