"""A copy of the demonstration grown to so many counties, which answers for its pages: what tests/benchmarks/growth.py
asks on standard input, one address a line; milliseconds and queries on standard output.

More counties are copies of the first under other numbers, in every table whose rows grow with figures (figures,
roll-ups, evaluations, live and released); the pages are those of the first.
"""

from __future__ import annotations

import os
import sys
import time

import frame

STEP = 1_000_000  # between the numbers of one county's places and the next one's
OFFICE, CLERK = "bangongshi", "shendang.tianbao"  # who looks; the entry grid is its town's clerk's


def main(wanted: int) -> None:
    sys.path.insert(0, str(frame.ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    os.environ["ENVIRONMENT"] = "development"
    import django

    django.setup()
    import logging

    logging.disable(logging.WARNING)
    from django.conf import settings
    from django.test import Client

    from bureau.models import User
    from indicators.models import Figure

    settings.CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    _fill(wanted)
    browsers = {}
    for name in (OFFICE, CLERK):
        browsers[name] = Client(headers={"host": "127.0.0.1"})
        browsers[name].force_login(User.objects.get(username=name))
    print(Figure.objects.count(), flush=True)
    for line in sys.stdin:
        page = line.strip()
        print(*_asked(browsers[CLERK if page.startswith("/entry/") else OFFICE], page), flush=True)


def _fill(wanted: int) -> None:
    """Copy the first county's rows as often as it takes, then let the database tidy up and count anew."""
    from django.db import connection

    from indicators.models import Evaluation, Figure, PublishedEvaluation, PublishedRollUp, RollUp

    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in (Figure, RollUp, Evaluation, PublishedRollUp, PublishedEvaluation):
            columns = [quote(field.column) for field in model._meta.concrete_fields if field.column]
            moved = [f"{one} + %s" if one in ('"county"', '"area"') else one for one in columns]
            table = quote(model._meta.db_table)
            for number in range(1, wanted):
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(moved)} FROM {table} "
                    f"WHERE county < %s",
                    [number * STEP, number * STEP, STEP],
                )
        cursor.execute("VACUUM")
        cursor.execute("ANALYZE")


def _asked(browser, page: str) -> tuple[float, int]:
    """Milliseconds without counting, and the queries of a page asked for once more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    begun = time.perf_counter()
    answer = browser.get(page)
    milliseconds = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{page} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as asked:
        browser.get(page)
    return milliseconds, len(asked)


if __name__ == "__main__":
    main(int(sys.argv[1]))
