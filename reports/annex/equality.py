"""Sheets of equality (均等化): town and country, spread between towns, each of the month and month by month.

Town and country are the release's own parts (PublishedSplit). Measures are worked out from the released figures by the
function the page uses; they are for show and decide nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bureau import months
from bureau.fields import UNITS, from_units, raw
from indicators import frozen, wording
from indicators.analysis import equality
from indicators.equality_series import units_of
from indicators.models import EqualityRole, PublishedSplit
from indicators.shown import Shown
from indicators.splits import SIDES, URBAN, Split
from reports.annex.read import Release, as_number, years
from reports.annex.sheet import Cell, Chart, Column, Number, Run, Series, Sheet, number_as_printed

MEASURES = (  # name, label, times what it is printed, decimals: as the equality page
    ("ratio", "极值比", 1, 2),
    ("cv", "加权变异系数", 1, 4),
    ("evenness", "均等化系数", 1, 4),
    ("gini", "基尼系数", 1, 4),
    ("theil_t", "泰尔指数T（×10⁻⁴）", 10_000, 2),
)
NOTES = (
    "城镇、乡村按当月村（社区）的性质分，只有全部由村（社区）填报的指标才有；差距为城镇减乡村，百分点。"
    "极值比为最高镇除以最低镇；变异系数、基尼系数、泰尔指数按分母人数加权，0为没有差距；均等化系数为1减变异系数。"
)
Sides = Mapping[tuple[int, str, int], Split]  # (indicator, side, month)


def _compared(release: Release) -> list[Shown]:
    roles = frozen.roles(release.at, EqualityRole.objects.all())
    places = {one.indicator_id for one in roles if one.kind == EqualityRole.Kind.PLACES}
    return [one for one in release.shown if one.indicator.pk in places]


def _sides(release: Release, found: Sequence[Shown]) -> Sides:
    """The county's urban and rural part of these indicators in every month, as frozen; one query."""
    official = {one.indicator.pk: one.reading.number for one in found}
    numbers = ("numerator", "denominator", "value")
    columns = [raw(name) if name in numbers else name for name in Split._fields]
    rows = PublishedSplit.objects.filter(
        county=release.county, area=release.county, indicator__in=official, part__in=SIDES, month__lte=release.month
    )
    kept: dict[tuple[int, str, int], Split] = {}
    for *row, version in rows.values_list(*columns, "version"):
        one = Split(*row)
        if release.at.versions.get(one.month) == version and official[one.indicator] == one.reading:
            kept[one.indicator, one.part, one.month] = one
    return kept


def sheets(release: Release) -> list[Sheet]:
    found = _compared(release)
    sides = _sides(release, found)
    spread = {one.indicator.pk: _measures(release, one) for one in found}
    return [_now(release, found, sides, spread), _by_month(release, found, sides, spread)]


Spread = Mapping[int, Mapping[int, Mapping[str, float]]]  # indicator → month → measure


def _measures(release: Release, one: Shown) -> dict[int, dict[str, float]]:
    """Month → measures between the towns that had a value then."""
    by_month: dict[int, dict[int, tuple[float | None, float]]] = defaultdict(dict)
    for month in release.months:
        for town in release.tree.towns(month):
            row = release.value(town.id, one, month)
            if row is not None and row.denominator is not None:
                numerator = None if row.numerator is None else row.numerator / UNITS
                by_month[month][town.id] = (numerator, row.denominator / UNITS)
    scale = 100 if one.indicator.unit in wording.RATES else 1
    return equality.series(by_month, scale)


def _now(release: Release, found: Sequence[Shown], sides: Sides, spread: Spread) -> Sheet:
    columns = (
        Column("编号", 7), Column("指标", 34), Column("单位", 7), Column("全县", 10), Column("城镇", 10),
        Column("乡村", 10),
        Column("城乡差距", 10), Column("最高镇", 9), Column("最低镇", 9),
        *(Column(label, 11) for _k, label, _t, _d in MEASURES),
        Column("镇街数", 8),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for one in found:
        indicator, known = one.indicator, spread[one.indicator.pk].get(release.month, {})
        urban, rural = (sides.get((indicator.pk, side, release.month)) for side in SIDES)
        rows.append(
            (
                indicator.code, indicator.name, indicator.unit,
                as_number(release.value(release.county, one, release.month), indicator),
                _side(urban, one), _side(rural, one), _gap(urban, rural, one),
                _shown(known.get("highest"), 1, indicator.decimals), _shown(known.get("lowest"), 1, indicator.decimals),
                *(
                    _shown(known.get(key), times, decimals) if key != "evenness" or indicator.rising else Number(None)
                    for key, _label, times, decimals in MEASURES
                ),
                Number(Decimal(int(known["places"])) if known else None),
            )
        )  # fmt: skip
    drawn = [place for place, one in enumerate(found) if sides.get((one.indicator.pk, URBAN, release.month))]
    return Sheet("均等化", columns, rows, NOTES, _pictures(rows, drawn), frozen=2)


def _pictures(rows: Sequence, drawn: Sequence[int]) -> list[Chart]:
    """Town and country side by side, then the spread between towns; over the codes of the indicators."""
    if not rows:
        return []
    last = len(rows) - 1
    over = Run(0, 0, last, 0)
    charts = [
        Chart(
            "各指标的加权变异系数", "1", (Series("加权变异系数", Run(0, 10, last, 10), over),), "column", places=2,
            words="各项比较指标镇街间的加权变异系数，越小越均等。",
        ),
    ]  # fmt: skip
    if drawn:
        pair = (Series("城镇", Run(0, 4, last, 4), over), Series("乡村", Run(0, 5, last, 5), over))
        words = "各项比较指标的城镇值和乡村值并列。"
        charts.insert(0, Chart("城镇与乡村", "各指标的单位", pair, "column", places=0, words=words))
    return charts


def _by_month(release: Release, found: Sequence[Shown], sides: Sides, spread: Spread) -> Sheet:
    """One line an indicator and measure, one column a month: gap, coefficient of variation, Gini, Theil."""
    span = release.months
    lead = (Column("编号", 7), Column("指标", 32), Column("项目", 20))
    columns = (*lead, *(Column(f"{months.year(month)}.{months.number(month)}", 9) for month in span))
    rows: list[Sequence[Cell]] = []
    gaps, varied = [], []
    for one in found:
        of = (one.indicator.code, one.indicator.name)
        pairs = [tuple(sides.get((one.indicator.pk, side, month)) for side in SIDES) for month in span]
        if any(all(pair) for pair in pairs):
            gaps.append((len(rows), one))
            rows.append((*of, "城乡差距", *(_gap(urban, rural, one) for urban, rural in pairs)))
        by_month = spread[one.indicator.pk]
        for key, label, times, decimals in MEASURES:
            if key == "evenness" or key == "ratio":
                continue
            if key == "cv":
                varied.append((len(rows), one))
            rows.append((*of, label, *(_shown(by_month.get(month, {}).get(key), times, decimals) for month in span)))
    charts = [
        _course("城乡差距逐月", "个百分点", gaps[:8], len(lead), len(span), 1),
        _course("加权变异系数逐月", "1", varied[:8], len(lead), len(span), 2),
    ]
    return Sheet(
        "均等化逐月", columns, rows, NOTES, [chart for chart in charts if chart.series], frozen=len(lead),
        breaks=years(span, len(lead)),
    )  # fmt: skip


def _course(title: str, unit: str, found: Sequence[tuple[int, Shown]], first: int, count: int, places: int) -> Chart:
    head = Run(-1, first, -1, first + count - 1)
    series = tuple(
        Series(f"{one.indicator.code} {one.indicator.name}", Run(row, first, row, first + count - 1), head)
        for row, one in found
    )
    return Chart(title, unit, series, places=places, words=f"{title}，数据见上表。")


def _side(one: Split | None, shown: Shown) -> Number:
    if one is None or one.value is None:
        return Number(None)
    text = wording.number(one.value, shown.indicator.decimals)
    return number_as_printed(from_units(one.value), text, shown.indicator.decimals)


def _gap(urban: Split | None, rural: Split | None, shown: Shown) -> Number:
    if urban is None or rural is None or urban.value is None or rural.value is None:
        return Number(None)
    return Number(from_units(urban.value - rural.value), shown.indicator.decimals)


def _shown(value: float | None, times: int, decimals: int) -> Number:
    """A measure as the page prints it."""
    units = units_of(None if value is None else value * times)
    return Number(None if units is None else from_units(units), decimals)
