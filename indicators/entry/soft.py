"""The soft rules of a sheet (请核实): jumps of a figure against its own past, shares out of their range. No Django.

Only a figure that is large enough and has left last month's (last year's) value far enough is held against its past, so
that the past of a whole sheet is hardly ever read. Where the past is too short the rule's plain factor decides. What
they find stops nothing by itself: the clerk mends the figure or writes why it is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from indicators.entry.layout import (
    Cell,
    CellKey,
    Column,
    Problem,
    Row,
    Series,
    Sheet,
    SoftRule,
    grouped_number,
    is_entered,
)
from indicators.entry.relations import Columns, Term, by_item, columns_of, name_of, parse_share
from indicators.entry.usual import YEAR, after, past_steps, usual

KINDS = ("flow", "stock", "ytd")
LEAST_POINTS = Fraction(1, 2)  # of a share in per cent: the least spread, where it hardly ever moved
REMEDY = "有误就改；无误，写明原因"
_BEFORE = {"month": "比上月", "year": "比去年同月"}


@dataclass(frozen=True)
class Suspect:
    """A figure, or a share of two, that left what it was before; its past decides."""

    rule: SoftRule
    row: Row
    column: Column
    keys: tuple[CellKey, ...]
    now: Decimal
    before: Decimal | None = None
    share: tuple[Term, Term] | None = None


def unusual(sheet: Sheet, values: Mapping[CellKey, Cell], columns: Columns | None = None) -> list[Problem]:
    """What the soft rules find in `values`, in the order of the rules."""
    suspects = list(_suspects(sheet, values, columns or by_item(sheet.columns)))
    if not suspects:
        return []
    past = sheet.past(keys_of(suspects))
    return [problem for one in suspects if (problem := _judged(sheet, one, past)) is not None]


def keys_of(suspects: Iterable[Suspect]) -> set[CellKey]:
    """The cells whose past is asked for."""
    return {key for one in suspects for key in one.keys}


def in_question(sheet: Sheet, values: Mapping[CellKey, Cell]) -> set[CellKey]:
    """The cells whose past `unusual` will ask for: to read that of many sheets at once."""
    return keys_of(_suspects(sheet, values, by_item(sheet.columns)))


def items_named(rule: SoftRule) -> frozenset[str]:
    """The codes of the items a rule names; none where it speaks of kinds. ValueError (Chinese) for a wrong share."""
    if rule.kind == "share":
        return frozenset(term.item for term in parse_share(rule.text))
    return frozenset(word for word in rule.text.split() if word not in KINDS)


def _suspects(sheet: Sheet, values: Mapping[CellKey, Cell], columns: Columns) -> Iterator[Suspect]:
    rows = {row.area: row for row in sheet.rows}
    known = {(column.item, column.category): column for column in sheet.columns}
    for rule in sheet.soft_rules:
        if rule.kind == "share":
            yield from _shares(sheet, values, columns, rule)
        else:
            yield from _jumps(sheet, values, rows, _of_rule(rule, known))


def _of_rule(rule: SoftRule, known: Mapping[tuple[str, str], Column]) -> tuple[SoftRule, dict]:
    """The columns a rule of jumps looks at."""
    words = frozenset(rule.text.split())
    if rule.kind == "month":
        known = {at: one for at, one in known.items() if one.kind != "ytd"}  # added up since January it always jumps
    return rule, {at: one for at, one in known.items() if one.item in words or one.kind in words}


def _jumps(
    sheet: Sheet,
    values: Mapping[CellKey, Cell],
    rows: Mapping[str, Row],
    of_rule: tuple[SoftRule, Mapping[tuple[str, str], Column]],
) -> Iterator[Suspect]:
    rule, columns = of_rule
    source = sheet.previous if rule.kind == "month" else sheet.last_year
    for key, cell in values.items():
        earlier, now = source.get(key), cell.value
        if earlier is None or now is None or earlier.value is None or now == earlier.value:
            continue
        before = earlier.value
        if now < rule.minimum and before < rule.minimum:
            continue
        column, row = columns.get(key[1:]), rows.get(key.area)
        if column is not None and row is not None and abs(now - before) * 100 > rule.least * before:
            yield Suspect(rule, row, column, (key,), now, before)


def _shares(sheet: Sheet, values: Mapping[CellKey, Cell], columns: Columns, rule: SoftRule) -> Iterator[Suspect]:
    part, whole = parse_share(rule.text)
    parts, wholes = columns_of(part, columns), columns_of(whole, columns)
    if not parts or not wholes:
        return
    limited = rule.low is not None or rule.high is not None
    for row in sheet.rows:
        if not is_entered(row, parts[0]):
            continue
        keys = tuple(CellKey(row.area, one.item, one.category) for one in (*parts, *wholes))
        now = _share(keys, len(parts), values, rule.minimum)
        if now is None:
            continue
        if limited:
            suspicious = not _within(Fraction(now), rule)
        else:
            before = _share(keys, len(parts), sheet.previous, rule.minimum)
            suspicious = before is not None and abs(now - before) > rule.least
        if suspicious:
            yield Suspect(rule, row, parts[0], keys, now, share=(part, whole))


def _within(share: Fraction, rule: SoftRule) -> bool:
    return (rule.low is None or share >= Fraction(rule.low)) and (rule.high is None or share <= Fraction(rule.high))


def _share(keys: Collection[CellKey], parts: int, values: Mapping[CellKey, Cell], minimum: Decimal) -> Decimal | None:
    """The first `parts` cells in per cent of the others; None where one is not there or the whole is too small."""
    sums = [Decimal(0), Decimal(0)]
    for index, key in enumerate(keys):
        cell = values.get(key)
        if cell is None or cell.value is None:
            return None
        sums[index >= parts] += cell.value
    part, whole = sums
    return part * 100 / whole if whole > 0 and whole >= minimum else None


def _judged(sheet: Sheet, one: Suspect, past: Mapping[CellKey, Series]) -> Problem | None:
    if one.share is not None:
        return _judged_share(sheet, one, past)
    series, rule, before = past.get(one.keys[0], {}), one.rule, one.before or Decimal(0)
    lag = 1 if rule.kind == "month" else YEAR
    steps = past_steps(series, lag, sheet.month)
    found = usual(steps, sheet.month, Fraction(rule.deviations), rule.history)
    if found is None:
        large, small = max(one.now, before), min(one.now, before)
        if rule.factor is None or not before or large < rule.factor * small:
            return None
        return _problem(one, _jump_words(one, before), "")
    low, high = after(before, found.low), after(before, found.high)
    if low is not None and one.now >= low and (high is None or one.now <= high):
        return None
    return _problem(one, _jump_words(one, before), _range_words(low, high, one.column.decimals, ""))


def _judged_share(sheet: Sheet, one: Suspect, past: Mapping[CellKey, Series]) -> Problem | None:
    rule = one.rule
    if rule.low is not None or rule.high is not None:
        low = None if rule.low is None else Fraction(rule.low)
        high = None if rule.high is None else Fraction(rule.high)
    else:
        shares = past_shares(one.keys, one.share, past, rule.minimum)
        found = usual(shares, sheet.month, Fraction(rule.deviations), rule.history, LEAST_POINTS)
        if found is None or found.holds(Fraction(one.now)):
            return None
        low, high = max(found.low, Fraction(0)), found.high
    columns = by_item(sheet.columns)
    part, whole = (name_of(term, columns) for term in one.share or ())
    words = f"请核实：{part}占{whole}的 {_rounded(Fraction(one.now), 1)}%"
    return _problem(one, words, _range_words(low, high, 1, "%"))


def past_shares(
    keys: Collection[CellKey],
    terms: tuple[Term, Term] | None,
    past: Mapping[CellKey, Series],
    minimum: Decimal,
) -> dict[int, Fraction]:
    """Month → the share in per cent, of each past month that has all its cells and a whole large enough."""
    part, whole = terms or (Term(1), Term(1))
    parts = [past.get(key, {}) for key in keys if key.item == part.item and part.category in ("", key.category)]
    wholes = [past.get(key, {}) for key in keys if key.item == whole.item and whole.category in ("", key.category)]
    found = {}
    for month in sorted(set.intersection(*(set(series) for series in (*parts, *wholes)))):
        of = sum((series[month] for series in wholes), Decimal(0))
        if of > 0 and of >= minimum:
            found[month] = Fraction(sum((series[month] for series in parts), Decimal(0))) * 100 / Fraction(of)
    return found


def _jump_words(one: Suspect, before: Decimal) -> str:
    change = one.now - before
    more, sign = ("多", "+") if change > 0 else ("少", "−")
    words = f"请核实：{_BEFORE[one.rule.kind]}{more} {grouped_number(abs(change))} {one.column.unit}"
    if before <= 0:
        return words
    percent = (abs(change) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{words}（{sign}{percent}%）"


def _range_words(low: Fraction | None, high: Fraction | None, decimals: int, unit: str) -> str:
    """'，通常 18–41', with one end only where the other is open."""
    if low is not None and high is not None:
        return f"，通常 {_rounded(low, decimals)}{unit}–{_rounded(high, decimals)}{unit}"
    if low is not None:
        return f"，通常不低于 {_rounded(low, decimals)}{unit}"
    return f"，通常不高于 {_rounded(high, decimals)}{unit}" if high is not None else ""


def _rounded(value: Fraction, decimals: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return grouped_number(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _problem(one: Suspect, words: str, more: str) -> Problem:
    basis = f"（{one.rule.basis}）" if one.rule.basis else ""
    shown = f"{_rounded(Fraction(one.now), 1)}%" if one.share else grouped_number(one.now)
    return Problem(
        "soft",
        words + more,
        REMEDY + basis,
        area=one.row.area,
        area_name=one.row.name,
        item=one.column.item,
        item_name=one.column.title,
        category=one.column.category,
        value=shown,
        code=one.rule.code,
    )
