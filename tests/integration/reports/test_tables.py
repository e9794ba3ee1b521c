"""Tables of composed pages as files: a clause with what hangs on it, the meeting's laggards and decisions."""

import csv
import io

import pytest

from bureau.people import tokens
from indicators.models import Clause, Indicator, Plan
from tests.integration.reports.conftest import client_of


def rows(client, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_clause_with_its_indicators_and_their_data_items(place):
    """A01 is D01 - D02: 4 in January 2015."""
    clause = Clause.objects.create(plan=Plan.objects.get(), number="三(一)", order=1, title="就业")
    Indicator.objects.get(code="A01").clauses.add(clause)
    _head, *found = rows(client_of(place.clerk), f"/plan/{clause.number}/table.csv?month=2015-01&version=1")
    told = {(row[0], row[1]): row[3] for row in found}
    assert told["指标", "A01"] == "4"
    assert ("填报项", "D01") in told
    assert ("填报项", "D02") in told


def test_the_meeting_s_laggards_are_those_of_its_page(place):
    leader = client_of(place.leader)
    page = leader.get("/meeting/?month=2015-01&version=1")
    shown = [one["code"] for one in (*page.context["to_decide"], *page.context["others"])]
    _head, *found = rows(leader, "/meeting/late.csv?month=2015-01&version=1")
    assert [row[0] for row in found][: len(shown)] == shown
    assert rows(leader, "/meeting/decisions.csv?month=2015-01&version=1")[1:] == []


@pytest.mark.parametrize("address", ["/account/tokens/list.csv", "/account/tokens/list.xlsx"])
def test_tokens_leave_without_their_secret(place, address):
    _token, secret = tokens.make(by=place.leader, name="县大数据局看板", days=90)
    answer = client_of(place.leader).get(address)
    assert answer.status_code == 200
    assert secret.encode() not in answer.content
    if address.endswith("csv"):
        assert "县大数据局看板" in answer.content.decode("utf-8-sig")
        assert len(client_of(place.writer).get(address).content.decode("utf-8-sig").splitlines()) == 1
