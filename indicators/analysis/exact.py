"""Exact arithmetic on arrays (areas × months) of fractions, each cell with the reason why it has no value.

Numerators and denominators are Python integers in object arrays, so nothing overflows and nothing is rounded before
`to_units`. For the evaluation of indicators; it does not know items, windows or targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .kinds import State
from .numbers_text import SCALE

# Which reason is kept when two meet: not here, then no data, then the first (left) of the two divisions by zero.
_STRENGTH = np.zeros(len(State), dtype=np.uint8)
_STRENGTH[[State.OVER_ZERO, State.ZERO_OVER_ZERO]] = 1
_STRENGTH[State.NO_DATA] = 2
_STRENGTH[State.NOT_HERE] = 3
_ROOM = 2**62 // SCALE


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """`num` / `den` cell by cell (object arrays of int, den > 0) and `why`, uint8 of State; OK where there is a value.

    Where `why` is not OK, num and den mean nothing. Shapes broadcast as NumPy's do.
    """

    num: np.ndarray
    den: np.ndarray
    why: np.ndarray

    @classmethod
    def constant(cls, value: Fraction | int) -> Exact:
        """One number for all cells, shape (1, 1)."""
        value = Fraction(value)
        return cls(_one(value.numerator), _one(value.denominator), np.zeros((1, 1), dtype=np.uint8))

    @classmethod
    def of_units(cls, units: np.ndarray, why: np.ndarray) -> Exact:
        """From ten-thousandths (an integer array) and states of the same shape."""
        return cls(units.astype(object), np.broadcast_to(_one(SCALE), units.shape), why)

    @classmethod
    def of_fractions(cls, rows: list[list[Fraction | State]]) -> Exact:
        """From rows of Fractions and, where there is none, the State saying why."""
        num = [[cell.numerator if isinstance(cell, Fraction) else 0 for cell in row] for row in rows]
        den = [[cell.denominator if isinstance(cell, Fraction) else 1 for cell in row] for row in rows]
        why = [[0 if isinstance(cell, Fraction) else int(cell) for cell in row] for row in rows]
        return cls(np.array(num, dtype=object), np.array(den, dtype=object), np.array(why, dtype=np.uint8))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.num.shape

    @property
    def ok(self) -> np.ndarray:
        """bool: where there is a value."""
        return self.why == State.OK

    def broadcast(self, shape: tuple[int, ...]) -> Exact:
        """The same stretched to `shape`."""
        if self.num.shape == shape and self.why.shape == shape:
            return self
        return Exact(*(np.broadcast_to(array, shape) for array in (self.num, self.den, self.why)))

    def fraction(self, area: int, month: int) -> Fraction | None:
        """The value of one cell (by row and column number), None where there is none."""
        if self.why[area, month] != State.OK:
            return None
        return Fraction(self.num[area, month], self.den[area, month])

    def state(self, area: int, month: int) -> State:
        return State(int(self.why[area, month]))

    def to_units(self, most: int | None = None) -> np.ndarray:
        """Object array of int ten-thousandths by ROUND_05UP, None where there is no value or it is beyond `most`."""
        ok = self.ok
        found = np.full(self.shape, None, dtype=object)
        units = _rounded(self.num[ok], self.den[ok])
        told = units.astype(object)
        if most is not None:
            told[(abs(units) > most).astype(bool)] = None
        found[ok] = told
        return found

    def part(self, rows: slice | list[int], columns: slice) -> Exact:
        """Some of the rows, some of the columns."""
        return Exact(*(array[rows, columns] for array in (self.num, self.den, self.why)))

    def reduced(self) -> Exact:
        """The same in lowest terms, so that what is worked out with it stays small."""
        if _shared(self.den) is not None:
            return self
        common = np.gcd(self.num, self.den)
        return Exact(self.num // common, self.den // common, self.why)

    def delayed(self, columns: int) -> Exact:
        """What stood `columns` before, NO_DATA where the array had not begun."""
        if not columns:
            return self
        num, why = np.zeros_like(self.num), np.full_like(self.why, State.NO_DATA)
        num[:, columns:], why[:, columns:] = self.num[:, :-columns], self.why[:, :-columns]
        if _shared(self.den) is not None:
            return Exact(num, self.den, why)
        den = np.ones_like(self.den)
        den[:, columns:] = self.den[:, :-columns]
        return Exact(num, den, why)

    def only(self, where: np.ndarray) -> Exact:
        """The same, NO_DATA elsewhere."""
        return Exact(self.num, self.den, np.where(where, self.why, np.uint8(State.NO_DATA)))

    def otherwise(self, where: np.ndarray, other: Exact) -> Exact:
        """`other` where `where`, the same elsewhere."""
        pairs = ((other.num, self.num), (other.den, self.den), (other.why, self.why))
        return Exact(*(np.where(where, one, two) for one, two in pairs))

    def at_most(self, other: Exact) -> np.ndarray:
        """bool: both are there and this is not the larger."""
        if other is ZERO:
            return self.ok & (self.num <= 0).astype(bool)
        return self.ok & other.ok & (self.num * other.den <= other.num * self.den).astype(bool)

    def __add__(self, other: Exact) -> Exact:
        why = stronger(self.why, other.why)
        shared = _shared(self.den)
        if shared is not None and shared == _shared(other.den):
            return _stretched(self.num + other.num, shared, why)
        return Exact(self.num * other.den + other.num * self.den, self.den * other.den, why)

    def __neg__(self) -> Exact:
        return Exact(-self.num, self.den, self.why)

    def __sub__(self, other: Exact) -> Exact:
        return self + -other

    def __mul__(self, other: Exact) -> Exact:
        why = stronger(self.why, other.why)
        num = self.num * other.num
        left, right = _shared(self.den), _shared(other.den)
        if left is not None and right is not None:
            return _stretched(num, left * right, why)
        return Exact(num, self.den * other.den, why)

    def __truediv__(self, other: Exact) -> Exact:
        """x / 0 is OVER_ZERO, 0 / 0 is ZERO_OVER_ZERO (不适用)."""
        why = stronger(self.why, other.why)
        shared = _shared(self.den)
        if shared is not None and shared == _shared(other.den):
            num, den = np.broadcast_arrays(self.num, other.num)
        else:
            num, den = np.broadcast_arrays(self.num * other.den, other.num * self.den)
        below, zero = (den < 0).astype(bool), (den == 0).astype(bool)
        if zero.any():
            reason = np.where((num == 0).astype(bool), State.ZERO_OVER_ZERO, State.OVER_ZERO).astype(np.uint8)
            why = np.where(zero & (why == State.OK), reason, why)
            den = np.where(zero, 1, den)
        if below.any():
            num, den = np.where(below, -num, num), abs(den)
        return Exact(num, den, why)


def stronger(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The reason kept of two: NOT_HERE over NO_DATA over a division by zero; of two divisions the left one."""
    return np.where(_STRENGTH[right] > _STRENGTH[left], right, left)


def round_05up_fraction(num: int, den: int) -> int:
    """num / den in ten-thousandths, cut; where that is inexact and ends in 0 or 5, one further from zero.

    Rounded so, a later rounding to 0–3 decimals gives what rounding num / den once would give. ZeroDivisionError at 0.
    """
    whole, rest = divmod(abs(num) * SCALE, abs(den))
    if rest and whole % 5 == 0:
        whole += 1
    return -whole if (num < 0) != (den < 0) else whole


def _rounded(num: np.ndarray, den: np.ndarray) -> np.ndarray:
    """`round_05up_fraction` of each pair, in 64 bits where all of them fit."""
    try:
        small, below = num.astype(np.int64), den.astype(np.int64)
    except OverflowError:
        small = None
    if small is None or (small.size and max(int(small.max()), -int(small.min())) >= _ROOM):
        return np.array([round_05up_fraction(*pair) for pair in zip(num, den, strict=True)], dtype=object)
    scaled = abs(small) * SCALE
    whole = scaled // below
    whole += (whole * below != scaled) & (whole % 5 == 0)
    return np.where(small < 0, -whole, whole)


def _one(value: int) -> np.ndarray:
    return np.array([[value]], dtype=object)


def _shared(den: np.ndarray) -> int | None:
    """The one denominator of all cells where it is known without looking at each (a broadcast scalar), else None."""
    if den.size and (den.size == 1 or not any(den.strides)):
        return den.flat[0]
    return None


def _stretched(num: np.ndarray, den: int, why: np.ndarray) -> Exact:
    return Exact(num, np.broadcast_to(_one(den), num.shape), why)


ZERO = Exact.constant(0)
HUNDRED = Exact.constant(100)
NOTHING = Exact(_one(0), _one(1), np.full((1, 1), State.NO_DATA, dtype=np.uint8))
