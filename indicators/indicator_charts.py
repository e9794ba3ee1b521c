"""The charts of the indicator page, and each as a table: its whole progress, and the months one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from indicators import wording
from indicators.analysis.exact import round_05up_fraction
from indicators.analysis.kinds import PathKind
from indicators.analysis.paths import season
from indicators.breaks import between
from indicators.charts import MonthPoint, SpanBlock, monthly_figure, progress_figure
from indicators.fans import Fan
from indicators.indicator_page import TONES, parts_text
from indicators.models import Target
from indicators.presenters import decimal
from indicators.queries import Row
from indicators.shown import Shown
from indicators.spans import span_text

NOTHING: Mapping[int, str] = {}


def drawn(
    shown: Shown,
    spans: Sequence[tuple[int, int]],
    corrected: Mapping[int, str],
    known: Collection[int] | None,
    fan: Fan | None,
) -> dict:
    """Both charts as the template takes them, with their titles, units and tables.

    `spans`: months known as one total; `corrected`: a word by month; `known`: the months with all their places; `fan`:
    what is forecast.
    """
    unit = _("单位：%(u)s") % {"u": wording.unit_of(shown.indicator)}
    return {
        "chart_json": chart(shown, spans, corrected, fan),
        "chart_title": _("%(name)s：实绩、时序与目标") % {"name": localized(shown.indicator)},
        "chart_note": unit,
        "chart_table": chart_table(shown, corrected),
        "monthly_json": monthly_chart(shown, known, corrected),
        "monthly_title": _("每月新增"),
        "monthly_note": unit,
        "monthly_table": monthly_table(shown, known) if shown.summing else None,
    }


def points(shown: Shown, corrected: Mapping[int, str] = NOTHING) -> list[MonthPoint]:
    """All months of the target's window, those to come without value, as the chart takes them."""
    row, indicator = shown.row, shown.indicator
    if row is None:
        return []
    first, last = shown.series[0].month, shown.month
    if shown.target is not None:
        last = max(last, shown.target.end_month)
        if shown.summing:
            first = shown.target.start_month
    by_month = {one.month: one for one in shown.series}
    return [_point(shown, indicator, month, by_month, corrected) for month in range(first, last + 1)]


def _point(shown: Shown, indicator, month: int, by_month: dict[int, Row], corrected: Mapping[int, str]) -> MonthPoint:
    row, before = by_month.get(month), by_month.get(month - 12)
    if between(shown.breaks, month - 12, month) is not None:
        before = None
    path = row.path_value if row else _path_ahead(shown, month)
    return MonthPoint(
        month=month,
        value=decimal(row.value) if row else None,
        value_text=wording.with_unit(wording.value(row, indicator), indicator) if row else wording.DASH,
        parts_text=_parts_line(shown, row),
        path=decimal(path) if isinstance(path, int) else path,
        path_text=wording.number(path, indicator.decimals) if isinstance(path, int) else wording.DASH,
        last_year=decimal(before.value) if before and shown.summing else None,
        covered=row.covered if row else True,
        coverage_text=wording.coverage(row, shown.places),
        broken=month in shown.breaks,
        correction_text=corrected.get(month, ""),
    )


def _parts_line(shown: Shown, row: Row | None) -> str:
    """What the tooltip tells the value is made of: the month's figure of a sum, else numerator and denominator."""
    if row is None:
        return ""
    if shown.summing:
        return _("本月数 %(n)s") % {"n": wording.number(row.month_value, shown.indicator.decimals)}
    return _("分子 / 分母 %(p)s") % {"p": parts_text(row, shown.indicator)} if row.denominator is not None else ""


def _path_ahead(shown: Shown, month: int) -> Decimal | None:
    """The path in a month to come; only drawn, never stored or judged."""
    target, row = shown.target, shown.row
    if target is None or target.value is None or row is None or row.path_value is None or target.yearly_check:
        return None
    left = target.end_month - row.month
    if left <= 0 or month <= row.month:
        return None
    if target.path == PathKind.SEASON.value and row.rule.endswith(":SEASON"):
        return _season_ahead(shown, target, month)
    if target.path not in (PathKind.LINEAR.value, PathKind.SEASON.value):
        return None
    now = decimal(row.path_value)
    return now + (target.value - now) * (month - row.month) / left


def _season_ahead(shown: Shown, target: Target, month: int) -> Decimal | None:
    """Last year's season in a month to come; None where that year is not over yet."""
    added = {one.month: one.month_value for one in shown.series}

    def known(earlier: int) -> Fraction | None:
        units = added.get(earlier)
        return None if units is None else Fraction(units)

    part = season(target.start_month, target.end_month, month, known)
    if part is None or target.value is None:
        return None
    due = Fraction(target.value) * part
    return decimal(round_05up_fraction(due.numerator, due.denominator))


def blocks(shown: Shown, spans: Sequence[tuple[int, int]]) -> list[SpanBlock]:
    """The totals of spans (补录合计) in a flow's chart, each up to the value reached with its last month."""
    if not shown.summing or shown.row is None:
        return []
    begins = shown.target.start_month if shown.target else shown.series[0].month
    values = {one.month: decimal(one.value) for one in shown.series}
    return [
        SpanBlock(max(first, begins), last, value, f"{_('补录合计')} {span_text(first, last)}")
        for first, last in spans
        if last > begins and (value := values.get(last)) is not None
    ]


def chart(
    shown: Shown,
    spans: Sequence[tuple[int, int]] = (),
    corrected: Mapping[int, str] = NOTHING,
    fan: Fan | None = None,
) -> dict | None:
    """The progress chart, as a Plotly specification; `fan` is what is forecast."""
    found = points(shown, corrected)
    row, indicator = shown.row, shown.indicator
    if not found or row is None or all(point.value is None for point in found):
        return None
    target = shown.target.value if shown.target else None
    return progress_figure(
        found,
        unit=wording.unit_of(indicator),
        light=int(shown.light),
        target=target,
        target_text=_("目标 %(t)s") % {"t": wording.target(shown.target, indicator)} if target is not None else "",
        value_text=_("实绩 %(v)s") % {"v": wording.value(row, indicator)},
        gap_text=_gap(shown),
        from_zero=shown.summing,
        provisional=not row.covered,
        blocks=blocks(shown, spans),
        fan=fan,
    )


def _gap(shown: Shown) -> str:
    """'落后 433 人': how far the value lies from its path, where it is late."""
    row, indicator = shown.row, shown.indicator
    if shown.light not in TONES or row is None or row.value is None or row.path_value is None:
        return ""
    unit = wording.unit_of_difference(indicator.unit)
    return _("落后 %(a)s %(u)s") % {"a": wording.size(row.path_value - row.value, indicator.decimals), "u": unit}


def _even_pace(shown: Shown) -> Decimal | None:
    """What each month would bring on a straight path."""
    target = shown.target
    if target is None or not target.value or target.path != PathKind.LINEAR.value:
        return None
    return target.value / (target.end_month - target.start_month + 1)


def monthly_points(
    shown: Shown, known: Collection[int] | None = None, corrected: Mapping[int, str] = NOTHING
) -> list[MonthPoint]:
    """A flow's months one by one; `known`: those with all their places, by default those whose window has them."""
    d, indicator = shown.indicator.decimals, shown.indicator
    found = []
    for row in shown.series:
        covered = row.covered if known is None else row.month in known
        found.append(
            MonthPoint(
                month=row.month,
                value=decimal(row.month_value),
                value_text=wording.with_unit(wording.number(row.month_value, d), indicator),
                parts_text=_("累计 %(v)s") % {"v": wording.value(row, indicator)},
                covered=covered,
                coverage_text="" if covered else wording.coverage(row, shown.places),
                broken=row.month in shown.breaks,
                correction_text=corrected.get(row.month, ""),
            )
        )
    return found


def monthly_chart(
    shown: Shown, known: Collection[int] | None = None, corrected: Mapping[int, str] = NOTHING
) -> dict | None:
    """The months one by one, for flows; those to come as high as the target asks, where it is behind."""
    if not shown.summing or len(shown.series) < 2 or shown.row is None:
        return None
    late = shown.light in TONES and shown.target is not None
    required = shown.row.required if late else None
    even = _even_pace(shown)
    return monthly_figure(
        monthly_points(shown, known, corrected),
        unit=wording.unit_of(shown.indicator),
        light=int(shown.light),
        this_year=months.year(shown.month),
        even_pace=even,
        even_pace_text=_("时序 %(n)s")
        % {"n": wording.number(None if even is None else int(even.scaleb(4)), shown.indicator.decimals)},
        required=decimal(required) or None,
        required_until=shown.target.end_month if shown.target is not None and required else None,
        required_text=_("须达 %(n)s") % {"n": wording.number(required, shown.indicator.decimals)},
    )


def chart_table(shown: Shown, corrected: Mapping[int, str] = NOTHING) -> dict:
    """The chart as a table, for those who cannot see it."""
    return {
        "head": [_("月份"), _("实绩"), _("时序"), _("本月数") if shown.summing else _("分子 / 分母"), _("覆盖")],
        "rows": [
            [
                _month_label(point) + (f" {point.correction_text}" if point.correction_text else ""),
                point.value_text,
                point.path_text,
                _part_cell(shown, point.month),
                point.coverage_text,
            ]
            for point in points(shown, corrected)
            if point.value is not None
        ],
    }


def _month_label(point: MonthPoint) -> str:
    label = months.label(point.month)
    return _("%(m)s（口径变更）") % {"m": label} if point.broken else label


def _part_cell(shown: Shown, month: int) -> str:
    row = next(one for one in shown.series if one.month == month)
    return (
        wording.number(row.month_value, shown.indicator.decimals) if shown.summing else parts_text(row, shown.indicator)
    )


def monthly_table(shown: Shown, known: Collection[int] | None = None) -> dict:
    """The months chart as a table."""
    found = monthly_points(shown, known)
    return {
        "head": [_("月份"), _("本月数"), _("数据")],
        "rows": [
            [months.label(one.month), one.value_text, _("齐全") if one.covered else _("数据不全")] for one in found
        ],
    }
