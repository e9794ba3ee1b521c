"""The demonstration's assessments (考核): the last two half-years frozen, the year as far as it is as a draft.

The office drafts when a half-year's last month is released, the leading group freezes it the same day.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from bureau import months
from bureau.models import Area, Section, User
from reports.demonstration.people import People
from tasks.assessment import writing
from tasks.models import Assessment, Scheme

DECEMBER, JUNE = months.make(2016, 12), months.make(2017, 6)
LEADER = "lingdao"
SECTIONS, TOWNS = "sections", "towns"


class Given(NamedTuple):
    """Points by hand: whose, how many, why."""

    owner: str
    points: str
    reason: str


FROZEN: dict[int, tuple[tuple[str, tuple[Given, ...]], ...]] = {
    DECEMBER: ((SECTIONS, ()), (TOWNS, ())),
    JUNE: (
        (SECTIONS, (Given("jyj", "1", "创业培训做法在全市会议上作交流发言。"),)),
        (
            TOWNS,
            (
                Given("330424001", "1.5", "承办全县基层平台规范化现场会。"),
                Given("330424102", "-1", "3月城镇新就业重复计入20人，事后更正。"),
            ),
        ),
    ),
}


def assess(month: int, people: People) -> None:
    """What was assessed on a month's release; of most months nothing."""
    for code, given in FROZEN.get(month, ()):
        found = _drafted(code, month - 5, month, given, people.office)
        writing.freeze(found, by=User.objects.get(username=LEADER))


def draft(people: People) -> None:
    """The year as far as it is, by both schemes; still open."""
    for code in (SECTIONS, TOWNS):
        _drafted(code, months.make(2017, 1), months.make(2017, 12), (), people.office)


def _drafted(code: str, first: int, last: int, given: tuple[Given, ...], office: User) -> Assessment:
    found = writing.begin(Scheme.objects.get(code=code), first, last, by=office)
    for one in given:
        model = Section if code == SECTIONS else Area
        writing.give(found, model.objects.get(code=one.owner), Decimal(one.points), one.reason, by=office)
    return found
