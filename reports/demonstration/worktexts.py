"""What the demonstration's monthly progress reports say: plain sentences by how far a task or project is."""

from __future__ import annotations

import random
from datetime import date, timedelta

from bureau import months
from tasks.content import Content
from tasks.models import Milestone, Project, Task

DONE = {
    20: (
        "完成摸底，列出任务分工和时间安排。",
        "召开碰头会，明确责任人和联系人。",
        "形成工作方案初稿，征求各镇（街道）意见。",
    ),
    50: ("方案已印发，各镇（街道）陆续启动。", "开展业务培训，统一办理口径。", "在两个镇先行试点，收集问题。"),
    80: ("全县铺开，按月调度进度。", "完成半数以上任务，台账按月更新。", "到镇（街道）督查，补齐薄弱环节。"),
    100: ("进入收尾，逐项核对成果。", "组织自查，整理档案资料。", "对照完成标志查漏补缺，准备验收。"),
}
PROBLEMS = (
    "个别村（社区）进度偏慢，人手不足。",
    "部门间数据比对口径不一致，需要核对。",
    "资料收集不全，影响后续进度。",
)
NEXT = {
    20: "印发方案，落实到人。",
    50: "总结试点做法，扩大范围。",
    80: "抓好薄弱镇（街道），按月通报。",
    100: "完成剩余工作，准备验收材料。",
}
ENOUGH_TO_FINISH = 96


def content(
    work: Task | Project, nodes: list[Milestone], month: int, percent: int, finished: date | None = None
) -> Content:
    """A report of one month; `finished` is the day of completion where it falls into the month."""
    chance = random.Random(f"{work.code} {month}")
    band = next(limit for limit in DONE if percent <= limit)
    project = isinstance(work, Project)
    return Content(
        percent=percent,
        done=f"{_result(work)}，全部工作完成。" if finished else chance.choice(DONE[band]),
        problem="" if finished or chance.random() < 0.75 else chance.choice(PROBLEMS),
        next_step="转入日常管理。" if finished else NEXT[band],
        quantity=(work.quantity if finished else 0) if project and work.quantity else None,
        stages_done=len(work.stages) * percent // 100 if project else None,
        completed_on=finished,
        explanation=f"{_result(work)}，经责任科室核对确认。" if finished else "",
        milestones=_reached(nodes, month, chance),
    )


def _result(work: Task | Project) -> str:
    return work.completion_mark if isinstance(work, Project) else f"“{work.deliverable}”已完成"


def _reached(nodes: list[Milestone], month: int, chance: random.Random) -> dict[str, str]:
    """The yearly and half-way nodes due in the month, reached some days before; the last one is the completion's."""
    due = [node for node in nodes[:-1] if months.of(node.due_on) == month]
    return {node.code: (node.due_on - timedelta(days=chance.randint(0, 14))).isoformat() for node in due}
