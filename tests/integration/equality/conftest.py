"""A county whose employment rate is compared between places in two months of 2016, and how its pages are asked for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from bureau import months
from bureau.models import AreaSpan, Grant, User
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.models import EqualityRole, Indicator
from tests.integration.factories import E1, E3, MOVED, W1, W2, person, put

MAY, JUNE = MOVED + 1, MOVED + 2  # 2016; W2 lies in West from April on
# Numerator and denominator of the employment rate: town 120 of 140, country 190 of 300; East 130/200, West 180/240.
# Values are kept in ten-thousandths by ROUND_05UP: 85.71428… is 85.7142.
WORKERS = {E1: (90, 100), E3: (40, 100), W1: (150, 200), W2: (30, 40)}
BACKEND = "bureau.people.backend.AccountBackend"


def workers(values: dict[str, tuple[int, int]]) -> dict:
    """Employed and able workers by village, as `put` takes them."""
    return {
        (place, item): number
        for place, pair in values.items()
        for item, number in zip(("D23", "D22"), pair, strict=True)
    }


@pytest.fixture
def county(tiny) -> SimpleNamespace:
    """E1 and W2 are communities (社区); the rate is compared between places, in May and June of 2016."""
    AreaSpan.objects.filter(area__code__in=(E1, W2)).update(urban=True, kind="community")
    Indicator.objects.filter(code="A04").update(name="就业率")
    EqualityRole.objects.create(indicator=tiny.indicators["A04"], kind="places", weight=2, source="测试")
    put(tiny, [(MAY, workers(WORKERS)), (JUNE, workers(WORKERS | {E3: (60, 100)}))])
    derive(tiny)
    tiny.leader = person("leader", (Grant.Role.LEADER, None))
    return tiny


def derive(county: SimpleNamespace) -> None:
    """Roll-ups and evaluations of what was put."""
    tree = Tree(county.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def page(county: SimpleNamespace, user: User, code: str = "A04", month: int = MAY, query: str = "") -> str:
    """The equality page as this person sees it."""
    response = signed_in(user).get(f"/equality/?indicator={code}&month={months.iso(month)}{query}")
    assert response.status_code == 200
    return response.content.decode()
