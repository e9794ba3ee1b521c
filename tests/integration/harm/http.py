"""A browser without a screen that speaks real HTTP to the live server: opens an entry page, sends its form."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from bureau.models import User
from tests.integration.entry.browsing import Page


@dataclass(frozen=True)
class Answer:
    """What a request came to."""

    status: int
    url: str
    text: str


class Browser:
    """One signed-in person on one connection; for use within one thread."""

    def __init__(self, base: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.cookies = {name: client.cookies[name].value}
        self.base = urlsplit(base)

    def get(self, url: str) -> Answer:
        return self._ask("GET", url)

    def opened(self, url: str) -> Page:
        """The entry page there, its fields ready to be sent back."""
        answer = self.get(url)
        assert answer.status == 200, answer.status
        return self.page_of(answer, url)

    @staticmethod
    def page_of(answer: Answer, url: str) -> Page:
        content = SimpleNamespace(request={"PATH_INFO": url}, status_code=answer.status, content=answer.text.encode())
        return Page.of(content)

    def send(self, page: Page, action: str, cells: dict[str, str], **more) -> Answer:
        """The page's form with these cells retyped."""
        data = dict(page.fields) | {f"c.{name}": [text] for name, text in cells.items()} | more | {"action": action}
        return self._ask("POST", page.url, urlencode(data, doseq=True))

    def _ask(self, method: str, url: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, url, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        finally:
            connection.close()
