"""Carries approved reports into what tasks and projects stand at: percent, state, stages, quantity, milestones.

All of it follows from the approved reports alone and is worked out anew, so taking an approval back needs no undoing.
Inside the transaction of tasks/progress.py, which holds the county's lock; nobody else calls this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from bureau import audit
from bureau.models import Area, User
from tasks import completion
from tasks.models import Milestone, Progress, Project, State, Task

CARRIED = ["state", "percent", "completed_on"]


def carry(here: Area, works: Collection[Task | Project], *, by: User, reason: str = "") -> None:
    """Make these tasks and projects stand as their approved reports say; completions change the figures."""
    reports = _approved(works)
    days: dict[str, date | None] = {}
    for work in works:
        of_work = reports[work.code]
        before = work.completed_on
        if _stand(work, of_work[-1] if of_work else None):
            work.save(update_fields=_fields(work))
        if work.completed_on != before:
            days[work.code] = work.completed_on
    _nodes(works, reports, by=by)
    if days:
        completion.tell(here, days, by=by, reason=reason)


def _approved(works: Collection[Task | Project]) -> dict[str, list[Progress]]:
    """The approved reports of each work, by month."""
    found: dict[str, list[Progress]] = defaultdict(list)
    for name in ("task", "project"):
        ids = [work.pk for work in works if isinstance(work, Task) == (name == "task")]
        rows = Progress.objects.filter(state=Progress.State.APPROVED, **{f"{name}__in": ids})
        for report in rows.select_related(name).order_by("month") if ids else ():
            found[report.work.code].append(report)
    return found


def _fields(work: Task | Project) -> list[str]:
    return [*CARRIED, "quantity_done", "stages_done"] if isinstance(work, Project) else CARRIED


def _stand(work: Task | Project, report: Progress | None) -> bool:
    """Set the work to its latest approved report; whether anything changed."""
    before = [getattr(work, name) for name in _fields(work)]
    work.percent = report.percent if report else 0
    work.completed_on = report.completed_on if report else None
    work.state = State.COMPLETED if work.completed_on else State.UNDER_WAY if work.percent else State.NOT_BEGUN
    if isinstance(work, Project):
        work.quantity_done = report.quantity if report else None
        work.stages_done = (report.stages_done or 0) if report else 0
    return before != [getattr(work, name) for name in _fields(work)]


def _nodes(works: Collection[Task | Project], reports: dict[str, list[Progress]], *, by: User) -> None:
    """Set when each milestone was reached; what is still open when its work is completed is reached with it."""
    tasks = [work.pk for work in works if isinstance(work, Task)]
    projects = [work.pk for work in works if isinstance(work, Project)]
    nodes: dict[str, list[Milestone]] = defaultdict(list)
    for name, ids in (("task", tasks), ("project", projects)):
        for node in Milestone.objects.filter(**{f"{name}__in": ids}).select_related(name) if ids else ():
            nodes[(node.task or node.project).code].append(node)
    changed = []
    for work in works:
        moved = {}
        for node in nodes[work.code]:
            before, told_by = node.done_on, node.report_id
            node.done_on, node.report = _reached(node, work, reports[work.code])
            if (node.done_on, node.report_id) != (before, told_by):
                changed.append(node)
            if node.done_on != before:
                moved[node.code] = [before and before.isoformat(), node.done_on and node.done_on.isoformat()]
        if moved:
            audit.record("milestone.reach", by=by, object=work.code, detail=moved)
    if changed:
        Milestone.objects.bulk_update(changed, ["done_on", "report"])


def _reached(node: Milestone, work: Task | Project, reports: list[Progress]) -> tuple[date | None, Progress | None]:
    """The day the last report that names it says, and that report; the completion's where none names it."""
    for report in reversed(reports):
        if node.code in report.milestones:
            return date.fromisoformat(report.milestones[node.code]), report
    if work.completed_on:
        return work.completed_on, reports[-1]
    return None, None
