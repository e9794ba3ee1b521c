"""Clearing lists: what is left by place, to the one who may see so far; promises, their keepers and their overdue days.

In June 2016 one of seven units (A07) is not built, at E3; of 25 people three are not yet subsidised (A11), at E1.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import months
from bureau.models import AuditEvent, Installation
from bureau.places import Tree
from indicators import evaluate, publish, rollup
from indicators.models import Indicator
from tasks import promises
from tasks.models import ClearingPromise
from tasks.rules import Conflict, Refused
from tests.integration.factories import COUNTY, E1, E3, EAST, W1, W2, WEST, person, put

pytestmark = pytest.mark.django_db
MAY, JUNE = months.make(2016, 5), months.make(2016, 6)
LIVE = "?month=2016-06&version=live"
BUILT = {(place, "D81"): 1 for place in (COUNTY, EAST, E1, WEST, W1, W2)} | {(E3, "D81"): 0}
PEOPLE = {
    (E1, "D53"): 10, (E1, "D54"): 7, (E3, "D53"): 5, (E3, "D54"): 5,
    (W1, "D53"): 4, (W1, "D54"): 4, (W2, "D53"): 6, (W2, "D54"): 6,
}  # fmt: skip


@pytest.fixture
def county(place):
    """May, in which W1 had nothing built either, and June, both released."""
    put(place, [(MAY, BUILT | {(W1, "D81"): 0}), (JUNE, BUILT | PEOPLE)])
    tree = Tree(place.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    for month in (MAY, JUNE):
        publish.publish(place.county, month, by=place.office, reason="")
    return place


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lists(user, query: str = "") -> dict[str, dict]:
    """The page's groups by indicator."""
    answer = signed_in(user).get(f"/clearing/{query}")
    assert answer.status_code == 200
    return {group["code"]: group for group in answer.context["groups"]}


def left(group: dict) -> list[tuple]:
    return [(row["place"], row["left"], row["done"], row["total"]) for row in group["rows"]]


def promised(county, code: str = "A07", area: str = E3, on: date = date(2017, 3, 1), **more) -> ClearingPromise:
    given = {"owner": "王主任", "reason": "场地正在腾退", "by": county.office} | more
    return promises.promise(Indicator.objects.get(code=code), county.areas[area], on=on, **given)


class TestWhatIsLeft:
    def test_a_release_goes_down_to_towns(self, county):
        found = lists(county.leader)
        assert found["A07"]["sentence"] == "7个县、镇、村单位中6个已达标，还有1个。"
        assert left(found["A07"]) == [("101", "1", "2", "3")]
        assert found["A07"]["done"] == "102"  # West had one left in May
        assert found["A11"]["sentence"] == "25人中22人已达标，还有3人。"

    def test_the_countys_own_office_has_its_line(self, county):
        tree = Tree(county.county.pk)
        put(county, [(JUNE + 1, BUILT | {(COUNTY, "D81"): 0})])
        rollup.refresh(tree)
        evaluate.refresh(tree)
        found = lists(county.other_reviewer, "?month=2016-07&version=live")["A07"]
        assert left(found) == [("424", "1", "0", "1"), ("101", "1", "2", "3")]
        assert found["sentence"] == "7个县、镇、村单位中5个已达标，还有2个。"

    def test_only_targets_of_a_hundred_per_cent_are_here(self, county):
        """A13 asks for 90, A04 for 97, A06 for at most 10; A15 counts households."""
        assert set(lists(county.leader)) == {"A07", "A11"}

    def test_live_the_office_sees_every_place(self, county):
        found = lists(county.office, LIVE)
        assert left(found["A07"]) == [("101 203", "1", "0", "1")]
        assert found["A07"]["done"] == "102 201"

    def test_people_are_told_by_town_until_one_list_is_asked_for(self, county):
        found = lists(county.office, LIVE)
        assert left(found["A11"]) == [("101", "3", "12", "15")]
        assert found["A11"]["deeper_url"].endswith("indicator=A11")
        alone = lists(county.office, f"{LIVE}&indicator=A11")
        assert left(alone["A11"]) == [("101 201", "3", "7", "10")]

    def test_a_section_goes_so_deep_on_its_own_forms_only(self, county):
        assert left(lists(county.reviewer, LIVE)["A07"]) == [("101 203", "1", "0", "1")]
        assert left(lists(county.other_reviewer, LIVE)["A07"]) == [("101", "1", "2", "3")]
        assert signed_in(county.clerk).get(f"/clearing/{LIVE}").status_code == 404

    def test_a_place_without_figure_is_not_taken_for_done(self, county):
        tree = Tree(county.county.pk)
        put(county, [(JUNE + 1, {key: value for key, value in BUILT.items() if key[0] != W2})])
        rollup.refresh(tree)
        evaluate.refresh(tree)
        found = lists(county.office, "?month=2016-07&version=live")["A07"]
        assert left(found) == [("101 203", "1", "0", "1"), ("102 202", "1", "0", "1")]
        assert [row["whole"] for row in found["rows"]] == [True, False]

    def test_the_list_of_all_costs_as_much_as_one_page_may(self, county):
        client = signed_in(county.leader)
        client.get("/clearing/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/clearing/?indicator=A07")
        assert len(asked) <= 18, "\n".join(one["sql"][:120] for one in asked)

    def test_the_csv_holds_every_place_that_has_some_left(self, county):
        promised(county, area=EAST)
        lines = signed_in(county.leader).get("/clearing/list.csv").content.decode("utf-8-sig").splitlines()
        assert lines[1:] == [
            "A07,A07,就业局,2016-06,330424101,101,1,2,3,王主任,2017-03-01,场地正在腾退",
            "A11,A11,就业局,2016-06,330424101,101,3,12,15,,,",
        ]


class TestPromises:
    def test_a_promise_past_its_day_is_told_while_something_is_left(self, county):
        promised(county)
        promised(county, area=W1)  # built meanwhile
        assert not lists(county.office, LIVE)["A07"]["rows"][0]["late"]
        Installation.objects.update(business_date=date(2017, 3, 11))
        page = signed_in(county.office).get(f"/clearing/{LIVE}")
        row = page.context["groups"][0]["rows"][0]
        assert (row["owner"], row["promised_on"], row["reason"]) == ("王主任", "2017-03-01", "场地正在腾退")
        assert row["word"] == "逾期 10 天"
        assert page.context["late_text"] == "1 项承诺已过期"

    def test_the_folded_line_tells_what_is_left_promised_and_overdue_and_what_is_late_lies_open(self, county):
        def lines() -> list[tuple]:
            groups = lists(county.leader).values()
            return [(one["code"], one["of_all"], one["promised"], one["late_text"], one["open"]) for one in groups]

        a07, a11 = ("A07", "剩 1 / 7 个"), ("A11", "剩 3 / 25 人")
        assert lines() == [(*a07, "", "", True), (*a11, "", "", False)]
        promised(county, code="A11", area=EAST)
        assert lines() == [(*a07, "", "", True), (*a11, "已承诺 1 处", "", False)]
        Installation.objects.update(business_date=date(2017, 3, 11))
        assert lines() == [(*a07, "", "", False), (*a11, "已承诺 1 处", "逾期 1 处", True)]

    def test_where_towns_are_shown_their_villages_promises_stand_below(self, county):
        promised(county)
        assert [one["place"] for one in lists(county.leader)["A07"]["villages"]] == ["101 203"]
        assert lists(county.office, LIVE)["A07"]["villages"] == []
        promised(county, area=W1)  # West has nothing left
        assert [one["place"] for one in lists(county.leader)["A07"]["villages"]] == ["101 203"]

    def test_a_new_promise_keeps_the_old_one_on_record(self, county):
        promised(county)
        promised(county, on=date(2017, 5, 1), reason="施工队还没有进场")
        assert ClearingPromise.objects.count() == 1
        assert [event.detail for event in AuditEvent.objects.filter(act="promise.set").order_by("sequence")] == [
            {"old": [], "new": ["2017-03-01", "王主任", "场地正在腾退"]},
            {"old": ["2017-03-01", "王主任", "场地正在腾退"], "new": ["2017-05-01", "王主任", "施工队还没有进场"]},
        ]

    def test_a_promise_of_yesterday_or_without_reason_is_refused(self, county):
        with pytest.raises(Refused, match="早于今天"):
            promised(county, on=date(2017, 2, 2))
        with pytest.raises(Refused, match="理由"):
            promised(county, reason="忙")
        assert not ClearingPromise.objects.exists()

    def test_two_at_once_are_told_of_each_other(self, county):
        seen = promises.mark(promised(county))
        promised(county, on=date(2017, 5, 1), seen=seen)
        with pytest.raises(Conflict):
            promised(county, on=date(2017, 6, 1), seen=seen)
        assert ClearingPromise.objects.get().promised_on == date(2017, 5, 1)

    def test_nothing_stands_without_its_record(self, county, audit_fails):
        with pytest.raises(RuntimeError):
            promised(county)
        assert not ClearingPromise.objects.exists()

    def test_the_town_the_section_and_the_office_write_each_in_its_own(self, county):
        typed = {"on": "2017-03-01", "owner": "王主任", "reason": "场地正在腾退"}
        assistant = person("assistant", ("village_assistant", county.areas[E3]))
        wanted = {
            county.clerk: (302, 404), county.reviewer: (302, 302), county.writer: (302, 302),
            county.office: (302, 302), county.other_reviewer: (404, 404), assistant: (404, 404),
            county.leader: (403, 403),
        }  # fmt: skip
        for user, codes in wanted.items():
            for area, code in zip((E3, W1), codes, strict=True):
                ClearingPromise.objects.all().delete()
                answer = signed_in(user).post(reverse("clearing_promise", args=["A07", area]), typed)
                assert answer.status_code == code, (user, area)
                assert ClearingPromise.objects.count() == (1 if code == 302 else 0)

    def test_a_refused_form_keeps_what_was_typed(self, county):
        url = reverse("clearing_promise", args=["A07", E3])
        answer = signed_in(county.clerk).post(url, {"on": "三月", "owner": "王主任", "reason": "忙"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "日期写法不对" in page
        assert "理由至少 5 个字" in page
        assert "王主任" in page

    def test_taken_back_with_a_reason(self, county):
        promised(county)
        url = reverse("clearing_promise", args=["A07", E3])
        seen = promises.mark(ClearingPromise.objects.get())
        taken = {"action": "take_back", "reason": "登记错了地方", "seen": seen}
        assert signed_in(county.clerk).post(url, taken).status_code == 302
        assert not ClearingPromise.objects.exists()
        assert AuditEvent.objects.get(act="promise.withdraw").reason == "登记错了地方"
