"""The pages of tasks: who may do what where, what is kept when refused, what the list asks of the database."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.models import AuditEvent, Installation
from tasks import progress
from tasks.content import Content
from tasks.models import Milestone, Progress, Task
from tests.integration.tasks.workplace import DECEMBER, JANUARY, approved, completed, handed_in, written

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
REPORT, REVIEW = "/tasks/T01/progress/2016-12/", "/tasks/T01/progress/2016-12/review/"
FORM = {"percent": "30", "done": "三个镇已启动", "problem": "", "next_step": "", "explanation": "", "version": "0"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(place, url: str, data: dict | None = None) -> dict[str, int]:
    """What each kind of person is answered."""
    found = {}
    for name in ("writer", "reviewer", "supporter", "other_reviewer", "leader", "office", "clerk"):
        client = signed_in(getattr(place, name))
        found[name] = (client.get(url) if data is None else client.post(url, data)).status_code
    return found


EVERYBODY = dict.fromkeys(("writer", "reviewer", "supporter", "other_reviewer", "leader", "office", "clerk"), 200)
SECTIONS = EVERYBODY | {"leader": 403, "office": 403, "clerk": 403}
ONLY_REVIEWER = SECTIONS | {"writer": 403, "supporter": 403, "other_reviewer": 404}


class TestWhoMayWhat:
    @pytest.mark.parametrize("url", ["/tasks/", "/tasks/list.csv", "/tasks/phases/", "/tasks/T01/", "/tasks/P05/"])
    def test_all_readers_read(self, place, url):
        assert answers(place, url) == EVERYBODY

    def test_the_lead_and_the_supporting_section_read_a_report(self, place):
        written(place, place.task, DECEMBER, 30)
        assert answers(place, REPORT) == SECTIONS
        nobodys = REPORT.replace("T01", "P05")  # no supporting section there
        assert answers(place, nobodys) == SECTIONS | {"supporter": 404, "other_reviewer": 404}

    @pytest.mark.parametrize("action", ["save", "submit", "withdraw"])
    def test_only_the_lead_sections_clerk_writes(self, place, action):
        wanted = SECTIONS | {"writer": 302, "reviewer": 403, "supporter": 404, "other_reviewer": 403}
        if action == "withdraw":
            handed_in(place, place.task, DECEMBER, 30)
        assert answers(place, REPORT, FORM | {"action": action}) == wanted
        states = {"save": ["draft"], "submit": ["submitted"], "withdraw": ["draft"]}
        assert list(Progress.objects.values_list("state", flat=True)) == states[action]

    def test_only_the_lead_sections_reviewer_decides(self, place):
        handed_in(place, place.task, DECEMBER, 30)
        assert answers(place, REVIEW) == ONLY_REVIEWER
        sent = {"decision": "approve", "seen": "1"}
        assert answers(place, REVIEW, sent) == ONLY_REVIEWER | {"reviewer": 302}
        assert Progress.objects.get().approved_by == place.reviewer

    def test_only_the_lead_sections_reviewer_names_the_officer(self, place):
        assert answers(place, "/tasks/T01/officer/") == ONLY_REVIEWER
        sent = {"officer": str(place.writer.pk), "seen": "0"}
        assert answers(place, "/tasks/T01/officer/", sent) == ONLY_REVIEWER | {"reviewer": 302}
        assert Task.objects.get().officer == place.writer

    def test_only_the_office_enters_a_deliverable(self, place):
        url = "/tasks/phases/G04/"
        wanted = dict.fromkeys(EVERYBODY, 403) | {"office": 200}
        assert answers(place, url) == wanted
        sent = {"on": "2016-12-30", "document": "推进计划", "seen": ""}
        assert answers(place, url, sent) == wanted | {"office": 302}

    @pytest.mark.parametrize(
        "url",
        [
            "/tasks/T99/progress/2016-12/", "/tasks/T01/progress/2015-12/", "/tasks/T01/progress/2017-03/",
            "/tasks/T01/progress/2016-13/", "/tasks/T01/progress/2016-12/review/", "/tasks/T99/officer/",
            "/tasks/T99/", "/tasks/%00/", "/tasks/Ｐ05/",
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_not_found(self, place, url):
        assert signed_in(place.reviewer).get(url).status_code == 404

    def test_another_sections_report_looks_like_one_that_is_not(self, place):
        handed_in(place, place.project, DECEMBER, 30)
        client = signed_in(place.other_reviewer)
        theirs, none = (client.get(REVIEW.replace("T01", code)) for code in ("P05", "P99"))
        assert theirs.status_code == none.status_code == 404
        assert theirs.content.replace(b"P05", b"") == none.content.replace(b"P99", b"")


class TestWriting:
    def test_a_refused_report_keeps_what_was_typed_and_saves_nothing(self, place):
        sent = FORM | {"percent": "100", "next_step": "转入日常管理", "action": "submit"}
        page = signed_in(place.writer).post(REPORT, sent)
        assert page.status_code == 422
        text = page.content.decode()
        assert "请填完成日期" in text
        assert "转入日常管理" in text
        assert not Progress.objects.exists()

    @pytest.mark.parametrize(
        ("field", "typed", "why"),
        [
            ("percent", "一半", "0 到 100 的整数"),
            ("percent", "101", "0 到 100 的整数"),
            ("completed_on", "2016/12/40", "日期写法不对"),
            ("done", "字" * 1001, "最多 1000 个字"),
        ],
    )
    def test_a_wrong_field_is_told_beside_it(self, place, field, typed, why):
        page = signed_in(place.writer).post(REPORT, FORM | {field: typed, "action": "save"})
        assert page.status_code == 422
        assert why in page.content.decode()
        assert typed in page.content.decode()

    @pytest.mark.parametrize("action", ["", "withdraw", "approve"])
    def test_an_act_that_is_none_changes_nothing(self, place, action):
        assert signed_in(place.writer).post(REPORT, FORM | {"action": action}).status_code == 302
        assert not Progress.objects.exists()

    def test_a_form_without_its_version_is_told_to_be_opened_again(self, place):
        page = signed_in(place.writer).post(REPORT, FORM | {"version": "x", "action": "save"})
        assert (page.status_code, "重新打开这一页" in page.content.decode()) == (422, True)
        assert "三个镇已启动" in page.content.decode()

    def test_a_conflict_shows_both_texts_and_then_lets_mine_stand(self, place):
        written(place, place.task, DECEMBER, 20)
        progress.save(place.task, DECEMBER, Content(25, done="同事写的进展"), by=place.helper)
        client = signed_in(place.writer)
        page = client.post(REPORT, FORM | {"version": "1", "done": "我写的进展", "action": "save"})
        text = page.content.decode()
        assert page.status_code == 409
        assert "同事写的进展" in text
        assert "我写的进展" in text
        assert 'name="version" value="2"' in text
        assert Progress.objects.get().done == "同事写的进展"
        again = client.post(REPORT, FORM | {"version": "2", "done": "我写的进展", "action": "save"})
        assert again.status_code == 302
        assert Progress.objects.get().done == "我写的进展"

    def test_what_was_typed_stays_when_a_colleague_has_handed_in_meanwhile(self, place):
        handed_in(place, place.task, DECEMBER, 20)
        page = signed_in(place.helper).post(REPORT, FORM | {"version": "0", "done": "我的长文字", "action": "save"})
        assert page.status_code == 409
        assert "我的长文字" in page.content.decode()

    def test_a_form_opens_where_the_last_report_left_the_work(self, place):
        approved(place, place.task, DECEMBER, 45)
        text = signed_in(place.writer).get("/tasks/T01/progress/2017-01/").content.decode()
        assert 'name="percent" value="45"' in text

    def test_a_milestone_and_a_stage_come_with_the_report(self, place):
        url = REPORT.replace("T01", "P05")
        sent = FORM | {"stages_done": "2", "quantity": "0", "node_P05-1": "2016-12-24", "action": "submit"}
        assert signed_in(place.writer).post(url, sent).status_code == 302
        assert signed_in(place.reviewer).post(f"{url}review/", {"decision": "approve", "seen": "1"}).status_code == 302
        place.project.refresh_from_db()
        assert (place.project.stages_done, place.project.quantity_done) == (2, 0)
        assert Milestone.objects.get(code="P05-1").done_on == date(2016, 12, 24)

    def test_the_returned_reason_stands_on_the_clerks_page(self, place):
        report = handed_in(place, place.task, DECEMBER, 30)
        page = signed_in(place.reviewer).post(REVIEW, {"decision": "return", "reason": "短"})
        assert page.status_code == 422
        assert "退回须写明原因" in page.content.decode()
        signed_in(place.reviewer).post(REVIEW, {"decision": "return", "reason": "请补充办件数"})
        report.refresh_from_db()
        assert report.state == "returned"
        assert "请补充办件数" in signed_in(place.writer).get(REPORT).content.decode()

    def test_a_stale_approval_is_a_conflict(self, place):
        handed_in(place, place.task, DECEMBER, 30)
        page = signed_in(place.reviewer).post(REVIEW, {"decision": "approve", "seen": "7"})
        assert page.status_code == 409
        assert Progress.objects.get().state == "submitted"

    def test_the_reviewer_takes_an_approval_back(self, place):
        completed(place, DECEMBER, date(2016, 12, 20))
        url = REVIEW.replace("T01", "P05")
        client = signed_in(place.reviewer)
        assert client.post(url, {"action": "take_back", "reason": "短"}).status_code == 422
        assert client.post(url, {"action": "take_back", "reason": "认定文件尚未印发"}).status_code == 302
        place.project.refresh_from_db()
        assert place.project.state == "not_begun"

    def test_an_officer_of_another_section_is_refused(self, place):
        page = signed_in(place.reviewer).post("/tasks/T01/officer/", {"officer": str(place.supporter.pk), "seen": "0"})
        assert page.status_code == 422
        assert Task.objects.get().officer is None

    def test_naming_an_officer_is_on_the_trail(self, place):
        signed_in(place.reviewer).post("/tasks/T01/officer/", {"officer": str(place.writer.pk), "seen": "0"})
        event = AuditEvent.objects.get(act="task.officer")
        assert (event.object, event.detail) == ("T01", {"officer": ["", "writer"]})


class TestList:
    def rows(self, place, query: str, user=None) -> list[str]:
        lines = signed_in(user or place.leader).get(f"/tasks/list.csv{query}").content.decode("utf-8-sig").splitlines()
        return [line.split(",")[0] for line in lines[1:]]

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("", ["T01", "P05"]),
            ("?kind=project", ["P05"]),
            ("?q=政策", ["T01"]),
            ("?q=p05", ["P05"]),
            ("?light=4", []),
            ("?light=3", ["T01", "P05"]),  # a year of two has passed, nothing was reported
            ("?phase=implement", ["T01", "P05"]),
            ("?domain=0", ["T01", "P05"]),
            ("?domain=2", []),
            ("?report=missing", []),
            ("?kind=nonsense&section=abc&light=9", ["T01", "P05"]),
        ],
    )
    def test_filters(self, place, query, codes):
        assert self.rows(place, query) == codes

    def test_my_section_is_the_lead_and_the_supporting_one(self, place):
        assert self.rows(place, "?mine=1", place.supporter) == ["T01"]
        assert self.rows(place, "?mine=1", place.writer) == ["T01", "P05"]
        assert self.rows(place, "?mine=1", place.leader) == ["T01", "P05"]  # who has no section sees all

    def test_a_count_leads_to_what_it_counts_and_keeps_the_other_filters(self, place):
        text = signed_in(place.leader).get("/tasks/?kind=task&q=政策").content.decode()
        assert "/tasks/?kind=task&amp;light=3&amp;q=%E6%94%BF%E7%AD%96" in text

    @pytest.mark.parametrize(
        "query", ["?month=2017-01", "?sort=-percent", "?all=1", "?page=999", "?page=x", "?sort=no"]
    )
    def test_what_is_kept_or_makes_no_sense_does_no_harm(self, place, query):
        text = signed_in(place.leader).get(f"/tasks/{query}").content.decode()
        assert "城乡就业政策统一" in text
        if not query.startswith("?page") and "month" not in query:
            assert f"/tasks/?kind=task&amp;{query[1:]}" in text

    def test_a_report_is_missed_from_the_hour_it_was_due(self, place):
        """January's reports are due on Monday 6 February at 17:00, the 5th being a Sunday."""
        Installation.objects.update(business_date=date(2017, 2, 6))
        for hour, word in (("16:59", "due"), ("17:01", "missing")):
            with time_machine.travel(f"2026-11-27 {hour}+08:00", tick=False):
                assert self.rows(place, f"?report={word}") == ["T01", "P05"], hour
        handed_in(place, place.task, JANUARY, 30)
        assert self.rows(place, "?report=missing") == ["P05"]
        completed(place, JANUARY, date(2017, 1, 20))
        assert self.rows(place, "?report=missing") == []

    def test_months_before_going_live_are_never_missed(self, place):
        Installation.objects.update(business_date=date(2017, 2, 20), go_live_month=JANUARY + 1)
        assert self.rows(place, "?report=missing") == []

    def test_what_waits_for_me_stands_on_top(self, place):
        handed_in(place, place.task, DECEMBER, 30)
        assert REVIEW in signed_in(place.reviewer).get("/tasks/").content.decode()
        assert REVIEW not in signed_in(place.other_reviewer).get("/tasks/").content.decode()

    def test_a_name_that_a_spreadsheet_would_compute_is_kept_as_text(self, place):
        Task.objects.update(name="=1+1")
        assert "'=1+1" in signed_in(place.leader).get("/tasks/list.csv").content.decode("utf-8-sig")

    @pytest.mark.parametrize("who", ["leader", "reviewer", "writer"])
    @pytest.mark.parametrize("url", ["/tasks/", "/tasks/list.csv", "/tasks/phases/"])
    def test_two_hundred_tasks_cost_no_query_more(self, place, who, url):
        client = signed_in(getattr(place, who))
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        same = {
            name: getattr(place.task, name)
            for name in ("name", "clause_id", "lead_id", "phase_id", "starts_on", "due_on", "officer_id")
        }
        Task.objects.bulk_create(Task(code=f"T{number}", **same) for number in range(100, 300))
        with CaptureQueriesContext(connection) as many:
            page = client.get(url)
        shown = {"/tasks/": "共 202 项", "/tasks/list.csv": "T299", "/tasks/phases/": "任务 201 项"}
        assert shown[url] in page.content.decode()
        most = MOST_QUERIES + 4 * url.endswith(".csv")  # a download is recorded on the trail
        assert len(many) == len(few) <= most, [query["sql"][:90] for query in many]


class TestPhases:
    def test_a_phase_is_not_over_without_its_papers(self, place):
        office = signed_in(place.office)
        text = office.get("/tasks/phases/").content.decode()
        assert "已到期，还缺 1 项成果，不能结束" in text
        assert "1 项阶段成果逾期未交" in text
        sent = {"on": "2017-01-10", "document": "建设项目推进计划", "number": "盐人社〔2017〕3号", "seen": ""}
        assert office.post("/tasks/phases/G04/", sent).status_code == 302
        text = signed_in(place.leader).get("/tasks/phases/").content.decode()
        assert "已到期，还不能关闭" in text
        assert "推进计划没有附文件" in text
        assert "2017-01-10（晚 10 天）" in text
        assert "建设项目推进计划 盐人社〔2017〕3号" in text
        event = AuditEvent.objects.get(act="deliverable.deliver")
        assert event.detail["new"] == ["2017-01-10", "建设项目推进计划", "盐人社〔2017〕3号", ""]

    def test_a_day_to_come_or_a_form_opened_before_is_refused_and_kept(self, place):
        office = signed_in(place.office)
        sent = {"on": "2017-02-04", "document": "推进计划", "seen": ""}
        page = office.post("/tasks/phases/G04/", sent)
        assert (page.status_code, "不能晚于今天" in page.content.decode()) == (422, True)
        office.post("/tasks/phases/G04/", sent | {"on": "2017-02-03"})
        page = office.post("/tasks/phases/G04/", sent | {"on": "2017-02-01", "document": "另一份"})
        assert page.status_code == 409
        assert "另一份" in page.content.decode()
        place.paper.refresh_from_db()
        assert place.paper.delivered_on == date(2017, 2, 3)

    def test_an_entry_is_taken_back_with_a_reason(self, place):
        office = signed_in(place.office)
        office.post("/tasks/phases/G04/", {"on": "2017-01-10", "document": "推进计划", "seen": ""})
        assert office.post("/tasks/phases/G04/", {"action": "take_back", "reason": "错"}).status_code == 422
        assert (
            office.post("/tasks/phases/G04/", {"action": "take_back", "reason": "登记到了别的文件"}).status_code == 302
        )
        place.paper.refresh_from_db()
        assert (place.paper.delivered_on, place.paper.document) == (None, "")


def test_the_page_of_a_task_tells_plan_actual_and_slip(place):
    approved(place, place.task, JANUARY, 60, milestones={"T01-1": "2017-01-09"})
    text = signed_in(place.leader).get(reverse("task", args=["T01"])).content.decode()
    assert "晚 9 天" in text
    assert "还有 331 天" in text
    assert "推进了一步" in text
    assert "指定责任人" not in text
