"""The only writers of what a meeting decided (议定事项): decide, change, close, reopen. Nothing is ever deleted.

Each is one transaction that locks the county first and writes its audit record; who may call is Permission.DECIDE.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from bureau import audit, clock, months
from bureau.installation import county, lock_county, raise_data_version
from bureau.models import Area, Section, User
from indicators.models import Clause, Indicator
from tasks.models import Decision, Project, Task
from tasks.rules import FEWEST_LETTERS, Conflict, Refused, reason_of

State = Decision.State
SHOWN = ("section", "town", "indicator", "clause", "task", "project", "by")


class Wanted(NamedTuple):
    """What a decision says: what, by whom, by when, and what it rests on."""

    text: str
    owner: Section | Area
    due_on: date
    reason: str = ""
    indicator: Indicator | None = None
    clause: Clause | None = None
    work: Task | Project | None = None


@transaction.atomic
def decide(month: int, wanted: Wanted, *, by: User) -> Decision:
    """Enter a decision on the figures of `month` under the next number of the year; Refused where it stands already."""
    here = county()
    lock_county(here.pk)
    today = clock.today()
    _must_make_sense(wanted, today)
    decision = Decision(county=here, year=today.year, month=month, decided_on=today, by=by, at=clock.now())
    _write(decision, wanted)
    same = Decision.objects.filter(
        month=month, text=decision.text, section=decision.section, town=decision.town, due_on=decision.due_on
    ).first()
    if same is not None:
        raise Refused(_("这件事已经登记为 %(n)s，没有重复登记。") % {"n": number_of(same)})
    last = Decision.objects.filter(county=here, year=today.year).aggregate(last=Max("number"))["last"]
    decision.number = (last or 0) + 1
    decision.save()
    audit.record("decision.decide", by=by, object=number_of(decision), detail=_told(decision))
    raise_data_version(here.pk)
    return decision


@transaction.atomic
def change(decision: Decision, wanted: Wanted, *, by: User, why: str, seen: int) -> Decision:
    """Put an open decision otherwise, with the reason for it; `seen` is the version the writer saw."""
    decision = _locked(decision, seen)
    if decision.state != State.OPEN:
        raise Refused(_("已办结的事项不能更改；要更改，先撤销办结。"))
    why, before = reason_of(why), _told(decision)
    _must_make_sense(wanted, decision.decided_on)
    _write(decision, wanted)
    after = _told(decision)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        raise Refused(_("没有改动，没有保存。"))
    return _saved(decision, "decision.change", by, why, changed)


@transaction.atomic
def close(decision: Decision, *, on: date, note: str, by: User, seen: int) -> Decision:
    """Enter an open decision as done on a day, with what was done."""
    decision = _locked(decision, seen)
    if decision.state != State.OPEN:
        raise Refused(_("这件事已经办结。"))
    if not decision.decided_on <= on <= clock.today():
        raise Refused(_("办结日期须在议定日期（%(d)s）和今天之间。") % {"d": decision.decided_on.isoformat()})
    note = note.strip()
    if len(note) < FEWEST_LETTERS:
        raise Refused(_("请写明办结情况，至少 5 个字。"))
    decision.state, decision.done_on, decision.done_note = State.DONE, on, note
    return _saved(decision, "decision.close", by, "", {"done_on": on.isoformat(), "note": note})


@transaction.atomic
def reopen(decision: Decision, *, why: str, by: User, seen: int) -> Decision:
    """Enter a decision as not done after all; what was said of it stays in the record."""
    decision = _locked(decision, seen)
    if decision.state != State.DONE:
        raise Refused(_("这件事还没有办结。"))
    told = {"done_on": [_day(decision.done_on), ""], "note": [decision.done_note, ""]}
    decision.state, decision.done_on, decision.done_note = State.OPEN, None, ""
    return _saved(decision, "decision.reopen", by, reason_of(why), told)


def number_of(decision: Decision) -> str:
    """'2017-3', as meetings and records call it."""
    return f"{decision.year}-{decision.number}"


def overdue(decision: Decision, today: date) -> bool:
    return decision.state == State.OPEN and decision.due_on < today


def all_decisions(county: int) -> QuerySet[Decision]:
    """With all that pages print of them, newest first."""
    return Decision.objects.filter(county=county).select_related(*SHOWN)


def _must_make_sense(wanted: Wanted, decided_on: date) -> None:
    if len(wanted.text.strip()) < FEWEST_LETTERS:
        raise Refused(_("请写明议定事项，至少 5 个字。"))
    if wanted.due_on < decided_on:
        raise Refused(_("办结期限不能早于议定日期（%(d)s）。") % {"d": decided_on.isoformat()})


def _write(decision: Decision, wanted: Wanted) -> None:
    decision.text, decision.reason, decision.due_on = wanted.text.strip(), wanted.reason.strip(), wanted.due_on
    decision.section = wanted.owner if isinstance(wanted.owner, Section) else None
    decision.town = wanted.owner if isinstance(wanted.owner, Area) else None
    decision.indicator, decision.clause = wanted.indicator, wanted.clause
    decision.task = wanted.work if isinstance(wanted.work, Task) else None
    decision.project = wanted.work if isinstance(wanted.work, Project) else None


def _locked(decision: Decision, seen: int) -> Decision:
    lock_county(county().pk)
    fresh = all_decisions(decision.county_id).get(pk=decision.pk)
    if fresh.version != seen:
        raise Conflict(_("这条议定事项已被他人修改，没有保存。"))
    return fresh


def _saved(decision: Decision, act: str, by: User, reason: str, detail: dict) -> Decision:
    decision.version += 1
    decision.save()
    audit.record(act, by=by, object=number_of(decision), reason=reason, detail=detail)
    raise_data_version(decision.county_id)
    return decision


def _told(decision: Decision) -> dict[str, str]:
    return {
        "month": months.iso(decision.month),
        "text": decision.text,
        "reason": decision.reason,
        "owner": decision.owner.code,
        "due_on": decision.due_on.isoformat(),
        "indicator": decision.indicator.code if decision.indicator else "",
        "clause": decision.clause.number if decision.clause else "",
        "work": decision.work.code if decision.work else "",
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
