"""The places of a project whose quantity is an indicator's (P06: village stations): which have one, which do not yet.

Nothing is entered here: the ticks are the approved figures of the form the indicator stands on, released ones by town,
approved ones village by village for those who may read them there (the office, the lead section, those whose form it
is, a town for its own).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from bureau import months
from bureau.authorization import Permission, scope
from bureau.fields import UNITS
from bureau.language import joined
from bureau.models import Area, User
from bureau.places import Place, Tree
from indicators import access, clearing, desk
from indicators.clearing import Clearing, Left
from indicators.models import ReportingForm
from indicators.queries import ReadAt
from indicators.shown import Shown
from tasks.models import Project


@dataclass(frozen=True)
class Stations:
    """By town, as lines of a table; `deep` where single villages are told, from figures not all released."""

    lines: list[dict]
    deep: bool


def read(project: Project, shown: list[Shown], at: ReadAt, user: User, today: date) -> Stations | None:
    """The project's places in the month shown; None where its quantity is no count of places."""
    wanted = [one for one in shown if project.quantity_from and one.indicator.code == project.quantity_from]
    found = [one for one in clearing.clearings(wanted) if one.counts_places == frozenset({Area.Level.VILLAGE.value})]
    if not found or at.month is None:
        return None
    (one,) = found
    tree = Tree(at.county.pk)
    towns = {left.area: left for left in clearing.by_town(at, tree, [one], at.month)[one.shown.indicator.pk]}
    seen = _seen(project, one, user)
    deep = clearing.by_place(tree, [one], at.month)[one.shown.indicator.pk] if seen is None or seen else []
    villages: dict[int, list[tuple[Place, Left]]] = {}
    valid = tree.valid(at.month)
    for left in deep:
        place = valid[left.area]
        if place.parent is not None and (seen is None or place.parent in seen):
            villages.setdefault(place.parent, []).append((place, left))
    form = _form(one)
    lines = [
        _line(town, towns.get(town.id), villages.get(town.id), _sheet(form, town, user, today))
        for town in sorted(tree.towns(at.month), key=lambda town: town.code)
    ]
    return Stations(lines, bool(villages))


def _seen(project: Project, one: Clearing, user: User) -> frozenset[int] | None:
    """The towns whose villages this person may read one by one; None for all."""
    live = scope(user, Permission.READ_LIVE)
    if live.everywhere or live.sections & (one.sections | {project.lead_id}):
        return None
    return scope(user, Permission.READ_SUBMISSIONS).areas


def _form(one: Clearing) -> ReportingForm | None:
    """The form the ticks are made on, where it is one."""
    found = list(ReportingForm.objects.filter(form_items__item__in=[item.pk for item in one.done]).distinct())
    return found[0] if len(found) == 1 else None


def _sheet(form: ReportingForm | None, town: Place, user: User, today: date) -> str:
    """The town's sheet of the month that is being reported, for who may open it."""
    if form is None or form.submitted_by != Area.Level.TOWN:
        return ""
    if not access.reaches(scope(user, Permission.READ_SUBMISSIONS), form.section_id, town.id):
        return ""
    return reverse("entry", args=[form.code, town.code, months.iso(desk.due_month(today))])


def _line(town: Place, counted: Left | None, villages: list[tuple[Place, Left]] | None, sheet_url: str) -> dict:
    if villages is None:
        told = f"{counted.done // UNITS} / {counted.total // UNITS}" if counted else ""
        return {"town": town.label, "counts": told, "with": "", "without": "", "unknown": "", "sheet_url": sheet_url}
    done = [place.label for place, left in villages if not left.left]
    missing = [place.label for place, left in villages if left.left and left.whole]
    unknown = [place.label for place, left in villages if not left.whole]
    return {
        "town": town.label,
        "counts": f"{len(done)} / {len(villages)}",
        "with": joined(done),
        "without": joined(missing),
        "unknown": joined(unknown),
        "sheet_url": sheet_url,
    }
