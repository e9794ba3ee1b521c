"""Evaluations and totals as released or live: filtered and cut into pages by the database, in reading order.

`manage.py exportevaluations` takes its rows from the same functions, so that it writes what the API gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from bureau import months
from bureau.fields import from_units, raw
from bureau.places import Tree, unpack
from indicators import wording
from indicators.analysis.kinds import Light, State
from indicators.api.asking import Asked, Code, Codes, Month, answer, asking, known
from indicators.api.catalogue import IndicatorsAsked, official_ids
from indicators.api.tables import Column, Table
from indicators.models import (
    Category,
    DataItem,
    Evaluation,
    IndicatorVersion,
    PublishedEvaluation,
    PublishedRollUp,
    Reading,
    RollUp,
)
from indicators.queries import LIVE, ReadAt

router = Router(tags=["评价与汇总"])
C = Column
NUMBERS = (
    ("value", "值", ""), ("numerator", "分子", ""), ("denominator", "分母", ""), ("month_value", "当月值", ""),
    ("year_to_date", "本年累计", ""), ("plan_to_date", "试点以来累计", ""), ("target_value", "目标值", ""),
    ("completion", "完成率", "%"), ("schedule", "时序进度", "%"), ("path_value", "路径值", ""),
    ("lag", "差距", "落后为正；累计类为百分点"), ("remaining", "剩余", ""), ("required", "所需月均", ""),
    ("pace3", "近3个月月均", ""), ("pace12", "近12个月月均", ""), ("pressure3", "压力（近3个月）", ""),
    ("pressure12", "压力（近12个月）", ""),
)  # fmt: skip
COVERAGE = (C("reported", "已报单位数", "count"), C("expected", "应报单位数", "count"))

EVALUATIONS = Table(
    "evaluations",
    "评价",
    (
        C("month", "月份"), C("version", "版本", note="该月所取的发布版本号，或 live"), C("indicator", "指标代码"),
        C("indicator_name", "指标"), C("reading", "读法代码"), C("official", "正式读法", "flag"),
        C("area", "区划代码"), C("area_name", "地方"), C("unit", "单位"),
        *(C(key, head, "number", note) for key, head, note in NUMBERS),
        C("state", "数据状态", note="ok 有数，no_data 未填，zero_over_zero、not_here 不适用，over_zero 无法计算"),
        C("reached", "已达标", "flag"), *COVERAGE,
        C("light", "亮灯", note="none、reached、on_course、behind、far_behind、not_covered"),
        C("light_name", "亮灯名称"), C("rule", "亮灯规则代码"), C("formula_from", "公式起始月"),
    ),
)  # fmt: skip
FIGURES = Table(
    "figures",
    "汇总数",
    (
        C("month", "月份"), C("version", "版本", note="该月所取的发布版本号，或 live"), C("item", "填报项代码"),
        C("item_name", "填报项"), C("category", "类别代码", note="合计行为空"), C("category_name", "类别"),
        C("area", "区划代码"), C("area_name", "地方"), C("unit", "单位"), C("value", "数", "number"), *COVERAGE,
        C("missing", "未报单位", "list", "区划代码"),
    ),
)  # fmt: skip


class EvaluationsAsked(IndicatorsAsked):
    """Which evaluations."""

    area: Codes = Field(default_factory=list, description="县或镇（街道）的区划代码，可写几个")
    reading: Code | None = Field(None, description="读法代码；official 为正式读法")
    since: Month | None = Field(None, description="从哪个月起，写作 2017-01；不写则只取所看的月份")
    until: Month | None = Field(None, description="到哪个月止，不晚于所看的月份")


class FiguresAsked(Asked):
    """Which totals."""

    item: Codes = Field(default_factory=list, description="填报项代码，可写几个")
    category: Code | None = Field(None, description="类别代码；total 为合计行")
    area: Codes = Field(default_factory=list, description="县或镇（街道）的区划代码，可写几个")
    since: Month | None = Field(None, description="从哪个月起，写作 2017-01；不写则只取所看的月份")
    until: Month | None = Field(None, description="到哪个月止，不晚于所看的月份")


@dataclass(frozen=True)
class Span:
    """The months asked for, within those the state shown has."""

    first: int
    last: int

    @classmethod
    def of(cls, at: ReadAt, since: str | None, until: str | None) -> Span:
        shown = at.month if at.month is not None else -1
        last = min(months.parse(until), shown) if until else shown
        return cls(months.parse(since) if since else min(last, shown), last)


def _of_the_state(at: ReadAt, live: type, published: type, areas: Collection[int], span: Span) -> QuerySet[Any]:
    """The rows of these areas and months, each month in the version a reader of this state sees; by primary key."""
    model = live if at.live else published
    found = model.objects.filter(county=at.county.pk, area__in=areas, month__gte=span.first, month__lte=span.last)
    if at.live:
        return found
    seen = Q(pk__in=[])
    for month, version in at.versions.items():
        if span.first <= month <= span.last:
            seen |= Q(month=month, version=version)
    return found.filter(seen)


def _stores(tree: Tree, wanted: Collection[str]) -> list[int]:
    """The county and its towns, or those asked for; Http404 for what holds no totals."""
    if not wanted:
        return tree.stores
    found = set(tree.at(wanted).values())
    return known([area for area in tree.stores if area in found])


def _name(tree: Tree, area: int, month: int) -> str:
    place = tree.valid(month).get(area)
    return place.name if place else tree.names[area]


class Evaluations:
    """The evaluations asked for: how many, and the rows of a page."""

    def __init__(
        self, at: ReadAt, *, indicators: Collection[str] = (), areas: Collection[str] = (), reading: str | None = None,
        since: str | None = None, until: str | None = None,
    ) -> None:  # fmt: skip
        self.at, self.tree = at, Tree(at.county.pk)
        wanted = Reading.objects.select_related("indicator").order_by("pk")
        readings = list(wanted.filter(indicator__code__in=indicators) if indicators else wanted)
        if indicators:
            known(readings)
        self.official = official_ids(at, readings)
        self.readings = {(one.indicator_id, one.number): one for one in readings}
        stores, span = _stores(self.tree, areas), Span.of(at, since, until)
        self.found = _of_the_state(at, Evaluation, PublishedEvaluation, stores, span)
        if indicators or reading:
            chosen = [
                one for one in readings
                if not reading or (one.pk in self.official if reading == "official" else one.code == reading)
            ]  # fmt: skip
            these = Q(pk__in=[])
            for one in known(chosen):
                these |= Q(indicator=one.indicator_id, reading=one.number)
            self.found = self.found.filter(these)

    @property
    def total(self) -> int:
        return self.found.count()

    def rows(self, page: slice = slice(None)) -> Iterable[tuple]:
        version = () if self.at.live else ("version",)
        columns = ("month", "indicator", "reading", "area", *(raw(key) for key, _head, _note in NUMBERS), "state",
                   "reached", "reported", "expected", "light", "rule", "definition", *version)  # fmt: skip
        begins = dict(IndicatorVersion.objects.values_list("pk", "from_month"))
        for row in self.found.order_by("area", "indicator", "reading", "month").values_list(*columns)[page]:
            month, indicator, number, area, *numbers = row[: 4 + len(NUMBERS)]
            state, reached, reported, expected, light, rule, formula = row[4 + len(NUMBERS) : 11 + len(NUMBERS)]
            code, name, reading_code, official, unit = self._named(indicator, number)
            yield (
                months.iso(month), LIVE if self.at.live else str(row[-1]), code, name, reading_code, official,
                self.tree.codes[area], _name(self.tree, area, month), unit,
                *(None if units is None else from_units(units) for units in numbers),
                State(state).name.lower(), reached, reported, expected, Light(light).name.lower(),
                wording.light(light), rule, months.iso(begins[formula]) if formula in begins else "",
            )  # fmt: skip

    def _named(self, indicator: int, number: int) -> tuple[str, str, str, bool, str]:
        """Code, name, reading, whether official, unit; a release outlives what was struck from the catalogue since."""
        one = self.readings.get((indicator, number))
        if one is None:
            return "", "", str(number), False, ""
        return one.indicator.code, one.indicator.name, one.code, one.pk in self.official, one.indicator.unit


class Figures:
    """The totals asked for: how many, and the rows of a page."""

    def __init__(
        self, at: ReadAt, *, items: Collection[str] = (), category: str | None = None, areas: Collection[str] = (),
        since: str | None = None, until: str | None = None,
    ) -> None:  # fmt: skip
        self.at, self.tree = at, Tree(at.county.pk)
        wanted = DataItem.objects.only("pk", "code", "name", "unit")
        self.items = {one.pk: one for one in (wanted.filter(code__in=items) if items else wanted)}
        self.categories = {one.pk: one for one in Category.objects.all()}
        self.found = _of_the_state(at, RollUp, PublishedRollUp, _stores(self.tree, areas), Span.of(at, since, until))
        if items:
            self.found = self.found.filter(item__in=known(self.items))
        if category == "total":
            self.found = self.found.filter(category=0)
        elif category:
            these = [one.pk for one in self.categories.values() if one.code == category]
            self.found = self.found.filter(category__in=known(these))

    @property
    def total(self) -> int:
        return self.found.count()

    def rows(self, page: slice = slice(None)) -> Iterable[tuple]:
        version = () if self.at.live else ("version",)
        columns = ("month", "item", "category", "area", raw("total"), "reported", "expected", "missing", *version)
        for row in self.found.order_by("area", "item", "category", "month").values_list(*columns)[page]:
            month, item, category, area, units, reported, expected, missing = row[:8]
            kept, typed = self.categories.get(category), self.items.get(item)
            code, name, unit = (typed.code, typed.name, typed.unit) if typed else ("", "", "")
            yield (
                months.iso(month), LIVE if self.at.live else str(row[-1]), code, name, kept.code if kept else "",
                kept.name if kept else "", self.tree.codes[area], _name(self.tree, area, month), unit,
                from_units(units), reported, expected, self._codes(missing),
            )  # fmt: skip

    def _codes(self, missing: str) -> list[str]:
        """The places of a `missing` column, by code."""
        bits = unpack(missing)
        return [self.tree.codes[area] for number, area in sorted(self.tree.by_number.items()) if bits >> number & 1]


@router.get("/evaluations", response=EVALUATIONS.page_model, summary="评价", url_name="evaluations")
def evaluations(request: HttpRequest, asked: Query[EvaluationsAsked]) -> HttpResponse:
    ask = asking(request, asked)
    found = Evaluations(
        ask.at, indicators=asked.indicator, areas=asked.area, reading=asked.reading, since=asked.since,
        until=asked.until,
    )  # fmt: skip
    return answer(ask, EVALUATIONS, found.rows(ask.page), found.total)


@router.get("/figures", response=FIGURES.page_model, summary="汇总数（附已报、应报单位数）", url_name="figures")
def figures(request: HttpRequest, asked: Query[FiguresAsked]) -> HttpResponse:
    ask = asking(request, asked)
    found = Figures(
        ask.at, items=asked.item, category=asked.category, areas=asked.area, since=asked.since, until=asked.until
    )
    return answer(ask, FIGURES, found.rows(ask.page), found.total)
