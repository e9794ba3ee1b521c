"""100,000 values from filled workbooks to evaluated indicators, step by step, beside calamine, COPY and a peer.

Fixed seed. The workbooks are the system's own templates of 盐均02 and 盐均04, one a form and month for all villages of
the county, their values in keeping with the balance rules; each is scanned and read in its limited child process,
parsed and checked, its towns' sheets saved and handed in in one act; then all are approved in one act.
"""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import beside
import frame
import saving

WANTED, FIRST = 100_000, (2015, 1)
READ, SAVE, SUBMIT = "scan, read in a child, parse, check", "save as draft entries", "hand in"
APPROVE, ROLL_UP, EVALUATE = "approve: figures and revisions", "roll-up", "evaluation"


def main() -> None:
    vendor = frame.setup()
    watch = frame.Stopwatch()
    books = _books(Path(tempfile.mkdtemp(prefix="books-")))
    values, changed = _load(books, watch)
    from indicators.models import Evaluation, Revision, RollUp

    whole = sum(watch.seconds.values())
    watch.table(f"{values:,} values from {len(books)} workbooks to evaluated, {vendor}")
    print(f"| **all** | **{whole:.2f}** |")
    print(f"\n{changed:,} figures, {Revision.objects.count():,} revisions, {RollUp.objects.count():,} roll-ups, "
          f"{Evaluation.objects.count():,} evaluations")  # fmt: skip
    load = whole - watch.seconds[ROLL_UP] - watch.seconds[EVALUATE]
    compare(vendor, values, load, whole, [path for *_, path in books])


def _books(folder: Path) -> list[tuple]:
    """The filled workbooks: (form, month, empty sheet, row's town and names, path) each."""
    from bureau import installation, months
    from bureau.models import Area
    from bureau.places import Tree
    from indicators.entry import sheets
    from indicators.entry.template import write_template
    from indicators.models import ReportingForm

    tree, rnd = Tree(installation.county().pk), random.Random(2016)
    towns = list(Area.objects.filter(level="town"))
    books: list[tuple] = []
    count, month = 0, months.make(*FIRST)
    while count < WANTED:
        for form in ReportingForm.objects.filter(code__in=["yj02", "yj04"]):
            parts = [(town, *sheets.build(form, town, month, tree)) for town in towns]
            town_of = {row.area: (town, names) for town, sheet, names in parts for row in sheet.rows}
            rows = tuple(row for _, sheet, _ in parts for row in sheet.rows)
            sheet = replace(parts[0][1], rows=rows, values={}, previous={})
            values = filled(sheet, rnd)
            path = folder / f"{form.code}-{month}.xlsx"
            path.write_bytes(write_template(replace(sheet, values=values), b"key"))
            books.append((form, month, sheet, town_of, path))
            count += len(values)
        month += 1
    return books


def filled(sheet: Any, rnd: random.Random) -> dict:
    """A random count in every cell, the parts together no more than their whole."""
    from indicators.entry.checks import parse_rule
    from indicators.entry.layout import Cell, CellKey

    values = {}
    rules = [rule for rule in (parse_rule(one.text) for one in sheet.rules) if rule.sign == "<="]
    for row in sheet.rows:
        columns = [column for column in sheet.columns if row.level in column.levels]
        counts = {(column.item, column.category): rnd.randint(0, 999) for column in columns}
        for rule in rules:
            parts = [key for key in counts if key[0] == rule.left[0].item]
            total = sum(count for key, count in counts.items() if key[0] == rule.right[0].item)
            counts |= {key: min(counts[key], total // len(parts)) for key in parts}
        values |= {CellKey(row.area, *key): Cell(Decimal(count)) for key, count in counts.items()}
    return values


def _load(books: list[tuple], watch: frame.Stopwatch) -> tuple[int, int]:
    """Read, save, hand in and approve them all; values saved and figures changed."""
    from django.db import transaction

    from bureau.models import User
    from indicators import evaluate, rollup
    from indicators.entry import sheets, workflow
    from indicators.entry.parse import parse

    clerk, reviewer = User.objects.create(username="clerk"), User.objects.create(username="reviewer")
    submissions, values = [], 0
    for form, month, sheet, town_of, path in books:
        with watch.step(READ):
            parsed = parse(sheet, path, b"key")
        if not parsed.acceptable:
            raise AssertionError(parsed.problems[:3])
        with watch.step(SAVE), transaction.atomic():
            by_town: dict[int, list] = defaultdict(list)
            for change in parsed.changes:
                by_town[town_of[change.key.area][0].pk].append(change)
            of_town = workflow.submissions_for(
                form, list({town.pk: town for town, _names in town_of.values()}.values()), month
            )
            drafts = [
                (of_town[town], sheets.changes(changes, town_of[changes[0].key.area][1]))
                for town, changes in by_town.items()
            ]
            values += workflow.save_all(drafts, by=clerk, source="workbook")
        with watch.step(SUBMIT):
            submissions += workflow.submit_all([submission for submission, _changes in drafts], by=clerk)
    time_inside(rollup, "refresh", watch, ROLL_UP)
    time_inside(evaluate, "refresh", watch, EVALUATE)
    with watch.step(APPROVE):
        changed = workflow.approve_all(submissions, by=reviewer)
    watch.seconds[APPROVE] -= watch.seconds[ROLL_UP] + watch.seconds[EVALUATE]
    return values, changed


def time_inside(module: Any, name: str, watch: frame.Stopwatch, step: str) -> None:
    """Time every call of a function of a module, wherever it comes from."""
    function: Callable = getattr(module, name)

    def timed(*arguments: Any, **options: Any) -> Any:
        with watch.step(step):
            return function(*arguments, **options)

    setattr(module, name, timed)


def compare(vendor: str, values: int, load: float, whole: float, paths: list[Path]) -> None:
    """The load and the whole way against what else there is, and the four targets."""
    copies = beside.plain_copy()
    alone, all_three = copies["Figure"], sum(copies.values())
    calamine, rate = beside.calamine(paths), beside.import_export()
    peer = values / rate
    cells, save, empty = saving.measure()
    copy = "COPY" if vendor == "postgresql" else "executemany"
    print(f"\n## beside it, {vendor}\n| what | s |\n|---|---|")
    print(f"| calamine alone reads the same workbooks | {calamine:.2f} |")
    for table, seconds in copies.items():
        print(f"| {copy} of the same rows into {table} | {seconds:.2f} |")
    print(
        f"| django-import-export into Entry alone, {rate:.0f} rows/s over {beside.SAMPLE:,} rows, scaled | {peer:.0f} |"
    )
    print(f"| saving a sheet of {cells} cells / an empty signed-in view | {save:.1f} ms / {empty:.1f} ms |")
    print(f"\n## targets, {vendor}\n| ratio | wanted | measured | |\n|---|---|---|---|")
    _target("import-export : load with scan and revisions (PostgreSQL)", peer / load, 100, at_least=True)
    _target(f"load with scan and revisions : calamine + {copy} into the same three tables",
            load / (calamine + all_three), 2.5)  # fmt: skip
    _target(f"whole way : {copy} into the same three tables", whole / all_three, 8)
    _target(f"whole way : {copy} into the figures alone", whole / alone, 8)
    _target("saving a sheet : empty signed-in view", save / empty, 10)


def _target(name: str, measured: float, wanted: float, *, at_least: bool = False) -> None:
    reached = measured >= wanted if at_least else measured <= wanted
    bound = f"{'≥' if at_least else '≤'} {wanted:g}"
    print(f"| {name} | {bound} | {measured:.1f} | {'reached' if reached else 'not reached'} |")


if __name__ == "__main__":
    main()
