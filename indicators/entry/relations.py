"""Balance rules (平衡规则) read from text, as 'D23 <= D22' or 'D27 = prev(D27) + D25 - D26'; their sums in a row.

An item with a breakdown stands for the sum of its categories; a sum with a missing part has no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bureau import months
from indicators.entry.layout import Cell, CellKey, Column, Row, Sheet

_REF = r"[A-Z][0-9]{2,3}[a-z]?(?:\[[A-Za-z0-9_-]{1,40}\])?"
_TERM = re.compile(rf"\s*([-+−])?\s*(?:(prev)\(\s*({_REF})\s*\)|({_REF})|([0-9]+(?:\.[0-9]+)?))\s*")
_RELATION = re.compile(r"<=|>=|=|<|>|≤|≥|＝")
_SAME = {"≤": "<=", "≥": ">=", "＝": "="}
_SHARE = re.compile(rf"\s*({_REF})\s*/\s*({_REF})\s*")


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
    return Relation(parse_sum(left, text), _SAME.get(signs[0], signs[0]), parse_sum(right, text))


@lru_cache(maxsize=512)
def parse_share(text: str) -> tuple[Term, Term]:
    """'D23 / D22' as part and whole; ValueError (Chinese) for what is no share."""
    match = _SHARE.fullmatch(text)
    if match is None:
        raise ValueError(f"占比须写作“部分 / 总体”，如 D23 / D22：{text}")
    part, whole = (_reference(found) for found in match.groups())
    return part, whole


def items_of(text: str) -> frozenset[str]:
    """The codes of the items a rule speaks of."""
    relation = parse_rule(text)
    return frozenset(term.item for term in relation.left + relation.right if term.item)


def parse_sum(side: str, text: str) -> tuple[Term, ...]:
    """A sum of signed terms, as one side of the rule `text`; ValueError (Chinese) for what is none."""
    terms: list[Term] = []
    at = 0
    while at < len(side):
        match = _TERM.match(side, at)
        if match is None or (terms and not match[1]):
            raise ValueError(f"平衡公式写法不对：{text}")
        sign = -1 if match[1] in ("-", "−") else 1
        found = _reference(match[3] or match[4] or "")
        constant = Decimal(match[5]) if match[5] else None
        terms.append(Term(sign, found.item, found.category, bool(match[2]), constant))
        at = match.end()
    if not terms:
        raise ValueError(f"平衡公式缺一边：{text}")
    return tuple(terms)


def _reference(text: str) -> Term:
    item, _, category = text.rstrip("]").partition("[")
    return Term(1, item, category)


Columns = Mapping[str, list[Column]]
"""The columns of each item: one, or one for each category."""


def by_item(columns: Iterable[Column]) -> Columns:
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column.item, []).append(column)
    return found


def columns_of(term: Term, columns: Columns) -> list[Column]:
    """The columns a term adds up."""
    return [one for one in columns.get(term.item, ()) if term.category in ("", one.category)]


def amount(sheet: Sheet, row: Row, term: Term, values: Mapping[CellKey, Cell], columns: Columns) -> Decimal | None:
    """The signed value of a term in the row, None when anything it needs is not there."""
    if term.constant is not None:
        return term.sign * term.constant
    found = columns_of(term, columns)
    if not found:
        return None
    if term.previous and found[0].kind == "ytd" and months.number(sheet.month) == 1:
        return None  # a cumulative figure (本年累计) starts anew in January
    source = sheet.previous if term.previous else values
    cells = [source.get(CellKey(row.area, one.item, one.category)) for one in found]
    if any(cell is None or cell.value is None for cell in cells):
        return None
    return term.sign * sum((cell.value for cell in cells if cell and cell.value is not None), Decimal(0))


def name_of(term: Term, columns: Columns) -> str:
    """The item's short name: without a leading 其中, with its category only when the rule names one."""
    column = columns_of(term, columns)[0]
    name = re.sub(r"^其中[:：]?", "", column.title if term.category else column.name)
    return f"上月{name}" if term.previous else name
