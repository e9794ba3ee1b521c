"""What a page sends when it saves by itself: read strictly, refused whole in words, notes fit to be kept."""

import pytest

from indicators.entry import sent

OWNER = "yj02 330424101 2017-06 7"
CELL = "c.330424101201.D22"
GOOD = f'{{"cell": "{CELL}", "text": "1,246", "version": 3, "note": "两户外出", "clear": false}}'


def body(cells: str, page: str | None = None) -> bytes:
    page = sent.signature(OWNER) if page is None else page
    return f'{{"page": "{page}", "cells": [{cells}]}}'.encode()


def test_a_cell_is_read_as_it_was_sent():
    assert sent.read_body(body(GOOD), OWNER) == [sent.SentCell(CELL, "1,246", 3, "两户外出", clear=False)]


def test_five_hundred_cells_are_taken_and_one_more_is_refused_with_the_number():
    many = [GOOD.replace("D22", f"D{number}") for number in range(501)]
    assert len(sent.read_body(body(", ".join(many[:500])), OWNER)) == 500
    with pytest.raises(sent.Malformed, match="一次最多保存 500 格"):
        sent.read_body(body(", ".join(many)), OWNER)


def test_a_cell_twice_is_refused():
    with pytest.raises(sent.Malformed, match="同一格发来两次"):
        sent.read_body(body(f"{GOOD}, {GOOD}"), OWNER)


def test_a_page_of_another_sheet_or_person_is_told_apart():
    with pytest.raises(sent.OtherPage, match="另一个账号或另一张表"):
        sent.read_body(body(GOOD), OWNER.replace(" 7", " 8"))
    with pytest.raises(sent.OtherPage):
        sent.read_body(body(GOOD, page="forged"), OWNER)


@pytest.mark.parametrize(
    "cell",
    [
        GOOD.replace('"1,246"', '"\\ud800"'), GOOD.replace('"1,246"', "5"), GOOD.replace('"1,246"', "null"),
        GOOD.replace('"1,246"', '["5"]'), GOOD.replace("两", "\\udfff"),
        GOOD.replace(": 3", ": 1e400"), GOOD.replace(": 3", ": NaN"), GOOD.replace(": 3", ": Infinity"),
        GOOD.replace(": 3", ": true"), GOOD.replace(": 3", ": 1.9"), GOOD.replace(": 3", ": -1"),
        GOOD.replace(": 3", f": {10**30}"), GOOD.replace(": 3", f": {2**31}"), GOOD.replace(": 3", ": " + "9" * 5000),
        GOOD.replace(": 3", ': "3"'), GOOD.replace('"version": 3, ', ""),
        GOOD.replace("false", "0"), GOOD.replace("false", 'false, "state": "approved"'),
        GOOD.replace("false", 'false, "user": 1'), GOOD.replace('"note"', '"text"'),
        GOOD.replace("1,246", "1" * 1001), GOOD.replace("两户外出", "字" * 20_001), "[]", "7", "[" * 100_000,
        GOOD.replace('"1,246"', "[" * 100_000), GOOD[:-1], "",
    ],
)  # fmt: skip
def test_a_cell_that_no_page_sends_is_refused_in_words(cell):
    with pytest.raises(sent.Malformed, match="发来的内容读不懂，没有保存"):
        sent.read_body(body(cell), OWNER)


@pytest.mark.parametrize(
    "sent_body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"\x1f\x8b\x08", b"[" * 100_000, b'{"cells": []}',
     b'{"page": 1, "cells": []}', b'{"a": 1, "a": 2}', b'{"page": "x", "cells": {}}'],
)  # fmt: skip
def test_a_body_that_no_page_sends_is_refused_in_words(sent_body):
    with pytest.raises(sent.Malformed, match="发来的内容读不懂，没有保存"):
        sent.read_body(sent_body, OWNER)


def test_too_large_a_body_is_refused_before_it_is_read():
    with pytest.raises(sent.Malformed, match="过大"):
        sent.read_body(b" " * 1_000_001, OWNER)


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("字" * 501, "说明过长（501 个字，最多 500）"),
        ("a\x00b", "说明含不可见字符"),
        ("a\u200bb", "说明含不可见字符"),
        ("王某330424199001011234", "说明疑似含身份证号码，本系统不收个人信息"),
    ],
)
def test_a_note_that_cannot_be_kept_says_why(note, rule):
    assert sent.note_problem(note).rule == rule


@pytest.mark.parametrize("note", ["", " 绢纺厂关停，150 人待岗\n已核对 ", "字" * 500, "<b>=1+1</b>", "2017" * 5])
def test_a_note_of_words_is_kept(note):
    assert sent.note_problem(note) is None
