"""What the benchmark scripts share: an empty database with the plan, a stopwatch, a table on stdout.

python tests/benchmarks/values.py                              SQLite, in a temporary file
python tests/postgres.py python tests/benchmarks/values.py     PostgreSQL, started for it
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def setup() -> str:
    """Django on an empty database with the plan loaded; the database's vendor."""
    sys.path.insert(0, str(ROOT))
    folder = tempfile.mkdtemp(prefix="bench-")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    os.environ["ENVIRONMENT"] = "development"
    import django

    django.setup()
    import logging

    logging.disable(logging.WARNING)
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.FILES_ROOT = Path(folder) / "files"
    settings.DEMO_ACCOUNTS_FILE = Path(folder) / "accounts.txt"
    quiet = io.StringIO()
    call_command("migrate", verbosity=0, interactive=False, stdout=quiet)
    call_command("loadplan", stdout=quiet)
    return connection.vendor


class Stopwatch:
    """Seconds by step, in the order the steps were begun."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

    def table(self, title: str) -> None:
        print(f"\n## {title}\n| step | s |\n|---|---|")
        for name, seconds in self.seconds.items():
            print(f"| {name} | {seconds:.2f} |")
