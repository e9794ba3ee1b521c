"""Who may do what with reports: whoever has a hand in them sees drafts, every reader of reports the final editions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from bureau import months
from bureau.authorization import Permission, can, scope
from bureau.models import User
from reports.models import Edition, PartText, Report

HANDS = (Permission.WRITE_REPORTS, Permission.FINISH_REPORTS, Permission.FINALISE_REPORTS)
HEAVY = ("manuscript", "proof")


def sees_drafts(user: User) -> bool:
    return any(can(user, permission) for permission in HANDS)


def may_finish(user: User) -> bool:
    return scope(user, Permission.FINISH_REPORTS).everywhere


def may_finalise(user: User) -> bool:
    """Who of them may make which edition final says issuing.refusal."""
    return scope(user, Permission.FINALISE_REPORTS).everywhere


def may_discard(user: User, edition: Edition) -> bool:
    """Who began a draft and still finishes reports, and whoever makes reports final."""
    return may_finalise(user) or (edition.begun_by_id == user.pk and may_finish(user))


def may_write(user: User, part: PartText) -> bool:
    """The part's own section writes it, the office any."""
    held = scope(user, Permission.WRITE_REPORTS)
    return held.everywhere or part.section_id in held.sections


def may_recheck(user: User) -> bool:
    """重新核对 shows figures of the whole county that are not released."""
    return scope(user, Permission.READ_LIVE).everywhere


def visible(user: User, county: int) -> QuerySet[Edition]:
    """The editions a user may read, last month first; without the kept texts."""
    found = Edition.objects.filter(report__county=county)
    found = found.select_related("report", "release", "begun_by", "submitted_by", "finalised_by", "discarded_by")
    found = found.defer(*HEAVY, "release__evidence", "release__corrections")
    return found if sees_drafts(user) else found.filter(state=Edition.State.FINAL)


def edition_or_404(user: User, county: int, kind: str, month: str, number: str | None) -> Edition:
    """The edition of an address, within what the user may read; where it names none the newest, discarded ones last."""
    if kind not in Report.Kind.values:  # before it reaches a database that holds no NUL
        raise Http404
    try:
        wanted = months.parse(month)
    except ValueError:
        raise Http404 from None
    found = visible(user, county).filter(report__kind=kind, report__month=wanted).defer(None)
    if number:
        found = found.filter(number=int(number)) if number.isascii() and number.isdecimal() and len(number) < 5 else []
    edition = max(found, key=lambda one: (not one.discarded, one.number), default=None)
    if edition is None:
        raise Http404
    return edition
