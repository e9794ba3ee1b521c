"""Signed-in browsers for the tests of entering."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from bureau.models import User


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter
