"""Open supervision slips (在办督办) as pages about something else show them: overview, sections, towns, tasks, clauses.

How many there are in which colour is told to every reader; which they are, only to those who see them (access.py).
One that is raised and not assigned is nobody's yet: it is not counted, and stands in the list of those who press only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.authorization import can
from bureau.models import User
from indicators import area_parts
from tasks.models import Slip
from tasks.slips.access import INTERNAL, WORKING, Reach
from tasks.slips.moves import OPEN, Colour, Timed, colour
from tasks.slips.number import number_of
from tasks.slips.page import MARKS, colour_words, word

PRESSING = (Colour.RED, Colour.YELLOW, Colour.BLUE)
ORDER = (*PRESSING, Colour.GREY)
ASSIGNED = tuple(state for state in OPEN if state not in INTERNAL)
SHOWN = 10  # the most pressing; the list of slips has all


def counted(found: Collection[Timed], user: User, today: date) -> dict | None:
    """How many of these open slips wear which colour; None where there is none."""
    return _counts(found, user, today) if found else None


def of_section(section: int, user: User, today: date) -> dict | None:
    """Those the section answers for: counts, and the most pressing this reader sees; one query."""
    return _listed(Slip.objects.filter(section=section, state__in=OPEN), user, today)


def of_town(town: int, user: User, today: date) -> dict | None:
    return _listed(Slip.objects.filter(town=town, state__in=OPEN), user, today)


def of_work(user: User, today: date, **work: object) -> dict | None:
    """Those on a task or a project (`task=` or `project=`), with those that are closed."""
    return _listed(Slip.objects.filter(**work).exclude(state=Slip.State.DROPPED), user, today)


def _listed(found: QuerySet[Slip], user: User, today: date) -> dict | None:
    reach, seen, counted = Reach.of(user), [], []
    supports = Slip.supporting.through.objects.filter(slip=OuterRef("pk"), section__in=reach.works.sections)
    for one in found.annotate(supported=Subquery(supports.values("section")[:1])).order_by("due_on", "pk"):
        if one.state not in INTERNAL:
            counted.append(one)
        if reach.sees(one.state, one.section_id, one.town_id, [one.supported]):
            seen.append(one)
    if not (counted or seen):
        return None
    seen.sort(key=lambda one: ORDER.index(colour(one, today)))
    return _counts(counted, user, today) | {"lines": [_line(one, today) for one in seen[:SHOWN]]}


def _counts(found: Iterable[Timed], user: User, today: date) -> dict:
    """'督办在办 5 件', and how many of each colour, the most pressing first."""
    by_colour = Counter(colour(one, today) for one in found)
    words = colour_words()
    return {
        "text": _("督办在办 %(n)d 件") % {"n": by_colour.total() - by_colour[Colour.GREY]},
        "tallies": [
            {"mark": MARKS[shade], "word": f"{words[shade]} {by_colour[shade]}"}
            for shade in PRESSING
            if by_colour[shade]
        ],
        "url": reverse("slip_list") if any(can(user, one) for one in WORKING) else "",
        "lines": [],
    }


def _line(slip: Slip, today: date) -> dict:
    return {
        "number": number_of(slip),
        "subject": slip.subject,
        "url": reverse("slip", args=[slip.pk]),
        "due_on": slip.due_on.isoformat(),
        "mark": MARKS[colour(slip, today)],
        "word": word(slip, today),
    }


def clauses_of_open(county: int) -> list[tuple[set[str], int | None]]:
    """Of each slip under way the clauses its work and decision rest on, and the indicator it is about; one query."""
    names = ("task__clause__number", "project__clause__number", "decision__clause__number")
    rows = Slip.objects.filter(county=county, state__in=ASSIGNED).values_list(*names, "indicator_id")
    return [({number for number in numbers if number}, indicator) for *numbers, indicator in rows]


def on_town_page(user: User, town: int, today: date) -> dict | None:
    """What stands on the page of a town."""
    found = of_town(town, user, today)
    return {"template": "tasks/open_slips_section.html", "slips": found} if found else None


def register() -> None:
    """Called once, when the app is ready."""
    area_parts.register("slips", on_town_page)
