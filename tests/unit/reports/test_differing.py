"""What differs between two editions: letters of texts, and figures."""

from __future__ import annotations

import pytest

from reports import differing
from reports.composing import beside, digest_of
from reports.differing import Piece
from reports.manuscript import Attachment, Column, Figure, Heading, Manuscript, Paragraph, Table, Written


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", ()),
        ("逐镇核对。", "逐镇核对。", (("same", "逐镇核对。"),)),
        ("逐镇核对。", "逐村核对。", (("same", "逐"), ("gone", "镇"), ("new", "村"), ("same", "核对。"))),
        ("甲。", "甲。乙。", (("same", "甲。"), ("new", "乙。"))),
        ("甲。乙。丙。", "甲。丙。", (("same", "甲。"), ("gone", "乙。"), ("same", "丙。"))),
        ("一行\n二行", "一行\n二行改", (("same", "一行\n"), ("same", "二行"), ("new", "改"))),
    ],
)
def test_texts_are_compared_clause_by_clause_and_letter_by_letter(before, after, pieces):
    assert differing.differing(before, after) == tuple(Piece(*one) for one in pieces)


def value(text: str, key: str = "A01/official/330424/2017-06/value") -> Paragraph:
    return Paragraph(("新增就业", Figure(text, key), "人。"))


def letter(*blocks, attachments=()) -> Manuscript:
    return Manuscript("通报", "第1版", "县局", blocks, attachments)


def test_figures_that_differ_are_listed_and_what_a_release_says_of_itself_is_not():
    version = "release/month/330424/2017-06/version"
    before = letter(value("3,231"), value("1", version), value("7", "tasks/all/330424/2017-07-15/late"))
    after = letter(value("3,241"), value("2", version), value("8", "tasks/all/330424/2017-08-20/late"))
    assert [(one.key, one.before, one.after) for one in differing.numbers(before, after)] == [
        ("A01/official/330424/2017-06/value", "3,231", "3,241"),
        ("tasks/all/330424/day/late", "7", "8"),  # on another release's day it is still the same thing
    ]


def test_parts_that_differ_are_named_wherever_they_stand():
    case = Attachment("典型案例", (Written("case", "典型案例", ("一户。",)),))
    before = letter(Written("problems", "存在问题", ("甲。", "乙。")))
    after = letter(Written("problems", "存在问题", ("甲。",)), attachments=(case,))
    assert [one.part for one in differing.texts(before, after)] == ["problems", "case"]
    assert [one.part for one in differing.texts(after, before)] == ["problems", "case"]
    assert differing.texts(after, after) == []


def test_what_stands_under_a_parts_heading_is_beside_it():
    columns, number = (Column("镇", 20), Column("数", 20, "right")), Figure("5", "k/k/k/2017-06/v")
    table = Table("表1", columns, ((("百步镇",), (number,)),))
    first, second = value("3,231"), value("2,634", "A02/official/330424/2017-06/value")
    found = beside(
        letter(
            Heading(1, "一、情况"),
            Paragraph(("总的来说。",)),
            Heading(2, "A01"),
            first,
            Written("cause/A01", "原因", ()),
            Written("next/A01", "下一步", ()),
            second,
            Written("cause/A02", "原因", ()),
            Heading(1, "二、问题"),
            Written("problems", "存在问题", ()),
            table,
        )
    )
    assert found == {"cause/A01": (first,), "next/A01": (first,), "cause/A02": (second,), "problems": (table,)}


def test_a_digest_is_of_the_countys_figures_alone():
    told = Paragraph(("第", Figure("2", "release/month/330424/2017-06/version"), "版。"))
    assert digest_of([value("3,231")]) == digest_of([told, value("3,231"), Paragraph(("别的话。",))])
    assert digest_of([value("3,231")]) != digest_of([value("3,232")])
