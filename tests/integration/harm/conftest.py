"""The clerk's browser, and a quiet log, for the proofs of what harm does not come of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.servers.basehttp import WSGIServer
from django.test import Client

from tests.integration import factories


@pytest.fixture(scope="session", autouse=True)
def many_may_wait() -> Iterator[None]:
    """Django's test server lets ten connections wait and resets the others; the one in use lets thousands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIServer, "request_queue_size", 256)
        yield


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


@pytest.fixture
def tiny_committed(transactional_db) -> SimpleNamespace:
    """The small county for tests in which several connections read and write it."""
    return factories.tiny_county()
