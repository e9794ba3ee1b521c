"""Requests as each person of the world: signed in once a person, and every request's changes taken back."""

from __future__ import annotations

import pickle
import re
import zlib
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.test import Client
from django.utils.html import escape

from tests.reliability.world import World

# What differs between two answers that say the same: the token of the form's defence, the nonce, the path itself.
TOKEN = re.compile(
    rb'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ?"|&quot;X-CSRFToken&quot;: ?&quot;)[A-Za-z0-9]{32,64}'
)


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    cookies: str


class Asking:
    """`asking("T", "GET", "/desk/")` is what the town's clerk is answered."""

    def __init__(self, world: World, answers: dict[tuple[str, str], bytes] | None = None) -> None:
        self.world = world
        self._answers = {} if answers is None else answers
        self._clients: dict[str, Client] = {}

    def client(self, who: str) -> Client:
        """The browser of a person, signed in; of somebody not signed in for "-"."""
        if who not in self._clients:
            client = Client(raise_request_exception=False)
            if who != "-":
                client.force_login(self.world.people[who])
            self._clients[who] = client
        return self._clients[who]

    def __call__(
        self, who: str, method: str, url: str, data: object = None, *, keep: bool = False, **more: object
    ) -> Answer:
        options: dict = {"data": data} if data is not None else {}
        return self._ask(who, lambda client: getattr(client, method.lower())(url, **options, **more), keep)

    def read(self, who: str, url: str) -> Answer:
        """The answer to GET in the world as it was built: asked once, however many proofs look at it."""
        key = who, url
        if key not in self._answers:
            self._answers[key] = zlib.compress(pickle.dumps(self(who, "GET", url)), 1)
        return pickle.loads(zlib.decompress(self._answers[key]))

    def anyhow(self, who: str, method: str, url: str, body: bytes, kind: str, **headers: str) -> Answer:
        """A request with any body under any content type."""
        return self._ask(who, lambda client: client.generic(method, url, body, content_type=kind, **headers), False)

    def kept(self, who: str, url: str, data: object, look: Callable[[], Any]) -> tuple[int, Any]:
        """Post a form, look at what it did, take it back: the status and what was seen."""
        with transaction.atomic():
            status = self(who, "POST", url, data, keep=True).status_code
            seen = look()
            transaction.set_rollback(True)
        return status, seen

    def _ask(self, who: str, ask: Callable[[Client], Any], keep: bool) -> Answer:
        client = self.client(who)
        cookies = copy(client.cookies)
        with transaction.atomic():
            answer = ask(client)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if not keep:
                transaction.set_rollback(True)
                client.cookies = cookies
        return Answer(answer.status_code, answer.headers, body, answer.cookies.output())


def said(answer: Answer, url: str) -> bytes:
    """The body without what may differ between two equal answers: tokens, and the address asked for."""
    body = TOKEN.sub(rb"\1", answer.content).decode(errors="replace")
    for form in (url, unquote(url), urlsplit(url).path, unquote(urlsplit(url).path)):
        body = body.replace(escape(form), "").replace(form, "")
    return body.encode()
