"""What the words of an old file may mean: a month, a unit and its factor, a total, a remark; how alike names are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache

from bureau import months
from bureau.names import plain_name as tidy
from indicators.entry.numbers import stored_number
from indicators.entry.rawbook import RawCell

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DIGITS = "一二三四五六七八九十"
_NUMERALS = {text: number for number, text in enumerate([*_DIGITS, "十一", "十二"], 1)}
_FULL_MONTH = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*(?:年|[-/.])\s*([0-9]{1,2})(?![0-9])\s*(?:月份?)?")
_PACKED = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?![0-9])")
_MONTH = re.compile(r"(?<![0-9.])([0-9]{1,2})\s*月份?")
_NUMERAL = re.compile(rf"(?<![{_DIGITS}])(十[一二]?|[{_DIGITS[:9]}])\s*月份?")
_MORE = re.compile(
    r"\s*[-—–~～至到]\s*(?:(?:19|20)[0-9]{2}年)?[0-9一二三四五六七八九十]{1,2}\s*月"
)  # 1—6月 is no month
_BEFORE = re.compile(r"[0-9一二三四五六七八九十月]\s*[-—–~～至到]\s*$")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*年")
_FIRST_DAY = date(1899, 12, 30)  # of a spreadsheet's own days
_UNIT = re.compile(
    r"[(（\[]\s*(?:单位\s*[:：]\s*)?([^()（）\[\]]{1,6}?)\s*[)）\]]|单位\s*[:：]\s*([^\s()（）,，;；]{1,6})"
)
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_UNITS = frozenset("元 人 户 人次 人月 个 家 件 起 次 项 场 名 张 条 笔 份 %".split())
_TOTALS = re.compile(r"(?:.*(?:合计|小计|总计|共计|平均)|总数|全县|累计|全县累计)")
_REMARKS = re.compile(r"(?:注|备注|说明|附注|制表|填表|填报|审核|负责人|联系|单位负责)")
_ROWS = re.compile(r"([0-9]{1,5})(?:[-—~至]([0-9]{1,5}))?")
_KINDS = re.compile(r"(?:街道办事处|街道办|街道|镇人民政府|镇|社区居委会|居委会|村民委员会|村委会|社区|村)$")
_NOISE = re.compile(r"[\s\-—_/\\、,，.。:：;；·()（）\[\]“”\"']|其中|单位")


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """A heading as it is compared: its unit and every mark taken out."""
    return _NOISE.sub("", tidy(_UNIT.sub("", text)))


@lru_cache(maxsize=20_000)
def stem(name: str) -> str:
    """'百步' of 百步镇: a place's name without what it is."""
    return _KINDS.sub("", name) or name


def likeness(one: str, other: str) -> float:
    """How alike two tidied texts are, 0 to 1; what lies within the other counts as nearly the same."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    short, long = sorted((one, other), key=len)
    return max(ratio, 0.8 + 0.19 * len(short) / len(long)) if len(short) >= 2 and short in long else ratio


def year_in(text: str) -> int | None:
    match = _YEAR.search(text.translate(_FULL_WIDTH))
    return int(match[1]) if match else None


def month_in(text: str, year: int | None) -> tuple[int | None, str]:
    """The month a text names and the text without it; `year` where the text tells none. (None, text) for no month."""
    plain = text.translate(_FULL_WIDTH)
    for pattern in (_FULL_MONTH, _PACKED):
        if (match := pattern.search(plain)) and 1 <= int(match[2]) <= 12:
            if _MORE.match(plain, match.end()):
                return None, text
            return months.make(int(match[1]), int(match[2])), _without(plain, match)
    for pattern in (_MONTH, _NUMERAL):
        match = pattern.search(plain)
        if match is None or _MORE.match(plain, match.end()) or _BEFORE.search(plain, 0, match.start()):
            continue
        number = _NUMERALS[match[1]] if match[1] in _NUMERALS else int(match[1])
        if 1 <= number <= 12 and year is not None:
            return months.make(year, number), _without(plain, match)
    return None, text


def names_month(text: str) -> bool:
    """Is there a month in the text, be it without its year?"""
    return month_in(text, 2000)[0] is not None


def month_of_cell(cell: RawCell, year: int | None) -> int | None:
    """The month a cell of a month column names: as text, as a date, or as a bare 1 to 12 beside a year."""
    if cell.kind in ("number", "date") and (cell.dated or cell.kind == "date"):
        number = stored_number(cell.text)
        if number is not None and 20_000 <= number < 80_000:
            day = _FIRST_DAY + timedelta(days=int(number))
            return months.make(day.year, day.month)
        return month_in(cell.text, None)[0]
    plain = tidy(cell.text)
    if year is not None and len(plain) <= 2 and plain.isdecimal() and plain.isascii() and 1 <= int(plain) <= 12:
        return months.make(year, int(plain))
    return month_in(plain, year)[0]


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]}{text[match.end() :]}".strip(" -—_/、,，")


def unit_in(text: str) -> str:
    """'万元' of '工资总额（万元）' or '单位：万元'; '' where none is told."""
    for match in _UNIT.finditer(text.translate(_FULL_WIDTH)):
        unit = tidy(match[1] or match[2])
        if _split(unit)[1] in _UNITS:
            return unit
    whole = tidy(text)
    return whole if _split(whole)[1] in _UNITS else ""


def _split(unit: str) -> tuple[int, str]:
    """'万元' → (10000, '元')."""
    for prefix in sorted(_SCALES, key=len, reverse=True):
        if unit.startswith(prefix) and unit != prefix:
            return _SCALES[prefix], unit.removeprefix(prefix)
    return 1, unit


def factor_between(theirs: str, ours: str) -> Decimal | None:
    """What a figure in `theirs` is multiplied by to be one in `ours`; None where the units do not go together."""
    (scale, base), (own_scale, own_base) = _split(theirs), _split(ours)
    if base != own_base and {base, own_base} - {"人", "名", "人数"}:
        return None
    return Decimal(scale) / Decimal(own_scale)


def why_left_out(texts: list[str]) -> str:
    """Why a row is hardly one of figures of a place: a total, a remark; '' where nothing speaks against it."""
    first = tidy(texts[0]) if texts else ""
    if any(_TOTALS.fullmatch(tidy(text)) for text in texts[:3]):
        return "合计"
    if _REMARKS.match(first):
        return "备注"
    return ""


def row_numbers(text: str, most: int) -> tuple[int, ...] | str:
    """The rows of '12、27-30' up to `most`; the part that names none, where there is one."""
    found: set[int] = set()
    for part in filter(None, re.split(r"[\s、,，;；行第]+", text.translate(_FULL_WIDTH))):
        match = _ROWS.fullmatch(part)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            return part
        found |= set(range(int(match[1]), min(int(match[2] or match[1]), most) + 1))
    return tuple(sorted(found))


def told_rows(numbers: Iterable[int]) -> str:
    """'12、27-30' of row numbers."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "、".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
