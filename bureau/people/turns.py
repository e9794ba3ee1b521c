"""Lets one sign-in of an account be tried at a time, so that guesses made at once are counted like guesses in a row.

Without it a hundred requests at once are all let through to the password before the first failure is written down.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_NAMESPACE = 20160506
_locks = [threading.Lock() for _place in range(64)]


@contextmanager
def one_at_a_time(username: str) -> Iterator[None]:
    """Hold the account's turn: among this process's threads, and on PostgreSQL among all processes."""
    number = zlib.crc32(username.encode("utf-8", "surrogatepass"))
    with _locks[number % len(_locks)]:
        if connection.vendor != "postgresql":  # SQLite is served by one process
            yield
            return
        key = number - 2**31
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_NAMESPACE, key])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_NAMESPACE, key])
