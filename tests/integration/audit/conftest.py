"""For the audit trail's tests: a trail of some length, and the database without its guards where a test tampers."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction

from bureau import audit
from bureau.models import User
from bureau.trail import anchors, guards

LENGTH = 120


@pytest.fixture
def anchor_file(settings, tmp_path: Path, monkeypatch) -> Path:
    """The anchor file of this test alone."""
    monkeypatch.setattr(anchors, "_again_from", 0.0)
    settings.AUDIT_ANCHOR_FILE = tmp_path / "secrets" / "audit-anchors.txt"
    return settings.AUDIT_ANCHOR_FILE


@pytest.fixture
def trail(db) -> User:
    """LENGTH records of one person, with and without each optional part; the person."""
    someone = User.objects.create(username="someone")
    with transaction.atomic():
        for number in range(1, LENGTH + 1):
            with audit.coming_from("10.1.2.3" if number % 3 else None):
                audit.record(
                    "entries.save" if number % 2 else "submission.return",
                    by=someone if number % 5 else None,
                    object=f"town 330424101 {number}",
                    reason="核对台账\n后更正" if number % 4 == 0 else "",
                    detail={"cells": number, "说明": "报表", "changes": [[1, 2, 0, None, None, number, 0]]},
                    revisions=(number, f"{number:064x}") if number % 2 else (0, ""),
                    succeeded=number % 7 != 0,
                )
    return someone


@pytest.fixture
def unguarded(db) -> None:
    """The database as its owner could make it: the triggers away, until the test's transaction is taken back."""
    for guard in guards.known():
        guards.remove(connection, guard)
