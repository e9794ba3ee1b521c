"""The page that describes the API, in a real browser under our security policy; a token made there and used."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.sync_api import expect

from bureau.models import Grant
from tests.functional.county import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_is_made_and_the_description_drawn_from_our_own_files(live_server, sign_in, expected_statuses):
    expected_statuses.add(404)  # the overview a reader is led to: no plan is loaded here
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
    page.get_by_role("link", name="/api/v1/evaluations").click()
    expect(page.get_by_role("heading", name="评价", exact=True)).to_be_in_viewport()
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []

    wanted = urllib.request.Request(
        f"{live_server.url}/api/v1/openapi.json", headers={"Authorization": f"Bearer {text}"}
    )
    with urllib.request.urlopen(wanted) as answer:
        assert answer.status == 200
