"""The meeting page's order and words: three to decide, the other laggards with their pressure, what is not judged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bureau import months
from bureau.models import Section
from indicators.analysis.kinds import Light
from indicators.models import Indicator, Reading, Target
from indicators.queries import Row
from indicators.shown import Shown
from reports import meeting_page as page

JUNE = months.make(2017, 6)
EMPTY = dict.fromkeys(Row._fields)
FAR, LATE, GREY, GOOD = Light.FAR_BEHIND, Light.BEHIND, Light.NOT_COVERED, Light.ON_COURSE
NEW = "/meeting/decisions/new/?month=2017-06"


def shown(code: str, light: Light, *, end: int = JUNE + 6, comparator: str = ">=", window: str = "level", **numbers):
    """A rate held against 60 %; numbers in ten-thousandths."""
    plain = {"month": JUNE, "state": 0, "reported": 9, "expected": 9, "value": 500_000, "target_value": 600_000}
    row = Row(**EMPTY | plain | {"light": light, "rule": "LEVEL_BEHIND", "definition": 7} | numbers)
    section = Section(code="sbj", name="社保局")
    indicator = Indicator(code=code, name=f"指标{code}", unit="%", decimals=2, section=section, order=int(code[1:]))
    target = Target(start_month=JUNE - 17, end_month=end, comparator=comparator, value=Decimal(60))
    return Shown(Reading(indicator=indicator), (row,), JUNE, target, window, {9: "镇街"}, "330424")


CORE = [
    shown("A01", LATE, pressure3=12_000, required=12_000, pace3=10_000, remaining=100_000),
    shown("A02", GOOD),
    shown("A03", GREY, reported=7),
    shown("A04", FAR, pressure3=20_000, required=16_667, pace3=8_333, remaining=100_000),
    shown("A05", FAR, required=16_667, pace3=0, remaining=100_000),
    shown("A06", LATE, pressure3=15_000, required=16_667, pace3=11_111, remaining=100_000),
    shown("A07", GREY, reported=3),
]


def test_worst_first_unreachable_before_pressed():
    assert [item["code"] for item in page.to_decide(CORE, "?q", NEW)] == ["A05", "A04", "A06"]


def test_the_other_laggards_have_their_pressure_and_pace():
    (item,) = page.others(CORE, "?month=2017-06")
    assert (item["code"], item["pressure"], item["owner"]) == ("A01", "1.20 倍", "社保局")
    assert item["pace"] == "距2017年12月还有6个月，须月均提高1.20个百分点，是近3个月月均1.00个百分点的1.20倍。"
    assert item["url"] == "/indicators/A01/?month=2017-06"


def test_what_cannot_be_judged_is_named_with_its_coverage():
    assert page.unknown(CORE) == "数据不全、暂不判断 2 项：A03 指标A03 7/9 镇街；A07 指标A07 3/9 镇街"
    assert page.unknown(CORE[:2]) == ""


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (CORE[0], "加快的措施：速度须为近 3 个月的 1.20 倍"),
        (CORE[4], "新增措施：近 3 个月没有进展"),
        (CORE[2], "补报期限：2 个单位未审"),
        (shown("A08", FAR, end=JUNE, remaining=100_000), "期限已到未达标，是否延期、如何补足"),
        (shown("A15", FAR, comparator="zero", value=20_000, denominator=10_000), "逐户消除的期限和责任人"),
        (shown("A09", LATE, pressure3=9_000, required=9_000, pace3=10_000), "整改措施和完成时间"),
    ],
)
def test_what_is_asked_follows_from_why_it_is_late(one, expected):
    assert page.ask(one) == expected


def test_of_what_is_not_covered_no_pace_is_told():
    (item,) = page.to_decide([shown("A03", GREY, reported=7, required=1, pace3=1, remaining=1)], "", NEW)
    assert item["pace"] == ""
    assert item["sentence"] == "截至2017年6月底，指标A03为50.00%（已审7/9个镇街），数据不全，暂不判断。"
    assert item["decide_url"] == f"{NEW}&indicator=A03"
