"""A report of some twenty pages as Word, preview and PDF: seconds, sizes, and plain python-docx tables beside them.

25 tables of 12 rows, 10 charts, text between; no database. Medians of rounds, the first one apart, since it loads
matplotlib and WeasyPrint. The anchors fill 30 tables of 12 × 7, cell by cell and row by row (docs/performance.md).
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5
TABLES, ROWS, COLUMNS = 30, 12, 7


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["ENVIRONMENT"] = "development"
    import django

    django.setup()
    from reports import printing
    from reports.printing import drawn
    from tests.unit.reports.manuscripts import full_size

    manuscript = full_size()

    def preview() -> bytes:
        drawn.svg.cache_clear()
        return printing.html(manuscript).encode()

    def pdf() -> bytes:
        drawn.svg.cache_clear()
        return printing.pdf(manuscript)

    print("\n## A report of 25 tables and 10 charts\n| made | first s | s | of it work s | kB |\n|---|---|---|---|---|")
    tell("Word", lambda: printing.word(manuscript))
    tell("preview, charts drawn", preview)
    tell("preview, charts kept", lambda: printing.html(manuscript).encode())
    tell("PDF, charts drawn", pdf)
    tell(f"{TABLES} tables of {ROWS} × {COLUMNS}, cell by cell", cell_by_cell)
    tell(f"{TABLES} tables of {ROWS} × {COLUMNS}, row by row", row_by_row)


def tell(name: str, make: Callable[[], bytes]) -> None:
    begun = time.perf_counter()
    made = make()
    first = time.perf_counter() - begun
    walls, works = [], []
    for _ in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        make()
        walls.append(time.perf_counter() - begun)
        works.append(time.process_time() - worked)
    wall, work = statistics.median(walls), statistics.median(works)
    print(f"| {name} | {first:.2f} | {wall:.2f} | {work:.2f} | {len(made) / 1000:,.0f} |", flush=True)


def cell_by_cell() -> bytes:
    def fill(table) -> None:
        for row in range(ROWS):
            for column in range(COLUMNS):
                table.cell(row, column).text = "4,080"

    return _tables(fill)


def row_by_row() -> bytes:
    def fill(table) -> None:
        for row in table.rows:
            for cell in row.cells:
                cell.text = "4,080"

    return _tables(fill)


def _tables(fill: Callable) -> bytes:
    import docx

    document = docx.Document()
    for _ in range(TABLES):
        fill(document.add_table(rows=ROWS, cols=COLUMNS))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
