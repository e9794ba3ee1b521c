"""The forms on a desk (工作台): which are the reader's to do, which lie with others, by when; a line a form and place.

Of the month shown, and with it what is open or waits from other months; while the month shown is the one being entered,
also what was never handed in of the live months just before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.authorization import Permission, Scope, scope
from bureau.language import joined, localized
from bureau.models import Area, User
from bureau.places import Place, Tree
from indicators.analysis.kinds import Light
from indicators.deadlines import Step
from indicators.due import Dates, due_month
from indicators.entry_pages import STATE_LIGHTS
from indicators.models import FormItem, ReportingForm, Submission

MOST_LISTED = 400
MONTHS_BACK = 3
MINE = ("returned", "overdue", "enter", "check", "review")
State = Submission.State
Sheet = tuple[int, int, int]  # form, place, month


@dataclass(frozen=True)
class Held:
    """Where a person's grants reach, asked once."""

    user: User
    read: Scope
    enter: Scope
    check: Scope
    review: Scope

    @classmethod
    def by(cls, user: User) -> Held:
        p = Permission
        return cls(user, *(scope(user, one) for one in (p.READ_SUBMISSIONS, p.ENTER, p.CHECK_TOWN, p.REVIEW)))


@dataclass(frozen=True)
class Periods:
    """The dates, which months are closed, which sheets are open again, and for which that is asked (to its number)."""

    dates: Dates
    closed: frozenset[int]
    reopened: frozenset[Sheet]
    asked: Mapping[Sheet, int]

    def is_closed(self, sheet: Sheet) -> bool:
        return sheet[2] in self.closed and sheet not in self.reopened


def months_looked_at(dates: Dates, month: int) -> list[int]:
    """The month shown; with the one being entered, the live months just before it, too."""
    first = dates.installation.go_live_month
    if first is None or month != due_month(dates.today):
        return [month]
    return [*range(max(first, month - MONTHS_BACK), month), month] if first <= month else [month]


@dataclass(frozen=True)
class Sheets:
    """The forms, those with rows for villages, and what stands of them; read once, for one reader or for all."""

    forms: dict[int, ReportingForm]
    with_villages: frozenset[int]
    standing: dict[Sheet, Submission]

    @classmethod
    def read(cls, held: Held, tree: Tree, month: int, looked_at: list[int]) -> Sheets:
        in_villages = FormItem.objects.filter(form=OuterRef("pk"), level=Area.Level.VILLAGE)
        found = ReportingForm.objects.select_related("section").annotate(in_villages=Exists(in_villages))
        forms = {one.pk: one for one in found}
        with_villages = frozenset(one.pk for one in forms.values() if one.in_villages)
        return cls(forms, with_villages, _submissions(held, tree, month, looked_at))


def rows(held: Held, tree: Tree, month: int, periods: Periods, sheets: Sheets | None = None) -> list[dict]:
    """The lines, those to be done first before others, older months before newer; `sheets` where they are read."""
    looked_at = months_looked_at(periods.dates, month)
    sheets = sheets or Sheets.read(held, tree, month, looked_at)
    forms, with_villages, standing = sheets.forms, sheets.with_villages, dict(sheets.standing)
    found = []
    for one in looked_at:
        for form in forms.values():
            for place in tree.valid(one).values():
                if place.level != form.submitted_by or not _reads(held.read, form, place, tree, one, with_villages):
                    continue
                row = _row(held, form, place, one, standing.pop((form.pk, place.id, one), None), periods, tree)
                if one == month or row["kind"] in (*MINE, "late"):
                    found.append(row)
    for (form_id, place_id, other), submission in standing.items():
        form, there = forms[form_id], tree.valid(other).get(place_id)
        if there is None or not _reads(held.read, form, there, tree, other, with_villages):
            continue
        row = _row(held, form, there, other, submission, periods, tree)
        if row["kind"] in MINE:
            found.append(row)
    return sorted(found, key=lambda row: row["urgency"])


def _villages(held: Scope, tree: Tree, month: int) -> list[Place]:
    valid = tree.valid(month)
    return [valid[area] for area in held.areas if area in valid and valid[area].level == Area.Level.VILLAGE]


def _reads(
    held: Scope, form: ReportingForm, place: Place, tree: Tree, month: int, with_villages: frozenset[int]
) -> bool:
    if held.everywhere or place.id in held.areas or form.section_id in held.sections:
        return True
    return form.pk in with_villages and any(one.parent == place.id for one in _villages(held, tree, month))


def _submissions(held: Held, tree: Tree, month: int, looked_at: list[int]) -> dict[Sheet, Submission]:
    """Those of the months looked at and the unfinished of others, with how many cells are filled."""
    towns = {one.parent for one in _villages(held.read, tree, month)}
    mine = Q(place__in=held.read.areas | towns) | Q(form__section__in=held.read.sections)
    own_rows = Q() if not towns or towns & held.read.areas else Q(entries__area__in=held.read.areas)
    found = (
        Submission.objects.filter(Q() if held.read.everywhere else mine)
        .filter(Q(month__in=looked_at) | ~Q(state=State.APPROVED))
        .annotate(filled=Count("entries", filter=own_rows) if own_rows else Count("entries"))
        .select_related("form")
        .order_by("-month", "pk")[:MOST_LISTED]
    )
    return {(one.form_id, one.place_id, one.month): one for one in found}


def _row(
    held: Held,
    form: ReportingForm,
    place: Place,
    month: int,
    submission: Submission | None,
    periods: Periods,
    tree: Tree,
) -> dict:
    dates, state = periods.dates, submission.state if submission else None
    open_now = state in (None, State.DRAFT, State.RETURNED)
    villages = [one for one in _villages(held.enter, tree, month) if one.parent == place.id]
    by_town = form.submitted_by == ReportingForm.SubmittedBy.TOWN
    mine = place.id in held.enter.areas if by_town else form.section_id in held.enter.sections
    step = Step.VILLAGE if villages and not mine else Step.TOWN
    correcting = submission is not None and submission.approved_version > 0
    late = open_now and not correcting and dates.overdue(month, step)
    kind = _kind(held, form, place, submission, mine or (by_town and bool(villages)), open_now, late)
    shut = late and state != State.RETURNED and periods.is_closed((form.pk, place.id, month))
    asked = periods.asked.get((form.pk, place.id, month)) if shut else None
    url, action = _where(kind, form, place, month, submission, shut and mine, asked)
    return {
        "kind": kind,
        "section": form.section_id,
        "soon": open_now and not dates.is_back_fill(month) and dates.is_soon(month, step),
        "urgency": (MINE.index(kind) if kind in MINE else len(MINE), not late, month, form.order, place.code),
        "form": f"{form.number} {localized(form)}",
        "place": place.name if mine or not villages else joined([one.name for one in villages]),
        "month": months.label(month),
        "filled": submission.filled if submission else 0,
        "light": int(_light(state, late, kind == "review" and dates.overdue(month, Step.REVIEW))),
        "state_word": _word(submission, late),
        "note": _note(submission, shut, asked, correcting),
        "due": _due(dates, month, step, kind, open_now),
        "url": url,
        "action": action,
        "primary": kind in MINE,
    }


def _note(submission: Submission | None, shut: bool, asked: int | None, correcting: bool) -> str:
    if submission is not None and (submission.state == State.RETURNED or (correcting and submission.is_open)):
        return submission.reason
    if asked:
        return _("已停止填报，补报申请待批")
    return _("已停止填报，须申请补报") if shut else ""


def _due(dates: Dates, month: int, step: Step, kind: str, open_now: bool) -> str:
    """By when it has to be done by whoever it lies with."""
    if open_now:
        return dates.text(month, step)
    if kind == "check":
        return dates.text(month, Step.TOWN)
    return dates.text(month, Step.REVIEW) if kind == "review" else ""


def _kind(
    held: Held,
    form: ReportingForm,
    place: Place,
    submission: Submission | None,
    mine: bool,
    open_now: bool,
    overdue: bool,
) -> str:
    """Those of MINE are his to do; late: somebody else's, not handed in; rest: nothing to do about it."""
    if open_now:
        if mine and submission is not None and submission.state == State.RETURNED:
            return "returned"
        if mine:
            return "overdue" if overdue else "enter"
        return "late" if form.section_id in held.review.sections else "rest"
    if submission is None:
        return "rest"
    if submission.awaits_town_check:
        return "check" if place.id in held.check.areas and submission.submitted_by_id != held.user.pk else "rest"
    waiting = submission.state in (State.SUBMITTED, State.TOWN_CHECKED)
    reviews = form.section_id in held.review.sections and submission.submitted_by_id != held.user.pk
    return "review" if waiting and reviews else "rest"


def _where(
    kind: str,
    form: ReportingForm,
    place: Place,
    month: int,
    submission: Submission | None,
    shut: bool,
    asked: int | None,
) -> tuple[str, str]:
    args = [form.code, place.code, months.iso(month)]
    if shut and asked:
        return reverse("reopening", args=[asked]), _("看补报申请")
    if shut:
        return reverse("reopen", args=args), _("申请补报")
    if submission is not None and kind == "check":
        return reverse("town_check", args=[submission.pk]), _("初审")
    if submission is not None and kind == "review":
        return reverse("review", args=[submission.pk]), _("审核")
    return reverse("entry", args=args), _("填报") if kind in ("returned", "overdue", "enter") else _("查看")


def _light(state: str | None, overdue: bool, review_overdue: bool) -> Light:
    """Red is for what is overdue and lies with the writer; what was returned or waits too long for review is amber."""
    if review_overdue:
        return Light.BEHIND
    if overdue and state != State.RETURNED:
        return Light.FAR_BEHIND
    return STATE_LIGHTS[State(state)] if state else Light.NONE


def _word(submission: Submission | None, overdue: bool) -> str:
    if submission is None:
        return _("逾期未交") if overdue else _("未填报")
    if overdue and submission.state == State.DRAFT:
        return _("草稿，已逾期")
    return submission.state_word
