"""Schema of what is to be done: the task list (任务) and the key projects (重点建设项目)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from indicators.plandata.files import Row
from indicators.plandata.outline import ClauseNumber, DomainCode, Number, SectionCode, Slug, Standing, Text


class _Dated(Row):
    start: date
    due: date

    @model_validator(mode="after")
    def _runs_forward(self) -> _Dated:
        if self.due <= self.start:
            raise ValueError("完成日期须晚于开始日期")
        return self


class Task(_Dated):
    """A task of sections four and five with its lead section (牵头科室) and the indicators it serves."""

    code: Annotated[str, Field(pattern=r"^T\d{2}$")]
    clause: ClauseNumber
    name: Text
    name_en: Text
    lead: SectionCode
    supporting: tuple[SectionCode, ...] = ()
    phase: Slug
    deliverable: Text
    indicators: tuple[str, ...] = ()
    domain: DomainCode | None = None
    weight: Annotated[int, Field(ge=1)] = 1
    standing: Standing


class Tasks(Row):
    tasks: tuple[Task, ...]


class Project(_Dated):
    """A key project (重点建设项目); `stages` are the nodes of its bar, the last one closes it."""

    code: Annotated[str, Field(pattern=r"^P\d{2}$")]
    name: Text
    name_en: Text
    content: Text
    clause: ClauseNumber
    lead: SectionCode
    supporting: tuple[SectionCode, ...] = ()
    investment: Number | None = None
    quantity: Annotated[int, Field(ge=1)] | None = None
    quantity_unit: str = ""
    completion_sign: Text
    indicators: tuple[str, ...] = ()
    stages: Annotated[tuple[Text, ...], Field(min_length=2)]
    standing: Standing


class Projects(Row):
    projects: tuple[Project, ...]
