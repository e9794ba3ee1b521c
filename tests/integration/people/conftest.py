"""People to act: the two administrators who keep accounts, a town's clerk and his successor."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from bureau.models import Grant, User
from tests.integration import factories

Role = Grant.Role
PASSWORD = "Vivid-Otter#4172"


@pytest.fixture
def staff(db) -> SimpleNamespace:
    """System and security administrator, each a second one, the auditor."""
    return SimpleNamespace(
        system=factories.person("xitong", (Role.SYSTEM_ADMINISTRATOR, None)),
        system2=factories.person("xitong2", (Role.SYSTEM_ADMINISTRATOR, None)),
        security=factories.person("anquan", (Role.SECURITY_ADMINISTRATOR, None)),
        security2=factories.person("anquan2", (Role.SECURITY_ADMINISTRATOR, None)),
        auditor=factories.person("shenji", (Role.AUDITOR, None)),
    )


@pytest.fixture
def clerk(db) -> User:
    """An account with a password and no grant."""
    return User.objects.create_user("lu.min", password=PASSWORD, display_name="陆敏", unit="百步镇")


def as_(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def sign_in(username: str, password: str = PASSWORD, client: Client | None = None, **headers: str):
    """The answer of the sign-in page to this account and password."""
    return (client or Client()).post("/account/login/", {"username": username, "password": password}, **headers)
