"""Tables as files say what their page says: values, order and marks, with numbers as numbers."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import transaction
from django.test import Client

from bureau import clock
from bureau.models import Section, User
from indicators import matrix_page
from indicators.entry import workflow
from indicators.models import Submission, Target
from indicators.publish import publish
from indicators.shown import shown_indicators
from reports import sections
from tasks.models import Deliverable, Milestone, MilestoneMove, Progress, Task
from tests.integration.test_documents import FEBRUARY, REASON, Pilot

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pilot(real_plan, django_db_blocker):
    """February released, a town's figure corrected, released again."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = Pilot()
        made.month(FEBRUARY)
        publish(made.county, FEBRUARY, by=made.reviewer)
        town = made.tree.towns(FEBRUARY)[0].id
        submission = Submission.objects.get(form__code="yj01", place=town, month=FEBRUARY)
        workflow.correct(submission, by=made.clerk, reason=REASON)
        made.approve("yj01", town, FEBRUARY, {town: {"D01": "103"}})
        publish(made.county, FEBRUARY, by=made.reviewer, reason=REASON)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def table(pilot):
    """`table("/areas/list")`: the rows of the workbook under its marks, the head first, as the leader gets it."""
    client = Client()
    client.force_login(pilot.leader)

    def fetch(route: str, query: str = "") -> list[tuple]:
        answer = client.get(f"{route}.xlsx{query}")
        assert answer.status_code == 200
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        assert rows[0][0] == "演示数据"
        return rows[1:]

    return fetch


def test_the_matrix_has_the_towns_and_values_of_the_page(pilot, table):
    found = matrix_page.gather(pilot.at(FEBRUARY, 2), matrix_page.Chosen())
    head, target, path, *towns, county = table("/areas/matrix/table", "?month=2017-02")
    assert [row[1] for row in towns] == [town.label for town in found.towns]
    assert (target[1], path[1], county[1]) == ("全县目标", "全县时序", "全县")
    place = next(place for place, name in enumerate(head) if name.startswith("A01 "))
    assert target[place] == 6800
    assert county[place] == 890  # nine towns of 113 less 13, one corrected by ten
    assert [row[place] for row in towns] == [
        100 if row[0] != pilot.tree.towns(FEBRUARY)[0].code else 90 for row in towns
    ]


def test_towns_and_a_town_carry_value_and_coverage_as_numbers(pilot, table):
    head, *rows = table("/areas/list", "?month=2017-02")
    place = head.index("A04 已报")
    assert [row[1] for row in rows[:-1]] == [town.label for town in pilot.tree.towns(FEBRUARY)]
    assert (rows[-1][place], rows[-1][place + 1]) == (133, 133)
    town = pilot.tree.towns(FEBRUARY)[0]
    head, *lines = table(f"/areas/{town.code}/table", "?month=2017-02")
    jobs = dict(zip(head, next(line for line in lines if line[0] == "A01"), strict=True))
    assert (jobs["本镇（街道）"], jobs["全县"], jobs["已报"], jobs["应报"]) == (90, 890, 0, 1)  # January is missing
    villages = table(f"/areas/{town.code}/villages", "?month=2017-02")
    assert len(villages) - 1 == len(pilot.tree.villages(town.id, FEBRUARY))


def test_targets_are_the_county_s_with_their_number(pilot, table):
    head, *rows = table("/targets/list")
    assert len(rows) == Target.objects.filter(area=pilot.county).count()
    jobs = dict(zip(head, next(row for row in rows if row[0] == "A01" and row[5] == "2017-12"), strict=True))
    assert (jobs["目标"], jobs["目标值"], jobs["单位"]) == ("≥ 6,800 人", 6800, "人")


def test_a_correction_and_its_release_are_listed(pilot, table):
    _head, *rows = table("/releases/list")
    assert [(row[0], row[1], row[5]) for row in rows] == [("2017-02", 2, 1), ("2017-02", 1, 0)]
    head, *rows = table("/releases/corrections")
    line = dict(zip(head, rows[0], strict=True))
    assert (line["填报项"], line["原数"], line["新数"], line["理由"]) == ("D01", 113, 103, REASON)
    assert (line["全县原数"], line["全县新数"]) == (1017, 1007)


def test_sections_are_counted_as_on_the_page(pilot, table):
    at = pilot.at(FEBRUARY, 2)
    page = sections.every(at, list(Section.objects.all()), shown_indicators(at), pilot.installation.business_date)
    head, *rows = table("/sections/list", "?month=2017-02")
    place = head.index("任务数")
    assert [(row[1], row[2], row[place]) for row in rows] == [
        (one["name"], one["indicators"], one["tasks"]) for one in page
    ]


def test_a_value_is_traced_to_its_places(pilot, table):
    _head, *rows = table(f"/indicators/A01/trace/{pilot.county.code}/table", "?month=2017-02")
    assert rows[0][0] == "值"
    assert rows[0][2] == "890"
    named = [row[1] for row in rows if row[4] == "当月各单位" and row[0].startswith("D01 ")]
    assert set(named) >= {town.label for town in pilot.tree.towns(FEBRUARY)}


def test_papers_of_the_phases_are_days_and_words(table):
    head, *rows = table("/tasks/phases/list")
    assert len(rows) == Deliverable.objects.count()
    first = dict(zip(head, rows[0], strict=True))
    assert first["开始"].date().isoformat() == "2015-01-01"
    assert first["状态"] == "逾期未交"


def test_a_task_s_nodes_are_days_beside_the_first_plan(table):
    node = Milestone.objects.get(task__code="T01", name="成果完成")
    MilestoneMove.objects.create(
        milestone=node, from_on=node.due_on - timedelta(30), to_on=node.due_on, reason="基准", by=User.objects.first(),
        at=clock.now(),
    )  # fmt: skip
    head, *rows = table("/tasks/T01/nodes")
    assert head[:5] == ("编号", "节点", "原计划", "计划", "实际")
    last = next(row for row in rows if row[1] == "成果完成")
    assert [day.date() for day in last[2:4]] == [node.due_on - timedelta(30), node.due_on]
    assert (last[4], last[6]) == (None, "未到期")


def test_the_approved_reports_of_a_task_keep_every_word(table, pilot):
    Progress.objects.create(
        task=Task.objects.get(code="T01"), month=FEBRUARY, percent=35, done="=建成窗口 12 个", problem="人手不足",
        next_step="培训", state=Progress.State.APPROVED, approved_by=pilot.reviewer, approved_on=date(2017, 3, 8),
        by=pilot.clerk, at=clock.now(),
    )  # fmt: skip
    _head, row = table("/tasks/T01/reports")
    assert row[:7] == ("2017-02", 35, "=建成窗口 12 个", "人手不足", "培训", None, None)
    assert (row[7], row[8].date()) == (str(pilot.reviewer), date(2017, 3, 8))


def test_the_desk_leaves_as_it_lies_there(table, pilot):
    head, *rows = table("/desk/list", "?month=2017-02")
    page = Client()
    page.force_login(pilot.leader)
    groups = page.get("/desk/?month=2017-02").context["groups"]
    assert head == ("类别", "事项", "地方", "月份", "已填", "状态", "说明", "截止")
    assert [row[:2] for row in rows] == [(group["title"], one["form"]) for group in groups for one in group["rows"]]
    assert rows
