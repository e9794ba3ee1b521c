"""Sheets that compare the towns: all indicators of the month, each with its parts, the main ones month by month."""

from __future__ import annotations

from collections.abc import Sequence

from indicators import wording
from indicators.analysis.kinds import Light
from indicators.presenters import decimal
from indicators.shown import Shown
from reports.annex.read import Release, Value, as_number, as_ratio, years
from reports.annex.sheet import Cell, Chart, Column, Number, Run, Series, Sheet, part
from reports.documents import sentences as say

WHOLE = "全县"
ABOVE, BELOW = 4, 5  # columns of numerator and denominator
MONTH_WIDTH = 9.5
CHARTS = 8  # of the towns compared: the first core rates


def compared(release: Release) -> Sheet:
    """Towns down, indicators across, the county last; columns of the first core rates drawn below."""
    found = [one for one in release.in_towns if one.indicator.core] + [
        one for one in release.in_towns if not one.indicator.core
    ]
    columns = [Column("镇（街道）", 14)]
    columns += [Column(f"{one.indicator.code} {one.indicator.name}（{one.indicator.unit}）", 12) for one in found]
    areas = [(town.id, town.name) for town in release.towns] + [(release.county, WHOLE)]
    rows: list[Sequence[Cell]] = [
        (name, *(as_number(release.value(area, one, release.month), one.indicator) for one in found))
        for area, name in areas
    ]
    last = len(rows) - 1
    over = Run(0, 0, last, 0)
    rates = [(place, one) for place, one in enumerate(found, 1) if one.indicator.unit == "%" and one.indicator.core]
    charts = [
        Chart(
            f"{one.indicator.code} {one.indicator.name}", one.indicator.unit,
            (Series(one.indicator.name, Run(0, place, last, place), over),), "column", places=1,
            words=f"各镇（街道）和全县的{one.indicator.name}，单位：{one.indicator.unit}。",
        )
        for place, one in rates[:CHARTS]
    ]  # fmt: skip
    return Sheet(
        "分镇比较", columns, rows,
        "各镇（街道）本月的发布值，核心指标在前；空格为该镇没有审定数或不适用。合计不等于各镇之和的，以全县行为准。",
        charts, frozen=1, breaks=tuple(range(11, len(columns), 10)),
    )  # fmt: skip


def with_parts(release: Release) -> Sheet:
    """One line an indicator and town: numerator, denominator, the live ratio, target and light."""
    columns = (
        Column("编号", 7), Column("指标", 34), Column("镇（街道）", 14), Column("单位", 8), Column("分子", 13),
        Column("分母", 13), Column("值", 12), Column("发布时显示", 12), Column("目标值", 11), Column("状态", 13),
        Column("覆盖", 13),
    )  # fmt: skip
    rows = []
    for one in release.in_towns:
        scale = release.scale(one)
        areas = [(town.id, town.name) for town in release.towns] + [(release.county, WHOLE)]
        for area, name in areas:
            found = release.value(area, one, release.month)
            if found is not None:
                rows.append(_line(release, one, found, name, scale))
    return Sheet(
        "分镇分子分母", columns, rows, "比率的值由同一行分子、分母算出（公式）；没有分解目标的镇（街道）不判断状态。",
        frozen=3,
    )  # fmt: skip


def _line(release: Release, one: Shown, found: Value, name: str, scale: int | None) -> Sequence[Cell]:
    indicator = one.indicator
    judged = say.marked_light(wording.light(Light(found.light))) if found.target is not None else ""
    return (
        indicator.code, indicator.name, name, indicator.unit, part(decimal(found.numerator)),
        part(decimal(found.denominator)), as_ratio(found, one, scale, (ABOVE, BELOW)), wording.value(found, indicator),
        Number(decimal(found.target_value), indicator.decimals), judged,
        wording.coverage(found, release.words.get(found.area, {})),
    )  # fmt: skip


def by_month(release: Release) -> Sheet:
    """The core indicators of the towns, one line an indicator and town, one column a month."""
    span, main = release.months, [one for one in release.in_towns if one.indicator.core]
    lead = (Column("编号", 7), Column("指标", 32), Column("镇（街道）", 12), Column("单位", 7))
    columns = (*lead, *(Column(f"{month // 12}.{month % 12 + 1}", MONTH_WIDTH) for month in span))
    rows: list[Sequence[Cell]] = []
    charts = []
    for one in main:
        begin = len(rows)
        for town in release.towns:
            cells = (as_number(release.value(town.id, one, month), one.indicator) for month in span)
            rows.append((one.indicator.code, one.indicator.name, town.name, one.indicator.unit, *cells))
        if one.indicator.unit == "%" and len(charts) < 4:
            charts.append(_course(one, release, begin, len(lead), len(span)))
    return Sheet(
        "分镇逐月", columns, rows, "各镇（街道）核心指标各月的发布值；流量为累计值，其余为当月末数。", charts,
        frozen=len(lead), breaks=years(span, len(lead)),
    )  # fmt: skip


def _course(one: Shown, release: Release, begin: int, first: int, count: int) -> Chart:
    head = Run(-1, first, -1, first + count - 1)
    series = tuple(
        Series(town.name, Run(begin + place, first, begin + place, first + count - 1), head)
        for place, town in enumerate(release.towns)
    )
    return Chart(
        f"{one.indicator.code} {one.indicator.name}：各镇（街道）逐月", one.indicator.unit, series, places=1,
        words=f"各镇（街道）{one.indicator.name}逐月变化，数据见上表。",
    )  # fmt: skip
