"""The table of every address: who is answered what. Read from urls/*.txt, one file an app; see urls/README.md.

A line is: name, arguments, query | GET of each column | POST (of an empty form) of each column. `@own` is looked up in
the world's names. Lines of one name are one object each: own, another's, one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.reliability.world import COLUMNS, World

FOLDER = Path(__file__).parent / "urls"
ANSWERS = {"2": 200, ">": 302, "x": 403, "0": 404, "m": 405, "!": 422, "9": 409, "b": 400, "u": 401}
LETTERS = {status: letter for letter, status in ANSWERS.items()}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    where: str  # file and line number
    name: str
    args: tuple[str, ...]
    query: str
    get: str
    post: str

    def url(self, world: World) -> str:
        return reverse(self.name, args=self.values(world)) + self.query

    def values(self, world: World) -> tuple[str, ...]:
        return tuple(world.names[arg[1:]] if arg.startswith("@") else arg for arg in self.args)

    def expected(self, who: str, method: str) -> int | None:
        """The status due; None where the line says nothing of this person."""
        if method not in ("GET", "HEAD", "POST"):
            return 405
        return ANSWERS.get((self.post if method == "POST" else self.get)[COLUMNS.index(who)])

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, *self.args, self.query)))


@cache
def lines() -> tuple[Line, ...]:
    """Every line of every file."""
    return tuple(
        _line(f"{path.name}:{number}", text)
        for path in sorted(FOLDER.glob("*.txt"))
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if text.strip() and not text.startswith("#")
    )


def in_short() -> list[Line]:
    """The first line of each address, but of a table's two files the CSV alone (the other says the same)."""
    first: dict[str, Line] = {}
    for line in lines():
        first.setdefault(line.name, line)
    return [line for name, line in first.items() if not name.endswith("_xlsx") or f"{name[:-4]}csv" not in first]


def _line(where: str, text: str) -> Line:
    what, get, post = (part.strip() for part in text.split("|"))
    name, *rest = what.split()
    query = rest.pop() if rest and rest[-1].startswith("?") else ""
    for answers in (get, post):
        if len(answers) != len(COLUMNS) or set(answers) - ANSWERS.keys():
            raise ValueError(f"{where}: {answers!r} is not one answer for each of {COLUMNS}")
    return Line(where, name, tuple(rest), query, get, post)


def names_of_the_site(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name with namespaces, pattern) of every address the site answers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", str(pattern.pattern)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_of_the_site(pattern, inner)
