"""What lies on a person's desk (工作台): what he is to do now, then the rest of his forms of the month.

The dates are the plan defaults (towns the 5th of the next month); months before go-live are 补录 and never overdue.
Higher floors add what they ask of a person by `register`, from their AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import clock, months
from bureau.authorization import Permission, Scope, can, scope
from bureau.language import joined, localized
from bureau.models import Area, Installation, User
from bureau.people import handover
from bureau.places import Place, Tree, count_by_level
from indicators.analysis.kinds import Light
from indicators.entry_pages import STATE_LIGHTS
from indicators.models import PublishedMonth, ReportingForm, Submission

DUE_DAY = 5
MOST_LISTED = 200
MOST_UNRELEASED = 3
State = Submission.State

Find = Callable[[User, Installation, int], dict | None]
_registered: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """`find(user, installation, month)` gives a group {id, title, rows} as the desk shows it, or None."""
    _registered[name] = find


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


def due_submissions(county_id: int, month: int) -> int:
    """How many submissions a month asks for: town forms of every town, section forms once."""
    by_level = count_by_level(county_id, month)
    levels = ReportingForm.objects.values_list("submitted_by", flat=True)
    return sum(by_level.get(level, 0) for level in levels)


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


def groups(user: User, installation: Installation, month: int) -> list[dict]:
    """[{id, title, note, rows, todo, light}]: first what the person is to do, then the rest; empty ones left out."""
    held, tree = Held.by(user), Tree(installation.county_id)
    rows = _form_rows(held, tree, installation, month) if held.read else []
    by_kind: dict[str, list[dict]] = {}
    for row in sorted(rows, key=lambda row: row["urgency"]):
        by_kind.setdefault(row["kind"], []).append(row)
    found = [
        _group("enter", _("要填报的"), by_kind.get("enter", []), todo=True, light=Light.BEHIND),
        _group("check", _("要初审的"), by_kind.get("check", []), todo=True, light=Light.ON_COURSE),
        _group("review", _("要审核的"), by_kind.get("review", []), todo=True, light=Light.ON_COURSE),
        _group("sign", _("待签的移交"), _handovers(user), todo=True, light=Light.BEHIND),
        *(one for find in _registered.values() if (one := find(user, installation, month))),
        _group("late", _("还没有交的地方"), by_kind.get("late", [])),
        _group("publish", _("发布准备"), _readiness(installation, month) if can(user, Permission.PUBLISH) else []),
        _group("rest", _("其余报表"), by_kind.get("rest", [])),
    ]
    return [one for one in found if one["rows"]]


def _group(name: str, title: str, rows: list[dict], *, todo: bool = False, light: Light = Light.NONE) -> dict:
    worst = Light.FAR_BEHIND if any(row["light"] == int(Light.FAR_BEHIND) for row in rows) else light
    forms = bool(rows) and "filled" in rows[0]
    return {"id": name, "title": title, "rows": rows, "todo": todo, "light": int(worst), "forms": forms}


def counts(found: Iterable[dict]) -> list[dict]:
    """The line of counts over what is to do: each leads to its group."""
    return [
        {"count": len(one["rows"]), "label": one["title"], "light": one["light"], "url": f"#{one['id']}"}
        for one in found
        if one["todo"]
    ]


# --- Forms --------------------------------------------------------------------------------------
def _form_rows(held: Held, tree: Tree, installation: Installation, month: int) -> list[dict]:
    """One line a form and place: of the month, and what is open or waits from other months."""
    forms = {one.pk: one for one in ReportingForm.objects.select_related("section")}
    assists = any(tree.levels.get(area) == Area.Level.VILLAGE for area in held.read.areas)
    with_villages = _forms_with_villages() if assists else frozenset()
    standing = _submissions(held, tree, month)
    rows = []
    for form in forms.values():
        for place in tree.valid(month).values():
            if place.level != form.submitted_by or not _reads(held.read, form, place, tree, month, with_villages):
                continue
            submission = standing.pop((form.pk, place.id, month), None)
            rows.append(_row(held, form, place, month, submission, installation, tree))
    for (form_id, place_id, other), submission in standing.items():
        form, there = forms[form_id], tree.valid(other).get(place_id)
        if there is None or other == month or not _reads(held.read, form, there, tree, other, with_villages):
            continue
        row = _row(held, form, there, other, submission, installation, tree)
        if row["kind"] not in ("late", "rest"):
            rows.append(row)
    return rows


def _villages(held: Scope, tree: Tree, month: int) -> list[Place]:
    valid = tree.valid(month)
    return [valid[area] for area in held.areas if area in valid and valid[area].level == Area.Level.VILLAGE]


def _forms_with_villages() -> frozenset[int]:
    rows = ReportingForm.objects.filter(form_items__level=Area.Level.VILLAGE)
    return frozenset(rows.values_list("pk", flat=True).distinct())


def _reads(
    held: Scope, form: ReportingForm, place: Place, tree: Tree, month: int, with_villages: frozenset[int]
) -> bool:
    if held.everywhere or place.id in held.areas or form.section_id in held.sections:
        return True
    return form.pk in with_villages and any(one.parent == place.id for one in _villages(held, tree, month))


def _submissions(held: Held, tree: Tree, month: int) -> dict[tuple[int, int, int], Submission]:
    """Those of the month and the unfinished of others, by form, place and month; with how many cells are filled."""
    towns = {one.parent for one in _villages(held.read, tree, month)}
    mine = Q(place__in=held.read.areas | towns) | Q(form__section__in=held.read.sections)
    own_rows = Q() if not towns or towns & held.read.areas else Q(entries__area__in=held.read.areas)
    found = (
        Submission.objects.filter(Q() if held.read.everywhere else mine)
        .filter(Q(month=month) | ~Q(state=State.APPROVED))
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
    installation: Installation,
    tree: Tree,
) -> dict:
    state = submission.state if submission else None
    open_now = state in (None, State.DRAFT, State.RETURNED)
    late = clock.today_in(installation) > due_on(month) and not is_back_fill(installation, month)
    villages = [one for one in _villages(held.enter, tree, month) if one.parent == place.id]
    by_town = form.submitted_by == ReportingForm.SubmittedBy.TOWN
    mine = place.id in held.enter.areas if by_town else form.section_id in held.enter.sections
    kind = _kind(held, form, place, submission, mine or (by_town and bool(villages)), open_now)
    url, action = _where(kind, form, place, month, submission)
    return {
        "kind": kind,
        "urgency": (0 if state == State.RETURNED else 1 if open_now and late else 2, month, form.order, place.code),
        "form": f"{form.number} {localized(form)}",
        "place": place.name if mine or not villages else joined([one.name for one in villages]),
        "month": months.label(month),
        "filled": submission.filled if submission else 0,
        "light": int(_light(state, open_now and late)),
        "state_word": _word(submission, open_now and late),
        "note": submission.reason if submission and state == State.RETURNED else "",
        "due": due_text(installation, month) if open_now else "",
        "url": url,
        "action": action,
        "primary": kind in ("enter", "check", "review"),
    }


def _kind(
    held: Held, form: ReportingForm, place: Place, submission: Submission | None, mine: bool, open_now: bool
) -> str:
    """enter, check and review are his to do; late: somebody else's, not handed in; rest: nothing to do about it."""
    if open_now:
        if mine:
            return "enter"
        return "late" if form.section_id in held.review.sections else "rest"
    if submission is None:
        return "rest"
    if submission.awaits_town_check:
        return "check" if place.id in held.check.areas and submission.submitted_by_id != held.user.pk else "rest"
    waiting = submission.state in (State.SUBMITTED, State.TOWN_CHECKED)
    reviews = form.section_id in held.review.sections and submission.submitted_by_id != held.user.pk
    return "review" if waiting and reviews else "rest"


def _where(kind: str, form: ReportingForm, place: Place, month: int, submission: Submission | None) -> tuple[str, str]:
    if submission is not None and kind == "check":
        return reverse("town_check", args=[submission.pk]), _("初审")
    if submission is not None and kind == "review":
        return reverse("review", args=[submission.pk]), _("审核")
    url = reverse("entry", args=[form.code, place.code, months.iso(month)])
    return url, _("填报") if kind == "enter" else _("查看")


def _light(state: str | None, overdue: bool) -> Light:
    """Red is for what is overdue and lies with the writer; what was returned keeps its amber."""
    if overdue and state != State.RETURNED:
        return Light.FAR_BEHIND
    return STATE_LIGHTS[State(state)] if state else Light.NONE


def _word(submission: Submission | None, overdue: bool) -> str:
    if submission is None:
        return _("逾期未交") if overdue else _("未填报")
    if overdue and submission.state == State.DRAFT:
        return _("草稿，已逾期")
    return submission.state_word


# --- What is not a form -------------------------------------------------------------------------
def _handovers(user: User) -> list[dict]:
    """Work that is to pass to or from this person and waits for his signature (移交)."""
    return [
        {
            "form": _("%(giver)s 移交给 %(receiver)s") % {"giver": one.giver, "receiver": one.receiver},
            "light": int(Light.BEHIND),
            "state_word": _("待签"),
            "url": reverse("handover", args=[one.pk]),
            "action": _("去签"),
            "primary": True,
        }
        for one in handover.waiting_for(user)
    ]


def _readiness(installation: Installation, month: int) -> list[dict]:
    """The months not yet released up to this one: how much of each is approved."""
    released = PublishedMonth.objects.filter(county=installation.county_id, month__lte=month)
    last = released.order_by("-month").values_list("month", flat=True).first()
    first = max(month - MOST_UNRELEASED + 1, month if last is None else last + 1)
    wanted = range(min(first, month), month + 1)
    states = Submission.objects.filter(month__in=wanted).values_list("month", "state").annotate(n=Count("pk"))
    approved = {one: n for one, state, n in states.order_by() if state == State.APPROVED}
    due = due_submissions(installation.county_id, month)
    return [
        {
            "form": months.label(one),
            "light": int(Light.REACHED if approved.get(one, 0) >= due else Light.NOT_COVERED),
            "state_word": _("已审核 %(n)d/%(due)d 份") % {"n": approved.get(one, 0), "due": due},
            "note": _("已发布") if last is not None and one <= last else "",
            "url": f"{reverse('releases')}?month={months.iso(one)}",
            "action": _("去发布"),
        }
        for one in wanted
    ]


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
