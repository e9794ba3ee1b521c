"""When a month's forms are due, worked out by hand over every holiday of 2016, and what a second more or less makes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bureau import clock, months
from bureau.workdays import Workdays
from indicators import deadlines
from indicators.deadlines import Rule, Standing, Step
from indicators.due import due_month

SHANGHAI = ZoneInfo("Asia/Shanghai")
# As the State Council's office announced them for 2016: weekdays off, weekend days worked.
OFF = (
    "01-01", "02-08", "02-09", "02-10", "02-11", "02-12", "04-04", "05-02", "06-09", "06-10", "09-15", "09-16",
    "10-03", "10-04", "10-05", "10-06", "10-07",
)  # fmt: skip
WORKED = ("02-06", "02-14", "06-12", "09-18", "10-08", "10-09")
YEAR = Workdays(
    {date.fromisoformat(f"2016-{day}"): (False, "国庆节（补假）" if day.startswith("10") else "节") for day in OFF}
    | {date.fromisoformat(f"2016-{day}"): (True, "调休上班") for day in WORKED}
    | {date(2017, 1, 2): (False, "元旦")}
)

# month reported: villages, towns, section's review, bulletin, entry closes
BY_HAND = {
    "2015-12": ("2016-01-04", "2016-01-05", "2016-01-08", "2016-01-15", "2016-01-12"),
    "2016-01": ("2016-02-03", "2016-02-05", "2016-02-14", "2016-02-15", "2016-02-17"),
    "2016-02": ("2016-03-03", "2016-03-07", "2016-03-08", "2016-03-15", "2016-03-14"),
    "2016-03": ("2016-04-05", "2016-04-06", "2016-04-08", "2016-04-15", "2016-04-13"),
    "2016-04": ("2016-05-03", "2016-05-05", "2016-05-09", "2016-05-16", "2016-05-12"),
    "2016-05": ("2016-06-03", "2016-06-06", "2016-06-08", "2016-06-15", "2016-06-14"),
    "2016-06": ("2016-07-04", "2016-07-05", "2016-07-08", "2016-07-15", "2016-07-12"),
    "2016-07": ("2016-08-03", "2016-08-05", "2016-08-08", "2016-08-15", "2016-08-12"),
    "2016-08": ("2016-09-05", "2016-09-06", "2016-09-08", "2016-09-18", "2016-09-13"),
    "2016-09": ("2016-10-08", "2016-10-09", "2016-10-10", "2016-10-17", "2016-10-14"),
    "2016-10": ("2016-11-03", "2016-11-07", "2016-11-08", "2016-11-15", "2016-11-14"),
    "2016-11": ("2016-12-05", "2016-12-06", "2016-12-08", "2016-12-15", "2016-12-13"),
    "2016-12": ("2017-01-03", "2017-01-05", "2017-01-09", "2017-01-16", "2017-01-12"),
}


@pytest.mark.parametrize("month", BY_HAND)
def test_each_month_is_due_when_the_calendar_on_the_wall_says(month):
    due = deadlines.of_month(months.parse(month), YEAR)
    assert (*(due[step].day.isoformat() for step in Step), due.closes.date().isoformat()) == BY_HAND[month]
    assert {due[step].moment.isoformat()[10:] for step in Step} == {"T17:00:00+08:00"}


def test_without_a_calendar_only_weekends_move_a_day():
    due = deadlines.of_month(months.parse("2016-09"), Workdays())
    assert [due[step].day.day for step in Step] == [3, 5, 10, 17]  # the 8th and the 15th are Saturdays


def test_a_later_rule_holds_from_its_month_on():
    rules = [Rule(from_month=months.parse("2015-01")), Rule(town=6, at=time(12), from_month=months.parse("2016-10"))]
    found = {
        month: deadlines.of_month(months.parse(month), YEAR, deadlines.rule_for(rules, months.parse(month)))
        for month in ("2016-07", "2016-10", "2016-11")
    }
    assert found["2016-07"][Step.TOWN].moment == datetime(2016, 8, 5, 17, tzinfo=SHANGHAI)
    assert found["2016-10"][Step.TOWN].moment == datetime(2016, 11, 7, 12, tzinfo=SHANGHAI)
    assert found["2016-11"][Step.TOWN].moment == datetime(2016, 12, 6, 12, tzinfo=SHANGHAI)
    assert deadlines.rule_for([], months.parse("2016-10")) == Rule()


def test_a_calendar_in_which_nothing_is_worked_is_told_from_a_long_holiday():
    nothing = {date(2016, 1, 1) + timedelta(days=n): (False, "") for n in range(100)}
    with pytest.raises(ValueError, match="no workday within 60 days of 2016-01-01"):
        Workdays(nothing).next(date(2016, 1, 1))


@pytest.mark.parametrize("month", BY_HAND)
@pytest.mark.parametrize(
    ("seconds", "handed_in", "not_handed_in"),
    [
        (-1, Standing.ON_TIME, Standing.NOT_DUE),
        (0, Standing.ON_TIME, Standing.NOT_DUE),
        (1, Standing.LATE, Standing.MISSING),
    ],
)
def test_to_the_second_of_the_deadline_one_is_in_time(month, seconds, handed_in, not_handed_in):
    deadline = deadlines.of_month(months.parse(month), YEAR)[Step.TOWN]
    moment = deadline.moment + timedelta(seconds=seconds)
    utc = moment.astimezone(ZoneInfo("UTC"))
    much_later = moment + timedelta(days=400)
    told = {"deadline": deadline, "back_fill": False}
    assert deadlines.standing(handed_in=utc, now=much_later, **told) == handed_in
    assert deadlines.standing(handed_in=None, now=utc, **told) == not_handed_in


@pytest.mark.parametrize("month", BY_HAND)
@pytest.mark.parametrize("days", [-1, 0, 1, 4000])
def test_back_fill_is_never_late_nor_missing(month, days):
    deadline = deadlines.of_month(months.parse(month), YEAR)[Step.TOWN]
    moment = deadline.moment + timedelta(days=days, seconds=1)
    told = {"deadline": deadline, "now": moment, "back_fill": True}
    assert deadlines.standing(handed_in=moment, **told) == Standing.BACK_FILL
    assert deadlines.standing(handed_in=None, **told) == Standing.BACK_FILL_OPEN


def test_days_late_are_counted_by_the_day_in_shanghai():
    deadline = deadlines.of_month(months.parse("2016-07"), YEAR)[Step.TOWN]  # Friday 5 August 17:00
    assert deadlines.days_late(datetime(2016, 8, 5, 15, 59, tzinfo=ZoneInfo("UTC")), deadline) == 0  # 23:59
    assert deadlines.days_late(datetime(2016, 8, 5, 16, 0, tzinfo=ZoneInfo("UTC")), deadline) == 1  # midnight
    assert deadlines.days_late(datetime(2016, 8, 8, 9, 0, tzinfo=SHANGHAI), deadline) == 3


@pytest.mark.parametrize(
    ("now", "soon"),
    [
        ("2016-09-30 12:00", False),  # the workday before the holiday: 8 October is the next one, the town's is the 9th
        ("2016-10-07 23:59", False),
        ("2016-10-08 00:00", True),
        ("2016-10-09 17:00", True),
        ("2016-10-09 17:01", False),
    ],
)
def test_soon_is_today_or_the_next_workday(now, soon):
    deadline = deadlines.of_month(months.parse("2016-09"), YEAR)[Step.TOWN]
    moment = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    assert deadlines.due_soon(deadline, moment, YEAR) is soon


MONTH_ENDS = [months.first_day(months.make(2015, 1) + number) for number in range(1, 37)]


@pytest.mark.parametrize(("seconds", "before"), [(-1, 2), (0, 1), (1, 1)])
@pytest.mark.parametrize("first", MONTH_ENDS, ids=str)
def test_the_month_entered_changes_at_midnight_in_shanghai(monkeypatch, first, seconds, before):
    """The server's own clock says 16:00 of the day before."""
    midnight = datetime.combine(first, time(0), SHANGHAI)
    moment = (midnight + timedelta(seconds=seconds)).astimezone(ZoneInfo("UTC"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    now = clock.moment_in(None)
    assert now == moment
    assert due_month(now.date()) == months.of(first) - before


def test_a_business_date_keeps_the_real_time_of_day(monkeypatch):
    moment = datetime(2026, 11, 27, 9, 30, 15, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    here = SimpleNamespace(business_date=date(2017, 8, 9))
    assert clock.moment_in(here).isoformat() == "2017-08-09T17:30:15+08:00"
