"""Where a permission reaches on supervision slips (督办单): who sees one, and what he may do with it now.

The leading group and the office press everybody, a reviewer (科室审核人) only his own section, and only the former
strike off. The people of the unit that answers for a slip sign for it and answer it; they and those of supporting units
see it from the day it is assigned. Before, and where it was dropped, it is the affair of those who press.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import Http404

from bureau.authorization import Permission, Scope, scope
from bureau.models import Section, User
from tasks.models import Extension, Slip
from tasks.slips import supervision
from tasks.slips.moves import MOVES, Act

State = Slip.State
INTERNAL = (State.RAISED, State.DROPPED)
OF_OWNER = frozenset({Act.ACCEPT, Act.ANSWER, Act.ASK_EXTENSION, Act.WITHDRAW_EXTENSION})
OF_COUNTY = frozenset({Act.STRIKE_OFF, Act.REOPEN})
WORKING = (Permission.SUPERVISE, Permission.ANSWER_SLIPS, Permission.READ_REPORTS)
BY_ANOTHER = frozenset({Act.SEND_BACK, Act.CONCLUDE})  # than who answered


@dataclass(frozen=True)
class Reach:
    """Where a person presses (SUPERVISE), answers (ANSWER_SLIPS) and works (who reads reports there: his unit)."""

    presses: Scope
    answers: Scope
    works: Scope

    @classmethod
    def of(cls, user: User) -> Reach:
        return cls(*(scope(user, one) for one in WORKING))

    def pressed(self, section: int | None) -> bool:
        """May he press what this section answers for? A town's slip (no section) only who presses everywhere."""
        return self.presses.everywhere or section in self.presses.sections

    def answered(self, section: int | None, town: int | None) -> bool:
        return section in self.answers.sections or town in self.answers.areas

    def sees(self, state: str, section: int | None, town: int | None, supporting: Collection[int]) -> bool:
        if self.pressed(section):
            return True
        mine = section in self.works.sections or town in self.works.areas or self.works.sections & set(supporting)
        return bool(mine) and state not in INTERNAL


def owners(user: User, sections: Collection[Section]) -> list[Section]:
    """Of these sections those he may press."""
    reach = Reach.of(user)
    return [one for one in sections if reach.pressed(one.pk)]


def slip_or_404(user: User, county: int, pk: int) -> Slip:
    """The slip, where this person sees it."""
    slip = supervision.all_slips(county).filter(pk=pk).first()
    if slip is None or not sees(user, slip):
        raise Http404
    return slip


def sees(user: User, slip: Slip) -> bool:
    supporting = [one.pk for one in slip.supporting.all()]
    return Reach.of(user).sees(slip.state, slip.section_id, slip.town_id, supporting)


def may_attach(user: User, slip: Slip) -> bool:
    """Files beside it: who presses it and who answers it; supporting units only read them."""
    reach = Reach.of(user)
    return sees(user, slip) and (reach.pressed(slip.section_id) or reach.answered(slip.section_id, slip.town_id))


def allowed(user: User, slip: Slip) -> frozenset[Act]:
    """What this person may do with the slip, in any state; nobody looks at his own answer."""
    reach, found = Reach.of(user), set()
    if reach.answered(slip.section_id, slip.town_id):
        found |= OF_OWNER
    if reach.pressed(slip.section_id):
        found |= set(Act) - OF_OWNER - OF_COUNTY
        if slip.state == State.CONCLUDED and not reach.presses.everywhere:
            found -= {Act.SEND_BACK}  # what a section concluded, only those above it reject
    if reach.presses.everywhere:
        found |= OF_COUNTY
    if found & BY_ANOTHER and supervision.answered_by(slip, user):
        found -= BY_ANOTHER
    return frozenset(found)


def doings(user: User, slip: Slip, asked: Extension | None) -> frozenset[Act]:
    """What this person may do with the slip now; `asked` is the later day that waits for a decision."""
    found = allowed(user, slip) & set(MOVES[State(slip.state)])
    if asked is None:
        return found - {Act.DECIDE_EXTENSION, Act.WITHDRAW_EXTENSION}
    found -= {Act.ASK_EXTENSION}
    return found - {Act.DECIDE_EXTENSION} if asked.asked_by_id == user.pk else found
