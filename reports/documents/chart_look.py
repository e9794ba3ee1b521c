"""How the series of a chart look, drawn by Word or by us: the actual bold, the path dashed, the target in ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ACTUAL, PATH, TARGET, OTHER, LAST_YEAR = "0B5563", "5C6B74", "12232B", "B07A1E", "84949C"
AXIS, GRID, INK = "7F8F96", "D6DDE0", "12232B"
ROOM = 36  # characters of the labels' size along an axis
STEPS = (1, 2, 3, 6, 12)
GAP = 0.75  # between two labels
BOLD, THIN = 2.25, 1.25  # points


@dataclass(frozen=True)
class SeriesLook:
    """Colour, width of the line in points, whether it is dashed, whether its points are marked."""

    color: str
    width: float = THIN
    dashed: bool = False
    marked: bool = False


def series_looks(names: list[str]) -> list[SeriesLook]:
    """One look a series: the first is the actual one; path, target and last year are known by their names."""
    free = iter((OTHER, PATH, LAST_YEAR))
    return [_look(name, first=place == 0, free=free) for place, name in enumerate(names)]


def _look(name: str, *, first: bool, free) -> SeriesLook:
    if first:
        return SeriesLook(ACTUAL, BOLD, marked=True)
    if "时序" in name or "进度" in name:
        return SeriesLook(PATH, dashed=True)
    if "目标" in name:
        return SeriesLook(TARGET)
    if "上年" in name or "同期" in name:
        return SeriesLook(LAST_YEAR)
    return SeriesLook(next(free, LAST_YEAR))


def label_step(categories: Sequence[str]) -> int:
    """Every how many months a line chart labels one, so that the labels stand side by side: each, or every 2, 3, 6, 12.

    Of months alone; a label that says something else (口径变更) is never left out.
    """
    if any(not label.endswith("月") for label in categories):
        return 1
    widest = max((_characters(label) for label in categories), default=0)
    return next((step for step in STEPS if -(-len(categories) // step) * widest <= ROOM), STEPS[-1])


def _characters(label: str) -> float:
    """How many Hanzi wide, with the space to the next: a digit is half of one."""
    return sum(0.5 if char.isascii() else 1 for char in label) + GAP
