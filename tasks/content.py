"""What a monthly report says, as a plain value, and what it must say to be saved and to be handed in.

No writing here. `saving_problem` keeps the impossible out of a draft; `handing_in_problem` asks for what is compulsory:
words on the month, a date and a ground with 100 %, a reason where the percentage goes down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date

from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized, unit
from tasks.completion import short_of
from tasks.models import Progress, Project, Task
from tasks.rules import FEWEST_LETTERS


@dataclass(frozen=True)
class Content:
    """What the writer typed. `milestones`: code → the day it was reached, as yyyy-mm-dd."""

    percent: int
    done: str = ""
    problem: str = ""
    next_step: str = ""
    quantity: int | None = None
    stages_done: int | None = None
    completed_on: date | None = None
    explanation: str = ""
    milestones: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict:
        day = self.completed_on and self.completed_on.isoformat()
        return asdict(self) | {"completed_on": day, "milestones": dict(self.milestones)}


FIELDS = tuple(one.name for one in fields(Content))


def content_of(report: Progress) -> Content:
    """What a report says now."""
    return Content(**{name: getattr(report, name) for name in FIELDS})


def saving_problem(work: Task | Project, month: int, content: Content, today: date) -> str:
    """Why this cannot stand even in a draft; empty where it can."""
    if not months.of(work.starts_on) <= month <= months.of(today):
        return _("只能填报从%(a)s到%(b)s的月份。") % {
            "a": months.label(months.of(work.starts_on)),
            "b": months.label(months.of(today)),
        }
    if not 0 <= content.percent <= 100:
        return _("进度填 0 到 100 的整数。")
    if content.completed_on and content.percent < 100:
        return _("填了完成日期，进度应为 100%；还没完成，请删去完成日期。")
    last = min(months.last_day(month), today)
    if content.completed_on and not work.starts_on <= content.completed_on <= last:
        return _("完成日期须在 %(a)s 至 %(b)s 之间。") % {"a": work.starts_on.isoformat(), "b": last.isoformat()}
    stages = len(work.stages) if isinstance(work, Project) else 0
    if content.stages_done is not None and not 0 <= content.stages_done <= stages:
        return _("没有这个阶段节点。")
    return _node_problem(work, content, last)


def _node_problem(work: Task | Project, content: Content, last: date) -> str:
    known = {node.code: localized(node) for node in work.milestones.all()} if content.milestones else {}
    for code, day in content.milestones.items():
        if code not in known:
            return _("没有节点 %(c)s。") % {"c": code}
        if not work.starts_on <= date.fromisoformat(day) <= last:
            return _("节点“%(n)s”的实际日期须在 %(a)s 至 %(b)s 之间。") % {
                "n": known[code],
                "a": work.starts_on.isoformat(),
                "b": last.isoformat(),
            }
    return ""


def handing_in_problem(work: Task | Project, month: int, content: Content, prior: Progress | None) -> str:
    """What a report still lacks to be handed in or approved; `prior` is the last approved one before it."""
    if not content.done.strip():
        return _("请写本月进展；没有进展也写明原因。")
    explained = len(content.explanation.strip()) >= FEWEST_LETTERS
    if prior and content.percent < prior.percent and not explained:
        return _("进度比%(m)s的 %(p)d%% 低，请在“说明”里写明原因，至少 5 个字。") % {
            "m": months.label(prior.month),
            "p": prior.percent,
        }
    if content.percent < 100:
        return ""
    if content.completed_on is None:
        return _("进度 100%，请填完成日期。")
    if not explained:
        return _("请在“说明”里写明完成依据（验收、印发、上线等），至少 5 个字。")
    return _unbuilt(work, month, content) if isinstance(work, Project) else ""


def _unbuilt(project: Project, month: int, content: Content) -> str:
    if project.quantity and (content.quantity or 0) < project.quantity:
        return _("应建 %(n)d %(u)s，已建 %(b)d %(u)s，还不能报完成。") % {
            "n": project.quantity,
            "b": content.quantity or 0,
            "u": unit(project.quantity_unit),
        }
    short = short_of(project, month)
    if short:
        return _("按指标 %(c)s 的审定数，应建 %(n)d、已建 %(b)d，还不能报完成。") % {
            "c": project.quantity_from,
            "n": short[1],
            "b": short[0],
        }
    return ""
