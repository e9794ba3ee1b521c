"""The pages nobody needs an account for, in a real browser under the real content security policy."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sign_in_page_opens_clean(live_server, page: Page):
    page.goto(live_server.url)
    expect(page).to_have_url(f"{live_server.url}/account/login/?next=/")
    expect(page.locator("input[type=password]")).to_be_visible()


def test_a_missing_page_says_so_in_chinese(live_server, page: Page, expected_statuses: set[int]):
    expected_statuses.add(404)
    page.goto(f"{live_server.url}/no-such-page")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("h1")).to_be_visible()
