"""Every act the code records has a Chinese name; an unknown one shows its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from bureau.trail import acts

FLOORS = ("bureau", "indicators", "tasks", "reports", "haiyan_pilot")
RECORDERS = ("record", "add_revisions", "Act")


def recorded() -> Iterator[tuple[str, str]]:
    """(file and line, act) of each act recorded in the code; a made-up name counts by its fixed beginning and '*'."""
    for floor in FLOORS:
        for path in sorted((settings.BASE_DIR / floor).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _name(call.func) in RECORDERS:
                    yield from ((f"{path}:{call.lineno}", act) for act in _acts(call, path))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _acts(call: ast.Call, path: Path) -> Iterator[str]:
    act = next((one.value for one in call.keywords if one.arg == "act"), call.args[0] if call.args else None)
    if isinstance(act, ast.Constant) and isinstance(act.value, str):
        yield act.value
    elif isinstance(act, ast.IfExp):
        yield from (part.value for part in (act.body, act.orelse) if isinstance(part, ast.Constant))
    elif isinstance(act, ast.JoinedStr):
        yield f"{act.values[0].value}*" if isinstance(act.values[0], ast.Constant) else "*"
    elif isinstance(act, ast.Name) and act.id.isupper():
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        yield getattr(import_module(module), act.id)


FOUND = sorted({act for _, act in recorded()})


def test_the_search_finds_the_acts_there_are():
    assert {"entries.save", "month.publish", "session.start", "demonstration.remove"} <= set(FOUND)
    assert len(FOUND) > 25


@pytest.mark.parametrize("act", FOUND)
def test_every_act_in_the_code_has_a_name(act):
    if act.endswith("*"):
        assert any(code.startswith(act[:-1]) for code in acts.known()), act
    else:
        assert acts.label(act) != act


def test_an_unknown_act_shows_its_code():
    assert acts.label("moon.landing") == "moon.landing"
    assert acts.kind_label("moon.landing") == ""


def test_no_two_acts_of_a_kind_bear_one_name():
    for kind in acts.KINDS:
        labels = [acts.label(code) for code in acts.codes_of(kind)]
        assert sorted(set(labels)) == sorted(labels)
