"""The small county with two months released, corrected between, and programs that read it by token."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from bureau.models import Grant, User
from bureau.people import tokens
from indicators.publish import publish
from tests.integration.factories import EAST, START, WEST, approved, person, tiny_county
from tests.integration.test_publish import FEBRUARY, correct, jobs

API = "/api/v1/"


class Program:
    """Reads with one person's token: `program("figures", item="D01")`; `.text` is the token."""

    def __init__(self, owner: User) -> None:
        self.owner, self.client = owner, Client(raise_request_exception=False)
        self.token, self.text = tokens.make(by=owner, name="看板", days=90)

    def __call__(self, address: str, method: str = "get", headers: dict[str, str] | None = None, **query: Any):
        sent = {"Authorization": f"Bearer {self.text}"} | (headers or {})
        return getattr(self.client, method)(API + address, query, headers=sent)

    def rows(self, address: str, **query: Any) -> list[dict[str, Any]]:
        return self(address, **query).json()["items"]


@pytest.fixture(autouse=True)
def nothing_counted():
    """No wrong token of another test counts in this one."""
    cache.clear()


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """January: East 12, West 8 new jobs, released; East corrected to 2; February: 10 and 5, with insured, released.

    March is approved and not released. Made once a module, whose tests run in savepoints upon it.
    """
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield _county()
            transaction.set_rollback(True)
        connection.close()


def _county() -> SimpleNamespace:
    tiny = tiny_county()
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 2})
    insured = {(EAST, "D31", "active"): 7, (EAST, "D31", "retired"): 5}
    approved(tiny, "town", EAST, FEBRUARY, {(EAST, "D01"): 10, (EAST, "D02"): 0, **insured})
    approved(tiny, "town", WEST, FEBRUARY, {(WEST, "D01"): 5, (WEST, "D02"): 0})
    publish(tiny.county, FEBRUARY, by=tiny.office)
    approved(tiny, "town", WEST, FEBRUARY + 1, {(WEST, "D01"): 4321, (WEST, "D02"): 0})
    tiny.leader = person("leader", (Grant.Role.LEADER, None))
    return tiny


@pytest.fixture
def leader(county, db) -> Program:
    return Program(county.leader)


@pytest.fixture
def reviewer(county, db) -> Program:
    return Program(county.reviewer)
