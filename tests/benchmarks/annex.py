"""The data annex of the demonstration's last release: reading it, laying it out, writing it, and the whole.

Medians of nine rounds in this process, wall and CPU; then how large it is and how many sheets, cells and charts it has.
With DATABASE_URL naming a filled demonstration that one is read, else a new one is made first (a minute).
"""

from __future__ import annotations

import io
import statistics
import time
from collections import defaultdict

import frame

ROUNDS = 9


def main() -> None:
    vendor = frame.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bureau.language import in_chinese
    from indicators.models import PublishedMonth
    from indicators.queries import at_release
    from reports import annex, assemble
    from reports.annex.read import read

    if not PublishedMonth.objects.exists():
        call_command("demo", stdout=io.StringIO())
    last = PublishedMonth.objects.order_by("-sequence").first()
    assert last is not None
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def step(name: str, act):
        begun, cpu = time.perf_counter(), time.process_time()
        found = act()
        times[name].append((time.perf_counter() - begun, time.process_time() - cpu))
        return found

    with in_chinese():
        for _round in range(ROUNDS):
            content = step("content, as all documents", lambda: assemble.compose(at_release(last)))
            release = step("reading the release", lambda c=content: read(at_release(last), c))
            sheets = step("laying out the sheets", lambda r=release: annex.sheets(r))
            data = step("writing the workbook", lambda c=content, s=sheets: annex.write(c, s))
            step("the whole, as it is asked for", lambda: assemble.build(at_release(last), "excel"))
        with CaptureQueriesContext(connection) as asked:
            assemble.build(at_release(last), "excel")
    print(f"\n## The annex on {vendor}\n| step | s | CPU s |\n|---|---|---|")
    for name, found in times.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"| {name} | {wall:.2f} | {cpu:.2f} |")
    cells = sum(len(sheet.rows) * len(sheet.columns) for sheet in sheets)
    charts = sum(len(sheet.charts) for sheet in sheets)
    print(f"\n{len(sheets) + 1} sheets, {cells} cells, {charts} charts, {len(data) // 1024} KB, {len(asked)} queries")


if __name__ == "__main__":
    main()
