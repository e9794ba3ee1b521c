"""What formulas give over their windows, from the exported totals, formulas and parameters."""

from __future__ import annotations

import ast
import calendar
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from operator import add, mul, sub, truediv

from .exports import COUNTY, Exports, month_of, number

REF = re.compile(r"([DWPT]\d+[a-z]?|[NM]\b)(?:\[([\w-]+)\])?")
Cell = tuple[str, str, str, int]  # item, category, area, month


class NoData(Exception):
    """Something the formula names has no figure in its window."""


@dataclass(frozen=True)
class Point:
    """A month of an indicator in an area; `value` None where there is none."""

    month: int
    value: Fraction | None
    covered: bool
    month_value: Fraction | None
    month_covered: bool
    denominator: Fraction | None


class Values:
    """Every indicator's months, as they were known at a release."""

    def __init__(self, exports: Exports) -> None:
        self.exports = exports
        self.kinds = {row["代码"]: row["类型"] for row in exports.items}
        self.rows = {
            (row["指标代码"], row["读法代码"], row["区划代码"], month_of(row["月份"])): row
            for row in exports.earlier + exports.evaluations
        }
        self.formulas = {(row["指标代码"], row["读法代码"]): row for row in exports.formulas if row["现行"] == "是"}
        self.start = month_of("2015-01")

    @cached_property
    def figures(self) -> dict[Cell, tuple[Fraction, bool]]:
        """Each total as released, and whether every place is in it."""
        found = {}
        for row in self.exports.figures:
            key = row["填报项代码"], row["类别代码"], row["区划代码"], month_of(row["月份"])
            found[key] = Fraction(row["数"]), row["未报单位"] == ""
        return found

    @cached_property
    def entered(self) -> set[str]:
        return {item for item, _category, _area, _month in self.figures}

    @cached_property
    def changes(self) -> dict[Cell, list[tuple[int, Fraction]]]:
        """By cell the corrections: the month whose release told of them, and by how much."""
        found = defaultdict(list)
        for row in self.exports.corrections:
            month, told = month_of(row["更正的月份"]), month_of(row["发布月份"])
            for area, old, new in (
                (row["区划代码"][:9], row["原数"], row["新数"]),
                (COUNTY, row["全县原数"], row["全县新数"]),
            ):
                by = (number(new) or Fraction(0)) - (number(old) or Fraction(0))
                found[row["填报项代码"], row["类别代码"], area, month].append((told, by))
        return found

    def figure(self, item: str, category: str, area: str, month: int, known_at: int) -> tuple[Fraction, bool] | None:
        """A total as it stood when the month `known_at` was released."""
        key = item, category, area, month
        standing = self.figures.get(key)
        if standing is None:
            return None
        value = standing[0] + sum(by for told, by in self.changes.get(key, ()) if told <= known_at)
        return value, standing[1]

    def over(
        self, item: str, category: str, area: str, window: str, month: int, known_at: int, summed: bool
    ) -> Fraction:
        """An item over the window that ends with `month`."""
        kind = "flow" if summed else self.kinds[item]

        def at(one: int) -> Fraction | None:
            found = self.figure(item, category, area, one, known_at)
            return None if found is None else found[0]

        if kind == "stock":
            terms = [at(month)]
        elif kind == "ytd":
            terms = [at(month)]
            if window == "month" and month % 12:
                terms.append(None if at(month - 1) is None else -at(month - 1))
            if window == "plan":
                terms += [at(year * 12 + 11) or Fraction(0) for year in range(self.start // 12, month // 12)]
            if window == "trailing12" and month % 12 != 11:
                december, then = at(month // 12 * 12 - 1), at(month - 12)
                terms += [december, None if then is None else -then]
        else:
            begins = {"year": month // 12 * 12, "plan": self.start, "trailing12": month - 11}.get(window, month)
            if window == "trailing12" and begins < self.start:
                raise NoData
            terms = [one for one in map(at, range(max(begins, self.start), month + 1)) if one is not None] or [None]
        if None in terms:
            raise NoData
        return sum(terms, Fraction(0))

    def parameter(self, code: str, month: int) -> Fraction:
        last = date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1]).isoformat()
        begun = [row for row in self.exports.parameters if row["代码"] == code and row["采用"] == "是"]
        return Fraction(max((row for row in begun if row["自"] <= last), key=lambda row: row["自"])["值"])

    def formula(self, text: str, area: str, window: str, month: int, known_at: int) -> Fraction:
        """A formula's value; NoData, ZeroDivisionError where it has none."""

        def named(code: str, category: str, summed: bool) -> Fraction:
            if code[0] == "W":
                return self.parameter(code, month)
            return self.over(code, category, area, window, month, known_at, summed)

        return arithmetic(text, named)

    def computable(self, texts: tuple[str, ...]) -> bool:
        """Is everything these formulas name among the exported totals or parameters?"""
        return all(code[0] == "W" or code in self.entered for text in texts for code, _category in REF.findall(text))

    def parts(
        self, key: tuple[str, str], area: str, window: str, month: int, known_at: int
    ) -> tuple[Fraction, Fraction | None, Fraction | None]:
        """Numerator, denominator and value (None for a division by zero) over a window."""
        formula, row = self.formulas[key], self.rows[(*key, area, month)]
        numerator, denominator = self._part(formula, "分子", row, area, window, month, known_at), None
        if formula["分母"]:
            denominator = self._part(formula, "分母", row, area, window, month, known_at)
        if formula["值"]:
            both = {"N": numerator, "M": denominator}
            value = arithmetic(formula["值"], lambda code, _category, _summed: both[code])
        elif denominator is None:
            value = numerator
        else:
            value = numerator / denominator * Fraction(formula["倍数"]) if denominator else None
        return numerator, denominator, value

    def _part(
        self, formula: dict, which: str, row: dict, area: str, window: str, month: int, known_at: int
    ) -> Fraction:
        if self.computable((formula[which],)):
            return self.formula(formula[which], area, window, month, known_at)
        found = number(row[which])  # counted by the program: places, completed projects
        if found is None:
            raise NoData
        return found

    @cache  # noqa: B019 - lives as long as the test
    def point(self, key: tuple[str, str], area: str, month: int, known_at: int) -> Point | None:
        """A month of an indicator; None where nobody reported."""
        row, formula = self.rows.get((*key, area, month)), self.formulas.get(key)
        if row is None or formula is None:
            return None
        value, denominator, month_value = None, None, None
        with suppress(NoData, ZeroDivisionError):
            _numerator, denominator, value = self.parts(key, area, formula["窗口"], month, known_at)
        texts = tuple(filter(None, (formula["分子"], formula["分母"])))
        with suppress(NoData, ZeroDivisionError):
            whole = self.computable(texts)
            month_value = self.parts(key, area, "month", month, known_at)[2] if whole else number(row["当月值"])
        covered = row["已报单位数"] == row["应报单位数"] and row["数据状态"] not in ("no_data", "not_here")
        return Point(month, value, covered, month_value, self._month_covered(texts, area, month, known_at), denominator)

    def _month_covered(self, texts: tuple[str, ...], area: str, month: int, known_at: int) -> bool:
        """Did every place report every item in that very month (a year-to-date item also in the one before)?"""
        for text in texts:
            for code, category in REF.findall(text):
                if code not in self.entered:
                    continue
                needed = [month, month - 1] if self.kinds[code] == "ytd" and month % 12 else [month]
                found = [self.figure(code, category, area, one, known_at) for one in needed]
                if any(one is None or not one[1] for one in found):
                    return False
        return True

    def series(self, key: tuple[str, str], area: str, month: int) -> dict[int, Point]:
        """The months up to `month` as they were known when it was released."""
        told = {at for changes in self.changes.values() for at, _by in changes if at <= month}
        known_at = max(told, default=self.start)
        found = ((one, self.point(key, area, one, known_at)) for one in range(self.start, month + 1))
        return {one: point for one, point in found if point is not None}


def arithmetic(text: str, named: Callable[[str, str, bool], Fraction]) -> Fraction:
    """A formula worked out; `named` gives what a name stands for, with its category and whether months() is around."""
    names: dict[str, tuple[str, str]] = {}

    def stand_in(found: re.Match) -> str:
        name = f"x{len(names)}"
        names[name] = found[1], found[2] or ""
        return name

    def of(node: ast.AST, summed: bool = False) -> Fraction:
        if isinstance(node, ast.Call):
            return of(node.args[0], summed=True)
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](of(node.left, summed), of(node.right, summed))
        if isinstance(node, ast.UnaryOp):
            return -of(node.operand, summed)
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        return named(*names[node.id], summed)

    return of(ast.parse(REF.sub(stand_in, text), mode="eval").body)


OPERATIONS = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}
