"""A section with a task, a project and people, upon the small county of factories.py; the business date is 2017-02-03.

T01 (supported by 社保局) and P05 are 就业局's through 2016 and 2017; P05 is one firm to build, which A19 counts.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from bureau import months
from bureau.models import Grant
from indicators.models import Clause, Evaluation, Indicator, Plan
from tasks import progress
from tasks.content import Content
from tasks.models import Deliverable, Milestone, Phase, Progress, Project, Task
from tests.integration import factories
from tests.integration.factories import Aim, Formula, person

DECEMBER, JANUARY, FEBRUARY = months.make(2016, 12), months.make(2017, 1), months.make(2017, 2)
Role = Grant.Role


def workplace(tiny: SimpleNamespace) -> SimpleNamespace:
    """The task, the project, their phase with a paper, and who works on them."""
    plan = Plan.objects.get()
    lead, other = tiny.sections["jyj"], tiny.sections["sbj"]
    clause = Clause.objects.create(plan=plan, number="四(二)2", order=1, title="农村电商")
    phase = Phase.objects.create(
        plan=plan, code="implement", name="实施阶段", clause=clause, order=1,
        starts_on=date(2015, 7, 1), ends_on=date(2016, 12, 31),
    )  # fmt: skip
    paper = Deliverable.objects.create(phase=phase, code="G04", name="推进计划")
    span = {"clause": clause, "lead": lead, "starts_on": date(2016, 1, 1), "due_on": date(2017, 12, 31)}
    task = Task.objects.create(code="T01", name="城乡就业政策统一", phase=phase, **span)
    task.supporting.add(other)
    project = Project.objects.create(
        code="P05", name="农村物流企业", quantity=1, quantity_unit="家", stages=["遴选", "建设", "认定"], **span
    )
    for code, due in (("T01-1", date(2016, 12, 31)), ("T01-2", date(2017, 12, 31))):
        Milestone.objects.create(code=code, task=task, name=f"节点{code[-1]}", due_on=due)
    Milestone.objects.create(code="P05-1", project=project, name="投用", due_on=date(2017, 12, 31))
    factories._indicator(
        Formula("A19", "level", "P05", value="N", aims=(Aim(">=", "1", path="steps"),)), lead, tiny.areas
    )
    return SimpleNamespace(
        **vars(tiny),
        task=task,
        project=project,
        phase=phase,
        paper=paper,
        writer=person("writer", (Role.SECTION_CLERK, lead)),
        helper=person("helper", (Role.SECTION_CLERK, lead)),
        supporter=person("supporter", (Role.SECTION_CLERK, other)),
        other_reviewer=person("other_reviewer", (Role.REVIEWER, other)),
        leader=person("leader", (Role.LEADER, None)),
    )


def written(place: SimpleNamespace, work: Task | Project, month: int, percent: int, **more: object) -> Progress:
    """A draft by the writer."""
    return progress.save(work, month, Content(percent, done="推进了一步", **more), by=place.writer)


def handed_in(place: SimpleNamespace, work: Task | Project, month: int, percent: int, **more: object) -> Progress:
    """The same, submitted."""
    return progress.submit(written(place, work, month, percent, **more), by=place.writer)


def approved(place: SimpleNamespace, work: Task | Project, month: int, percent: int, **more: object) -> Progress:
    """The same, approved by the section's reviewer."""
    return progress.approve(handed_in(place, work, month, percent, **more), by=place.reviewer)


def completed(place: SimpleNamespace, month: int, on: date, **more: object) -> Progress:
    """P05 reported as completed on a day, and approved."""
    ground = {"completed_on": on, "explanation": "通过认定验收", "quantity": 1, "stages_done": 3}
    return approved(place, place.project, month, 100, **(ground | more))


def value_of(place: SimpleNamespace, code: str, month: int) -> int | None:
    """The live value of a counting indicator in the county at a month."""
    rows = Evaluation.objects.filter(
        indicator=Indicator.objects.get(code=code).pk, area=place.county.pk, month=month
    ).values_list("value", flat=True)
    found = list(rows)
    return int(found[0]) if found and found[0] is not None else None
