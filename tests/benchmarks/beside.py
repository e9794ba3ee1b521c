"""What loading is measured against, in the same run: calamine, COPY of the same rows, django-import-export.

The rows are those the load wrote, added once more to the same tables under another county's number and other months'
submissions, so that nothing has to be deleted first; constraints are checked within the time taken.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

OTHER_COUNTY, LATER = 1_000_000, 1_200  # a county that is none, a hundred years on: keys that stand nowhere yet
SAMPLE = 1_000
FIGURE = ("county", "area", "item", "category", "month", "value", "state", "submission", "revision")
REVISION = (
    "county", "area", "item", "category", "month", "number", "old_value", "old_state", "new_value", "new_state",
    "submission", "entered_by", "source", "event", "at",
)  # fmt: skip
ENTRY = ("submission", "area", "item", "category", "value", "state", "version", "by", "at", "source", "note")


def calamine(paths: Iterable[Path]) -> float:
    """Seconds in which calamine alone reads the first sheet of each workbook."""
    from python_calamine import CalamineWorkbook

    begun = time.perf_counter()
    for path in paths:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return time.perf_counter() - begun


def plain_copy() -> dict[str, float]:
    """Seconds of COPY (executemany on SQLite) of the rows that stand in Entry, Figure and Revision, by table."""
    from django.db import connection, transaction

    from bureau import bulk
    from indicators.models import Entry, Figure, Revision

    twins = _twin_submissions()
    seconds = {}
    for model, fields in ((Entry, ENTRY), (Figure, FIGURE), (Revision, REVISION)):
        rows = [_elsewhere(fields, row, twins) for row in _stored(model, fields)]
        begun = time.perf_counter()
        with transaction.atomic():
            bulk.insert(model, fields, rows)
            connection.check_constraints() if connection.vendor == "postgresql" else None
        seconds[model.__name__] = time.perf_counter() - begun
        if model.objects.count() != 2 * len(rows):
            raise AssertionError("rows were lost")
    return seconds


def _twin_submissions() -> dict[int, int]:
    """Every submission once more, months on: id → id of its twin."""
    from indicators.models import Submission

    standing = list(Submission.objects.order_by("pk"))
    Submission.objects.bulk_create(
        Submission(form_id=one.form_id, place_id=one.place_id, month=one.month + LATER) for one in standing
    )
    twins = Submission.objects.filter(month__gte=LATER + standing[0].month)
    by_key = {(one.form_id, one.place_id, one.month - LATER): one.pk for one in twins}
    return {one.pk: by_key[one.form_id, one.place_id, one.month] for one in standing}


def _stored(model: Any, fields: tuple[str, ...]) -> list[tuple]:
    """The rows as the database holds them: values in ten-thousandths, moments as the driver takes them."""
    from bureau import bulk
    from bureau.fields import raw

    units = {f"{name}_units": raw(name) for name in fields if name.endswith("value")}
    names = [f"{name}_units" if name.endswith("value") else name for name in fields]
    rows = list(model.objects.annotate(**units).values_list(*names))
    if "at" not in fields:
        return rows
    at = fields.index("at")
    stamps = {moment: bulk.stamp(moment) for moment in {row[at] for row in rows}}
    return [(*row[:at], stamps[row[at]], *row[at + 1 :]) for row in rows]


def _elsewhere(fields: tuple[str, ...], row: tuple, twins: dict[int, int]) -> tuple:
    if fields[0] == "county":
        return (OTHER_COUNTY, *row[1:])
    return (twins[row[0]], *row[1:])


def import_export() -> float:
    """Rows a second that django-import-export, as it comes, loads into Entry: the sample, found missing and added."""
    import tablib
    from import_export import resources
    from import_export.fields import Field
    from import_export.widgets import Widget

    from indicators.models import Entry

    class AsDecimal(Widget):
        def clean(self, value, row=None, **options):
            return Decimal(value)

    class EntryResource(resources.ModelResource):
        value = Field("value", "value", AsDecimal())

        class Meta:
            model = Entry
            import_id_fields = ("submission", "area", "item", "category")
            fields = ENTRY

    rows = list(Entry.objects.filter(submission__month__gte=LATER).order_by("pk").values_list(*ENTRY)[:SAMPLE])
    Entry.objects.filter(submission__month__gte=LATER).delete()
    data = tablib.Dataset(*[[str(cell).partition(".")[0] for cell in row] for row in rows], headers=ENTRY)
    begun = time.perf_counter()
    result = EntryResource().import_data(data, raise_errors=True)
    seconds = time.perf_counter() - begun
    if result.totals["new"] != len(rows):
        raise AssertionError(f"import-export added {result.totals}")
    return len(rows) / seconds
