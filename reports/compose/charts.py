"""Charts of documents: an indicator over the months of its target's window, with its path and target."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from bureau import months
from bureau.fields import DECIMALS
from indicators import indicator_charts, wording
from indicators.analysis.kinds import Light
from indicators.shown import Shown
from reports.compose import words
from reports.content import ChartData
from reports.proof import Ledger

FIRST = "A01"  # 城镇新增就业人数: the plan's first number
MOST = 4  # charts of indicators in one document
STORED = Decimal(1).scaleb(-DECIMALS)


def charted(ledger: Ledger) -> set[str]:
    """The indicators that get a chart: the plan's first number, what lags, then what is furthest from done."""
    core = [one for one in ledger.source.core if one.row is not None]
    late = [one.indicator.code for one in words.late(core)]
    rest = [one for one in core if one.light == Light.ON_COURSE and one.indicator.unit in wording.RATES]
    rest.sort(key=lambda one: -(one.row.remaining or 0) if one.row else 0)
    return set([FIRST, *late, *(one.indicator.code for one in rest)][:MOST])


def progress(shown: Shown | None) -> ChartData | None:
    """Actual, path and target over the months of the target's window; None where there is nothing yet.

    Where the definition changed a place without values parts the lines.
    """
    points = indicator_charts.points(shown) if shown is not None else []
    if shown is None or not points:
        return None
    one_year = months.year(points[0].month) == months.year(points[-1].month)
    places = [
        one for point in points for one in ((None, point) if point.broken and point is not points[0] else (point,))
    ]
    labels = tuple(
        "口径变更" if one is None else f"{months.number(one.month)}月" if one_year else months.label(one.month)
        for one in places
    )
    target = shown.target.value if shown.target else None
    period = f"{months.year(points[-1].month)}年" if one_year else ""
    series = [
        ("累计完成" if shown.summing else "实际", tuple(one.value if one else None for one in places)),
        ("时序进度", tuple(_stored(one.path) if one else None for one in places)),
    ]
    if target is not None:
        series.append(("目标", (target,) * len(places)))
    return ChartData(
        title=f"{period}{shown.indicator.name}{'累计完成情况' if shown.summing else '逐月情况'}",
        unit=shown.indicator.unit,
        categories=labels,
        series=tuple(series),
        decimals=shown.indicator.decimals,
    )


def _stored(number: Decimal | None) -> Decimal | None:
    """A drawn point of the path in months to come, which nobody stored, at four decimals."""
    return None if number is None else number.quantize(STORED, ROUND_HALF_UP)


def told(ledger: Ledger, shown: Shown, data: ChartData) -> str:
    """The chart for readers who do not see it (替代文本): what it draws, and the last value with its target."""
    subject = ledger.texts(ledger.indicator(shown))
    names = "、".join(name for name, _values in data.series)
    goal = wording.target(shown.target, shown.indicator)
    until = months.label(shown.month)
    return f"{data.title}（单位：{data.unit}），画有{names}；{until}为{subject['value']}，目标{goal}"
