"""D9: whoever tries ids and codes by the thousand comes upon nothing outside his scope."""

from __future__ import annotations

import pytest
from django.db.models import Q

from bureau.models import Area, Handover
from indicators.models import Import, OldFile
from tests.reliability import scale
from tests.reliability.asking import Asking
from tests.reliability.world import OWN, ROLES


@scale.sweeping
def test_a_town_clerk_who_tries_numbers_finds_nothing_of_another_town(world, asking: Asking):
    """Ids of submissions, uploads, accounts and records, codes of places: what answers 200 is his own."""
    clerk = world.people["T"]
    own = [f"/{code}/" for code in Area.objects.filter(code__startswith=OWN).values_list("code", flat=True)]
    own += [f"/handover/{one.pk}/" for one in Handover.objects.filter(Q(giver=clerk) | Q(receiver=clerk))]
    own += [f"/import/{one.pk}/" for one in Import.objects.filter(by=clerk)]
    own += [f"/import/old/{one.pk}/" for one in OldFile.objects.filter(by=clerk)]
    places = sorted(Area.objects.values_list("code", flat=True))
    numbers = range(1, scale.number(suite=60, full=2_000))
    urls = [f"/{page}/{number}/" for number in numbers for page in ("review", "accounts", "account/handover", "audit")]
    urls += [f"/entry/yj02/{OWN}/2017-07/upload/{number}/" for number in numbers]
    urls += [f"/import/{number}/" for number in numbers]
    urls += [f"/import/old/{number}/layout/" for number in numbers]
    urls += [f"/entry/{form}/{place}/2017-07/" for place in places for form in ("yj01", "yj02", "yj03", "yj04", "yj05")]
    urls = urls[: scale.number(suite=600, full=10_000)]
    foreign = []
    for url in urls:
        answer = asking("T", "GET", url)
        told = answer.status_code in (200, 422)  # 422: his own refused upload
        if told and not any(part in url for part in own):
            foreign.append(url)
        assert told or answer.status_code in (403, 404), url
    scale.result("D9", "ids and codes asked for by a town's clerk", len(urls), len(foreign))
    assert foreign == []


@pytest.mark.parametrize("who", list(ROLES))
def test_an_address_that_is_not_there_is_said_in_chinese(asking: Asking, who):
    answer = asking(who, "GET", "/no-such-page/")
    assert answer.status_code == 404
    assert "没有" in answer.content.decode()
