"""Which days are worked: weekends, holidays and weekend days worked instead (调休); the next workday. Pure.

`bureau/holidays.py` reads the days from the table; a day nobody wrote down is a workday from Monday to Friday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
ONE_DAY = timedelta(days=1)
LONGEST = 60  # days; no holiday is longer, so a calendar in which nothing is worked is a mistake


@dataclass(frozen=True)
class Workdays:
    """The days that are not what their weekday says: day → (worked, name)."""

    special: Mapping[date, tuple[bool, str]] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        found = self.special.get(day)
        return day.weekday() < SATURDAY if found is None else found[0]

    def next(self, day: date) -> date:
        """`day` itself where it is worked, else the first workday after it; ValueError where there is none near."""
        for distance in range(LONGEST):
            found = day + distance * ONE_DAY
            if self.is_workday(found):
                return found
        raise ValueError(f"no workday within {LONGEST} days of {day}")

    def after(self, day: date, count: int = 1) -> date:
        """The `count`-th workday after `day`; `day` itself for 0."""
        for _each in range(count):
            day = self.next(day + ONE_DAY)
        return day

    def name(self, day: date) -> str:
        """What the day is called, without what is said of it in brackets; '' for a plain day."""
        return self.special.get(day, (True, ""))[1].partition("（")[0]
