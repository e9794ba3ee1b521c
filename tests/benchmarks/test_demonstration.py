"""The whole demonstration as `make run` fills it in: how long it takes, which lights June 2017 then shows, and that
thirty months of statuses and paces can be recomputed from the exported CSV.
"""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bureau import months
from bureau.models import Area, User
from indicators.analysis.kinds import Light
from indicators.models import Indicator, PublishedEvaluation
from tests.integration.recomputed.checking import Recomputed
from tests.integration.recomputed.exports import Exports

SECONDS = {"sqlite": 60, "postgresql": 150}
FAR_BEHIND, BEHIND, NOT_COVERED = {"A05b"}, {"A12a"}, {"A04"}
REACHED = {"A03", "A07", "A12b", "A15", "A17", "A18"}


@pytest.mark.django_db
def test_the_demonstration_is_there_within_a_minute_and_shows_every_light(settings, tmp_path):
    settings.DEMO_ACCOUNTS_FILE = tmp_path / "demo-accounts.txt"
    call_command("loadplan", verbosity=0, stdout=io.StringIO())
    begun = time.monotonic()
    call_command("demo", stdout=io.StringIO())
    assert time.monotonic() - begun < SECONDS[connection.vendor]

    core = dict(Indicator.objects.filter(core=True).values_list("pk", "code"))
    county = Area.objects.get(code="330424").pk
    rows = PublishedEvaluation.objects.filter(
        area=county, month=months.parse("2017-06"), reading=1, indicator__in=list(core)
    )
    found: dict[Light, set[str]] = {}
    for indicator, light in rows.values_list("indicator", "light"):
        found.setdefault(Light(light), set()).add(core[indicator])
    assert found.pop(Light.ON_COURSE) == set(core.values()) - FAR_BEHIND - BEHIND - NOT_COVERED - REACHED
    assert found == {
        Light.FAR_BEHIND: FAR_BEHIND,
        Light.BEHIND: BEHIND,
        Light.NOT_COVERED: NOT_COVERED,
        Light.REACHED: REACHED,
    }
    recomputed(tmp_path / "evaluations.csv")


def recomputed(file: Path) -> None:
    """The check of tests/integration/test_demonstration.py, of all months: paces of twelve months among them."""
    client = Client()
    client.force_login(User.objects.get(username="bangongshi"), backend="bureau.people.backend.AccountBackend")
    call_command("exportevaluations", str(file), "--since", "2015-01", stdout=io.StringIO())
    first, last = months.parse("2015-01"), months.parse("2017-06")
    found = Recomputed(Exports.of(lambda address: client.get(address).content, file.read_bytes(), last, first))
    compared, wrong = found.exported()
    assert wrong == []
    assert compared > 26_000
    assert found.overview(client.get("/?all=1").content.decode())[1] == []
