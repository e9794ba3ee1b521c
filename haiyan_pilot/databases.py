"""Turns DATABASE_URL into Django's settings of one database, with the options that keep what was saved.

SQLite serves one county on one machine; PostgreSQL everything larger. bureau/checks.py reads the pragmas back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # a committed save survives a power loss
    "busy_timeout": 20000,
    "mmap_size": 0,
    # trusted_schema stays on: with it off SQLite 3.40 refuses json_valid(), the check of every JSON column of Django.
}
LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1"}


def database(url: str, *, production: bool, statement_seconds: int) -> dict[str, Any]:
    """Django's DATABASES entry for a sqlite:/// or postgres:// address."""
    config = dict(environ.Env.db_url_config(url))
    options = dict(config.pop("OPTIONS", {}))
    if config["ENGINE"].endswith("sqlite3"):
        options |= {
            # A transaction takes the write lock when it begins: two that read before they write cannot deadlock.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "; ".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()),
        }
        if config["NAME"] != ":memory:":
            Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif config["ENGINE"].endswith("postgresql"):
        limits = {
            "statement_timeout": statement_seconds * 1000,
            "lock_timeout": 5000,
            "idle_in_transaction_session_timeout": 60000,
        }
        options.setdefault("options", " ".join(f"-c {name}={value}" for name, value in limits.items()))
        host = options.get("host", config["HOST"])
        if production and host not in LOCAL_HOSTS and not host.startswith("/"):
            options.setdefault("sslmode", "verify-full")
    return config | {
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
