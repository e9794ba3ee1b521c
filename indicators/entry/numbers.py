"""The number grammar of entry: what a clerk may write in a cell of the web sheet or the workbook, and what it means.

Stricter than int(), Decimal() and NFKC, which take ٣٤, 1_000 or ① for numbers. Not for printing numbers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.entry.layout import CellState, Column, plain_number

VALUE_LIMIT = Decimal(10) ** 11  # every stored value lies strictly within
COUNT_DIGITS = 9
MOST_DECIMALS = 4
DOUBLE_DIGITS = 15  # what a spreadsheet keeps of a typed number
SHOWN_CHARACTERS = 40
MOST_CHARACTERS = 500  # no figure needs more

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_BLANKS = " \t\r\n\u00a0"
_NUMBER = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?")
_STORED = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_SEPARATED = re.compile(r"-?[0-9.]*[0-9],[0-9.,]*")
_ESTIMATE = re.compile(r"(?:暂估|估)\s*(.+)", re.DOTALL)
_CARRIED = re.compile(r"(?:沿用上月|沿用|沿)\s*(.*)", re.DOTALL)
_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")
_NOTHING = frozenset("-—–/\\、.") | {"无", "没有", "——", "--", "//"}
_MONEY = ("元", "万元", "亿元")
_NOUNS = {"人": "人数", "户": "户数", "人次": "人次", "人月": "人月数"} | dict.fromkeys(_MONEY, "金额")


@dataclass(frozen=True)
class ReadValue:
    """A cell that was understood. `value` is None for 不适用 and for 沿用 without a number (see carried_over).

    `converted` holds (as written, as read) when blanks were trimmed or full-width characters replaced.
    """

    value: Decimal | None
    state: CellState = "value"
    converted: tuple[str, str] | None = None


@dataclass(frozen=True)
class NumberProblem:
    """Why a cell cannot be taken, and what to write instead; `shown` is the text fit to be printed."""

    rule: str
    fix: str
    shown: str


def read_cell(text: str, column: Column, *, from_number_cell: bool = False) -> ReadValue | NumberProblem | None:
    """What the text of one cell means for `column`; None for a blank, which leaves the entry unchanged.

    `from_number_cell` is for number cells of a workbook, whose text may be written in exponents or seventeen digits.
    """
    shown = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    if from_number_cell:
        number = stored_number(text)
        return _judged(number, column, "value", shown) if number is not None else _not_a_number(text, shown, column)
    if len(text) > MOST_CHARACTERS:
        return NumberProblem(f"文字过长（{len(text):,} 个字符，最多 {MOST_CHARACTERS}）", "只写一个数", shown)
    if any(_is_invisible(character) for character in text):
        return NumberProblem("含不可见字符", "删去这一格，重新输入", _visible(shown))
    tidy = text.translate(_FULL_WIDTH).strip(_BLANKS).removeprefix("'").strip(_BLANKS)
    if not tidy:
        return None
    read = _read_tidy(tidy, column, shown)
    if isinstance(read, ReadValue) and tidy != text:
        return ReadValue(read.value, read.state, (shown, tidy))
    return read


def is_short_count(text: str) -> bool:
    """Is the text nothing but one to nine ASCII digits?"""
    return len(text) <= COUNT_DIGITS and text.isdecimal() and text.isascii()


def takes_any_count(column: Column) -> bool:
    """True where no rule of the column can speak against a short count: read_cell would give Decimal(text), 有值."""
    low = column.minimum is None or column.minimum <= 0
    return low and (column.maximum is None or column.maximum >= 10**COUNT_DIGITS)


def _read_tidy(tidy: str, column: Column, shown: str) -> ReadValue | NumberProblem:
    if tidy in ("不适用", "不"):
        return ReadValue(None, "na")
    estimate, carried = _ESTIMATE.fullmatch(tidy), _CARRIED.fullmatch(tidy)
    if carried and not carried[1]:
        return ReadValue(None, "carried")
    written = estimate[1] if estimate else carried[1] if carried else tidy
    state: CellState = "estimate" if estimate else "carried" if carried else "value"
    if _NUMBER.fullmatch(written):
        if _IDENTITY_NUMBER.fullmatch(written):
            return _identity_number()
        return _judged(Decimal(written.replace(",", "")), column, state, shown)
    return _not_a_number(written, shown, column)


def carried_over(
    read: ReadValue, before: Decimal | None, standing: Decimal | None, text: str
) -> ReadValue | NumberProblem:
    """沿用 with the number it stands for: last month's, or what a cell that is carried already holds (`standing`).

    A number written after 沿 has to be that number.
    """
    if read.state != "carried":
        return read
    known = [value for value in (before, standing) if value is not None]
    shown = text[:SHOWN_CHARACTERS]
    if not known:
        return NumberProblem("上月没有数，不能沿用", "填本月数；估计数写“估120”", shown)
    if read.value is not None and read.value not in known:
        return NumberProblem(f"与上月数 {plain_number(known[0])} 不同，不能沿用", "写“沿用”，或直接填本月数", shown)
    return replace(read, value=known[0] if read.value is None else read.value)


def _judged(number: Decimal, column: Column, state: CellState, shown: str) -> ReadValue | NumberProblem:
    """The number as an entry of `column`, or the first rule of the column that it breaks."""
    noun = noun_of(column)
    decimals = _decimals(number)
    if decimals > MOST_DECIMALS:
        most = f"最多 {column.decimals} 位" if column.decimals else f"{noun}须为整数"
        return NumberProblem(f"小数位数过多（{most}）", "按实际数重新输入，不要用算出来的尾数", shown)
    if decimals > column.decimals:
        if column.decimals == 0:
            return NumberProblem(f"{noun}须为整数", "改成整数", shown)
        return NumberProblem(f"小数最多 {column.decimals} 位", f"四舍五入到 {column.decimals} 位小数", shown)
    if column.minimum is not None and number < column.minimum:
        return NumberProblem(_minimum_rule(column, noun), "改成不小于下限的数；冲减以前的数走更正", shown)
    if _is_count(column) and abs(number) >= 10**COUNT_DIGITS:
        return NumberProblem(f"{noun}应为 0 或正整数，最多 {COUNT_DIGITS} 位", "核对位数和计量单位", shown)
    if abs(number) >= VALUE_LIMIT:
        return NumberProblem("超过上限 1,000 亿", "核对位数和计量单位", shown)
    if column.maximum is not None and number > column.maximum:
        return NumberProblem(f"大于上限 {plain_number(column.maximum)}", "核对后改正", shown)
    return ReadValue(Decimal(plain_number(number)), state)


def _minimum_rule(column: Column, noun: str) -> str:
    if column.minimum != 0:
        return f"小于下限 {plain_number(column.minimum or Decimal(0))}"
    return f"{noun}应为 0 或正整数" if column.decimals == 0 else f"{noun}不能为负数"


def _not_a_number(written: str, shown: str, column: Column) -> NumberProblem:
    """The most helpful reason why `written` is no number."""
    if _IDENTITY_NUMBER.search(written):
        return _identity_number()
    if written in _NOTHING:
        return NumberProblem(f"“{shown}”不表示数", "没有发生填 0，不适用填“不适用”，还不知道就留空", shown)
    if "%" in written or "‰" in written:
        return NumberProblem(f"填{noun_of(column)}，不填百分比", f"改填{noun_of(column)}（{column.unit}）", shown)
    if _SEPARATED.fullmatch(written):
        return NumberProblem("千分位写法不对", "写成 1234 或 1,234", shown)
    digits = re.search(r"[0-9]+", written)
    fix = (
        f"只写一个数，如 {digits[0][:COUNT_DIGITS]}；估计数写“估{digits[0][:COUNT_DIGITS]}”"
        if digits
        else "写阿拉伯数字，如 12"
    )
    return NumberProblem(f"“{shown}”不是数字", fix, shown)


def _identity_number() -> NumberProblem:
    """Personal data is never stored nor repeated on a page."""
    return NumberProblem("疑似身份证号码，本系统不收个人信息", "删去，只填汇总数", "******************")


def stored_number(text: str) -> Decimal | None:
    """The number a workbook's number cell stands for, or None.

    A spreadsheet writes the typed 1.1 as 1.1000000000000001. Both texts name one double, so the short one is
    what was typed; 3.0000000000000004 names another double than 3 and keeps its digits, to be refused.
    The doubles serve only to compare the two spellings, the value comes from the text.
    """
    if len(text) > 1000 or not _STORED.fullmatch(text.strip()):
        return None
    number = Decimal(text.strip())
    digits = number.as_tuple().digits
    if len(digits) <= DOUBLE_DIGITS:
        return number
    short = Decimal(f"{number:.{DOUBLE_DIGITS - 1}e}")
    return short if float(short) == float(number) else number


def _decimals(number: Decimal) -> int:
    """How many decimals are needed to write the number, trailing zeros apart."""
    _, _, fraction = format(number, "f").partition(".")
    return len(fraction.rstrip("0"))


def noun_of(column: Column) -> str:
    """人数, 户数, 金额 …: what a figure of the column is called in a rule."""
    return _NOUNS.get(column.unit, "数量")


def _is_count(column: Column) -> bool:
    return column.decimals == 0 and column.unit not in _MONEY


def _is_invisible(character: str) -> bool:
    return character not in "\t\r\n" and unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co", "Cn")


def _visible(text: str) -> str:
    return "".join("□" if _is_invisible(character) else character for character in text)
