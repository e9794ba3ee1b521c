"""Who handed in what, in time or not (填报进度): form × place × month, by the first handing in that stands.

Four queries whatever the size: forms, places, submissions of the months shown, the calendar. No person is named or
counted; a demonstration's months before it went live are back-fill like anybody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bureau import months
from bureau.authorization import Scope
from bureau.language import localized
from bureau.places import Place, Tree
from indicators import deadlines
from indicators.deadlines import Standing, Step
from indicators.due import Dates, due_month
from indicators.models import ReportingForm, Submission


@dataclass(frozen=True)
class Cell:
    """A form of a place in a month; None as standing where the place did not exist then."""

    month: int
    standing: Standing | None
    days_late: int = 0
    handed_in: datetime | None = None
    state: str = ""


@dataclass(frozen=True)
class Line:
    """A form of a place with its cells, oldest month first."""

    form: ReportingForm
    place: Place
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Asked:
    """Which part of the matrix."""

    year: int
    place: str = ""
    section: str = ""
    standing: str = ""


def months_of(year: int, dates: Dates) -> range:
    """The months of a year that are begun to be reported."""
    first = months.make(year, 1)
    return range(first, min(first + 11, due_month(dates.today)) + 1)


def lines(held: Scope, tree: Tree, dates: Dates, year: int) -> list[Line]:
    """The year's matrix within the reader's scope, by form and place as listed."""
    wanted = months_of(year, dates)
    if not wanted:
        return []
    forms = ReportingForm.objects.select_related("section")
    standing = {
        (form, place, month): (state, handed_in)
        for form, place, month, state, handed_in in Submission.objects.filter(month__in=wanted).values_list(
            "form_id", "place_id", "month", "state", "handed_in_at"
        )
    }
    found = []
    for form in forms:
        for place in _places(tree, wanted, form.submitted_by):
            if not _within(held, form, place):
                continue
            cells = tuple(
                _cell(month, dates, standing.get((form.pk, place.id, month)), place.id in tree.valid(month))
                for month in wanted
            )
            found.append(Line(form, place, cells))
    return found


def narrowed(found: list[Line], asked: Asked) -> list[Line]:
    """The lines asked for: of a place, a section, with a cell that stands so."""
    return [
        line
        for line in found
        if (not asked.place or line.place.code == asked.place)
        and (not asked.section or line.form.section.code == asked.section)
        and (not asked.standing or any(cell.standing == asked.standing for cell in line.cells))
    ]


def _places(tree: Tree, wanted: range, level: str) -> Iterator[Place]:
    """Each place of the level that exists in any of the months, once, as it is last called."""
    last = {place.id: place for month in wanted for place in tree.valid(month).values() if place.level == level}
    yield from sorted(last.values(), key=lambda place: place.code)


def _within(held: Scope, form: ReportingForm, place: Place) -> bool:
    return held.everywhere or place.id in held.areas or form.section_id in held.sections


def _cell(month: int, dates: Dates, found: tuple[str, datetime | None] | None, exists: bool) -> Cell:
    if not exists:
        return Cell(month, None)
    state, handed_in = found or ("", None)
    deadline = dates.due(month)[Step.TOWN]
    standing = deadlines.standing(
        handed_in=handed_in, deadline=deadline, now=dates.now, back_fill=dates.is_back_fill(month)
    )
    late = deadlines.days_late(handed_in, deadline) if handed_in and standing == Standing.LATE else 0
    return Cell(month, standing, late, handed_in, state)


def tally(found: list[Line]) -> Counter[Standing]:
    return Counter(cell.standing for line in found for cell in line.cells if cell.standing is not None)


def title(form: ReportingForm) -> str:
    return f"{form.number} {localized(form)}"
