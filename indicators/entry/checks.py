"""Checks of a sheet's figures: what each cell may hold, the balance rules of a row (hard), the soft rules (请核实).

A hard finding refuses the submission, a soft one asks for a note that stays with the figure. How the rules are read is
relations.py's affair, what is unusual soft.py's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from indicators.entry.layout import Cell, CellKey, Column, Problem, Row, Sheet, grouped_number, is_entered
from indicators.entry.notes import is_current
from indicators.entry.relations import Columns, Relation, Term, amount, by_item, columns_of, name_of, parse_rule
from indicators.entry.soft import unusual

_BROKEN = {
    "<=": (lambda left, right: left > right, "大于"),
    ">=": (lambda left, right: left < right, "小于"),
    "=": (lambda left, right: left != right, "不等于"),
    "<": (lambda left, right: left >= right, "不小于"),
    ">": (lambda left, right: left <= right, "不大于"),
}


def check(sheet: Sheet, values: Mapping[CellKey, Cell]) -> list[Problem]:
    """Every cell out of range, every broken balance rule (hard), every unusual figure (soft) in `values`, row by row.

    `values` are all entries as they would stand, not only the changed ones.
    """
    relations = [(rule, parse_rule(rule.text)) for rule in sheet.rules]
    columns = by_item(sheet.columns)
    soft: dict[str, list[Problem]] = defaultdict(list)
    for problem in unusual(sheet, values, columns):
        soft[problem.area].append(problem)
    problems: list[Problem] = []
    for row in sheet.rows:
        problems.extend(_out_of_range(sheet, row, values))
        for rule, relation in relations:
            found = _broken(sheet, row, relation, values, columns)
            if found is not None:
                basis = f"（{rule.basis}）" if rule.basis else ""
                problems.append(_problem(row, *found, fix_note=basis, code=rule.code))
        problems.extend(soft[row.area])
    return problems


def hard_ones(problems: Iterable[Problem]) -> list[Problem]:
    """Those that refuse a submission."""
    return [one for one in problems if one.severity == "hard"]


def unexplained(problems: Iterable[Problem], values: Mapping[CellKey, Cell]) -> list[Problem]:
    """The soft findings whose cell has no note (说明) yet, or one of a figure that stood there before."""
    return [one for one in problems if one.severity == "soft" and not is_explained(one, values)]


def is_explained(problem: Problem, values: Mapping[CellKey, Cell]) -> bool:
    """Does the cell of a finding carry a note that speaks of its figure?"""
    cell = values.get(problem.cell)
    return cell is not None and is_current(cell.note)


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


def _out_of_range(sheet: Sheet, row: Row, values: Mapping[CellKey, Cell]) -> Iterator[Problem]:
    """What came in by another way than cell by cell obeys the same bounds and decimals."""
    for column in sheet.columns:
        cell = values.get(CellKey(row.area, column.item, column.category))
        if cell is None or cell.value is None:
            continue
        if not is_entered(row, column):
            yield _problem(row, column, cell.value, "本级不填这一项", "清空这一格")
        elif column.minimum is not None and cell.value < column.minimum:
            yield _problem(row, column, cell.value, f"不得小于 {grouped_number(column.minimum)}", "核对后改正")
        elif column.maximum is not None and cell.value > column.maximum:
            yield _problem(row, column, cell.value, f"不得大于 {grouped_number(column.maximum)}", "核对后改正")
        elif cell.value != round(cell.value, column.decimals):
            decimals = f"最多 {column.decimals} 位小数" if column.decimals else "须为整数"
            yield _problem(row, column, cell.value, decimals, f"按“{column.unit}”填")


def _broken(
    sheet: Sheet, row: Row, relation: Relation, values: Mapping[CellKey, Cell], columns: Columns
) -> tuple[Column, Decimal, str, str] | None:
    """(column to look at, its value, the rule's sentence, what to do) when the relation fails in the row."""
    left = [amount(sheet, row, term, values, columns) for term in relation.left]
    right = [amount(sheet, row, term, values, columns) for term in relation.right]
    if None in left or None in right:
        return None
    left_sum, right_sum = _total(left), _total(right)
    fails, word = _BROKEN[relation.sign]
    if not fails(left_sum, right_sum):
        return None
    sentence = f"{_side(relation.left, left, columns)} {word}{_side(relation.right, right, columns)}"
    terms = [term for term in relation.left + relation.right if term.item]
    names = list(dict.fromkeys(name_of(term, columns) for term in terms if not term.previous))
    fix = f"核对{'、'.join(f'“{name}”' for name in names)}"
    if len(names) > 1:
        fix += "，至少一个有误"
    elif any(term.previous for term in terms):
        fix += "；上月数有误的走更正"
    here = next((term for term in terms if not term.previous), terms[0])
    return columns_of(here, columns)[0], left_sum, sentence, fix


def _side(terms: tuple[Term, ...], amounts: list[Decimal | None], columns: Columns) -> str:
    """'已就业 1,326', or '上月末户数 3 + 新发现 4 − 已消除 1（＝6）' where several terms are added."""
    text = ""
    for index, (term, value) in enumerate(zip(terms, amounts, strict=True)):
        shown = grouped_number((value or Decimal(0)) * term.sign)
        sign = "−" if term.sign < 0 else "+"
        lead = f" {sign} " if index else ("−" if term.sign < 0 else "")
        text += lead + (f"{name_of(term, columns)} {shown}" if term.item else shown)
    return text if len(terms) == 1 else f"{text}（＝{grouped_number(_total(amounts))}）"


def _total(amounts: list[Decimal | None]) -> Decimal:
    return sum((value for value in amounts if value is not None), Decimal(0))


def _problem(
    row: Row, column: Column, value: Decimal, rule: str, fix: str, *, fix_note: str = "", code: str = ""
) -> Problem:
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
        code=code,
    )
