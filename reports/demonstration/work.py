"""Where the plan's tasks and projects stand on 2017-08-09 in the demonstration, by monthly reports like real ones.

Everything up to June 2017 was reported at once when the system came into use (补录), July as far as it is. Sections
without an account of their own are reported and reviewed by the office's.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from bureau import months
from bureau.models import Installation, User
from reports.demonstration import plans
from reports.demonstration.people import People
from reports.demonstration.worktexts import ENOUGH_TO_FINISH, content
from tasks import officers, papers, progress
from tasks.models import Deliverable, Evidence, Milestone, Progress, Project, State, Step, Task
from tasks.progress import Draft

COMPLETED = {
    "T26": date(2015, 2, 12),
    "T27": date(2015, 5, 29),
    "T30": date(2015, 6, 18),
    "T28": date(2015, 9, 25),
    "P04": date(2015, 11, 20),
    "T04": date(2015, 12, 22),
    "P12": date(2015, 12, 30),
    "T17": date(2016, 3, 25),
    "T19": date(2016, 5, 31),
    "P03": date(2016, 6, 24),
    "P11": date(2016, 12, 9),
    "P13": date(2016, 12, 28),
    "T13": date(2016, 12, 28),
    "T01": date(2017, 3, 31),
    "T05": date(2017, 4, 28),
    "T29": date(2017, 5, 26),
    "T20": date(2017, 5, 31),
    "P01": date(2017, 5, 18),
    "T16": date(2017, 6, 16),
    "T21": date(2017, 6, 20),
    "T02": date(2017, 6, 23),
    "T03": date(2017, 6, 23),
    "T06": date(2017, 6, 26),
    "T07": date(2017, 6, 27),
    "T08": date(2017, 6, 27),
    "T11": date(2017, 6, 28),
    "T12": date(2017, 6, 28),
    "T18": date(2017, 6, 28),
    "T22": date(2017, 6, 29),
    "T23": date(2017, 6, 29),
    "T25": date(2017, 6, 29),
    "T31": date(2017, 6, 30),
    "T24": date(2017, 7, 25),  # after its due date
    "P02": date(2017, 7, 28),
    "T09": date(2017, 7, 28),  # after its due date
}
# Percent done. T10, T14 and T15 were due on 2017-06-30 and are overdue.
UNDER_WAY = {
    "T10": 88, "T14": 70, "T15": 80, "T32": 20,
    "P05": 80, "P06": 86, "P07": 90, "P08": 85, "P09": 95, "P10": 97, "P14": 98,
}  # fmt: skip


JULY = months.make(2017, 7)
BACK_FILLED_ON, JULY_ON = date(2017, 7, 20), date(2017, 8, 4)
# July 2017 as far as it is: waiting for review, returned, a draft, not begun; all others are approved.
WAITING, RETURNED, DRAFTS, MISSING = ("T10", "T14"), ("T15",), ("P06",), ("P05",)
RETURNED_BECAUSE = "未写明缴费基数督查覆盖的企业数，请补充后再报。"
MENDED = {"T18": months.make(2016, 5), "P08": months.make(2016, 11)}  # returned once, then approved
MENDED_BECAUSE = "进展写得太简单，请写明做了哪些事。"
OVERDUE_NODE = "P05"  # its node of June 2017 has not been reached
OFFICE = "bgs"
DELIVERED = {
    "G01": (date(2015, 6, 18), "人力社保基本公共服务均等化摸底调研报告"),
    "G02": (date(2015, 6, 24), "改革试点实施方案（送审稿）"),
    "G03": (date(2015, 5, 29), "均等化定量指标体系表"),
    "G04": (date(2015, 9, 25), "均等化建设项目推进计划"),
    "G05": (date(2017, 7, 5), "实施问题清单及解决记录"),
}


def report(acting: People) -> None:
    """Report on every task and project up to July 2017, hand in the papers of two phases, name the officers."""
    before = Installation.objects.values_list("business_date", flat=True).get()
    works = _works()
    nodes = _nodes()
    Installation.objects.update(business_date=BACK_FILLED_ON)
    _back_fill(acting, works, nodes)
    Installation.objects.update(business_date=JULY_ON)
    _july(acting, _works(), nodes)
    Installation.objects.update(business_date=before)
    for paper in Deliverable.objects.filter(code__in=DELIVERED):
        on, document = DELIVERED[paper.code]
        papers.deliver(paper, on=on, document=document, note="演示", by=acting.office)
    extended = next(one for one in works if one.code == plans.EXTENDED)
    plans.change(acting, _writer(acting, extended), _reviewer(acting, extended))
    for work in works:
        officer = acting.section_clerks.get(work.lead.code) or acting.reviewers.get(work.lead.code)
        if officer is not None:
            officers.set_officer(work, officer, by=_reviewer(acting, work))


def remove() -> None:
    """Take the reports, papers and officers out again; tasks and projects have not begun, plans are the first ones."""
    Evidence.objects.all().delete()
    plans.restore()
    Milestone.objects.update(done_on=None, report=None)
    Step.objects.all().delete()
    Progress.objects.all().delete()
    Deliverable.objects.update(delivered_on=None, document="", number="", note="", by=None, at=None)
    begun = {"state": State.NOT_BEGUN, "percent": 0, "completed_on": None, "officer": None}
    Task.objects.update(**begun)
    Project.objects.update(**begun, quantity_done=None, stages_done=0)


def _works() -> list[Task | Project]:
    return [
        one
        for model in (Task, Project)
        for one in model.objects.select_related("lead").prefetch_related("milestones").order_by("code")
    ]


def _nodes() -> dict[str, list[Milestone]]:
    found: dict[str, list[Milestone]] = defaultdict(list)
    for node in Milestone.objects.select_related("task", "project").order_by("due_on", "order"):
        found[(node.task or node.project).code].append(node)
    return found


def _writer(acting: People, work: Task | Project) -> User:
    return acting.section_clerks.get(work.lead.code) or acting.section_clerks[OFFICE]


def _reviewer(acting: People, work: Task | Project) -> User:
    return acting.reviewers.get(work.lead.code) or acting.reviewers[OFFICE]


def _percent(work: Task | Project, month: int) -> tuple[int, date | None]:
    """How far a work is at the end of a month, and the day of its completion where that is it."""
    finished = COMPLETED.get(work.code)
    first = months.of(work.starts_on)
    if finished and months.of(finished) == month:
        return 100, finished
    open_in_july = work.code in (*WAITING, *RETURNED, *DRAFTS, *MISSING)
    goal = ENOUGH_TO_FINISH if finished else UNDER_WAY[work.code]
    last = months.of(finished) if finished else JULY - 1 if open_in_july else JULY
    return goal * (month - first + 1) // max(1, last - first + 1), None


def _drafts(work: Task | Project, nodes: list[Milestone], until: int) -> list[Draft]:
    """The reports of a work from its first month to its completion or to `until`."""
    finished = COMPLETED.get(work.code)
    last = min(until, months.of(finished)) if finished else until
    missed = 2 if work.code == OVERDUE_NODE else 0
    told = nodes[: len(nodes) - missed] + nodes[-1:] if missed else nodes
    drafts = []
    for month in range(months.of(work.starts_on), last + 1):
        percent, day = _percent(work, month)
        drafts.append((work, month, content(work, told, month, percent, day)))
    return drafts


def _back_fill(acting: People, works: list[Task | Project], nodes: dict[str, list[Milestone]]) -> None:
    groups: dict[tuple[User, User], list[Draft]] = defaultdict(list)
    for work in works:
        groups[_writer(acting, work), _reviewer(acting, work)] += _drafts(work, nodes[work.code], JULY - 1)
    for (writer, reviewer), drafts in groups.items():
        reports = progress.submit_all(progress.save_all(drafts, by=writer), by=writer)
        for one in (one for one in reports if MENDED.get(one.work.code) == one.month):
            back = progress.return_(one, by=reviewer, reason=MENDED_BECAUSE)
            progress.submit(back, by=writer)
        progress.approve_all(reports, by=reviewer)


def _july(acting: People, works: list[Task | Project], nodes: dict[str, list[Milestone]]) -> None:
    groups: dict[tuple[User, User], list[Draft]] = defaultdict(list)
    for work in works:
        if work.completed_on is None and work.code not in MISSING:
            groups[_writer(acting, work), _reviewer(acting, work)] += _july_draft(work, nodes[work.code])
    for (writer, reviewer), drafts in groups.items():
        reports = {one.work.code: one for one in progress.save_all(drafts, by=writer)}
        handed_in = [one for code, one in reports.items() if code not in DRAFTS]
        handed_in = progress.submit_all(handed_in, by=writer)
        waiting = {*WAITING, *RETURNED}
        approved = [one for one in handed_in if one.work.code not in waiting]
        if approved:
            progress.approve_all(approved, by=reviewer)
        for one in (one for one in handed_in if one.work.code in RETURNED):
            progress.return_(one, by=reviewer, reason=RETURNED_BECAUSE)


def _july_draft(work: Task | Project, nodes: list[Milestone]) -> list[Draft]:
    percent, day = _percent(work, JULY)
    goal = 100 if day else UNDER_WAY[work.code]
    if work.code in (*WAITING, *RETURNED, *DRAFTS):
        goal += 1  # what the report says; the work stands at June's until it is approved
    return [(work, JULY, content(work, nodes, JULY, percent if day else goal, day))]
