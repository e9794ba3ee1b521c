"""Questions of plausibility (合理性提示) for the section's reviewer: what real figures seldom do. No Django.

Each is worded 请核实 and stops nothing; nobody but the section's reviewer reads them. Counts under LEAST are left
alone, as small numbers repeat and come out round by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.entry.layout import Cell, CellKey, Column, Row, Series, Sheet, grouped_number, is_entered
from indicators.entry.relations import Columns, Term, amount, by_item, columns_of, name_of, parse_share

LEAST = Decimal(30)
LEAST_ROWS = 5  # fewer villages may agree by chance
ROUND = 10
HUNDRED = Decimal(100)
CLOSE = Decimal("99.0")  # a share that stood here already has not jumped


@dataclass(frozen=True)
class Quota:
    """A target that figures of the sheet add up to: the sum of `terms` in one row, over the months since `first`.

    `first` None: the month's own figures. `area` is the row's code.
    """

    name: str
    area: str
    terms: tuple[Term, ...]
    value: Decimal
    first: int | None = None


@dataclass(frozen=True)
class Question:
    """One line to ask about, with the item it concerns and the row's name, "" for the whole sheet."""

    text: str
    item: str
    area_name: str = ""


def past_asked(sheet: Sheet, quotas: Iterable[Quota]) -> set[CellKey]:
    """The cells whose past `questions` looks at."""
    columns = by_item(sheet.columns)
    wanted = {key for _row, column, key in _cells(sheet) if column.kind == "flow" and _steady(sheet, key)}
    for quota in quotas:
        for term in quota.terms:
            wanted |= {CellKey(quota.area, one.item, one.category) for one in columns_of(term, columns)}
    return wanted


def questions(sheet: Sheet, past: Mapping[CellKey, Series], quotas: Sequence[Quota] = ()) -> list[Question]:
    """What to ask about the sheet's figures, cell by cell first, then what the rows have in common."""
    columns = by_item(sheet.columns)
    shares = [parse_share(rule.text) for rule in sheet.soft_rules if rule.kind == "share"]
    found = [*_three_equal_months(sheet, past), *_exactly_the_quota(sheet, past, quotas, columns)]
    for terms in shares:
        if columns_of(terms[0], columns) and columns_of(terms[1], columns):
            found += [*_sudden_hundred(sheet, terms, columns), *_same_share(sheet, terms, columns)]
    for item, split in columns.items():
        for column in split:
            if column.category:
                found += _same_share(sheet, (Term(1, item, column.category), Term(1, item)), columns)
    return [*found, *_all_round(sheet)]


def _cells(sheet: Sheet) -> Iterator[tuple[Row, Column, CellKey]]:
    for row in sheet.rows:
        for column in sheet.columns:
            if is_entered(row, column):
                yield row, column, CellKey(row.area, column.item, column.category)


def _value(values: Mapping[CellKey, Cell], key: CellKey) -> Decimal | None:
    cell = values.get(key)
    return None if cell is None else cell.value


def _steady(sheet: Sheet, key: CellKey) -> bool:
    now = _value(sheet.values, key)
    return now is not None and now >= LEAST and now == _value(sheet.previous, key)


def _three_equal_months(sheet: Sheet, past: Mapping[CellKey, Series]) -> Iterator[Question]:
    """A figure of what happened in the month that is the third of its kind; a stock may well stand still."""
    for row, column, key in _cells(sheet):
        if column.kind != "flow" or not _steady(sheet, key):
            continue
        now = sheet.values[key].value
        if now is not None and past.get(key, {}).get(sheet.month - 2) == now:
            text = f"请核实：{column.title}连续 3 个月均为 {grouped_number(now)} {column.unit}"
            yield Question(text, column.item, row.name)


def _exactly_the_quota(
    sheet: Sheet, past: Mapping[CellKey, Series], quotas: Sequence[Quota], columns: Columns
) -> Iterator[Question]:
    """A sum that meets its target to the last digit."""
    rows = {row.area: row for row in sheet.rows}
    for quota in quotas:
        row = rows.get(quota.area)
        if row is None or quota.value < LEAST:
            continue
        total = sum_of(sheet, row, quota, past, columns)
        if total == quota.value:
            names = "、".join(name_of(term, columns) for term in quota.terms)
            text = f"请核实：{names}合计正好等于目标“{quota.name}” {grouped_number(quota.value)}"
            yield Question(text, quota.terms[0].item, row.name)


def sum_of(sheet: Sheet, row: Row, quota: Quota, past: Mapping[CellKey, Series], columns: Columns) -> Decimal | None:
    """The quota's sum with this month in it; None where any month or cell of it is not there."""
    months = range(quota.first if quota.first is not None else sheet.month, sheet.month)
    total = Decimal(0)
    for term in quota.terms:
        now = amount(sheet, row, term, sheet.values, columns)
        if now is None:
            return None
        total += now
        for one in columns_of(term, columns):
            series = past.get(CellKey(row.area, one.item, one.category), {})
            if any(month not in series for month in months):
                return None
            total += term.sign * sum((series[month] for month in months), Decimal(0))
    return total


def _share(
    sheet: Sheet, row: Row, terms: tuple[Term, Term], values: Mapping[CellKey, Cell], columns: Columns
) -> Fraction | None:
    part, whole = (amount(sheet, row, term, values, columns) for term in terms)
    if part is None or whole is None or whole < LEAST:
        return None
    return Fraction(part) * 100 / Fraction(whole)


def _sudden_hundred(sheet: Sheet, terms: tuple[Term, Term], columns: Columns) -> Iterator[Question]:
    """A share that reached 100 % in one month, from below 99 %."""
    first = columns_of(terms[0], columns)[0]
    for row in sheet.rows:
        if not is_entered(row, first):
            continue
        now = _share(sheet, row, terms, sheet.values, columns)
        before = _share(sheet, row, terms, sheet.previous, columns)
        if now == HUNDRED and before is not None and before < Fraction(CLOSE):
            part, whole = (name_of(term, columns) for term in terms)
            text = f"请核实：{part}占{whole}由上月 {_one_decimal(before)}% 升至 100.0%"
            yield Question(text, first.item, row.name)


def _same_share(sheet: Sheet, terms: tuple[Term, Term], columns: Columns) -> Iterator[Question]:
    """A share that is the same to a tenth of a per cent in every row; none or all of it is no wonder."""
    first = columns_of(terms[0], columns)[0]
    shares = [_share(sheet, row, terms, sheet.values, columns) for row in sheet.rows if is_entered(row, first)]
    printed = {_one_decimal(one) for one in shares if one is not None}
    known = sum(one is not None for one in shares)
    if known < LEAST_ROWS or known < len(shares) or len(printed) != 1 or printed & {"0.0", "100.0"}:
        return
    part, whole = (name_of(term, columns) for term in terms)
    yield Question(f"请核实：{known} 个地方{part}占{whole}都是 {printed.pop()}%", first.item)


def _all_round(sheet: Sheet) -> Iterator[Question]:
    """A column whose every figure ends in 0."""
    for column in sheet.columns:
        keys = [CellKey(row.area, column.item, column.category) for row in sheet.rows if is_entered(row, column)]
        values = [value for key in keys if (value := _value(sheet.values, key)) is not None and value >= LEAST]
        if len(values) >= LEAST_ROWS and all(value % ROUND == 0 for value in values):
            yield Question(f"请核实：{column.title} {len(values)} 个地方都是整十数", column.item)


def _one_decimal(value: Fraction) -> str:
    """Rounded half up, for shares, which are never negative."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"
