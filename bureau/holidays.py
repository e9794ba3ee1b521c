"""The table of holidays (节假日): read for deadlines, seeded from the library, replaced by CSV with a reason.

The library knows the State Council's arrangements, made-up weekend workdays (调休) included, as far as they were
announced when it was made; a year that already has a row is never seeded again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays as library
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import amend, audit, installation
from bureau.models import SpecialDay, User
from bureau.workdays import SATURDAY, Workdays

SEEDED = range(2015, 2028)
FIRST_YEAR, LAST_YEAR = 2000, 2100
HEAD = ("date", "kind", "name")
HOLIDAY, WORKED = "休", "班"
REST = "休息日"  # what the library calls a weekday off that a weekend is worked for
MADE_UP = "调休上班"
MOST_ROWS = 366


class Refused(Exception):
    """A calendar that is not taken; `args[0]` lists what is wrong, a line a problem."""


@dataclass(frozen=True)
class Day:
    """A day as the table has it."""

    day: date
    working: bool
    name: str


def read(first: date, last: date) -> Workdays:
    """The workdays from `first` to `last`; one query."""
    rows = SpecialDay.objects.filter(day__range=(first, last)).values_list("day", "working", "name")
    return Workdays({day: (working, name) for day, working, name in rows})


@lru_cache(maxsize=len(SEEDED))
def of_library(year: int) -> tuple[Day, ...]:
    """The year as the library has it: every named holiday, and the weekend days worked instead."""
    found = library.country_holidays("CN", years=year, language="zh_CN")
    off = [Day(day, False, name) for day, name in found.items() if day.year == year]
    day, worked = date(year, 1, 1), []
    while day.year == year:
        if day.weekday() >= SATURDAY and found.is_working_day(day):
            worked.append(Day(day, True, MADE_UP))
        day += timedelta(days=1)
    return tuple(sorted(off + worked, key=lambda one: one.day))


@transaction.atomic
def seed(years: Sequence[int] = SEEDED) -> int:
    """Write the years that have no row at all; how many rows. What people edited is never touched."""
    known = {day.year for day in SpecialDay.objects.values_list("day", flat=True)}
    rows = [
        SpecialDay(day=one.day, working=one.working, name=one.name)
        for year in years
        if year not in known
        for one in of_library(year)
    ]
    SpecialDay.objects.bulk_create(rows)
    return len(rows)


def days_of(year: int) -> list[Day]:
    rows = SpecialDay.objects.filter(day__year=year).order_by("day").values_list("day", "working", "name")
    return [Day(*row) for row in rows]


def csv_rows(year: int) -> list[list[str | date]]:
    """The year as `parse` reads it back."""
    body = [[one.day, WORKED if one.working else HOLIDAY, one.name] for one in days_of(year)]
    return [list(HEAD), *body]


def parse(content: bytes, year: int) -> list[Day]:
    """The days of a CSV (date, 休 or 班, name); Refused with row, column and rule of everything wrong in it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("文件不是 UTF-8 编码的 CSV；在 WPS 或 Excel 里另存为“CSV UTF-8”再上传。")) from None
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if not rows or tuple(cell.strip() for cell in rows[0][:3]) != HEAD:
        raise Refused(_("第 1 行：表头应为 %(head)s。") % {"head": ",".join(HEAD)})
    if len(rows) > MOST_ROWS + 1:
        raise Refused(_("一年最多 %(n)d 行。") % {"n": MOST_ROWS})
    found: dict[date, Day] = {}
    problems = []
    for number, row in enumerate(rows[1:], 2):
        told, kind, name = (*(cell.strip() for cell in row[:3]), "", "", "")[:3]
        try:
            day = date.fromisoformat(told)
        except ValueError:
            problems.append(
                _("第 %(n)d 行 date：“%(text)s”不是 2027-10-01 这样的日期。") % {"n": number, "text": told[:20]}
            )
            continue
        if day.year != year:
            problems.append(
                _("第 %(n)d 行 date：%(day)s 不在 %(year)d 年。") % {"n": number, "day": told, "year": year}
            )
        elif day in found:
            problems.append(_("第 %(n)d 行 date：%(day)s 重复。") % {"n": number, "day": told})
        if kind not in (HOLIDAY, WORKED):
            problems.append(_("第 %(n)d 行 kind：应为“休”或“班”。") % {"n": number})
        if len(name) > 40:
            problems.append(_("第 %(n)d 行 name：名称最多 40 个字。") % {"n": number})
        found[day] = Day(day, kind == WORKED, name)
    if problems:
        raise Refused("\n".join(problems))
    return sorted(found.values(), key=lambda one: one.day)


@transaction.atomic
def replace(year: int, days: Sequence[Day], *, by: User, reason: str) -> int:
    """Put these days in the place of the year's; how many differ from what stood, nothing written where none does."""
    here = amend.lock()
    before, after = set(days_of(year)), set(days)
    if before == after:
        return 0
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(SpecialDay(day=one.day, working=one.working, name=one.name) for one in days)
    audit.record(
        "workdays.replace",
        by=by,
        object=str(year),
        reason=reason,
        detail={"added": _told(after - before), "removed": _told(before - after)},
    )
    if here is not None:
        installation.raise_data_version(here.county_id)
    return len({one.day for one in before ^ after})


def _told(days: set[Day]) -> list[list[str]]:
    return [
        [one.day.isoformat(), WORKED if one.working else HOLIDAY, one.name]
        for one in sorted(days, key=lambda one: one.day)
    ]
