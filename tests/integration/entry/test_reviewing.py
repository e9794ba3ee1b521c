"""The section's review: one sheet with what it was seen to hold, or many of a form and month in one act."""

import pytest

from bureau import months
from bureau.models import AuditEvent, Grant
from indicators.entry import workflow
from indicators.models import BalanceRule, Figure, Submission
from tests.integration.entry.browsing import url_of
from tests.integration.factories import E1, EAST, START, WEST, approved, cells, fill, hand_in, person

pytestmark = pytest.mark.django_db

State = Submission.State
FULL = ("D01", "D02", "D21", ("D31", "active"), ("D31", "retired"))


def full(place: str, value: int = 5) -> dict:
    return {(place, *(item if isinstance(item, tuple) else (item,))): value for item in FULL}


@pytest.fixture
def reviewer(tiny, signed_in):
    return signed_in(tiny.reviewer)


def states() -> list[str]:
    return list(Submission.objects.order_by("pk").values_list("state", flat=True))


class TestOneSheet:
    @pytest.fixture
    def waiting(self, tiny):
        return hand_in(tiny, "town", EAST, START, full(EAST))

    def opened(self, client, submission) -> dict:
        context = client.get(f"/review/{submission.pk}/").context
        return {"seen": context["seen"], "shown": context["shown"]}

    def test_changed_since_he_looked_it_is_refused_with_the_cells_that_differ(self, tiny, waiting, reviewer):
        seen = self.opened(reviewer, waiting)
        workflow.withdraw(waiting, by=tiny.clerk)
        workflow.save(waiting, cells(tiny, {(EAST, "D01"): 6, (EAST, "D02"): 7}), by=tiny.clerk, source="grid")
        workflow.submit(waiting, by=tiny.clerk)
        answer = reviewer.post(f"/review/{waiting.pk}/", seen | {"decision": "approve"})
        assert answer.status_code == 409
        assert "数据已变动（2 处），请重新核对" in answer.content.decode()
        found = [(one["item"], one["seen"], one["now"]) for one in answer.context["differences"]]
        assert found == [("D01 D01", "5", "6"), ("D02 D02", "5", "7")]
        assert not Figure.objects.exists()
        now = {"seen": answer.context["seen"], "shown": answer.context["shown"]}
        assert reviewer.post(f"/review/{waiting.pk}/", now | {"decision": "approve"}).status_code == 302
        assert Figure.objects.get(item=tiny.items["D01"].pk).value == 6

    def test_withdrawn_since_he_looked_it_says_by_whom_and_keeps_his_reason(self, tiny, waiting, reviewer):
        seen = self.opened(reviewer, waiting)
        workflow.withdraw(waiting, by=tiny.clerk)
        answer = reviewer.post(f"/review/{waiting.pk}/", seen | {"decision": "return", "reason": "新增人数请核对"})
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "只有待审核的报表可以退回。" in text
        assert "clerk" in text
        assert "撤回。" in text
        assert states() == [State.DRAFT]

    def test_approved_twice_it_is_refused_the_second_time(self, tiny, waiting, reviewer):
        seen = self.opened(reviewer, waiting)
        assert reviewer.post(f"/review/{waiting.pk}/", seen | {"decision": "approve"}).status_code == 302
        again = reviewer.post(f"/review/{waiting.pk}/", seen | {"decision": "approve"})
        assert (again.status_code, "审核通过。" in again.content.decode()) == (409, True)
        assert AuditEvent.objects.filter(act="submission.approve").count() == 1

    @pytest.mark.parametrize("sent", [{}, {"decision": "publish"}, {"decision": "approve", "seen": "x" * 65}])
    def test_what_is_no_decision_is_refused(self, waiting, reviewer, sent):
        assert reviewer.post(f"/review/{waiting.pk}/", sent).status_code == 422
        assert states() == [State.SUBMITTED]

    def test_a_reason_beyond_its_limit_is_told_with_its_length_and_kept(self, waiting, reviewer):
        answer = reviewer.post(f"/review/{waiting.pk}/", {"decision": "return", "reason": "核" * 501})
        text = answer.content.decode()
        assert (answer.status_code, states()) == (422, [State.SUBMITTED])
        assert "501" in text
        assert "核" * 501 in text

    def test_a_script_in_the_reason_is_text(self, tiny, waiting, reviewer, signed_in):
        reason = "<script>alert(1)</script>{{7*7}}'\"><img onerror=x>"
        assert reviewer.post(f"/review/{waiting.pk}/", {"decision": "return", "reason": reason}).status_code == 302
        page = signed_in(tiny.clerk).get(url_of("town", EAST, START)).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}&#x27;&quot;&gt;&lt;img onerror=x&gt;" in page
        assert "<script>alert" not in page

    def test_a_figure_leads_to_its_history_once_it_was_approved(self, tiny, reviewer, signed_in):
        again = approved(tiny, "town", EAST, START, full(EAST))
        workflow.correct(again, by=tiny.clerk, reason="重复计了两人")
        workflow.submit(again, by=tiny.clerk)
        link = f'href="/history/D01/{EAST}/2015-01/"'
        assert link in reviewer.get(f"/review/{again.pk}/").content.decode()
        assert link in signed_in(tiny.clerk).get(url_of("town", EAST, START)).content.decode()


class TestManyAtOnce:
    @pytest.fixture
    def two(self, tiny):
        other = person("west", (Grant.Role.TOWN_CLERK, tiny.areas[WEST]))
        return [hand_in(tiny, "town", EAST, START, full(EAST)), hand_in(tiny, "town", WEST, START, full(WEST), other)]

    def groups(self, client) -> list[dict]:
        return client.get("/review/").context["groups"]

    def test_all_of_a_form_and_month_are_one_act(self, tiny, two, reviewer):
        (group,) = self.groups(reviewer)
        assert [(row["place"], row["checks_word"]) for row in group["rows"]] == [("101", "无异常"), ("102", "无异常")]
        answer = reviewer.post("/review/", {"action": "all", "every": group["every"]})
        assert (answer.status_code, states()) == (302, [State.APPROVED, State.APPROVED])
        event = AuditEvent.objects.get(act="submission.approve")
        assert (event.by, event.revisions) == (tiny.reviewer, 10)

    def test_only_the_ticked_ones(self, two, reviewer):
        (group,) = self.groups(reviewer)
        assert reviewer.post("/review/", {"action": "some", "pick": group["every"][1:]}).status_code == 302
        assert states() == [State.SUBMITTED, State.APPROVED]

    def test_ticking_nothing_is_told(self, two, reviewer):
        answer = reviewer.post("/review/", {"action": "some"})
        assert (answer.status_code, "没有勾选报表。" in answer.content.decode()) == (422, True)

    def test_one_that_changed_since_stops_them_all_and_is_named(self, tiny, two, reviewer):
        (group,) = self.groups(reviewer)
        workflow.withdraw(two[0], by=tiny.clerk)
        workflow.save(two[0], cells(tiny, {(EAST, "D01"): 6}), by=tiny.clerk, source="grid")
        workflow.submit(two[0], by=tiny.clerk)
        answer = reviewer.post("/review/", {"action": "all", "every": group["every"]})
        assert answer.status_code == 409
        assert "一份也没有通过：101 · town · 2015年1月 的数据已变动" in answer.content.decode()
        assert not Figure.objects.exists()

    def test_one_that_was_withdrawn_since_stops_them_all(self, tiny, two, reviewer):
        (group,) = self.groups(reviewer)
        workflow.withdraw(two[0], by=tiny.clerk)
        assert reviewer.post("/review/", {"action": "all", "every": group["every"]}).status_code == 409
        assert states() == [State.DRAFT, State.SUBMITTED]

    def test_what_asks_to_be_looked_at_is_not_offered_in_bulk(self, tiny, two, reviewer, signed_in):
        BalanceRule.objects.create(code="B1", text="D02 <= D01")
        for item, value in (("D02", 9),):
            workflow.withdraw(two[0], by=tiny.clerk)
            workflow.save(two[0], cells(tiny, {(EAST, item): value}), by=tiny.clerk, source="grid")
            workflow.submit(two[0], by=tiny.clerk)
        part = hand_in(tiny, "village", EAST, START, {(E1, "D22"): 5})
        own = fill(tiny, "town", EAST, START + 1, full(EAST), by=tiny.reviewer)
        workflow.submit(own, by=tiny.clerk)
        rows = {row["url"]: row for group in self.groups(reviewer) for row in group["rows"]}
        assert rows[f"/review/{two[0].pk}/"]["checks_word"] == "1 处须改"
        assert rows[f"/review/{part.pk}/"]["checks_word"] == "未填 23 格"
        assert rows[f"/review/{own.pk}/"]["note"] == "有你填的数，须由他人审核"
        assert [url for url, row in rows.items() if row["pick"]] == [f"/review/{two[1].pk}/"]

    def test_his_own_figures_in_the_list_stop_them_all(self, tiny, two, reviewer):
        own = workflow.submit(fill(tiny, "town", EAST, START + 1, full(EAST), by=tiny.reviewer), by=tiny.clerk)
        picks = [f"{one.pk}:{workflow.content_digest(one)}" for one in (two[0], own)]
        answer = reviewer.post("/review/", {"action": "some", "pick": picks})
        assert (answer.status_code, "不能审核自己填报的数" in answer.content.decode()) == (422, True)
        assert not Figure.objects.exists()

    def test_another_sections_sheet_and_one_that_is_not_are_the_same(self, tiny, two, signed_in):
        stranger = signed_in(person("stranger", (Grant.Role.REVIEWER, tiny.sections["sbj"])))
        theirs = f"{two[0].pk}:{workflow.content_digest(two[0])}"
        answers = [stranger.post("/review/", {"action": "some", "pick": [pick]}) for pick in (theirs, "999999:abc")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content

    @pytest.mark.parametrize("pick", ["", "x", "1", "-1:a", "1e5:a", "٣:a", "9" * 30 + ":a", ":", "\x00:a"])
    def test_what_is_no_choice_is_refused(self, two, reviewer, pick):
        assert reviewer.post("/review/", {"action": "some", "pick": [pick]}).status_code == 400

    def test_many_months_wait_in_groups_oldest_first(self, tiny, reviewer):
        for month in (START + 2, START):
            hand_in(tiny, "town", EAST, month, full(EAST))
        titles = [group["title"] for group in self.groups(reviewer)]
        assert titles == [f"town town · {months.label(month)}" for month in (START, START + 2)]
