"""The key of a printed figure: a path of five steps that says what it is, where, of when, and which number of it.

    A01/official/330424/2017-06/value          an indicator's reading in a place and month
    indicators/core/330424/2017-06/behind      how many indicators of a group wear a light
    tasks/all/330424/2017-07-15/late           how many works of a group stand so on a day
    T01/task/330424/2017-06/percent            one task or project, as its reports up to a month say
    slips/all/330424/2017-07-15/open           supervision slips on a day
    places/town/330424/2017-06/count           places of a level in a month
    equality/composite/330424/2017-06/value    实现度, whole or of a domain
    corrections/30.1/330424/2017-03/old        a line of a release's correction list (sequence, line)
    assessment/towns.1/330424102/2017-01..2017-06/score

Knows no models and no queries.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_STEP = re.compile(r"[^\s/]+")
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-\d{2}|\.\.\d{4}-(0[1-9]|1[0-2]))?")
_WHAT = re.compile(r"[a-z][a-z0-9_]*")
_INDICATOR = re.compile(r"[A-Z]+[0-9]+[a-z]?")
WORKS = ("task", "project")


class Subject(NamedTuple):
    """Whose numbers: what it is, in which reading or group, where and when."""

    name: str  # A01, T01, indicators, tasks, …
    group: str  # official, the code of a reading; core, all, a domain
    area: str
    period: str  # 2017-06, 2017-07-15, 2017-01..2017-06

    @property
    def is_indicator(self) -> bool:
        return bool(_INDICATOR.fullmatch(self.name)) and self.group not in WORKS


class Key(NamedTuple):
    """One number of a subject."""

    subject: Subject
    what: str  # value, target, completion, …

    def __str__(self) -> str:
        return "/".join((*self.subject, self.what))


def parse(text: str) -> Key:
    """The key as it was written; ValueError for anything else."""
    steps = text.split("/")
    if len(steps) != len(Subject._fields) + 1 or not all(_STEP.fullmatch(one) for one in steps):
        raise ValueError(f"not a key: {text!r}")
    key = Key(Subject(*steps[:-1]), steps[-1])
    if not (_PERIOD.fullmatch(key.subject.period) and _WHAT.fullmatch(key.what)):
        raise ValueError(f"not a key: {text!r}")
    return key
