"""Where a permission reaches on forms and submissions: the one place views ask what a user may see or touch."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from bureau.authorization import Permission, Scope, scope
from bureau.models import Area, User
from indicators.models import ReportingForm, Submission

SubmittedBy = ReportingForm.SubmittedBy


def covers(held: Scope, form: ReportingForm, place: Area) -> bool:
    """Does a scope reach this form at this place? A town's grant reaches its own sheets, a section's its own forms."""
    return held.everywhere or place.pk in held.areas or form.section_id in held.sections


def may_enter(user: User, form: ReportingForm, place: Area) -> bool:
    """May the user type on this form at this place? Towns type town forms, sections their county forms."""
    held = scope(user, Permission.ENTER)
    if form.submitted_by == SubmittedBy.TOWN:
        return place.pk in held.areas
    return form.section_id in held.sections


def may_review(user: User, form: ReportingForm) -> bool:
    return form.section_id in scope(user, Permission.REVIEW).sections


def visible_submissions(user: User) -> QuerySet[Submission]:
    """The submissions a user may see the typed values of."""
    held = scope(user, Permission.READ_SUBMISSIONS)
    found = Submission.objects.select_related("form__section", "place")
    if held.everywhere:
        return found
    return found.filter(Q(place__in=held.areas) | Q(form__section__in=held.sections))


def form_and_place(user: User, form_code: str, place_code: str) -> tuple[ReportingForm, Area]:
    """The form and place of a URL; Http404 where they do not exist, do not fit, or lie outside the user's scope."""
    form = ReportingForm.objects.select_related("section").filter(code=form_code).first()
    place = Area.objects.filter(code=place_code).first()
    if form is None or place is None or place.level != form.submitted_by:
        raise Http404
    if not covers(scope(user, Permission.READ_SUBMISSIONS), form, place):
        raise Http404
    return form, place
