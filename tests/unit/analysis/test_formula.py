"""The formula language: what it reads, what it refuses and where, and that it prints what it read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis.formula import MAX_LENGTH, Chain, Formula, FormulaError, Months, Negative, Number, Ref, parse

FIGURES = {"D01": 980, "D02": 20, "D31": 600, "D31[active]": 450, "D32": 400, "W01": 48145, "N": 90, "M": 120}


def value(text: str) -> Fraction:
    return parse(text).evaluate(lambda ref, months=False: Fraction(FIGURES[str(ref)]), Fraction)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D01 - D02", 960),
        ("D31[active] / (D31 + D32) * 100", 45),
        ("D01 - D02 - D02", 940),
        ("D01 / D02 / 7", 7),
        ("2 + 3 * 4", 14),
        ("-D02 * -D02", 400),
        ("--D02", 20),
        ("-(D01 - D02)", -960),
        ("0.55 * D02", 11),
        ("N / M * 100", 75),
        ("W01 / 12", Fraction(48145, 12)),
        (" D01\n", 980),
    ],
)
def test_a_formula_is_worked_out_as_it_is_read(text, expected):
    assert value(text) == expected


def test_references_are_listed_with_their_categories_and_without_the_parts():
    formula = parse("N - D31[active] * W01 + D10b")
    assert formula.refs == {Ref("D31", "active"), Ref("W01"), Ref("D10b")}
    assert formula.parts == {"N"}
    assert formula.stock_sum_refs == frozenset()


def test_stocks_summed_over_the_window_are_named_and_asked_for_as_such():
    formula = parse("D48 / months(D41 + 2 * D42)")
    assert formula.stock_sum_refs == {Ref("D41"), Ref("D42")}
    assert formula.plain_refs == {Ref("D48")}
    asked = []

    def resolve(ref, months=False):
        asked.append((str(ref), months))
        return Fraction(6)

    assert formula.evaluate(resolve, Fraction) == Fraction(6, 18)
    assert asked == [("D48", False), ("D41", True), ("D42", True)]


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "公式是空的"),
        ("  ", 1, "公式是空的"),
        ("D01 +", 6, "没有写完"),
        ("D01 D02", 5, "多出了“D02”"),
        ("D01)", 4, "多出了“)”"),
        ("(D01", 5, "第1个字符的左括号没有右括号"),
        ("2 * (D01", 9, "第5个字符的左括号没有右括号"),
        ("（D01）", 1, "全角"),
        ("D０1", 2, "全角"),
        ("D01 ＋ D02", 5, "全角"),
        ("D01　+ D02", 4, "全角"),
        ("D01 × 2", 5, "不认识的字符“×”"),
        ("D01 # 新增", 5, "注释"),
        ("D01\x00", 4, "U+0000"),
        ("D1", 1, "不认识的名称“D1”"),
        ("1 + d01", 5, "不认识的名称“d01”"),
        ("__import__", 1, "不认识的名称"),
        ("D01.real", 4, "不认识的字符“.”"),
        ("1.", 2, "不认识的字符“.”"),
        ("D31[在职]", 4, "分组代码"),
        ("W01[active]", 4, "没有分组"),
        ("D01 ** 2", 6, "而不是“*”"),
        ("+D01", 1, "而不是“+”"),
        ("months(D01 * D02)", 12, "只能相加减"),
        ("months(2 / D01)", 10, "只能相加减"),
        ("months(D01 + 1)", 1, "加减常数"),
        ("months(3)", 1, "没有填报项"),
        ("months(months(D01))", 8, "不能再用 months"),
        ("months(W01)", 8, "不能用“W01”"),
        ("months D01", 8, "左括号"),
        ("(" * 51 + "D01" + ")" * 51, 51, "最多50层"),
        ("-" * 51 + "D01", 51, "最多50层"),
        ("1" * 501, 501, "最多500个"),
    ],
)
def test_a_wrong_formula_is_refused_at_the_character_that_is_wrong(text, position, reason):
    with pytest.raises(FormulaError) as refused:
        parse(text)
    assert refused.value.position == position
    assert reason in str(refused.value)
    assert f"第{position}个字符" in str(refused.value)


def test_fifty_levels_and_five_hundred_characters_are_still_read():
    assert parse("(" * 50 + "D01" + ")" * 50).root == Ref("D01")
    longest = "+".join(["1"] * 250) + "0"
    assert len(longest) == MAX_LENGTH
    assert parse(str(parse(longest))) == parse(longest)


@pytest.mark.parametrize("text", ["D01 - (D02 - D03)", "D01 - D02 - D03", "(N - M) / N * 100", "--D01", "-(D01 * D02)"])
def test_a_formula_prints_as_it_was_written(text):
    assert str(parse(text)) == text


def _chains(parts, signs):
    tail = st.lists(st.tuples(st.sampled_from(signs), parts), min_size=1, max_size=3)
    return st.builds(lambda first, rest: Chain(((signs[0], first), *rest)), parts, tail)


REFS = st.sampled_from([Ref("D01"), Ref("D31", "active"), Ref("W01"), Ref("P01"), Ref("T04"), Ref("N"), Ref("M")])
STOCKS = st.sampled_from([Ref("D41"), Ref("D42"), Ref("D43", "rural")])
NUMBERS = st.sampled_from(["0", "1", "100", "0.55", "12.50"]).map(Number)
LINEAR = st.recursive(STOCKS, lambda inner: _chains(inner, "+-") | inner.map(Negative), max_leaves=4)
NODES = st.recursive(
    REFS | NUMBERS | LINEAR.map(Months),
    lambda inner: _chains(inner, "+-") | _chains(inner, "*/") | inner.map(Negative),
    max_leaves=12,
)


@given(NODES.map(Formula))
def test_every_formula_reads_back_from_its_own_text(formula):
    text = str(formula)
    if len(text) <= MAX_LENGTH:
        assert parse(text) == formula


@given(st.text(alphabet="D01WNM[]active+-*/(). months（#", max_size=40) | st.text(max_size=20))
def test_any_text_is_either_read_or_refused_with_a_position_inside_it(text):
    try:
        formula, position = parse(text), None
    except FormulaError as refused:
        formula, position = None, refused.position
    assert parse(str(formula)) == formula if formula else 1 <= position <= len(text) + 1
