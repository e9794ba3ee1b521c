"""My work (工作台): what each role is to do comes first, worst first; the rest after it."""

from datetime import date

import pytest

from bureau import clock, months
from bureau.models import Grant, Installation
from bureau.people import handover
from indicators import desk
from indicators.entry import workflow
from indicators.publish import publish
from tests.integration.factories import COUNTY, E1, EAST, START, WEST, approved, fill, hand_in, person

pytestmark = pytest.mark.django_db

MONTH = months.parse("2016-12")


@pytest.fixture(autouse=True)
def in_real_use(tiny):
    """Live since 2016-12, whose forms were due on 2017-01-05; it is 2017-01-09."""
    Installation.objects.update(go_live_month=MONTH, business_date=date(2017, 1, 9))


def rows_of(client, group: str, query: str = "") -> list[tuple]:
    found = {one["id"]: one["rows"] for one in client.get(f"/desk/{query}").context["groups"]}
    return [(row["form"], row.get("place", ""), row["state_word"]) for row in found.get(group, [])]


def test_a_clerk_sees_what_came_back_before_what_is_late_before_what_is_done(tiny, signed_in):
    returned = hand_in(tiny, "village", EAST, MONTH, {(E1, "D22"): 5})
    workflow.return_(returned, by=tiny.reviewer, reason="劳动者数请核对")
    hand_in(tiny, "town", EAST, MONTH, {(EAST, "D01"): 5})
    client = signed_in(tiny.clerk)
    assert rows_of(client, "returned") == [("village village", "101", "已退回")]
    assert rows_of(client, "overdue") == [("network network", "101", "逾期未交")]
    assert [one["id"] for one in client.get("/desk/").context["groups"]] == ["returned", "overdue", "rest"]
    assert rows_of(client, "rest") == [("town town", "101", "待审核")]
    page = client.get("/desk/").content.decode()
    assert "要办 2 件" in page
    assert "劳动者数请核对" in page
    assert "截止 1 月 5 日（周四）17:00，已过 4 天" in page


def test_what_came_back_from_another_month_is_not_forgotten(tiny, signed_in):
    earlier = hand_in(tiny, "town", EAST, START, {(EAST, "D01"): 5})
    workflow.return_(earlier, by=tiny.reviewer, reason="新增人数请核对")
    client = signed_in(tiny.clerk)
    assert rows_of(client, "returned") == [("town town", "101", "已退回")]
    assert f'href="/entry/town/{EAST}/2015-01/"' in client.get("/desk/").content.decode()


def test_months_before_going_live_are_never_overdue(tiny, signed_in):
    client = signed_in(tiny.clerk)
    words = {row[2] for row in rows_of(client, "enter", "?month=2016-11")}
    assert words == {"未填报"}
    assert "补录月份，不计逾期" in client.get("/desk/?month=2016-11").content.decode()


def test_a_reviewer_sees_what_waits_and_who_is_late_but_not_to_review_what_he_handed_in(tiny, signed_in):
    hand_in(tiny, "town", EAST, MONTH, {(EAST, "D01"): 5})
    Grant.objects.create(user=tiny.reviewer, role=Grant.Role.TOWN_CLERK, area=tiny.areas[WEST])
    own = fill(tiny, "town", WEST, MONTH, {(WEST, "D01"): 5}, by=tiny.reviewer)
    workflow.submit(own, by=tiny.reviewer)
    client = signed_in(tiny.reviewer)
    assert rows_of(client, "review") == [("town town", "101", "待审核")]
    assert ("village village", "101", "逾期未交") in rows_of(client, "late")
    assert ("town town", "102", "待审核") in rows_of(client, "rest")


def test_a_section_clerk_fills_the_countys_form(tiny, signed_in):
    clerk = person("section.clerk", (Grant.Role.SECTION_CLERK, tiny.sections["jyj"]))
    assert rows_of(signed_in(clerk), "overdue") == [("county county", "424", "逾期未交")]


def test_the_office_sees_how_far_a_month_is_from_its_release(tiny, signed_in):
    for month in (MONTH - 2, MONTH):
        approved(tiny, "town", EAST, month, {(EAST, "D01"): 5})
    publish(tiny.areas[COUNTY], MONTH - 2, by=tiny.office)
    client = signed_in(tiny.office)
    # two towns with three forms each, and the county's own
    assert rows_of_office(client) == [("2016年11月", "已审核 0/7 份"), ("2016年12月", "已审核 1/7 份")]
    assert 'href="/releases/?month=2016-12"' in client.get("/desk/").content.decode()


def rows_of_office(client) -> list[tuple]:
    (group,) = [one for one in client.get("/desk/").context["groups"] if one["id"] == "publish"]
    return [(row["form"], row["state_word"]) for row in group["rows"]]


def test_a_leader_sees_when_the_month_is_to_be_released_and_no_sheet(tiny, signed_in):
    approved(tiny, "town", EAST, MONTH, {(EAST, "D01"): 5})
    client = signed_in(person("leader", (Grant.Role.LEADER, None)))
    (group,) = client.get("/desk/").context["groups"]
    assert group["id"] == "publish"
    (row,) = [one for one in group["rows"] if one["form"] == "2016年12月"]
    # the 15th is a Sunday
    assert (row["state_word"], row["note"]) == ("已审核 1/7 份", "计划 1 月 16 日（周一）17:00 前发布，还有 7 天")
    assert row["url"] == "/timeliness/"


@pytest.mark.parametrize("role", [Grant.Role.AUDITOR, Grant.Role.SYSTEM_ADMINISTRATOR])
def test_who_has_no_forms_has_no_desk(tiny, signed_in, role):
    assert signed_in(person("other", (role, None))).get("/desk/").status_code == 403


def test_an_empty_desk_says_what_next(tiny, signed_in):
    stranger = person("stranger", (Grant.Role.SECTION_CLERK, tiny.sections["sbj"]))
    page = signed_in(stranger).get("/desk/").content.decode()
    assert "没有要办的事" in page
    assert "职责有变动，请联系县局办公室" in page


@pytest.mark.parametrize("month", ["2016-13", "May", "９", "9" * 40, "2016-01\x00"])
def test_a_month_that_is_none_is_not_there(tiny, signed_in, month):
    assert signed_in(tiny.clerk).get("/desk/", {"month": month}).status_code == 404


def test_a_higher_floor_adds_what_it_asks(tiny, signed_in, monkeypatch):
    row = {
        "form": "T01 月报",
        "state_word": "待报",
        "light": 3,
        "url": "/tasks/T01/",
        "action": "去报",
        "primary": True,
    }
    group = {"id": "tasks", "title": "要报的任务", "rows": [row], "todo": True, "light": 3, "forms": False}
    monkeypatch.setitem(desk._registered, "tasks", lambda user, installation, month: group)
    page = signed_in(tiny.clerk).get("/desk/").content.decode()
    assert "T01 月报" in page
    assert "要办 4 件" in page  # three forms and this


def test_work_handed_over_waits_for_the_receivers_signature(tiny, signed_in):
    grants = handover.grants_to_pass(tiny.clerk)
    paper = handover.start(by=tiny.clerk, giver=tiny.clerk, receiver=tiny.colleague, on=clock.real_day(), grants=grants)
    client = signed_in(tiny.colleague)
    assert rows_of(client, "sign") == [("clerk 移交给 colleague", "", "待签")]
    assert f'href="/account/handover/{paper.pk}/"' in client.get("/desk/").content.decode()
    assert rows_of(signed_in(tiny.clerk), "sign") == []
