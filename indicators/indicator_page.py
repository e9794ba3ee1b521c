"""Composes the indicator page: finding, facts, towns, months; finished text out.

Charts: indicator_charts. Working back, what-if and forecast: workback_page, whatif_page, forecast_page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from indicators import changes_page, rule_text, wording
from indicators.analysis.kinds import Light
from indicators.models import Target
from indicators.presenters import bullet, reason, traced
from indicators.queries import ReadAt, Row
from indicators.shown import Shown
from indicators.spans import span_text
from indicators.trace_page import address

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
