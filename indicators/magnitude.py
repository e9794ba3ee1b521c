"""Charts of large values are drawn in 万 (亿元 where the unit is 万元 already): one division before anything is drawn.

Texts of tooltips and labels come formatted and stay; only what the axis counts changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.fans import Fan

if TYPE_CHECKING:
    from indicators.charts import MonthPoint, SpanBlock

LARGE = Decimal(100_000)
WAN = Decimal(10_000)


def divisor(values: Iterable[Decimal | None]) -> Decimal:
    """By what everything of a chart is divided: 10,000 where anything in it reaches 100,000."""
    return WAN if any(abs(value) >= LARGE for value in values if value is not None) else Decimal(1)


def unit(text: str, by: Decimal) -> str:
    """The unit of an axis so divided: 万人, 亿元."""
    if by == 1:
        return text
    return _("亿元") if text == _("万元") else _("万%(u)s") % {"u": text}


def points(found: Sequence[MonthPoint], by: Decimal) -> list[MonthPoint]:
    names = ("value", "path", "last_year")
    return [replace(one, **{name: less(getattr(one, name), by) for name in names}) for one in found]


def blocks(found: Sequence[SpanBlock], by: Decimal) -> list[SpanBlock]:
    return [replace(one, value=one.value / by) for one in found]


def fan(found: Fan | None, by: Decimal) -> Fan | None:
    if found is None:
        return None
    courses = [[value / by for value in course] for course in found.courses]
    return replace(found, value=found.value / by, courses=courses)


def less(value: Decimal | None, by: Decimal) -> Decimal | None:
    return None if value is None else value / by
