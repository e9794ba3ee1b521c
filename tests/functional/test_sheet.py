"""The sheet as the clerk's daily tool: filled by keyboard, pasted into, undone, marked by single keys."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from bureau import months
from bureau.models import Area, Grant
from indicators.entry import workflow
from indicators.models import Entry
from indicators.models.figures import CellState
from tests.functional.county import MONTH, VILLAGES, VILLAGES_ENTRY, person

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.focus();
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def cell(page: Page, row: int, item: str) -> Locator:
    """The field of an item in the sheet's row of that number, from 0."""
    return page.locator("table.grid tbody tr").nth(row).locator(f'td[data-code="{item}"] input')


def stored() -> list[int]:
    """The values stored for June, in order."""
    rows = Entry.objects.filter(submission__form__code=VILLAGES, submission__month=months.parse(MONTH))
    return sorted(rows.values_list("value", flat=True))


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def save(page: Page) -> None:
    """Save what is typed without waiting for the pause."""
    page.get_by_role("button", name="存草稿").click()


def all_saved(page: Page) -> None:
    expect(page.locator("td.unsaved")).to_have_count(0)
    expect(state(page)).to_contain_text("已保存")


def test_a_village_sheet_of_twenty_cells_takes_twenty_keystrokes_beyond_the_digits(
    town: SimpleNamespace, sign_in: Callable[[str], Page]
):
    village = Area.objects.get(code=town.villages[0])
    person("assistant", "协理员", Grant.Role.VILLAGE_ASSISTANT, area=village)
    page = sign_in("assistant")
    page.goto(VILLAGES_ENTRY)
    fields = page.locator("table.grid td input")
    expect(fields).to_have_count(20)
    expect(fields.first).to_be_focused()  # no mouse, no tabs to get there
    beyond = 0
    for number in range(20):
        page.keyboard.type(str(number))
        page.keyboard.press("Enter" if number < 19 else "Tab")  # Tab leaves the sheet, which saves it
        beyond += 1
    all_saved(page)
    assert beyond <= 25
    assert stored() == list(range(20))
    expect(page.locator(".page-facts")).to_contain_text("已填 20/20 格")


def test_a_block_is_pasted_and_undone_its_bad_cells_are_marked_and_single_keys_set_states(
    town: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int]
):
    may = town.write(town.villages[0], {"D12": "900", "D22": "1246", "D23": "1168"}, by=town.clerk, month=town.june - 1)
    workflow.submit(may, by=town.clerk)
    workflow.approve(may, by=town.reviewer)
    expected_statuses.add(422)
    page = sign_in("baibu")
    page.goto(VILLAGES_ENTRY)
    expect(page.locator("#sheet-keys")).to_be_visible()
    pasted_undone_and_done_again(page)
    bad_cells_stay_and_the_rest_is_saved(page)
    states_totals_and_ratios(page)
    emptying_asks_first(page)
    an_unusual_figure_is_explained_without_a_mouse(page)


def pasted_undone_and_done_again(page: Page) -> None:
    start = cell(page, 1, "D22")
    start.evaluate(PASTE, '１，２００\t1,150\r\n"980"\t十二\n\t"7\n7"\n')
    expect(state(page)).to_have_text("贴入 5 格")
    expect(cell(page, 2, "D23")).to_have_value("十二")
    expect(cell(page, 3, "D22")).to_have_value("")  # a blank leaves its cell as it is
    page.keyboard.press("Control+z")
    expect(start).to_have_value("")
    expect(cell(page, 2, "D22")).to_have_value("")
    page.keyboard.press("Control+y")
    expect(start).to_have_value("１，２００")


def bad_cells_stay_and_the_rest_is_saved(page: Page) -> None:
    save(page)
    bad = cell(page, 2, "D23")
    expect(bad).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{bad.get_attribute('id')}-note")).to_contain_text("“十二”不是数字")
    expect(cell(page, 3, "D23")).to_have_value("7 7")  # nor does a newline make 77 of it
    expect(page.locator("td.unsaved")).to_have_count(2)
    expect(cell(page, 1, "D22")).to_have_value("1,200")  # what could be read is stored, and reads as it is stored
    assert stored() == [980, 1150, 1200]
    page.get_by_role("button", name="提交审核").click()  # nothing is handed in past a refused cell
    expect(bad).to_be_focused()
    bad.fill("975")
    cell(page, 3, "D23").fill("7")
    save(page)
    all_saved(page)
    assert stored() == [7, 975, 980, 1150, 1200]
    last = cell(page, 10, "D25")
    last.evaluate(PASTE, "1\t2\n3")
    expect(state(page)).to_contain_text("贴入 2 格；1 格超出本表")
    page.keyboard.press("Control+z")
    expect(last).to_have_value("")


def states_totals_and_ratios(page: Page) -> None:
    row = page.locator("table.grid tbody tr").first
    expect(row.locator('td[data-code="D22"] .before')).to_have_text("1,246")
    ratio = row.locator('td[data-code="D23 ÷ D22"] .figure')
    expect(ratio).to_have_text("—")
    cell(page, 0, "D22").focus()
    page.keyboard.press("y")
    expect(cell(page, 0, "D22")).to_have_value("沿1,246")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("g1012")
    expect(cell(page, 0, "D23")).to_have_value("估1012")
    expect(ratio).to_have_text("81.22")  # 1012 / 1246 = 81.2199…
    total = page.locator('tr.total td[data-total="D23"]')
    expect(total.locator(".figure")).to_have_text("3,144")  # 1012 + 1150 + 975 + 7
    expect(total.locator(".before")).to_have_text("4/11")
    expect(page.get_by_role("link", name="A04")).to_be_visible()  # what the item is for
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+d")
    expect(cell(page, 1, "D23")).to_have_value("估1012")
    page.keyboard.press("n")
    expect(cell(page, 1, "D23")).to_have_value("不适用")
    save(page)
    all_saved(page)
    found = Entry.objects.filter(submission__month=months.parse(MONTH)).exclude(state=CellState.VALUE)
    assert set(found.values_list("value", "state")) == {
        (1246, CellState.CARRIED), (1012, CellState.ESTIMATE), (None, CellState.NOT_APPLICABLE)
    }  # fmt: skip


def an_unusual_figure_is_explained_without_a_mouse(page: Page) -> None:
    cell(page, 0, "D12").focus()
    page.keyboard.type("90")
    save(page)
    asked = page.locator("#checks").get_by_role("listitem").filter(has_text="D12")
    expect(asked).to_contain_text("请核实")
    asked.get_by_role("link").press("Enter")
    expect(cell(page, 0, "D12")).to_be_focused()
    page.keyboard.press("Control+m")
    expect(page.get_by_label("说明")).to_be_focused()
    page.keyboard.type("培训班并入县里")
    page.keyboard.press("Escape")
    expect(cell(page, 0, "D12")).to_be_focused()
    save(page)
    all_saved(page)
    expect(page.locator("td.explained .cell-note")).to_have_text("已说明：培训班并入县里")
    expect(asked).to_have_count(0)
    assert Entry.objects.get(value=90).note == "培训班并入县里"


def emptying_asks_first(page: Page) -> None:
    first = cell(page, 0, "D22")
    first.focus()
    page.keyboard.press("Delete")
    expect(state(page)).to_contain_text("清空原值 沿1,246？")
    save(page)
    expect(page.locator("td.asking")).to_have_count(1)
    assert Entry.objects.filter(value=1246, submission__month=months.parse(MONTH)).exists()
    first.focus()
    page.keyboard.press("Delete")
    save(page)
    all_saved(page)
    assert not Entry.objects.filter(value=1246, submission__month=months.parse(MONTH)).exists()
