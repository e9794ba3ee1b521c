"""Sessions in the database as Django keeps them, where a busy database is told as what it is.

Django takes every failed write for a session deleted meanwhile, and answers 400. Here it is 503, as anywhere else, and
a mere stamp never fails a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection

PATIENCE = 200  # milliseconds that a page waits, on SQLite, to have its stamp written


class SessionStore(db.SessionStore):
    """Of settings.SESSION_ENGINE."""

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    def stamp(self, moments: Mapping[str, str]) -> None:
        """Note these moments if the database takes them at once; else the next page will."""
        was_modified = self.modified
        self.update(moments)
        self.modified = was_modified
        try:
            with _impatient():
                self.save()
        except (OperationalError, UpdateError):
            return  # busy, or ended meanwhile: told at the next page


@contextmanager
def _impatient() -> Iterator[None]:
    """SQLite's one writer may be somebody else for as long as the database's own timeout."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
