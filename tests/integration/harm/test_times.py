"""I1–I4: month ends in Shanghai, a clock set back, the due day, months before going live."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from bureau import audit, clock, months
from bureau.models import AuditEvent, Installation
from indicators.entry import workflow
from indicators.models import Entry, Revision, Submission
from tests.integration.entry.browsing import opened, url_of
from tests.integration.factories import E1, EAST, START, approved, cells, fill
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
JOBS = f"{E1}.D22"
FLOORS = ("bureau", "indicators", "tasks", "reports", "haiyan_pilot")


@pytest.fixture
def real_clock(tiny):
    """An installation without a business date, live from the first month on."""
    Installation.objects.update(business_date=None, go_live_month=START)
    return tiny


def midnight(month: int) -> datetime:
    """The moment `month` begins in Shanghai: sixteen o'clock of the day before in UTC, all the years of the plan."""
    first = months.first_day(month)
    return datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_month_of_a_sheet_is_its_own_at_every_month_end(real_clock):
    ends, amiss = number(suite=1, full=23), []
    for new in range(START + 1, START + 1 + ends):
        for seconds in (-1, 0, 1):
            at = midnight(new) + timedelta(seconds=seconds)
            with time_machine.travel(at, tick=False):
                client = signed_in(real_clock.clerk)
                begun = seconds >= 0
                if months.of(clock.today()) != (new if begun else new - 1):
                    amiss.append((new, seconds, "today"))
                if client.get(url_of("village", EAST, new)).status_code != (200 if begun else 404):
                    amiss.append((new, seconds, "a month not begun"))
                text = str((new - START) * 3 + seconds + 1)
                page = opened(client, "village", EAST, new - 1)
                page.send(client, "save", {JOBS: text})
                found = Entry.objects.get(submission__month=new - 1)
                if (f"{found.value:f}".rstrip("0").rstrip(".") or "0", found.at) != (text, at):
                    amiss.append((new, seconds, "shifted", found.value, found.at))
        submission = Submission.objects.get(month=new - 1)
        with time_machine.travel(midnight(new), tick=False):
            workflow.approve(workflow.submit(submission, by=real_clock.clerk), by=real_clock.reviewer)
        if set(Revision.objects.filter(submission=submission.pk).values_list("month", flat=True)) != {new - 1}:
            amiss.append((new, "figures of another month"))
    result("I1", "month ends at -1, 0 and +1 s: wrong months", ends * 3, len(amiss))
    assert amiss == []


def test_no_code_asks_the_systems_day():
    wrong = re.compile(r"date\.today\(|now\(\)\.date\(|utcnow\(|datetime\.now\(\)")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if wrong.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("back", [timedelta(minutes=10), timedelta(days=1)])
def test_a_clock_set_back_doubles_nothing_and_leaves_the_order(real_clock, back):
    Installation.objects.update(go_live_month=None)  # a month that closes is another test's
    tiny, start = real_clock, datetime(2016, 5, 10, 2, tzinfo=UTC)
    rounds = number(suite=2, full=50)
    for turn in range(rounds):
        month = START + turn % 12
        with time_machine.travel(start, tick=False):
            if turn < 12:
                submission = approved(tiny, "village", EAST, month, {(E1, "D22"): 10 + turn})
            else:
                submission = Submission.objects.get(month=month)
        with time_machine.travel(start - back, tick=False):
            workflow.correct(submission, by=tiny.clerk, reason="重复计了两人")
            workflow.save(submission, cells(tiny, {(E1, "D22"): 1_000 + turn}), by=tiny.clerk, source="grid")
            workflow.approve(workflow.submit(submission, by=tiny.clerk), by=tiny.reviewer)
        numbers = list(Revision.objects.filter(month=month).order_by("pk").values_list("number", "new_value"))
        assert [one for one, _value in numbers] == list(range(1, len(numbers) + 1))
        assert numbers[-1][1] == 1_000 + turn, "the last act stands, whatever its stamp"
    broken = audit.first_broken()
    result("I2", f"clock set back by {back}: chain broken or acts out of order", rounds, int(broken is not None))
    assert broken is None
    stamps = list(AuditEvent.objects.order_by("pk").values_list("at", flat=True))
    assert stamps != sorted(stamps), "the clock really went back"


def test_the_due_moment_and_the_closing_pass_while_the_sheet_is_open(real_clock):
    """January 2016 is due from the towns on Friday 5 February at 17:00, and closes five workdays later, on the 12th.

    The small county's calendar knows weekends only: no Spring Festival moves the dates.
    """
    january = months.parse("2016-01")
    Installation.objects.update(go_live_month=january)  # nothing of earlier months is overdue
    for moment, late, closed in (
        (datetime(2016, 2, 5, 9, tzinfo=UTC), (False, True), False),
        (datetime(2016, 2, 12, 9, tzinfo=UTC), (True, True), True),
    ):
        for seconds, overdue in zip((-1, 1), late, strict=True):
            with time_machine.travel(moment - timedelta(minutes=1), tick=False):
                client = signed_in(real_clock.clerk)
                page = opened(client, "village", EAST, january)
            with time_machine.travel(moment + timedelta(seconds=seconds), tick=False):
                text = str(moment.day * 10 + seconds)
                answer = page.send(client, "save", {JOBS: text})
                desk = client.get("/desk/?month=2016-01").content.decode()
            refused = closed and seconds > 0
            assert answer.status_code == (409 if refused else 302)
            assert ("停止填报" in answer.content.decode(), text in answer.content.decode()) == (refused, refused)
            assert (f"{Entry.objects.get().value:f}".startswith(text)) != refused
            assert ("逾期" in desk) == overdue


def test_months_before_going_live_are_never_overdue_however_late(real_clock):
    tiny, live = real_clock, months.parse("2016-06")
    Installation.objects.update(go_live_month=live)
    fill(tiny, "village", EAST, START, {(E1, "D22"): 1})
    amiss = []
    with time_machine.travel(datetime(2017, 3, 20, tzinfo=UTC), tick=False):
        client = signed_in(tiny.clerk)
        tried = range(START if number(suite=0, full=1) else live - 3, live + 2)
        for month in tried:
            late = "逾期未交" in client.get(f"/desk/?month={months.iso(month)}").content.decode()
            if late != (month >= live):
                amiss.append(months.iso(month))
    result("I4", "months before going live called overdue, or later ones not", len(tried), len(amiss))
    assert amiss == []
