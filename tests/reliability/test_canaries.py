"""D3: a number planted per town, form and stage is in no byte of any page, file, chart or header outside its scope.

Each role follows every link it is shown, asks every address of the table besides, and opens what it may download.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import deque
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.reliability.asking import Answer, Asking
from tests.reliability.scale import FULL, result, sweeping
from tests.reliability.table import lines
from tests.reliability.world import ROLES, Canary

LINK = re.compile(r"""(?:href|src|action|hx-get|data-[a-z-]*url)=["']([^"'#]+)""")
BETWEEN = re.compile(r"(?<=\d)(?:[,.，\s\u00a0\u202f]|&nbsp;|&#x?[0-9a-f]+;)+(?=\d)", re.IGNORECASE)
MOST_PAGES = 2000 if FULL else 40  # of one role; the table's own addresses come first
ZIP = b"PK\x03\x04"


def text_of(answer: Answer) -> str:
    """Everything that came: headers, body, and the parts of a document, as one text."""
    head = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers.items())
    body = answer.content
    if body.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(name.encode() + b"\n" + parts.read(name) for name in parts.namelist())
    return f"{head}\n{html.unescape(body.decode('utf-8', errors='replace'))}"


def spellings(canary: Canary) -> list[str]:
    """How a page might write it: plain, or in ten thousands, rounded."""
    tens = f"{canary.number // 10_000}"
    return [str(canary.number), f"{tens}.{round(canary.number % 10_000 / 100):02}万", f"{canary.number / 10_000:.2f}"]


def seen_in(text: str, canaries: list[Canary]) -> list[Canary]:
    joined = BETWEEN.sub("", text)
    return [
        one for one in canaries if str(one.number) in joined or any(spelling in text for spelling in spellings(one))
    ]


def links_in(answer: Answer, url: str) -> list[str]:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    found = LINK.findall(answer.content.decode("utf-8", errors="replace"))
    inside = (urljoin(url, html.unescape(link)) for link in found)
    return [
        link for link in inside if not urlsplit(link).netloc and not link.startswith(("/static/", "data:", "blob:"))
    ]


def crawl(asking: Asking, who: str) -> tuple[dict[Canary, list[str]], int]:
    """Each canary that this person came upon with the addresses where he did, and how many addresses he asked."""
    asked = lines() if FULL else [line for line in lines() if not line.name.endswith("_xlsx")]  # the CSV says the same
    waiting = deque(dict.fromkeys(["/", "/account/?stay", *(line.url(asking.world) for line in asked)]))
    known, found = set(waiting), {}
    pages = 0
    while waiting and pages < MOST_PAGES + len(asked):
        url = waiting.popleft()
        answer = asking.read(who, url)
        pages += 1
        for canary in seen_in(text_of(answer), asking.world.canaries):
            found.setdefault(canary, []).append(url)
        for link in links_in(answer, url):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return found, pages


@sweeping
@pytest.mark.parametrize("who", ROLES)
def test_nobody_comes_upon_a_number_outside_his_scope(asking: Asking, who: str):
    found, pages = crawl(asking, who)
    foreign = [f"{canary} at {urls[:3]}" for canary, urls in found.items() if who not in canary.seen_by]
    result("D3", "pages and files crawled for canaries", pages, len(foreign))
    assert foreign == []
    assert bool(found) == (who in "VTCKROA"), "those with figures of their own do see them"
    if who == "A":
        trail = ("/audit/", "/settings/bureau/auditevent/")
        elsewhere = [url for urls in found.values() for url in urls if not url.startswith(trail)]
        assert elsewhere == [], "the auditor meets them in the trail of changed figures, and nowhere else"


def test_the_crawl_would_see_a_canary_however_it_is_written(asking: Asking):
    canary = Canary(123_456_789, "330424101", "yj01", "draft", frozenset())
    for text in ("=123456789;", "123,456,789 人", "123 456 789", "12345.68 万", "123,456,789.00", "12345.6789"):
        assert seen_in(text, [canary]) == [canary], text
    assert seen_in("123456780 12345.67", [canary]) == []
