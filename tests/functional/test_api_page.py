"""The page that describes the API, in a real browser under our security policy; a token made there and used."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.sync_api import expect

from bureau.models import Grant
from tests.functional.county import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_is_made_and_the_description_drawn_from_our_own_files(live_server, sign_in):
    person("lingdao", "领导", Grant.Role.LEADER)
    page = sign_in("lingdao")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/account/?stay")
    page.get_by_role("link", name="接口令牌").click()
    page.get_by_label("用途").fill("县大数据局看板")
    page.get_by_role("button", name="生成令牌").click()
    text = page.locator(".one-time strong").inner_text()
    expect(page.get_by_role("row", name="县大数据局看板")).to_contain_text("有效")
    page.get_by_role("link", name="接口说明").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("海盐试点监测数据接口")
    expect(page.locator(".opblock-summary-path", has_text="/evaluations")).to_be_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []

    wanted = urllib.request.Request(
        f"{live_server.url}/api/v1/openapi.json", headers={"Authorization": f"Bearer {text}"}
    )
    with urllib.request.urlopen(wanted) as answer:
        assert answer.status == 200
