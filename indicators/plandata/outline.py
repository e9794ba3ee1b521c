"""Schema of what the plan itself says: the plan, its domains, clauses, phases, sections, areas and dated parameters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from bureau.spans import code_problem, span_problems
from indicators.analysis.kinds import Level
from indicators.plandata.files import Row, month

Text = Annotated[str, Field(min_length=1)]
Month = Annotated[int, BeforeValidator(month)]
Number = Annotated[Decimal, Field(decimal_places=4)]
ClauseNumber = Annotated[str, Field(pattern=r"^[一二三四五](\([一二三四五]\))?([1-9][一二三四五]?)?$")]
SectionCode = Annotated[str, Field(pattern=r"^[a-z]{2,8}$")]
DomainCode = Annotated[str, Field(pattern=r"^[一二三四五]$")]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]


class Standing(StrEnum):
    """On what a statement stands; everything but plan and official is shown as 待确认."""

    PLAN = "plan"  # the plan's own text
    OFFICIAL = "official"  # an official rule or figure that was seen
    REC = "rec"  # our recommendation
    MEMORY = "memory"  # common knowledge without a source


class Domain(Row):
    """One of the five parts of section four (主要任务); pages group indicators by it."""

    code: DomainCode
    name: Text
    name_en: Text
    clause: ClauseNumber


class RevisionNote(Row):
    """A note of the plan's 修改说明 in our own words; a `removed` goal must never be loaded as a target."""

    number: int
    kind: Literal["removed", "reworded", "added", "moved"]
    clause: ClauseNumber
    title: Text
    summary: Text
    removed_value: Number | None = None
    removed_unit: str = ""
    replaced_by: str = ""
    indicators: tuple[str, ...] = ()


class Plan(Row):
    """The pilot plan as one document (试点方案)."""

    code: Slug
    title: Text
    title_en: Text
    county: Annotated[str, Field(pattern=r"^\d{6}$")]
    meeting: Text
    meeting_number: int
    issuer: Text
    issued: date
    first_month: Month
    last_month: Month
    population: str = ""  # the item by which targets are divided among places by population
    domains: tuple[Domain, ...]
    revisions: tuple[RevisionNote, ...]


class Fact(Row):
    """A number the clause states; `indicators` and `parameters` are where it is loaded as a target or a parameter.

    `target_value` is given where the target states it otherwise (one station in every village is a rate of 100).
    """

    key: Slug
    value: Number | date
    unit: str
    wording: str = ""
    target_value: Number | None = None
    indicators: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


class Clause(Row):
    """A numbered part of the plan, with a summary in our own words."""

    number: ClauseNumber
    parent: ClauseNumber | None
    title: Text
    title_en: Text
    summary: Text
    facts: tuple[Fact, ...] = ()


class Clauses(Row):
    clauses: tuple[Clause, ...]


class Deliverable(Row):
    """What a phase must leave behind (阶段成果)."""

    code: Annotated[str, Field(pattern=r"^G\d{2}$")]
    name: Text
    name_en: Text
    tasks: tuple[str, ...]


class Phase(Row):
    """One of the three phases (阶段); both dates belong to it."""

    code: Slug
    name: Text
    name_en: Text
    clause: ClauseNumber
    start: date
    end: date
    deliverables: tuple[Deliverable, ...]

    @model_validator(mode="after")
    def _runs_forward(self) -> Phase:
        if self.end <= self.start:
            raise ValueError("阶段的结束日期须晚于开始日期")
        return self


class Phases(Row):
    phases: tuple[Phase, ...]


class Section(Row):
    """A responsible section (责任科室); who owns what is not in the plan, hence its standing."""

    code: SectionCode
    name: Text
    name_en: Text
    order: int
    standing: Standing


class Sections(Row):
    sections: tuple[Section, ...]


class ParameterValue(Row):
    """One dated value of a parameter; it holds in a month when `valid_from` is not after its last day.

    A row with `in_use: false` is another series kept for comparison only.
    """

    valid_from: date
    value: Number
    series: Text
    in_use: bool = True
    year: int | None = None
    standing: Standing
    source: Text


class Parameter(Row):
    """A county-wide parameter (参数) that formulas name, such as W01."""

    code: Annotated[str, Field(pattern=r"^W\d{2}$")]
    name: Text
    name_en: Text
    unit: Text
    decimals: Annotated[int, Field(ge=0, le=4)]
    clause: ClauseNumber
    definition: Text
    values: Annotated[tuple[ParameterValue, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_rise(self) -> Parameter:
        dates = [row.valid_from for row in self.values if row.in_use]
        if dates != sorted(set(dates)):
            raise ValueError("采用的各值，启用日期须由先到后且不重复")
        return self


class Parameters(Row):
    parameters: tuple[Parameter, ...]


class AreaSpan(Row):
    """One dated stretch of a place's life: its name, parent and kind from the month `start` to the month `end`."""

    code: Annotated[str, Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
    name: Text
    name_en: str | None
    level: Level
    kind: Literal["county", "street", "town", "village", "community"]
    urban: Literal["urban", "rural"] | None
    parent: Annotated[str, Field(pattern=r"^(\d{6}|\d{9})$")] | None
    start: Month = Field(alias="from")
    end: Annotated[int | None, BeforeValidator(lambda text: None if text is None else month(text))] = Field(alias="to")
    successor: Annotated[str, Field(pattern=r"^\d{12}$")] | None

    @model_validator(mode="after")
    def _code_fits_level(self) -> AreaSpan:
        if problem := code_problem(self.code, self.level):
            raise ValueError(problem)
        for _, problem in span_problems(self.code, self.level, parent=self.parent, start=self.start, end=self.end):
            raise ValueError(problem)
        return self
