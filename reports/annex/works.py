"""Sheets of tasks, key projects, their milestones and how many supervision slips are open, as on the day of release.

Not frozen with the release, but told as it stood then (tasks/as_released.py): by the reports approved, the days moved
and granted by the time of release, judged on its day. Of slips only counts are told, as every reader of the pages is
told them; which they are is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bureau.models import Section
from indicators.analysis.kinds import Light
from indicators.presenters import decimal
from reports.annex.read import Release
from reports.annex.sheet import Cell, Chart, Column, Number, Run, Series, Sheet, part
from tasks import as_released, queries
from tasks.as_released import Moment
from tasks.models import Milestone, Project, Slip, Task
from tasks.slips.moves import Colour, colour
from tasks.slips.page import colour_words

PRESSING = (Colour.RED, Colour.YELLOW, Colour.BLUE)
SEPARATOR = "、"


class Node(NamedTuple):
    """A milestone as it stood, with code and name of its work; `first_on`: when first planned, if it moved."""

    code: str
    name: str
    work: str
    work_name: str
    due_on: date
    done_on: date | None
    first_on: date | None


@dataclass(frozen=True)
class Works:
    """Tasks and projects with their state on the day, and every milestone; read once."""

    rows: Sequence[dict]
    nodes: Sequence[Node]
    supporting: dict[str, list[str]]
    projects: dict[str, Project]
    untold: date | None  # since when the plan's dates are those of today, as no record tells them

    @property
    def caution(self) -> str:
        if self.untold is None:
            return ""
        return f"{_day(self.untold)}重新装入过方案文件而没有逐项记录，日期按现在的登记列示。"

    def of(self, code: str) -> list[Node]:
        return [one for one in self.nodes if one.work == code]


def read(release: Release) -> Works:
    projects = {one.code: one for one in Project.objects.prefetch_related("supporting")}
    tasks = Task.objects.prefetch_related("supporting")
    supporting = {one.code: [section.name for section in one.supporting.all()] for one in (*tasks, *projects.values())}
    moment = moment_of(release)
    rows = as_released.works(moment)
    nodes = [
        Node(one["code"], one["name"], row["code"], row["name"], one["due_on"], one["done_on"], one["first_on"])
        for row in rows
        for one in row["nodes"]
    ]
    order = dict(Milestone.objects.values_list("code", "order"))
    nodes.sort(key=lambda one: (one.due_on, order[one.code]))
    return Works(rows, nodes, supporting, projects, moment.then.untold)


def moment_of(release: Release) -> Moment:
    """What the sheets look at: what was known when the month was released, judged on that day."""
    published = release.at.release
    return Moment(release.month, release.day, published.at if published is not None else None)


def tasks(release: Release, works: Works) -> Sheet:
    columns = (
        Column("编号", 7), Column("任务", 40), Column("条款", 10), Column("领域", 18), Column("牵头科室", 14),
        Column("配合单位", 22), Column("开始", 11), Column("原定完成", 11), Column("完成时限", 11),
        Column("完成日期", 11),
        Column("推后（天）", 8), Column("状态", 10), Column("进度（%）", 8), Column("节点数", 7), Column("已到节点", 8),
        Column("节点最长推后（天）", 10),
    )  # fmt: skip
    rows = []
    for row in works.rows:
        if row["kind"] != "task":
            continue
        nodes = works.of(row["code"])
        slips = [_slip(node.first_on or node.due_on, node.due_on, node.done_on, release.day) for node in nodes]
        rows.append(
            (
                row["code"], row["name"], row["clause_number"], row["domain_name"] or "组织实施", row["lead_name"],
                SEPARATOR.join(works.supporting.get(row["code"], ())), row["starts_on"],
                row["first_due"] or row["due_on"],
                row["due_on"], row["completed_on"],
                _days(_slip(row["first_due"] or row["due_on"], row["due_on"], row["completed_on"], release.day)),
                _state(row), Number(row["percent"]), Number(len(nodes)),
                Number(sum(bool(node.done_on) for node in nodes)),
                _days(max(slips, default=0)),
            )
        )  # fmt: skip
    return Sheet(
        "任务",
        columns,
        rows,
        f"状态截至{_day(release.day)}（发布日）；推后为对照原定日期晚的天数，节点见“节点”表。{works.caution}",
    )


def projects(release: Release, works: Works) -> Sheet:
    """The columns of the table of key projects (重点建设项目表), with the quantity where it has one."""
    columns = (
        Column("序号", 6), Column("项目名称", 26), Column("建设内容", 34), Column("责任科室", 13),
        Column("配合单位", 18),
        Column("起止时间", 13), Column("年度节点", 36), Column("投资（万元）", 10), Column("完成标志", 22),
        Column("已建", 7),
        Column("应建", 7), Column("单位", 6), Column("进展（%）", 8), Column("状态", 10),
    )  # fmt: skip
    built = {one.indicator.code: one.row for one in release.shown}
    rows = []
    for row in works.rows:
        if row["kind"] == "task":
            continue
        one = works.projects[row["code"]]
        counted = built.get(one.quantity_from)
        done, due = (
            (decimal(counted.numerator), decimal(counted.denominator))
            if counted is not None
            else (row["quantity_done"], one.quantity)
        )
        rows.append(
            (
                row["code"], row["name"], one.content, row["lead_name"],
                SEPARATOR.join(works.supporting.get(row["code"], ())),
                f"{_day(row['starts_on'])}至{_day(row['due_on'])}",
                _by_year(works.of(row["code"])), part(one.budget), one.completion_mark, _quantity(done), _quantity(due),
                one.quantity_unit, Number(row["percent"]), _state(row),
            )
        )  # fmt: skip
    notes = f"状态截至{_day(release.day)}（发布日）；方案未列投资的为空。数量取自指标的，为发布值的分子、分母。"
    last = len(rows) - 1
    charts = [
        Chart(
            "重点项目进展", "%", (Series("进展", Run(0, 12, last, 12), Run(0, 1, last, 1)),), "bar",
            words="各重点项目的完成百分比，数据见上表。",
        )
    ] if rows else []  # fmt: skip
    return Sheet("重点项目", columns, rows, notes + works.caution, charts)


def milestones(release: Release, works: Works) -> Sheet:
    columns = (
        Column("节点", 10), Column("节点名称", 32), Column("所属", 8), Column("任务或项目", 36), Column("责任科室", 14),
        Column("原计划日期", 12), Column("计划日期", 12), Column("实际日期", 12), Column("推后（天）", 9),
        Column("状态", 9),
    )  # fmt: skip
    leads = {row["code"]: row["lead_name"] for row in works.rows}
    rows = []
    for node in works.nodes:
        first = node.first_on or node.due_on
        late = node.done_on is None and node.due_on < release.day
        rows.append(
            (
                node.code, node.name, node.work, node.work_name, leads.get(node.work, ""), first, node.due_on,
                node.done_on,
                _days(_slip(first, node.due_on, node.done_on, release.day)),
                "已到" if node.done_on else "逾期" if late else "未到",
            )
        )  # fmt: skip
    return Sheet(
        "节点",
        columns,
        rows,
        f"截至{_day(release.day)}（发布日）；推后为对照原计划日期晚的天数，未到期的为调整的天数。{works.caution}",
    )


@dataclass(frozen=True)
class _Stood:
    """A slip as far as its colour on a day is concerned."""

    state: str
    due_on: date
    assigned_on: date | None
    answered_on: date | None


def supervision(release: Release) -> Sheet:
    """Open slips (在办督办) by who answers for them and colour, assigned on or before the day and not closed then."""
    words = colour_words()
    columns = (
        Column("责任单位", 24), Column("类别", 12), *(Column(words[one], 10) for one in PRESSING),
        Column("在办合计", 10),
    )  # fmt: skip
    tallies: dict[tuple[int, str, str], Counter[Colour]] = defaultdict(Counter)
    sections = {one.pk: (place, one.name) for place, one in enumerate(Section.objects.all())}
    names = release.tree.names
    due = as_released.slips_due(moment_of(release))
    found = Slip.objects.filter(county=release.county, assigned_on__lte=release.day)
    for one in found.exclude(struck_off_on__lte=release.day):
        if one.section_id:
            place, name = sections[one.section_id]
            key = (place, name, "科室（单位）")
        else:
            key = (1_000 + release.tree.numbers.get(one.town_id, 0), names.get(one.town_id, ""), "镇（街道）")
        tallies[key][colour(_as_on(one, release.day, due.get(one.pk, one.due_on)), release.day)] += 1
    rows: list[Sequence[Cell]] = [
        (name, kind, *(Number(by[one]) for one in PRESSING), Number(by.total()))
        for (_place, name, kind), by in sorted(tallies.items())
    ]
    last = len(rows) - 1
    drawn = tuple(
        Series(str(words[one]), Run(0, place, last, place), Run(0, 0, last, 0)) for place, one in enumerate(PRESSING, 2)
    )
    charts = (
        [Chart("在办督办", "件", drawn, "column", stacked=True, words="各责任单位在办督办的件数，按时限分。")]
        if rows
        else []
    )
    return Sheet(
        "督办", columns, rows,
        f"截至{_day(release.day)}（发布日）已交办、未销号的督办单件数；具体事项按权限在系统内查看。", charts,
        frozen=1, source="数据来源：督办台账",
    )  # fmt: skip


def _as_on(slip: Slip, day: date, due: date) -> _Stood:
    """As its dates tell it stood: what was answered or concluded only later was running then."""
    answered = slip.answered_on if slip.answered_on and slip.answered_on <= day else None
    state = Slip.State.ANSWERED if answered and slip.state in _AT_REST else Slip.State.ACCEPTED
    return _Stood(state, due, slip.assigned_on, answered)


_AT_REST = (Slip.State.ANSWERED, Slip.State.CONCLUDED, Slip.State.STRUCK_OFF)


def _slip(first: date, due: date, done: date | None, today: date) -> int:
    """Days behind the first plan: reached late, planned later, or overdue and still open (as tasks/timetable/book)."""
    if done:
        return max(0, (done - first).days)
    return max(0, ((today if due < today else due) - first).days)


def _days(count: int) -> Number:
    return Number(count or None)


def _quantity(value) -> Number:
    return Number(value)


def _state(row: dict) -> str:
    return str(queries.words()[Light(row["light"])])


def _day(day: date) -> str:
    return day.isoformat()


def _by_year(nodes: Sequence[Node]) -> str:
    """'2016年：方案审定（06-30）、开工（09-30）' a line a year."""
    years: dict[int, list[str]] = defaultdict(list)
    for node in nodes:
        years[node.due_on.year].append(f"{node.name}（{node.due_on:%m-%d}）")
    return "\n".join(f"{year}年：{SEPARATOR.join(found)}" for year, found in sorted(years.items()))
