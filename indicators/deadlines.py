"""When a month's forms are due, and what that makes of one: on time, late, missing, back-fill. Pure, no database.

Of the month after the one reported: villages the 3rd, towns and sections the 5th, the section's review the 8th, the
bulletin the 15th, at 17:00 in Shanghai; each moved forward to the next workday, and at least one workday after the step
before it. Entry closes some workdays after the towns' deadline, or when the month is released, whichever comes first.
Months before go-live are back-fill (补录): never overdue, never closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bureau import months
from bureau.workdays import ONE_DAY, Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
REACH = timedelta(days=75)  # of the calendar that a month's dates may need, from the first day after it


class Step(StrEnum):
    """Who has to be done by when."""

    VILLAGE = "village"
    TOWN = "town"  # sections that fill a county form, too
    REVIEW = "review"
    BULLETIN = "bulletin"


STEPS = tuple(Step)


@dataclass(frozen=True)
class Rule:
    """The days of the following month, by step, the time of day, and how many workdays entry stays open after."""

    village: int = 3
    town: int = 5
    review: int = 8
    bulletin: int = 15
    at: time = time(17, 0)
    open_workdays: int = 5
    from_month: int = 0

    def day(self, step: Step) -> int:
        return getattr(self, step.value)


DEFAULT = Rule()


@dataclass(frozen=True)
class Deadline:
    """A step's moment, and the plain day it was moved from."""

    step: Step
    day: date
    planned: date
    at: time

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day, self.at, SHANGHAI)

    def passed(self, now: datetime) -> bool:
        """To the second of the deadline one is in time; after it one is not."""
        return now > self.moment

    def days_left(self, today: date) -> int:
        """Negative when it lies behind."""
        return (self.day - today).days


@dataclass(frozen=True)
class Due:
    """All dates of one month."""

    month: int
    steps: dict[Step, Deadline]
    closes: datetime

    def __getitem__(self, step: Step) -> Deadline:
        return self.steps[step]


def rule_for(rules: Sequence[Rule], month: int) -> Rule:
    """The last rule that began on or before the month; the plan's own where there is none."""
    return max((one for one in rules if one.from_month <= month), key=lambda one: one.from_month, default=DEFAULT)


def of_month(month: int, workdays: Workdays, rule: Rule = DEFAULT) -> Due:
    """The dates of `month` in a calendar."""
    steps: dict[Step, Deadline] = {}
    first, before = months.first_day(month + 1), None
    for step in STEPS:
        planned = first.replace(day=rule.day(step))
        day = workdays.next(planned)
        if before is not None and day <= before:
            day = workdays.after(before)
        steps[step], before = Deadline(step, day, planned, rule.at), day
    closes = workdays.after(steps[Step.TOWN].day, rule.open_workdays)
    return Due(month, steps, datetime.combine(closes, rule.at, SHANGHAI))


def span(first: int, last: int) -> tuple[date, date]:
    """The days of the calendar that the dates of these months may need."""
    return months.first_day(first + 1), months.first_day(last + 1) + REACH


class Standing(StrEnum):
    """What became of a form of a place in a month."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"
    BACK_FILL = "back_fill"
    BACK_FILL_OPEN = "back_fill_open"


def standing(*, handed_in: datetime | None, deadline: Deadline, now: datetime, back_fill: bool) -> Standing:
    """`handed_in` is the moment the form was first handed in and not taken back; None where it was not."""
    if back_fill:
        return Standing.BACK_FILL_OPEN if handed_in is None else Standing.BACK_FILL
    if handed_in is not None:
        return Standing.LATE if deadline.passed(handed_in) else Standing.ON_TIME
    return Standing.MISSING if deadline.passed(now) else Standing.NOT_DUE


def days_late(handed_in: datetime, deadline: Deadline) -> int:
    """Whole days after the deadline's day; 0 for the same day."""
    return (handed_in.astimezone(SHANGHAI).date() - deadline.day).days


def due_soon(deadline: Deadline, now: datetime, workdays: Workdays) -> bool:
    """Is it due today or on the next workday, and not past?"""
    today = now.astimezone(SHANGHAI).date()
    return not deadline.passed(now) and deadline.day <= workdays.next(today + ONE_DAY)
