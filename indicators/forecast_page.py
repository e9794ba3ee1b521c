"""Composes what is said of a forecast: value, bands and chance by the target's month, method and back-test in words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import from_units
from indicators import wording
from indicators.analysis.forecast import FEWEST, SEASON
from indicators.fans import Fan
from indicators.models import KeptForecast
from indicators.past import Past
from indicators.shown import Shown

TO = "–"


def section(shown: Shown, past: Past | None, found: KeptForecast | None, url: str) -> dict | None:
    """The forecast as it is known; `pending` with the address that makes it; a sentence where there is none to make.

    None where no number is to be reached by a month to come.
    """
    if past is None or past.end <= past.month:
        return None
    if past.by_steps:
        return {"sentence": _("按节点推进的项目，不作预测")}
    if past.month not in past.values:
        return {"sentence": _("本月数据不全，不作预测；补齐后给出")}
    if past.points < FEWEST:
        words = {"n": past.points, "m": FEWEST}
        return {"sentence": _("数据不足，不作预测：只有 %(n)d 个月的数，满 %(m)d 个月后给出") % words}
    if found is None:
        return {"pending": url}
    month = months.label(found.last_month)
    middle, outer, inner = _at_end(shown, found)
    return {
        "rows": [
            {"label": _("预计%(m)s底") % {"m": month}, "value": wording.with_unit(middle, shown.indicator)},
            {"label": _("80% 区间"), "value": outer},
            {"label": _("50% 区间"), "value": inner},
            {"label": _("达标概率"), "value": chance(found.chance)},
        ],
        "method": _method(found),
        "test": back_test(past, found),
    }


def chance(of_one: Decimal) -> str:
    """Whole per cent; '<1%' and '>99%' at the ends, for nothing to come is certain."""
    if of_one < Decimal("0.01"):
        return "<1%"
    if of_one > Decimal("0.99"):
        return ">99%"
    return f"{wording.number(int((of_one * 100).scaleb(4)), 0)}%"


def _at_end(shown: Shown, found: KeptForecast) -> tuple[str, str, str]:
    """Middle, 80 % and 50 % interval in the target's month."""
    low, inner_low, middle, inner_high, high = (
        wording.number(course[-1], shown.indicator.decimals) for course in found.bands
    )
    return middle, f"{low}{TO}{high}", f"{inner_low}{TO}{inner_high}"


def _method(found: KeptForecast) -> str:
    return {
        KeptForecast.Method.DRAWN: _("方法：照以往各月的涨落抽样 2,000 次"),
        KeptForecast.Method.SEASONAL: _("方法：照上年同月，误差照以往抽样 2,000 次"),
        KeptForecast.Method.ETS: _("方法：指数平滑（ETS），模拟 2,000 次"),
    }[KeptForecast.Method(found.method)]


def back_test(past: Past, found: KeptForecast) -> str:
    """How the method would have done, in plain words."""
    if found.tried == 0:
        return _("回测：月数太少，还不能回测")
    parts = [_("回测：从以往各月起往后推，共 %(n)d 个月") % {"n": found.tried}]
    if found.mase is not None:
        naive = _("照搬上年同月") if past.flow and past.points > SEASON else _("照搬上月")
        times = {"x": wording.number(int(found.mase.scaleb(4)), 2), "naive": naive}
        parts.append(_("平均误差为%(naive)s的 %(x)s 倍（MASE）") % times)
    parts.append(_("其中 %(n)d 个月落在 80%% 区间内") % {"n": found.held})
    text = _("，").join(parts)
    if found.widening > 1:
        text += _("；区间已据此放宽为 %(x)s 倍") % {"x": wording.number(int(found.widening.scaleb(4)), 2)}
    return text


def fan(shown: Shown, past: Past | None, found: KeptForecast | None) -> Fan | None:
    """The same for the chart."""
    if past is None or found is None or past.row.value is None:
        return None
    middle, outer, _inner = _at_end(shown, found)
    return Fan(
        month=past.month,
        value=from_units(past.row.value),
        courses=[[from_units(value) for value in course] for course in found.bands],
        text=_("预计 %(v)s") % {"v": middle},
        interval=(_("80% 区间"), outer),
    )
