"""The calendar file, read back by a reader of this test's own (RFC 5545) and by a kept parser."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bureau.ical import Event, write_calendar

NOW = datetime(2017, 8, 9, 1, 2, 3, tzinfo=UTC)
ESCAPED = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=120)


def unescaped(text: str) -> str:
    out, letters = "", iter(text)
    for letter in letters:
        out += ESCAPED[next(letters)] if letter == "\\" else letter
    return out


def read(content: bytes) -> list[dict[str, str]]:
    """The events of a calendar, by property; parameters stay with the name."""
    assert content.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in content[:-2].split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("END",):
            assert name not in events[-1]
            events[-1][name] = unescaped(value)
    return events


def test_a_whole_day_ends_on_the_morning_after():
    event = Event("node-T01-1@x", date(2016, 12, 31), "T01 节点", "责任科室：就业局\n进度 40%", "就业局")
    assert read(write_calendar("时间表", [event], NOW)) == [
        {
            "UID": "node-T01-1@x",
            "DTSTAMP": "20170809T010203Z",
            "DTSTART;VALUE=DATE": "20161231",
            "DTEND;VALUE=DATE": "20170101",
            "SUMMARY": "T01 节点",
            "DESCRIPTION": "责任科室：就业局\n进度 40%",
            "CATEGORIES": "就业局",
            "TRANSP": "TRANSPARENT",
        }
    ]


def test_several_days_and_no_description():
    (found,) = read(write_calendar("", [Event("p@x", date(2017, 7, 1), "阶段", last=date(2017, 12, 31))], NOW))
    assert found["DTEND;VALUE=DATE"] == "20180101"
    assert "DESCRIPTION" not in found


def test_an_empty_calendar_is_one():
    assert read(write_calendar("时间表", [], NOW)) == []


@given(summary=WORDS, description=WORDS)
def test_any_text_comes_back_as_it_was(summary, description):
    (found,) = read(write_calendar("名", [Event("a@x", date(2017, 1, 1), summary, description)], NOW))
    assert found["SUMMARY"] == summary
    assert found.get("DESCRIPTION", "") == description


def test_controls_cannot_begin_a_line_of_their_own():
    (found,) = read(write_calendar("名", [Event("a@x", date(2017, 1, 1), "a\r\nATTACH:http://x\x00\x0b")], NOW))
    assert found["SUMMARY"] == "a\nATTACH:http://x"


def test_a_kept_parser_reads_days_names_and_words():
    event = Event("node-T01-1@x", date(2016, 12, 31), "T01 节点；验收", "责任科室：就业局\n进度 40%, 逾期", "就业局")
    read_back = Calendar.from_ical(write_calendar("时间表", [event], NOW))
    (found,) = read_back.walk("VEVENT")
    assert (read_back["X-WR-CALNAME"], found["UID"]) == ("时间表", "node-T01-1@x")
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2016, 12, 31), date(2017, 1, 1))
    assert (found["SUMMARY"], found["DESCRIPTION"]) == ("T01 节点；验收", "责任科室：就业局\n进度 40%, 逾期")
    assert found["DTSTAMP"].dt == NOW
