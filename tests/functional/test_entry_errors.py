"""What goes wrong at the keyboard: a spoilt workbook is told cell by cell and writes nothing; wrong passwords lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from bureau.models import Grant
from indicators.models import Entry, Submission, Upload
from tests.functional.county import (
    BAIBU,
    PASSWORD,
    VILLAGES,
    VILLAGES_ENTRY,
    download,
    fill_in,
    person,
    plant_errors,
    upload,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_workbook_with_five_errors_is_refused_with_each_cell_and_rule_and_nothing_is_written(
    county: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int], tmp_path: Path
):
    page = sign_in("baibu")
    page.goto(VILLAGES_ENTRY)
    workbook = download(page, page.get_by_role("link", name="下载模板"), tmp_path)
    planted = plant_errors(workbook)
    expected_statuses.add(422)
    upload(page, workbook)

    expect(page.get_by_role("heading", level=1)).to_have_text("表格没有导入：5 处错误须先改")
    rows = page.get_by_role("region", name="须改与请核实的单元格").get_by_role("row")
    told = {row.locator("[data-label=单元格]").inner_text(): row for row in rows.filter(has_text="须改").all()}
    assert told.keys() == planted.keys()
    for cell, rule in planted.items():
        expect(told[cell].locator("[data-label=工作表]")).to_have_text("填报")
        expect(told[cell].locator("[data-label=规则]")).to_contain_text(rule)
    expect(page.get_by_role("button", name="确认写入")).to_have_count(0)
    expect(page.get_by_text("没有任何数被改动")).to_be_visible()

    town = Submission.objects.filter(place__code=BAIBU, form__code=VILLAGES)
    assert not Entry.objects.filter(submission__in=town).exists()
    assert Upload.objects.get().state == Upload.State.REFUSED
    page.goto(VILLAGES_ENTRY)
    expect(page.get_by_text("已填 0/220 格")).to_be_visible()  # 11 villages x 20 items
    fields = page.locator("table.grid input")
    expect(fields).to_have_count(220)
    assert {field.input_value() for field in fields.all()} == {""}


def test_five_wrong_passwords_lock_one_account_and_a_colleague_still_signs_in(
    live_server, page: Page, expected_statuses: set[int]
):
    for username in ("baibu", "colleague"):
        person(username, username, Grant.Role.LEADER)
    form = f"{live_server.url}/account/login/?next=/account/password/"
    page.goto(form)
    expected_statuses |= {422, 429}
    for left in (4, 3, 2, 1):
        fill_in(page, "baibu", "not his password")
        expect(page.get_by_role("alert")).to_contain_text(f"账号或密码不对。还可试 {left} 次")
    fill_in(page, "baibu", "not his password")
    expect(page.get_by_role("heading", level=1)).to_have_text("账号暂时锁定")
    expect(page.get_by_role("main")).to_contain_text("账号 baibu 连续 5 次登录没有成功")

    page.get_by_role("link", name="回登录页").click()
    fill_in(page, "baibu", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("账号暂时锁定")
    page.goto(form)
    fill_in(page, "colleague", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("改密码")
