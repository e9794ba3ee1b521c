"""The exported CSV as plain rows, by heading; months as year × 12 + month − 1."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

Rows = list[dict[str, str]]
Fetch = Callable[[str], bytes]
COUNTY = "330424"
PAGE = 10_000
SHIELD = re.compile("^'(?=[=+@-])")


def month_of(text: str) -> int:
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1


def iso(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def table(body: bytes) -> Rows:
    """The rows of a CSV; the mark of invented figures before its heading is passed over.

    What a spreadsheet would take for a formula stands there behind an apostrophe ('=).
    """
    lines = [[SHIELD.sub("", cell) for cell in line] for line in csv.reader(io.StringIO(body.decode("utf-8-sig")))]
    heading = next(index for index, line in enumerate(lines) if len(line) > 1)
    return [dict(zip(lines[heading], line, strict=True)) for line in lines[heading + 1 :]]


@dataclass(frozen=True)
class Exports:
    """What a reader of the release of `month` can export; `earlier`: months before the first release, from live data.

    Only projects and tasks have such months: their past is known before anything was reported.
    """

    month: int
    evaluations: Rows
    earlier: Rows
    figures: Rows
    targets: Rows
    formulas: Rows
    indicators: Rows
    items: Rows
    parameters: Rows
    areas: Rows
    corrections: Rows
    forecasts: Rows

    @classmethod
    def of(cls, fetch: Fetch, evaluations: bytes, month: int, first: int) -> Exports:
        """Read through the API; `evaluations` is the file of manage.py exportevaluations."""

        def api(name: str, **query: str) -> Rows:
            found: Rows = []
            words = "".join(f"&{key}={value}" for key, value in query.items())
            while True:
                page = table(fetch(f"/api/v1/{name}?format=csv&limit={PAGE}&offset={len(found)}{words}"))
                found += page
                if len(page) < PAGE:
                    return found

        corrections = [line for at in range(first, month + 1) for line in api("corrections", month=iso(at))]
        names = ("targets", "formulas", "indicators", "items", "parameters", "areas")
        released = table(evaluations)
        known = {(row["指标代码"], row["月份"]) for row in released}
        live = api("evaluations", version="live", month=iso(month), since="2015-01", area=COUNTY)
        return cls(
            month=month,
            evaluations=released,
            earlier=[row for row in live if (row["指标代码"], row["月份"]) not in known],
            figures=api("figures", since=iso(first)),
            corrections=corrections,
            forecasts=api("forecasts"),
            **{name: api(name) for name in names},
        )
