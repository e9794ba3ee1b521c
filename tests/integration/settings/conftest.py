"""For the settings: people of each role over the real plan."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from bureau.models import Area, Grant, Section
from tests.integration.factories import person


@pytest.fixture
def people(real_plan, db) -> SimpleNamespace:
    """Two of the office, a reviewer of 就业局 and one of 社保局."""
    jyj, sbj = Section.objects.get(code="jyj"), Section.objects.get(code="sbj")
    return SimpleNamespace(
        office=person("office", (Grant.Role.OFFICE, None)),
        colleague=person("colleague", (Grant.Role.OFFICE, None)),
        reviewer=person("reviewer", (Grant.Role.REVIEWER, jyj)),
        other=person("other", (Grant.Role.REVIEWER, sbj)),
        clerk=person("clerk", (Grant.Role.TOWN_CLERK, Area.objects.filter(level="town").order_by("code")[0])),
        jyj=jyj,
        sbj=sbj,
    )


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    def enter(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter
