"""Composes the indicator page: finding, facts, chart, working back, towns, months, definition; finished text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from indicators.charts import MonthPoint, SpanBlock, monthly_figure, progress_figure
from indicators.models import Target
from indicators.presenters import bullet, decimal, reason
from indicators.queries import ReadAt, Row
from indicators.shown import Shown
from indicators.spans import span_text

TONES = {Light.FAR_BEHIND: "red", Light.BEHIND: "amber"}


def headline(shown: Shown) -> list[dict]:
    """Name, value and consequence in one sentence."""
    indicator, row = shown.indicator, shown.row
    name = localized(indicator)
    if not shown.window:
        return [{"text": _("%(name)s：定性说明，不计算数值") % {"name": name}, "tone": ""}]
    if row is None or row.value is None:
        return [{"text": _("%(name)s：本月没有可用的数") % {"name": name}, "tone": ""}]
    value = wording.with_unit(wording.value(row, indicator), indicator)
    return [
        {"text": _("%(name)s %(value)s，") % {"name": name, "value": value}, "tone": ""},
        {"text": reason(shown), "tone": TONES.get(shown.light, "")},
    ]


def facts(shown: Shown) -> list[dict]:
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


def points(shown: Shown) -> list[MonthPoint]:
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
    return [_point(shown, indicator, month, by_month) for month in range(first, last + 1)]


def _point(shown: Shown, indicator, month: int, by_month: dict[int, Row]) -> MonthPoint:
    row, before = by_month.get(month), by_month.get(month - 12)
    path = row.path_value if row else _path_ahead(shown, month)
    return MonthPoint(
        month=month,
        value=decimal(row.value) if row else None,
        value_text=wording.value(row, indicator) if row else wording.DASH,
        parts_text=parts_text(row, indicator) if row else "",
        path=decimal(path) if isinstance(path, int) else path,
        path_text=wording.number(path, indicator.decimals) if isinstance(path, int) else wording.DASH,
        last_year=decimal(before.value) if before and shown.summing else None,
        covered=row.covered if row else True,
        coverage_text=wording.coverage(row, shown.places),
    )


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


def chart(shown: Shown, spans: Sequence[tuple[int, int]] = ()) -> dict | None:
    """The progress chart, as a Plotly specification."""
    found = points(shown)
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
        from_zero=shown.summing,
        provisional=not row.covered,
        blocks=blocks(shown, spans),
    )


def monthly_chart(shown: Shown) -> dict | None:
    """The months one by one, for flows."""
    if not shown.summing or len(shown.series) < 2:
        return None
    last = shown.target.end_month if shown.target else shown.month
    by_month = {one.month: one for one in shown.series}
    found = [
        MonthPoint(
            month=month,
            value=decimal(by_month[month].month_value) if month in by_month else None,
            value_text=wording.number(by_month[month].month_value, shown.indicator.decimals)
            if month in by_month
            else wording.DASH,
        )
        for month in range(shown.series[0].month, max(last, shown.month) + 1)
    ]
    return monthly_figure(
        found,
        unit=wording.unit_of(shown.indicator),
        light=int(shown.light),
        required=decimal(shown.row.required) if shown.row and shown.light in TONES else None,
    )


def chart_table(shown: Shown) -> dict:
    """The chart as a table, for those who cannot see it."""
    return {
        "head": [_("月份"), _("实绩"), _("时序"), _("分子 / 分母"), _("覆盖")],
        "rows": [
            [months.label(point.month), point.value_text, point.path_text, point.parts_text, point.coverage_text]
            for point in points(shown)
            if point.value is not None
        ],
    }


def workback(shown: Shown) -> dict | None:
    """目标倒逼: what remains and at what pace; only where there is a number to reach by a month."""
    row, indicator = shown.row, shown.indicator
    if row is None or shown.target is None or row.required is None:
        return None
    d, unit = indicator.decimals, wording.unit_of_difference(indicator.unit)
    left = max(0, shown.target.end_month - row.month)
    missing = _("数据不足")
    tone = TONES.get(shown.light, "")

    def pace(units: int | None) -> str:
        return missing if units is None else f"{wording.number(units, max(d, 0))} {unit}{_('/月')}"

    rows = [
        {"label": _("还差"), "value": f"{wording.number(row.remaining, d)} {unit}", "tone": ""},
        {"label": _("剩余月数"), "value": _("%(n)d 个月") % {"n": left}, "tone": ""},
        {"label": _("须达速度"), "value": pace(row.required), "tone": tone},
        {"label": _("近 3 月速度"), "value": pace(row.pace3), "tone": ""},
        {"label": _("近 12 月速度"), "value": pace(row.pace12), "tone": ""},
    ]
    unreachable = row.required > 0 and row.pace3 is not None and row.pace3 <= 0
    return {
        "pressure": wording.number(row.pressure3, 2) if row.pressure3 is not None else "",
        "rows": rows,
        "note": _("近 3 月没有增加，按现速度无法达到。") if unreachable else "",
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
