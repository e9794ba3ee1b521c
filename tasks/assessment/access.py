"""Who may do what with assessments: the office drafts, it and leaders see drafts and freeze, all read the frozen."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from bureau.authorization import Permission, scope
from bureau.models import User
from tasks.models import Assessment


def may_draft(user: User) -> bool:
    return scope(user, Permission.ASSESS).everywhere


def may_freeze(user: User) -> bool:
    """Who of them may freeze which draft says writing.refusal."""
    return may_draft(user) or scope(user, Permission.DECIDE).everywhere


def sees_drafts(user: User) -> bool:
    return may_freeze(user) or scope(user, Permission.SUPERVISE).everywhere


def visible(user: User, county: int) -> QuerySet[Assessment]:
    """The periods a user may read, the last first."""
    found = Assessment.objects.filter(scheme__county=county).select_related("scheme", "release", "by", "frozen_by")
    found = found.defer("release__evidence", "release__corrections")
    return found if sees_drafts(user) else found.filter(state=Assessment.State.FROZEN)


def assessment_or_404(user: User, county: int, pk: int) -> Assessment:
    found = visible(user, county).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
