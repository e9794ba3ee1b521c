"""Loads the plan's files into the database, the whole run in one transaction: `load_plan` for commands and tests.

Phases, tasks and projects are loaded here, all else in indicators/loading/. Progress people report is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from bureau import audit, holidays, installation
from bureau.models import Area
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.loading import Change, Kind, Loader, Rows, Wanted, load
from indicators.models import Domain
from indicators.plandata import PlanData, read_plan
from tasks import dates_then
from tasks.assessment.loading import load_assessment
from tasks.models import Deliverable, Milestone, Phase, Project, Task


def load_plan(data: PlanData | None = None, *, write: bool = True) -> tuple[Change, ...]:
    """Bring the database to the plan's files and return how it differed; with `write` False it is left as it was.

    Loading twice changes nothing. FixtureError where the files break their schema. What was derived from changed
    definitions is rebuilt in the same transaction.
    """
    data = data or read_plan()
    with transaction.atomic():
        county = Area.objects.filter(code=data.plan.county).first()
        if county is not None:
            installation.lock_county(county.pk)
        loader = Loader()
        rows = load(loader, data)
        _load_work(loader, data, rows)
        loader.finish()
        holidays.seed()
        if not write:
            transaction.set_rollback(True)
        elif loader.wrote:
            _after(loader, data, rows)
    return tuple(loader.changes)


def _after(loader: Loader, data: PlanData, rows: Rows) -> None:
    """Rebuild the derived tables, record the act, raise the data version.

    Without a figure there is still something to evaluate: what follows from projects and tasks.
    """
    tree = Tree(rows.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    kinds = [change.kind for change in loader.changes]
    counts = {kind.name.lower(): kinds.count(kind) for kind in Kind if kind in kinds}
    dates = {"dates": _dates(loader)} if Kind.CHANGED in kinds else {}
    audit.record("loadplan", by=None, object=data.plan.code, detail=counts | dates)
    installation.raise_data_version(rows.county.pk)


def _dates(loader: Loader) -> list[list[str]]:
    """Table, code, field and the day before of each date the files changed: earlier releases go by them."""
    called = {
        str(table._meta.verbose_name): (table, {str(table._meta.get_field(name).verbose_name): name for name in names})
        for table, names in dates_then.DATED.items()
    }
    found = []
    for change in loader.changes:
        if change.kind == Kind.CHANGED and change.model in called:
            table, names = called[change.model]
            dates = [(names[title], old) for title, old, _new in change.fields if title in names]
            found += [[table._meta.label_lower, change.key, name, old] for name, old in dates]
    return found


def _load_work(loader: Loader, data: PlanData, rows: Rows) -> None:
    phases = loader.sync(
        Phase,
        (
            Wanted(
                phase.code,
                {"plan": rows.plan, "code": phase.code},
                {
                    "name": phase.name,
                    "name_en": phase.name_en,
                    "starts_on": phase.start,
                    "ends_on": phase.end,
                    "clause": rows.clauses[phase.clause],
                    "order": order,
                },
            )
            for order, phase in enumerate(data.phases, start=1)
        ),
    )
    tasks = loader.sync(Task, _tasks(data, rows, phases))
    projects = loader.sync(Project, _projects(data, rows))
    loader.sync(Milestone, _milestones(data, tasks, projects))
    load_assessment(loader, data, rows, tasks)
    loader.sync(
        Deliverable,
        (
            Wanted(
                paper.code,
                {"code": paper.code},
                {"phase": phases[phase.code], "name": paper.name, "name_en": paper.name_en, "order": order},
                many={"tasks": [tasks[code] for code in paper.tasks if code in tasks]},
            )
            for phase in data.phases
            for order, paper in enumerate(phase.deliverables, start=1)
        ),
    )


def _milestones(data: PlanData, tasks: dict[str, Task], projects: dict[str, Project]) -> Iterator[Wanted]:
    """The nodes of what stands, by the code of their work and their place in it; when they were reached is people's."""
    for name, works, rows in (("task", data.tasks, tasks), ("project", data.projects, projects)):
        for work in (one for one in works if one.code in rows):
            for order, node in enumerate(work.milestones, start=1):
                code = f"{work.code}-{order}"
                own = {"task": None, "project": None} | {name: rows[work.code]}
                told = {"name": node.name, "name_en": node.name_en, "due_on": node.due}
                yield Wanted(code, {"code": code}, own | told | {"standing": node.standing.value, "order": order})


def _tasks(data: PlanData, rows: Rows, phases: dict[str, Phase]) -> Iterator[Wanted]:
    for order, task in enumerate(data.tasks, start=1):
        own = {"phase": phases[task.phase], "deliverable": task.deliverable, "weight": task.weight}
        yield _work(task, rows, order, rows.domains.get(task.domain or ""), own)


def _projects(data: PlanData, rows: Rows) -> Iterator[Wanted]:
    for order, project in enumerate(data.projects, start=1):
        domain = next((d for d in rows.domains.values() if project.clause.startswith(d.clause.number)), None)
        own = {
            "content": project.content,
            "completion_mark": project.completion_sign,
            "budget": project.investment,
            "quantity": project.quantity,
            "quantity_unit": project.quantity_unit,
            "quantity_from": project.quantity_from,
            "stages": list(project.stages),
        }
        yield _work(project, rows, order, domain, own)


def _work(work, rows: Rows, order: int, domain: Domain | None, own: dict) -> Wanted:
    """A task or project; state, percent and completion date are people's and stay out of it."""
    return Wanted(
        work.code,
        {"code": work.code},
        {
            "name": work.name,
            "name_en": work.name_en,
            "clause": rows.clauses[work.clause],
            "domain": domain,
            "lead": rows.sections[work.lead],
            "starts_on": work.start,
            "due_on": work.due,
            "standing": work.standing.value,
            "order": order,
        }
        | own,
        many={
            "supporting": [rows.sections[code] for code in work.supporting],
            "indicators": rows.numbered(work.indicators),
        },
    )
