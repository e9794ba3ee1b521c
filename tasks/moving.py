"""A milestone moved (节点调整), with a reason, by the lead section's reviewer, or with its work by a later day granted.

The first plan stays known. How far a plan has slipped (拖期) is always counted against it, over all moves since.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import User
from tasks.models import Extension, Milestone, MilestoneMove, Project, Task
from tasks.rules import Conflict, Refused, reason_of


@transaction.atomic
def move(node: Milestone, *, to: date, reason: str, by: User, seen: date | None = None) -> Milestone:
    """Plan a milestone for another day; `seen` is the day the writer saw, Conflict where it is another now."""
    lock_county(county().pk)
    node = Milestone.objects.select_related("task", "project").get(pk=node.pk)
    if seen is not None and seen != node.due_on:
        raise Conflict(_("这个节点已被他人调整到 %(d)s，没有保存。") % {"d": node.due_on.isoformat()})
    if node.done_on:
        raise Refused(_("这个节点已经完成，不能再调整。"))
    work = work_of(node)
    if to == node.due_on:
        raise Refused(_("新的日期与原来的相同。"))
    if to < clock.today():
        raise Refused(_("新的日期不能早于今天。"))
    if work.due_on < clock.today():
        raise Refused(_("整项工作的应完成日期 %(d)s 已过，节点不能再调整。") % {"d": work.due_on.isoformat()})
    if to > work.due_on:
        raise Refused(
            _("节点不能晚于应完成日期 %(d)s；要推后整项工作，请先申请延期。") % {"d": work.due_on.isoformat()}
        )
    _write(node, to, reason_of(reason), by)
    raise_data_version(county().pk)
    return node


def follow(work: Task | Project, *, since: date, reason: str, by: User) -> None:
    """A later day was granted: nodes not yet reached that stood on the old one, `since`, stand on the new one.

    Inside the transaction that grants it; the reason is the one the later day was asked for with.
    """
    for node in work.milestones.filter(due_on=since, done_on__isnull=True):
        _write(node, work.due_on, reason, by)


def _write(node: Milestone, to: date, reason: str, by: User) -> None:
    before = node.due_on
    MilestoneMove.objects.create(milestone=node, from_on=before, to_on=to, reason=reason, by=by, at=clock.now())
    node.due_on = to
    node.save(update_fields=["due_on"])
    detail = {"due_on": [before.isoformat(), to.isoformat()]}
    audit.record("milestone.move", by=by, object=node.code, reason=reason, detail=detail)


def work_of(node: Milestone) -> Task | Project:
    """The task or project a milestone is of."""
    work = node.task or node.project
    assert work is not None  # the database holds it so
    return work


def first_days(nodes: Iterable[int] | None = None) -> dict[int, date]:
    """Milestone id → the day it was first planned for, of those ever moved; one query. None: of all milestones."""
    rows = MilestoneMove.objects.order_by("-pk")
    if nodes is not None:
        rows = rows.filter(milestone__in=list(nodes))
    return dict(rows.values_list("milestone_id", "from_on"))  # the earliest move comes last and stays


def first_due(found: Iterable[Extension]) -> date | None:
    """The day a work was first due on, of its extensions in order; None where none was granted."""
    return next((one.from_on for one in found if one.state == Extension.State.GRANTED), None)


def slipped(first: date | None, due: date) -> int:
    """By how many days a plan lies behind the first one; negative where it was brought forward, 0 where never moved."""
    return (due - first).days if first else 0


def slipped_text(first: date | None, due: date) -> str:
    """The same in words; empty where the plan is the first one."""
    if first is None or first == due:
        return ""
    days = slipped(first, due)
    words = _("原计划 %(d)s，推后 %(n)d 天") if days > 0 else _("原计划 %(d)s，提前 %(n)d 天")
    return words % {"d": first.isoformat(), "n": abs(days)}
