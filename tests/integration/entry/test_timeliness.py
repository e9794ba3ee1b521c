"""Who handed in what in time (填报进度): judged by the first handing in that stands, shown to whom it concerns."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau import months
from bureau.models import Grant, Installation
from indicators.entry import workflow
from indicators.models import DeadlineRule
from tests.integration.factories import EAST, WEST, fill, hand_in, person

pytestmark = pytest.mark.django_db

MONTH = months.parse("2016-11")  # towns by Tuesday 6 December 2016, 17:00


@pytest.fixture
def at(monkeypatch):
    def set_to(text: str, seconds: int = 0) -> None:
        moment = datetime.fromisoformat(f"{text}+08:00") + timedelta(seconds=seconds)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment.astimezone(UTC))

    return set_to


@pytest.fixture(autouse=True)
def in_real_use(tiny, at):
    Installation.objects.update(go_live_month=MONTH, business_date=None)
    at("2016-12-07 09:00")


def matrix(client, query: str = "?year=2016") -> dict[tuple[str, str], str]:
    """(place and form, month) → word, of the page."""
    context = client.get(f"/timeliness/{query}").context
    return {
        (f"{group['title']} {row['name'].split()[0]}", head): cell["word"]
        for group in context["groups"]
        for row in group["rows"]
        for head, cell in zip(context["heads"], row["cells"], strict=True)
    }


def sent(tiny, at, form, place, when, seconds=0):
    at(when, seconds)
    item = {"town": "D01", "network": "D81"}[form]
    return hand_in(tiny, form, place, MONTH, {(place, item): 1})


def test_in_time_late_missing_and_back_fill(tiny, at, signed_in):
    sent(tiny, at, "town", EAST, "2016-12-06 17:00")
    sent(tiny, at, "town", WEST, "2016-12-06 17:00", 1)
    sent(tiny, at, "network", EAST, "2016-12-09 10:00")
    found = matrix(signed_in(tiny.office))
    assert [found[f"{place} {form}", "11月"] for place, form in (
        ("101", "town"), ("102", "town"), ("101", "network"), ("102", "network"),
    )] == ["按时", "迟", "迟 3 天", "缺"]  # fmt: skip
    assert found["101 town", "10月"] == "待补录"  # before going live: never late, never missing
    fill(tiny, "town", EAST, MONTH - 1, {(EAST, "D01"): 1})
    workflow.submit(workflow.submission_for(tiny.forms["town"], tiny.areas[EAST], MONTH - 1), by=tiny.clerk)
    assert matrix(signed_in(tiny.office))["101 town", "10月"] == "补录"


def test_what_is_not_due_yet_is_neither(tiny, at, signed_in):
    at("2016-12-06 17:00")
    assert set(matrix(signed_in(tiny.office), "?year=2016&section=jyj").values()) == {"未到期", "待补录"}


def test_returned_it_stays_in_time_taken_back_unread_it_does_not(tiny, at, signed_in):
    returned = sent(tiny, at, "town", EAST, "2016-12-06 10:00")
    taken_back = sent(tiny, at, "town", WEST, "2016-12-06 10:00")
    workflow.withdraw(taken_back, by=tiny.clerk)
    at("2016-12-08 10:00")
    workflow.return_(returned, by=tiny.reviewer, reason="新增人数请核对")
    for one in (returned, taken_back):
        workflow.submit(one, by=tiny.clerk)
    found = matrix(signed_in(tiny.office))
    assert (found["101 town", "11月"], found["102 town", "11月"]) == ("按时", "迟 2 天")
    # what the section has seen is not made late by taking back the second version
    workflow.withdraw(returned, by=tiny.clerk)
    assert matrix(signed_in(tiny.office))["101 town", "11月"] == "按时"


def test_a_correction_long_after_does_not_make_it_late(tiny, at, signed_in):
    one = sent(tiny, at, "town", EAST, "2016-12-06 10:00")
    workflow.approve(one, by=tiny.reviewer)
    at("2017-02-01 10:00")
    workflow.correct(one, by=tiny.clerk, reason="核对台账多计一人")
    workflow.submit(one, by=tiny.clerk)
    assert matrix(signed_in(tiny.office))["101 town", "11月"] == "按时"


def test_a_demonstration_is_judged_by_its_business_date(tiny, at, signed_in):
    Installation.objects.update(business_date=date(2016, 12, 5))
    sent(tiny, at, "town", EAST, "2026-11-27 10:00")
    Installation.objects.update(business_date=date(2016, 12, 8))
    sent(tiny, at, "town", WEST, "2026-11-27 10:00")
    found = matrix(signed_in(tiny.office))
    assert (found["101 town", "11月"], found["102 town", "11月"]) == ("按时", "迟 2 天")


def test_other_days_hold_from_their_month_on(tiny, at, signed_in):
    DeadlineRule.objects.create(from_month=MONTH, town_day=7)
    sent(tiny, at, "town", EAST, "2016-12-07 17:00")
    assert matrix(signed_in(tiny.office))["101 town", "11月"] == "按时"


def test_each_sees_his_own(tiny, signed_in):
    other = person("other", (Grant.Role.REVIEWER, tiny.sections["sbj"]))
    places = {name.split()[0] for name, _month in matrix(signed_in(tiny.clerk))}
    assert places == {"101"}
    assert {name.split()[0] for name, _ in matrix(signed_in(tiny.reviewer))} == {"101", "102", "424"}
    assert matrix(signed_in(other)) == {}
    leader = person("leader", (Grant.Role.LEADER, None))
    assert matrix(signed_in(leader)) == matrix(signed_in(tiny.office))
    assistant = person("assistant", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas["330424101201"]))
    assert signed_in(assistant).get("/timeliness/").status_code == 403


def test_narrowed_grouped_and_as_csv(tiny, at, signed_in):
    sent(tiny, at, "town", EAST, "2016-12-08 10:00")
    client = signed_in(tiny.office)
    late = matrix(client, "?year=2016&standing=late")
    assert {name for name, _ in late} == {"101 town"}
    by_section = client.get("/timeliness/?year=2016&by=section&place=330424101").context["groups"]
    assert [(one["title"], len(one["rows"])) for one in by_section] == [("就业局", 3)]
    text = client.get("/timeliness/list.csv?year=2016&standing=late").content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row[5] == "2016-11"]
    assert rows == [
        ["town", "town", "就业局", EAST, "101", "2016-11", "2016-12-06 17:00", "2016-12-08 10:00:00", "迟", "2",
         "待审核"]
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["?year=99999", "?year=x", "?standing=bad&place=%00", "?by=&section=none"])
def test_an_odd_filter_narrows_to_nothing_or_not_at_all(tiny, signed_in, query):
    assert signed_in(tiny.office).get(f"/timeliness/{query}").status_code == 200


def test_the_matrix_costs_the_same_for_one_sheet_and_for_many(tiny, at, signed_in):
    client = signed_in(tiny.office)
    client.get("/timeliness/?year=2016")

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/timeliness/?year=2016")
        return len(caught)

    few = cost()
    for place in (EAST, WEST):
        for form in ("town", "network"):
            sent(tiny, at, form, place, "2016-12-06 10:00")
    assert cost() == few <= 10
