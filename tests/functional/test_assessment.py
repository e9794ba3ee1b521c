"""An assessment from its draft to the frozen period: computed, explained down to a figure, points by hand, frozen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bureau import months
from indicators.publish import publish

pytestmark = pytest.mark.django_db(transaction=True)
FIGURE = "2,325"
WHY = "承办全市就业服务现场会，经领导小组会议认定。"


@pytest.fixture
def released(county):
    """March 2017 released: the county has 3 × (8 × 90 + 55) = 2,325 of A01 since the year began."""
    publish(county.county, months.parse("2017-03"), by=county.people["office"])
    return county


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_a_period_is_computed_explained_marked_by_hand_and_frozen(released, sign_in):
    office, leader = sign_in("office"), sign_in("leader")
    office.goto("/assessment/")
    expect(office.get_by_role("heading", level=1)).to_have_text("还没有考核")
    office.get_by_role("link", name="起草考核").click()
    office.get_by_label("考核方案").select_option(label="科室考核方案")
    office.get_by_label("考核期").select_option(label="2017年第1季度")
    send(office, "起草")
    draft = office.url
    expect(office.get_by_text("草稿", exact=True)).to_be_visible()

    # 就业局: indicators 40 and months 15 in full, reports 0 of 8, all else has nothing to count: 55 of 63
    row = office.get_by_role("region", name="得分").get_by_role("row", name="就业局")
    expect(row).to_contain_text("87.30")
    row.get_by_role("link", name="就业局").click()
    own = office.url
    line = office.get_by_role("table", name="核心指标完成").get_by_role("row", name="A01")
    expect(line).to_contain_text("应达 1,700 人")  # a quarter of 6,800
    expect(line).to_contain_text("136.76%")
    line.get_by_role("link", name=FIGURE).click()
    expect(office.get_by_role("main")).to_contain_text(FIGURE)
    expect(office.get_by_role("main")).to_contain_text("D01")

    office.goto(own)
    given = office.get_by_role("region", name="登记加减分")
    given.get_by_label("分数").fill("1.5")
    given.get_by_label("理由").fill(WHY)
    send(office, "登记")
    expect(office.get_by_role("cell", name=WHY)).to_be_visible()
    expect(office.locator(".line-total")).to_have_text("合计 88.80")
    office.goto(draft)
    expect(office.get_by_text("拟稿、加减分和一票否决的人不能定稿，须由他人定稿。")).to_be_visible()

    leader.goto(draft)
    send(leader, "核对无误，定稿")
    expect(leader.get_by_role("status")).to_contain_text("已定稿")
    expect(leader.get_by_text("草稿", exact=True)).to_have_count(0)
    expect(leader.locator(".page-facts")).to_contain_text("领导小组 2017-07-03 定稿")
    expect(leader.get_by_role("region", name="得分").get_by_role("row", name="就业局")).to_contain_text("88.80")
    office.goto(own)
    expect(office.get_by_role("cell", name=WHY)).to_be_visible()
    expect(office.get_by_role("region", name="登记加减分")).to_have_count(0)
    leader.get_by_role("link", name="重新核对").click()
    expect(leader.get_by_role("heading", level=1)).to_have_text("11 个单位、77 行重新计算，都与定稿一致")
