"""What goes wrong while a sheet is filled: a reload, a colleague, no network, an ended session; all typed is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from indicators.entry import workflow
from indicators.models import Submission
from tests.functional.county import PASSWORD, VILLAGES, VILLAGES_ENTRY, fill_in
from tests.functional.test_sheet import all_saved, cell, save, state, stored

pytestmark = pytest.mark.django_db(transaction=True)


def kept(page: Page) -> int:
    """How many sheets this tab keeps cells of."""
    return page.evaluate("Object.keys(sessionStorage).length")


def test_a_reload_an_input_method_a_lost_network_and_an_ended_session_lose_nothing(
    town: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int]
):
    page = sign_in("baibu")
    page.goto(VILLAGES_ENTRY)
    expect(cell(page, 0, "D05")).to_be_focused()
    it_saves_itself_and_outlives_a_reload(page)
    enter_within_an_input_method_stays_in_its_cell(page)
    without_a_network_everything_waits(page)
    expected_statuses.add(401)
    after_an_ended_session_one_signs_in_beside_it(page)
    nothing_is_left_after_signing_out(page)


def it_saves_itself_and_outlives_a_reload(page: Page) -> None:
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    expect(page.locator("td.unsaved")).to_have_count(1)  # a mark for each cell, gone when it is saved
    all_saved(page)
    assert stored() == [100]
    page.keyboard.type("25")
    page.reload()  # at once, before the pause is over
    expect(cell(page, 1, "D05")).to_have_value("25")
    all_saved(page)
    assert stored() == [25, 100]


def enter_within_an_input_method_stays_in_its_cell(page: Page) -> None:
    third = cell(page, 2, "D05")
    third.focus()
    third.evaluate("""field => {
      for (const more of [{ isComposing: true }, { keyCode: 229 }])
        for (const key of ["Enter", "ArrowDown", "g", "z"])
          field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
    }""")
    expect(third).to_be_focused()
    expect(third).to_have_value("")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "gu", "selectionStart": 2, "selectionEnd": 2})
    session.send("Input.insertText", {"text": "估"})
    page.keyboard.type("86")
    page.keyboard.press("Enter")
    expect(cell(page, 3, "D05")).to_be_focused()
    save(page)
    all_saved(page)
    expect(third).to_have_value("估86")
    assert stored() == [25, 86, 100]


def without_a_network_everything_waits(page: Page) -> None:
    """And goes through once it is back."""
    page.context.set_offline(True)
    cell(page, 3, "D05").focus()
    page.keyboard.type("70")
    page.keyboard.press("Enter")
    page.keyboard.type("60")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("网络断开，填的数都在。连上后自动保存")
    expect(page.locator("td.failed")).to_have_count(2)
    assert kept(page) == 1
    assert stored() == [25, 86, 100]
    page.context.set_offline(False)
    all_saved(page)
    expect(page.locator("#sheet-told")).to_be_hidden()
    assert stored() == [25, 60, 70, 86, 100]
    assert kept(page) == 0


def after_an_ended_session_one_signs_in_beside_it(page: Page) -> None:
    Session.objects.all().delete()
    cell(page, 5, "D05").focus()
    page.keyboard.type("50")
    save(page)
    told = page.get_by_role("alert")
    expect(told).to_contain_text("请在新窗口登录后再试一次")
    expect(cell(page, 5, "D05")).to_have_value("50")
    with page.context.expect_page() as opening:
        told.get_by_role("link", name="在新窗口登录").click()
    fill_in(opening.value, "baibu", PASSWORD)
    expect(opening.value.get_by_role("navigation").first).to_be_visible()
    opening.value.close()
    page.bring_to_front()
    if told.is_visible():  # coming back to the page may have sent it already
        told.get_by_role("button", name="再试").click()
    all_saved(page)
    assert stored() == [25, 50, 60, 70, 86, 100]


def nothing_is_left_after_signing_out(page: Page) -> None:
    page.context.set_offline(True)
    cell(page, 6, "D05").fill("40")
    assert kept(page) == 1
    page.context.set_offline(False)
    page.locator("form[action='/account/logout/']").first.evaluate("form => form.requestSubmit()")
    expect(page).to_have_url(re.compile("/account/login/"))
    assert kept(page) == 0
    assert page.evaluate("localStorage.length") == 0


def test_a_colleagues_value_stands_beside_mine_and_a_closed_sheet_keeps_what_was_typed(
    town: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int]
):
    page = sign_in("baibu")
    page.goto(VILLAGES_ENTRY)
    expect(page.locator("#sheet-keys")).to_be_visible()
    expected_statuses.add(409)
    town.write(town.villages[0], {"D22": "118", "D23": "110"}, by=town.colleague)
    one_of_both_values_is_chosen(page)
    workflow.submit(Submission.objects.get(form__code=VILLAGES), by=town.colleague)
    cell(page, 1, "D22").fill("55")
    save(page)
    told = page.get_by_role("alert")
    expect(told).to_contain_text("张三")
    expect(told).to_contain_text("填的数都在，可以复制。")
    expect(cell(page, 1, "D22")).to_have_value("55")
    expect(cell(page, 1, "D22")).to_have_attribute("readonly", "")
    assert stored() == [7, 110, 120]


def one_of_both_values_is_chosen(page: Page) -> None:
    cell(page, 0, "D22").fill("120")
    cell(page, 0, "D23").fill("111")
    cell(page, 1, "D22").fill("7")
    save(page)
    asked = page.locator("#sheet-conflicts")
    expect(asked.get_by_role("group")).to_have_count(2)
    first = asked.get_by_role("group").first
    for told in ("120", "118", "张三"):
        expect(first).to_contain_text(told)
    expect(state(page)).to_contain_text("2 格已被他人修改")
    assert stored() == [7, 110, 118]  # the colleague's two, and my other cell
    first.get_by_role("button", name="我的").click()
    asked.get_by_role("button", name="张三").click()
    expect(asked).to_be_hidden()
    expect(cell(page, 0, "D23")).to_have_value("110")
    save(page)
    all_saved(page)
    assert stored() == [7, 110, 120]
