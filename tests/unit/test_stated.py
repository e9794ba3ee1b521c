"""The facts sentences are made of: what of an indicator's months compares, and what does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bureau import months
from indicators.analysis import sentences
from indicators.analysis.kinds import Comparator, Light, State
from indicators.models import Indicator, Reading, Target
from indicators.queries import Row
from indicators.shown import Shown
from indicators.stated import facts, stands_still, unreachable

JUNE = months.make(2017, 6)
EMPTY = dict.fromkeys(Row._fields)


def row(month: int = JUNE, **more) -> Row:
    plain = {"area": 1, "indicator": 1, "reading": 1, "month": month, "state": 0, "reported": 9, "expected": 9}
    return Row(**EMPTY | plain | {"light": Light.BEHIND, "rule": "FLOW_BEHIND", "definition": 7} | more)


def shown(*rows: Row, window: str = "year", unit: str = "人", **aim) -> Shown:
    indicator = Indicator(code="A01", name="城镇新增就业人数", unit=unit, decimals=0)
    target = Target(
        start_month=months.make(2017, 1), end_month=months.make(2017, 12), **({"comparator": ">=", "value": 6800} | aim)
    )
    target.value = Decimal(target.value) if target.value is not None else None
    return Shown(Reading(indicator=indicator), rows, JUNE, target, window, {9: "镇街"}, "330424")


def test_a_flow_says_what_the_sentence_of_the_catalogue_says():
    behind = row(
        value=31_000_000, completion=455_882, schedule=500_000, lag=44_118, remaining=37_000_000, required=6_166_667,
        pace3=5_000_000, pressure3=12_333, target_value=68_000_000,
    )  # fmt: skip
    assert sentences.paragraph(facts(shown(behind))) == (
        "2017年1—6月，城镇新增就业人数3,100人，完成年度目标6,800人的45.6%，落后时序进度（50.0%）4.4个百分点，滞后。"
        "没有上年同期数，无可比期。距2017年12月还有6个月，须月均完成617人，是近3个月月均500人的1.23倍。"
    )


def test_without_a_row_there_is_no_figure_and_the_target_stands():
    found = facts(shown())
    assert (found.value, found.state, found.target, found.end) == (None, State.NO_DATA, 68_000_000, JUNE + 6)
    assert sentences.standing(found) == "2017年1—6月，城镇新增就业人数没有审定数。"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"value": 10}, 10),
        ({"value": None}, None),
        ({"value": 10, "reported": 8}, None),
        ({"value": 10, "definition": 6}, None),
    ],
)
def test_a_year_before_compares_only_covered_and_by_the_same_definition(before, expected):
    found = facts(shown(row(JUNE - 12, **before), row(JUNE - 1, value=5), row(value=12)))
    assert (found.year_ago, found.month_ago) == (expected, 5)


def test_nothing_compares_with_a_month_that_is_not_covered_itself():
    found = facts(shown(row(JUNE - 12, value=10), row(value=12, reported=8)))
    assert found.year_ago is None
    assert found.places == "镇街"


def test_of_dynamic_zero_the_denominator_is_what_is_overdue():
    open_now = shown(row(value=20_000, denominator=10_000), window="level", unit="户", comparator="zero", value=0)
    assert facts(open_now).overdue == 10_000
    assert facts(open_now).comparator == Comparator.DYNAMIC_ZERO
    assert facts(shown(row(value=20_000, denominator=10_000), window="level")).overdue is None


def test_only_who_is_far_behind_and_stands_still_cannot_be_reached():
    asked = {"value": 1, "required": 5, "light": Light.FAR_BEHIND}
    still, slow = shown(row(pace3=0, **asked)), shown(row(pace3=1, **asked))
    unknown, late = shown(row(**asked)), shown(row(pace3=-1, **asked | {"light": Light.BEHIND}))
    assert [stands_still(facts(one)) for one in (still, slow, unknown, late)] == [True, False, False, True]
    assert unreachable([still, slow, unknown, late]) == 1
