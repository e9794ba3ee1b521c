"""100,000 values in one long form (长表), CSV or XLSX: file, preview, confirmation, handing in, approval, by step.

python tests/benchmarks/longform.py [xlsx]
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
from pathlib import Path

import frame

FIRST = (2018, 1)
READ, STORE, WRITE = "scan, read, check every row and sheet", "keep the preview", "confirm: draft entries"
SUBMIT, APPROVE = "hand in, sheet by sheet", "approve, rolled up and evaluated"


def main() -> None:
    from values import WANTED

    vendor = frame.setup()
    rows = rows_of(WANTED)
    for kind in sys.argv[1:] or ["csv"]:
        measure(rows, kind, vendor)


def rows_of(wanted: int) -> list[tuple]:
    """(area, item, category, month, value) of 盐均02 and 盐均04 in as many months as it takes."""
    from values import filled

    from bureau import installation, months
    from bureau.models import Area
    from bureau.places import Tree
    from indicators.entry import sheets
    from indicators.models import ReportingForm

    tree, rnd, month = Tree(installation.county().pk), random.Random(2018), months.make(*FIRST)
    forms = list(ReportingForm.objects.filter(code__in=["yj02", "yj04"]))
    rows: list[tuple] = []
    while len(rows) < wanted:
        for form in forms:
            for town in Area.objects.filter(level="town"):
                sheet, _names = sheets.build(form, town, month, tree)
                rows += [(*key, months.iso(month), cell.value) for key, cell in filled(sheet, rnd).items()]
        month += 1
    return rows


def measure(rows: list[tuple], kind: str, vendor: str) -> None:
    """One file by way of the functions behind its page."""
    from bureau.models import Area, Grant, User
    from indicators.entry import importing, workflow
    from indicators.models import Submission

    clerk, reviewer = User.objects.create(username=f"long-{kind}"), User.objects.create(username=f"reads-{kind}")
    for town in Area.objects.filter(level="town"):
        Grant.objects.create(user=clerk, role=Grant.Role.TOWN_CLERK, area=town)
    path = Path(tempfile.mkdtemp(prefix="long-")) / f"long.{kind}"
    path.write_bytes(content_of(rows, kind))
    watch = frame.Stopwatch()
    with watch.step(READ):
        judged = importing.examine(path.read_bytes(), path, by=clerk)
    if judged.refused:
        raise AssertionError(judged.problems[:3])
    with watch.step(STORE):
        one = importing.store(importing.keep(path.read_bytes(), path.name, by=clerk), judged)
    with watch.step(WRITE):
        written = importing.confirm(one, by=clerk)
    with watch.step(SUBMIT):
        sheets = importing.hand_in(judged.parts, by=clerk)
    with watch.step(APPROVE):
        changed = workflow.approve_all(list(Submission.objects.filter(submitted_by=clerk)), by=reviewer)
    if not written == changed == len(rows):
        raise AssertionError((written, changed, len(rows)))
    watch.table(f"{len(rows):,} values from one long form ({kind}, {path.stat().st_size / 1e6:.1f} MB), {vendor}")
    print(f"| **all**, {sheets} sheets | **{sum(watch.seconds.values()):.2f}** |")
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nmost memory of a child: {child:.0f} MB")


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
