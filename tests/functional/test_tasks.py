"""A project on its way to completion, in the browser: reported, returned, mended, approved, and counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bureau.models import Grant, Section
from tests.functional.county import person

pytestmark = pytest.mark.django_db(transaction=True)
REPORT = "/tasks/P03/progress/2017-06/"


@pytest.fixture
def section(county):
    """The section's clerk, and the reviewer of a section that has nothing to do with the project."""
    person("section", "就业局填报员", Grant.Role.SECTION_CLERK, section=county.jyj)
    person("stranger", "医保科审核员", Grant.Role.REVIEWER, section=Section.objects.get(code="yb"))
    return county


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def test_a_completed_project_is_reported_returned_mended_approved_and_counted(section, sign_in, expected_statuses):
    expected_statuses.update({422, 404})
    clerk, reviewer = sign_in("section"), sign_in("reviewer")

    clerk.goto("/tasks/?kind=project&q=孵化园")
    clerk.get_by_role("region", name="列表").get_by_role("link", name="农村电子商务创业孵化园").click()
    clerk.get_by_role("link", name="填报2017年6月月报").click()
    expect(clerk).to_have_url(re.compile(f"{REPORT}$"))
    clerk.get_by_label("进度（%）").fill("100")
    clerk.get_by_label("本月进展").fill("孵化园通过验收，首批十家入驻。")
    clerk.get_by_label("已建数量（家）").fill("1")
    clerk.get_by_label("已完成到哪个阶段").select_option(label="投用")
    send(clerk, "提交审核")
    expect(clerk.get_by_role("alert")).to_contain_text("进度 100%，请填完成日期。")
    expect(clerk.get_by_label("本月进展")).to_have_value("孵化园通过验收，首批十家入驻。")
    clerk.get_by_label("完成日期").fill("2017-06-24")
    clerk.get_by_label("说明").fill("见验收纪要")
    send(clerk, "提交审核")
    expect(clerk.get_by_role("status")).to_contain_text("已提交，等待审核。")

    reviewer.goto("/tasks/")
    reviewer.get_by_role("link", name="P03 农村电子商务创业孵化园 · 2017年6月").click()
    reviewer.get_by_text("退回修改").click()
    reviewer.get_by_label("原因（退回时必填）").fill("请写明验收文件的文号")
    send(reviewer, "确定")
    expect(reviewer.get_by_role("status")).to_contain_text("已退回。")

    clerk.goto(REPORT)
    expect(clerk.get_by_text("请写明验收文件的文号").first).to_be_visible()
    clerk.get_by_label("说明").fill("验收纪要盐人社〔2017〕12号")
    send(clerk, "提交审核")

    reviewer.goto(f"{REPORT}review/")
    expect(reviewer.get_by_text("验收纪要盐人社〔2017〕12号")).to_be_visible()
    reviewer.get_by_text("进度、节点、完成情况随之更新").click()
    send(reviewer, "确定")
    expect(reviewer.get_by_role("status")).to_contain_text("已审核通过")
    expect(reviewer.get_by_text("完成日期").locator("xpath=..")).to_contain_text("2017-06-24")
    reviewer.goto("/indicators/A17/?version=live&month=2017-06")
    expect(reviewer.get_by_role("main")).to_contain_text("已达标")
    reviewer.goto("/tasks/P03/?version=live&month=2017-05")
    nodes = reviewer.get_by_role("row", name="实施阶段末节点")
    expect(nodes).to_contain_text("2017-06-24")
    expect(nodes).to_contain_text("提前 6 天")

    stranger = sign_in("stranger")
    answer = stranger.goto(REPORT)
    assert answer is not None
    assert answer.status == 404


def test_the_list_and_a_report_on_the_phone(section, sign_in):
    page = sign_in("section")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/tasks/", "/tasks/phases/", "/tasks/P03/", REPORT):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (address, wide)
    page.get_by_label("进度（%）").fill("15")
    page.get_by_label("本月进展").fill("选址完成")
    send(page, "存草稿")
    expect(page.get_by_role("status")).to_contain_text("已保存为草稿。")
    expect(page.get_by_label("进度（%）")).to_have_value("15")


def test_a_moved_milestone_shows_how_far_the_plan_slipped_on_the_timetable(section, sign_in, expected_statuses):
    expected_statuses.add(422)
    reviewer = sign_in("reviewer")
    reviewer.goto("/tasks/P03/")
    reviewer.get_by_role("row", name="实施阶段末节点").get_by_role("link", name="调整").click()
    reviewer.get_by_label("新的日期").fill("2018-01-31")
    reviewer.get_by_label("调整的理由").fill("消防验收要等新规")
    send(reviewer, "调整")
    expect(reviewer.get_by_role("alert")).to_contain_text("节点不能晚于应完成日期 2017-12-31")
    reviewer.get_by_label("新的日期").fill("2017-09-30")
    send(reviewer, "调整")
    expect(reviewer.get_by_role("status")).to_contain_text("节点已调整。")
    expect(reviewer.get_by_role("row", name="实施阶段末节点")).to_contain_text("原计划 2017-06-30，推后 92 天")

    reviewer.goto("/tasks/")
    reviewer.get_by_role("link", name="时间表").click()
    bar = reviewer.get_by_role("row", name="农村电子商务创业孵化园")
    expect(bar).to_contain_text("推后 92 天")
    expect(bar.locator("svg.gantt-row")).to_have_accessible_name(re.compile("节点“实施阶段末节点”推后 92 天"))
    reviewer.set_viewport_size({"width": 390, "height": 844})
    expect(bar.get_by_text("推后 92 天")).to_be_visible()
    assert reviewer.evaluate("document.documentElement.scrollWidth") <= 390
