"""Milestones moved and later days granted: by whom, with what reason, and how far the plan has slipped from the first.

T01 runs to 2017-12-31; its nodes are due 2016-12-31 and 2017-12-31; today is 2017-02-03.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from bureau.models import AuditEvent, Installation
from tasks import extending, moving, queries
from tasks.models import Extension, Milestone, MilestoneMove, Task
from tasks.rules import Conflict, Refused
from tests.integration.factories import person
from tests.integration.tasks.workplace import JANUARY, Role, approved, completed

pytestmark = pytest.mark.django_db
LATE_NODE, LAST_NODE = "T01-1", "T01-2"
MOVE, EXTEND = "/tasks/T01/nodes/T01-1/", "/tasks/T01/extension/"
WHY = "征地手续没有办完"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def node(code: str = LATE_NODE) -> Milestone:
    return Milestone.objects.get(code=code)


def moved(place, to: date, code: str = LATE_NODE, **more) -> Milestone:
    return moving.move(node(code), to=to, reason=WHY, by=place.reviewer, **more)


def asked(place, to: date = date(2018, 3, 31)) -> Extension:
    return extending.ask(place.task, to=to, reason=WHY, by=place.writer)


class TestAMilestoneMoved:
    def test_the_new_day_stands_and_the_first_one_is_known_over_all_moves(self, place):
        moved(place, date(2017, 3, 31))
        moved(place, date(2017, 4, 30))
        assert node().due_on == date(2017, 4, 30)
        assert moving.first_days() == {node().pk: date(2016, 12, 31)}
        assert moving.slipped_text(date(2016, 12, 31), node().due_on) == "原计划 2016-12-31，推后 120 天"
        records = AuditEvent.objects.filter(act="milestone.move")
        assert list(records.values_list("object", "reason")) == [(LATE_NODE, WHY)] * 2
        assert records[1].detail == {"due_on": ["2017-03-31", "2017-04-30"]}

    def test_a_plan_brought_forward_or_back_where_it_was(self):
        assert moving.slipped_text(date(2017, 3, 31), date(2017, 3, 1)) == "原计划 2017-03-31，提前 30 天"
        assert moving.slipped_text(date(2017, 3, 31), date(2017, 3, 31)) == ""
        assert moving.slipped(None, date(2017, 3, 31)) == 0

    @pytest.mark.parametrize(
        ("to", "why"),
        [
            (date(2016, 12, 31), "与原来的相同"),
            (date(2017, 2, 2), "不能早于今天"),
            (date(2018, 1, 1), "不能晚于应完成日期 2017-12-31"),
        ],
    )
    def test_impossible_days_are_refused(self, place, to, why):
        with pytest.raises(Refused, match=why):
            moved(place, to)

    def test_of_a_work_that_is_overdue_none_is_moved_and_no_way_round_is_named(self, place):
        Task.objects.filter(pk=place.task.pk).update(due_on=date(2017, 2, 2))
        with pytest.raises(Refused, match=r"^整项工作的应完成日期 2017-02-02 已过，节点不能再调整。$"):
            moved(place, date(2017, 3, 31))

    def test_a_node_reached_stays_and_a_reason_is_asked_for(self, place):
        with pytest.raises(Refused, match="理由"):
            moving.move(node(), to=date(2017, 3, 31), reason="晚", by=place.reviewer)
        approved(place, place.task, JANUARY, 60, milestones={LATE_NODE: "2017-01-09"})
        with pytest.raises(Refused, match="已经完成"):
            moved(place, date(2017, 3, 31))

    def test_who_opened_the_form_before_another_moved_it_is_told_so(self, place):
        moved(place, date(2017, 3, 31))
        with pytest.raises(Conflict, match="2017-03-31"):
            moved(place, date(2017, 5, 31), seen=date(2016, 12, 31))

    def test_only_the_lead_sections_reviewer_moves_it_and_everybody_sees_it(self, place):
        sent = {"to": "2017-03-31", "reason": WHY, "seen": "2016-12-31"}
        for user, status in ((place.writer, 403), (place.office, 403), (place.other_reviewer, 404)):
            assert signed_in(user).post(MOVE, sent).status_code == status
        assert node().due_on == date(2016, 12, 31)
        assert signed_in(place.reviewer).post(MOVE, sent).status_code == 302
        page = signed_in(place.leader).get("/tasks/T01/").content.decode()
        assert "原计划 2016-12-31，推后 90 天" in page
        assert MOVE not in page
        assert "节点“节点1”原计划 2016-12-31，推后 90 天" in signed_in(place.leader).get("/tasks/").content.decode()
        page = signed_in(place.reviewer).get(MOVE).content.decode()
        assert WHY in page
        assert signed_in(place.reviewer).get("/tasks/T01/nodes/P05-1/").status_code == 404

    def test_a_wrong_form_is_told_and_a_slower_one_too(self, place):
        client = signed_in(place.reviewer)
        assert client.post(MOVE, {"to": "31.3.2017", "reason": WHY, "seen": "2016-12-31"}).status_code == 422
        assert client.post(MOVE, {"to": "2017-03-31", "reason": WHY, "seen": "2016-11-30"}).status_code == 409
        assert node().due_on == date(2016, 12, 31)


class TestALaterDay:
    def test_granted_by_another_the_work_is_due_later_and_the_slip_is_known(self, place):
        extending.decide(asked(place), granted=True, by=place.reviewer)
        place.task.refresh_from_db()
        assert place.task.due_on == date(2018, 3, 31)
        assert {row["code"]: row["first_due"] for row in queries.work()} == {"T01": date(2017, 12, 31), "P05": None}
        page = signed_in(place.leader).get("/tasks/T01/").content.decode()
        assert "应于 2018-03-31 完成" in page
        assert "原计划 2017-12-31，推后 90 天" in page
        assert "原计划 2017-12-31，推后 90 天" in signed_in(place.leader).get("/tasks/").content.decode()
        acts = AuditEvent.objects.filter(act__startswith="work.extension").values_list("act", "object")
        assert list(acts) == [("work.extension_ask", "T01"), ("work.extension_grant", "T01")]

    def test_the_last_node_goes_with_its_work_and_the_one_before_it_stays(self, place):
        extending.decide(asked(place), granted=True, by=place.reviewer)
        assert (node().due_on, node(LAST_NODE).due_on) == (date(2016, 12, 31), date(2018, 3, 31))
        (one,) = MilestoneMove.objects.all()
        assert (one.milestone.code, one.from_on, one.reason, one.by) == (
            LAST_NODE, date(2017, 12, 31), WHY, place.reviewer,
        )  # fmt: skip
        record = AuditEvent.objects.get(act="milestone.move")
        assert (record.object, record.reason, record.by) == (LAST_NODE, WHY, place.reviewer)
        assert record.detail == {"due_on": ["2017-12-31", "2018-03-31"]}
        page = signed_in(place.leader).get("/tasks/T01/").content.decode()
        assert page.count("原计划 2017-12-31，推后 90 天") == 2  # the task's and the node's
        assert "节点“节点2”推后 90 天" in signed_in(place.leader).get("/tasks/timetable/").content.decode()

    def test_a_last_node_reached_or_planned_earlier_stays_where_it_is(self, place):
        moved(place, date(2017, 11, 30), LAST_NODE)
        extending.decide(asked(place), granted=True, by=place.reviewer)
        assert node(LAST_NODE).due_on == date(2017, 11, 30)
        Milestone.objects.filter(code="P05-1").update(due_on=place.project.due_on, done_on=date(2017, 1, 20))
        one = extending.ask(place.project, to=date(2018, 3, 31), reason=WHY, by=place.writer)
        extending.decide(one, granted=True, by=place.reviewer)
        assert node("P05-1").due_on == date(2017, 12, 31)
        assert MilestoneMove.objects.count() == 1

    def test_refused_with_a_reason_nothing_moves(self, place):
        one = asked(place)
        with pytest.raises(Refused, match="理由"):
            extending.decide(one, granted=False, note="否", by=place.office)
        extending.decide(one, granted=False, note="年底必须完成", by=place.office)
        assert Task.objects.get().due_on == date(2017, 12, 31)
        assert not MilestoneMove.objects.exists()
        assert [row["first_due"] for row in queries.work()] == [None, None]
        with pytest.raises(Refused, match="未同意"):
            extending.decide(one, granted=True, by=place.reviewer)
        assert asked(place).state == "asked"  # and may be asked again

    def test_nobody_grants_his_own(self, place):
        both = person("both", (Role.SECTION_CLERK, place.task.lead), (Role.REVIEWER, place.task.lead))
        one = extending.ask(place.task, to=date(2018, 3, 31), reason=WHY, by=both)
        with pytest.raises(Refused, match="自己提出"):
            extending.decide(one, granted=True, by=both)
        assert extending.waiting_for(both) == []

    def test_asked_once_at_a_time_before_the_day_and_for_a_later_one(self, place):
        with pytest.raises(Refused, match="须晚于应完成日期"):
            asked(place, date(2017, 12, 31))
        one = asked(place)
        with pytest.raises(Refused, match="已有一份"):
            asked(place)
        extending.withdraw(one, by=place.writer)
        Installation.objects.update(business_date=date(2018, 1, 1))
        with pytest.raises(Refused, match="已过"):
            asked(place)

    def test_a_completed_work_needs_none(self, place):
        completed(place, JANUARY, date(2017, 1, 20))
        with pytest.raises(Refused, match="已经完成"):
            extending.ask(place.project, to=date(2018, 3, 31), reason=WHY, by=place.writer)

    def test_a_day_changed_meanwhile_is_not_overwritten(self, place):
        one = asked(place)
        Task.objects.update(due_on=date(2018, 6, 30))
        with pytest.raises(Conflict, match="2018-06-30"):
            extending.decide(one, granted=True, by=place.reviewer)
        assert Task.objects.get().due_on == date(2018, 6, 30)

    def test_it_lies_on_the_desks_of_those_who_decide_and_leaves_them(self, place):
        one = asked(place)
        for user, sees in (
            (place.reviewer, True), (place.office, True), (place.other_reviewer, False), (place.writer, False),
        ):  # fmt: skip
            assert ("要批的延期" in signed_in(user).get("/desk/").content.decode()) is sees, user
        extending.decide(one, granted=True, by=place.office)
        assert "要批的延期" not in signed_in(place.reviewer).get("/desk/").content.decode()

    def test_by_the_page_the_clerk_asks_and_the_reviewer_grants(self, place):
        clerk, reviewer = signed_in(place.writer), signed_in(place.reviewer)
        sent = {"action": "ask", "to": "2018-03-31", "reason": WHY}
        assert clerk.post(EXTEND, sent | {"reason": "晚"}).status_code == 422
        assert reviewer.post(EXTEND, sent).status_code == 403
        assert clerk.post(EXTEND, sent).status_code == 302
        assert clerk.post(EXTEND, {"action": "decide", "decision": "grant"}).status_code == 403
        assert reviewer.post(EXTEND, {"action": "decide", "decision": "refuse", "note": ""}).status_code == 422
        page = reviewer.post(EXTEND, {"action": "decide", "decision": "grant"}, follow=True).content.decode()
        assert "已同意延期" in page
        assert "原计划 2017-12-31，推后 90 天" in page
        assert Task.objects.get().due_on == date(2018, 3, 31)

    def test_other_sections_and_readers_do_not_see_the_requests(self, place):
        asked(place)
        for user, status in ((place.supporter, 404), (place.other_reviewer, 404), (place.leader, 403)):
            assert signed_in(user).get(EXTEND).status_code == status


@pytest.mark.usefixtures("real_plan")
def test_loading_the_plan_again_does_not_put_moved_days_back(db):
    from tasks.loadplan import load_plan

    Installation.objects.update(business_date=date(2016, 11, 1))
    one, work = node("T01-2"), Task.objects.get(code="T01")
    reviewer, clerk = person("mover"), person("asker")
    moving.move(one, to=date(2017, 2, 28), reason=WHY, by=reviewer)
    extending.decide(extending.ask(work, to=date(2017, 9, 30), reason=WHY, by=clerk), granted=True, by=reviewer)
    kept = [(str(change.model), change.key) for change in load_plan() if "保留" in change.kind]
    assert kept == [("任务", "T01"), ("节点", "T01-2"), ("节点", "T01-3")]
    assert (node("T01-2").due_on, node("T01-3").due_on) == (date(2017, 2, 28), date(2017, 9, 30))
    assert Task.objects.get(code="T01").due_on == date(2017, 9, 30)
