"""How a forecast is put in words: the chance in whole per cent, the back-test plainly."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from indicators.forecast_page import back_test, chance
from indicators.models import KeptForecast


@pytest.mark.parametrize(
    ("of_one", "told"),
    [
        ("0", "<1%"), ("0.0099", "<1%"), ("0.01", "1%"), ("0.0149", "1%"), ("0.015", "2%"), ("0.5", "50%"),
        ("0.9899", "99%"), ("0.99", "99%"), ("0.9901", ">99%"), ("1", ">99%"),
    ],
)  # fmt: skip
def test_nothing_to_come_is_certain(of_one, told):
    assert chance(Decimal(of_one)) == told


def kept(**special) -> KeptForecast:
    return KeptForecast(**{"held": 46, "tried": 57, "mase": Decimal("0.81"), "widening": Decimal(1)} | special)


ALL = "回测：从以往各月起往后推，共 57 个月"
HELD = "其中 46 个月落在 80% 区间内"


@pytest.mark.parametrize(
    ("past", "found", "told"),
    [
        ((True, 20), kept(), f"{ALL}，平均误差为照搬上年同月的 0.81 倍（MASE），{HELD}"),
        ((True, 12), kept(mase=None), f"{ALL}，{HELD}"),
        (
            (False, 20), kept(mase=Decimal("1.205"), widening=Decimal("1.4")),
            f"{ALL}，平均误差为照搬上月的 1.21 倍（MASE），{HELD}；区间已据此放宽为 1.40 倍",
        ),
        ((True, 6), kept(tried=0, held=0), "回测：月数太少，还不能回测"),
    ],
)  # fmt: skip
def test_the_back_test_is_told_in_plain_words(past, found, told):
    flow, points = past
    assert back_test(SimpleNamespace(flow=flow, points=points), found) == told
