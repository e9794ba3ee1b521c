"""Composes the working-back box (目标倒逼) and the what-if line under it; finished text out, no queries.

What remains, the required and the present pace and the pressure are the evaluation's; what follows from the whole
series is worked out here from the same rows (analysis.workback, routes, whatif), exactly.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bureau import months
from bureau.fields import UNITS
from bureau.language import unit as unit_word
from indicators import wording
from indicators.analysis.kinds import Light
from indicators.analysis.numbers_text import print_against
from indicators.analysis.routes import is_part, routes
from indicators.analysis.workback import Workback, work_back
from indicators.definitions import parsed
from indicators.models import IndicatorVersion
from indicators.past import Past
from indicators.shown import Shown
from indicators.spans import span_text

TONES = {Light.FAR_BEHIND: "red", Light.BEHIND: "amber"}
# How the plan's indicators call the ways of making a ratio good; others stay as they were typed.
WORDS = {
    N_("转接"), N_("新增"), N_("新增就业"), N_("新建"), N_("联网"), N_("登记"), N_("参保"), N_("落实待遇"),
    N_("核定达标"), N_("补助"), N_("转移就业"), N_("培训"), N_("扶持"), N_("纳入"), N_("补贴"), N_("配备"), N_("入库"),
}  # fmt: skip


def work_back_of(past: Past) -> Workback:
    """Working back from the target, at the pace of the last three months."""
    recent = past.recent(3)
    return work_back(
        past.added,
        month=past.month,
        end=past.end,
        remaining=Fraction(past.row.remaining or 0),
        pace=None if recent is None else Fraction(recent, 3),
    )


def box(shown: Shown, past: Past | None, version: IndicatorVersion | None) -> dict | None:
    """The box's rows and sentences; None where there is no number to reach by a month."""
    row = shown.row
    if past is None or row is None or row.required is None:
        return None
    remaining = row.remaining or 0
    left = past.end - past.month
    rows = [
        _row(_("还差"), _amount(shown, remaining)),
        _row(_("剩余月数"), _("%(n)d 个月") % {"n": left}, span_text(past.month + 1, past.end) if left > 1 else ""),
    ]
    if past.by_steps:  # projects come one by one: a pace of theirs says nothing
        return {"pressure": "", "rows": rows, "sentences": []}
    rows += [
        _row(_("须达速度"), _pace(shown, row.required), tone=TONES.get(shown.light, "")),
        _row(_("近 3 月速度"), _pace(shown, row.pace3)),
        _row(_("近 12 月速度"), _pace(shown, row.pace12)),
    ]
    sentences: list[str] = []
    if remaining > 0 and left > 0:
        found = work_back_of(past)
        rows += _from_the_past(shown, past, found)
        sentences = [_best_sentence(shown, found), _route_sentence(shown, past, version)]
    return {
        "pressure": wording.number(row.pressure3, 2) if row.pressure3 is not None else "",
        "rows": rows,
        "sentences": [one for one in sentences if one],
    }


def _row(label: str, value: str, note: str = "", tone: str = "") -> dict:
    return {"label": label, "value": value, "note": note, "tone": tone}


def _amount(shown: Shown, units: int) -> str:
    """What is short, never printed as nothing where it is something."""
    figure = print_against(units, 0, shown.indicator.decimals)
    return f"{figure} {wording.unit_of_difference(shown.indicator.unit)}"


def _pace(shown: Shown, units: int | None) -> str:
    if units is None:
        return _("数据不足")
    words = {
        "n": print_against(units, 0, shown.indicator.decimals),
        "unit": wording.unit_of_difference(shown.indicator.unit),
    }
    return _("%(n)s %(unit)s/月") % words


def _from_the_past(shown: Shown, past: Past, found: Workback) -> list[dict]:
    """The unit's own best run, where the present pace leads, and the last month to change it."""
    label = _("历史最好 %(n)d 个月") % {"n": found.months_left}
    if found.best is None:
        best = _row(label, _("数据不足"))
    else:
        when = {"s": span_text(found.best.first, found.best.last), "n": _amount(shown, _whole(found.best.added))}
        best = _row(label, _pace(shown, _whole(found.best.mean)), _("%(s)s，合计 %(n)s") % when)
    recent = past.recent(3)
    if recent is None:
        return [best]
    late = found.arrives is None or found.arrives > past.end
    tone = TONES.get(shown.light, "") if late else ""
    if found.arrives is None:
        there = _row(_("按近 3 月速度达到"), _("按现速度无法达到"), tone="red")
    else:
        there = _row(_("按近 3 月速度达到"), months.label(found.arrives), tone=tone)
    last = _("已过") if found.turn is None else months.label(found.turn)
    turn = _row(_("最迟提速月份"), last, tone="red" if found.turn is None else "")
    return [best, _at_present(shown, past, recent, tone), there, turn]


def _at_present(shown: Shown, past: Past, recent: int, tone: str) -> dict:
    """'6,151 人，90.5%': where the present pace stands in the target's month."""
    brought = Fraction(recent, 3) * (past.end - past.month)
    value = (past.row.value or 0) + _whole(-brought if past.goal.falling else brought)
    if past.high is not None:
        value = min(value, past.high)
    if past.low is not None:
        value = max(value, past.low)
    figure = print_against(value, past.target, shown.indicator.decimals)
    words = {"v": wording.with_unit(figure, shown.indicator)}
    if past.flow and past.target > 0:
        words["p"] = wording.number(_whole(Fraction(value * 100 * UNITS, past.target)), 1)
    text = _("%(v)s，%(p)s%%") % words if "p" in words else words["v"]
    return _row(_("按近 3 月速度到%(m)s底") % {"m": months.label(past.end)}, text, tone=tone)


def _whole(value: Fraction) -> int:
    """Ten-thousandths to the nearest, for print alone."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _best_sentence(shown: Shown, found: Workback) -> str:
    """'即便重现历史最好的 4 个月，仍差 57 人，须有新增措施'."""
    if found.best is None or found.beyond_best is None:
        return ""
    if found.beyond_best <= 0:
        return _("重现历史最好的 %(n)d 个月，可以达到") % {"n": found.months_left}
    return _("即便重现历史最好的 %(n)d 个月，仍差 %(a)s，须有新增措施") % {
        "n": found.months_left,
        "a": _amount(shown, _whole(found.beyond_best)),
    }


def _route_sentence(shown: Shown, past: Past, version: IndicatorVersion | None) -> str:
    """'须转接 13,160 人或新增 32,900 人': a ratio's shortfall in people, by the ways that its formula leaves open."""
    indicator, row = shown.indicator, past.row
    if version is None or not indicator.counted_in or not version.denominator or version.value:
        return ""
    if row.numerator is None or row.denominator is None or past.goal.target is None:
        return ""
    numerator, denominator = parsed(version.numerator), parsed(version.denominator)
    ways = routes(
        Fraction(row.numerator, UNITS),
        Fraction(row.denominator, UNITS),
        past.goal.target / Fraction(Decimal(version.scale)),
        falling=past.goal.falling,
        part=bool(indicator.join_word) and is_part(numerator, denominator),
    )
    unit = unit_word(indicator.counted_in)
    words = {
        "shift": _word(indicator.shift_word), "n": wording.number((ways.shift or 0) * UNITS, 0), "unit": unit,
        "join": _word(indicator.join_word), "m": wording.number((ways.join or 0) * UNITS, 0),
    }  # fmt: skip
    if ways.shift and ways.join:
        return _("须%(shift)s %(n)s %(unit)s或%(join)s %(m)s %(unit)s") % words
    if ways.shift:
        return _("须%(shift)s %(n)s %(unit)s") % words
    return _("须%(join)s %(m)s %(unit)s") % words if ways.join else ""


def _word(text: str) -> str:
    return _(text) if text in WORDS else text
