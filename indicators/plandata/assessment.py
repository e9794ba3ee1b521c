"""Schema of fixtures/assessment.yaml: the schemes by which sections and towns are assessed (考核), with criteria."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from indicators.plandata.files import Row, twice
from indicators.plandata.outline import ClauseNumber, Number, Slug, Standing, Text

if TYPE_CHECKING:
    from indicators.plandata.bundle import PlanData

Percent = Annotated[Number, Field(ge=0, le=100)]
Points = Annotated[Number, Field(ge=0, le=5)]


class Criterion(Row):
    """One criterion: how it is scored, with what weight, and of which indicators or tasks alone."""

    code: Slug
    name: Text
    name_en: Text
    kind: Literal["indicators", "lights", "work", "reports", "forms", "slips", "manual"]
    weight: Annotated[Number, Field(ge=0)]
    full_from: Annotated[Number, Field(gt=0)] = Decimal(100)
    zero_below: Annotated[Number, Field(ge=0)] = Decimal(0)
    partial: Literal["share", "step", "none"] = "share"
    step: Annotated[Number, Field(ge=0)] = Decimal(0)
    late_share: Percent = Decimal(50)
    cap: Points = Decimal(0)
    veto: bool = False
    clause: ClauseNumber
    indicators: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    standing: Standing

    @model_validator(mode="after")
    def _weighs(self) -> Criterion:
        if (self.kind == "manual") != (self.weight == 0):
            raise ValueError("权重须大于 0；加减分项的权重是 0")
        if self.zero_below > self.full_from:
            raise ValueError("不得分的界线不能高于满分起点")
        return self


class Scheme(Row):
    """How sections or towns are assessed from a year on."""

    code: Slug
    name: Text
    name_en: Text
    of: Literal["sections", "towns"]
    from_year: Annotated[int, Field(ge=2000, le=2100)]
    excellent: Percent
    good: Percent
    passing: Percent
    least_share: Percent
    least_denominator: Annotated[int, Field(ge=0)]
    standing: Standing
    criteria: tuple[Criterion, ...]

    @model_validator(mode="after")
    def _grades_in_order(self) -> Scheme:
        if not self.passing < self.good < self.excellent:
            raise ValueError("等次起点须由高到低：优秀、良好、合格")
        return self


class Schemes(Row):
    schemes: tuple[Scheme, ...]


def assessment_problems(data: PlanData) -> Iterator[str]:
    """Clauses, indicators and tasks exist; no code is named twice."""
    name = "assessment.yaml"
    clauses = {clause.number for clause in data.clauses}
    numbers = {indicator.number for indicator in data.indicators}
    tasks = {task.code for task in data.tasks}
    yield from (f"{name}：code：{code} 重复" for code in twice(one.code for one in data.schemes))
    for scheme in data.schemes:
        yield from (f"{name}：{scheme.code}：{code} 重复" for code in twice(one.code for one in scheme.criteria))
        for one in scheme.criteria:
            key = f"{scheme.code}.{one.code}"
            if one.clause not in clauses:
                yield f"{name}：{key}.clause：没有这个条款：{one.clause}"
            yield from (f"{name}：{key}：没有这个指标：{code}" for code in one.indicators if code not in numbers)
            yield from (f"{name}：{key}：没有这个任务：{code}" for code in one.tasks if code not in tasks)
