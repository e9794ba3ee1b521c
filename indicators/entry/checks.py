"""Checks of a sheet's figures against each other: balance rules, jumps against last month, cells not filled.

A rule is 'D23 <= D22' or 'D27 = prev(D27) + D25 - D26', held within one row; an item with a breakdown stands for the
sum of its categories, and a rule with a missing operand is skipped. What a single cell may hold is numbers.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from bureau import months
from indicators.entry.layout import Cell, CellKey, Column, Problem, Row, Sheet, grouped_number, is_entered

JUMP_FACTOR = 10  # against last month; more or less than this asks 请核实
JUMP_FROM = Decimal(30)  # figures below this are too small to wonder at

_REF = r"[A-Z][0-9]{2,3}[a-z]?(?:\[[A-Za-z0-9_-]{1,40}\])?"
_TERM = re.compile(rf"\s*([-+−])?\s*(?:(prev)\(\s*({_REF})\s*\)|({_REF})|([0-9]+(?:\.[0-9]+)?))\s*")
_RELATION = re.compile(r"<=|>=|=|<|>|≤|≥|＝")
_SAME = {"≤": "<=", "≥": ">=", "＝": "="}
_BROKEN = {
    "<=": (lambda left, right: left > right, "大于"),
    ">=": (lambda left, right: left < right, "小于"),
    "=": (lambda left, right: left != right, "不等于"),
    "<": (lambda left, right: left >= right, "不小于"),
    ">": (lambda left, right: left <= right, "不大于"),
}


@dataclass(frozen=True)
class Term:
    """One signed part of a side: a constant, or an item (with perhaps one category), of this month or the last."""

    sign: int
    item: str = ""
    category: str = ""
    previous: bool = False
    constant: Decimal | None = None


@dataclass(frozen=True)
class Relation:
    """A rule read: the sum on the left, the sign between, the sum on the right."""

    left: tuple[Term, ...]
    sign: str
    right: tuple[Term, ...]


@lru_cache(maxsize=512)
def parse_rule(text: str) -> Relation:
    """The rule as a tree of two sums; ValueError (Chinese) for what is no balance rule."""
    signs = _RELATION.findall(text)
    if len(signs) != 1:
        raise ValueError(f"平衡公式须有且只有一个比较号：{text}")
    left, right = text.split(signs[0])
    return Relation(_terms(left, text), _SAME.get(signs[0], signs[0]), _terms(right, text))


def items_of(text: str) -> frozenset[str]:
    """The codes of the items a rule speaks of."""
    relation = parse_rule(text)
    return frozenset(term.item for term in relation.left + relation.right if term.item)


def _terms(side: str, text: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    at = 0
    while at < len(side):
        match = _TERM.match(side, at)
        if match is None or (terms and not match[1]):
            raise ValueError(f"平衡公式写法不对：{text}")
        sign = -1 if match[1] in ("-", "−") else 1
        item, _, category = (match[3] or match[4] or "").rstrip("]").partition("[")
        terms.append(Term(sign, item, category, bool(match[2]), Decimal(match[5]) if match[5] else None))
        at = match.end()
    if not terms:
        raise ValueError(f"平衡公式缺一边：{text}")
    return tuple(terms)


def check(sheet: Sheet, values: Mapping[CellKey, Cell]) -> list[Problem]:
    """Every broken balance rule (hard) and every tenfold jump (soft) in `values`, row by row.

    `values` are all entries as they would stand, not only the changed ones.
    """
    relations = [(rule, parse_rule(rule.text)) for rule in sheet.rules]
    columns = _by_item(sheet)
    problems: list[Problem] = []
    for row in sheet.rows:
        for rule, relation in relations:
            problem = _broken(sheet, row, relation, values, columns)
            if problem is not None:
                basis = f"（{rule.basis}）" if rule.basis else ""
                problems.append(_problem(row, *problem, fix_note=basis))
        problems.extend(_jumps(sheet, row, values))
    return problems


def missing_cells(sheet: Sheet, values: Mapping[CellKey, Cell]) -> list[Problem]:
    """The cells still 未填, each hard, in reading order: what stands between a draft and its submission."""
    return [
        Problem(
            "hard",
            "未填",
            "填数；没有发生填 0，不适用填“不适用”",
            area=row.area,
            area_name=row.name,
            item=column.item,
            item_name=column.title,
            category=column.category,
        )
        for row in sheet.rows
        for column in sheet.columns
        if is_entered(row, column) and CellKey(row.area, column.item, column.category) not in values
    ]


def _by_item(sheet: Sheet) -> dict[str, list[Column]]:
    columns: dict[str, list[Column]] = {}
    for column in sheet.columns:
        columns.setdefault(column.item, []).append(column)
    return columns


def _broken(
    sheet: Sheet, row: Row, relation: Relation, values: Mapping[CellKey, Cell], columns: dict[str, list[Column]]
) -> tuple[Column, Decimal, str, str] | None:
    """(column to look at, its value, the rule's sentence, what to do) when the relation fails in the row."""
    left = [_amount(sheet, row, term, values, columns) for term in relation.left]
    right = [_amount(sheet, row, term, values, columns) for term in relation.right]
    if None in left or None in right:
        return None
    left_sum, right_sum = _total(left), _total(right)
    fails, word = _BROKEN[relation.sign]
    if not fails(left_sum, right_sum):
        return None
    sentence = f"{_side(relation.left, left, columns)} {word}{_side(relation.right, right, columns)}"
    terms = [term for term in relation.left + relation.right if term.item]
    names = list(dict.fromkeys(_name(term, columns) for term in terms if not term.previous))
    fix = f"核对{'、'.join(f'“{name}”' for name in names)}"
    if len(names) > 1:
        fix += "，至少一个有误"
    elif any(term.previous for term in terms):
        fix += "；上月数有误的走更正"
    here = next((term for term in terms if not term.previous), terms[0])
    return _column(here, columns), left_sum, sentence, fix


def _amount(
    sheet: Sheet, row: Row, term: Term, values: Mapping[CellKey, Cell], columns: dict[str, list[Column]]
) -> Decimal | None:
    """The signed value of a term in the row, None when anything it needs is not there."""
    if term.constant is not None:
        return term.sign * term.constant
    found = [one for one in columns.get(term.item, ()) if term.category in ("", one.category)]
    if not found:
        return None
    if term.previous and found[0].kind == "ytd" and months.number(sheet.month) == 1:
        return None  # a cumulative figure (本年累计) starts anew in January
    source = sheet.previous if term.previous else values
    cells = [source.get(CellKey(row.area, one.item, one.category)) for one in found]
    if any(cell is None or cell.value is None for cell in cells):
        return None
    return term.sign * sum((cell.value for cell in cells if cell and cell.value is not None), Decimal(0))


def _side(terms: tuple[Term, ...], amounts: list[Decimal | None], columns: dict[str, list[Column]]) -> str:
    """'已就业 1,326', or '上月末户数 3 + 新发现 4 − 已消除 1（＝6）' where several terms are added."""
    text = ""
    for index, (term, amount) in enumerate(zip(terms, amounts, strict=True)):
        shown = grouped_number((amount or Decimal(0)) * term.sign)
        sign = "−" if term.sign < 0 else "+"
        lead = f" {sign} " if index else ("−" if term.sign < 0 else "")
        text += lead + (f"{_name(term, columns)} {shown}" if term.item else shown)
    return text if len(terms) == 1 else f"{text}（＝{grouped_number(_total(amounts))}）"


def _total(amounts: list[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _column(term: Term, columns: dict[str, list[Column]]) -> Column:
    return next(one for one in columns[term.item] if term.category in ("", one.category))


def _name(term: Term, columns: dict[str, list[Column]]) -> str:
    """The item's short name: without a leading 其中, with its category only when the rule names one."""
    column = _column(term, columns)
    name = re.sub(r"^其中[:：]?", "", column.title if term.category else column.name)
    return f"上月{name}" if term.previous else name


def _problem(row: Row, column: Column, value: Decimal, rule: str, fix: str, *, fix_note: str = "") -> Problem:
    return Problem(
        "hard",
        rule,
        fix + fix_note,
        area=row.area,
        area_name=row.name,
        item=column.item,
        item_name=column.title,
        category=column.category,
        value=grouped_number(value),
    )


def _jumps(sheet: Sheet, row: Row, values: Mapping[CellKey, Cell]) -> Iterator[Problem]:
    """Figures ten times last month's, or a tenth: 请核实, to be explained before the submission."""
    for column in sheet.columns:
        key = CellKey(row.area, column.item, column.category)
        now, before = values.get(key), sheet.previous.get(key)
        if column.kind == "ytd" or not now or not before or now.value is None or not before.value:
            continue
        large, small = max(now.value, before.value), min(now.value, before.value)
        if large < JUMP_FROM or large < JUMP_FACTOR * small:
            continue
        change = now.value - before.value
        percent = (abs(change) * 100 / before.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
        more, sign = ("多", "+") if change > 0 else ("少", "−")
        yield Problem(
            "soft",
            f"请核实：比上月{more} {grouped_number(abs(change))} {column.unit}（{sign}{percent}%）",
            "有误就改；无误，确认后写说明",
            area=row.area,
            area_name=row.name,
            item=column.item,
            item_name=column.title,
            category=column.category,
            value=grouped_number(now.value),
        )
