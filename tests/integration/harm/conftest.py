"""The clerk's browser, and a quiet log, for the proofs of what harm does not come of."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals need no line of the log each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def clerk(tiny) -> Client:
    """The town clerk, signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(tiny.clerk)
    return client
