"""A ratio's shortfall in people (比例换算成人头), by the ways there are to make it good. Pure and exact.

A point of a ratio is not a number of people: newly insured ones enlarge the denominator too. 32,000 of 60,000 insured
is 53.3 %; for 60 % 4,000 of the others must transfer, or 10,000 new ones come in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from .formula import Chain, Formula, Node, Ref


@dataclass(frozen=True, slots=True)
class Routes:
    """Least whole numbers of people that reach the target, each way alone; 0 where it is reached, None where it cannot.

    `shift`: they change sides, the denominator stays (转接, 新办, 就业). `join`: they come into both numerator and
    denominator, or for a falling ratio leave both; only where the numerator is a part of the denominator.
    """

    shift: int | None
    join: int | None


def routes(
    numerator: Fraction, denominator: Fraction, target: Fraction, *, falling: bool = False, part: bool = False
) -> Routes:
    """The ways from numerator / denominator to `target` (a ratio, 3/5 for 60 %); people in whole numbers.

    `falling`: the ratio should not exceed the target. `part`: the numerator's people are counted in the denominator by
    the definition itself (D31 of D31 + D32), so that a newcomer enlarges both.
    """
    if denominator <= 0:
        return Routes(None, None)
    short = numerator - target * denominator if falling else target * denominator - numerator
    if short <= 0:
        return Routes(0, 0 if part else None)
    room = numerator if falling else denominator - numerator
    shift = _ceiling(short)
    return Routes(
        shift=shift if shift <= room else None,
        join=_ceiling(short / (1 - target)) if part and target < 1 else None,
    )


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def is_part(numerator: Formula, denominator: Formula) -> bool:
    """Are the numerator's people counted in the denominator by the formulas themselves: is every item added in the
    one (D31) added in the other (D31 + D32), as a whole or as a category of it (D31[active] of D31)?

    False too for what is no plain sum of items: then a newcomer cannot be said to enlarge both alike.
    """
    own, whole = _terms(numerator.root), _terms(denominator.root)
    if not own or not whole:
        return False
    return all(ref in whole or (ref.category is not None and Ref(ref.code) in whole) for ref in own)


def _terms(node: Node) -> Counter[Ref] | None:
    """The items of a sum in which each stands once, added; None for any other formula."""
    if isinstance(node, Ref):
        return Counter((node,)) if node.letter == "D" else None
    if not isinstance(node, Chain) or not node.is_sum:
        return None
    found: Counter[Ref] = Counter()
    for sign, part in node.parts:
        below = _terms(part)
        if sign != "+" or below is None:
            return None
        found += below
    return found if max(found.values()) == 1 else None
