"""Cross-checks of the catalogue: items on forms, balance rules on one form, formulas whose references all exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indicators.analysis.formula import Formula, FormulaError, Ref, parse
from indicators.analysis.kinds import ItemKind
from indicators.entry import layout
from indicators.entry.soft import items_named
from indicators.plandata.files import twice

if TYPE_CHECKING:
    from indicators.plandata.bundle import PlanData

_PREVIOUS = re.compile(r"prev\(([^()]*)\)")
_COMPARATOR = re.compile(r" (?:<=|>=|=) ")


def catalogue_problems(data: PlanData) -> Iterator[str]:
    """Breakdowns exist; each entered (item, level) stands on exactly one form, automatic items on none."""
    breakdowns = {breakdown.code for breakdown in data.catalogue.breakdowns}
    items = {item.code: item for item in data.items}
    sections = {section.code for section in data.sections}
    for item in data.items:
        if item.breakdown is not None and item.breakdown not in breakdowns:
            yield f"data_items.yaml：{item.code}.breakdown：没有这个分组：{item.breakdown}"
    placed = [(column.item, level) for form in data.forms for column in form.items for level in column.levels]
    for code, level in twice(placed):
        yield f"forms.yaml：{code}：层级 {level} 出现在不止一处"
    on_forms = {code for code, _ in placed}
    for form in data.forms:
        if form.section not in sections:
            yield f"forms.yaml：{form.code}.section：没有这个科室：{form.section}"
    for code in sorted(on_forms - set(items)):
        yield f"forms.yaml：{code}：没有这个填报项"
    for item in data.items:
        if item.auto and item.code in on_forms:
            yield f"forms.yaml：{item.code}：自动计数的填报项不填报"
        if not item.auto and item.code not in on_forms:
            yield f"forms.yaml：{item.code}：没有任何报表填报这一项"


def rule_problems(data: PlanData) -> Iterator[str]:
    """The items of a balance rule exist and are entered together: on one form, in rows of the same levels."""
    entered: dict[str, set[tuple[str, str]]] = {}
    for form in data.forms:
        for column in form.items:
            entered.setdefault(column.item, set()).update((form.code, level) for level in column.levels)
    kinds = {item.code: item.kind for item in data.items}
    for rule in data.rules.rules:
        try:
            refs = rule_references(rule.expr)
        except FormulaError as error:
            yield f"rules.yaml：{rule.code}：{error}"
            continue
        missing = sorted({ref.code for ref in refs} - set(entered))
        if missing:
            yield f"rules.yaml：{rule.code}：没有报表填报 {missing[0]}"
        elif not set.intersection(*(entered[ref.code] for ref in refs)):
            yield f"rules.yaml：{rule.code}：各项不在同一张报表的同一层级"
        elif rule.kind == "monotone" and any(kinds[ref.code] != ItemKind.YTD for ref in refs):
            yield f"rules.yaml：{rule.code}：只有本年累计数才有年内不减的规则"


def soft_rule_problems(data: PlanData) -> Iterator[str]:
    """The items of a soft rule are entered; a share's two together, on one form in rows of the same levels."""
    entered: dict[str, set[tuple[str, str]]] = {}
    for form in data.forms:
        for column in form.items:
            entered.setdefault(column.item, set()).update((form.code, level) for level in column.levels)
    for rule in data.rules.soft:
        try:
            items = items_named(layout.SoftRule(rule.code, rule.kind, rule.text))
        except ValueError as error:
            yield f"rules.yaml：{rule.code}：{error}"
            continue
        missing = sorted(items - set(entered))
        if missing:
            yield f"rules.yaml：{rule.code}：没有报表填报 {missing[0]}"
        elif rule.kind == "share" and not set.intersection(*(entered[item] for item in items)):
            yield f"rules.yaml：{rule.code}：各项不在同一张报表的同一层级"


def rule_references(expr: str) -> frozenset[Ref]:
    """The items both sides of a balance rule name; FormulaError where a side is no formula."""
    sides = _COMPARATOR.split(_PREVIOUS.sub(r"\1", expr))
    return frozenset(ref for side in sides for ref in parse(side).refs)


def formula_problems(data: PlanData) -> Iterator[str]:
    """Formulas parse; what they name exists with that category; only a value formula speaks of N and M."""
    categories = {b.code: {category.code for category in b.categories} for b in data.catalogue.breakdowns}
    known = {item.code: categories.get(item.breakdown or "", set()) for item in data.items}
    known |= {row.code: set() for rows in (data.parameters, data.projects, data.tasks) for row in rows}
    stocks = {item.code for item in data.items if item.kind == ItemKind.STOCK}
    for indicator in data.indicators:
        for reading in (reading for measure in indicator.measures for reading in measure.readings):
            for key, text in reading.formulas().items():
                name = f"indicators/{indicator.number}.yaml：{reading.code}.{key}"
                try:
                    formula = parse(text)
                except FormulaError as error:
                    yield f"{name}：{error}"
                    continue
                yield from (f"{name}：{problem}" for problem in reference_problems(formula, key, known, stocks))
            if reading.potential is not None:
                name = f"indicators/{indicator.number}.yaml：{reading.code}.potential"
                yield from (f"{name}：{problem}" for problem in basis_problems(reading.potential, known, stocks))
    if data.plan.population and data.plan.population not in {item.code for item in data.items}:
        yield f"plan.yaml：population：没有 {data.plan.population}"


def basis_problems(text: str, known: dict[str, set[str]], stocks: set[str]) -> Iterator[str]:
    """What is wrong with a formula by which a target is divided (potential)."""
    try:
        formula = parse(text)
    except FormulaError as error:
        yield str(error)
        return
    yield from reference_problems(formula, "potential", known, stocks)


def reference_problems(formula: Formula, key: str, known: dict[str, set[str]], stocks: set[str]) -> Iterator[str]:
    """What one parsed formula (`key`: numerator, denominator or value) names that it may not."""
    if key == "value" and formula.refs:
        yield "值的公式只能用 N、M 和数字"
    if key != "value" and formula.parts:
        yield "分子和分母的公式不能用 N、M"
    for ref in sorted(formula.refs, key=str):
        if ref.code not in known:
            yield f"没有 {ref.code}"
        elif ref.category is not None and ref.category not in known[ref.code]:
            yield f"{ref.code} 没有分组 {ref.category}"
    for ref in sorted(formula.stock_sum_refs, key=str):
        if ref.code in known and ref.code not in stocks:
            yield f"months( ) 里只能用期末数，{ref.code} 不是"
