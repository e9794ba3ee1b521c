"""K3: no form without its token is taken, and reading changes nothing."""

from __future__ import annotations

from django.test import Client

from tests.reliability.asking import Asking
from tests.reliability.dumps import OF_READING, changes, dump
from tests.reliability.scale import FULL, result, sweeping
from tests.reliability.table import in_short, lines
from tests.reliability.world import COLUMNS


@sweeping
def test_a_form_without_its_token_is_refused_to_everybody(asking: Asking):
    taken, tried = [], 0
    people = COLUMNS if FULL else "-TRO"
    for who in people:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if who != "-":
            client.force_login(asking.world.people[who])
        for line in lines() if FULL else in_short():
            status = client.post(line.url(asking.world), {"reason": "一二三四五六"}).status_code
            tried += 1
            if status not in ((302, 401, 405) if line.name.startswith("api:") else (403, 405)):  # the API takes no form
                taken.append(f"{line} as {who}: {status}")
    result("K3", "forms posted without a token", tried, len(taken))
    assert taken == []


@sweeping
def test_reading_every_page_as_every_role_leaves_the_data_as_it_was(asking: Asking):
    written, tried = {}, 0
    people = COLUMNS if FULL else "TRO"
    for who in people:
        asking(who, "GET", "/account/?stay", keep=True)
        before = dump(OF_READING)
        for line in lines() if FULL else in_short():
            # Documents and forecasts are made when first asked for, and kept: the same for all who ask.
            if line.name not in ("report_word", "report_annex", "edition_file", "indicator_forecast"):
                asking(who, "GET", line.url(asking.world), keep=True)
                tried += 1
        if told := changes(before, dump(OF_READING)):
            written[who] = told
    result("K3", "pages read, data compared before and after", tried, len(written))
    assert written == {}
