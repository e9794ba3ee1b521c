"""Documents composed of a release: what a correction changes and what not, people's parts in place, states in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureau import amend, audit, months
from bureau.models import Grant, User
from indicators import evaluate
from indicators.entry import workflow
from indicators.models import PublishedMonth, Submission, Target
from indicators.publish import publish
from indicators.queries import LIVE, at_release, read_at
from reports import assemble, compose, proof
from reports.manuscript import Heading, Paragraph, Table, Written, from_json, plain, to_json
from reports.proof import ProofRow, recheck
from tasks import papers, progress
from tasks.content import Content
from tasks.models import Deliverable, Milestone, MilestoneMove, Task
from tests.integration.recomputed import reading
from tests.integration.test_documents import FEBRUARY, JANUARY, REASON, Pilot, made, pilot

pytestmark = pytest.mark.django_db

__all__ = ["made", "pilot"]  # the fixtures of test_documents
PARTS = ("background", "practice/一", "cause/A01", "next/A01", "experience", "problems", "plan", "demands")


def written(*parts: str) -> dict[str, Written]:
    return {part: Written(part, "原因", (f"关于{part}的话。",), section="就业局") for part in parts}


def composed(kind: str, month: int = FEBRUARY, version: int = 1, texts: dict[str, Written] | None = None):
    release = PublishedMonth.objects.get(month=month, version=version)
    return compose.manuscript(kind, at_release(release), texts or {}, compose.Meta())


def live(pilot: Pilot):
    """What the office reads of February now."""
    office, _new = User.objects.get_or_create(username="office")
    Grant.objects.get_or_create(user=office, role=Grant.Role.OFFICE)
    return read_at(pilot.installation, office, months.iso(FEBRUARY), LIVE)


def correct(pilot: Pilot) -> None:
    """The first town's new jobs of February down from 113 to 103."""
    town = pilot.tree.towns(FEBRUARY)[0].id
    submission = Submission.objects.get(form__code="yj01", place=town, month=FEBRUARY)
    workflow.correct(submission, by=pilot.clerk, reason=REASON)
    pilot.approve("yj01", town, FEBRUARY, {town: {"D01": "103"}})


def kept(kind: str) -> list[ProofRow]:
    return proof.rows(composed(kind), at_release(PublishedMonth.objects.get(month=FEBRUARY, version=1)))


def test_nothing_has_moved_until_something_is_corrected(pilot):
    release = PublishedMonth.objects.get(month=FEBRUARY, version=1)
    for kind in compose.KINDS:
        assert recheck(kept(kind), live(pilot), release) == []


def test_checking_again_after_a_correction_names_the_figures_it_moved_and_no_others(pilot):
    rows, release = kept("bulletin"), PublishedMonth.objects.get(month=FEBRUARY, version=1)
    correct(pilot)
    found = recheck(rows, live(pilot), release)
    moved = {one.row.key.removeprefix("A01/official/330424/2017-02/"): one for one in found}
    assert {what: (one.old, one.new) for what, one in moved.items()} == {
        "month": ("900", "890"),
        "value": ("1,800", "1,790"),  # 2 months of 9 towns with 113 − 13 each, 10 less
        "completion": ("26.5", "26.3"),  # of 6,800
        "lag": ("9.8", "9.7"),  # 16.7 % of the year is over
    }
    town = pilot.tree.names[pilot.tree.towns(FEBRUARY)[0].id]
    assert moved["value"].why == (
        f"2017年2月{town}D01 城镇累计新就业人数由113更正为103，理由：{REASON}；审核人：reviewer",
    )


def test_checking_again_names_a_target_that_was_settled_anew(pilot):
    rows, release = kept("bulletin"), PublishedMonth.objects.get(month=FEBRUARY, version=1)
    target = Target.objects.get(reading__indicator__code="A04", reading__official=True, area=pilot.county)
    Target.objects.filter(pk=target.pk).update(value=98, amended_at=timezone.now())
    evaluate.refresh(pilot.tree, {target.reading.indicator_id})
    moved = {one.row.key: one for one in recheck(rows, live(pilot), release)}
    goal = moved["A04/official/330424/2017-02/target"]
    assert (goal.old, goal.new, goal.why) == ("97.00", "98.00", ("目标变更：≥ 97.00%改为≥ 98.00%",))


def test_a_document_of_a_release_stays_after_a_correction_and_after_the_next_version(pilot):
    before = {kind: to_json(composed(kind)) for kind in compose.KINDS}
    correct(pilot)
    assert {kind: to_json(composed(kind)) for kind in compose.KINDS} == before
    publish(pilot.county, FEBRUARY, by=pilot.reviewer, reason=REASON)
    assert {kind: to_json(composed(kind)) for kind in compose.KINDS} == before
    again = composed("bulletin", version=2)
    told = [plain(block.text) for block in again.blocks if isinstance(block, Paragraph)]
    town = pilot.tree.names[pilot.tree.towns(FEBRUARY)[0].id]
    assert (
        f"2017年2月{town}D01 城镇累计新就业人数由113更正为103，理由：{REASON}；全县由1,017变为1,007；审核人：reviewer；"
        "A01 达序时不变。"
    ) in told
    assert "上一次发布以来，更正以前月份的数据1处：" in told


def test_later_reports_and_later_days_of_tasks_do_not_change_a_released_document_but_its_checking_says_so(pilot):
    release = PublishedMonth.objects.get(month=FEBRUARY, version=1)
    before, rows = to_json(composed("phase")), kept("phase")
    task = Task.objects.get(code="T01")
    node = task.milestones.filter(due_on__gt=release.business_date).first()
    content = Content(percent=40, done="已办理一批")
    report = progress.save(task, FEBRUARY, content, by=pilot.clerk)
    progress.approve(progress.submit(report, by=pilot.clerk), by=pilot.reviewer)
    days = {"from_on": node.due_on, "to_on": node.due_on + timedelta(30)}
    MilestoneMove.objects.create(milestone=node, reason=REASON, by=pilot.reviewer, at=timezone.now(), **days)
    Milestone.objects.filter(pk=node.pk).update(due_on=days["to_on"])
    assert to_json(composed("phase")) == before
    moved = {one.row.key: one for one in recheck(rows, live(pilot), release)}
    percent = f"T01/task/330424/{release.business_date.isoformat()}/percent"
    assert {key: (one.old, one.new) for key, one in moved.items()} == {percent: ("0", "40")}
    assert moved[percent].why == ("任务月报、节点或期限有变动",)


def test_dates_set_by_hand_and_papers_taken_back_later_do_not_change_it_and_what_no_record_tells_is_said(pilot):
    release = PublishedMonth.objects.get(month=FEBRUARY, version=1)
    before, annex = to_json(composed("phase")), assemble.build(at_release(release), "excel")
    task, paper = Task.objects.get(code="T01"), Deliverable.objects.order_by("code").first()
    facts, task.due_on = amend.facts(task), task.due_on - timedelta(400)
    task.save()
    amend.settle(amend.Amendment(task, "change", facts, amend.facts(task), pilot.reviewer, REASON))
    papers.deliver(paper, on=date(2017, 2, 1), document=paper.name, by=pilot.reviewer)
    assert to_json(composed("phase")) == before
    assert assemble.build(at_release(release), "excel") == annex
    audit.record("loadplan", by=None, object="haiyan-2016", detail={"changed": 2})
    notes = [
        note for part in composed("phase").attachments for one in part.blocks for note in getattr(one, "notes", ())
    ]
    assert any("重新装入过方案文件而没有逐项记录，任务、节点和阶段的日期按现在的登记列示" in one for one in notes)


def test_what_people_wrote_stands_beside_its_figures_and_a_document_without_it_has_no_empty_chapters(pilot):
    texts = written(*PARTS, "case")
    found = composed("evaluation", texts=texts)
    blocks = list(found.blocks)
    at = next(place for place, block in enumerate(blocks) if isinstance(block, Written) and block.part == "cause/A01")
    assert (blocks[at].lead, blocks[at].paragraphs) == ("原因：", ("关于cause/A01的话。",))
    assert (blocks[at + 1].part, blocks[at + 1].lead) == ("next/A01", "下一步：")
    before = [block for block in blocks[:at] if isinstance(block, Heading)][-1]
    assert before.text == "1.城镇新增就业人数"
    assert [one.title for one in found.attachments] == [
        "指标体系", "指标数据", "重点项目和任务", "典型案例", "核数表",
    ]  # fmt: skip
    heads = [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]
    assert heads == [
        "一、试点基本情况", "二、主要做法", "三、目标完成情况与成效", "四、经验启示", "五、存在问题和原因",
        "六、下一步打算",
    ]  # fmt: skip
    bare = composed("evaluation")
    assert not any(isinstance(block, Written) for block in bare.blocks)
    assert "四、经验启示" not in [block.text for block in bare.blocks if isinstance(block, Heading)]
    assert "典型案例" not in [one.title for one in bare.attachments]


def test_a_part_nobody_wrote_yet_keeps_its_place_and_a_case_nobody_wrote_is_left_out(pilot):
    empty = {part: replace(one, paragraphs=()) for part, one in written(*PARTS, "case").items()}
    found = composed("evaluation", texts=empty)
    assert [block.part for block in found.blocks if isinstance(block, Written)] == [
        "background", "practice/一", "cause/A01", "next/A01", "experience", "problems", "plan",
    ]  # fmt: skip
    assert "典型案例" not in [one.title for one in found.attachments]


def test_indicators_without_figures_say_so_and_are_not_ranked_or_compared(pilot):
    for kind in compose.KINDS:
        found = composed(kind)
        assert reading.unfinished(found) == []
        assert reading.repeated(found) == []
        assert from_json(to_json(found)) == found
    told = [plain(block.text) for block in composed("evaluation").blocks if isinstance(block, Paragraph)]
    assert "截至2017年2月底，职工养老参保占比没有审定数。" in told
    bulletin = [plain(block.text) for block in composed("bulletin").blocks if isinstance(block, Paragraph)]
    # a town of n villages stands at (679 n − 1) / 700 n: the more villages, the nearer to 97 %
    assert (
        "城乡劳动者就业率最高的是武原街道（97.00%），最低的是于城镇、元通街道（96.98%），相差0.02个百分点。" in bulletin
    )
    assert "上一次发布以来，没有更正以前月份的数据。" in bulletin
    assert not any("职工养老参保占比最高" in one for one in bulletin)


def test_towns_stand_in_one_table_with_what_parts_them_below(pilot):
    found = composed("evaluation")
    every = [block for block in found.blocks if isinstance(block, Table)]
    tables = {re.sub("^表\\d+\u3000|（演示数据）$", "", block.caption): block for block in every}
    towns = tables["分镇比较"]
    rows = {plain(row[0]): [plain(cell) for cell in row[1:]] for row in towns.rows}
    rate = [column.head for column in towns.columns[1:]].index("城乡劳动者就业率")
    assert len(pilot.tree.towns(FEBRUARY)) + 1 == list(rows).index("镇（街道）间相差")  # the county last
    assert (rows["武原街道"][rate], rows["于城镇"][rate], rows["镇（街道）间相差"][rate]) == ("97.00", "96.98", "0.02")
    assert towns.unit == "单位：%　　截至2017年2月"
    assert not towns.landscape
    target = {plain(row[1]): plain(row[2]) for row in tables["核心指标完成情况"].rows}
    assert target["城镇新增就业人数"] == "≥ 6,800 人"
    assert "零就业家庭存量*（户）" in target  # whose target, 动态归零, names no unit


def test_composing_asks_the_database_the_same_few_times_however_many_figures(pilot):
    counts = {}
    for kind, most in (("bulletin", 30), ("phase", 30), ("evaluation", 36)):
        for month in (JANUARY, FEBRUARY):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                composed(kind, month)
            counts.setdefault(kind, set()).add(len(asked))
        assert max(counts[kind]) <= most
        assert len(counts[kind]) == 1, counts


def test_live_figures_make_no_document(pilot):
    with pytest.raises(ValueError, match="release"):
        compose.manuscript("bulletin", live(pilot), {}, compose.Meta())


def test_the_meta_of_a_document_is_carried_as_given(pilot):
    day = date(2017, 3, 15)
    meta = compose.Meta("盐人社〔2017〕5号", "第2期", "各镇（街道）：", ("报：县政府。",), day, draft=False)
    release = PublishedMonth.objects.get(month=FEBRUARY, version=1)
    found = compose.manuscript("bulletin", at_release(release), {}, meta)
    carried = (found.document_number, found.issue, found.recipients, found.copies, found.signed_on, found.draft)
    assert carried == ("盐人社〔2017〕5号", "第2期", "各镇（街道）：", ("报：县政府。",), day, False)
    assert (found.edition, found.issuer) == ("2017年2月，第1版发布数据", "海盐县人力资源和社会保障局")
    assert found.demonstration
