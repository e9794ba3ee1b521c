"""The world of world.py, made once for all proofs of this folder; each test works in a savepoint upon it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.reliability import world as worlds
from tests.reliability.asking import Asking


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[worlds.World]:
    """The county; gone when the last proof has run."""
    from tasks.loadplan import load_plan

    with django_db_blocker.unblock():
        before, settings.FILES_ROOT = settings.FILES_ROOT, tmp_path_factory.mktemp("files")
        with transaction.atomic():
            load_plan()
            yield worlds.build()
            transaction.set_rollback(True)
        settings.FILES_ROOT = before
        connection.close()


@pytest.fixture(autouse=True)
def files_root(settings, world) -> Path:
    """The kept files of the world, not a folder of each test."""
    return settings.FILES_ROOT


@pytest.fixture(autouse=True)
def in_savepoint(db, world) -> None:
    """Each test in a transaction of its own."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals need no line of the log each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="package")
def answers(world) -> dict[tuple[str, str], bytes]:
    """What was answered to whom, of the pages several proofs read."""
    return {}


@pytest.fixture
def asking(world, answers, in_savepoint) -> Asking:
    """Requests as each person; what one changes is taken back at once."""
    return Asking(world, answers)
