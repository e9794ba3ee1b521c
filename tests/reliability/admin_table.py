"""The settings' addresses by rule: each table with who may view, add, change and delete, and what follows for its pages.

The rule's own table is in urls/settings.rule, one line a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tests.reliability.table import FOLDER, Line
from tests.reliability.world import COLUMNS

PAGES = ("changelist", "add", "history", "delete", "change")
NOT_THERE = "999999999"
SITE = ("index", "app_list", "jsi18n", "autocomplete", "login")


@cache
def rules() -> dict[str, dict[str, str]]:
    """'bureau.area' → {'view': 'OR', 'add': 'O', …}: the letters of who may."""
    found = {}
    for text in (FOLDER / "settings.rule").read_text(encoding="utf-8").splitlines():
        if text.strip() and not text.startswith("#"):
            model, *may = text.split()
            found[model] = dict(one.split("=") for one in may)
    return found


def admin_names() -> set[str]:
    """Every name the namespace must have, and nothing else; "" is the redirect from a row's address to its form."""
    of_models = {f"admin:{model.replace('.', '_')}_{page}" for model in rules() for page in PAGES}
    return of_models | {f"admin:{name}" for name in SITE} | {"admin:"}


def admin_lines() -> Iterator[Line]:
    """The lines that the rule stands for: lists, empty forms, rows that are there and rows that are not."""
    for model, may in rules().items():
        name = f"admin:{model.replace('.', '_')}_"
        view, add = may.get("view", ""), may.get("add", "")
        some = set(view)
        yield _line(model, f"{name}changelist", (), dict.fromkeys(some, "2"))
        yield _line(model, f"{name}add", (), dict.fromkeys(set(add), "2"), dict.fromkeys(set(add), "!"))
        absent = dict.fromkeys(some, "0")
        for page in ("change", "history"):
            yield _line(model, f"{name}{page}", (NOT_THERE,), absent)
        yield _line(model, f"{name}delete", (NOT_THERE,), absent)


def _line(model: str, name: str, args: tuple[str, ...], get: dict, post: dict | None = None) -> Line:
    def answers(of: dict) -> str:
        return "".join(">" if who == "-" else of.get(who, "x") for who in COLUMNS)

    return Line(f"settings.rule {model}", name, args, "", answers(get), answers(get if post is None else post))
