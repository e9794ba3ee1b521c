"""What of supervision slips (督办单) is told by mail (催办): to the people of the unit that answers for one, while it
waits to be signed for, is sent back, near its time limit (yellow) or past it (red); see indicators/reminders.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from bureau import clock
from bureau.models import Installation, User
from indicators import reminders
from indicators.reminders import Line
from tasks.models import Slip
from tasks.slips.access import Reach
from tasks.slips.moves import RUNNING, Colour, colour
from tasks.slips.number import number_of
from tasks.slips.page import word

State = Slip.State
AT_ONCE = (State.ASSIGNED, State.RETURNED)  # something is to be done, whatever time is left


def lines(here: Installation, everybody: Sequence[User]) -> Mapping[int, Sequence[Line]]:
    """User id → a line for each slip that presses on him; one query."""
    today = clock.today_in(here)
    running = Slip.objects.filter(county=here.county_id, state__in=RUNNING).order_by("due_on", "pk")
    pressing = [one for one in running if one.state in AT_ONCE or colour(one, today) in (Colour.YELLOW, Colour.RED)]
    told = [(one, Line(_said(one, word(one, today)), one.section_id)) for one in pressing]
    found: dict[int, list[Line]] = {}
    for user in everybody if told else ():
        reach = Reach.of(user)
        mine = [line for one, line in told if reach.answered(one.section_id, one.town_id)]
        if mine:
            found[user.pk] = mine
    return found


def _said(slip: Slip, left: str) -> str:
    what = {
        State.ASSIGNED: _("请签收"), State.RETURNED: _("退回重办，请再反馈"), State.ACCEPTED: _("请反馈办理情况"),
    }  # fmt: skip
    return _("督办 %(n)s %(what)s：%(do)s；时限 %(d)s，%(left)s") % {
        "n": number_of(slip),
        "what": slip.subject.rstrip("。"),
        "do": what[State(slip.state)],
        "d": slip.due_on.isoformat(),
        "left": left,
    }


def register() -> None:
    """Called once, when the app is ready."""
    reminders.register("slips", lines)
