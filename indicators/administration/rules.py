"""What a person types into the catalogue, held to the same rules as the plan's files (indicators/plandata).

Each function gives pairs (field of the form, what is wrong, in Chinese); none at all where everything holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from bureau import months
from indicators.analysis.formula import FormulaError, parse
from indicators.analysis.kinds import ItemKind, Window
from indicators.analysis.panel import Definition
from indicators.entry import layout
from indicators.entry.relations import parse_rule
from indicators.entry.soft import items_named
from indicators.models import Breakdown, DataItem, FormItem, Parameter, Plan, Target
from indicators.plandata import catalogue, indicator
from indicators.plandata.checks import basis_problems, reference_problems, rule_references
from indicators.plandata.files import sentence

Problem = tuple[str, str]
work_codes: list[Callable[[], Iterable[str]]] = []
"""Who knows the codes of projects and tasks (P01, T04); tasks/ adds itself."""

CODES = {
    "breakdown": re.compile(r"[a-z][a-z0-9_-]*"),
    "item": re.compile(r"D\d{2,3}[a-h]?"),
    "form": re.compile(r"[a-z]{2}\d{2}"),
    "rule": re.compile(r"R\d{2,3}"),
    "soft rule": re.compile(r"S\d{2}"),
    "parameter": re.compile(r"W\d{2}"),
    "indicator": re.compile(r"[AB]\d{2}[abc]?"),
}
EXAMPLES = {
    "breakdown": "hukou",
    "item": "D120",
    "form": "yj08",
    "rule": "R30",
    "soft rule": "S20",
    "parameter": "W09",
    "indicator": "B22",
}


def code_problem(kind: str, code: str) -> str:
    """Why a code of this kind is not written so; empty where it is, or where codes follow no pattern."""
    if kind not in CODES or CODES[kind].fullmatch(code):
        return ""
    return _("代码写法不对，例如 %(code)s") % {"code": EXAMPLES[kind]}


def of_schema(schema: type[BaseModel], values: Mapping[str, Any], fields: Mapping[str, str]) -> Iterator[Problem]:
    """What the files' own schema says of these values; `fields` leads from its keys to the form's."""
    try:
        schema.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            key = str(fault["loc"][0]) if fault["loc"] else ""
            rule = sentence("", fault).rpartition("：")[2]
            yield fields.get(key, key), rule


def item_problems(item: Mapping[str, Any]) -> Iterator[Problem]:
    """Of a data item as the form holds it."""
    fields = {"auto": "automatic", "kind": "kind", "counts_levels": "counts_levels", "": "counts_levels"}
    values = {
        "code": item["code"],
        "name": item["name"],
        "name_en": item.get("name_en") or item["name"],
        "unit": item["unit"],
        "kind": item["kind"],
        "decimals": item["decimals"],
        "breakdown": item["breakdown"].code if item.get("breakdown") else None,
        "auto": item["automatic"],
        "counts_levels": list(item["counts_levels"]),
        "definition": item["definition"],
        "source": item["source"],
        "standing": item["standing"],
    }
    yield from of_schema(catalogue.DataItem, values, fields)


def rule_problems(text: str) -> Iterator[Problem]:
    """Of a balance rule: it can be read, and all its items are entered in rows of one form at one level."""
    try:
        parse_rule(text)
        named = {ref.code for ref in rule_references(text)}
    except (FormulaError, ValueError) as error:
        yield "text", str(error)
        return
    yield from _entered_problems(named, together=True)


def soft_rule_problems(rule: Mapping[str, Any]) -> Iterator[Problem]:
    """Of a soft rule as the form holds it: the file's own bounds, and items that some form asks for."""
    wrong = False
    for field, problem in of_schema(catalogue.SoftRule, rule, {"": "low"}):
        wrong = True
        yield field, problem
    if wrong:
        return
    try:
        named = items_named(layout.SoftRule(rule["code"], rule["kind"], rule["text"]))
    except ValueError as error:
        yield "text", str(error)
        return
    yield from _entered_problems(named, together=rule["kind"] == "share")


def _entered_problems(named: Collection[str], *, together: bool) -> Iterator[Problem]:
    """Some form asks for each of these items, and where they go `together`, one in rows of one level."""
    entered: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for code, form, level in FormItem.objects.filter(item__code__in=named).values_list("item__code", "form", "level"):
        entered[code].add((form, level))
    if missing := sorted(set(named) - set(entered)):
        yield "text", _("没有报表填报 %(code)s") % {"code": missing[0]}
    elif named and together and not set.intersection(*entered.values()):
        yield "text", _("各项不在同一张报表的同一层级")


def formula_problems(found: Mapping[str, Any]) -> Iterator[Problem]:
    """Of a definition version: each formula parses, what it names exists, and a ratio is written as one."""
    known, stocks = _known(), set(DataItem.objects.filter(kind=ItemKind.STOCK).values_list("code", flat=True))
    read, wrong = {}, False
    for key in ("numerator", "denominator", "value"):
        if not found.get(key):
            continue
        try:
            read[key] = parse(found[key])
        except FormulaError as error:
            wrong = True
            yield key, str(error)
            continue
        for problem in reference_problems(read[key], key, known, stocks):
            wrong = True
            yield key, problem
    if wrong or "numerator" not in read:
        return
    try:
        Definition(read["numerator"], read.get("denominator"), read.get("value"))
    except FormulaError as error:
        yield "value", error.reason
    summed = found.get("window") in (Window.MONTH, Window.YEAR, Window.PLAN, Window.TRAILING12)
    if summed and "denominator" not in read and divides_by_item(found["numerator"]):
        yield "numerator", _("比率不能当作累计数：除数写到“分母”一栏，由系统先汇总再相除")


def potential_problems(text: str) -> Iterator[Problem]:
    """Of the formula by which a reading's targets are divided among towns; empty text needs none."""
    if text:
        stocks = set(DataItem.objects.filter(kind=ItemKind.STOCK).values_list("code", flat=True))
        yield from (("potential", problem) for problem in basis_problems(text, _known(), stocks))


def divides_by_item(text: str) -> bool:
    """Does a formula divide by something that is not a plain number?"""
    return bool(re.search(r"/\s*(?:\(|[A-Za-z])", text))


def _known() -> dict[str, set[str]]:
    """Every code a formula may name → the categories it may have."""
    categories: dict[int, set[str]] = defaultdict(set)
    for breakdown, code in Breakdown.objects.values_list("pk", "categories__code"):
        categories[breakdown].add(code)
    known = {
        code: categories[breakdown] if breakdown else set()
        for code, breakdown in DataItem.objects.values_list("code", "breakdown_id")
    }
    known |= {code: set() for code in Parameter.objects.values_list("code", flat=True)}
    return known | {code: set() for codes in work_codes for code in codes()}


def target_problems(found: Mapping[str, Any], others: Iterable[Target]) -> Iterator[Problem]:
    """Of a target as the form holds it; `others` are those of the same reading and area."""
    fields = {"start": "start_month", "end": "end_month", "standing": "standing", "": "value"}
    rules = {
        indicator.ENDS_BEFORE_IT_STARTS: "end_month",
        indicator.POINTS_GO_WITH_STEPS: "points",
        indicator.POINT_OUTSIDE: "points",
    }
    values = {
        "start": months.iso(found["start_month"]),
        "end": months.iso(found["end_month"]),
        "comparator": found["comparator"],
        "value": found["value"],
        "tolerance": found["tolerance"],
        "path": found["path"],
        "points": [{"month": months.iso(month), "value": value} for month, value in found["points"]],
        "yearly_check": found["yearly_check"],
        "limit_days": found.get("limit_days", 30),
        "clause": found["clause"].number if found.get("clause") else None,
        "standing": found["standing"],
        "note": found["note"],
    }
    for field, problem in of_schema(indicator.Target, values, fields):
        yield rules.get(problem, field), problem
    for other in others:
        if other.start_month <= found["end_month"] and found["start_month"] <= other.end_month:
            span = {"start": months.iso(other.start_month), "end": months.iso(other.end_month)}
            yield "start_month", _("与 %(start)s 至 %(end)s 的目标期重叠") % span
            return


def within_plan(first: int, last: int) -> bool:
    """Do these months lie within the plan's?"""
    plan = Plan.objects.order_by("pk").first()
    return plan is None or (plan.first_month <= first and last <= plan.last_month)
