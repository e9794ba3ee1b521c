"""B1, B3: many people in the same cells at one moment, and one page sent many times, through real HTTP."""

import json
import re
import threading
from collections import defaultdict

import pytest
from django.db import connections

from bureau import audit
from bureau.models import AuditEvent, Grant
from indicators.models import Entry
from tests.integration.entry.browsing import url_of
from tests.integration.factories import E1, EAST, START, fill, person
from tests.integration.harm.http import Answer, Browser
from tests.integration.test_concurrency import together
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = ("village", EAST, START)
CELLS = [f"{E1}.{item}" for item in ("D22", "D23", "D27", "D27a", "D53")]


def saved(tiny) -> dict[str, list[tuple]]:
    """Cell → its (old, new) value of every record of a save, in the trail's order, as text."""
    areas = {area.pk: code for code, area in tiny.areas.items()}
    items = {item.pk: code for code, item in tiny.items.items()}
    found = defaultdict(list)
    for detail in AuditEvent.objects.filter(act="entries.save").order_by("pk").values_list("detail", flat=True):
        told = json.loads(detail) if isinstance(detail, str) else detail
        for area, item, _category, old, _state, new, _new_state in told["changes"]:
            found[f"{areas[area]}.{items[item]}"].append((_text(old), _text(new)))
    return found


def _text(units: int | None) -> str:
    return "" if units is None else str(units // 10_000)


def test_of_many_editors_in_five_cells_no_acknowledged_edit_is_lost(tiny_committed, live_server):
    tiny = tiny_committed
    fill(tiny, *SHEET, {(E1, cell.partition(".")[2]): 1 for cell in CELLS})
    editors, edits = number(suite=8, full=64), number(suite=3, full=20)
    people = [person(f"editor{n}", (Grant.Role.TOWN_CLERK, tiny.areas[EAST])) for n in range(editors)]
    browsers = [Browser(live_server.url, one) for one in people]
    acknowledged, conflicts, amiss = [], [], []
    noting = threading.Lock()

    def edit(at):
        browser, cell = browsers[at], CELLS[at % len(CELLS)]
        for turn in range(edits):
            page = browser.opened(url_of(*SHEET))
            mine = str(1_000 + at * edits + turn)  # nobody else ever types it
            seen = page.shows(cell).replace(",", "")
            answer = browser.send(page, "save", {cell: mine})
            with noting:
                if (answer.status, answer.url) == (302, url_of(*SHEET)):
                    acknowledged.append((cell, seen, mine))
                elif answer.status == 409 and _names_both(answer.text, mine):
                    conflicts.append((cell, mine))
                else:
                    amiss.append((at, turn, answer.status))

    failures = together([lambda at=at: edit(at) for at in range(editors)])
    trail = saved(tiny)
    steps = {(cell, old, new) for cell, pairs in trail.items() for old, new in pairs}
    lost = [one for one in acknowledged if one not in steps]
    result("B1", "acknowledged edits lost", len(acknowledged), len(lost))
    result("B1", "edits neither saved nor refused with both values", editors * edits, len(amiss) + len(failures))
    assert lost == [], "each was written over exactly what its writer saw"
    assert amiss == []
    assert failures == []
    assert len(acknowledged) + len(conflicts) == editors * edits
    assert {new for _cell, _old, new in steps}.isdisjoint(mine for _cell, mine in conflicts), (
        "a refused one was written"
    )
    for cell, pairs in trail.items():
        assert [old for old, _new in pairs[1:]] == [new for _old, new in pairs[:-1]], f"{cell} skipped a value"
    stands = {
        f"{E1}.{item}": _text(int(value * 10_000)) for item, value in Entry.objects.values_list("item__code", "value")
    }
    assert stands == {cell: pairs[-1][1] for cell, pairs in trail.items()}
    assert audit.first_broken() is None


def _names_both(text: str, mine: str) -> bool:
    """Does the page show my value, and another's with who and when?"""
    said = re.sub(r"\s+", " ", text)
    grouped = f"{int(mine):,}"
    own = f"<b>{grouped}</b>" in said or f"<b>{mine}</b>" in said
    return own and re.search(r'<b>[\d,]+</b><span class="note">\S+ \d\d:\d\d 改为</span>', said) is not None


def test_one_page_sent_many_times_at_once_has_one_effect(tiny_committed, live_server):
    tiny = tiny_committed
    fill(tiny, *SHEET, {(E1, "D22"): 1})
    parallel, rounds = number(suite=8, full=32), number(suite=2, full=1_000)
    browser, amiss = Browser(live_server.url, tiny.clerk), []
    for turn in range(rounds):
        page, before = browser.opened(url_of(*SHEET)), AuditEvent.objects.filter(act="entries.save").count()
        answers: list[Answer] = []

        def send(page=page, wanted=str(2 + turn), answers=answers) -> None:
            answers.append(browser.send(page, "save", {CELLS[0]: wanted}))

        failures = together([send] * parallel)
        effects = AuditEvent.objects.filter(act="entries.save").count() - before
        told = {(answer.status, answer.url) for answer in answers}
        other = browser.send(page, "save", {CELLS[0]: "999999"})  # the same page with another body
        if (
            failures
            or effects != 1
            or told != {(302, url_of(*SHEET))}
            or len(answers) != parallel
            or other.status != 409
        ):
            amiss.append((turn, effects, told, other.status, failures))
    result("B3", f"the same page {parallel} times at once: more or less than one effect", rounds, len(amiss))
    assert amiss == []
    assert Entry.objects.get().value == 1 + rounds
    connections.close_all()
