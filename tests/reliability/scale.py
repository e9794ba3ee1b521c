"""How much of each test is run: small numbers in the suite, the full ones under RELIABILITY=full; and what came of it.

`result` adds a line to the file RELIABILITY_RESULTS names; tests/reliability/run.py makes the table of them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection

FULL = os.environ.get("RELIABILITY") == "full"


def number(*, suite: int, full: int) -> int:
    """How many of them to try in this run."""
    return full if FULL else suite


def postgresql() -> bool:
    """Sweeps run wholly on PostgreSQL only: one database suffices for them, and it is the one of production."""
    return connection.vendor == "postgresql"


def whole() -> bool:
    """Is this the run that leaves nothing out: the full numbers, or PostgreSQL in the suite?"""
    return FULL or postgresql()


sweeping = pytest.mark.skipif(not whole(), reason="a sweep: on PostgreSQL, or at full numbers")


def result(threat: str, what: str, tried: int, amiss: int) -> None:
    """Note a result for the table: the threat's code in the reliability plan, how many were tried, how many failed."""
    if path := os.environ.get("RELIABILITY_RESULTS"):
        line = {"threat": threat, "what": what, "tried": tried, "amiss": amiss, "database": connection.vendor}
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
