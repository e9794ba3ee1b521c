"""From the meeting and back: a decision becomes a slip, is carried out, and the next brief opens with its state."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bureau import months
from bureau.models import Grant
from indicators.publish import publish
from tests.functional.county import person

pytestmark = pytest.mark.django_db(transaction=True)
APRIL, MAY = months.parse("2017-04"), months.parse("2017-05")
NEXT_BRIEF = "/meeting/?month=2017-05&version=1"


@pytest.fixture
def meeting(county):
    """April and May released; a clerk of 就业局, for whom its reviewer looks at answers."""
    for month in (APRIL, MAY):
        publish(county.county, month, by=county.people["office"])
    person("section", "就业局填报员", Grant.Role.SECTION_CLERK, section=county.jyj)
    return county


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_a_decision_becomes_a_slip_and_the_next_brief_opens_with_it(meeting, sign_in):
    leader, clerk, reviewer = sign_in("leader"), sign_in("section"), sign_in("reviewer")

    leader.goto("/meeting/?month=2017-04&version=1")
    leader.get_by_role("link", name="登记议定事项", exact=True).click()
    leader.get_by_label("议定事项").fill("每周调度城镇新增就业")
    leader.get_by_label("责任单位").select_option(label="就业局")
    leader.get_by_label("办结期限").fill("2017-07-31")
    send(leader, "登记")
    leader.get_by_role("region", name="本次议定").get_by_role("link", name="2017-1").click()
    leader.get_by_role("link", name="立督办单").click()
    expect(leader.get_by_label("督办事项")).to_have_value("每周调度城镇新增就业")
    expect(leader.get_by_label("责任单位")).to_have_value("s:jyj")
    leader.get_by_label("工作要求").fill("每周一报送各镇进度，月底前补齐缺口。")
    send(leader, "立项")
    send(leader, "交办")
    expect(leader.get_by_role("status")).to_contain_text("已签发交办")
    slip = leader.url

    leader.goto(NEXT_BRIEF)
    before = leader.get_by_role("region", name="上次议定事项")
    expect(before).to_contain_text("督办 1 件：办结 0 件，在办 1 件")
    expect(before.get_by_role("row", name="2017-1")).to_contain_text("盐均督〔2017〕1 号 交办，剩 28 天")

    clerk.goto(slip)
    send(clerk, "签收")
    clerk.get_by_label("办理情况").fill("已按周调度，各镇缺口全部补齐。")
    send(clerk, "反馈")
    leader.goto(NEXT_BRIEF)
    expect(before).to_contain_text("已反馈，待审结")

    reviewer.goto(slip)
    reviewer.get_by_label("审结意见").fill("缺口已补，同意销号。")
    send(reviewer, "审结")
    leader.goto(slip)
    send(leader, "销号")
    leader.goto(NEXT_BRIEF)
    expect(before).to_contain_text("督办 1 件：办结 1 件，在办 0 件")
    before.get_by_role("link", name="已经办完，建议登记办结").click()
    expect(leader.get_by_label("办结日期")).to_have_value("2017-07-03")
    expect(leader.get_by_label("办结情况")).to_have_value("盐均督〔2017〕1 号：缺口已补，同意销号。")
    send(leader, "登记办结")
    leader.goto(NEXT_BRIEF)
    expect(before.get_by_role("row", name="2017-1")).to_contain_text("已办结")
