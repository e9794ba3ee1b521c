"""D3 for programs: a planted number is in no byte of any answer of the API outside its owner's scope, JSON or CSV."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client

from bureau.people import tokens
from haiyan_pilot.api import api
from tests.reliability.asking import Asking
from tests.reliability.scale import FULL, result, sweeping
from tests.reliability.test_canaries import seen_in
from tests.reliability.world import OTHER

STATES = ("", "month=2017-06", "version=live", "month=2017-06&version=live", "month=2017-07&version=live")
REACHES = ("", "since=2015-01", f"since=2015-01&area={OTHER}")
ASKED = "TRL" if FULL else "TR"


def addresses() -> list[str]:
    """Every list of the API, as released and live, in both forms; those by month also far back and elsewhere."""
    found = []
    for path, operation in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        by_month = "since" in {one["name"] for one in operation["get"]["parameters"]}
        states, reaches = (STATES, REACHES) if by_month else (("", "version=live"), ("",))
        for state, reach, form in product(states, reaches, ("json", "csv")):
            found.append(f"{path}?" + "&".join(filter(None, (state, reach, f"format={form}"))))
    return found


@sweeping
@pytest.mark.parametrize("who", ASKED)
def test_a_token_never_returns_a_number_outside_its_owners_scope(asking: Asking, who: str):
    _token, text = tokens.make(by=asking.world.people[who], name="看板", days=30)
    client, foreign, met, answered = Client(raise_request_exception=False), [], set(), 0
    for url in addresses():
        answer = client.get(url, headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code in (200, 404), url
        answered += answer.status_code == 200
        said = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()) + answer.content.decode()
        for canary in seen_in(said, asking.world.canaries):
            met.add(canary)
            if who not in canary.seen_by:
                foreign.append(f"{canary} at {url}")
    result("D3", "answers of the API searched for canaries", len(addresses()), len(foreign))
    assert foreign == []
    assert answered >= 40, "what is released is read, live figures are not there"
    if who == "R":
        assert any(canary.stage == "approved" and canary.place == OTHER for canary in met), "live figures are there"
    else:
        assert met == set(), "nothing of June or July is released"
