"""What each page costs while the database grows from 1 to 100 counties: time, queries, slope on a double log scale.

On the demonstration. More counties are copies of it under other numbers, in every table whose rows grow with figures
(figures, roll-ups, evaluations, live and released); the pages are those of the first. Asked in this process, with
nothing kept.
`python tests/benchmarks/growth.py 1 10` fewer counties; SQLite holds ten in a few minutes.
"""

from __future__ import annotations

import io
import math
import statistics
import sys
import time
from collections.abc import Sequence

import frame

COUNTIES = (1, 10, 100)
ROUNDS = 9
STEP = 1_000_000  # between the numbers of one county's places and the next one's
PAGES = (
    "/", "/?version=live", "/indicators/", "/indicators/A01/", "/indicators/A05a/", "/indicators/A01/data.csv",
    "/areas/", "/areas/330424101/", "/plan/", "/tasks/", "/tasks/T01/", "/releases/", "/timeliness/", "/desk/",
    "/history/D01/330424101/2017-03/", "/entry/yj02/330424101/2017-03/",
)  # fmt: skip
OFFICE, CLERK = "bangongshi", "shendang.tianbao"  # who looks; the entry grid is its town's clerk's


def main() -> None:
    counties = [int(argument) for argument in sys.argv[1:]] or COUNTIES
    vendor = frame.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from bureau.models import User
    from indicators.models import Figure

    settings.CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    call_command("demo", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    browsers = {}
    for name in (OFFICE, CLERK):
        browsers[name] = Client(headers={"host": "127.0.0.1"})
        browsers[name].force_login(User.objects.get(username=name))
    measured, figures, there = [], [], 1
    for wanted in counties:
        begun = time.perf_counter()
        _fill(there, wanted)
        there = wanted
        figures.append(Figure.objects.count())
        print(f"{wanted} counties, {figures[-1]:,} figures, filled in {time.perf_counter() - begun:.0f} s", flush=True)
        measured.append(
            {page: _cost(browsers[CLERK if page.startswith("/entry/") else OFFICE], page) for page in PAGES}
        )
    _table(vendor, counties, figures, measured)


def _fill(there: int, wanted: int) -> None:
    """Copy the first county's rows as often as it takes, then have the database count anew."""
    from django.db import connection

    from indicators.models import Evaluation, Figure, PublishedEvaluation, PublishedRollUp, RollUp

    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in (Figure, RollUp, Evaluation, PublishedRollUp, PublishedEvaluation):
            columns = [quote(field.column) for field in model._meta.concrete_fields if field.column]
            moved = [f"{one} + %s" if one in ('"county"', '"area"') else one for one in columns]
            table = quote(model._meta.db_table)
            for number in range(there, wanted):
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(moved)} FROM {table} "
                    f"WHERE county < %s",
                    [number * STEP, number * STEP, STEP],
                )
        cursor.execute("ANALYZE")


def _cost(browser, page: str) -> tuple[float, int]:
    """Milliseconds of the quickest round, for the machine may be shared, and number of queries."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    reset_queries()  # the log holds 9,000: one that filling has filled would count nothing more
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page)
    if answer.status_code != 200:
        raise SystemExit(f"{page} answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        browser.get(page)
        times.append((time.perf_counter() - begun) * 1000)
    return min(times), len(asked)


def _table(vendor: str, counties: Sequence[int], figures: Sequence[int], measured: Sequence[dict]) -> None:
    heads = " | ".join(f"{number} counties, ms" for number in counties)
    print(f"\n## pages while figures grow, {vendor}\n| page | {heads} | queries | slope |")
    print("|---" * (len(counties) + 3) + "|")
    for page in PAGES:
        times = " | ".join(f"{found[page][0]:.1f}" for found in measured)
        queries = sorted({found[page][1] for found in measured})
        print(f"| {page} | {times} | {', '.join(map(str, queries))} | {_slope(figures, measured, page):.3f} |")


def _slope(figures: Sequence[int], measured: Sequence[dict], page: str) -> float:
    """Least squares of log(time) on log(figures)."""
    x = [math.log(count) for count in figures]
    y = [math.log(found[page][0]) for found in measured]
    return statistics.linear_regression(x, y).slope if len(x) > 1 else 0.0


if __name__ == "__main__":
    main()
