"""What pages show of decisions (议定事项): lines with state and owner, finished text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import localized
from bureau.places import Tree
from indicators.analysis.kinds import Light
from tasks.decisions import number_of, overdue
from tasks.models import Decision

State = Decision.State


def town_names(found: Iterable[Decision], county: int) -> dict[int, str]:
    """What the towns that answer for decisions are called; no query where none does."""
    towns = {one.town_id for one in found if one.town_id}
    if not towns:
        return {}
    tree = Tree(county)
    return {town: place.label for town in towns if (place := tree.last_of(tree.codes[town]))}


def state_of(decision: Decision, today: date) -> tuple[Light, str]:
    """Its mark and word: done, done late, overdue by days, or days left."""
    days = ((decision.done_on or today) - decision.due_on).days
    if decision.state == State.DONE:
        return Light.REACHED, _("已办结（晚 %(n)d 天）") % {"n": days} if days > 0 else _("已办结")
    if overdue(decision, today):
        return Light.FAR_BEHIND, _("逾期 %(n)d 天") % {"n": days}
    return Light.ON_COURSE, _("还有 %(n)d 天") % {"n": -days} if days else _("今天到期")


def line(decision: Decision, today: date, names: Mapping[int, str]) -> dict:
    """One decision of a list."""
    light, word = state_of(decision, today)
    return {
        "number": number_of(decision),
        "url": reverse("decision", args=[decision.pk]),
        "month": months.label(decision.month),
        "text": decision.text,
        "reason": decision.reason,
        "owner": localized(decision.section) if decision.section else names.get(decision.town_id or 0, ""),
        "decided_on": decision.decided_on.isoformat(),
        "due_on": decision.due_on.isoformat(),
        "light": int(light),
        "word": word,
        "done_on": decision.done_on.isoformat() if decision.done_on else "",
        "done_note": decision.done_note,
        "indicator": decision.indicator.code if decision.indicator else "",
        "indicator_url": reverse("indicator", args=[decision.indicator.code]) if decision.indicator else "",
        "clause": decision.clause.number if decision.clause else "",
        "clause_url": reverse("clause", args=[decision.clause.number]) if decision.clause else "",
        "work_code": decision.work.code if decision.work else "",
        "by": str(decision.by),
    }


def in_order(found: Iterable[Decision], today: date) -> list[Decision]:
    """Overdue first, then by the day they are due, those done last."""
    return sorted(found, key=lambda one: (one.state == State.DONE, one.due_on, one.year, one.number))


def summary(found: Iterable[Decision], today: date) -> str:
    """'4 项：办结 1 项，未办结 3 项，其中逾期 2 项'."""
    every = list(found)
    done = sum(one.state == State.DONE for one in every)
    late = sum(overdue(one, today) for one in every)
    words = {"n": len(every), "d": done, "o": len(every) - done, "l": late}
    if late:
        return _("%(n)d 项：办结 %(d)d 项，未办结 %(o)d 项，其中逾期 %(l)d 项") % words
    return _("%(n)d 项：办结 %(d)d 项，未办结 %(o)d 项") % words
