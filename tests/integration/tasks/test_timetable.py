"""The timetable: what is listed under what, what it costs however much there is, and the same as workbook and calendar.

Today is 2017-02-03. T01 (就业局) has a milestone overdue since 2016-12-31; P05 is under way; both end 2017-12-31.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Domain
from tasks import extending, moving
from tasks.models import Milestone, Phase, Task
from tasks.timetable import rows as timetable
from tests.integration.tasks.workplace import JANUARY, approved, completed
from tests.unit.test_ical import read as read_calendar

pytestmark = pytest.mark.django_db
URL = "/tasks/timetable/"
MOST_QUERIES = 12


@pytest.fixture
def planned(place):
    """T01 in a domain; T02 of the other section, completed; the last phase follows the first."""
    place.task.domain = Domain.objects.create(
        plan=place.phase.plan, code="一", name="城乡一体就业", clause=place.phase.clause, order=1
    )
    place.task.save()
    Task.objects.create(
        code="T02", name="职业培训", phase=place.phase, clause=place.phase.clause, lead=place.sections["sbj"],
        starts_on=date(2015, 7, 1), due_on=date(2016, 6, 30), state="completed", percent=100,
        completed_on=date(2016, 6, 20),
    )  # fmt: skip
    Phase.objects.create(
        plan=place.phase.plan, code="evaluate", name="总结阶段", clause=place.phase.clause, order=2,
        starts_on=date(2017, 1, 1), ends_on=date(2017, 12, 31),
    )  # fmt: skip
    return place


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user, query: str = "") -> list[tuple[str, list[str]]]:
    """Group → codes."""
    answer = signed_in(user).get(URL + query)
    assert answer.status_code == 200
    return [(group["title"], [row["code"] for row in group["rows"]]) for group in answer.context["groups"]]


class TestWhatIsListed:
    def test_by_domain_section_and_phase(self, planned):
        assert shown(planned.leader) == [("城乡一体就业", ["T01"]), ("组织实施", ["T02", "P05"])]
        assert shown(planned.leader, "?by=section") == [("就业局", ["T01", "P05"]), ("社保局", ["T02"])]
        assert shown(planned.leader, "?by=phase") == [("实施阶段", ["T02"]), ("总结阶段", ["T01", "P05"])]

    def test_late_is_what_has_a_milestone_overdue_and_key_also_the_projects(self, planned):
        assert shown(planned.leader, "?show=late") == [("城乡一体就业", ["T01"])]
        assert shown(planned.leader, "?show=key") == [("城乡一体就业", ["T01"]), ("组织实施", ["P05"])]
        page = signed_in(planned.leader).get(URL).content.decode()
        assert "2 项任务、1 个重点项目中，" in page
        assert "1 项逾期或有节点逾期，最长 34 天" in page
        assert "总结阶段还剩 331 天" in page
        for word in ("全部 3", "重点 2", "逾期 1"):
            assert word in page

    def test_what_no_button_asks_for_is_left_out(self, planned):
        assert shown(planned.leader, "?by=colour&show=nothing&page=77") == shown(planned.leader)

    def test_a_moved_milestone_and_a_later_day_show_how_far_the_plan_slipped(self, planned):
        moving.move(
            Milestone.objects.get(code="T01-1"), to=date(2017, 3, 31), reason="征地没有办完", by=planned.reviewer
        )
        one = extending.ask(planned.project, to=date(2018, 3, 31), reason="征地没有办完", by=planned.writer)
        extending.decide(one, granted=True, by=planned.office)
        page = signed_in(planned.leader).get(URL).content.decode()
        assert "推后 90 天" in page
        assert "延期 90 天" in page
        assert shown(planned.leader, "?show=late") == []
        assert "没有逾期" in page

    def test_a_completed_project_is_drawn_as_done(self, planned):
        completed(planned, JANUARY, date(2017, 1, 20))
        page = signed_in(planned.leader).get(f"{URL}?by=section").content.decode()
        assert "1月完成" in page

    def test_a_plan_without_tasks_is_an_empty_timetable(self, tiny):
        answer = signed_in(tiny.office).get(URL)
        assert "没有符合条件的任务或项目" in answer.content.decode()


def many(planned, count: int) -> None:
    """More tasks, each with two milestones, one of them overdue and moved before."""
    fields = {
        "phase": planned.phase, "clause": planned.phase.clause, "lead": planned.task.lead,
        "starts_on": date(2016, 1, 1), "due_on": date(2017, 12, 31),
    }  # fmt: skip
    made = Task.objects.bulk_create(Task(code=f"X{n:04}", name=f"任务{n}", **fields) for n in range(count))
    nodes = [(one, order, day) for one in made for order, day in ((1, date(2017, 1, 31)), (2, date(2017, 12, 31)))]
    Milestone.objects.bulk_create(
        Milestone(code=f"{one.code}-{order}", task=one, name="节点", due_on=day) for one, order, day in nodes
    )


def test_the_page_asks_as_often_for_many_tasks_as_for_few_and_shows_them_in_pages(planned):
    client = signed_in(planned.leader)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(URL).status_code == 200
        return len(found)

    asked()  # the first visit also stamps the session
    few = asked()
    many(planned, 150)
    assert asked() == few <= MOST_QUERIES
    assert "第 2 页，共 4 页" in client.get(f"{URL}?page=2").content.decode()
    sizes = [sum(len(codes) for _title, codes in shown(planned.leader, f"?page={n}")) for n in (1, 2, 3)]
    assert sizes == [50, 50, 50]


def test_the_workbook_has_a_month_a_column_and_prints_on_a3(planned):
    moving.move(Milestone.objects.get(code="T01-1"), to=date(2017, 3, 31), reason="征地没有办完", by=planned.reviewer)
    approved(planned, planned.task, JANUARY, 50)
    answer = signed_in(planned.leader).get("/tasks/timetable.xlsx?by=section")
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[4]][:9] == [
        "编号", "名称", "责任科室", "状态", "进度", "开始", "应完成", "完成日期", "推后（天）",
    ]  # fmt: skip
    assert [row[0].value for row in sheet.iter_rows(min_row=5, max_row=9)] == ["就业局", "T01", "P05", "社保局", "T02"]
    first = 10  # the column of July 2015 is the 16th: the axis begins in January 2015
    task = {month: sheet.cell(6, first + month) for month in range(36)}
    assert sheet.cell(6, 5).value == 50
    assert task[23].value == "·"  # where the node was: December 2016
    assert task[26].value == "◇"  # where it is: March 2017
    assert task[12].fill.fgColor.rgb == "FF0B5563"  # January 2016, the first of 24 months, half of them done
    assert task[23].fill.fgColor.rgb == "FF0B5563"
    assert task[24].fill.fgColor.rgb == "FFE3EEF0"
    done = sheet.cell(9, first + 6)  # T02 in July 2015
    assert done.fill.fgColor.rgb == "FF93A9AE"
    assert sheet.freeze_panes == "J5"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert sheet.print_area == "'时间表'!$A$1:$AS$11"


def test_a_name_that_would_be_a_formula_stays_text(planned):
    Task.objects.filter(code="T02").update(name="=HYPERLINK(1)")
    answer = signed_in(planned.leader).get("/tasks/timetable.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_the_calendar_has_milestones_due_days_and_phases_under_lasting_names(planned):
    completed(planned, JANUARY, date(2017, 1, 20))
    client = signed_in(planned.leader)
    answer = client.get("/tasks/timetable.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = {one["UID"]: one for one in read_calendar(answer.content)}
    days = {uid: one["DTSTART;VALUE=DATE"] for uid, one in found.items()}
    assert days == {
        "node-T01-1@haiyan-pilot": "20161231", "node-T01-2@haiyan-pilot": "20171231",
        "node-P05-1@haiyan-pilot": "20170120", "work-T01@haiyan-pilot": "20171231",
        "work-P05@haiyan-pilot": "20170120", "work-T02@haiyan-pilot": "20160620",
        "phase-1@haiyan-pilot": "20161231", "phase-2@haiyan-pilot": "20171231",
    }  # fmt: skip
    assert found["work-P05@haiyan-pilot"]["SUMMARY"] == "P05 农村物流企业 完成"
    moving.move(Milestone.objects.get(code="T01-1"), to=date(2017, 3, 31), reason="征地没有办完", by=planned.reviewer)
    (moved,) = [
        one for one in read_calendar(client.get("/tasks/timetable.ics").content) if one["UID"].startswith("node-T01-1")
    ]
    assert moved["DTSTART;VALUE=DATE"] == "20170331"
    assert "原计划 2016-12-31" in moved["DESCRIPTION"]


def test_the_key_rows_alone_go_into_workbook_and_calendar_when_asked_for(planned):
    client = signed_in(planned.leader)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/tasks/timetable.xlsx?show=late").content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=5, max_row=6)] == ["城乡一体就业", "T01"]
    uids = {one["UID"] for one in read_calendar(client.get("/tasks/timetable.ics?show=late").content)}
    assert "work-T02@haiyan-pilot" not in uids


def test_reading_it_asks_three_times(planned):
    with CaptureQueriesContext(connection) as found:
        timetable.read(date(2017, 2, 3))
    assert len(found) == 3
