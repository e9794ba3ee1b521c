"""Where a permission reaches on forms and submissions: the one place views ask what a user may see or touch."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from bureau import months
from bureau.authorization import Permission, Scope, scope
from bureau.models import Area, User
from bureau.places import Tree
from indicators.deadlines import Step
from indicators.models import Reopening, ReportingForm, SpanTotal, Submission, Target

SubmittedBy = ReportingForm.SubmittedBy
Rows = frozenset[int] | None
"""The rows of a sheet by area id; None for all of them."""


def covers(held: Scope, form: ReportingForm, place: Area) -> bool:
    """Does a scope reach this form at this place? A town's grant reaches its own sheets, a section's its own forms."""
    return reaches(held, form.section_id, place.pk)


def reaches(held: Scope, section: int, place: int) -> bool:
    """The same by the ids of the form's section and of the place."""
    return held.everywhere or place in held.areas or section in held.sections


def may_enter(user: User, form: ReportingForm, place: Area) -> bool:
    """May the user type on the whole sheet and hand it in? Towns type town forms, sections their county forms."""
    held = scope(user, Permission.ENTER)
    if form.submitted_by == SubmittedBy.TOWN:
        return place.pk in held.areas
    return form.section_id in held.sections


def may_review(user: User, form: ReportingForm) -> bool:
    return form.section_id in scope(user, Permission.REVIEW).sections


def may_check(user: User, form: ReportingForm, place_id: int) -> bool:
    """May the user make the town's own check (初审) of this form?"""
    return form.town_check and place_id in scope(user, Permission.CHECK_TOWN).areas


def may_ask_to_reopen(user: User, form: ReportingForm, place: Area) -> bool:
    """Whoever hands the form in, and the section that reviews it."""
    return may_enter(user, form, place) or may_review(user, form)


def may_decide_reopening(user: User, reopening: Reopening) -> bool:
    """A reviewer of the form's section or the office (办公室), never who asked."""
    decides = may_review(user, reopening.form) or bool(scope(user, Permission.PUBLISH))
    return decides and reopening.asked_by_id != user.pk


def sees_reopening(user: User, reopening: Reopening) -> bool:
    """One's own request, one of a sheet one hands in or reviews; the office sees all."""
    if reopening.asked_by_id == user.pk or scope(user, Permission.PUBLISH):
        return True
    typing = scope(user, Permission.ENTER)
    sections = typing.sections | scope(user, Permission.REVIEW).sections
    return reopening.place_id in typing.areas or reopening.form.section_id in sections


def visible_submissions(user: User) -> QuerySet[Submission]:
    """The submissions a user may see all the typed values of (a village's row of a town's sheet is not among them)."""
    held = scope(user, Permission.READ_SUBMISSIONS)
    found = Submission.objects.select_related("form__section", "place")
    if held.everywhere:
        return found
    return found.filter(Q(place__in=held.areas) | Q(form__section__in=held.sections))


@dataclass(frozen=True)
class Reach:
    """A sheet within a user's scope: the rows he may read and those he may type in; who has all may hand it in."""

    form: ReportingForm
    place: Area
    month: int
    tree: Tree
    read: Rows
    enter: Rows

    @property
    def may_type(self) -> bool:
        return self.enter is None or bool(self.enter)

    @property
    def may_hand_in(self) -> bool:
        return self.enter is None

    @property
    def step(self) -> Step:
        """Whose deadline holds for who types here: a village's assistant has his own rows done before his town."""
        return Step.TOWN if self.enter is None or not self.enter else Step.VILLAGE

    @property
    def name(self) -> str:
        """What the place is called in that month."""
        return self.tree.valid(self.month)[self.place.pk].name

    @property
    def args(self) -> list[str]:
        """The arguments of its addresses."""
        return [self.form.code, self.place.code, months.iso(self.month)]


def reach(user: User, form_code: str, place_code: str, month: int, last_month: int) -> Reach:
    """The sheet of a URL for this user.

    Http404 where form or place do not exist or do not fit, the place is not there in that month, the month is not
    begun (after `last_month`), or none of it lies within the user's scope.
    """
    form = ReportingForm.objects.select_related("section").filter(code=form_code).first()
    place = Area.objects.filter(code=place_code).first()
    if form is None or place is None or place.level != form.submitted_by:
        raise Http404
    tree = Tree(place.home)
    if place.pk not in tree.valid(month) or month > last_month:
        raise Http404
    held = scope(user, Permission.READ_SUBMISSIONS)
    read = None if covers(held, form, place) else _villages(held, form, place, month, tree)
    if read is not None and not read:
        raise Http404
    typing = scope(user, Permission.ENTER)
    enter = None if may_enter(user, form, place) else _villages(typing, form, place, month, tree)
    return Reach(form, place, month, tree, read, enter)


def _villages(held: Scope, form: ReportingForm, place: Area, month: int, tree: Tree) -> frozenset[int]:
    """The villages of a town that a village assistant (村协理员) holds, where the form has rows for villages."""
    below = frozenset(one.id for one in tree.villages(place.pk, month)) & held.areas
    if below and form.form_items.filter(level=Area.Level.VILLAGE).exists():
        return below
    return frozenset()


def visible_spans(user: User) -> QuerySet[SpanTotal]:
    """The totals of spans (补录合计) a user may see: of his town and its villages, of his section's forms."""
    held = scope(user, Permission.READ_SUBMISSIONS)
    found = SpanTotal.objects.select_related("form__section", "place", "area", "item", "entered_by", "approved_by")
    if held.everywhere:
        return found
    return found.filter(Q(place__in=held.areas) | Q(form__section__in=held.sections))


def may_enter_span(user: User, form: ReportingForm, place: Area) -> bool:
    """May the user type a total of this form? A town for itself and its villages, the section for the county."""
    held = scope(user, Permission.ENTER)
    if place.level == Area.Level.TOWN:
        return form.submitted_by == SubmittedBy.TOWN and place.pk in held.areas
    return place.level == Area.Level.COUNTY and form.section_id in held.sections


def shareable_targets(user: User) -> QuerySet[Target]:
    """The county's targets a user may divide among the towns: the office all, a reviewer his section's."""
    held = scope(user, Permission.MANAGE_CATALOGUE)
    found = Target.objects.filter(area__level=Area.Level.COUNTY).select_related(
        "reading__indicator__section", "area", "clause"
    )
    return found if held.everywhere else found.filter(reading__indicator__section__in=held.sections)
