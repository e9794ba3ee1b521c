"""Which parts of a report people write, in the order of print: fixtures/reports.yaml, domains, core indicators."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from bureau.language import english
from indicators.plandata import FIXTURES
from indicators.plandata.files import read_one
from indicators.plandata.reports import ReportOutlines, ReportPart

OFFICE = "bgs"
NAME = "reports.yaml"


class Subject(NamedTuple):
    """What parts are written about one by one: a domain (主要任务) or a core indicator, and its section's code."""

    code: str
    name: str
    section: str = ""


class Part(NamedTuple):
    """One part: its key ('cause/A01'), what it is called, who writes it unless the office says otherwise."""

    key: str
    label: str
    section: str
    required: bool
    hint: str
    clause: str
    about: str = ""  # of one domain or indicator: which, in words

    @property
    def title(self) -> str:
        """'A01 城镇新增就业人数：原因', as lists and messages call it."""
        between = ": " if english() else "："
        return f"{self.about}{between}{self.label}" if self.about else self.label


def parts(kind: str, *, domains: Iterable[Subject] = (), indicators: Iterable[Subject] = ()) -> list[Part]:
    """The parts of a kind of report in their order; cause and next step of an indicator stand together."""
    found: list[Part] = []
    domains, indicators, done = list(domains), list(indicators), False
    every = _outline(kind)
    for part in every:
        if part.each == "one":
            found.append(_part(part, section=part.section or OFFICE))
        elif part.each == "domain":
            found += [_part(part, one, section=part.sections[one.code]) for one in domains if one.code in part.sections]
        elif not done:
            done = True
            of_each = [one for one in every if one.each == "core"]
            found += [_part(one, about, section=about.section) for about in indicators for one in of_each]
    return found


def short(kind: str, key: str) -> str:
    """'A01 原因': what a part is called by its key alone; the key where the outline has no such part any more."""
    part, about = _of(kind, key), key.partition("/")[2]
    if part is None:
        return key
    label = part.label_en if english() else part.label
    return f"{about} {label}" if about else label


def required(kind: str, key: str) -> bool:
    """Must a part with this key be written before the report is submitted?"""
    part = _of(kind, key)
    return part is not None and part.required


def _of(kind: str, key: str) -> ReportPart | None:
    return next((one for one in _outline(kind) if one.key == key.partition("/")[0]), None)


def _part(part: ReportPart, about: Subject | None = None, *, section: str) -> Part:
    label, hint = (part.label_en, part.hint_en) if english() else (part.label, part.hint)
    key = f"{part.key}/{about.code}" if about else part.key
    return Part(key, label, section, part.required, hint, part.clause, f"{about.code} {about.name}" if about else "")


def _outline(kind: str) -> tuple[ReportPart, ...]:
    return next(one.parts for one in _read().reports if one.kind == kind)


@cache
def _read() -> ReportOutlines:
    return read_one(FIXTURES / NAME, ReportOutlines, NAME)
