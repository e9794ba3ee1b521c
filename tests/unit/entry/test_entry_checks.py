"""Balance rules within a row, jumps against last month, and cells not filled."""

from dataclasses import replace

import pytest

from bureau import months
from indicators.entry.checks import check, missing_cells
from indicators.entry.layout import BalanceRule
from indicators.entry.relations import items_of, parse_rule


def only_rule(sheet, text):
    return replace(sheet, rules=(BalanceRule("R", text),))


def test_more_in_work_than_workers_is_named_with_both_figures(hand):
    values = {
        hand.at(hand.second, "D22"): hand.cell(1298),
        hand.at(hand.second, "D23"): hand.cell(1326),
    }
    (problem,) = check(hand.make_sheet(), values)
    assert (problem.severity, problem.rule) == ("hard", "已就业 1,326 大于城乡劳动者数 1,298")
    assert (problem.area_name, problem.item, problem.value) == ("横港村", "D23", "1,326")
    assert problem.fix == "核对“已就业”、“城乡劳动者数”，至少一个有误（已就业的不多于劳动者）"


def test_month_end_stock_must_follow_from_its_flows(hand):
    sheet = hand.make_sheet(previous={hand.at(hand.second, "D27"): hand.cell(3)})
    values = {hand.at(hand.second, item): hand.cell(n) for item, n in (("D25", 4), ("D26", 1), ("D27", 5))}
    (problem,) = check(sheet, values)
    assert problem.rule == "期末户数 5 不等于上月期末户数 3 + 新发现 4 − 已消除 1（＝6）"
    values[hand.at(hand.second, "D27")] = hand.cell(6)
    assert check(sheet, values) == []


def test_a_rule_with_a_missing_or_inapplicable_operand_is_skipped(hand):
    sheet = hand.make_sheet()
    assert check(sheet, {hand.at(hand.second, "D23"): hand.cell(9)}) == []
    not_here = {hand.at(hand.second, "D23"): hand.cell(9), hand.at(hand.second, "D22"): hand.cell(None, "na")}
    assert check(sheet, not_here) == []
    assert check(only_rule(sheet, "D22 <= D99"), {hand.at(hand.second, "D22"): hand.cell(9)}) == []


def test_a_cumulative_figure_falls_only_in_january(hand):
    previous = {hand.at(hand.town, "D62"): hand.cell("120.50")}
    values = {hand.at(hand.town, "D62"): hand.cell("99.5")}
    (problem,) = check(hand.make_sheet(previous=previous), values)
    assert problem.rule == "基金支付 99.5 小于上月基金支付 120.5"
    assert check(hand.make_sheet(previous=previous, month=months.make(2017, 1)), values) == []


def test_an_item_with_parts_is_the_sum_of_its_parts(hand):
    sheet = only_rule(hand.make_sheet(), "D22 >= D31")
    values = {
        hand.at(hand.first, "D22"): hand.cell(10),
        hand.at(hand.first, "D31", "active"): hand.cell(6),
        hand.at(hand.first, "D31", "retired"): hand.cell(5),
    }
    assert [problem.rule for problem in check(sheet, values)] == ["城乡劳动者数 10 小于参保人数 11"]
    one = only_rule(sheet, "D31[retired] <= D31[active]")
    assert check(one, values) == []
    del values[hand.at(hand.first, "D31", "retired")]
    assert check(sheet, values) == []


@pytest.mark.parametrize(("now", "rules"), [(31, []), (2999, []), (3000, ["请核实：比上月多 2,700 人（+900.0%）"])])
def test_a_tenfold_figure_is_to_be_confirmed(hand, now, rules):
    key = hand.at(hand.first, "D22")
    problems = check(hand.make_sheet(previous={key: hand.cell(300)}), {key: hand.cell(now)})
    assert [problem.rule for problem in problems] == rules
    assert all(problem.severity == "soft" for problem in problems)


@pytest.mark.parametrize(
    ("item", "value", "rules"),
    [
        ("D22", "-1", ["不得小于 0"]),
        ("D22", "1.5", ["须为整数"]),
        ("D62", "1.234", ["最多 2 位小数"]),
        ("D62", "1.23", []),
        ("D81", "1", ["本级不填这一项"]),  # a town's item in a village's row
    ],
)
def test_what_did_not_come_cell_by_cell_obeys_type_and_range_too(hand, item, value, rules):
    problems = check(hand.make_sheet(), {hand.at(hand.first, item): hand.cell(value)})
    assert [(one.severity, one.rule) for one in problems] == [("hard", rule) for rule in rules]


def test_cells_not_filled_are_listed_and_hatched_ones_are_not(hand):
    sheet = hand.make_sheet()
    missing = missing_cells(
        sheet, {hand.at(hand.town, "D62"): hand.cell(0), hand.at(hand.first, "D22"): hand.cell(None, "na")}
    )
    town = [problem.item for problem in missing if problem.area == hand.town]
    assert town == ["D81"]  # 0 is filled; village items are not asked of the town
    assert len(missing) == 1 + 7 + 8 + 8


@pytest.mark.parametrize(
    "text", ["D22", "D22 <= ", "D22 <= D23 <= D24", "D22 D23 = 1", "D22 <= D23 * 2", "<=", "D2 <= D3"]
)
def test_what_is_no_balance_rule_is_refused(text):
    with pytest.raises(ValueError, match="平衡公式"):
        parse_rule(text)


def test_the_items_of_a_rule_are_known():
    assert items_of("D27 = prev(D27) + D25 - D31[active]") == {"D27", "D25", "D31"}
