"""Pages of supervision slips: who sees which, what he may do now, what a new one opens with, what waits for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.models import Grant, Installation
from indicators import desk
from indicators.models import Evaluation
from tasks import decisions
from tasks.models import Slip
from tasks.slips import supervision
from tasks.slips.page import word
from tests.integration import factories
from tests.integration.factories import EAST, person
from tests.integration.tasks import pressing
from tests.integration.tasks.pressing import ANSWERED, DUE
from tests.integration.tasks.workplace import DECEMBER

pytestmark = pytest.mark.django_db
LIST, NEW = "/slips/", "/slips/new/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user, url: str) -> str:
    return signed_in(user).get(url).content.decode()


def numbers(user, url: str = LIST) -> list[str]:
    """The numbers within the year of the slips a person's list shows."""
    rows = signed_in(user).get(url).context["table"].data
    return [f"{row['slip'].number} 号" for row in rows]


def on(day: date) -> None:
    Installation.objects.update(business_date=day)


@pytest.fixture
def slips(place) -> list[Slip]:
    """1: of 就业局, answered; 2: of the town, assigned, 社保局 supports; 3: of 就业局, not assigned; 4: struck off."""
    return [
        pressing.answered(place),
        pressing.assigned(place, owner=place.areas[EAST], subject="约谈落后的镇", supporting=[place.sections["sbj"]]),
        pressing.raised(place, subject="核对转移就业人数"),
        pressing.struck_off(place, subject="零就业家庭回访"),
    ]


class TestTheList:
    def test_each_sees_his_own_and_leaders_all(self, place, slips):
        expected = {
            "leader": ["1 号", "2 号", "3 号", "4 号"],
            "office": ["1 号", "2 号", "3 号", "4 号"],
            "reviewer": ["1 号", "3 号", "4 号"],
            "writer": ["1 号", "4 号"],  # what is not assigned is not his yet
            "clerk": ["2 号"],
            "supporter": ["2 号"],
            "other_reviewer": ["2 号"],
        }
        assert {name: numbers(getattr(place, name)) for name in expected} == expected

    def test_who_sees_none_is_still_told_how_many_each_unit_has(self, place, slips):
        village = person("assistant", (Grant.Role.VILLAGE_ASSISTANT, place.areas[factories.E1]))
        answer = signed_in(village).get(LIST)
        assert numbers(village) == []
        told = {unit["name"]: (unit["open"], unit["red"], unit["struck_off"]) for unit in answer.context["units"]}
        assert told == {"就业局": (1, 0, 1), "101": (1, 0, 0)}
        assert "督办单在办 2 件；今年已销号 1 件" in answer.content.decode().replace("</span>", "")

    def test_the_most_pressing_first_with_its_colour(self, place, slips):
        on(date(2017, 3, 7))  # two days after the time limit; 1 was answered in time
        table = signed_in(place.leader).get(LIST).context["table"]
        shown = [(row["slip"].number, row["colour"], word(row["slip"], table.today)) for row in table.data]
        assert shown == [
            (1, "blue", "已反馈，待审结"),
            (2, "red", "超期 2 天"),
            (3, "blue", "待交办"),
            (4, "grey", "已销号"),
        ]
        assert numbers(place.leader, f"{LIST}?colour=red") == ["2 号"]
        assert numbers(place.leader, f"{LIST}?state=open&unit=s:jyj") == ["1 号", "3 号"]
        assert numbers(place.leader, f"{LIST}?unit=nowhere") == ["1 号", "2 号", "3 号", "4 号"]
        assert "超期 1 件" in page_of(place.clerk, LIST)

    def test_the_csv_has_the_rows_as_filtered(self, place, slips):
        lines = signed_in(place.leader).get("/slips/list.csv?unit=s:jyj&state=answered").content.decode("utf-8-sig")
        assert lines.splitlines()[1:] == [
            "盐均督〔2017〕1 号,领导小组交办,城镇新增就业进度滞后,A01 连续 2 个月严重滞后,两周内拿出补进度的办法,"
            "就业局,2017-02-03,2017-02-03,2017-03-05,2017-02-03,,反馈,已反馈，待审结"
        ]

    def test_asks_the_database_as_often_for_forty_as_for_two(self, place):
        client = signed_in(place.leader)
        client.get("/tasks/")  # the first request of a session writes it

        def asked() -> list[str]:
            with CaptureQueriesContext(connection) as found:
                assert client.get(LIST).status_code == 200
            return [query["sql"].partition(" WHERE")[0] for query in found]

        for number in range(2):
            pressing.assigned(place, subject=f"第 {number} 件督办事项", owner=place.areas[EAST])
        few = asked()
        assert len(few) <= 12
        for number in range(2, 40):
            pressing.raised(place, subject=f"第 {number} 件督办事项")
        assert asked() == few


class TestOne:
    def test_is_there_only_for_who_sees_it(self, place, slips):
        url = reverse("slip", args=[slips[2].pk])  # not assigned
        assert {name: signed_in(getattr(place, name)).get(url).status_code for name in (
            "leader", "reviewer", "writer", "clerk", "supporter",
        )} == {"leader": 200, "reviewer": 200, "writer": 404, "clerk": 404, "supporter": 404}  # fmt: skip

    def test_tells_every_field_of_the_paper(self, place):
        slip = pressing.concluded(
            place, problem="缺口 120 人", officer="张某", supporting=[place.sections["sbj"]], work=place.task
        )
        text = page_of(place.leader, reverse("slip", args=[slip.pk]))
        for told in (
            "盐均督〔2017〕1 号", "城镇新增就业进度滞后", "A01 连续 2 个月严重滞后", "领导小组交办", "就业局", "社保局",
            "张某", "2017-02-03", "2017-03-05", "缺口 120 人", "两周内拿出补进度的办法", ANSWERED, "缺口已补，同意审结",
            "leader · 2017-02-03", "writer · 2017-02-03", "T01 城乡就业政策统一",
        ):  # fmt: skip
            assert told in text

    @pytest.mark.parametrize(
        ("made", "name", "acts"),
        [
            ("raised", "leader", ["assign", "change", "drop"]),
            ("assigned", "leader", ["change"]),
            ("assigned", "writer", ["accept", "ask_extension"]),
            ("assigned", "supporter", []),
            ("answered", "writer", []),
            ("answered", "reviewer", ["conclude", "send_back"]),
            ("concluded", "reviewer", []),  # what he concluded, those above him strike off or reject
            ("concluded", "office", ["strike_off", "send_back"]),
            ("struck_off", "leader", ["reopen"]),
        ],
    )
    def test_offers_what_this_person_may_do_now(self, place, made, name, acts):
        support = {"supporting": [place.sections["sbj"]]}
        slip = getattr(pressing, made)(place, **support)
        found = signed_in(getattr(place, name)).get(reverse("slip", args=[slip.pk])).context
        assert [one["act"] for one in (*found["first"], *found["other"])] == acts

    def test_a_supporting_unit_reads_and_may_not_act(self, place):
        slip = pressing.assigned(place, supporting=[place.sections["sbj"]])
        url = reverse("slip", args=[slip.pk])
        assert signed_in(place.supporter).post(url, {"action": "accept", "seen": "2"}).status_code == 403
        assert signed_in(place.reviewer).post(url, {"action": "strike_off", "seen": "2"}).status_code == 403
        assert signed_in(place.clerk).post(url, {"action": "accept", "seen": "2"}).status_code == 404
        assert Slip.objects.get().state == "assigned"

    def test_what_was_typed_stays_when_somebody_was_faster(self, place):
        slip = pressing.accepted(place)
        supervision.answer(slip, text=ANSWERED, by=place.helper, seen=3)
        sent = {"action": "answer", "text": "我写的另一份办理情况。", "seen": "3"}
        answer = signed_in(place.writer).post(reverse("slip", args=[slip.pk]), sent)
        assert answer.status_code == 409
        for told in ("现为“反馈”", "我写的另一份办理情况。", ANSWERED):
            assert told in answer.content.decode()

    def test_what_was_wanting_stands_above_until_it_is_done(self, place):
        slip = supervision.send_back(pressing.answered(place), why="没有附名单", by=place.reviewer, seen=4)
        url = reverse("slip", args=[slip.pk])
        assert signed_in(place.writer).get(url).context["returned"] == "没有附名单"
        supervision.answer(slip, text="名单已附，逐人核对完毕。", by=place.writer, seen=5)
        assert signed_in(place.writer).get(url).context["returned"] == ""

    def test_a_later_day_asked_for_and_granted(self, place):
        slip = pressing.accepted(place)
        url = reverse("slip", args=[slip.pk])
        ask = {"action": "ask_extension", "until": "2017-03-20", "reason": "名单核对还要两周"}
        assert signed_in(place.writer).post(url, ask).status_code == 302
        refused = signed_in(place.leader).post(url, {"action": "decide_extension", "grant": "no", "note": ""})
        assert (refused.status_code, "至少 5 个字" in refused.content.decode()) == (422, True)
        grant = {"action": "decide_extension", "grant": "yes", "note": ""}
        assert signed_in(place.leader).post(url, grant).status_code == 302
        assert Slip.objects.get().due_on == date(2017, 3, 20)
        assert "2017-03-05 → 2017-03-20" in page_of(place.writer, url)


class TestRaising:
    def sent(self, **more) -> dict:
        return {
            "subject": "城镇新增就业进度滞后", "basis": "会商要求尽快补上", "requirement": "两周内拿出补进度的办法",
            "owner": "s:jyj", "due_on": "2017-03-05",
        } | more  # fmt: skip

    def test_a_reviewer_raises_only_for_his_section(self, place):
        client = signed_in(place.reviewer)
        for owner in ("s:sbj", f"t:{EAST}"):
            answer = client.post(NEW, self.sent(owner=owner))
            assert (answer.status_code, "没有这个责任单位。" in answer.content.decode()) == (422, True)
        assert client.post(NEW, self.sent()).status_code == 302
        assert Slip.objects.get().origin == "section"
        assert signed_in(place.writer).get(NEW).status_code == 403

    def test_from_a_decision(self, place):
        ground = decisions.Wanted("每周调度城镇新增就业", place.areas[EAST], DUE, reason="连续两月落后")
        decision = decisions.decide(DECEMBER, ground, by=place.leader)
        assert f"/slips/new/?decision={decision.pk}" in page_of(place.leader, reverse("decision", args=[decision.pk]))
        assert "立督办单" not in page_of(place.reviewer, reverse("decision", args=[decision.pk]))
        client, url = signed_in(place.leader), f"{NEW}?decision={decision.pk}"
        opened = client.get(url).context["form"].initial
        assert (opened["owner"], opened["problem"], opened["due_on"]) == (f"t:{EAST}", "连续两月落后", DUE)
        assert opened["basis"] == "2017-02-03会商议定事项 2017-1：每周调度城镇新增就业"
        client.post(url, self.sent(owner=f"t:{EAST}"))
        made = Slip.objects.get()
        assert (made.origin, made.decision, made.month) == ("decision", decision, DECEMBER)

    def test_from_a_task_whose_node_is_past(self, place):
        assert "/slips/new/?task=T01" in page_of(place.reviewer, "/tasks/T01/")
        assert "立督办单" not in page_of(place.writer, "/tasks/T01/")
        opened = signed_in(place.leader).get(f"{NEW}?milestone=T01-1").context["form"].initial
        assert opened["basis"] == "T01 城乡就业政策统一节点“节点1”计划 2016-12-31，逾期 34 天"
        assert (opened["owner"], opened["supporting"]) == ("s:jyj", ["sbj"])
        signed_in(place.leader).post(f"{NEW}?milestone=T01-1", self.sent())
        made = Slip.objects.get()
        assert (made.task, made.milestone.code) == (place.task, "T01-1")

    def test_from_an_indicator_that_is_red(self, place):
        factories.approved(place, "town", EAST, DECEMBER, {(EAST, "D01"): 1, (EAST, "D02"): 0})
        page, ground = "/indicators/A01/?month=2016-12&version=live", "indicator=A01&month=2016-12&version=live"
        link = f"/slips/new/?{ground}".replace("&", "&amp;")
        assert link not in page_of(place.office, page)  # grey: not all have reported
        Evaluation.objects.filter(indicator=place.indicators["A01"].pk, area=place.county.pk).update(light=4)
        person("clerk_of_section", (Grant.Role.SECTION_CLERK, place.sections["jyj"]))
        Installation.objects.update(go_live_month=DECEMBER)
        pressing.raised(place)  # something on record: pages kept before are made anew
        assert link in page_of(place.office, page)
        opened = signed_in(place.office).get(f"{NEW}?{ground}").context["form"].initial
        assert (opened["owner"], opened["indicator"], opened["subject"]) == ("s:jyj", "A01", "A01进度滞后")
        assert opened["basis"].startswith("2016年12月 A01 A01 1.00%，")
        in_town = signed_in(place.office).get(f"{NEW}?{ground}&area={EAST}").context["form"].initial
        assert in_town["owner"] == f"t:{EAST}"


class TestTheDesk:
    def waiting(self, user) -> list[tuple[str, str]]:
        here = Installation.objects.get()
        group = next((one for one in desk.groups(user, here, DECEMBER) if one["id"] == "slips"), {"rows": []})
        return [(row["form"].split("〕")[1].split()[0], row["action"]) for row in group["rows"]]

    def test_asks_no_more_for_more_slips(self, place):
        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                assert len(self.waiting(place.leader))
            return len(found)

        pressing.answered(place, subject="第一件督办事项")
        asked()  # his grants are read once
        few = asked()
        for number in range(8):
            pressing.raised(place, subject=f"第 {number} 件督办事项")
        assert asked() == few

    def test_what_waits_for_whom(self, place, slips):
        asked = pressing.accepted(place, subject="名单核对要延期", due_on=date(2017, 2, 20))
        supervision.ask_extension(asked, until=date(2017, 3, 1), reason="名单核对还要两周", by=place.writer)
        pressing.concluded(place, subject="已审结待销号的")
        assert self.waiting(place.leader) == [("5", "批复延期"), ("1", "审结"), ("3", "交办"), ("6", "销号")]
        assert self.waiting(place.reviewer) == [("5", "批复延期"), ("1", "审结"), ("3", "交办")]
        assert self.waiting(place.writer) == [("5", "反馈")]
        assert self.waiting(place.clerk) == [("2", "签收")]
        assert self.waiting(place.supporter) == []
