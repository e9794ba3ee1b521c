"""How far a value moved from an earlier one (同比、环比): a sum in per cent, anything else in its own unit. Pure.

A rate's change is a difference in points (百分点): from 96 % to 97 % is 1 point, never 1.04 %.
"""

from __future__ import annotations

from fractions import Fraction

HUNDRED = 100


def change(now: Fraction | None, before: Fraction | None, *, in_per_cent: bool) -> Fraction | None:
    """The change; None where either is unknown, or per cent would be taken of nothing or of less."""
    if now is None or before is None:
        return None
    if not in_per_cent:
        return now - before
    return (now - before) / before * HUNDRED if before > 0 else None
