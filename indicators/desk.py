"""What lies on a person's desk for a month: the forms of his places and sections, their state and due date.

The dates are the plan defaults (towns the 5th of the next month); months before go-live are 补录 and never overdue.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock, months
from bureau.authorization import Permission, scope
from bureau.models import Area, Installation, User
from bureau.places import Tree, count_by_level
from indicators.analysis.kinds import Light
from indicators.entry_pages import STATE_LIGHTS
from indicators.models import ReportingForm, Submission

DUE_DAY = 5


def due_month(today: date) -> int:
    """The month being entered: the one before the business date's."""
    return months.of(today) - 1


def due_on(month: int) -> date:
    """The day a town's forms of `month` are due; moved past weekends."""
    day = months.first_day(month + 1).replace(day=DUE_DAY)
    while day.weekday() >= 5:
        day = day.replace(day=day.day + 1)
    return day


def is_back_fill(installation: Installation, month: int) -> bool:
    """Is `month` before go-live (补录)?"""
    return installation.go_live_month is not None and month < installation.go_live_month


def due_text(installation: Installation, month: int) -> str:
    if is_back_fill(installation, month):
        return _("补录月份，不计逾期")
    day, today = due_on(month), clock.today_in(installation)
    if today <= day:
        return _("截止 %(d)s，还有 %(n)d 天") % {"d": day.isoformat(), "n": (day - today).days}
    return _("截止 %(d)s，已过 %(n)d 天") % {"d": day.isoformat(), "n": (today - day).days}


def rows(user: User, installation: Installation, month: int) -> list[dict]:
    """One line a form and place of the user's scope."""
    tree = Tree(installation.county_id)
    pairs = _pairs(user, tree, month)
    standing = {
        (one.form_id, one.place_id): one
        for one in Submission.objects.filter(month=month).annotate(filled=Count("entries"))
    }
    return [_row(form, place, month, standing.get((form.pk, place.id)), installation, user) for form, place in pairs]


def due_submissions(county_id: int, month: int) -> int:
    """How many submissions a month asks for: town forms of every town, section forms once."""
    by_level = count_by_level(county_id, month)
    levels = ReportingForm.objects.values_list("submitted_by", flat=True)
    return sum(by_level.get(level, 0) for level in levels)


def _pairs(user: User, tree: Tree, month: int) -> list[tuple]:
    """The forms and places the user may read the submissions of."""
    held = scope(user, Permission.READ_SUBMISSIONS)
    found = []
    for form in ReportingForm.objects.select_related("section"):
        level = Area.Level.TOWN if form.submitted_by == "town" else Area.Level.COUNTY
        for place in tree.valid(month).values():
            if place.level == level and (held.everywhere or place.id in held.areas or form.section_id in held.sections):
                found.append((form, place))
    return found


def _row(form: ReportingForm, place, month: int, submission: Submission | None, installation, user: User) -> dict:
    enter = scope(user, Permission.ENTER)
    mine = place.id in enter.areas or (form.section_id in enter.sections and form.submitted_by != "town")
    state = submission.state if submission else None
    open_now = state in (None, Submission.State.DRAFT, Submission.State.RETURNED)
    late = open_now and clock.today_in(installation) > due_on(month)
    overdue = late and not is_back_fill(installation, month)
    return {
        "form": f"{form.number} {form.name}",
        "place": place.name,
        "month": months.label(month),
        "filled": submission.filled if submission else 0,
        "light": int(_light(state, overdue)),
        "state_word": _word(submission, overdue),
        "note": submission.reason if state == Submission.State.RETURNED else "",
        "due": due_text(installation, month),
        "url": reverse("entry", args=[form.code, place.code, months.iso(month)]),
        "action": _("填报") if mine and open_now else _("查看"),
        "primary": mine and open_now,
    }  # fmt: skip


def _light(state: str | None, overdue: bool) -> Light:
    """Red is for what is overdue and lies with the writer; what was returned keeps its amber."""
    if overdue and state != Submission.State.RETURNED:
        return Light.FAR_BEHIND
    return STATE_LIGHTS[Submission.State(state)] if state else Light.NONE


def _word(submission: Submission | None, overdue: bool) -> str:
    if submission is None:
        return _("逾期未交") if overdue else _("未填报")
    if overdue and submission.state == Submission.State.DRAFT:
        return _("草稿，已逾期")
    return submission.get_state_display()


def picker(path: str, month: int, today: date) -> dict:
    """Any month of the plan up to the present one."""
    first, last = months.make(2015, 1), months.of(today)

    def url(wanted: int) -> str:
        return f"{path}?month={months.iso(wanted)}" if first <= wanted <= last else ""

    return {
        "month_label": months.label(month),
        "prev_url": url(month - 1),
        "next_url": url(month + 1),
        "options": [
            {"url": url(one), "label": months.label(one), "current": one == month}
            for one in range(last, max(first, last - 36) - 1, -1)
        ],
    }
