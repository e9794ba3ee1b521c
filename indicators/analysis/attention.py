"""The order of attention (catalogue 1.5c (7)): what most needs a decision comes first. Pure; decides no light."""

from __future__ import annotations

from .kinds import ATTENTION_ORDER, Light

Number = int | None


def attention_order(
    light: Light, *, remaining: Number = None, required: Number = None, pace: Number = None, pressure: Number = None
) -> tuple[int, int, int]:
    """A key to sort by: red before yellow before grey; within each what cannot be reached, then pressure falling.

    All numbers in one and the same unit. Cannot be reached: something remains, and the pace adds nothing or no months
    are left to require one of. Where the pace is not known (数据不足) nothing can be said of it: such come last.
    """
    place = ATTENTION_ORDER.index(light)
    if pressure is not None:
        return place, 1, -pressure
    if remaining and (required is None or (pace is not None and pace <= 0)):
        return place, 0, 0
    return place, 2, 0
