"""A person adds an indicator with its item and form column through pages alone, and a month is published with it.

Nothing is restarted. The eight other towns report 10 each for June 2017, 百步镇 reports 7: the county comes to 87.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from bureau import months
from bureau.models import AuditEvent, Grant
from indicators.entry import workflow
from tests.functional.county import (
    BAIBU,
    ENTRY,
    MONTH,
    THE_REST,
    columns_of,
    download,
    hand_in,
    person,
    upload,
    write_town,
)

pytestmark = pytest.mark.django_db(transaction=True)

ITEM, CODE, NAME = "D120", "A21", "家庭服务业新增从业人数"
REASON = "领导小组会议要求增加监测"


def test_an_indicator_added_by_a_person_is_entered_published_and_read_without_a_restart(
    county: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int], tmp_path: Path
):
    expected_statuses.add(422)  # once without a reason, once with an item that does not exist
    office = sign_in("office")
    the_office_adds_the_item(office)
    the_office_adds_the_indicator(office)
    the_other_towns_report(county)
    the_clerk_reports(sign_in("baibu"), tmp_path)
    the_reviewer_approves(sign_in("reviewer"))
    the_office_publishes(office)
    leader = sign_in("leader")
    assert read(leader, tmp_path) == {"overview": Decimal(87), "indicator": Decimal(87), "CSV": Decimal(87)}
    assert [one.reason for one in AuditEvent.objects.filter(act="setting.add")] == [REASON, REASON]


def the_office_adds_the_item(page: Page) -> None:
    """Settings, the first step of 新增指标: the item, its column on 盐均01 in the towns' rows, from June 2017 on."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="设置").click()
    steps = page.get_by_role("complementary", name="新增指标")
    steps.get_by_role("link", name="填报项", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新增填报项")
    page.get_by_label("代码", exact=True).fill(ITEM)
    page.get_by_label("名称", exact=True).fill(NAME)
    page.get_by_label("单位").fill("人")
    page.get_by_label("类型").select_option(label="当期发生数")
    page.get_by_role("textbox", name="口径").fill("当月新到家庭服务业就业的人数")
    page.get_by_role("textbox", name="来源").fill("镇街台账")
    page.get_by_label("启用月").fill(MONTH)
    row = page.locator("#form_items-0")
    row.get_by_label("报表").select_option(label="盐均01 镇街就业创业月报")
    row.get_by_label("行层级").select_option(label="镇（街道）")
    row.get_by_label("顺序").fill("99")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("请写明理由，至少 5 个字。")).to_be_visible()
    expect(page.get_by_label("名称", exact=True)).to_have_value(NAME)
    save(page)


def the_office_adds_the_indicator(page: Page) -> None:
    """The second step: indicator, formula and the county's target on one page."""
    page.goto("/settings/")
    page.get_by_role("complementary", name="新增指标").get_by_role("link", name="指标", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新增指标")
    page.get_by_label("代码", exact=True).fill(CODE)
    page.get_by_label("编号").fill(CODE)
    page.get_by_label("名称", exact=True).fill(NAME)
    page.get_by_label("核心指标").check()
    page.get_by_label("责任科室").select_option(label="就业局")
    page.get_by_label("任务领域").select_option(index=1)
    page.locator("#id_clauses").select_option(index=10)
    page.get_by_label("单位", exact=True).fill("人")
    page.get_by_label("起始月").fill(MONTH)
    page.get_by_label("分子").fill(f"{ITEM} + D999")
    page.get_by_label("窗口", exact=True).select_option(label="本年累计")
    page.get_by_label("窗口首月").fill("2017-01")
    page.get_by_label("目标月").fill("2017-12")
    page.get_by_label("比较").select_option(label="不低于")
    page.get_by_label("目标值").fill("900")
    page.locator("#id_clause").select_option(index=10)
    page.get_by_role("textbox", name="理由").fill(REASON)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("没有 D999")).to_be_visible()
    page.get_by_label("分子").fill(ITEM)
    save(page)


def save(page: Page) -> None:
    page.get_by_role("textbox", name="理由").fill(REASON)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(NAME)


def the_other_towns_report(county: SimpleNamespace) -> None:
    """June of the eight other towns, approved: 10 each."""
    month = months.parse(MONTH)
    others = [hand_in(county, town, month, **{ITEM: "10"}) for town in county.towns if town.code != BAIBU]
    workflow.approve_all(others, by=person("second", "就业局副审核员", Grant.Role.REVIEWER, section=county.jyj))


def the_clerk_reports(page: Page, folder: Path) -> None:
    """The template asks for the new item; filled in, sent back, confirmed, handed in. May does not ask for it."""
    page.goto(ENTRY)
    workbook = download(page, page.get_by_role("link", name="下载模板"), folder)
    assert ITEM in columns_of(openpyxl.load_workbook(workbook)["填报"])
    write_town(workbook, THE_REST | {"D01": "67", "D02": "7", ITEM: "7"})
    upload(page, workbook)
    page.get_by_role("button", name="确认写入").click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status")).to_contain_text("已提交")


def the_reviewer_approves(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="审核").click()
    page.get_by_role("row", name="百步镇").get_by_role("link", name="审核").click()
    row = page.get_by_role("row").filter(has=page.get_by_text(f"{ITEM} · 人", exact=True))
    expect(row.get_by_role("cell").nth(1)).to_have_text("7")
    page.get_by_role("radio", name="通过").first.check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("status")).to_contain_text("已审核通过")


def the_office_publishes(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="发布").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_contain_text("已发布 2017年6月第 1 版")


def read(page: Page, folder: Path) -> dict[str, Decimal]:
    """The county's value wherever a leader meets it."""
    page.goto(f"/?month={MONTH}&version=1")
    row = page.get_by_role("row").filter(has_text=f"{CODE} ·")
    overview = row.locator(".row-figure").inner_text()
    page.goto(f"/indicators/{CODE}/?month={MONTH}&version=1")
    headline = page.get_by_role("heading", level=1).inner_text()
    path = download(page, page.get_by_role("link", name="CSV").first.first, folder)
    with path.open(encoding="utf-8-sig", newline="") as file:
        file.readline()
        rows = [one for one in csv.DictReader(file) if (one["month"], one["area"]) == (MONTH, "330424")]
    return {
        "overview": Decimal(overview.strip()),
        "indicator": Decimal(re.search(rf"{NAME} (\d+) 人", headline)[1]),
        "CSV": Decimal(rows[0]["value"]),
    }
