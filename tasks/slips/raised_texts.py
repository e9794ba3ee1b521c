"""What slips say that rules raise (督办): subject, ground, problem and requirement, in the Chinese of official papers.

Numbers as printed, with the clause; a text longer than its column ends in an ellipsis. Computed once, kept as raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bureau import months
from indicators import presenters
from indicators.analysis import sentences
from indicators.shown import Shown
from indicators.stated import facts
from tasks.models import Milestone, Project, Slip, Task


class Words(NamedTuple):
    """The texts of a slip."""

    subject: str
    basis: str
    problem: str
    requirement: str


def light(shown: Shown, first: int, red: int) -> Words:
    """An indicator severely late in `red` months since `first`, the month shown among them."""
    found = facts(shown)
    since = shown.month - first + 1
    run = f"自{months.label(first)}起连续{red}个月严重滞后" if red == since else _with_holes(first, red, since)
    clauses = [clause.number for clause in shown.indicator.clauses.all()]
    return _fitting(
        f"{shown.indicator.code} {shown.indicator.name}连续严重滞后",
        f"{sentences.standing(found)}{run}。{_by(clauses)}",
        sentences.pace(found) or f"{presenters.reason(shown)}。",
        "查明滞后原因，提出整改措施和完成时间，明确责任人，在办结时限前书面反馈整改情况。",
    )


def _with_holes(first: int, red: int, since: int) -> str:
    return f"自{months.label(first)}以来{since}个月中{red}个月严重滞后，其余月份数据不全"


def milestone(node: Milestone, work: Task | Project, today: date) -> Words:
    """A milestone overdue on a day."""
    days = (today - node.due_on).days
    return _fitting(
        f"{work.code} {work.name}：节点“{node.name}”逾期",
        f"{work.code} {work.name}的节点“{node.name}”应于{node.due_on.isoformat()}完成，"
        f"至{today.isoformat()}已逾期{days}天。{_by([work.clause.number])}",
        f"节点逾期{days}天，尚未报告完成；{work.code}进度{work.percent}%。",
        "说明逾期原因，提出赶工措施和新的完成日期，在办结时限前完成节点并书面反馈。",
    )


def report(work: Task | Project, month: int, due: date, today: date) -> Words:
    """A monthly report that had not come on a day."""
    label = months.label(month)
    return _fitting(
        f"{work.code} {work.name}：未报{label}进度月报",
        f"{work.code} {work.name}的{label}进度月报应于{due.isoformat()}前报送，"
        f"至{today.isoformat()}尚未报送。{_by([work.clause.number])}",
        f"{label}进度月报未报。",
        f"补报{label}进度月报，说明未报的原因；以后按时报送。",
    )


def _by(clauses: Sequence[str]) -> str:
    return f"依据方案{'、'.join(clauses)}。" if clauses else ""


def _fitting(*texts: str) -> Words:
    fields = (Slip._meta.get_field(name) for name in Words._fields)
    return Words(*(_short(text, field.max_length) for text, field in zip(texts, fields, strict=True)))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
