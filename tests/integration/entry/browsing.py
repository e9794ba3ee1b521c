"""Reads an entry page as a browser would and sends its form back: `opened(client, …)`, `page.send(client, …)`."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

from bureau import months


def url_of(form: str, place: str, month: int) -> str:
    return f"/entry/{form}/{place}/{months.iso(month)}/"


@dataclass
class Page(HTMLParser):
    """The fields of the sheet's form as loaded, and the attributes of each of its cells' inputs."""

    url: str = ""
    status: int = 0
    text: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, dict] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, answer: HttpResponse) -> Page:
        page = cls(answer.request["PATH_INFO"], answer.status_code, answer.content.decode())
        page.feed(page.text)
        return page

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = dict(attributes)
        if tag == "a" and given.get("href", "").startswith("#c-"):
            self.links.append(given["href"])
        if tag == "form":
            self.inside = given.get("id") == "grid"
        if tag != "input" or not self.inside or not given.get("name"):
            return
        if given["name"].startswith("c."):
            self.cells[given["name"].removeprefix("c.")] = given
        if given.get("type") not in ("checkbox", "radio") or "checked" in given:
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False

    def shows(self, cell: str) -> str:
        return self.cells[cell]["value"]

    def send(self, client: Client, action: str, cells: dict[str, str] | None = None, **more) -> HttpResponse:
        """Post the form with these cells retyped, and other fields by name."""
        data = dict(self.fields) | {f"c.{name}": [text] for name, text in (cells or {}).items()} | more
        return client.post(self.url, data | {"action": action})


def opened(client: Client, form: str, place: str, month: int) -> Page:
    answer = client.get(url_of(form, place, month))
    assert answer.status_code == 200
    return Page.of(answer)
