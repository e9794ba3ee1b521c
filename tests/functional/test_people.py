"""Accounts in a real browser: a new colleague from his first one-time password to his first page, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bureau.models import Area, Grant, User
from tests.functional.county import PASSWORD, fill_in, person

pytestmark = pytest.mark.django_db(transaction=True)
Role = Grant.Role
OWN = "Vivid-Otter#4172"


@pytest.fixture
def administrators(live_server) -> None:
    person("xitong", "系统管理员", Role.SYSTEM_ADMINISTRATOR)
    person("anquan", "安全管理员", Role.SECURITY_ADMINISTRATOR)


def test_a_colleague_is_let_in_by_two_administrators(live_server, administrators, sign_in, page: Page):
    system, security = sign_in("xitong"), sign_in("anquan")
    system.goto("/accounts/new/")
    system.get_by_label("账号", exact=True).fill("xu.fen")
    system.get_by_label("使用人姓名").fill("徐芬")
    system.get_by_label("单位").fill("县人力社保局")
    system.get_by_role("button", name="建账号").click()
    expect(system.get_by_role("heading", level=1)).to_have_text("徐芬")

    security.goto(re.sub(live_server.url, "", system.url))
    security.get_by_role("link", name="提授权").click()
    security.get_by_label("角色").select_option("auditor")
    security.get_by_label("理由").fill("任审计员一职")
    security.get_by_role("button", name="提出").click()

    system.goto("/accounts/")
    system.get_by_role("link", name=re.compile("办理")).click()
    system.get_by_role("button", name="会签，授权生效").click()
    expect(system.get_by_role("table").first).to_contain_text("审计员")
    security.reload()
    security.get_by_role("button", name="启用账号").click()
    expect(security.locator(".message-success")).to_have_text("已启用。")
    system.get_by_role("button", name="发一次性密码").click()
    password = system.locator(".one-time strong").inner_text()

    page.goto(f"{live_server.url}/account/login/")
    fill_in(page, "xu.fen", password)
    expect(page).to_have_url(f"{live_server.url}/account/password/")
    expect(page.get_by_label("原密码")).to_be_focused()
    page.keyboard.type(password)
    for new in (OWN, OWN):
        page.keyboard.press("Tab")
        page.keyboard.type(new)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="保存新密码")).to_have_count(0)
    assert not User.objects.get(username="xu.fen").must_change_password


def test_a_weak_password_is_told_by_its_rule(live_server, administrators, sign_in, expected_statuses: set[int]):
    expected_statuses.add(422)
    mine = sign_in("xitong")
    mine.goto("/account/password/")
    mine.get_by_label("原密码").fill(PASSWORD)
    mine.get_by_label("新密码", exact=True).fill("Haiyan#2017")
    mine.get_by_label("再填一次新密码").fill("Haiyan#2017")
    mine.get_by_role("button", name="保存新密码").click()
    expect(mine.locator(".field-error").first).to_contain_text("不能含“haiyan”")


def test_of_two_browsers_the_older_is_told_why_it_ended(live_server, administrators, sign_in):
    older = sign_in("xitong")
    sign_in("xitong")
    older.goto("/accounts/")
    expect(older).to_have_url(f"{live_server.url}/account/login/?next=/accounts/")
    expect(older.locator(".message")).to_contain_text("在另一处（127.0.0.1）登录，这里已退出")


def test_work_is_handed_over_with_both_signatures(live_server, administrators, sign_in, expected_statuses: set[int]):
    expected_statuses.add(404)  # the overview: no plan is loaded
    town = Area.objects.create(code="330424102", level=Area.Level.TOWN, number=1, county=_county())
    person("baibu", "百步填报员", Role.TOWN_CLERK, area=town)
    User.objects.create_user("heir", password=PASSWORD, display_name="接手人")
    giver, receiver, security = sign_in("baibu"), sign_in("heir"), sign_in("anquan")
    giver.goto("/account/handover/new/")
    giver.get_by_label("接手人账号").fill("heir")
    giver.get_by_label("移交日").fill(str(_today()))
    giver.get_by_role("button", name="签字并发起移交").click()
    receiver.goto("/account/?stay")
    receiver.get_by_role("link", name="百步填报员 移交给 接手人").click()
    receiver.get_by_role("button", name="签字接手").click()
    security.goto("/accounts/")
    security.get_by_role("link", name="百步填报员 移交给 接手人").click()
    security.get_by_role("button", name="确认移交授权").click()
    expect(security.locator(".page-facts")).to_contain_text("已移交")
    receiver.goto("/account/?stay")
    expect(receiver.locator("main")).to_contain_text("镇（街道）填报人")


def _county() -> Area:
    return Area.objects.create(code="330424", level=Area.Level.COUNTY, number=0)


def _today():
    from bureau import clock

    return clock.real_day()
