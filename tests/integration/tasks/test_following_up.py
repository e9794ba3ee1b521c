"""What becomes of decisions and slips on other pages: the next brief opens with it, and everybody is told his part."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau import months
from bureau.models import Installation, User
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.publish import publish
from reports import slip_document
from tasks import decision_slips, decisions, evidence
from tasks.decisions import Wanted
from tasks.models import Decision, Slip
from tasks.slips import supervision
from tests.integration.factories import EAST, WEST, person, put
from tests.integration.tasks import pressing, workplace
from tests.integration.tasks.pressing import DUE, wanted

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = months.make(2016, 11), months.make(2016, 12)


@pytest.fixture
def released(place):
    """November and December 2016 released with three new jobs each."""
    for month in (NOVEMBER, DECEMBER):
        put(place, [(month, {(EAST, "D01"): 3, (EAST, "D02"): 0, (WEST, "D01"): 0, (WEST, "D02"): 0})])
    tree = Tree(place.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    for month in (NOVEMBER, DECEMBER):
        publish(place.county, month, by=place.office)
    return place


def decided(place, text: str = "每周调度城镇新增就业", month: int = NOVEMBER) -> Decision:
    return decisions.decide(month, Wanted(text, place.sections["jyj"], DUE), by=place.leader)


def slip_of(place, decision: Decision, **more) -> Slip:
    """Raised of a decision and handed to 就业局."""
    said = wanted(place, **({"subject": decision.text} | more))
    slip = supervision.raise_slip(said, by=place.office, origin=Slip.Origin.DECISION, decision=decision)
    return supervision.assign(slip, by=place.leader, seen=slip.version)


def through(place, slip: Slip, *, off: bool = True) -> Slip:
    """Signed for, answered, concluded and, where it is to be, struck off."""
    slip = supervision.accept(slip, by=place.writer, seen=slip.version)
    slip = supervision.answer(slip, text=pressing.ANSWERED, by=place.writer, seen=slip.version)
    slip = supervision.conclude(slip, verdict="缺口已补，同意审结", by=place.reviewer, seen=slip.version)
    return supervision.strike_off(slip, by=place.leader, seen=slip.version) if off else slip


def on(day: date) -> None:
    Installation.objects.update(business_date=day)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, url: str) -> str:
    answer = signed_in(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


class TestMeeting:
    def test_the_next_brief_opens_with_decisions_and_their_slips(self, released):
        done, late, fresh = (decided(released, text) for text in ("约谈落后的镇", "补齐台账资料", "招聘会每月一次"))
        through(released, slip_of(released, done))
        slip_of(released, late, due_on=date(2017, 2, 10))
        slip_of(released, fresh)
        on(date(2017, 2, 14))
        text = page(released.leader, "/meeting/")
        before = text.split("请定事项")[0]
        assert "3 项：办结 0 项，未办结 3 项" in before
        assert "督办 3 件：办结 1 件，在办 2 件，其中超期 1 件" in before
        assert "交办，超期 4 天" in before
        assert "交办，剩 19 天" in before
        assert f'/meeting/decisions/{done.pk}/#close">已经办完，建议登记办结' in before

    def test_a_reader_hears_how_it_stands_and_not_more(self, released):
        slip = slip_of(released, decided(released))
        secret = supervision.raise_slip(
            wanted(released, subject="还没有交办的事"), by=released.office, origin=Slip.Origin.DECISION,
            decision=decided(released, "另一件议定的事"),
        )  # fmt: skip
        for who, sees in ((released.leader, True), (released.writer, True), (released.clerk, False)):
            text = page(who, "/meeting/decisions/")
            assert "剩 30 天" in text
            assert (f'href="/slips/{slip.pk}/"' in text) is sees
            assert ("待交办" in text) is (who == released.leader)
            assert (f'href="/slips/{secret.pk}/"' in text) is (who == released.leader)

    def test_a_decision_is_proposed_for_closing_and_closed_by_a_person(self, released):
        decision = decided(released)
        slip = slip_of(released, decision)
        url = f"/meeting/decisions/{decision.pk}/"
        form = signed_in(released.leader).get(url).context["close"]
        assert (form.initial["on"], form.initial.get("note")) == (date(2017, 2, 3), None)
        on(date(2017, 2, 8))
        through(released, slip)
        on(date(2017, 2, 20))
        form = signed_in(released.leader).get(url).context["close"]
        assert form.initial["on"] == date(2017, 2, 8)
        assert form.initial["note"] == "盐均督〔2017〕1 号：缺口已补，同意审结"
        decision.refresh_from_db()
        assert decision.state == Decision.State.OPEN
        assert "建议登记办结" in page(released.leader, url)
        slip_of(released, decision, subject="还有一件要办的事", due_on=date(2017, 3, 20))
        assert "建议登记办结" not in page(released.leader, url)

    def test_later_days_asked_for_are_listed_for_those_concerned(self, released):
        slip = slip_of(released, decided(released))
        supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单须逐户核对", by=released.writer)
        said = "盐均督〔2017〕1 号 每周调度城镇新增就业：申请由 2017-03-05 延至 2017-03-20"
        for who, told in ((released.leader, True), (released.writer, True), (released.clerk, False)):
            text = page(who, "/meeting/").split("请示事项")[1]
            assert (said in text) is told
            assert ("名单须逐户核对" in text) is told

    def test_many_slips_cost_no_query_more(self, released):
        slip_of(released, decided(released))
        client = signed_in(released.clerk)
        client.get("/meeting/")
        with CaptureQueriesContext(connection) as few:
            client.get("/meeting/")
        for number in range(8):
            slip_of(released, decided(released, f"第{number}件议定的事"))
        with CaptureQueriesContext(connection) as many:
            client.get("/meeting/")
        assert len(many) == len(few) <= 18, [one["sql"][:90] for one in many]


class TestWithinATask:
    """A decision carried out within a task or project stands with it, and is done with it."""

    def test_it_is_named_in_the_form_and_told_with_the_state_of_the_task(self, released):
        sent = {
            "text": "农村电商每月调度", "owner": "s:jyj", "due_on": "2017-03-01", "reason": "", "work": "T01",
        }  # fmt: skip
        client = signed_in(released.leader)
        assert client.post("/meeting/decisions/new/?month=2016-11&version=1", sent).status_code == 302
        decision = Decision.objects.get()
        assert (decision.task, decision.project) == (released.task, None)
        before = page(released.clerk, "/meeting/").split("请定事项")[0]
        assert 'href="/tasks/T01/">T01 城乡就业政策统一</a>' in before
        assert "进度偏慢" in before
        text = page(released.leader, f"/meeting/decisions/{decision.pk}/")
        assert '<option value="T01" selected>' in text
        client = signed_in(released.leader)
        form = client.get(f"/slips/new/?decision={decision.pk}").context["form"]
        assert form.initial["subject"] == "农村电商每月调度"
        refused = client.post("/meeting/decisions/new/?month=2016-11&version=1", sent | {"work": "T99"})
        assert (refused.status_code, "没有这个任务或项目。" in refused.content.decode()) == (422, True)

    def test_it_is_proposed_for_closing_once_the_project_is_completed(self, released):
        owner, due = released.sections["jyj"], date(2017, 3, 1)
        decision = decisions.decide(
            NOVEMBER, Wanted("物流企业尽快认定", owner, due, work=released.project), by=released.leader
        )
        assert "建议登记办结" not in page(released.leader, "/meeting/")
        on(date(2017, 2, 20))
        workplace.completed(released, months.make(2017, 2), date(2017, 2, 17))
        assert "建议登记办结" in page(released.leader, "/meeting/")
        form = signed_in(released.leader).get(f"/meeting/decisions/{decision.pk}/").context["close"]
        assert (form.initial["on"], form.initial["note"]) == (date(2017, 2, 17), "P05 已于 2017-02-17 完成")
        slip_of(released, decision, due_on=date(2017, 3, 20))
        assert "建议登记办结" not in page(released.leader, "/meeting/")


class TestOtherPages:
    def test_overview_tells_all_how_many_and_leads_only_who_may_see_them(self, released):
        slip_of(released, decided(released), due_on=date(2017, 2, 10))
        pressing.assigned(released, owner=released.areas[EAST], subject="约谈落后的镇")
        on(date(2017, 2, 14))
        villager = person("villager", ("village_assistant", released.areas[EAST]))
        for who, led in ((released.leader, True), (villager, False)):
            text = page(who, "/")
            assert "督办在办 2 件" in text
            assert "超期 1" in text
            assert "时限内 1" in text
            assert ('href="/slips/"' in text.split("任务与节点")[1]) is led

    def test_overview_names_the_next_milestones_beside_tasks(self, released):
        text = page(released.leader, "/")
        assert "节点“节点1”应于 2016-12-31 · 就业局" in text
        assert "逾期 34 天" in text

    @pytest.mark.parametrize("url", ["/sections/jyj/", "/tasks/T01/", f"/areas/{EAST}/"])
    def test_the_page_of_what_is_pressed_counts_for_all_and_lists_for_its_people(self, released, url):
        owner = {"owner": released.areas[EAST]} if EAST in url else {"work": released.task}
        slip = pressing.accepted(released, **owner) if EAST not in url else pressing.assigned(released, **owner)
        pressing.raised(released, subject="还没有交办的事", **owner)
        mine = released.clerk if EAST in url else released.writer
        stranger = person("stranger", ("town_clerk", released.areas[WEST]))
        for who, seen, internal in ((released.leader, True, True), (mine, True, False), (stranger, False, False)):
            text = page(who, url)
            assert "督办在办 1 件" in text
            assert (f'href="/slips/{slip.pk}/"' in text) is seen
            assert ("还没有交办的事" in text) is internal

    def test_a_task_also_lists_what_was_pressed_and_is_done_with(self, released):
        slip = pressing.struck_off(released, work=released.task)
        text = page(released.leader, "/tasks/T01/")
        assert "督办在办 0 件" in text
        assert f'href="/slips/{slip.pk}/"' in text
        assert "已销号" in text

    def test_a_section_names_the_next_milestone_of_each_task(self, released):
        assert "节点“节点1”2016-12-31" in page(released.leader, "/sections/jyj/")

    def test_the_ledger_counts_late_tasks_and_open_slips_per_clause(self, released):
        pressing.assigned(released, work=released.task)
        pressing.raised(released, work=released.task, subject="还没有交办的事")
        pressing.struck_off(released, work=released.task, subject="已经办结的事")
        type(released.task).objects.update(due_on=date(2017, 1, 31))
        assert '<b class="tone-red">1 项逾期</b> 督办 1 件' in page(released.leader, "/plan/")
        assert '<span class="tone-red">1 项逾期</span><span>督办 1 件</span>' in page(released.leader, "/plan/四(二)2/")
        head, *rows = signed_in(released.leader).get("/plan/ledger.csv").content.decode("utf-8-sig").splitlines()
        assert head == "clause,title,state,coverage,indicators,tasks,late_tasks,open_slips,note"
        assert rows[0].startswith("四(二)2,农村电商,仅任务,—,,T01 P05,1,1,")

    def test_many_slips_cost_the_overview_no_query_more(self, released):
        client = signed_in(released.leader)
        pressing.assigned(released)
        client.get("/")
        with CaptureQueriesContext(connection) as few:
            client.get("/?all=1")
        for number in range(5):
            pressing.assigned(released, subject=f"第{number}件要办的事")
        with CaptureQueriesContext(connection) as many:
            client.get("/?all=1")
        assert len(many) == len(few)


class TestMail:
    @pytest.fixture(autouse=True)
    def addresses(self, place):
        for user in User.objects.all():
            User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.cn")
        Installation.objects.update(go_live_month=months.make(2017, 6))  # no form is due

    def told(self) -> dict[str, list[str]]:
        """Who was written to, and which lines are about slips."""
        found = {
            one.to[0].partition("@")[0]: [line for line in one.body.splitlines() if "督办" in line]
            for one in mail.outbox
        }
        mail.outbox.clear()
        return {name: lines for name, lines in found.items() if lines}

    def remind(self, monkeypatch, day: str) -> None:
        """The morning of a day by both clocks, twice."""
        on(date.fromisoformat(day))
        moment = datetime.fromisoformat(f"{day} 08:30+08:00").astimezone(UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        for _time in range(2):
            call_command("remind", stdout=StringIO())

    def test_the_units_people_hear_once_a_day_of_what_presses(self, place, monkeypatch):
        slip = pressing.raised(place)
        self.remind(monkeypatch, "2017-02-06")
        assert self.told() == {}  # nobody was charged with it yet
        slip = supervision.assign(slip, by=place.leader, seen=slip.version)  # on 02-06, by 03-05: yellow from 02-24
        self.remind(monkeypatch, "2017-02-07")
        line = "1. 督办 盐均督〔2017〕1 号 城镇新增就业进度滞后：请签收；时限 2017-03-05，剩 26 天"
        assert self.told() == {"writer": [line], "helper": [line]}
        slip = supervision.accept(slip, by=place.writer, seen=slip.version)
        self.remind(monkeypatch, "2017-02-23")
        assert self.told() == {}
        self.remind(monkeypatch, "2017-02-24")
        assert self.told()["writer"][0].endswith("请反馈办理情况；时限 2017-03-05，剩 9 天")
        self.remind(monkeypatch, "2017-03-06")
        assert self.told()["helper"][0].endswith("请反馈办理情况；时限 2017-03-05，超期 1 天")
        slip = supervision.answer(slip, text=pressing.ANSWERED, by=place.writer, seen=slip.version)
        self.remind(monkeypatch, "2017-03-07")
        assert self.told() == {}
        supervision.send_back(slip, why="没有附名单", by=place.reviewer, seen=slip.version, until=date(2017, 4, 20))
        self.remind(monkeypatch, "2017-03-08")
        assert self.told()["writer"][0].endswith("退回重办，请再反馈；时限 2017-04-20，剩 43 天")

    def test_a_town_hears_of_its_own(self, place, monkeypatch):
        pressing.assigned(place, owner=place.areas[EAST])
        self.remind(monkeypatch, "2017-02-06")
        assert set(self.told()) == {"clerk", "colleague"}


class TestWord:
    def test_the_form_says_what_the_slip_says_in_chinese(self, place):
        slip = pressing.assigned(place, problem="三个镇没有名单", officer="张三", supporting=[place.sections["sbj"]])
        slip = supervision.accept(slip, by=place.writer, seen=slip.version)
        asked = supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单须逐户核对。", by=place.writer)
        supervision.decide_extension(asked, grant=True, note="请抓紧", by=place.leader)
        evidence.attach(SimpleUploadedFile("名单.pdf", b"%PDF-1.4"), by=place.writer, slip=slip)
        slip = Slip.objects.get(pk=slip.pk)
        slip = supervision.answer(slip, text=pressing.ANSWERED, by=place.writer, seen=slip.version)
        said = slip_document.compose(Slip.objects.get(), Installation.objects.get())
        assert (said.number, said.subject, said.basis) == ("盐均督〔2017〕1 号", slip.subject, slip.basis)
        assert said.category == "领导小组交办，蓝色（已反馈，待审结）"
        assert (said.owner, said.supporting, said.officer) == ("就业局", "社保局", "张三")
        assert (said.assigned_on, said.due_on) == ("2017年2月3日", "2017年3月20日（原2017年3月5日）")
        assert said.answer == f"{pressing.ANSWERED}（2017年2月3日）\n佐证材料：名单.pdf"
        (extension,) = said.extensions
        assert "申请延至2017年3月20日：名单须逐户核对。已同意（leader，" in extension
        assert (said.signed_by, said.accepted) == ("leader\n2017年2月3日", "writer\n2017年2月3日")
        assert (said.verdict, said.demonstration) == ("", False)

    def test_who_sees_the_slip_fetches_it_under_its_number(self, place):
        slip = pressing.assigned(place)
        url = f"/slips/{slip.pk}/slip.docx"
        Installation.objects.update(demonstration=True)
        answer = signed_in(place.writer).get(url)
        assert answer["Content-Type"].endswith("wordprocessingml.document")
        assert "%E7%9B%90%E5%9D%87%E7%9D%A3" in answer["Content-Disposition"]  # 盐均督
        assert "%E6%BC%94%E7%A4%BA" in answer["Content-Disposition"]  # 演示
        assert signed_in(place.supporter).get(url).status_code == 404
        assert f'href="{url}"' in page(place.writer, f"/slips/{slip.pk}/")


def test_what_was_dropped_is_no_longer_counted_beside_a_decision(released):
    decision = decided(released)
    said = wanted(released, subject=decision.text)
    slip = supervision.raise_slip(said, by=released.office, origin=Slip.Origin.DECISION, decision=decision)
    supervision.drop(slip, why="并入另一件督办", by=released.leader, seen=1)
    slips = decision_slips.read([decision])
    assert decision_slips.summary(slips, date(2017, 2, 3)) == ""
    assert not decision_slips.closable(decision, slips.get(decision.pk, ()))
