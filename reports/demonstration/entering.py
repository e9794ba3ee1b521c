"""Carries the invented cells into forms and through the ordinary workflow: save, submit, approve, return, correct.

It asks the same functions as the pages do; nobody approves what he typed, and every act leaves its audit record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from bureau.models import Area, User
from bureau.places import Tree
from indicators.entry import content, workflow
from indicators.entry.checks import check, unexplained
from indicators.entry.sheets import STATE_CODES, build_all
from indicators.entry.workflow import Change
from indicators.models import Category, DataItem, FormItem, ReportingForm, Submission
from reports.demonstration.cells import Cell, Key, Month
from reports.demonstration.people import People
from reports.demonstration.places import FIRST, LAST, County, Village

SOURCE = "demo"
NOTE = "已与台账逐户核对，数字无误。"
Sheets = dict[tuple[str, str], list[Change]]
"""Form code and submitting place's code → the changes that fill its form of a month."""


def county_of(tree: Tree) -> County:
    """The places of the area tree over the demonstration's months."""
    months_of: dict[str, list[int]] = defaultdict(list)
    places = {}
    for month in range(FIRST, LAST + 1):
        for place in tree.valid(month).values():
            months_of[place.code].append(month)
            places[place.code] = place
    villages = tuple(
        Village(code, tree.codes[place.parent], place.urban, months_of[code][0], _closed(months_of[code][-1]))
        for code, place in sorted(places.items())
        if place.level == Area.Level.VILLAGE and place.parent is not None
    )
    towns = tuple(code for code, place in sorted(places.items()) if place.level == Area.Level.TOWN)
    return County(tree.codes[tree.county_id], towns, villages)


def _closed(last: int) -> int | None:
    return None if last == LAST else last


class Entering:
    """Knows which form asks for which item in which row, who fills it, and under which ids it is kept."""

    def __init__(self, tree: Tree, people: People) -> None:
        self.people, self._tree = people, tree
        self.forms = {form.code: form for form in ReportingForm.objects.select_related("section")}
        self._places = {area.code: area for area in Area.objects.exclude(level=Area.Level.VILLAGE)}
        self._ids = {code: area for area, code in tree.codes.items()}
        self._items = dict(DataItem.objects.values_list("code", "id"))
        self._categories = {
            (item, category): number
            for item, category, number in Category.objects.values_list("breakdown__dataitem__code", "code", "id")
        }
        self._form_of = {
            (item, level): form
            for item, level, form in FormItem.objects.values_list("item__code", "level", "form__code")
        }

    def sheets(self, month: int, cells: Month) -> Sheets:
        """The month's cells as changes, by form and submitting place."""
        valid = self._tree.valid(month)
        found: Sheets = defaultdict(list)
        for key, cell in cells.items():
            place = valid[self._ids[key[0]]]
            submitting = place.parent if place.level == Area.Level.VILLAGE else place.id
            found[self._form_of[key[1], place.level], self._tree.codes[submitting]].append(self.change(key, cell))
        return found

    def change(self, key: Key, cell: Cell) -> Change:
        area, item, category = key
        number = self._categories[item, category] if category else 0
        return Change(self._ids[area], self._items[item], number, cell.value, STATE_CODES[cell.state])

    def clerk(self, form: str, place: str) -> User:
        """Who fills a form: the town's clerk, or the clerk of the section that owns a county form."""
        if self.forms[form].submitted_by == ReportingForm.SubmittedBy.TOWN:
            return self.people.town_clerks[place]
        return self.people.section_clerks[self.forms[form].section.code]

    def reviewer(self, form: str) -> User:
        return self.people.reviewers[self.forms[form].section.code]

    def save(self, form: str, place: str, month: int, changes: Sequence[Change]) -> Submission:
        submission = workflow.submission_for(self.forms[form], self._places[place], month)
        workflow.save(submission, changes, by=self.clerk(form, place), source=SOURCE)
        return submission

    def hand_in(self, month: int, sheets: Sheets) -> dict[tuple[str, str], Submission]:
        """These forms of these places, saved, each unusual figure explained, submitted; a clerk's all at once."""
        places = sorted(sheets)
        saved = self._begun(month, places)
        by_clerk: dict[User, list[tuple[str, str]]] = defaultdict(list)
        for at in places:
            by_clerk[self.clerk(*at)].append(at)
        for clerk, mine in by_clerk.items():
            workflow.save_all([(saved[at], sheets[at]) for at in mine], by=clerk, source=SOURCE)
        self._explain(saved)
        for clerk, mine in by_clerk.items():
            saved |= zip(mine, workflow.submit_all([saved[at] for at in mine], by=clerk), strict=True)
        return saved

    def _begun(self, month: int, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Submission]:
        """The submissions of these forms and places, made empty where there are none."""
        by_form: dict[str, list[Area]] = defaultdict(list)
        for form, place in places:
            by_form[form].append(self._places[place])
        found = {}
        for form, areas in by_form.items():
            begun = workflow.submissions_for(self.forms[form], areas, month)
            for area in areas:
                found[form, area.code] = begun[area.pk]
                found[form, area.code].form, found[form, area.code].place = self.forms[form], area
        return found

    def hand_in_all(self, month: int, sheets: Sheets) -> list[tuple[str, Submission]]:
        """Every form of every place of a month, submitted."""
        return [(form, submission) for (form, _place), submission in self.hand_in(month, sheets).items()]

    def _explain(self, saved: Mapping[tuple[str, str], Submission]) -> None:
        """A note in each cell that a soft rule asks about, as the clerk would write it."""
        held = content.contents([one.pk for one in saved.values()])
        sheets = build_all(list(saved.values()), held, self._tree)
        for at, submission in saved.items():
            sheet = sheets[submission.pk]
            silent = dict.fromkeys(one.cell for one in unexplained(check(sheet, sheet.values), sheet.values))
            changes = [
                replace(self.change(key, Cell(sheet.values[key].value, sheet.values[key].state)), note=NOTE)
                for key in silent
            ]
            if changes:
                workflow.save(submission, changes, by=self.clerk(*at), source=SOURCE)

    def approve(self, submitted: Iterable[tuple[str, Submission]]) -> int:
        """Each section's reviewer approves what is his; the approved values that changed."""
        by_reviewer: Mapping[User, list[Submission]] = defaultdict(list)
        for form, submission in submitted:
            by_reviewer[self.reviewer(form)].append(submission)
        return sum(workflow.approve_all(mine, by=reviewer) for reviewer, mine in by_reviewer.items())

    def correct(self, key: Key, month: int, value: Decimal, *, reason: str) -> None:
        """A town opens an approved form again, changes one cell, hands it in anew, and has it approved."""
        area, item, _category = key
        place = self._places[area]
        form = self._form_of[item, place.level]
        clerk = self.clerk(form, area)
        submission = workflow.submission_for(self.forms[form], place, month)
        workflow.correct(submission, by=clerk, reason=reason)
        workflow.save(submission, [self.change(key, Cell(value))], by=clerk, source=SOURCE)
        workflow.approve(workflow.submit(submission, by=clerk), by=self.reviewer(form))
