"""What became of decisions (议定事项): the slips (督办单) raised of them with their state, how many are done and late,
the task each is carried out within, and which may be closed since all that is done; closing stays a person's act.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import localized
from bureau.models import User
from tasks import decision_page, queries
from tasks.models import Decision, Slip
from tasks.slips.access import INTERNAL, Reach
from tasks.slips.moves import CLOSED, RUNNING, Colour, colour
from tasks.slips.number import number_of
from tasks.slips.page import MARKS, word

State = Slip.State
NOTE = Decision._meta.get_field("done_note").max_length or 0
Slips = Mapping[int, Sequence[Slip]]


def read(found: Iterable[Decision]) -> Slips:
    """Decision id → its slips but those dropped, as they were raised; two queries, one where there is none."""
    slips = Slip.objects.filter(decision__in=[one.pk for one in found]).exclude(state=State.DROPPED)
    by_decision: dict[int, list[Slip]] = defaultdict(list)
    for slip in slips.prefetch_related("supporting").order_by("pk"):
        by_decision[slip.decision_id or 0].append(slip)
    return by_decision


def lines(found: Iterable[Decision], slips: Slips, today: date, names: Mapping[int, str], user: User) -> list[dict]:
    """Decisions as lists show them, each with what this reader may know of its slips."""
    return [
        decision_page.line(one, today, names)
        | {
            "slips": told(slips.get(one.pk, ()), today, user),
            "work": work_of(one, today),
            "closable": closable(one, slips.get(one.pk, ())),
        }
        for one in found
    ]


def told(found: Sequence[Slip], today: date, user: User) -> list[dict]:
    """Number and link to those who see a slip; to others its state once it is assigned."""
    if not found:
        return []
    reach, shown = Reach.of(user), []
    for slip in found:
        sees = reach.sees(slip.state, slip.section_id, slip.town_id, [one.pk for one in slip.supporting.all()])
        if sees or slip.state not in INTERNAL:
            shown.append(
                {
                    "number": number_of(slip) if sees else _("督办"),
                    "url": reverse("slip", args=[slip.pk]) if sees else "",
                    "mark": MARKS[colour(slip, today)],
                    "word": _standing(slip, today),
                }
            )
    return shown


def _standing(slip: Slip, today: date) -> str:
    """'退回重办，剩 6 天': what is being done, where the word for the time left does not say it."""
    left = word(slip, today)
    return (
        _("%(state)s，%(left)s") % {"state": slip.get_state_display(), "left": left} if slip.state in RUNNING else left
    )


def closable(decision: Decision, found: Sequence[Slip]) -> bool:
    """Is all that an open decision became done: its slips struck off, its task completed?"""
    became = [one.state == State.STRUCK_OFF for one in found]
    if decision.work:
        became.append(decision.work.completed_on is not None)
    return decision.state == Decision.State.OPEN and bool(became) and all(became)


def closing_of(decision: Decision, found: Sequence[Slip]) -> dict[str, object]:
    """What the form of closing opens with, where slips and task tell it: the day of the last, and what was found."""
    if not closable(decision, found):
        return {}
    days = [one.struck_off_on for one in found if one.struck_off_on]
    notes = [f"{number_of(one)}：{one.verdict}" for one in found]
    work = decision.work
    if work and work.completed_on:
        days.append(work.completed_on)
        notes.append(_("%(c)s 已于 %(d)s 完成") % {"c": work.code, "d": work.completed_on.isoformat()})
    return {"on": max(*days, decision.decided_on), "note": _("；").join(notes)[:NOTE]}


def work_of(decision: Decision, today: date) -> dict | None:
    """The task or project a decision is carried out within, and where that stands; None where it names none."""
    work = decision.work
    if work is None:
        return None
    row = {"state": work.state, "starts_on": work.starts_on, "due_on": work.due_on, "percent": work.percent}
    light, said = queries.status(row, today)
    url = reverse("task", args=[work.code])
    return {"name": f"{work.code} {localized(work)}", "url": url, "mark": int(light), "word": said}


def summary(slips: Slips, today: date) -> str:
    """'督办 3 件：办结 1 件，在办 2 件，其中超期 1 件', of those assigned; empty where there are none."""
    every = [one for found in slips.values() for one in found if one.state not in INTERNAL]
    if not every:
        return ""
    late = sum(colour(one, today) == Colour.RED for one in every)
    done = sum(one.state in CLOSED for one in every)
    words = {"n": len(every), "d": done, "o": len(every) - done, "l": late}
    if late:
        return _("督办 %(n)d 件：办结 %(d)d 件，在办 %(o)d 件，其中超期 %(l)d 件") % words
    return _("督办 %(n)d 件：办结 %(d)d 件，在办 %(o)d 件") % words
