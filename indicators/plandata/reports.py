"""Schema of fixtures/reports.yaml: which parts of each report people write, who writes them, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from indicators.plandata.files import Row, twice
from indicators.plandata.outline import ClauseNumber, DomainCode, SectionCode, Text

if TYPE_CHECKING:
    from indicators.plandata.bundle import PlanData

Kind = Literal["bulletin", "phase", "evaluation"]


class ReportPart(Row):
    """A part people write: one, one a domain (主要任务), or one a core indicator.

    One a domain names its writer by domain; one a core indicator is written by the indicator's own section.
    """

    key: Annotated[str, Field(pattern=r"^[a-z]+$")]
    label: Text
    label_en: Text
    each: Literal["one", "domain", "core"] = "one"
    section: SectionCode | None = None
    sections: dict[DomainCode, SectionCode] = Field(default_factory=dict)
    required: bool = True
    hint: Text
    hint_en: Text
    clause: ClauseNumber

    @model_validator(mode="after")
    def _has_a_writer(self) -> ReportPart:
        if (self.section is not None) != (self.each == "one") or bool(self.sections) != (self.each == "domain"):
            raise ValueError("单独一部分写 section，按任务领域写 sections，按核心指标都不写")
        return self


class ReportOutline(Row):
    """The parts of one kind of report, in the order of print."""

    kind: Kind
    parts: tuple[ReportPart, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> ReportOutline:
        for key in twice(part.key for part in self.parts):
            raise ValueError(f"部分 {key} 重复")
        return self


class ReportOutlines(Row):
    reports: tuple[ReportOutline, ...]


def report_problems(data: PlanData) -> Iterator[str]:
    """Sections, clauses and domains exist; each kind of report stands once; every domain has a writer."""
    name = "reports.yaml"
    sections, clauses = {section.code for section in data.sections}, {clause.number for clause in data.clauses}
    domains = {domain.code for domain in data.plan.domains}
    yield from (f"{name}：kind：{kind} 重复" for kind in twice(one.kind for one in data.reports))
    for outline in data.reports:
        for part in outline.parts:
            where = f"{name}：{outline.kind}.{part.key}"
            for code in [part.section, *part.sections.values()]:
                if code is not None and code not in sections:
                    yield f"{where}：没有这个科室：{code}"
            if part.clause not in clauses:
                yield f"{where}：没有这个条款：{part.clause}"
            if part.each == "domain" and set(part.sections) != domains:
                yield f"{where}.sections：每个任务领域须写明一个科室"
