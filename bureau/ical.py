"""Writes calendar files (iCalendar, RFC 5545) of whole days, under lasting names; the library escapes and folds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from bureau.exports import xml_text

MAKER = "-//Haiyan pilot tracker//timetable//ZH"


@dataclass(frozen=True)
class Event:
    """One whole day, or several up to and with `last`; `uid` stays the same whenever the event is written again."""

    uid: str
    day: date
    summary: str
    description: str = ""
    category: str = ""
    last: date | None = None


def write_calendar(name: str, events: Iterable[Event], now: datetime) -> bytes:
    """The file: every line ends with CRLF; times in UTC."""
    calendar = Calendar()
    for key, value in (("version", "2.0"), ("prodid", MAKER), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        calendar.add(key, value)
    calendar.add("name", xml_text(name))
    calendar.add("x-wr-calname", xml_text(name))
    for event in events:
        entry = Entry()
        entry.add("uid", event.uid)
        entry.add("dtstamp", now.astimezone(UTC))
        entry.add("dtstart", event.day)
        entry.add("dtend", (event.last or event.day) + timedelta(1))  # the day after, as the format counts
        entry.add("summary", xml_text(event.summary))
        if event.description:
            entry.add("description", xml_text(event.description))
        if event.category:
            entry.add("categories", [event.category])
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return calendar.to_ical()
