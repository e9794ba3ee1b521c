"""A migrated SQLite database, made once for this state of the code: the migrations cost more than most tests.

It lies in pytest's cache under a digest of all the code, so that no change is ever missed; `make clean` removes it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import django

HOME = Path(__file__).resolve().parent.parent
FLOORS = ("haiyan_pilot", "reports", "tasks", "indicators", "bureau")


def database(cache: Path) -> Path:
    """The file with every table and guard and no data, to be copied."""
    made = cache / f"{_digest()}.sqlite3"
    if not made.exists():
        for old in cache.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            path = Path(folder) / "database.sqlite3"
            env = os.environ | {"DATABASE_URL": f"sqlite:///{path}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=HOME, env=env, check=True)
            path.replace(made)  # at once: another run may be looking for it
    return made


def _digest() -> str:
    found = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for path in sorted(path for floor in FLOORS for path in (HOME / floor).rglob("*.py")):
        found.update(f"{path.relative_to(HOME)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:32]
