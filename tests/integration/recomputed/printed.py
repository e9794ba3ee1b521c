"""How numbers are kept (four decimals by ROUND_05UP) and printed (half up, thousands separated, U+2212)."""

from __future__ import annotations

import re
from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_WIDE = Context(prec=80)
NUMBER = re.compile("\u2212?[0-9][0-9,]*(?:\\.[0-9]+)?")


def _decimal(value: Fraction) -> Decimal:
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def kept(value: Fraction | None) -> Decimal | None:
    """As it is stored and exported."""
    if value is None:
        return None
    return _decimal(value).quantize(Decimal("0.0001"), rounding=ROUND_05UP, context=_WIDE)


def printed(value: Fraction, decimals: int) -> str:
    step = Decimal(1).scaleb(-decimals)
    rounded = _decimal(value).quantize(step, rounding=ROUND_HALF_UP, context=_WIDE) + 0
    return f"{rounded:,.{decimals}f}".replace("-", "\u2212")


def against(value: Fraction, target: Fraction, decimals: int) -> str:
    """With as many more decimals as it takes not to read like the target."""
    while value != target and decimals < 4 and printed(value, decimals) == printed(target, decimals):
        decimals += 1
    return printed(value, decimals)


def numbers(text: str) -> list[str]:
    return NUMBER.findall(text)
