"""A scheme as it is applied: plain data, from its tables or as a frozen period keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tasks.assessment.rules import Grades, Partial, Rule
from tasks.models import Criterion, Scheme

Kind = Criterion.Kind
RULE = ("weight", "full_from", "zero_below", "step", "late_share", "cap")
GRADES = ("excellent", "good", "passing", "least_share")


@dataclass(frozen=True)
class Measure:
    """One criterion: how it is scored, and of what alone where it names indicators or tasks."""

    code: str
    name: str
    name_en: str
    kind: str
    rule: Rule
    clause: str
    veto: bool
    indicators: frozenset[str]
    tasks: frozenset[str]


@dataclass(frozen=True)
class Terms:
    """All of a scheme that decides about points, grades and ranks."""

    grades: Grades
    least_denominator: int
    measures: tuple[Measure, ...]

    @cached_property
    def scored(self) -> dict[str, Measure]:
        """What is scored by figures and records, by code; without what hands add."""
        return {one.code: one for one in self.measures if one.kind != Kind.MANUAL}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        return {code: one.rule for code, one in self.scored.items()}

    @property
    def by_hand(self) -> Measure | None:
        return next((one for one in self.measures if one.kind == Kind.MANUAL), None)


def of(scheme: Scheme) -> Terms:
    """As the settings say now."""
    rows = scheme.criteria.select_related("clause").prefetch_related("indicators", "tasks")
    measures = tuple(
        Measure(
            one.code, one.name, one.name_en, one.kind,
            Rule(partial=Partial(one.partial), **{name: Fraction(getattr(one, name)) for name in RULE}),
            one.clause.number, one.veto,
            frozenset(found.code for found in one.indicators.all()), frozenset(found.code for found in one.tasks.all()),
        )
        for one in rows
    )  # fmt: skip
    grades = Grades(**{name: Fraction(getattr(scheme, name)) for name in GRADES})
    return Terms(grades, scheme.least_denominator, measures)


def as_json(terms: Terms) -> dict[str, Any]:
    return {
        "grades": {name: str(getattr(terms.grades, name)) for name in GRADES},
        "least_denominator": terms.least_denominator,
        "measures": [
            {name: getattr(one, name) for name in ("code", "name", "name_en", "kind", "clause", "veto")}
            | {"rule": {name: str(getattr(one.rule, name)) for name in RULE} | {"partial": one.rule.partial.value}}
            | {"indicators": sorted(one.indicators), "tasks": sorted(one.tasks)}
            for one in terms.measures
        ],
    }


def from_json(kept: Mapping[str, Any]) -> Terms:
    measures = tuple(
        Measure(
            one["code"], one["name"], one["name_en"], one["kind"],
            Rule(partial=Partial(one["rule"]["partial"]), **{name: Fraction(one["rule"][name]) for name in RULE}),
            one["clause"], one["veto"], frozenset(one["indicators"]), frozenset(one["tasks"]),
        )
        for one in kept["measures"]
    )  # fmt: skip
    grades = Grades(**{name: Fraction(kept["grades"][name]) for name in GRADES})
    return Terms(grades, kept["least_denominator"], measures)
