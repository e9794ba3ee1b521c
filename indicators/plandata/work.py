"""Schema of what is to be done: the task list (任务) and the key projects (重点建设项目)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from indicators.plandata.files import Row
from indicators.plandata.outline import ClauseNumber, DomainCode, Number, SectionCode, Slug, Standing, Text


class Milestone(Row):
    """A node (节点) with its planned day; a day the plan does not name is a recommendation."""

    name: Text
    name_en: Text
    due: date
    standing: Standing


class _Dated(Row):
    start: date
    due: date
    milestones: tuple[Milestone, ...] = ()

    @model_validator(mode="after")
    def _runs_forward(self) -> _Dated:
        if self.due <= self.start:
            raise ValueError("完成日期须晚于开始日期")
        days = [self.start, *(node.due for node in self.milestones), self.due]
        if days != sorted(days):
            raise ValueError("节点须在起止日期之内，由先到后")
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
    """A key project (重点建设项目); `stages` are the nodes of its bar, the last one closes it.

    `quantity_from` names the indicator that counts what is built, where a form already reports it.
    """

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
    quantity_from: str = ""
    completion_sign: Text
    indicators: tuple[str, ...] = ()
    stages: Annotated[tuple[Text, ...], Field(min_length=2)]
    standing: Standing

    @model_validator(mode="after")
    def _counted_once(self) -> Project:
        if self.quantity is not None and self.quantity_from:
            raise ValueError("应建数量与取自指标只能写一样")
        return self


class Projects(Row):
    projects: tuple[Project, ...]
