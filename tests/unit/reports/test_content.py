"""The sentences and texts counted from the content: plain counts, worst first, nothing judged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.content import ChartData
from reports.documents import sentences as say
from reports.documents.word import latest_months
from reports.documents.word_parts import signature_indents
from tests.unit.reports.samples import CONTENT, large_content

D = Decimal


def test_the_summary_counts_lights_worst_first_and_names_what_is_short():
    first, short, *domains = say.core_summary(CONTENT)
    assert first == "截至2017年6月，5项核心指标中，严重滞后1项、滞后1项、数据不全1项、达序时1项、已达标1项。"
    assert short == "数据不全的指标不作判断：村（社区）电商服务站（120/135 村）。"
    assert domains == [
        "就业政策城乡一体：2项，达序时1项、已达标1项。",
        "创业环境与大众创业：1项，数据不全1项。",
        "养老保障并轨：1项，严重滞后1项。",
        "医疗保障待遇差距：1项，滞后1项。",
    ]


def test_a_domain_without_a_numeral_comes_last():
    rows = (replace(CONTENT.indicator_rows[0], domain="总体要求"), *CONTENT.indicator_rows[1:])
    assert say.core_summary(replace(CONTENT, indicator_rows=rows))[-1] == "总体要求：1项，达序时1项。"


def test_the_facts_count_what_is_followed():
    *_, scope, source = say.pilot_facts(CONTENT)
    assert scope == "试点跟踪指标6项，其中核心指标5项、监测指标1项；任务3项；责任科室和单位6个。"
    assert source.startswith("本报告数据取自2017年6月第1版发布数据，发布日期为2017年7月17日。")


def test_nothing_released_says_so():
    empty = replace(CONTENT, indicator_rows=(), tasks=())
    assert say.core_summary(empty) == ["本期没有核心指标数据。"]
    assert say.task_summary(()) == "本期没有任务数据。"


def test_tasks_are_counted_by_state():
    assert say.task_summary(CONTENT.tasks) == "任务共3项，其中推进中2项、已完成1项。"


@pytest.mark.parametrize(
    ("value", "text"),
    [(D("1234.5000"), "1,234.5"), (D("1200"), "1,200"), (D("-0.30"), "−0.3"), (D("0.0000"), "0"), (None, "—")],
)
def test_parts_of_a_ratio_read_plainly(value, text):
    assert say.grouped(value) == text


def test_the_last_six_months_stand_side_by_side():
    labels, rows = latest_months(large_content().months)
    assert labels == [f"2017年{month}月" for month in range(1, 7)]
    assert rows[0] == ["A01", "每年新增城镇就业", "人", *["4,080"] * 6]


def test_a_month_without_a_value_is_a_dash():
    labels, rows = latest_months(CONTENT.months)
    assert labels == ["2017年4月", "2017年5月", "2017年6月"]
    assert rows == [
        ["A01", "每年新增城镇就业", "人", "2,700", "3,400", "4,080"],
        ["A03", "城镇登记失业率", "%", "—", "—", "2.89"],
    ]


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
