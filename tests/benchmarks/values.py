"""100,000 values from filled workbooks to evaluated indicators, step by step, beside calamine and plain COPY.

Fixed seed. The workbooks are the system's own templates of 盐均02 and 盐均04, one a form and month for all villages of
the county; each is scanned and read in its limited child process, saved town by town, submitted, approved in one act.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import frame

WANTED, FIRST = 100_000, (2015, 1)


def main() -> None:
    vendor = frame.setup()
    from python_calamine import CalamineWorkbook

    from bureau import installation, months
    from bureau.models import Area, User
    from bureau.places import Tree
    from indicators.entry import sheets, workflow
    from indicators.entry.layout import Cell, CellKey
    from indicators.entry.parse import parse
    from indicators.entry.template import write_template
    from indicators.models import Evaluation, Figure, ReportingForm, Revision, RollUp

    county = installation.county()
    tree, rnd, watch = Tree(county.pk), random.Random(2016), frame.Stopwatch()
    clerk, reviewer = User.objects.create(username="clerk"), User.objects.create(username="reviewer")
    forms = list(ReportingForm.objects.filter(code__in=["yj02", "yj04"]))
    towns = {place.pk: place for place in Area.objects.filter(level="town")}
    folder = Path(tempfile.mkdtemp(prefix="books-"))

    def county_sheet(form: ReportingForm, month: int):
        """All villages of the county on one sheet, without values, with the towns they belong to."""
        parts = [(town, *sheets.build(form, place, month, tree)) for town, place in towns.items()]
        rows = tuple(row for _, sheet, _ in parts for row in sheet.rows)
        town_of = {row.area: (town, names) for town, sheet, names in parts for row in sheet.rows}
        return replace(parts[0][1], rows=rows, values={}, previous={}, rules=()), town_of

    def filled(sheet) -> dict[CellKey, Cell]:
        return {
            CellKey(row.area, column.item, column.category): Cell(Decimal(rnd.randint(0, 999)))
            for row in sheet.rows
            for column in sheet.columns
            if row.level in column.levels
        }

    books, count, month = [], 0, months.make(*FIRST)
    while count < WANTED:
        for form in forms:
            sheet, town_of = county_sheet(form, month)
            values = filled(sheet)
            path = folder / f"{form.code}-{month}.xlsx"
            path.write_bytes(write_template(replace(sheet, values=values), b"key"))
            books.append((form, month, sheet, town_of, path))
            count += len(values)
        month += 1

    submissions, rows = [], 0
    for form, at, sheet, town_of, path in books:
        with watch.step("scan, read in a child, parse, compare"):
            parsed = parse(sheet, path, b"key")
        assert not [one for one in parsed.problems if one.severity == "hard"], parsed.problems[:3]
        by_town: dict[int, list] = {}
        for change in parsed.changes:
            by_town.setdefault(town_of[change.key.area][0], []).append(change)
        for town, changes in by_town.items():
            with watch.step("save as draft entries"):
                submission = workflow.submission_for(form, towns[town], at)
                names = town_of[changes[0].key.area][1]
                rows += workflow.save(submission, sheets.changes(changes, names), by=clerk, source="workbook")
            with watch.step("submit"):
                submissions.append(workflow.submit(submission, by=clerk))
    with watch.step("approve all in one act: figures, revisions, roll-up, evaluation"):
        changed = workflow.approve_all(submissions, by=reviewer)
    total = sum(watch.seconds.values())
    watch.table(f"{rows:,} values from {len(books)} workbooks to evaluated, {vendor}")
    print(f"| **all** | **{total:.2f}** |")
    print(f"\n{changed:,} figures, {Revision.objects.count():,} revisions, {RollUp.objects.count():,} roll-ups, "
          f"{Evaluation.objects.count():,} evaluations")  # fmt: skip

    beside = frame.Stopwatch()
    with beside.step("calamine alone reads the same workbooks"):
        for *_, path in books:
            CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    _plain_copy(beside, Figure)
    with beside.step("rebuild: every roll-up and evaluation anew"):
        _rebuild(tree)
    beside.table(f"beside it, {vendor}")


def _plain_copy(watch: frame.Stopwatch, figure) -> None:
    """COPY (executemany on SQLite) of the same rows into the same table, emptied."""
    from django.db import connection, transaction

    from bureau import bulk
    from bureau.fields import raw

    fields = ("county", "area", "item", "category", "month", "value", "state", "submission", "revision")
    rows = list(figure.objects.annotate(u=raw("value")).values_list(*fields[:5], "u", *fields[6:]))
    with transaction.atomic():
        figure.objects.all().delete()
        with watch.step(
            f"{'COPY' if connection.vendor == 'postgresql' else 'executemany'} of the same rows into figures"
        ):
            bulk.insert(figure, fields, rows)
        if figure.objects.count() != len(rows):
            raise AssertionError("rows were lost")


def _rebuild(tree) -> None:
    from django.db import transaction

    from indicators import evaluate, rollup

    with transaction.atomic():
        rollup.refresh(tree)
        evaluate.refresh(tree)


if __name__ == "__main__":
    main()
