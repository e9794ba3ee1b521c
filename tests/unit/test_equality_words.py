"""The sentences of the equality page: every branch, for a rate that should rise and one that should fall."""

from __future__ import annotations

import pytest

from bureau import months
from indicators import equality_words as words
from indicators.analysis.equality import Movement
from indicators.models import Indicator

JUNE = months.make(2016, 6)
RATE = Indicator(code="A04", name="就业率", unit="%", decimals=2, rising=True)
FALLING = Indicator(code="A03", name="失业率", unit="%", decimals=2, rising=False)
AMOUNT = Indicator(code="B05", name="人均待遇", unit="元/月", decimals=0, rising=True)


@pytest.mark.parametrize(
    ("units", "indicator", "told"),
    [
        (25_000, RATE, "城镇高于乡村 2.50 个百分点"),
        (-25_000, RATE, "乡村高于城镇 2.50 个百分点"),
        (40, RATE, "城镇与乡村持平"),  # 0.004 points print as nothing
        (1_200_000, AMOUNT, "城镇高于乡村 120 元/月"),
        (None, RATE, ""),
    ],
)
def test_which_side_is_higher(units, indicator, told):
    assert words.higher(units, "城镇", "乡村", indicator) == told


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ((900_000, 850_000), (910_000, 880_000), "差距缩小 2.00 个百分点：城镇上升 1.00，乡村上升 3.00"),
        ((900_000, 850_000), (900_000, 840_000), "差距扩大 1.00 个百分点：城镇持平，乡村下降 1.00"),
        ((900_000, 850_000), (880_000, 830_000), "差距没有变化：城镇下降 2.00，乡村下降 2.00"),
        # the country overtakes the town: 1 point before, 2 points after, the other way round
        ((900_000, 890_000), (900_000, 920_000), "差距扩大 1.00 个百分点：城镇持平，乡村上升 3.00"),
    ],
)
def test_how_the_gap_of_two_sides_moved(then, now, told):
    assert words.pair_movement(JUNE, then, now, ("城镇", "乡村"), RATE) == f"与2016年6月比，{told}"


@pytest.mark.parametrize(
    ("movement", "told"),
    [
        (Movement(3, 1), "缩小 2.00 个百分点：较弱的上升 3.00，其余上升 1.00，主要是弱的赶上来"),
        (Movement(0.5, -2), "缩小 2.50 个百分点：较弱的上升 0.50，其余下降 2.00，主要是强的退下来"),
        (Movement(1, 3), "扩大 2.00 个百分点：较弱的上升 1.00，其余上升 3.00，主要是强的走得更快"),
        (Movement(-2, 0), "扩大 2.00 个百分点：较弱的下降 2.00，其余持平，主要是弱的退下来"),
        (Movement(1, 1), "没有变化：较弱的上升 1.00，其余上升 1.00"),
    ],
)
def test_whether_the_weak_rose_or_the_strong_fell(movement, told):
    assert words.town_movement(JUNE, movement, RATE) == f"与2016年6月比，强弱镇街间的差距{told}"


def test_of_a_rate_that_should_fall_a_fall_is_the_weak_catching_up():
    told = words.town_movement(JUNE, Movement(0.6, 0.1), FALLING)
    assert told.endswith("缩小 0.50 个百分点：较弱的下降 0.60，其余下降 0.10，主要是弱的赶上来")
    assert words.town_movement(JUNE, None, FALLING) == ""


def test_the_three_towns_that_make_most_of_the_gap():
    shares = [("通元镇", 0.31), ("澉浦镇", 0.27), ("沈荡镇", 0.16), ("武原街道", 0.11), ("于城镇", 0.15)]
    assert words.most_of_the_gap(shares) == "通元镇、澉浦镇、沈荡镇占镇街间差异的 74%"
    assert words.most_of_the_gap([("甲", 0.0), ("乙", 0.0), ("丙", 0.0), ("丁", 0.0)]) == ""
    assert words.most_of_the_gap(shares[:3]) == ""  # three of three say nothing
