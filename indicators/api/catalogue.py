"""The catalogue: data items with their categories, indicators with their readings and formulas."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from bureau import months
from indicators import frozen
from indicators.api.asking import Asked, Codes, asking, known, whole
from indicators.api.tables import Column, Table
from indicators.models import Category, DataItem, Indicator, IndicatorVersion, Parameter, Reading
from indicators.queries import ReadAt

router = Router(tags=["指标目录"])
C = Column
STANDING = C("standing", "依据状态", note="plan 方案原文，official 正式口径，memory、rec 待确认")

ITEMS = Table(
    "items",
    "填报项",
    (
        C("code", "代码"), C("name", "名称"), C("name_en", "英文名"), C("unit", "单位"),
        C("kind", "类型", note="flow 当期发生数，stock 期末数，ytd 本年累计数"), C("decimals", "小数位", "count"),
        C("breakdown", "分组代码"), C("automatic", "按区划自动计数", "flag"), C("definition", "口径"),
        C("source", "来源"), STANDING, C("from_month", "启用月"), C("to_month", "停用月"),
    ),
)  # fmt: skip
CATEGORIES = Table(
    "categories",
    "分组类别",
    (
        C("breakdown", "分组代码"), C("breakdown_name", "分组"), C("code", "类别代码"), C("name", "类别"),
        C("name_en", "英文名"),
    ),
)  # fmt: skip
INDICATORS = Table(
    "indicators",
    "指标",
    (
        C("code", "代码"), C("number", "编号"), C("name", "名称"), C("name_en", "英文名"),
        C("core", "核心指标", "flag"), C("domain", "任务领域代码"), C("clauses", "条款号", "list"),
        C("section", "责任科室代码"), C("section_name", "责任科室"), C("unit", "单位"),
        C("decimals", "小数位", "count"), C("rising", "越高越好", "flag"), C("why", "为何重要"),
        C("definition", "口径"), STANDING,
    ),
)  # fmt: skip
READINGS = Table(
    "readings",
    "读法",
    (
        C("indicator", "指标代码"), C("code", "读法代码"), C("name", "读法"),
        C("official", "正式读法", "flag", "以所看的版本为准"), C("decided_on", "决定日期"),
        C("decided_by", "决定会议"), C("document", "决定文件"),
    ),
)  # fmt: skip
FORMULAS = Table(
    "formulas",
    "公式",
    (
        C("indicator", "指标代码"), C("reading", "读法代码"), C("from_month", "起始月"),
        C("kind", "性质", note="first 首版，correction 更正，change 变更"), C("numerator", "分子"),
        C("denominator", "分母"), C("value", "值", note="为空则为分子÷分母×倍数"), C("scale", "倍数", "number"),
        C("window", "窗口", note="month 当月，year 本年累计，plan 试点以来，level 期末，trailing12 近12个月"),
        C("in_use", "现行", "flag", "被更正替换的版本为否"), C("reason", "理由"),
    ),
)  # fmt: skip
PARAMETERS = Table(
    "parameters",
    "参数",
    (
        C("code", "代码"), C("name", "名称"), C("series", "系列"), C("unit", "单位"), C("value", "值", "number"),
        C("valid_from", "自", note="不晚于某月最后一天的，该月起适用"), C("in_use", "采用", "flag"),
        C("source", "来源"), STANDING,
    ),
)  # fmt: skip


class ItemsAsked(Asked):
    """Some items only."""

    item: Codes = Field(default_factory=list, description="填报项代码，可写几个")


class IndicatorsAsked(Asked):
    """Some indicators only."""

    indicator: Codes = Field(default_factory=list, description="指标代码，可写几个")


@router.get("/items", response=ITEMS.page_model, summary="填报项", url_name="items")
def items(request: HttpRequest, asked: Query[ItemsAsked]) -> HttpResponse:
    ask = asking(request, asked)
    wanted = DataItem.objects.select_related("breakdown").order_by("order", "code")
    found = wanted.filter(code__in=asked.item) if asked.item else wanted
    rows = [
        (one.code, one.name, one.name_en, one.unit, one.kind, one.decimals,
         one.breakdown.code if one.breakdown else "", one.automatic, one.definition, one.source, one.standing,
         _month(one.from_month), _month(one.to_month))
        for one in found
    ]  # fmt: skip
    return whole(ask, ITEMS, known(rows) if asked.item else rows)


def _month(month: int | None) -> str:
    return "" if month is None else months.iso(month)


@router.get("/categories", response=CATEGORIES.page_model, summary="分组类别", url_name="categories")
def categories(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    found = Category.objects.order_by("breakdown__code", "order", "code")
    return whole(
        ask, CATEGORIES, list(found.values_list("breakdown__code", "breakdown__name", "code", "name", "name_en"))
    )


@router.get("/indicators", response=INDICATORS.page_model, summary="指标", url_name="indicators")
def indicators(request: HttpRequest, asked: Query[IndicatorsAsked]) -> HttpResponse:
    ask = asking(request, asked)
    wanted = Indicator.objects.select_related("domain", "section").prefetch_related("clauses").order_by("order", "code")
    found = wanted.filter(code__in=asked.indicator) if asked.indicator else wanted
    rows = [
        (one.code, one.number, one.name, one.name_en, one.core, one.domain.code if one.domain else "",
         [clause.number for clause in one.clauses.all()], one.section.code, one.section.name, one.unit, one.decimals,
         one.rising, one.why, one.definition, one.standing)
        for one in found
    ]  # fmt: skip
    return whole(ask, INDICATORS, known(rows) if asked.indicator else rows)


def official_ids(at: ReadAt, found: list[Reading]) -> set[int]:
    """Which of these readings are the official ones of the state shown (all readings of an indicator come together)."""
    together: dict[int, list[Reading]] = defaultdict(list)
    for reading in found:
        together[reading.indicator_id].append(reading)
    return {one.pk for group in together.values() if (one := frozen.official(at, group)) is not None}


@router.get("/readings", response=READINGS.page_model, summary="读法（两种读法）", url_name="readings")
def readings(request: HttpRequest, asked: Query[IndicatorsAsked]) -> HttpResponse:
    ask = asking(request, asked)
    wanted = Reading.objects.select_related("indicator").order_by("indicator__order", "indicator__code", "number")
    found = list(wanted.filter(indicator__code__in=asked.indicator) if asked.indicator else wanted)
    official = official_ids(ask.at, found)
    rows = [
        (one.indicator.code, one.code, one.name, one.pk in official,
         one.decided_on.isoformat() if one.decided_on else "", one.decided_by, one.document)
        for one in found
    ]  # fmt: skip
    return whole(ask, READINGS, known(rows) if asked.indicator else rows)


@router.get("/formulas", response=FORMULAS.page_model, summary="公式各版本", url_name="formulas")
def formulas(request: HttpRequest, asked: Query[IndicatorsAsked]) -> HttpResponse:
    """A qualitative indicator has none, so an empty list is an answer here where the indicator exists."""
    ask = asking(request, asked)
    found = IndicatorVersion.objects.select_related("reading__indicator").order_by(
        "reading__indicator__order", "reading__indicator__code", "reading__number", "from_month", "pk"
    )
    if asked.indicator:
        known(Indicator.objects.filter(code__in=asked.indicator).exists())
        found = found.filter(reading__indicator__code__in=asked.indicator)
    rows = [
        (one.reading.indicator.code, one.reading.code, months.iso(one.from_month), one.kind, one.numerator,
         one.denominator, one.value, one.scale, one.window, one.superseded_by_id is None, one.reason)
        for one in found
    ]  # fmt: skip
    return whole(ask, FORMULAS, rows)


@router.get("/parameters", response=PARAMETERS.page_model, summary="公式中的参数（W01 等）", url_name="parameters")
def parameters(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    rows = [
        (one.code, one.name, one.series, one.unit, one.value, one.valid_from.isoformat(), one.in_use, one.source,
         one.standing)
        for one in Parameter.objects.order_by("code", "valid_from", "series")
    ]  # fmt: skip
    return whole(ask, PARAMETERS, rows)
