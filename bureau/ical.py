"""Writes calendar files (iCalendar, RFC 5545) of whole days: escaped, folded by octets, events under lasting names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bureau.exports import xml_text

WIDTH = 75  # octets of a line, its break not counted
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
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{MAKER}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        end = (event.last or event.day) + timedelta(1)  # the day after, as the format counts
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(event.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{end:%Y%m%d}",
            f"SUMMARY:{_text(event.summary)}",
        ]
        lines += [f"DESCRIPTION:{_text(event.description)}"] if event.description else []
        lines += [f"CATEGORIES:{_text(event.category)}"] if event.category else []
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _text(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks escaped, other controls left out."""
    plain = xml_text(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, never within a letter; each further one begins with a blank."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > WIDTH:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
