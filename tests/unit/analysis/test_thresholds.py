"""H2: "97 % 以上（含本数）": whether k of n reaches a threshold, against plain fractions, at the edge too."""

from fractions import Fraction

import numpy as np

from indicators.analysis.exact import Exact
from indicators.analysis.goals import Goal
from indicators.analysis.kinds import Comparator, Light, PathKind
from tests.reliability.scale import FULL, number, result

from .builders import Point, judge

THRESHOLD = Fraction(97)


def points(k: range, n: int) -> list[Point]:
    """k of n in per cent for each k as a month of its own, divided as the formulas divide."""
    one = np.zeros((1, len(k)), dtype=np.uint8)
    counts = np.array([[value * 10_000 for value in k]], dtype=object)
    ones = np.ones((1, len(k)), dtype=object)
    hundred = Exact(np.array([[100]], dtype=object), np.array([[1]], dtype=object), np.zeros((1, 1), dtype=np.uint8))
    part, whole = Exact(counts, ones, one), Exact(ones * n * 10_000, ones, one)
    found = part / whole * hundred
    nums, dens = (np.broadcast_to(side, (1, len(k)))[0] for side in (found.num, found.den))
    return [Point(month, Fraction(int(a), int(b))) for month, (a, b) in enumerate(zip(nums, dens, strict=True))]


def test_every_share_is_judged_as_its_fraction_is():
    most, wrong, tried = number(suite=2_000, full=2_000), [], 0
    for n in range(1, most + 1, 1 if FULL else 37):
        edge = 97 * n // 100
        ks = range(n + 1) if FULL else range(max(0, edge - 2), min(n, edge + 3) + 1)
        goal = Goal(Comparator.AT_LEAST, THRESHOLD, 0, len(ks), path=PathKind.NONE)
        for k, one in zip(ks, judge(goal, points(ks, n)), strict=True):
            tried += 1
            reached = 100 * k >= 97 * n
            if one.reached != reached or (one.light == Light.REACHED) != reached:
                wrong.append((k, n, one.reached, one.light))
    result("H2", "k of n against plain fractions: misjudged", tried, len(wrong))
    assert wrong == []
    assert tried > (2_000_000 if FULL else 200)


def test_the_edge_itself_reaches_and_a_hair_below_does_not():
    goal = Goal(Comparator.AT_LEAST, THRESHOLD, 0, 3, path=PathKind.NONE)
    found = judge(goal, points(range(96, 99), 100))
    assert [one.reached for one in found] == [False, True, True]
    assert judge(goal, [Point(0, THRESHOLD - Fraction(1, 10**12))])[0].reached is False
