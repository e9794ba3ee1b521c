"""The meeting page: earlier decisions first, computed sentences on what is to be decided, requests in one's reach."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau import months
from bureau.models import Installation
from bureau.places import Tree
from indicators import evaluate, publish, rollup
from indicators.entry import periods
from indicators.models import Indicator
from tasks import decisions
from tasks.decisions import Wanted
from tests.integration.factories import EAST, WEST, person, put

pytestmark = pytest.mark.django_db
MAY, JUNE = months.make(2016, 5), months.make(2016, 6)
MOST_QUERIES = 12


@pytest.fixture
def released(tiny):
    """Three new jobs a month from January to June 2016, where sixty a year are asked for; each is released."""
    values = {(EAST, "D01"): 2, (EAST, "D02"): 0, (WEST, "D01"): 1, (WEST, "D02"): 0}
    put(tiny, [(month, values) for month in range(JUNE - 5, JUNE + 1)])
    tree = Tree(tiny.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    for month in range(JUNE - 5, JUNE + 1):
        publish.publish(tiny.county, month, by=tiny.office, reason="")
    tiny.leader = person("leader", ("leader", None))
    return tiny


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(user, url: str = "/meeting/") -> str:
    answer = signed_in(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_to_be_decided_is_said_with_its_pace_and_best_run(released):
    page = text_of(released.leader)
    assert (
        "2016年1—6月，A0118.00%，完成年度目标60.00%的30.0%，落后时序进度（50.0%）20.0个百分点，严重滞后。"
        "距2016年12月还有6个月，须月均完成7.00个百分点，是近3个月月均3.00个百分点的2.33倍。"
        "即便重现历史最好的6个月，仍差24.00个百分点，须有新增措施。"
    ) in page
    assert "加快的措施：速度须为近 3 个月的 2.33 倍" in page
    assert page.index("上次议定事项") < page.index("A01 A01")


def test_only_who_decides_is_led_to_entering_a_decision(released):
    assert "/meeting/decisions/new/?month=2016-06&amp;version=1&amp;indicator=A01" in text_of(released.leader)
    assert "/meeting/decisions/new/" not in text_of(released.clerk)


def test_earlier_decisions_stand_first_with_their_state(released):
    section = released.sections["jyj"]

    def decide(month: int, text: str, due: date):
        return decisions.decide(month, Wanted(text, section, due), by=released.office)

    late = decide(MAY, "补齐五月的台账资料", date(2017, 2, 10))
    done = decide(MAY, "约谈落后的两个镇", date(2017, 2, 20))
    decide(JUNE, "本次定下的新事情", date(2017, 3, 20))
    decide(JUNE + 1, "以后的会上才定的", date(2017, 3, 20))
    decisions.close(done, on=date(2017, 2, 3), note="约谈纪要已印发", by=released.leader, seen=1)
    Installation.objects.update(business_date=date(2017, 2, 14))
    page = text_of(released.leader)
    before, after = page.split("请定事项", 1)
    assert "2 项：办结 1 项，未办结 1 项，其中逾期 1 项" in before
    assert before.index(late.text) < before.index(done.text)
    assert "逾期 4 天" in before
    assert "约谈纪要已印发" in before
    assert "本次定下的新事情" in after.split("本次议定", 1)[1]
    assert "以后的会上才定的" not in page


def test_requests_are_those_within_ones_reach(released):
    Installation.objects.update(go_live_month=JUNE)
    form = released.forms["town"]
    for place in (EAST, WEST):
        periods.ask(
            form, released.areas[place], JUNE, by=released.clerk, reason="村里换了人，漏报", expires_on=date(2017, 2, 9)
        )
    east, west = "101申请补报2016年6月《town》", "102申请补报2016年6月《town》"
    asked = text_of(released.leader)
    assert east in asked
    assert west in asked
    assert "/reopenings/" not in asked  # who may not open the request is not led there
    assert "/reopenings/" in text_of(released.office)
    west_clerk = person("west_clerk", ("town_clerk", released.areas[WEST]))
    assert east not in text_of(west_clerk)
    assert west in text_of(west_clerk)
    assert "没有待批的申请" in text_of(person("villager", ("village_assistant", released.areas[EAST])))


def test_before_the_first_release_it_says_so(tiny):
    assert "还没有发布过月份" in text_of(tiny.clerk)


def test_the_page_costs_little_more_than_the_overview_may(released):
    about = Indicator.objects.get(code="A01")
    wanted = Wanted("补齐五月的台账资料", released.sections["jyj"], date(2017, 2, 10), indicator=about)
    decisions.decide(MAY, wanted, by=released.office)
    client = signed_in(released.leader)
    client.get("/meeting/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/meeting/")
    assert len(asked) <= MOST_QUERIES + 2, "\n".join(one["sql"][:150] for one in asked)


def test_the_overview_leads_on_and_stays_within_its_budget(released):
    client = signed_in(released.leader)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/?all=1").content.decode()
    for url in ("/meeting/", "/clearing/", "/zero/"):
        assert f'href="{url}?month=2016-06&amp;version=1"' in page
    assert len(asked) <= MOST_QUERIES
