"""Targets as the state shown has them, and the record of their changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from bureau import months
from bureau.places import Tree
from indicators import frozen
from indicators.api.asking import Asked, Codes, asking, known, whole
from indicators.api.catalogue import STANDING, IndicatorsAsked
from indicators.api.tables import Column, Table
from indicators.models import Indicator, Target, TargetRevision

router = Router(tags=["目标"])
C = Column

TARGETS = Table(
    "targets",
    "目标",
    (
        C("indicator", "指标代码"), C("reading", "读法代码"), C("area", "区划代码"), C("area_name", "地方"),
        C("start_month", "窗口首月"), C("end_month", "目标月"),
        C("comparator", "比较", note=">= 至少，<= 至多，= 等于，~ 左右，not_fall 不低于上年同期，zero 动态归零"),
        C("value", "目标值", "number"), C("unit", "单位"), C("tolerance", "容差", "number"),
        C("path", "路径", note="linear 时序进度，season 上年季节，steps 按给定节点，none 无"),
        C("points", "路径节点", "list", "月份=应达值"), C("yearly_check", "年末考核", "flag"),
        C("behind", "滞后起点（百分点）", "number"), C("far_behind", "严重滞后起点（百分点）", "number"),
        C("limit_days", "动态归零限天", "count"), C("base_value", "起点值", "number", "为空则以首个报齐的月份为起点"),
        C("base_month", "起点月"), C("clause", "条款号"), STANDING, C("note", "说明"),
    ),
)  # fmt: skip
TARGET_REVISIONS = Table(
    "target-revisions",
    "目标修订",
    (
        C("on", "日期"), C("indicator", "指标代码"), C("kind", "性质"), C("old", "原"), C("new", "新"),
        C("reason", "理由"), C("document", "文件"),
    ),
)  # fmt: skip


class TargetsAsked(IndicatorsAsked):
    """Of some places only."""

    area: Codes = Field(default_factory=list, description="区划代码，可写几个")


@router.get("/targets", response=TARGETS.page_model, summary="目标（以所看的版本为准）", url_name="targets")
def targets(request: HttpRequest, asked: Query[TargetsAsked]) -> HttpResponse:
    ask = asking(request, asked)
    tree = Tree(ask.at.county.pk)
    wanted = Target.objects.filter(area__in=tree.levels).select_related("reading__indicator", "clause")
    found = wanted.order_by(
        "reading__indicator__order", "reading__indicator__code", "reading__number", "area__code", "end_month"
    )
    if asked.indicator:
        known(Indicator.objects.filter(code__in=asked.indicator).exists())
        found = found.filter(reading__indicator__code__in=asked.indicator)
    if asked.area:
        found = found.filter(area__in=known(tree.at(asked.area)).values())
    rows = [
        (one.reading.indicator.code, one.reading.code, tree.codes[one.area_id], tree.names[one.area_id],
         months.iso(one.start_month), months.iso(one.end_month), one.comparator, one.value, one.reading.indicator.unit,
         one.tolerance, one.path, [f"{months.iso(int(month))}={value}" for month, value in one.points],
         one.yearly_check, one.behind, one.far_behind, one.limit_days, one.base_value,
         "" if one.base_month is None else months.iso(one.base_month), one.clause.number if one.clause else "",
         one.standing, one.note)
        for one in frozen.targets(ask.at, found)
    ]  # fmt: skip
    return whole(ask, TARGETS, rows)


@router.get("/target-revisions", response=TARGET_REVISIONS.page_model, summary="目标修订", url_name="target_revisions")
def target_revisions(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    found = TargetRevision.objects.select_related("indicator").order_by("on", "pk")
    rows = [
        (one.on.isoformat(), one.indicator.code if one.indicator else "", one.kind, one.old, one.new, one.reason,
         one.document)
        for one in found
    ]  # fmt: skip
    return whole(ask, TARGET_REVISIONS, rows)
