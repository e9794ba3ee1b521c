"""Monthly progress from draft to approval: what each move does, and what refuses it."""

from __future__ import annotations

from datetime import date

import pytest

from bureau import audit
from bureau.models import AuditEvent, Grant
from tasks import progress
from tasks.content import Content
from tasks.models import Milestone, Progress, Project, State, Task
from tasks.rules import Conflict, Refused
from tests.integration.tasks.workplace import (
    DECEMBER,
    FEBRUARY,
    JANUARY,
    approved,
    completed,
    handed_in,
    written,
)

pytestmark = pytest.mark.django_db


def last_act() -> AuditEvent:
    return AuditEvent.objects.order_by("-sequence").first()


def stand(work: Task | Project) -> tuple:
    work.refresh_from_db()
    return work.state, work.percent, work.completed_on


def test_an_approved_report_moves_the_task_and_nothing_before_does(place):
    report = written(place, place.task, DECEMBER, 30)
    assert stand(place.task) == ("not_begun", 0, None)
    report = progress.submit(report, by=place.writer)
    assert (report.submitted_by, report.submitted_on) == (place.writer, date(2017, 2, 3))
    assert stand(place.task) == ("not_begun", 0, None)
    report = progress.approve(report, by=place.reviewer)
    assert (report.state, report.approved_by) == ("approved", place.reviewer)
    assert stand(place.task) == (State.UNDER_WAY, 30, None)


def test_each_move_is_one_record_on_the_trail(place):
    approved(place, place.task, DECEMBER, 30)
    acts = list(AuditEvent.objects.order_by("sequence").values_list("act", "object", "by__username"))
    assert acts == [
        ("progress.save", "T01 2016-12", "writer"),
        ("progress.submit", "T01 2016-12", "writer"),
        ("progress.approve", "T01 2016-12", "reviewer"),
    ]
    assert audit.first_broken() is None


def test_without_its_record_no_move_is_made(place, audit_fails):
    with pytest.raises(RuntimeError):
        written(place, place.task, DECEMBER, 30)
    assert not Progress.objects.exists()


def test_an_older_month_approved_later_does_not_move_the_task_back(place):
    approved(place, place.task, JANUARY, 40)
    approved(place, place.task, DECEMBER, 30)
    assert stand(place.task)[1] == 40


def test_a_returned_report_is_mended_and_handed_in_again(place):
    report = handed_in(place, place.task, DECEMBER, 30)
    report = progress.return_(report, by=place.reviewer, reason="请写明办了哪些事")
    assert (report.state, report.reason) == ("returned", "请写明办了哪些事")
    assert last_act().reason == "请写明办了哪些事"
    mended = progress.save(place.task, DECEMBER, Content(30, done="三个镇已启动"), by=place.helper, expected=1)
    progress.approve(progress.submit(mended, by=place.helper), by=place.reviewer)
    assert [step.act for step in mended.steps.all()] == ["save", "submit", "return", "save", "submit", "approve"]
    assert mended.steps.get(act="submit", version=1).content["done"] == "推进了一步"  # what was handed in first


def test_a_withdrawn_report_is_a_draft_again(place):
    report = progress.withdraw(handed_in(place, place.task, DECEMBER, 30), by=place.writer)
    assert report.state == "draft"
    with pytest.raises(Refused, match="只有待审核的月报可以撤回"):
        progress.withdraw(report, by=place.writer)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_was_handed_in_is_not_written_over(place, state):
    (approved if state == "approved" else handed_in)(place, place.task, DECEMBER, 30)
    with pytest.raises(Refused, match="不能再改"):
        progress.save(place.task, DECEMBER, Content(50, done="又一步"), by=place.writer)
    assert Progress.objects.get().percent == 30


@pytest.mark.parametrize("move", ["approve", "return_"])
def test_a_draft_is_neither_approved_nor_returned(place, move):
    report = written(place, place.task, DECEMBER, 30)
    options = {"reason": "理由写清楚"} if move == "return_" else {}
    with pytest.raises(Refused, match="只有待审核的月报可以"):
        getattr(progress, move)(report, by=place.reviewer, **options)


def test_nobody_approves_what_he_wrote_not_even_a_part_of_it(place):
    Grant.objects.create(user=place.helper, role=Grant.Role.REVIEWER, section=place.sections["jyj"])
    written(place, place.task, DECEMBER, 20)
    mended = progress.save(place.task, DECEMBER, Content(30, done="补充"), by=place.helper)
    report = progress.submit(mended, by=place.writer)
    with pytest.raises(Refused, match="不能审核自己填报的月报"):
        progress.approve(report, by=place.helper)
    assert stand(place.task)[1] == 0


def test_a_return_without_a_reason_is_refused(place):
    report = handed_in(place, place.task, DECEMBER, 30)
    with pytest.raises(Refused, match="至少 5 个字"):
        progress.return_(report, by=place.reviewer, reason=" 不行 ")
    assert Progress.objects.get().state == "submitted"


def test_another_persons_words_are_not_written_over_unseen(place):
    written(place, place.task, DECEMBER, 20)
    progress.save(place.task, DECEMBER, Content(25, done="同事写的"), by=place.helper, expected=1)
    with pytest.raises(Conflict, match="已被他人修改"):
        progress.save(place.task, DECEMBER, Content(30, done="我写的"), by=place.writer, expected=1)
    assert Progress.objects.get().done == "同事写的"


def test_the_same_form_sent_twice_is_one_report(place):
    content = Content(20, done="推进了一步")
    progress.save(place.task, DECEMBER, content, by=place.writer, expected=0)
    progress.save(place.task, DECEMBER, content, by=place.writer, expected=0)
    assert (Progress.objects.get().version, AuditEvent.objects.filter(act="progress.save").count()) == (1, 1)


def test_a_report_that_changed_while_it_was_read_is_not_approved(place):
    report = handed_in(place, place.task, DECEMBER, 30)
    progress.withdraw(report, by=place.writer)
    progress.save(place.task, DECEMBER, Content(90, done="改了"), by=place.writer)
    progress.submit(report, by=place.writer)
    with pytest.raises(Conflict, match="请重新核对"):
        progress.approve(report, by=place.reviewer, seen=1)


@pytest.mark.parametrize(
    ("month", "content", "why"),
    [
        (FEBRUARY + 1, Content(30), "只能填报从2016年1月到2017年2月的月份"),
        (DECEMBER - 12, Content(30), "只能填报从2016年1月"),
        (DECEMBER, Content(101), "0 到 100"),
        (DECEMBER, Content(90, completed_on=date(2016, 12, 20)), "进度应为 100%"),
        (DECEMBER, Content(100, completed_on=date(2017, 1, 2)), "2016-01-01 至 2016-12-31 之间"),
        (FEBRUARY, Content(100, completed_on=date(2017, 2, 4)), "至 2017-02-03 之间"),
        (DECEMBER, Content(30, milestones={"T99-1": "2016-12-01"}), "没有节点 T99-1"),
        (DECEMBER, Content(30, milestones={"T01-1": "2017-01-01"}), "节点“节点1”的实际日期"),
        (DECEMBER, Content(30, stages_done=1), "没有这个阶段节点"),
    ],
)
def test_the_impossible_is_not_even_a_draft(place, month, content, why):
    with pytest.raises(Refused, match=why):
        progress.save(place.task, month, content, by=place.writer)
    assert not Progress.objects.exists()


def test_a_report_says_what_was_done(place):
    report = progress.save(place.task, DECEMBER, Content(30), by=place.writer)
    with pytest.raises(Refused, match="请写本月进展"):
        progress.submit(report, by=place.writer)
    assert Progress.objects.get().state == "draft"


def test_a_falling_percentage_needs_a_reason(place):
    approved(place, place.task, DECEMBER, 40)
    report = written(place, place.task, JANUARY, 35)
    with pytest.raises(Refused, match="比2016年12月的 40% 低"):
        progress.submit(report, by=place.writer)
    approved(place, place.task, JANUARY, 35, explanation="核实后更正上月进度")
    assert stand(place.task) == ("under_way", 35, None)


def test_completion_needs_its_date_and_its_ground(place):
    report = written(place, place.task, DECEMBER, 100)
    with pytest.raises(Refused, match="请填完成日期"):
        progress.submit(report, by=place.writer)
    report = written(place, place.task, DECEMBER, 100, completed_on=date(2016, 12, 20))
    with pytest.raises(Refused, match="完成依据"):
        progress.submit(report, by=place.writer)


def test_a_project_is_completed_when_all_is_built(place):
    ground = {"completed_on": date(2016, 12, 20), "explanation": "通过认定验收"}
    report = written(place, place.project, DECEMBER, 100, quantity=0, **ground)
    with pytest.raises(Refused, match="应建 1 家，已建 0 家"):
        progress.submit(report, by=place.writer)
    completed(place, DECEMBER, date(2016, 12, 20))
    assert stand(place.project) == ("completed", 100, date(2016, 12, 20))
    assert (place.project.quantity_done, place.project.stages_done) == (1, 3)


def test_a_milestone_told_in_a_report_is_reached_once_it_is_approved(place):
    report = handed_in(place, place.task, JANUARY, 50, milestones={"T01-1": "2017-01-09"})
    node = Milestone.objects.get(code="T01-1")
    assert node.done_on is None
    progress.approve(report, by=place.reviewer)
    node.refresh_from_db()
    assert (node.done_on, node.report) == (date(2017, 1, 9), report)
    event = AuditEvent.objects.get(act="milestone.reach")
    assert (event.object, event.detail) == ("T01", {"T01-1": [None, "2017-01-09"]})
    progress.take_back(report, by=place.reviewer, reason="日期写错，退回核实")
    node.refresh_from_db()
    assert node.done_on is None


def test_completion_reaches_the_milestones_still_open(place):
    approved(place, place.task, DECEMBER, 60, milestones={"T01-1": "2016-12-28"})
    approved(place, place.task, JANUARY, 100, completed_on=date(2017, 1, 20), explanation="文件已印发施行")
    days = dict(Milestone.objects.filter(task=place.task).values_list("code", "done_on"))
    assert days == {"T01-1": date(2016, 12, 28), "T01-2": date(2017, 1, 20)}


def test_an_approval_taken_back_leaves_the_report_before_it(place):
    approved(place, place.task, DECEMBER, 40)
    report = approved(place, place.task, JANUARY, 70)
    progress.take_back(report, by=place.reviewer, reason="一月的进展没有依据")
    assert stand(place.task) == ("under_way", 40, None)
    report.refresh_from_db()
    assert (report.state, report.reason, report.approved_by) == ("returned", "一月的进展没有依据", None)
    with pytest.raises(Refused, match="只有已审核的月报可以撤销审核"):
        progress.take_back(report, by=place.reviewer, reason="再撤销一次看看")


def test_many_reports_are_approved_in_one_act(place):
    drafts = [
        (place.task, month, Content(month % 12 * 5 + 5, done="推进")) for month in range(DECEMBER - 5, DECEMBER + 1)
    ]
    drafts.append((place.project, DECEMBER, Content(10, done="遴选")))
    reports = progress.submit_all(progress.save_all(drafts, by=place.writer), by=place.writer)
    progress.approve_all(reports, by=place.reviewer)
    assert stand(place.task)[:2] == ("under_way", 60)
    assert stand(place.project)[:2] == ("under_way", 10)
    assert AuditEvent.objects.filter(act="progress.approve").count() == 1
