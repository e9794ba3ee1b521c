"""Words and numbers of assessment as pages and files print them: periods, points, grades, why a thing is not scored."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import UNITS
from bureau.language import english, joined
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.analysis.numbers_text import print_against, print_units
from indicators.wording import DASH
from tasks.assessment.rules import Grade, Partial, Rule
from tasks.assessment.terms import Kind, Measure
from tasks.models import Assessment

HALF, QUARTER, YEAR = 6, 3, 12
GRADE_LIGHTS = {
    Grade.EXCELLENT: Light.REACHED,
    Grade.GOOD: Light.ON_COURSE,
    Grade.PASSING: Light.BEHIND,
    Grade.FAILED: Light.FAR_BEHIND,
    Grade.NONE: Light.NONE,
}


def period(first: int, last: int) -> str:
    """'2017年', '2017年上半年', '2017年第2季度'; any other stretch from month to month."""
    length, begins = last - first + 1, months.number(first) - 1
    year = {"y": months.year(first)}
    if length == YEAR and begins == 0:
        return _("%(y)d年") % year
    if length == HALF and begins % HALF == 0:
        return (_("%(y)d年下半年") if begins else _("%(y)d年上半年")) % year
    if length == QUARTER and begins % QUARTER == 0:
        return _("%(y)d年第%(q)d季度") % {**year, "q": begins // QUARTER + 1}
    return f"{months.label(first)}—{months.label(last)}" if length > 1 else months.label(first)


def title(found: Assessment) -> str:
    """'2017年上半年'; a period assessed again says which version it is."""
    text = period(found.first_month, found.last_month)
    return _("%(p)s（第 %(v)d 版）") % {"p": text, "v": found.version} if found.version > 1 else text


def points(value: Fraction | None) -> str:
    """Points have two decimals, all of them."""
    return DASH if value is None else print_units(int(value * UNITS), 2)


def signed(value: Fraction | None) -> str:
    return DASH if value is None else wording.signed(int(value * UNITS), 2)


def percent(value: Fraction | None) -> str:
    """How far something is done; what is not whole never prints like it."""
    return DASH if value is None else f"{print_against(int(value * UNITS), 100 * UNITS, 2)}%"


def weight(value: Fraction) -> str:
    """'40', '23.53'."""
    units = int(value * UNITS)
    return print_units(units, 0 if units % UNITS == 0 else 2)


def grade(found: Grade) -> str:
    return {
        Grade.EXCELLENT: _("优秀"),
        Grade.GOOD: _("良好"),
        Grade.PASSING: _("合格"),
        Grade.FAILED: _("不合格"),
        Grade.NONE: _("不定等次"),
    }[found]


def why(code: str) -> str:
    """Why a line or item is not scored."""
    return {
        "no_data": _("没有可计分的"),
        "no_value": _("没有审定数"),
        "no_target": _("没有目标"),
        "grey": _("数据不全"),
        "not_judged": _("没有进度要求"),
        "back_fill": _("都是补录月份"),
        "not_due": _("未到期"),
        "nothing": _("没有加减分"),
    }.get(code, "")


def unranked(told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Why there are no ranks; empty where there are."""
    if not told:
        return ""
    if told["why"] == "sections":
        return _("科室职责不同，考核内容不同，不排名")
    if told["why"] == "few":
        return _("有得分的不足两个，不排名")
    if told["why"] == "unlike":
        where = joined([names.get(code, code) for code in told["owners"]])
        return _("%(w)s的计分内容与其他镇（街道）不同，不排名") % {"w": where}
    return _("%(i)s在有的镇（街道）分母过小，不可比，不排名") % {"i": joined(list(told["items"]))}


def rule(measure: Measure) -> str:
    """How a criterion is scored, in words."""
    found: Rule = measure.rule
    if measure.kind == Kind.MANUAL:
        return _("合计最多加减 %(c)s 分，须写明理由") % {"c": weight(found.cap)}
    parts = [_("完成 %(f)s%% 得满分") % {"f": weight(found.full_from)}]
    if found.partial == Partial.NONE:
        parts.append(_("不足不得分"))
    elif found.partial == Partial.STEP:
        parts.append(_("每差 1 个百分点扣权重的 %(s)s%%") % {"s": weight(found.step)})
    else:
        parts.append(_("不足按完成率得分"))
    if found.zero_below and found.partial != Partial.NONE:
        parts.append(_("低于 %(z)s%% 不得分") % {"z": weight(found.zero_below)})
    if measure.kind != Kind.INDICATORS:
        parts.append(late(measure))
    if found.cap:
        parts.append(_("超额最多加 %(c)s 分") % {"c": weight(found.cap)})
    return joined(parts)


def late(measure: Measure) -> str:
    """What something late counts, by what it is."""
    share = {"l": weight(measure.rule.late_share)}
    if measure.kind == Kind.LIGHTS:
        return _("滞后的月份按 %(l)s%% 计") % share
    if measure.kind == Kind.SLIPS:
        return _("迟办或退回的按 %(l)s%% 计") % share
    return _("迟的按 %(l)s%% 计") % share


def named(facts: Mapping[str, Any]) -> str:
    """The name kept with an item, in the reader's language."""
    return (english() and facts.get("name_en", "")) or facts.get("name", "")
