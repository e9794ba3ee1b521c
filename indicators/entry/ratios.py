"""Ratios of two cells of one row (就业率 D23 ÷ D22), shown beside them while they are typed. Exact, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.entry.layout import Cell, CellKey, Column, Row, is_entered


@dataclass(frozen=True)
class Ratio:
    """An indicator that is one column over another, times `scale`."""

    code: str
    name: str
    unit: str
    numerator: Column
    denominator: Column
    scale: Fraction
    decimals: int

    @property
    def formula(self) -> str:
        """'D23 ÷ D22'."""
        return f"{self.numerator.code} ÷ {self.denominator.code}"

    def at(self, row: Row) -> bool:
        """Are both of its cells filled at the row's level?"""
        return is_entered(row, self.numerator) and is_entered(row, self.denominator)

    def of(self, rows: Iterable[Row], values: Mapping[CellKey, Cell]) -> str:
        """'95.31' over these rows, a ratio of sums; '' where a part is missing or nothing is divided by."""
        above, below = Fraction(0), Fraction(0)
        for row in rows:
            over, under = (_value(row, column, values) for column in (self.numerator, self.denominator))
            if over is None or under is None:
                return ""
            above, below = above + over, below + under
        return shown(above * self.scale / below, self.decimals) if below else ""


def _value(row: Row, column: Column, values: Mapping[CellKey, Cell]) -> Fraction | None:
    cell = values.get(CellKey(row.area, column.item, column.category))
    return None if cell is None or cell.value is None else Fraction(cell.value)


def shown(value: Fraction, decimals: int) -> str:
    """'95.30': so many decimals, half rounded up."""
    scaled = abs(value) * 10**decimals
    whole, rest = divmod((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**decimals)
    sign = "−" if value < 0 and (whole or rest) else ""
    return f"{sign}{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")


def placed(columns: Sequence[Column], ratios: Iterable[Ratio]) -> list[Column | Ratio]:
    """The columns with each ratio after the later of its two."""
    order: dict[str, int] = {column.code: index for index, column in enumerate(columns)}
    after: dict[int, list[Ratio]] = {}
    for ratio in ratios:
        last = max(order[ratio.numerator.code], order[ratio.denominator.code])
        after.setdefault(last, []).append(ratio)
    return [one for index, column in enumerate(columns) for one in (column, *after.get(index, ()))]
