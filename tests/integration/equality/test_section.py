"""The page of a section: what it answers for, worst first; what waits for it only for those who may see it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import Grant, Installation
from indicators.models import Clause, Plan, Target
from indicators.publish import publish
from tasks.models import Project
from tests.integration.equality.conftest import MAY, derive, signed_in
from tests.integration.factories import EAST, START, hand_in, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(county):
    Target.objects.filter(comparator=">=", value=97).update(base_value=90, base_month=START)
    derive(county)
    publish(county.county, MAY, by=county.office)
    clause = Clause.objects.create(plan=Plan.objects.get(), number="四", title="主要任务", order=1)
    for code, due in (("P01", date(2017, 6, 30)), ("P02", date(2017, 1, 31))):
        Project.objects.create(
            code=code,
            name=f"项目{code}",
            clause=clause,
            lead=county.sections["jyj"],
            starts_on=date(2016, 1, 1),
            due_on=due,
        )
    Installation.objects.update(business_date=date(2017, 2, 3))
    hand_in(county, "town", EAST, MAY + 1, {(EAST, "D01"): 1, (EAST, "D02"): 0})
    return county


def asked_by(user, code="jyj"):
    client = signed_in(user)
    client.get("/account/")  # the sitting is stamped once a minute
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/sections/{code}/" if code else "/sections/")
    return response, len(asked)


def test_a_section_opens_with_what_is_late_and_lists_it_first(released):
    response, asked = asked_by(released.leader)
    text = response.content.decode()
    assert "就业局：13 项指标、2 项任务与项目" in text
    assert "1 项指标滞后；1 项任务逾期" in text
    assert response.context["groups"][0]["rows"][0]["code"] == "A04"
    assert [row["name"] for row in response.context["tasks"]] == ["P02 项目P02", "P01 项目P01"]
    assert asked <= 13  # eleven once definitions are remembered (bureau/remember.py)


def test_what_waits_for_review_is_shown_to_those_who_may_see_it(released):
    leader, _asked = asked_by(released.leader)
    assert "待审报表" not in leader.content.decode()
    own, asked = asked_by(released.reviewer)
    assert "town town · 2016年6月：1 份" in own.content.decode()
    assert "去审核" in own.content.decode()
    assert asked <= 14  # one of them for what waits
    other = person("other", (Grant.Role.REVIEWER, released.sections["sbj"]))
    assert "待审报表" not in asked_by(other)[0].content.decode()


def test_the_list_of_sections_counts_lights_and_overdue_tasks(released):
    response, asked = asked_by(released.leader, "")
    rows = {row["name"]: row for row in response.context["rows"]}
    assert (rows["就业局"]["indicators"], rows["就业局"]["tasks"], rows["就业局"]["overdue"]) == (13, 2, "1 项逾期")
    assert rows["社保局"]["indicators"] == 0
    assert asked <= 12


def test_a_section_that_is_not_there_is_not_found(released):
    assert asked_by(released.leader, "zzz")[0].status_code == 404
    assert "/sections/jyj/" in signed_in(released.leader).get("/").content.decode()
