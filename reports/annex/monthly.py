"""Sheets of the county's indicators month by month: core, monitored, each domain with its charts, the main chart."""

from __future__ import annotations

from collections.abc import Sequence

from bureau import months
from bureau.fields import from_units
from indicators import wording
from indicators.presenters import decimal
from indicators.queries import Row
from indicators.shown import Shown
from reports.annex.read import Release, as_number, by_domain, years
from reports.annex.sheet import Cell, Chart, Column, Number, Run, Series, Sheet
from reports.content import ChartData
from reports.documents import sentences as say

LEAD = (Column("编号", 7), Column("指标", 34), Column("单位", 10))
MONTH_WIDTH = 9.5
MOST_LINES = 6  # of one chart, so that they can be told apart
SHORT = {"一": "就业政策", "二": "创业", "三": "养老保障", "四": "医疗保障", "五": "服务体系"}


def core(release: Release) -> Sheet:
    return _wide(release, "核心指标逐月", [one for one in release.shown if one.indicator.core and one.window])


def monitored(release: Release) -> Sheet:
    return _wide(release, "监测指标逐月", [one for one in release.shown if not one.indicator.core and one.window])


def _wide(release: Release, name: str, found: Sequence[Shown]) -> Sheet:
    """One line an indicator, one column a month; a chart of the rates of each domain below."""
    span = release.months
    columns = (*LEAD, *(Column(_short(month), MONTH_WIDTH) for month in span))
    rows: list[Sequence[Cell]] = []
    for one in found:
        indicator = one.indicator
        cells = (as_number(release.value(release.county, one, month), indicator) for month in span)
        rows.append((indicator.code, indicator.name + (say.CHANGED_MARK if one.breaks else ""), indicator.unit, *cells))
    places = {id(one): place for place, one in enumerate(found)}
    charts = [
        _rates(title, group[begin : begin + MOST_LINES], places, len(span))
        for title, group in by_domain([one for one in found if one.indicator.unit == "%"]).items()
        for begin in range(0, len(group), MOST_LINES)
    ]
    changed = f"{say.CHANGED_NOTE.replace('的月份起', '的指标在期间内')}。" if any(one.breaks for one in found) else ""
    return Sheet(
        name, columns, rows,
        f"县级正式口径，流量为累计值，其余为当月末数；各月为发布值，空格为没有审定数。{changed}",
        charts, frozen=len(LEAD), breaks=years(span, len(LEAD)),
    )  # fmt: skip


def _rates(title: str, group: Sequence[Shown], places: dict[int, int], count: int) -> Chart:
    head = Run(-1, len(LEAD), -1, len(LEAD) + count - 1)
    series = tuple(
        Series(f"{one.indicator.code} {one.indicator.name}", _line(places[id(one)], count), head) for one in group
    )
    return Chart(
        f"{title}：各项比率逐月", "%", series, places=1,
        words=f"{title}的{len(group)}项比率逐月变化，数据见上表。",
    )  # fmt: skip


def _line(row: int, count: int) -> Run:
    return Run(row, len(LEAD), row, len(LEAD) + count - 1)


def domains(release: Release) -> list[Sheet]:
    """One sheet a domain: months down, its core indicators' value, path and target across, a chart of each."""
    found = by_domain([one for one in release.shown if one.window and one.indicator.domain])
    return [_domain(release, group) for group in found.values()]


def _domain(release: Release, group: Sequence[Shown]) -> Sheet:
    domain = group[0].indicator.domain
    span, main = release.months, [one for one in group if one.indicator.core] or list(group)
    columns, charts = [Column("月份", 13)], []
    series = {id(one): {row.month: row for row in one.series} for one in main}
    for one in main:
        first, code = len(columns), one.indicator.code
        unit = f"（{one.indicator.unit}）"
        columns += [
            Column(f"{code} {one.indicator.name}{unit}", 13),
            Column(f"{code} 时序", 9.5),
            Column(f"{code} 目标", 9.5),
        ]
        charts.append(_course(one, first, len(span)))
    rows: list[Sequence[Cell]] = []
    for month in span:
        row: list[Cell] = [months.label(month)]
        for one in main:
            row += _month(one, series[id(one)].get(month))
        rows.append(row)
    name = f"领域{domain.code} {SHORT.get(domain.code, domain.name)}"[:31]
    told = "；".join(f"{one.indicator.code} {wording.target(one.target, one.indicator)}" for one in main)
    return Sheet(
        name, columns, rows, f"{wording.domain(domain)}。县级正式口径的发布值、时序进度和当期目标；本月目标：{told}。",
        charts, frozen=1, breaks=_page_breaks(len(columns)),
    )  # fmt: skip


def _page_breaks(count: int) -> tuple[int, ...]:
    """Four indicators a page, so that the print stays legible."""
    return tuple(range(13, count, 12))


def _month(one: Shown, row: Row | None) -> tuple[Cell, Cell, Cell]:
    """Value, path and target; what an indicator without a target has none of stays empty."""
    value, places = as_number(row, one.indicator), one.indicator.decimals
    if row is None:
        return value, Number(None), Number(None)
    return value, Number(decimal(row.path_value), places), Number(decimal(row.target_value), places)


def _course(one: Shown, first: int, count: int) -> Chart:
    """Value, path and target over the months."""

    def run(place: int) -> Run:
        return Run(0, first + place, count - 1, first + place)

    over = Run(0, 0, count - 1, 0)
    series = (
        Series("发布值", run(0), over), Series("时序进度", run(1), over, dashed=True),
        Series("目标", run(2), over, dashed=True),
    )  # fmt: skip
    known = [row for row in one.series if row.value is not None]
    words = f"{one.indicator.name}（单位：{one.indicator.unit}）逐月的发布值、时序进度和目标。"
    if known:
        ends = (known[0], known[-1])
        words += "，".join(f"{months.label(row.month)}为{say.grouped(from_units(row.value))}" for row in ends) + "。"
    return Chart(
        f"{one.indicator.code} {one.indicator.name}", one.indicator.unit, series if one.target else series[:1],
        places=one.indicator.decimals, words=words,
    )  # fmt: skip


def main_chart(chart: ChartData | None, words: str) -> list[Sheet]:
    """The report's own chart over its figures, months to come with it; nothing where there is nothing to draw."""
    if chart is None or not chart.drawable:
        return []
    columns = [Column("期间", 14), *(Column(name, 16) for name, _values in chart.series)]
    rows: list[Sequence[Cell]] = [
        (label, *(Number(values[place], chart.decimals) for _name, values in chart.series))
        for place, label in enumerate(chart.categories)
    ]
    last = len(rows) - 1
    over = Run(0, 0, last, 0)
    series = tuple(
        Series(name, Run(0, place, last, place), over, dashed=place > 1)
        for place, (name, _values) in enumerate(chart.series, 1)
    )
    drawn = Chart(chart.title, chart.unit, series, chart.kind, places=chart.decimals, words=words)
    return [Sheet("图", columns, rows, f"{chart.title}　单位：{chart.unit}", (drawn,), frozen=1)]


def _short(month: int) -> str:
    """'2017.6': a head of a narrow column."""
    return f"{months.year(month)}.{months.number(month)}"
