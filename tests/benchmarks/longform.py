"""100,000 values in one long form (长表): file, preview, confirmation, handing in, approval, step by step.

python tests/benchmarks/longform.py [csv]      an .xlsx where nothing is said; the same comparison as values.py's
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
from pathlib import Path

import frame
import values

FIRST = (2015, 1)
READ, WRITE = "scan, read, check, keep the preview", "confirm: draft entries"
SUBMIT, APPROVE = "hand in, every sheet checked", "approve: figures and revisions"


def main() -> None:
    vendor = frame.setup()
    kind = sys.argv[1] if len(sys.argv) > 1 else "xlsx"
    rows = rows_of(values.WANTED)
    path = Path(tempfile.mkdtemp(prefix="long-")) / f"long.{kind}"
    path.write_bytes(content_of(rows, kind))
    watch = frame.Stopwatch()
    sheets = measure(path, len(rows), watch)
    whole = sum(watch.seconds.values())
    size = path.stat().st_size / 1e6
    watch.table(f"{len(rows):,} values, {sheets} sheets, from one long form (.{kind}, {size:.1f} MB), {vendor}")
    print(f"| **all** | **{whole:.2f}** |")
    print(f"\nmost memory of a child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
    load = whole - watch.seconds[values.ROLL_UP] - watch.seconds[values.EVALUATE]
    values.compare(vendor, len(rows), load, whole, [path] if kind == "xlsx" else [])


def rows_of(wanted: int) -> list[tuple]:
    """(area, item, category, month, value) of 盐均02 and 盐均04 in as many months as it takes."""
    from bureau import installation, months
    from bureau.models import Area
    from bureau.places import Tree
    from indicators.entry import sheets
    from indicators.models import ReportingForm

    tree, rnd, month = Tree(installation.county().pk), random.Random(2016), months.make(*FIRST)
    forms = list(ReportingForm.objects.filter(code__in=["yj02", "yj04"]))
    rows: list[tuple] = []
    while len(rows) < wanted:
        for form in forms:
            for town in Area.objects.filter(level="town"):
                sheet, _names = sheets.build(form, town, month, tree)
                rows += [(*key, months.iso(month), cell.value) for key, cell in values.filled(sheet, rnd).items()]
        month += 1
    return rows


def measure(path: Path, cells: int, watch: frame.Stopwatch) -> int:
    """The file by way of what its page and the task worker call; how many sheets it filled."""
    from bureau.models import Area, Grant, User
    from indicators import evaluate, jobs, rollup
    from indicators.entry import importing, workflow
    from indicators.models import Entry, Import, Submission

    clerk, reviewer = User.objects.create(username="clerk"), User.objects.create(username="reviewer")
    for town in Area.objects.filter(level="town"):
        Grant.objects.create(user=clerk, role=Grant.Role.TOWN_CLERK, area=town)
    with watch.step(READ):
        one = jobs.receive(path.read_bytes(), path.name, by=clerk)
        state = jobs.read_import.call(one.pk, "")
    if state != "preview":
        raise AssertionError((state, Import.objects.get().problems[:3]))
    one.refresh_from_db()
    with watch.step(WRITE):
        jobs.confirm(one, by=clerk)
        state = jobs.write_import.call(one.pk, "")
    if state != "confirmed" or Entry.objects.count() != cells:
        raise AssertionError((state, Import.objects.get().told, Entry.objects.count()))
    parts = [importing.part_of(stored) for stored in one.parts.select_related("form", "place")]
    with watch.step(SUBMIT):
        sheets = importing.hand_in(parts, by=clerk)
    values.time_inside(rollup, "refresh", watch, values.ROLL_UP)
    values.time_inside(evaluate, "refresh", watch, values.EVALUATE)
    with watch.step(APPROVE):
        changed = workflow.approve_all(list(Submission.objects.all()), by=reviewer)
    watch.seconds[APPROVE] -= watch.seconds[values.ROLL_UP] + watch.seconds[values.EVALUATE]
    if changed != cells:
        raise AssertionError((changed, cells))
    return sheets


def content_of(rows: list[tuple], kind: str) -> bytes:
    from openpyxl import Workbook

    from indicators.entry.longform import HEADINGS, write_long

    if kind == "csv":
        return write_long(rows)
    book, out = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet("长表")
    for row in (HEADINGS, *rows):
        page.append(row)
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
