"""Saving a sheet of some sixty cells through its page's form, beside an empty signed-in view, in one process.

The sheet is 盐均06 of one town; every round retypes all its cells. Medians; one clerk, no server in between.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

import frame

FORM, TOWN, MONTH = "yj06", "330424102", (2015, 3)
ROUNDS = 25
FORM_DATA = "application/x-www-form-urlencoded"


def measure() -> tuple[int, float, float]:
    """(cells of the sheet, milliseconds to save all of them, milliseconds of the empty view)."""
    sys.path.insert(0, str(frame.ROOT))
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from bureau import months
    from bureau.models import Area, Grant, User
    from tests.integration.entry.browsing import opened

    clerk = User.objects.create(username="saver", display_name="saver")
    Grant.objects.create(user=clerk, role=Grant.Role.TOWN_CLERK, area=Area.objects.get(code=TOWN))
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(clerk)
    saved, empty = [], []
    for number in range(ROUNDS + 3):
        page = opened(client, FORM, TOWN, months.make(*MONTH))
        fields = page.fields | {f"c.{name}": [str(1000 + number)] for name in page.cells} | {"action": ["save"]}
        body = urlencode(fields, doseq=True).encode()
        saved.append(_timed(lambda url=page.url, body=body: client.generic("POST", url, body, FORM_DATA), 302))
        empty.append(_timed(lambda: client.get("/empty/"), 200))
    return len(page.cells), statistics.median(saved[3:]), statistics.median(empty[3:])


def _timed(ask: Callable, status: int) -> float:
    begun = time.perf_counter()
    answer = ask()
    taken = (time.perf_counter() - begun) * 1000
    if answer.status_code != status:
        raise SystemExit(f"answered {answer.status_code}: {answer.content[:300]!r}")
    return taken
