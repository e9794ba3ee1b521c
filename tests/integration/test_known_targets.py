"""The targets as they were known on a date: what a person changed since is not in them, what the plan struck out is."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from bureau.models import Grant, Installation
from indicators.known import targets_known
from indicators.loading.loader import Change, Kind
from indicators.loading.measures import _revise
from indicators.models import Clause, Reading, Target, TargetRevision
from tests.integration.factories import person
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db

ISSUED = date(2016, 5, 6)


@pytest.fixture
def office(real_plan, db) -> Client:
    client = Client()
    client.force_login(person("office", (Grant.Role.OFFICE, None)))
    return client


def goal(end: int = 2017 * 12 + 11) -> Target:
    return Target.objects.get(reading__indicator__code="A01", area__level="county", end_month=end)


def known(on: date, code: str = "A01") -> list[str]:
    """The values of the indicator's targets of the county as known on a day."""
    indicator = Reading.objects.filter(indicator__code=code).first().indicator_id
    return [one.says["value"] for one in targets_known(on, indicators=[indicator]).targets]


def at(day: date) -> None:
    Installation.objects.update(business_date=day)


def test_a_target_changed_in_2017_is_known_as_it_was_before(office):
    at(date(2017, 3, 1))
    assert known(date(2017, 3, 1)) == ["6800"] * 3
    url = f"/settings/indicators/target/{goal().pk}/change/"
    assert send(office, url, value="7000", reason="领导小组加压").status_code == 302
    at(date(2017, 6, 1))
    assert send(office, url, value="7200", reason="年中再次加压").status_code == 302
    assert known(ISSUED) == known(date(2017, 2, 28)) == ["6800", "6800", "6800"]
    assert known(date(2017, 3, 1)) == known(date(2017, 5, 31)) == ["6800", "6800", "7000"]
    assert known(date(2017, 6, 1)) == ["6800", "6800", "7200"]
    lines = [one.reason for one in targets_known(date(2017, 3, 31)).revisions if one.indicator.code == "A01"]
    assert lines == ["领导小组加压"]


def test_a_target_is_known_from_the_day_it_came_to_the_day_it_went(office):
    at(date(2017, 3, 1))
    reading = Reading.objects.get(indicator__code="B08")
    data = {
        "reading": reading.pk, "area": goal().area_id, "start_month": "2017-01", "end_month": "2017-12",
        "comparator": ">=", "value": "500", "path": "linear", "behind": "5", "far_behind": "15", "limit_days": "30",
        "clause": Clause.objects.get(number="四(一)1").pk, "standing": "rec",
    }  # fmt: skip
    response = send(office, "/settings/indicators/target/add/", **data)
    assert response.status_code == 302, errors_of(response)
    added = Target.objects.get(reading=reading)
    at(date(2017, 4, 1))
    response = office.post(
        f"/settings/indicators/target/{added.pk}/delete/", {"post": "yes", "reason": "不再作为任务下达"}
    )
    assert response.status_code == 302
    assert [known(date(2017, month, 28), "B08") for month in (2, 3, 4)] == [[], ["500"], []]


def test_nothing_is_known_before_the_plan_and_what_it_struck_out_is_told_afterwards(real_plan):
    before, after = targets_known(date(2016, 5, 5)), targets_known(ISSUED)
    assert (before.targets, before.notes, before.revisions) == ((), (), ())
    assert any(note.kind == "removed" for note in after.notes)
    struck = [one for one in after.revisions if one.key]
    assert [(one.indicator.code, one.old) for one in struck] == [("B05", "1500元/月以上")]
    assert "稳步" in struck[0].new
    b05 = struck[0].indicator_id
    assert [one.says["comparator"] for one in after.targets if one.indicator == b05] == ["not_fall"]


def test_the_list_shows_a_day_and_one_indicator(office):
    at(date(2017, 3, 1))
    url = f"/settings/indicators/target/{goal().pk}/change/"
    assert send(office, url, value="7000", reason="领导小组加压").status_code == 302
    page = office.get("/targets/?indicator=A01&on=2017-02-28")
    assert [row["aim"] for row in page.context["rows"]] == ["≥ 6,800 人"] * 3
    assert page.context["history"] == []
    page = office.get("/targets/?indicator=A01")
    assert [row["aim"] for row in page.context["rows"]] == ["≥ 6,800 人", "≥ 6,800 人", "≥ 7,000 人"]
    assert [(line["old"], line["new"], line["reason"]) for line in page.context["history"]] == [
        ("目标值：6800", "目标值：7000", "领导小组加压")
    ]
    assert "1500元/月以上" in office.get("/targets/").content.decode()


def test_a_file_that_changes_a_target_leaves_what_it_said_before(real_plan):
    _revise(goal(), Change(Kind.CHANGED, "目标", "A01", (("目标值", "6800", "6900"),)))
    line = TargetRevision.objects.get(kind="file")
    assert (line.of, line.before["value"], line.before["end_month"]) == (goal().pk, "6800", "2017-12")
