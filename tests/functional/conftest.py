"""Debian's Chromium for the browser tests; a page that errors or breaks the security policy fails its test."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, expect

from tests.functional.county import PASSWORD, a_county, a_town, fill_in
from tests.functional.worlds import Worlds

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
document.addEventListener('securitypolicyviolation', e =>
  console.error(`CSP ${e.effectiveDirective} blocked ${e.blockedURI || 'inline'} ${e.sourceFile}:${e.lineNumber}`));
"""

# Playwright keeps an event loop in this thread, in which Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems() -> None:
    if CHROMIUM is None:
        raise pytest.UsageError("The browser tests need Chromium, which is not installed: apt-get install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {"executable_path": CHROMIUM, "chromium_sandbox": False, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def expected_statuses() -> set[int]:
    """Answers from 400 up that a test means to provoke; it adds them here."""
    return set()


@pytest.fixture
def amiss(expected_statuses: set[int]) -> Iterator[list[str]]:
    """What the watched browsers saw go wrong; anything in it fails the test at its end."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.fixture
def watch(amiss: list[str], expected_statuses: set[int]) -> Callable[[BrowserContext], Page]:
    """A new page in a context whose console errors, script errors, policy violations and failed answers are noted."""

    def on_console(message: ConsoleMessage) -> None:
        # A failed answer is told by the browser too; on_response knows its status and address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            amiss.append(f"console: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.status not in expected_statuses:
            amiss.append(f"{response.status} {response.url}")

    def begin(context: BrowserContext) -> Page:
        context.add_init_script(WATCH)
        context.on("console", on_console)
        context.on("response", on_response)
        context.on("weberror", lambda error: amiss.append(f"script error: {error.error}"))
        return context.new_page()

    return begin


@pytest.fixture
def page(context: BrowserContext, watch: Callable[[BrowserContext], Page]) -> Page:
    """A watched page of somebody not signed in."""
    return watch(context)


@pytest.fixture
def sign_in(live_server, new_context, watch: Callable[[BrowserContext], Page]) -> Callable[[str], Page]:
    """Signs a person in through the form, in a browser of his own: `sign_in("baibu")` is the page he then sees."""

    def enter(username: str) -> Page:
        page = watch(new_context(base_url=live_server.url))
        page.goto("/account/login/")
        fill_in(page, username, PASSWORD)
        expect(page).not_to_have_url(re.compile("/account/login/"))
        return page

    return enter


@pytest.fixture(scope="session")
def worlds() -> Worlds:
    return Worlds()


@pytest.fixture
def town(live_server, worlds: Worlds) -> SimpleNamespace:
    """The plan loaded and two clerks of one town, whose village sheet of June 2017 is empty."""
    return worlds(a_town)


@pytest.fixture
def county(live_server, worlds: Worlds) -> SimpleNamespace:
    """The plan loaded, people to act on it, January to May 2017 reported by the nine towns and approved."""
    return worlds(a_county)
