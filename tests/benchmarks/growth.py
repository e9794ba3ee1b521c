"""What each page costs while the database grows from 1 to 100 counties: time, queries, slope on a double log scale.

On copies of the demonstration (tests/benchmarks/grown.py), each answered for by a process of its own and asked in turn,
page by page and round by round, so that all meet the same machine; the quickest round counts, for other work only adds.
Nothing is kept. `python tests/benchmarks/growth.py 1 10` fewer counties; SQLite holds ten in a few minutes.
"""

from __future__ import annotations

import io
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import frame

COUNTIES = (1, 10, 100)
ROUNDS = 15
WANTED = 0.05
PAGES = (
    "/", "/?version=live", "/indicators/", "/indicators/A01/", "/indicators/A05a/", "/indicators/A01/data.csv",
    "/areas/", "/areas/330424101/", "/plan/", "/tasks/", "/tasks/T01/", "/releases/", "/timeliness/", "/desk/",
    "/history/D01/330424101/2017-03/", "/entry/yj02/330424101/2017-03/",
)  # fmt: skip


class Grown(NamedTuple):
    """One of the databases: how many figures it holds, and who answers for it."""

    figures: int
    answering: subprocess.Popen

    def ask(self, page: str) -> tuple[float, int]:
        self.answering.stdin.write(f"{page}\n")
        self.answering.stdin.flush()
        milliseconds, queries = self.answering.stdout.readline().split()
        return float(milliseconds), int(queries)


def main() -> None:
    counties = [int(argument) for argument in sys.argv[1:]] or COUNTIES
    vendor = frame.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("demo", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    connection.close()
    grown = {number: _grown(number) for number in counties}
    try:
        times, queries = _measure(grown)
    finally:
        for one in grown.values():
            one.answering.kill()
    _table(vendor, {number: one.figures for number, one in grown.items()}, times, queries)


def _grown(number: int) -> Grown:
    """A copy of the demonstration, filled, ready to be asked."""
    begun = time.perf_counter()
    answering = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("grown.py")), str(number)], cwd=frame.ROOT, text=True,
        env=os.environ | {"DATABASE_URL": _copied(number)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    figures = int(answering.stdout.readline())
    print(f"{number} counties, {figures:,} figures, filled in {time.perf_counter() - begun:.0f} s", flush=True)
    return Grown(figures, answering)


def _copied(number: int) -> str:
    """The address of a copy of this database."""
    address = os.environ["DATABASE_URL"]
    if address.startswith("sqlite"):
        file = address.removeprefix("sqlite:///")
        shutil.copyfile(file, f"{file}.{number}")
        return f"{address}.{number}"
    import psycopg2

    here = urlsplit(address)
    name = f"grown_{number}"
    opened = psycopg2.connect(here._replace(path="/template1").geturl())
    opened.autocommit = True  # a database is not made inside a transaction
    opened.cursor().execute(f'CREATE DATABASE {name} TEMPLATE "{here.path.strip("/")}"')
    opened.close()
    return here._replace(path=f"/{name}").geturl()


def _measure(grown: Mapping[int, Grown]) -> tuple[dict, dict]:
    """Milliseconds of the quickest round, and the numbers of queries seen, by page and number of counties."""
    times: dict[tuple[str, int], float] = {}
    queries: dict[tuple[str, int], set[int]] = {}
    for round_ in range(ROUNDS + 1):
        for page in PAGES:
            for number, one in grown.items():
                milliseconds, asked = one.ask(page)
                if round_:  # the first fills what processes remember
                    times[page, number] = min(milliseconds, times.get((page, number), math.inf))
                    queries.setdefault((page, number), set()).add(asked)
    return times, queries


def _table(vendor: str, figures: Mapping[int, int], times: Mapping, queries: Mapping) -> None:
    heads = " | ".join(f"{number} counties, ms" for number in figures)
    print(f"\n## pages while figures grow, {vendor}\n| page | {heads} | queries | slope (wanted < {WANTED}) |")
    print("|---" * (len(figures) + 3) + "|")
    for page in PAGES:
        cells = " | ".join(f"{times[page, number]:.1f}" for number in figures)
        seen = sorted(set().union(*(queries[page, number] for number in figures)))
        print(f"| {page} | {cells} | {', '.join(map(str, seen))} | {_slope(figures, times, page):.3f} |")


def _slope(figures: Mapping[int, int], times: Mapping, page: str) -> float:
    """Least squares of log(time) on log(figures)."""
    if len(figures) < 2:
        return 0.0
    x = [math.log(figures[number]) for number in figures]
    y = [math.log(times[page, number]) for number in figures]
    return statistics.linear_regression(x, y).slope


if __name__ == "__main__":
    main()
