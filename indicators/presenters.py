"""What pages show of an indicator: rows, bullets, reasons, as dictionaries of finished text; templates never compute.

A row is {code, name, url, trace_url, clause, light, light_word, rule, others, bullet_svg, value, unit, coverage,
coverage_short, second_line_1, second_line_2, spark_svg, reason, owner, owner_url, standing_pending, calm}.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bureau.fields import from_units
from bureau.language import joined, localized
from bureau.remember import Remembered
from indicators import readings_page, rule_text, wording
from indicators.analysis.attention import attention_order
from indicators.analysis.kinds import Comparator, Light, PathKind
from indicators.breaks import marked
from indicators.charts import bullet_svg, sparkline_svg
from indicators.shown import Shown

DRAWN = 2_000  # small pictures remembered: after an approval most of a page's are as they were
_rows: Remembered[dict] = Remembered(600)  # a county's, for a few months, readers and languages
CALM = (Light.REACHED, Light.ON_COURSE, Light.NONE)


def decimal(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units)


def indicator_row(shown: Shown, query: str = "") -> dict:
    """One line of the overview, town and section pages; not to be changed."""
    figures = tuple(tuple(one.series) for one in (shown, *shown.others))
    key = get_language(), query, shown.area_code, shown.month, shown.reading.pk, figures
    return _rows.get(shown.mark, key, lambda: _indicator_row(shown, query))


def _indicator_row(shown: Shown, query: str) -> dict:
    indicator, row = shown.indicator, shown.row
    first, second = completion_lines(shown)
    clauses = [clause.number for clause in indicator.its_clauses]
    return {
        "code": indicator.code,
        "name": localized(indicator),
        "url": reverse("indicator", args=[indicator.code]) + query,
        "trace_url": traced(shown, query),
        "clause": joined(clauses),
        "light": int(shown.light),
        "light_word": wording.light(shown.light) if shown.target else "",
        "bullet_svg": bullet(shown),
        "value": wording.value(row, indicator),
        "unit": wording.unit_of(indicator) if row and row.value is not None else "",
        "coverage": wording.coverage(row, shown.places),
        "coverage_short": bool(row and not row.covered),
        "second_line_1": first,
        "second_line_2": second,
        "spark_svg": spark(shown),
        "reason": reason(shown),
        "rule": rule_text.shown(shown),
        "others": readings_page.in_lists(shown),
        "owner": localized(indicator.section),
        "owner_url": reverse("section", args=[indicator.section.code]) + query,
        "standing_pending": shown.pending,
        "calm": shown.light in CALM,
    }


def traced(shown: Shown, query: str) -> str:
    """Where the value comes from: the number's own link; none where no formula makes it."""
    return trace_url(shown.indicator.code, shown.area_code, query) if shown.window and query else ""


def trace_url(code: str, area_code: str, query: str) -> str:
    """The page of where an indicator's value in an area comes from, at the month and version of `query`."""
    return reverse("trace", args=[code, area_code]) + query


def completion_lines(shown: Shown) -> tuple[str, str]:
    """Completion (or what is short) and schedule, as the row prints them."""
    row, indicator = shown.row, shown.indicator
    if row is None or shown.target is None or row.value is None:
        return "", ""
    if shown.comparator == Comparator.NOT_FALL:
        return _("不下降"), ""
    if shown.comparator == Comparator.DYNAMIC_ZERO:
        return _("动态归零"), _("限 %(n)d 天") % {"n": shown.target.limit_days}
    if shown.comparator == Comparator.ABOUT:
        return (_("上限内") if row.reached else _("超上限")), _("容差 %(t)s") % {
            "t": wording.number(_units(shown.target.tolerance), indicator.decimals)
        }
    if shown.target.path == PathKind.STEPS.value:
        done = wording.number(row.value, indicator.decimals)
        return f"{done}/{wording.number(row.target_value, indicator.decimals)}", _("按节点应 %(n)s") % {
            "n": wording.number(row.path_value, indicator.decimals)
        }
    if shown.summing:
        return (
            f"{wording.completion(row.completion)}%",
            _("时序 %(s)s%%") % {"s": wording.number(row.schedule, 1)},
        )
    short = _("差 %(d)s") % {"d": wording.short(row.remaining, indicator.decimals)} if row.remaining else _("已达到")
    path = (
        _("时序 %(v)s") % {"v": wording.number(row.path_value, indicator.decimals)}
        if row.path_value is not None
        else ""
    )
    return short, _("每年考核") if shown.target.yearly_check else path


def _units(value: Decimal | None) -> int | None:
    return None if value is None else int(value.scaleb(4))


def reason(shown: Shown) -> str:
    """Why the light is what it is, and what pace would mend it, in one line."""
    return wording.together(reasons(shown))


def reasons(shown: Shown) -> list[str]:
    """Why the light is what it is; then, where it is late, what pace would mend it."""
    if shown.light not in (Light.BEHIND, Light.FAR_BEHIND):
        return [_why(shown)]
    return [_why(shown), _pace(shown)]


def _why(shown: Shown) -> str:
    row = shown.row
    if not shown.window:
        return _("定性，不计算数值")
    if row is None:
        return _("本月没有审定数")
    if shown.target is None:
        return _("监测指标，方案未定量")
    if shown.light == Light.NOT_COVERED:
        absent = row.expected - row.reported
        return _("%(n)d 个单位未审，不判断") % {"n": absent} if absent else _("窗口内没有数")
    if shown.light == Light.REACHED:
        return _reached(shown)
    if shown.comparator in (Comparator.DYNAMIC_ZERO, Comparator.NOT_FALL, Comparator.ABOUT) or row.lag is None:
        return rule_text.after_light(shown)
    return _lag(shown)


def _pace(shown: Shown) -> str:
    """'须月均 675 人，为近 3 月的 1.32 倍'; empty where no pace is asked for."""
    row, indicator = shown.row, shown.indicator
    if row is None or shown.target is None or row.lag is None or row.required is None or row.required <= 0:
        return ""
    if shown.comparator in (Comparator.DYNAMIC_ZERO, Comparator.NOT_FALL, Comparator.ABOUT):
        return ""
    pace = {
        "n": wording.number(row.required, max(indicator.decimals, 0)),
        "unit": wording.unit_of_difference(indicator.unit),
    }
    if row.pressure3 is not None:
        pace["x"] = wording.number(row.pressure3, 2)
        return _("须月均 %(n)s %(unit)s，为近 3 月的 %(x)s 倍") % pace
    if row.pace3 is not None:
        return _("须月均 %(n)s %(unit)s，按现速度无法达到") % pace
    return _("须月均 %(n)s %(unit)s") % pace


def _reached(shown: Shown) -> str:
    if shown.summing:
        return _("完成 %(p)s%%") % {"p": wording.completion(shown.row.completion)}
    return rule_text.after_light(shown)


def _lag(shown: Shown) -> str:
    lag = shown.row.lag
    unit = wording.points() if shown.summing else wording.unit_of_difference(shown.indicator.unit)
    amount = wording.size(lag, 1 if shown.summing else shown.indicator.decimals)
    if lag > 0:
        return _("落后时序 %(a)s %(u)s") % {"a": amount, "u": unit}
    return _("超时序 %(a)s %(u)s") % {"a": amount, "u": unit} if lag < 0 else _("与时序一致")


def bullet(shown: Shown) -> str:
    """The bullet of a row; empty for what has no target."""
    row, indicator, target = shown.row, shown.indicator, shown.target
    if row is None or target is None or shown.comparator == Comparator.NOT_FALL:
        return ""
    kind = "flow" if shown.summing else "rate"
    if shown.comparator == Comparator.ABOUT:
        kind = "ceiling"
    elif shown.comparator == Comparator.DYNAMIC_ZERO:
        kind = "zero"
    elif target.path == PathKind.STEPS.value:
        kind = "nodes"
    base = shown.base
    return bullet_svg(
        kind,
        target=decimal(row.target_value) if row.target_value is not None else Decimal(0),
        value=decimal(row.value),
        light=int(shown.light),
        base=base,
        expected=decimal(row.path_value),
        covered=row.covered,
        tolerance=target.tolerance,
        base_text=wording.number(_units(base), indicator.decimals)
        if kind in ("flow", "rate") and base is not None
        else "",
        target_text=wording.number(row.target_value, indicator.decimals),
        words=_("%(name)s %(value)s，%(light)s")
        % {
            "name": localized(indicator),
            "value": wording.with_unit(wording.value(row, indicator), indicator),
            "light": wording.light(shown.light),
        },
    )


def spark(shown: Shown) -> str:
    """The sparkline: monthly bars of a flow, the line of a level."""
    if len(shown.series) < 2:
        return ""
    broken = marked(shown.series, shown.breaks)
    if shown.summing:
        return _spark(tuple(row.month_value for row in shown.series), (), "bars", broken)
    values, path = tuple(row.value for row in shown.series), tuple(row.path_value for row in shown.series)
    return _spark(values, path, "line", broken)


@lru_cache(maxsize=DRAWN)
def _spark(
    values: tuple[int | None, ...], path: tuple[int | None, ...], kind: str, broken: tuple[tuple[int, str], ...]
) -> str:
    return sparkline_svg([decimal(units) for units in values], [decimal(units) for units in path], kind, breaks=broken)


def attention_key(shown: Shown) -> tuple[tuple[int, int, int], int]:
    """Where the indicator stands in the order of attention; in catalogue order among equals."""
    row = shown.row
    known = {} if row is None else {
        "remaining": row.remaining, "required": row.required, "pace": row.pace3, "pressure": row.pressure3,
    }  # fmt: skip
    return attention_order(shown.light, **known), shown.indicator.order
