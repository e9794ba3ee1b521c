"""What meetings decide: numbered, owned, dated, changed only with a reason, never lost; who may write and who reads."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bureau import months
from bureau.models import AuditEvent, Installation
from indicators.models import Indicator
from tasks import decision_page, decisions
from tasks.decisions import Wanted
from tasks.models import Decision
from tasks.rules import Conflict, Refused
from tests.integration.factories import EAST

pytestmark = pytest.mark.django_db
DECEMBER = months.make(2016, 12)
TODAY = date(2017, 2, 3)  # of the small county


def wanted(place, text: str = "每周调度城镇新增就业", due: date = date(2017, 3, 1), **more) -> Wanted:
    return Wanted(text, more.pop("owner", place.sections["jyj"]), due, **more)


@pytest.fixture
def decided(place) -> Decision:
    return decisions.decide(DECEMBER, wanted(place), by=place.leader)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(**more) -> dict:
    return {"text": "每周调度城镇新增就业", "owner": "s:jyj", "due_on": "2017-03-01", "reason": ""} | more


class TestDeciding:
    def test_numbers_count_within_the_year(self, place, decided):
        second = decisions.decide(DECEMBER, wanted(place, "约谈落后的镇", owner=place.areas[EAST]), by=place.office)
        Installation.objects.update(business_date=date(2018, 1, 9))
        third = decisions.decide(DECEMBER + 12, wanted(place, due=date(2018, 2, 1)), by=place.office)
        assert [decisions.number_of(one) for one in (decided, second, third)] == ["2017-1", "2017-2", "2018-1"]
        assert (second.town, second.section) == (place.areas[EAST], None)
        record = AuditEvent.objects.filter(act="decision.decide").first()
        assert (record.object, record.by, record.detail["owner"]) == ("2017-1", place.leader, "jyj")

    def test_the_same_thing_sent_twice_is_entered_once(self, place, decided):
        with pytest.raises(Refused, match="2017-1"):
            decisions.decide(DECEMBER, wanted(place), by=place.office)
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "said"), [({"text": "抓紧"}, "5 个字"), ({"due": date(2017, 2, 2)}, "2017-02-03")]
    )
    def test_what_says_too_little_or_was_due_before_is_refused(self, place, more, said):
        with pytest.raises(Refused, match=said):
            decisions.decide(DECEMBER, wanted(place, **more), by=place.leader)
        assert not Decision.objects.exists()

    def test_nothing_stands_without_its_record(self, place, audit_fails):
        with pytest.raises(RuntimeError):
            decisions.decide(DECEMBER, wanted(place), by=place.leader)
        assert not Decision.objects.exists()


class TestChanging:
    def test_a_change_needs_a_reason_and_keeps_what_stood_before(self, place, decided):
        later = wanted(place, due=date(2017, 4, 1), owner=place.areas[EAST])
        with pytest.raises(Refused, match="理由"):
            decisions.change(decided, later, by=place.leader, why="晚", seen=1)
        changed = decisions.change(decided, later, by=place.leader, why="春节后才能开展", seen=1)
        assert (changed.due_on, changed.town, changed.version) == (date(2017, 4, 1), place.areas[EAST], 2)
        record = AuditEvent.objects.get(act="decision.change")
        assert record.reason == "春节后才能开展"
        assert record.detail == {"due_on": ["2017-03-01", "2017-04-01"], "owner": ["jyj", EAST]}

    def test_two_at_once_are_told_of_each_other(self, place, decided):
        decisions.close(decided, on=TODAY, note="已按周调度", by=place.office, seen=1)
        with pytest.raises(Conflict):
            decisions.change(decided, wanted(place, "另行研究调度办法"), by=place.leader, why="另有安排了", seen=1)
        assert Decision.objects.get().text == decided.text

    def test_done_on_a_day_between_the_decision_and_today(self, place, decided):
        for day in (date(2017, 2, 2), date(2017, 2, 4)):
            with pytest.raises(Refused, match="2017-02-03"):
                decisions.close(decided, on=day, note="已按周调度", by=place.office, seen=1)
        with pytest.raises(Refused, match="办结情况"):
            decisions.close(decided, on=TODAY, note="完", by=place.office, seen=1)
        done = decisions.close(decided, on=TODAY, note="已按周调度", by=place.office, seen=1)
        with pytest.raises(Refused, match="已办结"):
            decisions.change(done, wanted(place, "再加一句话"), by=place.leader, why="补充内容一下", seen=2)
        again = decisions.reopen(done, why="调度停了两周", by=place.leader, seen=2)
        assert (again.state, again.done_on, again.done_note) == ("open", None, "")
        assert AuditEvent.objects.get(act="decision.reopen").detail["note"] == ["已按周调度", ""]

    @pytest.mark.parametrize(
        ("today", "word"),
        [(date(2017, 2, 27), "还有 2 天"), (date(2017, 3, 1), "今天到期"), (date(2017, 3, 4), "逾期 3 天")],
    )
    def test_late_is_told_by_the_clock(self, decided, today, word):
        assert decision_page.state_of(decided, today)[1] == word
        assert decisions.overdue(decided, today) == (word == "逾期 3 天")


class TestPages:
    def test_leader_and_office_write_and_all_readers_read(self, place, decided):
        new, one = reverse("decision_new") + "?month=2016-12&version=live", reverse("decision", args=[decided.pk])
        close = {"action": "close", "on": "2017-02-03", "note": "已按周调度", "seen": "1"}
        for name in ("reviewer", "writer", "clerk"):
            client = signed_in(getattr(place, name))
            assert client.get(one).status_code == 200
            assert client.post(one, close).status_code == 403
            assert client.get(new).status_code == 403
        assert Decision.objects.get().state == "open"
        assert "登记办结" not in signed_in(place.clerk).get(one).content.decode()
        assert signed_in(place.leader).post(one, close).status_code == 302
        assert Decision.objects.get().done_note == "已按周调度"

    def test_the_office_enters_a_decision_on_an_indicator(self, place):
        from tests.integration.factories import approved

        approved(place, "town", EAST, DECEMBER, {(EAST, "D01"): 1, (EAST, "D02"): 0})
        client, url = signed_in(place.office), reverse("decision_new") + "?month=2016-12&version=live&indicator=A01"
        form = client.get(url).context["form"]
        assert (form.initial["indicator"], form.initial["owner"]) == ("A01", "s:jyj")
        refused = client.post(url, sent(owner="s:none", due_on="明天"))
        assert refused.status_code == 422
        assert "没有这个责任单位。" in refused.content.decode()
        assert "日期写法不对" in refused.content.decode()
        assert "每周调度城镇新增就业" in refused.content.decode()
        assert client.post(url, sent(owner=f"t:{EAST}", indicator="A01")).status_code == 302
        made = Decision.objects.get()
        assert (made.month, made.town, made.indicator) == (
            DECEMBER,
            place.areas[EAST],
            Indicator.objects.get(code="A01"),
        )

    def test_a_conflict_keeps_what_was_typed(self, place, decided):
        decisions.change(decided, wanted(place, "另行研究调度办法"), by=place.office, why="另有安排了", seen=1)
        url = reverse("decision", args=[decided.pk])
        answer = signed_in(place.leader).post(
            url, sent(text="我写的新内容", why="补充内容一下", seen="1", action="change")
        )
        assert answer.status_code == 409
        assert "已被他人修改" in answer.content.decode()
        assert "我写的新内容" in answer.content.decode()

    def test_the_list_and_its_csv_tell_all(self, place, decided):
        client = signed_in(place.clerk)
        page = client.get(reverse("decision_list")).content.decode()
        assert "1 项：办结 0 项，未办结 1 项" in page
        lines = client.get(reverse("decision_csv")).content.decode("utf-8-sig").splitlines()
        assert lines[1] == "2017-1,2016年12月,2017-02-03,每周调度城镇新增就业,,就业局,2017-03-01,还有 26 天,,,,,,leader"
