"""The order of attention (catalogue 1.5c (7)), worked out by hand."""

from __future__ import annotations

from indicators.analysis.attention import attention_order
from indicators.analysis.kinds import Light

RED, YELLOW, GREY = Light.FAR_BEHIND, Light.BEHIND, Light.NOT_COVERED
CASES = {  # in the order in which they should stand
    "red, adds nothing": (RED, {"remaining": 9, "required": 3, "pace": 0}),
    "red, three times the pace": (RED, {"remaining": 9, "required": 3, "pace": 1, "pressure": 30_000}),
    "red, twice the pace": (RED, {"remaining": 9, "required": 3, "pace": 2, "pressure": 20_000}),
    "red, pace not known": (RED, {"remaining": 9, "required": 3}),
    "yellow, no month left": (YELLOW, {"remaining": 5, "pace": 4}),
    "yellow, falls": (YELLOW, {"remaining": 5, "required": 1, "pace": -2}),
    "yellow, 1.32 times": (YELLOW, {"remaining": 2_700, "required": 675, "pace": 513, "pressure": 13_158}),
    "yellow, nothing remains": (YELLOW, {"remaining": 0, "required": 0, "pace": 3}),
    "grey, ten times": (GREY, {"remaining": 5, "required": 10, "pace": 1, "pressure": 100_000}),
    "grey, no figures": (GREY, {}),
    "green, nearly there": (Light.ON_COURSE, {"remaining": 1, "required": 1, "pace": 4, "pressure": 2_500}),
    "reached": (Light.REACHED, {"remaining": 0, "required": 0, "pace": 4}),
    "nothing judged": (Light.NONE, {}),
}


def test_red_before_yellow_before_grey_and_within_each_what_cannot_be_reached_then_by_pressure():
    keys = [attention_order(light, **known) for light, known in CASES.values()]
    assert keys == sorted(keys)
    assert [name for name, key, before in zip(list(CASES)[1:], keys[1:], keys, strict=False) if key == before] == [
        "yellow, falls",  # neither can be reached: one is no more urgent than the other
    ]
