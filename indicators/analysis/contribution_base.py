"""The line under which no contribution base should lie (缴费基数底线): a share of the provincial wage; exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.analysis.subsidy import FEN, half_up, yuan_of

MONTHS = 12


def line(yearly: Decimal, per_cent: Decimal | int = 100) -> Decimal:
    """Yuan a month: `per_cent` of a twelfth of the yearly wage, rounded half up to the fen once.

    The month's wage itself is the line at 100 per cent; a line is never worked out from the rounded one.
    """
    return yuan_of(half_up(Fraction(yearly) * Fraction(per_cent) * FEN / (100 * MONTHS)))
