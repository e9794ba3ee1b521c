"""The forecasts kept of the state shown, month by month to the target's month, with bands and back-test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from bureau import months
from bureau.fields import from_units
from bureau.places import Tree
from indicators.analysis.forecast import BANDS
from indicators.api.asking import asking, known, whole
from indicators.api.catalogue import IndicatorsAsked
from indicators.api.tables import Column, Table
from indicators.models import KeptForecast, Reading

router = Router(tags=["评价与汇总"])
C = Column

EDGES = ("80% 区间下限", "50% 区间下限", "中位", "50% 区间上限", "80% 区间上限")
FORECASTS = Table(
    "forecasts",
    "预测",
    (
        C("made_in", "起算月"), C("indicator", "指标代码"), C("reading", "读法代码"), C("area", "区划代码"),
        C("area_name", "地方"), C("month", "月份", note="所预测的月份"),
        *(C(f"p{one}", f"{one}%分位", "number", note) for one, note in zip(BANDS, EDGES, strict=True)),
        C("method", "方法", note="drawn 历月抽样，seasonal 季节朴素法，ets 指数平滑"),
        C("chance", "达标概率", "number", "目标月达到目标的可能，0 至 1"),
        C("mase", "回测误差", "number", "MASE，朴素法为 1"),
        C("held", "落在区间内", "count", "回测中 80% 区间留住的月数"), C("tried", "回测月数", "count"),
        C("widening", "区间放宽倍数", "number"),
    ),
)  # fmt: skip


@router.get("/forecasts", response=FORECASTS.page_model, summary="预测（已作出的）", url_name="forecasts")
def forecasts(request: HttpRequest, asked: Query[IndicatorsAsked]) -> HttpResponse:
    """Those made of the state shown: of a release by the task worker, others when somebody first looked."""
    ask = asking(request, asked)
    wanted = Reading.objects.select_related("indicator")
    readings = list(wanted.filter(indicator__code__in=asked.indicator) if asked.indicator else wanted)
    if asked.indicator:
        known(readings)
    by_key = {(one.indicator_id, one.number): one for one in readings}
    found = KeptForecast.objects.filter(
        county=ask.at.county.pk, month=ask.at.month, version=ask.at.release.version if ask.at.release else 0
    ).order_by("area", "indicator", "reading")
    return whole(ask, FORECASTS, list(_rows(found, by_key, Tree(ask.at.county.pk))))


def _rows(found: Iterable[KeptForecast], readings: dict[tuple[int, int], Reading], tree: Tree) -> Iterator[tuple]:
    for one in found:
        reading = readings.get((one.indicator, one.reading))
        if reading is None:
            continue
        for step, values in enumerate(zip(*one.bands, strict=True), 1):
            yield (
                months.iso(one.month), reading.indicator.code, reading.code, tree.codes[one.area],
                tree.names[one.area], months.iso(one.month + step), *map(from_units, values), one.method, one.chance,
                one.mase, one.held, one.tried, one.widening,
            )  # fmt: skip
