"""Numbers and short words as pages and documents print them, in one place, so that all of them agree to the digit.

Takes ten-thousandths, returns text. Knows units and lights, no queries.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bureau import months
from bureau.fields import UNITS, from_units
from bureau.language import joined, localized
from bureau.language import unit as unit_word
from indicators.analysis.kinds import Comparator, Light, State
from indicators.analysis.numbers_text import print_against, print_units
from indicators.analysis.rules import RULES
from indicators.entry.layout import grouped_number
from indicators.models import Domain, Indicator, Target
from indicators.queries import Row

DASH = "—"
RATES = ("%", N_("百分点"))
RULE_WORDS = {rule.code: rule.words for rule in RULES}


def number(units: int | None, decimals: int) -> str:
    """'1,234.50', or '—' where nothing was computed."""
    return DASH if units is None else print_units(units, decimals)


def signed(units: int | None, decimals: int) -> str:
    """A difference: '+2.5', '−6.4', '持平', '—'."""
    if units is None:
        return DASH
    text = print_units(units, decimals)
    if text.strip("0.,") == "":
        return _("持平")
    return text if units < 0 else f"+{text}"


def size(units: int, decimals: int) -> str:
    """A difference without its sign."""
    return print_units(abs(units), decimals)


def completion(units: int | None) -> str:
    """Per cent done with one decimal; what is not the whole never prints like it."""
    return DASH if units is None else print_against(units, 100 * UNITS, 1)


def short(units: int, decimals: int) -> str:
    """What is still short; something never prints like nothing."""
    return print_against(abs(units), 0, decimals)


def value(row: Row | None, indicator: Indicator) -> str:
    """The indicator's value; one that is not its target never prints like it (catalogue 1.5c (4))."""
    if row is None:
        return _("未填")
    if row.value is None:
        return state(row.state)
    if row.target_value is None:
        return print_units(row.value, indicator.decimals)
    return print_against(row.value, row.target_value, indicator.decimals)


def state(code: int) -> str:
    return {
        State.ZERO_OVER_ZERO: _("不适用"),
        State.NOT_HERE: _("本级不适用"),
        State.OVER_ZERO: _("无法计算"),
    }.get(code, _("未填"))


def unit_of_difference(unit: str) -> str:
    """Differences of rates are 百分点, never %."""
    return points() if unit in RATES else unit_word(unit)


def points() -> str:
    """个百分点."""
    return _("个百分点")


def unit_of(indicator: Indicator) -> str:
    """The indicator's unit in the reader's language."""
    return unit_word(indicator.unit)


def with_unit(figure: str, indicator: Indicator) -> str:
    """'97.00%', '6,800 人'."""
    return f"{figure}{'' if indicator.unit == '%' else ' '}{unit_of(indicator)}"


def rule(code: str) -> str:
    """What the rule that gave a light says, its thresholds still in braces."""
    words = RULE_WORDS.get(code.partition(":")[0])
    return _(words) if words else ""


def after_colon(text: str) -> str:
    """What follows the light's own word: '落后时序进度超过 …' of '严重滞后：落后时序进度超过 …'."""
    return re.split("：|: ", text, maxsplit=1)[-1]


def domain(found: Domain | None) -> str:
    """'一、就业政策城乡一体'; what lies outside the five domains is 总体要求."""
    if found is None:
        return _("总体要求")
    return _("%(code)s、%(name)s") % {"code": found.code, "name": localized(found)}


def together(parts: list[str]) -> str:
    """Parts of one finding in a row."""
    return _("；").join(part for part in parts if part)


def light(code: int) -> str:
    return {
        Light.NONE: _("未判断"),
        Light.REACHED: _("已达标"),
        Light.ON_COURSE: _("达序时"),
        Light.BEHIND: _("滞后"),
        Light.FAR_BEHIND: _("严重滞后"),
        Light.NOT_COVERED: _("数据不全"),
    }[Light(code)]


def coverage(row: Row | None, places: dict[int, str]) -> str:
    """'120/135 村'; `places` says which count of places goes by which word."""
    if row is None:
        return ""
    if row.expected == 0:
        return _("项目台账")
    if row.expected == 1 and 1 not in places:
        return _("县级") if row.reported else _("县级未报")
    return f"{row.reported}/{row.expected} {places.get(row.expected, _('单位'))}"


def target(goal: Target | None, indicator: Indicator) -> str:
    """'≥ 6,800 人', '3.00% 左右', '不低于上年同期'."""
    if goal is None:
        return _("未定量")
    comparator = Comparator(goal.comparator)
    if comparator == Comparator.NOT_FALL:
        return _("不低于上年同期")
    figure = with_unit(print_units(int(goal.value.scaleb(4)), indicator.decimals), indicator)
    if comparator == Comparator.ABOUT:
        return _("%(figure)s 左右") % {"figure": figure}
    if comparator == Comparator.DYNAMIC_ZERO:
        return _("动态归零")
    sign = {Comparator.AT_LEAST: "≥", Comparator.AT_MOST: "≤", Comparator.EQUAL: "="}[comparator]
    return f"{sign} {figure}"


def amount(units: int | None) -> str:
    """A typed figure with the decimals it has: '1,040', '12.5'; '无' where there was none."""
    return _("无") if units is None else grouped_number(from_units(units))


def correction(line: dict) -> str:
    """A line of a correction list: '2017年3月 百步镇 D01 城镇新就业：120 → 118（理由）；全县 1,040 → 1,038'."""
    text = _("%(m)s %(a)s %(i)s %(n)s：%(old)s → %(new)s（%(r)s）") % {
        "m": months.label(line["month"]),
        "a": line["area_name"],
        "i": line["item"],
        "n": line["item_name"],
        "old": amount(line["old"]),
        "new": amount(line["new"]),
        "r": line["reason"] or _("未注明"),
    }
    steps = line.get("steps", ())
    if len(steps) > 1:
        return together([text, _("共更正 %(n)d 次") % {"n": len(steps)}, county_change(line)])
    return together([text, *(approver(one) for one in steps), county_change(line), *(lights(one) for one in steps)])


def corrections_of(line: dict) -> list[str]:
    """Of a cell corrected more than once each correction by itself: '120 → 0（理由）；审核 张三；全县 …；A01 …'."""
    steps = line.get("steps", ())
    if len(steps) < 2:
        return []
    return [
        together([correction_words(n, step), approver(step), county_change(step), lights(step)])
        for n, step in enumerate(steps, 1)
    ]


def correction_words(number: int, step: dict) -> str:
    return _("第 %(n)d 次：%(old)s → %(new)s（%(r)s）") % {
        "n": number,
        "old": amount(step["old"]),
        "new": amount(step["new"]),
        "r": step["reason"] or _("未注明"),
    }


def approver(step: dict) -> str:
    """'审核 张三', who approved a correction."""
    return _("审核 %(who)s") % {"who": step["by"]} if step["by"] else ""


def lights(step: dict) -> str:
    """'A01 达序时 → 滞后、A02 达序时不变': what a correction did to the lights of its month."""
    if step["lights"] is None:
        return _("更正过多，状态未逐项推算")
    words = (
        _("%(i)s %(light)s不变") % {"i": one["code"], "light": light(one["before"])}
        if one["before"] == one["after"]
        else _("%(i)s %(old)s → %(new)s") % {"i": one["code"], "old": light(one["before"]), "new": light(one["after"])}
        for one in step["lights"]
    )
    return joined(list(words))


def county_change(line: dict) -> str:
    """'全县 1,040 → 1,038': what a correction does to the county's total; empty where it has none."""
    if line["county_old"] is None and line["county_new"] is None:
        return ""
    return _("全县 %(old)s → %(new)s") % {"old": amount(line["county_old"]), "new": amount(line["county_new"])}
