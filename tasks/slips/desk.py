"""What of supervision slips (督办单) lies on a desk: to sign, to sign for, to answer, to look at, to strike off,
and later days to decide on; those due first before the others.
"""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock
from bureau.authorization import Permission, can
from bureau.models import Installation, User
from indicators import desk
from tasks.models import Extension, Slip, SlipStep
from tasks.slips import access as slip_access
from tasks.slips.moves import OPEN, Act, Colour, colour
from tasks.slips.number import number_of
from tasks.slips.page import MARKS, word

FOR_PRESSERS = (Slip.State.RAISED, Slip.State.ANSWERED, Slip.State.CONCLUDED)
# What there is to do first of all that may be done; what only may be done is no work that waits.
WAITING = (Act.DECIDE_EXTENSION, Act.ASSIGN, Act.ACCEPT, Act.ANSWER, Act.CONCLUDE, Act.STRIKE_OFF)


def group(user: User, here: Installation, month: int) -> dict | None:
    """The slips that wait for this person, whatever the month of the desk."""
    if not (can(user, Permission.SUPERVISE) or can(user, Permission.ANSWER_SLIPS)):
        return None
    today = clock.today_in(here)
    rows = [
        (colour(slip, today), _row(slip, acts[0], colour(slip, today), word(slip, today)))
        for slip in _within_reach(here.county_id, slip_access.Reach.of(user))
        if (acts := waiting(user, slip))
    ]
    shades = {shade for shade, _row in rows}
    return {
        "id": "slips",
        "title": _("要办的督办单"),
        "rows": [row for _shade, row in rows],
        "todo": True,
        "light": next((MARKS[shade] for shade in (Colour.RED, Colour.YELLOW) if shade in shades), MARKS[Colour.BLUE]),
        "forms": False,
    }


def waiting(user: User, slip: Slip) -> list[Act]:
    """What of the slip waits for this person, in order."""
    asked = next(iter(slip.extensions.all()), None)
    may = slip_access.doings(user, slip, asked)
    return [act for act in WAITING if act in may]


def _within_reach(county: int, reach: slip_access.Reach) -> QuerySet[Slip]:
    """Open slips that can wait for somebody of this reach, by the day they are due."""
    asked = Extension.objects.filter(state=Extension.State.ASKED)
    answers = SlipStep.objects.filter(act=Act.ANSWER)
    found = Slip.objects.filter(county=county, state__in=OPEN).order_by("due_on", "pk")
    found = found.prefetch_related(Prefetch("extensions", asked), Prefetch("steps", answers))
    if reach.presses.everywhere:
        return found.filter(Q(state__in=FOR_PRESSERS) | Q(pk__in=asked.values("slip")))
    sections = reach.presses.sections | reach.answers.sections
    return found.filter(Q(section__in=sections) | Q(town__in=reach.answers.areas))


def _row(slip: Slip, act: Act, shade: Colour, words: str) -> dict:
    return {
        "form": f"{number_of(slip)} {slip.subject}",
        "light": MARKS[shade],
        "state_word": words,
        "note": _("时限 %(d)s") % {"d": slip.due_on.isoformat()},
        "url": reverse("slip", args=[slip.pk]),
        "action": str(act.label),
        "primary": True,
    }


def register() -> None:
    """Called once, when the app is ready."""
    desk.register("slips", group)
