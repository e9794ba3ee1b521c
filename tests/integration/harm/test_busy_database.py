"""A database with no time for the session: pages are read all the same, what had to be written is told as 503."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.db import OperationalError, connection
from django.test import Client

from bureau import clock

PAGE = "/desk/"


def locked(*args: object, **options: object) -> None:
    raise OperationalError("database is locked")


@pytest.fixture
def busy(monkeypatch) -> None:
    """Nothing about a session can be written."""
    monkeypatch.setattr(Plain().model, "save", locked)


@pytest.mark.django_db
def test_a_stamp_that_cannot_be_written_fails_no_page(clerk, busy):
    assert clerk.get(PAGE).status_code == 200
    assert "seen_at" not in clerk.session, "the next page tries again"


@pytest.mark.django_db
def test_what_must_be_kept_and_cannot_is_told_as_a_busy_database(clerk, tiny, busy):
    answer = clerk.post("/account/sessions/end/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "系统暂时不能用" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone has one writer")
def test_a_page_does_not_wait_for_a_long_writer(tiny_committed):
    clerk = Client()
    clerk.force_login(tiny_committed.clerk)
    assert clerk.get(PAGE).status_code == 200
    before = clerk.session["seen_at"]
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        begun = time.monotonic()
        assert clerk.get(PAGE).status_code == 200
        assert time.monotonic() - begun < 5  # the database itself would be waited for 20 s
        writer.rollback()
        assert clerk.session["seen_at"] == before
        clerk.get(PAGE)
        assert clerk.session["seen_at"] > before
    writer.close()
