"""System checks of an installation: what the database really does, who must not exist, how the keys lie.

`manage.py check --database default` runs all of them; `manage.py serve` does so first and refuses on an error.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from bureau.trail import guards

# What `PRAGMA name` answers, for what haiyan_pilot/databases.py sets.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "busy_timeout": 20000,
    "mmap_size": 0,
    "foreign_keys": 1,
}
# The first releases without the WAL-reset race, by minor version; later versions have it mended.
SQLITE_MENDED = {44: 6, 50: 7, 51: 3}
AUDIT_KEEP_LEAST = 190  # six months can be 184 days


@register(Tags.database)
def sqlite_pragmas(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Read back from the connection what decides whether a saved figure survives."""
    found: list[CheckMessage] = []
    for connection in _sqlite(databases):
        for name, wanted in PRAGMAS.items():
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA {name}")
                row = cursor.fetchone()
            # A build without memory mapping answers nothing to mmap_size.
            if row is not None and row[0] != wanted:
                message = f"SQLite: {name} is {row[0]}, not {wanted}."
                found.append(Error(message, hint="See haiyan_pilot/databases.py.", id="bureau.E001"))
    return found


@register(Tags.database)
def sqlite_version(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """In production, name a SQLite whose write-ahead log can rarely lose a commit."""
    if not settings.PRODUCTION or not list(_sqlite(databases)) or is_mended(sqlite3.sqlite_version_info):
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset race (mended in 3.44.6, 3.50.7, 3.51.3).",
            hint="Use PostgreSQL, or a Python with a newer SQLite.",
            id="bureau.W002",
        )
    ]


def is_mended(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite version has the mended write-ahead log."""
    _, minor, patch = version
    return minor > max(SQLITE_MENDED) or patch >= SQLITE_MENDED.get(minor, patch + 1)


@register(Tags.database)
def accounts(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """No superuser anywhere (one skips every permission), no demonstration account in production."""
    found: list[CheckMessage] = []
    users = get_user_model().objects
    for alias in databases or ():
        try:
            superusers = users.using(alias).filter(is_superuser=True).count()
            demonstrations = users.using(alias).filter(is_demonstration=True).count()
        except DatabaseError:  # before the first migration
            continue
        if superusers:
            found.append(Error(f"{superusers} superuser account(s): they pass every check.", id="bureau.E003"))
        if demonstrations and settings.PRODUCTION:
            found.append(
                Error(f"{demonstrations} demonstration account(s), whose passwords are known.", id="bureau.E004")
            )
    return found


@register(Tags.security)
def key_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Key files are readable by their owner alone."""
    folder = settings.KEY_FOLDER
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    return [
        Error(f"{path.name} can be read by others.", hint=f"chmod 600 var/secrets/{path.name}", id="bureau.E005")
        for path in sorted(files)
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


@register(Tags.security)
def audit_retention(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Audit records are promised for the six months the law asks for, at least; nothing deletes them at all."""
    if settings.AUDIT_KEEP_DAYS >= AUDIT_KEEP_LEAST:
        return []
    message = f"AUDIT_KEEP_DAYS is {settings.AUDIT_KEEP_DAYS}, fewer than {AUDIT_KEEP_LEAST} days."
    return [Error(message, hint="网络安全法: network logs are kept for six months at least.", id="bureau.E007")]


@register(Tags.database)
def audit_guards(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The triggers that keep the audit trail and the revisions from being changed stand in the database."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        absent = guards.missing(connections[alias])
        if absent:
            found.append(
                Error(
                    f"The database would let audit rows be changed: {', '.join(absent)} missing.",
                    hint="A migration that rebuilt the table ends with bureau.trail.guards.guard again; if none did, "
                    "somebody dropped them: run `manage.py audit verify` first.",
                    id="bureau.E006",
                )
            )
    return found


def _sqlite(databases: Sequence[str] | None) -> list[BaseDatabaseWrapper]:
    return [connections[alias] for alias in databases or () if connections[alias].vendor == "sqlite"]
