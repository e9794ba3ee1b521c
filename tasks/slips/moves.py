"""What may be done with a supervision slip (督办单) in which state, and what colour it wears; no queries.

Colours by catalogue 7.4 (blue: before or at the first reminder; yellow: behind; red: overdue), with a share of the time
and no count of days, because a leader's word is due in five days and a paper in thirty: blue while more than a third of
the days from assigning to the time limit is left, yellow from then on, red after the time limit, grey once closed. The
time stands still while an answer is looked at: what was answered in time does not turn red because nobody read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tasks.models import Slip

State = Slip.State


class Act(TextChoices):
    """What people do with a slip once it is raised; also the `act` of its steps."""

    ASSIGN = "assign", _("交办")
    DROP = "drop", _("不予督办")
    CHANGE = "change", _("更改")
    ACCEPT = "accept", _("签收")
    ANSWER = "answer", _("反馈")
    SEND_BACK = "send_back", _("退回重办")
    CONCLUDE = "conclude", _("审结")
    STRIKE_OFF = "strike_off", _("销号")
    REOPEN = "reopen", _("撤销销号")
    ASK_EXTENSION = "ask_extension", _("申请延期")
    DECIDE_EXTENSION = "decide_extension", _("批复延期")
    WITHDRAW_EXTENSION = "withdraw_extension", _("撤回延期申请")


_EXTENDING = (Act.ASK_EXTENSION, Act.DECIDE_EXTENSION, Act.WITHDRAW_EXTENSION)


def _running(state: State, moves: Mapping[Act, State]) -> dict[Act, State]:
    """A state in which the time runs: a later day may be asked for, which leads to no other state."""
    return {**moves, **dict.fromkeys(_EXTENDING, state)}


MOVES: Mapping[State, Mapping[Act, State]] = {
    State.RAISED: {Act.ASSIGN: State.ASSIGNED, Act.CHANGE: State.RAISED, Act.DROP: State.DROPPED},
    State.ASSIGNED: _running(State.ASSIGNED, {Act.ACCEPT: State.ACCEPTED, Act.CHANGE: State.ASSIGNED}),
    State.ACCEPTED: _running(State.ACCEPTED, {Act.ANSWER: State.ANSWERED}),
    State.ANSWERED: {Act.SEND_BACK: State.RETURNED, Act.CONCLUDE: State.CONCLUDED},
    State.RETURNED: _running(State.RETURNED, {Act.ANSWER: State.ANSWERED}),
    State.CONCLUDED: {Act.SEND_BACK: State.RETURNED, Act.STRIKE_OFF: State.STRUCK_OFF},
    State.STRUCK_OFF: {Act.REOPEN: State.CONCLUDED},
    State.DROPPED: {},
}
RUNNING = tuple(state for state, moves in MOVES.items() if Act.ASK_EXTENSION in moves)
CLOSED = (State.STRUCK_OFF, State.DROPPED)
OPEN = tuple(state for state in MOVES if state not in CLOSED)


class Colour(StrEnum):
    """How much time is left (督办颜色)."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Timed(Protocol):
    """A slip, or as much of one as its colour needs."""

    state: str
    due_on: date
    assigned_on: date | None
    answered_on: date | None


def days_left(slip: Timed, today: date) -> int:
    """Days to the time limit, negative after it; of a slip that is answered, as on the day of the answer."""
    stands_still = slip.state in (State.ANSWERED, State.CONCLUDED, State.STRUCK_OFF)
    return (slip.due_on - (slip.answered_on if stands_still and slip.answered_on else today)).days


def colour(slip: Timed, today: date) -> Colour:
    """Its colour on a day; see above. A slip that is raised and not assigned has all its time."""
    if slip.state in CLOSED:
        return Colour.GREY
    if slip.assigned_on is None:
        return Colour.BLUE
    left = days_left(slip, today)
    if left < 0:
        return Colour.RED
    return Colour.YELLOW if left * 3 <= (slip.due_on - slip.assigned_on).days else Colour.BLUE
