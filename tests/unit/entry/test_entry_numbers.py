"""What may be written in a cell, by the cases of the number grammar."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.entry.layout import Column, plain_number
from indicators.entry.numbers import NumberProblem, ReadValue, is_short_count, read_cell, takes_any_count

PERSONS = Column("D01", "城镇新增就业人数", "人")
YUAN = Column("D62", "基金支付", "元", decimals=2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("12,345,678", "12345678"),
        ("0", "0"),
        ("-0", "0"),
        ("3.0", "3"),
        ("007", "7"),
    ],
)
def test_plain_numbers_are_taken_without_a_conversion_note(text, value):
    assert read_cell(text, PERSONS) == ReadValue(Decimal(value))


@pytest.mark.parametrize(
    ("text", "tidy", "value"),
    [
        ("１２３", "123", "123"),
        ("１，２３４．５", "1,234.5", "1234.5"),
        ("123 ", "123", "123"),
        ("\u00a0123\u3000", "123", "123"),
        ("'123", "123", "123"),
    ],
)
def test_full_width_and_stray_blanks_are_tidied_and_listed(text, tidy, value):
    assert read_cell(text, YUAN) == ReadValue(Decimal(value), "value", (text, tidy))


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "\t\r\n", "'"])
def test_a_blank_says_nothing(text):
    assert read_cell(text, PERSONS) is None


@pytest.mark.parametrize(
    ("text", "state", "value"),
    [
        ("不适用", "na", None),
        ("沿用", "carried", None),
        ("沿用上月", "carried", None),
        ("估120", "estimate", "120"),
        ("暂估120", "estimate", "120"),
        ("估１，２００", "estimate", "1200"),
    ],
)
def test_words_set_the_state_of_a_cell(text, state, value):
    read = read_cell(text, PERSONS)
    assert (read.state, read.value) == (state, None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "text", ["1_000", "٣٤", "①", "²", "½", "１２３人", "约50", "50-60", "十二", "1e3", "NaN", "inf", "5.", ".5", "+5"]
)
def test_what_only_looks_like_a_number_is_refused(text):
    assert read_cell(text, PERSONS).rule == f"“{text}”不是数字"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1,23", "千分位写法不对"),
        ("1.234,5", "千分位写法不对"),
        ("12,3456", "千分位写法不对"),
        ("-3", "人数应为 0 或正整数"),
        ("3.5", "人数须为整数"),
        ("1234567890", "人数应为 0 或正整数，最多 9 位"),
        ("9" * 400, "人数应为 0 或正整数，最多 9 位"),
        ("97%", "填人数，不填百分比"),
        ("９７％", "填人数，不填百分比"),
        ("-", "“-”不表示数"),
        ("/", "“/”不表示数"),
        ("无", "“无”不表示数"),
        ("12\u200b", "含不可见字符"),
        ("\u202e12", "含不可见字符"),
        ("330424198001011234", "疑似身份证号码，本系统不收个人信息"),
        ("3.00000001", "小数位数过多（人数须为整数）"),
    ],
)
def test_each_refusal_names_its_rule(text, rule):
    assert read_cell(text, PERSONS).rule == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1.234", "小数最多 2 位"),
        ("-0.5", "金额不能为负数"),
        ("100000000000", "超过上限 1,000 亿"),
        ("99999999999.99", None),
        ("5%", "填金额，不填百分比"),
    ],
)
def test_money_has_its_own_limits(text, rule):
    assert getattr(read_cell(text, YUAN), "rule", None) == rule


def test_an_identity_number_is_never_repeated():
    problem = read_cell("33042419800101123X", PERSONS)
    assert "3304" not in problem.shown + problem.fix + problem.rule


def test_a_yes_no_item_holds_at_most_its_maximum():
    assert read_cell("2", Column("D81", "已建", "个", maximum=Decimal(1))).rule == "大于上限 1"


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("1.1000000000000001", "1.1"),  # as a spreadsheet stores the typed 1.1
        ("1E+3", "1000"),
        ("12.50", "12.5"),
        ("99999999999.990005", "99999999999.99"),
    ],
)
def test_number_cells_mean_the_number_that_was_typed(stored, value):
    assert read_cell(stored, YUAN, from_number_cell=True) == ReadValue(Decimal(value))


@pytest.mark.parametrize("stored", ["3.0000000000000004", "0.30000000000000004", "1E-7"])
def test_number_cells_with_a_computed_tail_are_refused(stored):
    assert read_cell(stored, YUAN, from_number_cell=True).rule == "小数位数过多（最多 2 位）"


@pytest.mark.parametrize("stored", ["NaN", "INF", "1e400000", "0x10", "", "1 2", "٣"])
def test_number_cells_that_hold_no_number_are_refused(stored):
    assert isinstance(read_cell(stored, YUAN, from_number_cell=True), NumberProblem)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_reason(text):
    read = read_cell(text, PERSONS)
    if isinstance(read, NumberProblem):
        assert read.rule
        assert read.fix
        assert len(read.shown) <= 41
    else:
        assert read is None or read.value is None or 0 <= read.value < 10**9


@given(st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2))
def test_every_amount_survives_being_written_out(value):
    assert read_cell(plain_number(value), YUAN) == ReadValue(value)
    assert read_cell(f"{value:,}", YUAN) == ReadValue(value)
    assert read_cell(f"{float(value):.17g}", YUAN, from_number_cell=True) == ReadValue(value)


@pytest.mark.parametrize(
    ("column", "any_count"),
    [
        (PERSONS, True),
        (YUAN, True),
        (Column("D01", "人数", "人", minimum=None), True),
        (Column("D01", "人数", "人", minimum=Decimal(1)), False),
        (Column("D01", "人数", "人", maximum=Decimal(999_999_999)), False),
        (Column("D01", "人数", "人", maximum=Decimal(10) ** 9), True),
    ],
)
def test_where_no_rule_speaks_against_a_count_it_need_not_be_asked(column, any_count):
    assert takes_any_count(column) is any_count
    for text in ("0", "7", "007", "999999999"):
        assert is_short_count(text)
        if any_count:
            assert read_cell(text, column, from_number_cell=True) == ReadValue(Decimal(text))


@pytest.mark.parametrize("text", ["", "1234567890", "１２", "٣٤", "1_0", "-1", "1.0", " 1", "²"])
def test_what_is_no_short_count_goes_the_long_way(text):
    assert not is_short_count(text)
