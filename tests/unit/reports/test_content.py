"""The sentences and texts counted from the content: plain counts, worst first, nothing judged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.content import ChartData
from reports.documents import sentences as say
from reports.documents.word_parts import signature_indents
from tests.unit.reports.samples import CONTENT

D = Decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [(D("1234.5000"), "1,234.5"), (D("1200"), "1,200"), (D("-0.30"), "−0.3"), (D("0.0000"), "0"), (None, "—")],
)
def test_parts_of_a_ratio_read_plainly(value, text):
    assert say.grouped(value) == text


@pytest.mark.parametrize(
    ("issuer", "date", "indents"),
    [
        (
            "海盐县人力资源和社会保障局",
            "2017年7月17日",
            (2, 6),
        ),  # 13 wide and 7 wide: begins two further in, 6 left over
        ("县人社局", "2017年7月17日", (7, 2)),  # the date is 3 longer: it keeps two, the issuer moves
    ],
)
def test_the_date_begins_two_characters_after_the_issuer(issuer, date, indents):
    assert signature_indents(issuer, date) == indents


def test_a_chart_with_missing_points_in_a_series_is_refused():
    with pytest.raises(ValueError, match="2 values for 3"):
        ChartData("图", "人", ("1月", "2月", "3月"), (("实际", (D(1), None)),))
    with pytest.raises(ValueError, match="kind"):
        ChartData("图", "人", (), (), kind="pie")


def test_the_alternative_text_gives_first_and_last_values():
    assert say.chart_words(CONTENT) == (
        "每年新增城镇就业本年累计（单位：人）。本年累计：1月为620，6月为4080；时序进度：1月为566，12月为6800"
    )
