"""The key of a figure says what it prints, and is read back as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.compose.writer import joined, listed, numeral
from reports.manuscript import Figure
from reports.proof.keys import Key, Subject, parse
from reports.proof.texts import number_in

STEP = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), blacklist_characters="/"), min_size=1)
PERIOD = st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-2])(-[0-3][0-9]|\.\.20[0-9]{2}-(0[1-9]|1[0-2]))?", fullmatch=True)
WHAT = st.from_regex("[a-z][a-z0-9_]*", fullmatch=True)


@given(STEP, STEP, STEP, PERIOD, WHAT)
def test_a_key_is_read_back_as_it_was_written(name, group, area, period, what):
    key = Key(Subject(name, group, area, period), what)
    assert parse(str(key)) == key


@pytest.mark.parametrize(
    "text",
    [
        "", "A01", "A01/official/330424/2017-06", "A01/official/330424/2017-06/value/more", "A01//330424/2017-06/value",
        "A01/official/330424/2017-13/value", "A01/official/330424/6月/value", "A01/official/330424/2017-06/Value",
        "A01/off icial/330424/2017-06/value", "A01/official/330424/2017-06/value\n",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match="not a key"):
        parse(text)


def test_indicators_are_told_from_tasks_and_counts():
    is_indicator = [
        parse(f"{head}/330424/2017-06/value").subject.is_indicator
        for head in ("A01/official", "A05b/strict", "T01/task", "P01/project", "indicators/core", "equality/composite")
    ]
    assert is_indicator == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("≥ 6,800 人", ("≥ ", "6,800", " 人")),
        ("47.5%", ("", "47.5", "%")),
        ("差 0.004", ("差 ", "0.004", "")),
        ("按节点应 \u22121", ("按节点应 ", "\u22121", "")),
        ("= 100.00%", ("= ", "100.00", "%")),
        ("动态归零", ("动态归零", "", "")),
        ("", ("", "", "")),
    ],
)
def test_the_number_of_a_text_is_taken_out_of_its_words(text, parts):
    assert number_in(text) == parts


def test_headings_count_in_chinese():
    assert [numeral(number) for number in (1, 9, 10, 11, 20, 21, 99)] == [
        "一", "九", "十", "十一", "二十", "二十一", "九十九",
    ]  # fmt: skip


def test_pieces_of_a_text_meet_without_seams():
    figure = Figure("6", "A01/official/330424/2017-06/value")
    assert joined(["共", "有", (figure,), "项", "", ("。",)]) == ("共有", figure, "项。")
    assert listed([("甲",), (figure,), ("乙",)]) == ("甲、", figure, "、乙")
    assert listed([]) == ()
