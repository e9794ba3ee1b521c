"""Composes the indicator page: finding, facts, charts, towns, months; finished text out.

Working back, what-if and forecast: workback_page, whatif_page, forecast_page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from indicators import changes_page, rule_text, wording
from indicators.analysis.exact import round_05up_fraction
from indicators.analysis.kinds import Light, PathKind
from indicators.analysis.paths import season
from indicators.breaks import between
from indicators.charts import MonthPoint, SpanBlock, monthly_figure, progress_figure
from indicators.fans import Fan
from indicators.models import Target
from indicators.presenters import bullet, decimal, reason, traced
from indicators.queries import ReadAt, Row
from indicators.shown import Shown
from indicators.spans import span_text
from indicators.trace_page import address

NOTHING: Mapping[int, str] = {}
SLOT = "\0"  # where a value stands in a sentence while that is parted around it
TONES = {Light.FAR_BEHIND: "red", Light.BEHIND: "amber"}


def headline(shown: Shown, query: str, place: str = "") -> list[dict]:
    """Name, value and consequence in one sentence, of a place other than the county with its name before.

    The value leads to where it comes from.
    """
    indicator, row = shown.indicator, shown.row
    name = localized(indicator)
    if place:
        name = _("%(place)s%(name)s") % {"place": place, "name": name}
    if not shown.window:
        return [{"text": _("%(name)s：定性说明，不计算数值") % {"name": name}, "tone": ""}]
    if row is None or row.value is None:
        return [{"text": _("%(name)s：本月没有可用的数") % {"name": name}, "tone": ""}]
    value = wording.with_unit(wording.value(row, indicator), indicator)
    before, after = (_("%(name)s %(value)s，") % {"name": name, "value": SLOT}).split(SLOT)
    return [
        {"text": before, "tone": ""},
        {"text": value, "tone": "", "url": traced(shown, query)},
        {"text": after, "tone": ""},
        {"text": reason(shown), "tone": TONES.get(shown.light, "")},
    ]


def facts(shown: Shown, query: str) -> list[dict]:
    """Six figures at the head of the page."""
    row, indicator = shown.row, shown.indicator
    if row is None:
        return []
    d, unit = indicator.decimals, wording.unit_of(indicator)
    difference = wording.unit_of_difference(indicator.unit)
    yoy, note = changes_page.year_on_year(shown, row)
    mom = changes_page.month_on_month(shown, row)
    found = [
        _fact(_("%(m)s当月") % {"m": months.label(row.month)}, wording.number(row.month_value, d), unit)
        if shown.summing
        else _fact(_("%(m)s末") % {"m": months.label(row.month)}, wording.value(row, indicator), unit),
        _fact(_("累计"), wording.value(row, indicator), unit)
        if shown.summing
        else _fact(_("分子 / 分母"), parts_text(row, indicator), ""),
        _fact(_("完成率"), wording.number(row.completion, 1), "%" if row.completion is not None else ""),
        _fact(_("还差"), wording.number(row.remaining, d), difference if row.remaining is not None else ""),
        _fact(_("同比"), yoy, "", wording.together([note, mom])),
        _fact(_("覆盖"), wording.coverage(row, shown.places) or wording.DASH, ""),
    ]
    found[1 if shown.summing else 0]["url"] = traced(shown, query)
    if row.schedule is not None:
        found[2]["note"] = _("时序 %(s)s%%") % {"s": wording.number(row.schedule, 1)}
    if shown.target is not None:
        found[3]["note"] = _("目标 %(t)s") % {"t": wording.target(shown.target, indicator)}
    return found


def _fact(label: str, value: str, unit: str, note: str = "") -> dict:
    return {"label": label, "value": value, "unit": unit, "note": note}


def parts_text(row: Row, indicator) -> str:
    """'31,400 / 33,000', or the numerator alone."""
    numerator = _plain(row.numerator)
    return numerator if row.denominator is None else f"{numerator} / {_plain(row.denominator)}"


def _plain(units: int | None) -> str:
    """A part with as many decimals as it has."""
    if units is None:
        return wording.DASH
    decimals = next((d for d in range(5) if units % 10 ** (4 - d) == 0), 4)
    return wording.number(units, min(decimals, 4))


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


def town_rows(
    names: Sequence[tuple[int, str, str]], by_area: dict[int, Shown], county: Shown, query: str
) -> list[dict]:
    """One line a town, then the county's; towns have no light of their own until they have a target."""
    lines = [(name, reverse("area", args=[code]) + query, by_area.get(area)) for area, name, code in names]
    found = []
    for name, url, shown in [*lines, (_("全县"), "", county)]:
        if shown is None or shown.row is None or shown.row.value is None:
            continue
        row, d = shown.row, shown.indicator.decimals
        found.append(
            {
                "name": name,
                "url": url,
                "bullet_svg": bullet(shown),
                "value": wording.value(row, shown.indicator),
                "trace_url": traced(shown, query),
                "target": wording.number(row.target_value, d),
                "completion": f"{wording.number(row.completion, 1)}%" if row.completion is not None else wording.DASH,
                "lag": wording.signed(-row.lag, 1) if row.lag is not None else wording.DASH,
                "gap": wording.number(row.remaining, d),
                "light": int(shown.light),
                "light_word": wording.light(shown.light) if shown.target else _("未分解"),
                "rule": rule_text.shown(shown) if shown.target else "",
                "coverage": wording.coverage(row, shown.places),
                "coverage_short": not row.covered,
                "total": shown is county,
            }
        )
    return found if len(found) > 1 else []


def months_head(shown: Shown) -> list[str]:
    """The headings of the parts in the months table; a sum has its month's figure instead."""
    if shown.summing:
        return [_("本月数")]
    return [] if shown.row is None or shown.row.denominator is None else [_("分子"), _("分母")]


def _month_parts(shown: Shown, row: Row) -> list[str]:
    if shown.summing:
        return [wording.number(row.month_value, shown.indicator.decimals)]
    return [_plain(row.numerator), _plain(row.denominator)] if months_head(shown) else []


def month_rows(
    shown: Shown,
    at: ReadAt,
    corrected: dict[int, str],
    spans: Sequence[tuple[int, int]] = (),
    limit: int = 18,
    made_good: Mapping[int, str] | None = None,
    aims: Mapping[int, Target] | None = None,
) -> list[dict]:
    """The last months, newest first; a month released leads to the page as it stood then.

    `made_good`: what became of red months; `aims`: the targets of earlier years by id, for the rules' thresholds.
    """
    aims, made_good = aims or {}, made_good or {}
    here = reverse("indicator", args=[shown.indicator.code])
    released = {release.month for release in at.releases}
    ending = {last: _("含补录合计 %(s)s") % {"s": span_text(first, last)} for first, last in spans}
    ending |= {month: wording.together([_("口径变更，与以前不可比"), ending.get(month, "")]) for month in shown.breaks}
    d = shown.indicator.decimals
    found = []
    for row in list(reversed(shown.series))[:limit]:
        yoy, _note = changes_page.year_on_year(shown, row)
        found.append(
            {
                "label": months.label(row.month),
                "parts": _month_parts(shown, row),
                "yoy": yoy,
                "ytd": wording.value(row, shown.indicator),
                "trace_url": address(at, shown.indicator.code, shown.area_code, row.month),
                "schedule": f"{wording.number(row.schedule, 1)}%" if shown.summing and row.schedule is not None
                else wording.number(row.path_value, d),
                "completion": f"{wording.number(row.completion, 1)}%" if row.completion is not None else wording.DASH,
                "lag": wording.signed(-row.lag, 1 if shown.summing else d) if row.lag is not None else wording.DASH,
                "light": row.light,
                "light_word": wording.light(row.light),
                "rule": rule_text.of(row.rule, aims.get(row.target or 0), summing=shown.summing),
                "coverage": wording.coverage(row, shown.places),
                "coverage_short": not row.covered,
                "correction": corrected.get(row.month, ""),
                "note": wording.together([ending.get(row.month, ""), made_good.get(row.month, "")]),
                "url": f"{here}?month={months.iso(row.month)}" if row.month in released else "",
            }
        )  # fmt: skip
    return found
