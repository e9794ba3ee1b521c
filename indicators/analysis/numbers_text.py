"""How numbers kept in ten-thousandths are printed (四舍五入), exactly, for pages and documents; no floats."""

from __future__ import annotations

SCALE = 10_000
STORED_DECIMALS = 4
MINUS = "\u2212"


def print_units(units: int, decimals: int) -> str:
    """`units` ten-thousandths rounded half up (away from zero) to `decimals` places: 12345678 at 2 is '1,234.57'.

    Thousands are separated, the minus is U+2212, and what rounds to zero carries no sign. Derived numbers come
    rounded by ROUND_05UP, so at 0 to 3 decimals this prints what rounding the exact fraction once would print; at 4
    it prints the stored digits. ValueError for negative `decimals`.
    """
    if decimals < 0:
        raise ValueError("decimals must not be negative")
    step = 10 ** max(STORED_DECIMALS - decimals, 0)
    rounded = (abs(units) + step // 2) // step
    kept = min(decimals, STORED_DECIMALS)
    whole, part = divmod(rounded, 10**kept)
    text = f"{whole:,}"
    if decimals:
        text += "." + (f"{part:0{kept}d}" if kept else "").ljust(decimals, "0")
    return MINUS + text if units < 0 and rounded else text


def print_against(units: int, target_units: int, decimals: int) -> str:
    """`units` printed at `decimals`, or at as many more as it takes not to read like a target it does not equal.

    96.996 against 97 is '96.996' at 2 decimals, 97 itself is '97.00' (catalogue 1.5c (4)).
    """
    places = decimals
    while (
        units != target_units
        and places < STORED_DECIMALS
        and print_units(units, places) == print_units(target_units, places)
    ):
        places += 1
    return print_units(units, places)
