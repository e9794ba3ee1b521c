"""Entering by hand in the browser: a village sheet typed, mended, returned, approved; on a phone; without scripts."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from bureau import months
from bureau.models import Grant
from indicators.models import Entry, Figure, Submission
from tests.functional.county import BAIBU, MONTH, PASSWORD, VILLAGES, VILLAGES_ENTRY, fill_in, person

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "横港村就业人数请核对"


def cell(page: Page, row: int, item: str) -> Locator:
    """The field of an item in the sheet's row of that number, from 0."""
    return page.locator("table.grid tbody tr").nth(row).locator(f'td[data-code="{item}"] input')


def typed() -> dict[tuple[str, str], int]:
    """(last digits of the village, item) → value, of what is stored for June."""
    rows = Entry.objects.filter(submission__form__code=VILLAGES, submission__month=months.parse(MONTH))
    return {(area[-3:], item): value for area, item, value in rows.values_list("area__code", "item__code", "value")}


def test_a_village_sheet_from_the_keyboard_to_its_approval(
    county: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int]
):
    person("second", "就业局副审核员", Grant.Role.REVIEWER, section=county.jyj)
    clerk = sign_in("baibu")
    clerk.goto(f"/desk/?month={MONTH}")
    clerk.get_by_role("row", name="盐均02").get_by_role("link", name="填报").click()
    expected_statuses.add(422)
    the_clerk_types_with_the_keyboard(clerk)
    the_clerk_mends_what_is_no_figure(clerk)
    the_clerk_submits_withdraws_and_submits(clerk, expected_statuses)

    reviewer = sign_in("reviewer")
    reviewer.goto("/review/")
    row = reviewer.get_by_role("row", name="百步镇")
    expect(row).to_contain_text("未填 215 格")
    row.get_by_role("link", name="审核").click()
    reviewer.get_by_role("radio", name="退回修改").check()
    reviewer.get_by_role("textbox", name="原因").fill(REASON)
    reviewer.get_by_role("button", name="确定").click()
    expect(reviewer.get_by_role("status")).to_have_text("已退回。")

    clerk.goto(VILLAGES_ENTRY)
    expect(clerk.locator("p.message-warning")).to_have_text(f"已退回：{REASON}")
    cell(clerk, 0, "D23").fill("98")
    clerk.get_by_label("按未填提交").check()
    clerk.get_by_role("button", name="提交审核").click()
    expect(clerk.get_by_role("status")).to_have_text("已提交，等待审核。")

    second = sign_in("second")
    second.goto("/review/")
    second.get_by_role("row", name="百步镇").get_by_role("link", name="审核").click()
    second.get_by_role("radio", name="通过").check()
    second.get_by_role("button", name="确定").click()
    expect(second.get_by_role("status")).to_have_text("已审核通过，计入汇总。")
    assert Figure.objects.filter(month=months.parse(MONTH)).count() == 5
    clerk.reload()
    expect(clerk.get_by_role("button", name="撤回")).to_have_count(0)
    expect(clerk.get_by_role("link", name="申请更正")).to_be_visible()


def the_clerk_types_with_the_keyboard(page: Page) -> None:
    """Enter goes down the column, arrows go across, and the form is not sent by it."""
    expect(page.locator("#sheet-keys")).to_be_visible()
    cell(page, 0, "D22").focus()
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    page.keyboard.type("１，２００")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("1150")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("九十九")
    expect(page.get_by_role("heading", name="D23")).to_be_visible()  # the panel tells of the current cell


def the_clerk_mends_what_is_no_figure(page: Page) -> None:
    page.get_by_role("button", name="存草稿").click()
    bad = cell(page, 0, "D23")
    expect(bad).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{bad.get_attribute('id')}-note")).to_contain_text("“九十九”不是数字")
    expect(page.locator("#save-state")).to_contain_text("1 格须改，没有保存")
    assert sorted(typed().values()) == [100, 1150, 1200]
    expect(cell(page, 1, "D22")).to_have_value("1,200")
    bad.fill("99")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="存草稿").click()
    expect(page.locator("td.unsaved")).to_have_count(0)
    assert sorted(typed().values()) == [99, 100, 1150, 1200]


def the_clerk_submits_withdraws_and_submits(page: Page, expected_statuses: set[int]) -> None:
    cell(page, 2, "D22").fill("沿")
    page.get_by_role("button", name="提交审核").click()
    expect(cell(page, 2, "D22")).to_be_focused()  # nothing is handed in past what could not be saved
    expect(page.locator("td.hard .cell-note")).to_contain_text("上月没有数，不能沿用")
    cell(page, 2, "D22").fill("估50")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert")).to_contain_text("还有 215 格未填")
    expected_statuses.remove(422)
    page.get_by_label("按未填提交").check()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status")).to_have_text("已提交，等待审核。")
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("status")).to_have_text("已撤回，可以继续修改。")
    expect(cell(page, 2, "D22")).to_have_value("估50")
    page.get_by_label("按未填提交").check()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status")).to_have_text("已提交，等待审核。")


def test_a_phone_shows_one_village_at_a_time_and_a_browser_without_scripts_does_as_well(
    county: SimpleNamespace,
    live_server,
    new_context,
    watch: Callable,
    sign_in: Callable[[str], Page],
    expected_statuses: set[int],
):
    on_a_phone(sign_in("baibu"), expected_statuses)
    plain = watch(new_context(base_url=live_server.url, java_script_enabled=False))
    plain.goto("/account/login/")
    fill_in(plain, "baibu", PASSWORD)
    without_scripts(plain)
    sheet = Submission.objects.get(form__code=VILLAGES, place__code=BAIBU)
    assert (sheet.state, sheet.submitted_by.username) == (Submission.State.SUBMITTED, "baibu")


def on_a_phone(page: Page, expected_statuses: set[int]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(VILLAGES_ENTRY)
    shown = page.locator("table.grid tbody tr:visible")
    expect(shown).to_have_count(1)
    first, following = shown.get_by_role("rowheader").inner_text(), page.locator(".place-steps button").nth(1)
    expected_statuses.add(422)
    field = cell(page, 0, "D22")
    assert field.bounding_box()["height"] >= 48
    assert field.get_attribute("inputmode") == "decimal"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    field.fill("12人")
    field.press("Enter")
    expect(cell(page, 0, "D23")).to_be_focused()  # one field under the other
    page.get_by_role("button", name="不适用").click()
    expect(cell(page, 0, "D23")).to_have_value("不适用")

    following.click()
    expect(shown.get_by_role("rowheader")).not_to_have_text(first)
    cell(page, 1, "D22").fill("30")
    page.get_by_role("button", name="提交审核").click()
    expect(shown.get_by_role("rowheader")).to_have_text(first)  # the place with the error is in front
    expect(page.locator("table.grid .cell-note:visible")).to_contain_text("“12人”不是数字")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell(page, 0, "D22").fill("12")
    page.get_by_role("button", name="存草稿").click()
    expect(page.locator("td.unsaved")).to_have_count(0)
    assert sorted(typed().values(), key=str) == [12, 30, None]


def without_scripts(page: Page) -> None:
    page.goto(VILLAGES_ENTRY)
    cell(page, 2, "D22").fill("7")
    page.get_by_text("成批标记").click()
    page.get_by_label("标记为").select_option("有数的格：暂估")
    page.get_by_label("填报项").select_option("D22")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("status")).to_have_text("已存草稿 3 格。")
    expect(cell(page, 2, "D22")).to_have_value("估7")
    page.get_by_label("按未填提交").check()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status")).to_have_text("已提交，等待审核。")
