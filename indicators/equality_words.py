"""The sentences of the equality page, in short official Chinese: what the gap is, how it moved, who makes it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bureau import months
from bureau.language import joined
from indicators import wording
from indicators.analysis.equality import Movement
from indicators.equality_series import units_of
from indicators.models import Indicator

TOP = 3


def difference(units: int, indicator: Indicator) -> str:
    """'2.50 个百分点', without sign."""
    return f"{wording.size(units, indicator.decimals)} {wording.unit_of_difference(indicator.unit)}"


def higher(units: int | None, first: str, second: str, indicator: Indicator) -> str:
    """'城镇高于乡村 2.50 个百分点', '城镇与乡村持平'; empty where either is not known."""
    if units is None:
        return ""
    if wording.signed(units, indicator.decimals) == wording.signed(0, indicator.decimals):
        return _("%(a)s与%(b)s持平") % {"a": first, "b": second}
    a, b = (first, second) if units > 0 else (second, first)
    return _("%(a)s高于%(b)s %(d)s") % {"a": a, "b": b, "d": difference(units, indicator)}


def moved(units: int, indicator: Indicator) -> str:
    """'上升 1.20', '下降 0.30', '持平', in the indicator's own direction."""
    amount = wording.size(units, indicator.decimals)
    if wording.signed(units, indicator.decimals) == wording.signed(0, indicator.decimals):
        return _("持平")
    return _("上升 %(n)s") % {"n": amount} if units > 0 else _("下降 %(n)s") % {"n": amount}


def pair_movement(
    since: int, then: tuple[int, int], now: tuple[int, int], names: tuple[str, str], indicator: Indicator
) -> str:
    """How the gap of two parts moved: '与2016年6月比，差距缩小 0.60 个百分点：城镇上升 0.20，乡村上升 0.80'."""
    change = abs(now[0] - now[1]) - abs(then[0] - then[1])
    parts = {
        "m": months.label(since),
        "a": names[0],
        "b": names[1],
        "x": moved(now[0] - then[0], indicator),
        "y": moved(now[1] - then[1], indicator),
        "d": difference(change, indicator),
    }
    if wording.signed(change, indicator.decimals) == wording.signed(0, indicator.decimals):
        return _("与%(m)s比，差距没有变化：%(a)s%(x)s，%(b)s%(y)s") % parts
    if change < 0:
        return _("与%(m)s比，差距缩小 %(d)s：%(a)s%(x)s，%(b)s%(y)s") % parts
    return _("与%(m)s比，差距扩大 %(d)s：%(a)s%(x)s，%(b)s%(y)s") % parts


def town_movement(since: int, movement: Movement | None, indicator: Indicator) -> str:
    """Whether the gap between the weaker towns and the others closed because the weak rose or the strong fell."""
    if movement is None:
        return ""
    sign = 1 if indicator.rising else -1
    parts = {
        "m": months.label(since),
        "d": difference(units_of(movement.gap) or 0, indicator),
        "weak": moved((units_of(movement.weak) or 0) * sign, indicator),
        "strong": moved((units_of(movement.strong) or 0) * sign, indicator),
    }
    sentence = {
        "weak_rose": _("与%(m)s比，强弱镇街间的差距缩小 %(d)s：较弱的%(weak)s，其余%(strong)s，主要是弱的赶上来"),
        "strong_fell": _("与%(m)s比，强弱镇街间的差距缩小 %(d)s：较弱的%(weak)s，其余%(strong)s，主要是强的退下来"),
        "strong_rose": _("与%(m)s比，强弱镇街间的差距扩大 %(d)s：较弱的%(weak)s，其余%(strong)s，主要是强的走得更快"),
        "weak_fell": _("与%(m)s比，强弱镇街间的差距扩大 %(d)s：较弱的%(weak)s，其余%(strong)s，主要是弱的退下来"),
        "same": _("与%(m)s比，强弱镇街间的差距没有变化：较弱的%(weak)s，其余%(strong)s"),
    }[movement.kind]
    return sentence % parts


def most_of_the_gap(shares: Sequence[tuple[str, float]]) -> str:
    """'通元镇、澉浦镇、沈荡镇占镇街间差异的 74%'; `shares` largest first. Empty where all are alike."""
    top = [one for one in shares[:TOP] if one[1] > 0]
    if not top or len(shares) <= TOP:
        return ""
    percent = wording.number(units_of(sum(share for _name, share in top) * 100), 0)
    return _("%(names)s占镇街间差异的 %(p)s%%") % {"names": joined([name for name, _share in top]), "p": percent}
