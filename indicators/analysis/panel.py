"""Evaluating an indicator's definition on a panel of rolled-up figures: exact values over windows, with coverage.

Pure: arrays in, arrays out, for whoever reads the roll-up and writes evaluations. Areas are added up before, time rules
come next, the formula last, so a ratio is always that of the summed parts. Targets and lights are in `progress`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import numpy as np

from .blocks import ends
from .exact import NOTHING, Exact
from .formula import Formula, FormulaError, Ref
from .goals import Facts
from .kinds import ItemKind, State, Window
from .windows import Calendar, ItemSeries, Windowed, windowed

_popcount = np.frompyfunc(int.bit_count, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """All a county's items over its areas × months.

    `items`: Ref (D with or without category, P, T) to its series of shape (areas, months). `parameters`: code to a
    list by month of (numerator, denominator) in natural units, None where no value holds. A formula that names
    something absent from both is a KeyError: an item nobody reported yet is a series without presence.
    """

    areas: tuple[int, ...]
    first_month: int
    months: int
    plan_start: int
    items: Mapping[Ref, ItemSeries]
    parameters: Mapping[str, Sequence[tuple[int, int] | None]] = field(default_factory=dict)
    _windowed: dict[tuple[Ref, Window, bool], Windowed] = field(default_factory=dict, init=False, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.areas), self.months

    def item(self, ref: Ref, window: Window, months: bool = False) -> Windowed:
        """The item over the window, worked out once per panel."""
        key = (ref, window, months)
        if key not in self._windowed:
            calendar = Calendar(self.first_month, self.months, self.plan_start)
            self._windowed[key] = windowed(self.items[ref], window, calendar, months)
        return self._windowed[key]

    def parameter(self, code: str) -> Exact:
        """The parameter that holds in each month, shape (1, months); NO_DATA where none does."""
        values = self.parameters[code]
        cells = [State.NO_DATA if pair is None else Fraction(*pair) for pair in values]
        return Exact.of_fractions([cells])


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator's formulas: the value is `value` of N and M, by default N / M × scale, or N without denominator."""

    numerator: Formula
    denominator: Formula | None = None
    value: Formula | None = None
    scale: Fraction | Decimal | int = 1
    window: Window = Window.LEVEL

    def __post_init__(self) -> None:
        if self.numerator.parts or (self.denominator and self.denominator.parts):
            raise FormulaError(1, "分子、分母的公式里不能用 N 或 M")
        if self.value and "M" in self.value.parts and self.denominator is None:
            raise FormulaError(1, "没有分母，数值公式里不能用 M")

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return tuple(formula for formula in (self.numerator, self.denominator, self.value) if formula)

    @property
    def refs(self) -> frozenset[Ref]:
        return frozenset().union(*(formula.refs for formula in self.formulas))


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """An indicator over areas × months.

    `denominator` is None where the definition has none. `month_value`, `year_to_date`, `plan_to_date` are the value
    over those windows; of an indicator made of stocks only, the month's value is the value, the others are None.
    `reported` of `expected` places gave all its entered items over the window; `covered`: there is a value and no place
    is missing; `month_covered`: no place is missing in that very month; `exists`: somebody reported an item in it, or
    the total of a span (补录合计) ends with it.
    """

    numerator: Exact
    denominator: Exact | None
    value: Exact
    month_value: Exact
    year_to_date: Exact | None
    plan_to_date: Exact | None
    reported: np.ndarray
    expected: np.ndarray
    covered: np.ndarray
    month_covered: np.ndarray
    exists: np.ndarray


def evaluate(definition: Definition, panel: Panel) -> Evaluated:
    """The definition on every area and month of the panel; KeyError names a reference the panel lacks."""
    window = definition.window
    numerator, denominator, value = _over(definition, panel, window)
    month_value, year_to_date, plan_to_date = value, None, None
    missing, expected = _coverage(definition, panel, window)
    month_missing = missing
    if _accumulates(definition, panel):
        month_value, year_to_date, plan_to_date = (
            value if other == window else _over(definition, panel, other)[2]
            for other in (Window.MONTH, Window.YEAR, Window.PLAN)
        )
        month_missing, _ = _coverage(definition, panel, Window.MONTH)
    return Evaluated(
        numerator=numerator,
        denominator=denominator,
        value=value,
        month_value=month_value,
        year_to_date=year_to_date,
        plan_to_date=plan_to_date,
        reported=_counts(expected & _inverse(missing)),
        expected=_counts(expected),
        covered=(missing == 0).astype(bool) & _has_data(value),
        month_covered=(month_missing == 0).astype(bool) & _has_data(month_value),
        exists=_exists(definition, panel),
    )


def _over(definition: Definition, panel: Panel, window: Window) -> tuple[Exact, Exact | None, Exact]:
    """Numerator, denominator and value over one window, each of the panel's shape."""

    def resolve(ref: Ref, months: bool = False) -> Exact:
        return panel.parameter(ref.code) if ref.letter == "W" else panel.item(ref, window, months).value

    numerator = definition.numerator.evaluate(resolve)
    denominator = definition.denominator.evaluate(resolve) if definition.denominator else None

    def resolve_part(ref: Ref, months: bool = False) -> Exact:
        if ref.letter == "N":
            return numerator
        return denominator if ref.letter == "M" and denominator is not None else resolve(ref, months)

    if definition.value:
        value = definition.value.evaluate(resolve_part)
    elif denominator is not None:
        value = numerator / denominator * Exact.constant(Fraction(definition.scale))
    else:
        value = numerator
    shape = panel.shape
    return (
        numerator.broadcast(shape),
        None if denominator is None else denominator.broadcast(shape),
        value.broadcast(shape),
    )


def _accumulates(definition: Definition, panel: Panel) -> bool:
    """Whether the window matters at all: some part is a flow, a year-to-date item or a stock summed over months."""
    items = (panel.items[ref] for ref in definition.refs if ref.letter != "W")
    return any(formula.stock_sum_refs for formula in definition.formulas) or any(
        item.kind != ItemKind.STOCK for item in items
    )


def _entered(definition: Definition, panel: Panel) -> list[Ref]:
    """The references whose reporting counts: entered data items, or where there are none all but parameters."""
    refs = [ref for ref in sorted(definition.refs, key=str) if ref.letter != "W"]
    entered = [ref for ref in refs if ref.letter == "D" and panel.items[ref].entered]
    return entered or refs


def _coverage(definition: Definition, panel: Panel, window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Missing and expected places (bits), united over the items as they stand in the formulas."""
    missing, expected = np.zeros(panel.shape, dtype=object), np.zeros(panel.shape, dtype=object)
    counted = set(_entered(definition, panel))
    for formula in definition.formulas:
        for refs, months in ((formula.plain_refs, False), (formula.stock_sum_refs, True)):
            for ref in refs & counted:
                item = panel.item(ref, window, months)
                missing, expected = missing | item.missing, expected | item.expected
    return missing, expected


def _has_data(value: Exact) -> np.ndarray:
    """bool: a value, or a division by zero of figures that are there."""
    return (value.why != State.NO_DATA) & (value.why != State.NOT_HERE)


def _inverse(bits: np.ndarray) -> np.ndarray:
    return -1 - bits


def _counts(bits: np.ndarray) -> np.ndarray:
    return _popcount(bits).astype(np.int64)


def _exists(definition: Definition, panel: Panel) -> np.ndarray:
    refs = _entered(definition, panel)
    exists = np.zeros(panel.shape, dtype=bool)
    for ref in refs:
        exists |= panel.items[ref].present.astype(bool) | ends(panel.items[ref].blocks, panel.shape)
    if not refs:
        for ref in definition.refs:
            exists |= panel.parameter(ref.code).ok
    return exists


def facts(evaluated: Evaluated, panel: Panel) -> Facts:
    """What `progress.judge` needs. The year before counts only where it was fully covered.

    The denominator of 动态归零 counts the cases beyond their limit.
    """
    return Facts(
        first_month=panel.first_month,
        value=evaluated.value,
        month_value=evaluated.month_value,
        covered=evaluated.covered,
        month_covered=evaluated.month_covered,
        year_ago=evaluated.value.only(evaluated.covered).delayed(12),
        overdue=(evaluated.denominator or NOTHING).broadcast(panel.shape),
    )
