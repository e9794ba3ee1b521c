"""Where tasks, projects and slips stood at a release, from the monthly reports as they are kept; for manuscripts.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from indicators.models import Indicator, PublishedMonth
from tasks.models import Milestone, MilestoneMove, Phase, Progress, Project, Slip, Task

DONE, LATE, SLOW, UNDER_WAY, NOT_BEGUN = "done", "late", "slow", "under_way", "not_begun"
A_TENTH = 10


def at_release(release: PublishedMonth) -> Mapping[str, Mapping[str, str]]:
    """Code → percent, state, nodes; under '' what is counted beside."""
    day, found = release.business_date, {}
    for model, name in ((Task, "task"), (Project, "project")):
        for work in model.objects.select_related("domain"):
            reports = Progress.objects.filter(state="approved", month__lte=release.month, **{name: work})
            found[work.code] = _one(work, list(reports.order_by("month")), day)
    pressed = [one for one in Slip.objects.exclude(state="dropped") if one.assigned_on and one.assigned_on <= day]
    closed = [one for one in pressed if one.struck_off_on and one.struck_off_on <= day]
    open_ = [one for one in pressed if one not in closed]
    late = [one for one in open_ if one.due_on < min(day, one.answered_on or day)]
    owners = set(Indicator.objects.values_list("section", flat=True)) | {
        pk for model in (Task, Project) for pk in model.objects.values_list("lead", flat=True)
    }
    counts = {"assigned": pressed, "struck_off": closed, "open": open_, "overdue": late}
    found[""] = {f"slips/{what}": str(len(some)) for what, some in counts.items()} | {
        "plan/phases": str(Phase.objects.count()), "sections/count": str(len(owners)),
    }  # fmt: skip
    return found


def _one(work: Task | Project, reports: list[Progress], day: date) -> dict[str, str]:
    last = reports[-1] if reports else None
    percent, completed = (last.percent, last.completed_on) if last else (0, None)
    nodes = [_node(node, reports, completed) for node in Milestone.objects.filter(**{work._meta.model_name: work})]
    missed = any(due < day and reached is None for due, reached, _moved in nodes)
    length = (work.due_on - work.starts_on).days + 1
    passed = max(0, min((day - work.starts_on).days + 1, length)) * 100 // length
    if completed:
        state = DONE
    elif work.due_on < day:
        state = LATE
    elif missed or (passed and passed - percent >= A_TENTH):
        state = SLOW
    else:
        state = UNDER_WAY if percent else NOT_BEGUN
    return {
        "percent": str(percent), "state": state, "domain": work.domain.code if work.domain else "",
        "days_late": str((day - work.due_on).days), "points_slow": str(passed - percent), "nodes": str(len(nodes)),
        "nodes_reached": str(sum(reached is not None for _due, reached, _moved in nodes)),
        "nodes_moved": str(sum(moved for _due, _reached, moved in nodes)),
    }  # fmt: skip


def _node(node: Milestone, reports: list[Progress], completed: date | None) -> tuple[date, date | None, bool]:
    named = [date.fromisoformat(one.milestones[node.code]) for one in reports if node.code in one.milestones]
    moved = MilestoneMove.objects.filter(milestone=node).exclude(from_on=node.due_on).exists()
    return node.due_on, named[-1] if named else completed, moved
