"""The settings' addresses by rule: urls/settings.rule says of each table who may what, here is what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.apps import apps

from tests.reliability.table import FOLDER, Line
from tests.reliability.world import COLUMNS, OTHER_SECTION, OWN_SECTION

PAGES = ("changelist", "add", "history", "delete", "change", "list_csv", "list_xlsx")
NOT_THERE = "999999999"


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
    """The names of the tables' pages; "admin:" is the way from a row's address to its form, which has no name."""
    return {f"admin:{model.replace('.', '_')}_{page}" for model in rules() for page in PAGES} | {"admin:"}


def admin_lines() -> Iterator[Line]:
    """What the rule stands for: lists, empty forms, an own row, another section's, one that is not there."""
    for model, may in rules().items():
        view, change = dict.fromkeys(may["view"], "2"), dict.fromkeys(may.get("change", ""), "9")
        add, delete = may.get("add", ""), may.get("delete", "")
        absent = dict.fromkeys(may["view"], "0")
        yield _line(model, "changelist", (), view, view)
        for page in ("list_csv", "list_xlsx"):
            yield _line(model, page, (), view, dict.fromkeys(COLUMNS, "m"))
        yield _line(model, "add", (), dict.fromkeys(add, "2"), dict.fromkeys(add, "!"))
        yield _line(model, "change", (NOT_THERE,), absent, dict.fromkeys(may.get("change", ""), "0"))
        yield _line(model, "history", (NOT_THERE,), absent, absent)
        yield _line(model, "delete", (NOT_THERE,), dict.fromkeys(delete, "0"), dict.fromkeys(delete, "0"))
        own, other = rows(model, may.get("section", ""))
        if own:
            yield _line(model, "history", (own,), view, view)
            yield _line(model, "change", (own,), view, {} if "fixed" in may else change)
        if other:
            for page in ("change", "history", "delete"):
                yield _line(model, page, (other,), {"R": "0"}, {"R": "0"}, but="O")


def rows(model: str, section: str) -> tuple[str, str]:
    """The number of a row of the reviewer's section and of another's; of any row where the section does not matter."""
    found = apps.get_model(model)._default_manager.order_by("pk")
    if not section:
        return str(found.values_list("pk", flat=True).first() or ""), ""
    own, other = (found.filter(**{f"{section}__code": code}) for code in (OWN_SECTION, OTHER_SECTION))
    other = other.exclude(pk__in=own.values("pk"))
    return str(own.values_list("pk", flat=True)[0]), str(other.values_list("pk", flat=True)[0])


def _line(model: str, page: str, args: tuple[str, ...], get: dict, post: dict, but: str = "") -> Line:
    """Whoever is not named may not see the table; nothing is said of those in `but`."""

    def answers(of: dict) -> str:
        return "".join("?" if who in but else ">" if who == "-" else of.get(who, "x") for who in COLUMNS)

    return Line(
        f"settings.rule {model}", f"admin:{model.replace('.', '_')}_{page}", args, "", answers(get), answers(post)
    )
