"""The plan as data: the plan, its clauses and domains, the sections responsible, the places of the county."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from bureau import months
from bureau.models import Section
from bureau.places import Tree
from indicators.api.asking import Asked, Codes, asking, whole
from indicators.api.tables import Column, Table
from indicators.models import Clause, Domain, Plan

router = Router(tags=["方案与单位"])
C = Column

PLAN = Table(
    "plan",
    "方案",
    (
        C("code", "代码"), C("title", "标题"), C("title_en", "英文标题"), C("issuer", "印发单位"),
        C("meeting", "议定会议"), C("issued_on", "印发日期"), C("first_month", "试点首月"), C("last_month", "试点末月"),
    ),
)  # fmt: skip
CLAUSES = Table(
    "clauses",
    "条款",
    (
        C("number", "条款号"), C("parent", "上级条款号"), C("title", "短题"), C("title_en", "英文短题"),
        C("summary", "摘要"), C("facts", "数字", "list", "条款写明的数"),
        C("indicators", "指标", "list", "以本条款为依据的指标代码"),
    ),
)  # fmt: skip
DOMAINS = Table(
    "domains",
    "任务领域",
    (C("code", "代码"), C("name", "名称"), C("name_en", "英文名"), C("clause", "条款号")),
)
SECTIONS = Table("sections", "科室", (C("code", "代码"), C("name", "名称"), C("name_en", "英文名")))
AREAS = Table(
    "areas",
    "区划",
    (
        C("month", "月份", note="区划以该月为准"), C("code", "区划代码"), C("name", "名称"), C("name_en", "英文名"),
        C("level", "层级", note="county 县，town 镇（街道），village 村（社区）"), C("kind", "类别"),
        C("urban", "城镇", "flag"), C("parent", "上级区划代码"),
    ),
)  # fmt: skip


@router.get("/plan", response=PLAN.page_model, summary="方案", url_name="plan")
def plan(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    rows = [
        (one.code, one.title, one.title_en, one.issuer, one.meeting, one.issued_on.isoformat(),
         months.iso(one.first_month), months.iso(one.last_month))
        for one in Plan.objects.filter(county=ask.at.county).order_by("code")
    ]  # fmt: skip
    return whole(ask, PLAN, rows)


@router.get("/clauses", response=CLAUSES.page_model, summary="条款", url_name="clauses")
def clauses(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    found = Clause.objects.filter(plan__county=ask.at.county).select_related("parent").prefetch_related("indicators")
    rows = [
        (one.number, one.parent.number if one.parent else "", one.title, one.title_en, one.summary,
         [_fact(fact) for fact in one.facts], [indicator.code for indicator in one.indicators.all()])
        for one in found.order_by("plan", "order", "pk")
    ]  # fmt: skip
    return whole(ask, CLAUSES, rows)


def _fact(fact: object) -> str:
    """A number of a clause with its parts in a row: what, how much, unit, how held against it, for which indicators."""
    if isinstance(fact, dict):
        return " ".join(filter(None, map(_fact, fact.values())))
    return " ".join(map(_fact, fact)) if isinstance(fact, list) else "" if fact is None else str(fact)


@router.get("/domains", response=DOMAINS.page_model, summary="任务领域", url_name="domains")
def domains(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    found = Domain.objects.filter(plan__county=ask.at.county).select_related("clause").order_by("plan", "order", "pk")
    return whole(ask, DOMAINS, [(one.code, one.name, one.name_en, one.clause.number) for one in found])


@router.get("/sections", response=SECTIONS.page_model, summary="科室", url_name="sections")
def sections(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    ask = asking(request, asked)
    return whole(ask, SECTIONS, list(Section.objects.order_by("order", "code").values_list("code", "name", "name_en")))


class AreasAsked(Asked):
    """Places of some levels only."""

    level: Codes = Field(default_factory=list, description="层级：county、town、village，可写几个")


@router.get("/areas", response=AREAS.page_model, summary="区划（以所看月份为准）", url_name="areas")
def areas(request: HttpRequest, asked: Query[AreasAsked]) -> HttpResponse:
    ask = asking(request, asked)
    tree, month = Tree(ask.at.county.pk), ask.at.month
    found = [] if month is None else tree.valid(month).values()
    rows = [
        (months.iso(month), one.code, one.name, one.name_en, one.level, one.kind, one.urban,
         tree.codes.get(one.parent, ""))
        for one in found
        if not asked.level or one.level in asked.level
    ]  # fmt: skip
    return whole(ask, AREAS, rows)
