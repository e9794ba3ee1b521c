"""Questions of plausibility: each kind by one example worked by hand, and what is left alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.entry.layout import Row, SoftRule
from indicators.entry.plausibility import Quota, past_asked, questions
from indicators.entry.relations import parse_sum

VILLAGES = [f"33042410120{number}" for number in range(1, 7)]


@pytest.fixture
def sheet(hand):
    rows = tuple(Row(code, f"{code[-1]}村", "village") for code in VILLAGES)
    share = SoftRule("S09", "share", "D23 / D22")
    return replace(hand.make_sheet(), rows=rows, soft_rules=(share,))


def filled(hand, sheet, item, numbers, category="", previous=False):
    """The sheet with these figures of an item, village by village."""
    cells = {hand.at(code, item, category): hand.cell(n) for code, n in zip(VILLAGES, numbers, strict=False)}
    kept = dict(sheet.previous if previous else sheet.values) | cells
    return replace(sheet, previous=kept) if previous else replace(sheet, values=kept)


def texts(sheet, past=None, quotas=()):
    return [f"{one.area_name} {one.text}".strip() for one in questions(sheet, past or {}, quotas)]


def test_three_equal_months_of_what_happened_in_the_month(hand, sheet):
    sheet = filled(hand, filled(hand, sheet, "D25", [35, 29]), "D25", [35, 29], previous=True)
    key = hand.at(VILLAGES[0], "D25")
    past = {key: {sheet.month - 2: Decimal(35)}, hand.at(VILLAGES[1], "D25"): {sheet.month - 2: Decimal(29)}}
    assert texts(sheet, past) == ["1村 请核实：新发现连续 3 个月均为 35 户"]  # 29 is too small to ask
    assert texts(sheet, {key: {sheet.month - 2: Decimal(36)}}) == []
    assert past_asked(sheet, ()) == {key}


def test_a_stock_may_stand_still(hand, sheet):
    sheet = filled(hand, filled(hand, sheet, "D22", [351]), "D22", [351], previous=True)
    assert texts(sheet, {hand.at(VILLAGES[0], "D22"): {sheet.month - 2: Decimal(351)}}) == []


def test_a_sum_that_meets_its_target_to_the_last_digit(hand, sheet):
    sheet = filled(hand, filled(hand, sheet, "D25", [45]), "D26", [5])
    quota = Quota("零就业家庭", VILLAGES[0], parse_sum("D25 - D26", ""), Decimal(100), sheet.month - 2)
    past = {
        hand.at(VILLAGES[0], "D25"): {sheet.month - 2: Decimal(40), sheet.month - 1: Decimal(30)},
        hand.at(VILLAGES[0], "D26"): {sheet.month - 2: Decimal(7), sheet.month - 1: Decimal(3)},
    }
    # 45 − 5 and before it 40 − 7 and 30 − 3: together 100.
    assert texts(sheet, past, [quota]) == ["1村 请核实：新发现、已消除合计正好等于目标“零就业家庭” 100"]
    assert texts(sheet, past, [replace(quota, value=Decimal(101))]) == []
    assert texts(sheet, {}, [quota]) == []  # with a month missing there is no sum
    month = replace(quota, first=None, value=Decimal(40))
    assert texts(sheet, {}, [month]) == ["1村 请核实：新发现、已消除合计正好等于目标“零就业家庭” 40"]


def test_a_share_that_jumped_to_a_hundred_in_the_month(hand, sheet):
    for item, now, before in (("D22", [200, 100, 20], [200, 100, 20]), ("D23", [200, 100, 20], [180, 99, 10])):
        sheet = filled(hand, filled(hand, sheet, item, now), item, before, previous=True)
    # 90 % to 100 %; 99 % stood close already, 20 people are too few.
    assert texts(sheet) == ["1村 请核实：已就业占城乡劳动者数由上月 90.0% 升至 100.0%"]


def test_the_same_share_in_every_village(hand, sheet):
    people = [100, 150, 210, 333, 95, 77]
    sheet = filled(hand, sheet, "D22", people)
    assert texts(filled(hand, sheet, "D23", [n * Decimal("0.8") for n in people])) == [
        "请核实：6 个地方已就业占城乡劳动者数都是 80.0%"
    ]
    assert texts(filled(hand, sheet, "D23", people)) == []  # all of it everywhere is what was aimed at
    other = [n * Decimal("0.8") for n in people[:-1]] + [Decimal(60)]
    assert texts(filled(hand, sheet, "D23", other)) == []


def test_the_same_share_of_a_category_in_every_village(hand, sheet):
    active, retired = [61, 122, 183, 244, 305, 366], [39, 78, 117, 156, 195, 234]
    sheet = filled(hand, filled(hand, sheet, "D31", active, "active"), "D31", retired, "retired")
    assert texts(sheet) == [
        "请核实：6 个地方参保人数（在职）占参保人数都是 61.0%",
        "请核实：6 个地方参保人数（离退休）占参保人数都是 39.0%",
    ]


def test_all_villages_round_numbers(hand, sheet):
    assert texts(filled(hand, sheet, "D22", [30, 120, 450, 90, 1000])) == ["请核实：城乡劳动者数 5 个地方都是整十数"]
    assert texts(filled(hand, sheet, "D22", [30, 120, 450, 90])) == []  # four may be chance
    assert texts(filled(hand, sheet, "D22", [30, 120, 450, 90, 1001])) == []
    assert texts(filled(hand, sheet, "D22", [20, 10, 20, 10, 20, 10])) == []


def test_every_question_is_worded_as_one(hand, sheet):
    found = texts(filled(hand, sheet, "D22", [30, 120, 450, 90, 1000]))
    assert all("请核实" in one for one in found)
