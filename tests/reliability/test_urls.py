"""D1, D2: every address, as every person, by every method, is answered what urls/ says; and a 404 tells nothing.

The whole table under RELIABILITY=full; in the suite the first lines of each address are read (GET).
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from bureau.models import User
from tests.reliability import world as worlds
from tests.reliability.admin_table import admin_lines, admin_names
from tests.reliability.asking import Asking, said
from tests.reliability.scale import FULL, result, sweeping
from tests.reliability.table import Line, lines, names_of_the_site
from tests.reliability.world import COLUMNS

REFUSED = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
EMPTY_FORM = {"csrfmiddlewaretoken": "-"}  # as a browser sends one
ASKED_FOR_REFUSED = COLUMNS if FULL else "-O"  # these methods are refused before it is known who asks
TABLE: dict[str, list[Line]] = defaultdict(list)
for _line in lines():
    TABLE[_line.name].append(_line)


def names() -> set[str]:
    return {name for name, _pattern in names_of_the_site()}


def test_every_address_of_the_site_is_in_the_table_and_every_line_names_one():
    site, table = names(), set(TABLE) | admin_names()
    assert (site - table, table - site) == (set(), set())


@sweeping
@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_person_is_answered_as_the_table_says(asking: Asking, name: str):
    wrong, tried = sweep(asking, TABLE[name])
    result("D1", "address × person × object × method", tried, len(wrong))
    assert wrong == []


@sweeping
def test_the_settings_answer_as_their_rule_says(asking: Asking):
    """In the suite as those who may see a table, and one of the others."""
    tables = defaultdict(list)
    for line in admin_lines():
        tables[line.name].append(line)
    wrong, tried = [], 0
    for number, table in enumerate(tables.values()):
        people = COLUMNS if FULL else "ROA" + COLUMNS[number % len(COLUMNS)]
        told, asked = sweep(asking, table, people)
        wrong, tried = wrong + told, tried + asked
    result("D1", "settings: table × person × page × method", tried, len(wrong))
    assert wrong == []


def sweep(asking: Asking, table: list[Line], people: str = COLUMNS) -> tuple[list[str], int]:
    """What differs from the table, and how many requests were made. All 404s of an address must read the same."""
    wrong: list[str] = []
    tried = 0
    for who in people:
        nothing: dict[str, bytes] = {}
        for place, line in enumerate(table if FULL else table[:2]):
            url = line.url(asking.world)
            for method in methods(who, first=place == 0):
                due = line.expected(who, method)
                if due is None:
                    continue
                form = EMPTY_FORM if method == "POST" else None
                answer = asking.read(who, url) if method == "GET" else asking(who, method, url, form)
                tried += 1
                if answer.status_code != due:
                    wrong.append(f"{line.where} {line} {method} as {who}: {answer.status_code}, not {due}")
                elif due == 404 and method != "HEAD":
                    body = said(answer, url)
                    if nothing.setdefault(method, body) != body:
                        wrong.append(f"{line.where} {line} {method} as {who}: a 404 that reads otherwise than others")
    return wrong, tried


def methods(who: str, *, first: bool) -> list[str]:
    if not FULL:
        return ["GET"]
    more = ["HEAD"] if first or FULL else []
    return ["GET", "POST", *more, *(REFUSED if (first or FULL) and who in ASKED_FOR_REFUSED else ())]


@sweeping
@pytest.mark.parametrize("end", [worlds.disable, worlds.expire])
def test_whose_account_has_ended_is_answered_like_somebody_not_signed_in(asking: Asking, end):
    assert asking("O", "GET", "/account/?stay", keep=True).status_code == 200
    end(asking.world.people["O"])
    wrong = differing(asking, "O", "-")
    result("D5", f"account {end.__name__}d: every address", len(TABLE), len(wrong))
    assert wrong == []


def test_a_superuser_is_answered_like_somebody_without_a_grant(asking: Asking):
    User.objects.filter(pk=asking.world.people["N"].pk).update(is_superuser=True, is_staff=True)
    assert differing(asking, "N", "N") == []


def differing(asking: Asking, who: str, like: str) -> list[str]:
    """The first line of every address, asked by one person and compared with what another is due."""
    found = []
    for line, *_more in TABLE.values():
        status, due = asking(who, "GET", line.url(asking.world)).status_code, line.expected(like, "GET")
        if status != due:
            found.append(f"{line}: {status}, not {due}")
    return found


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(asking: Asking):
    assert asking("-", "GET", "/indicators/A01/").headers["Location"] == "/account/login/?next=/indicators/A01/"
