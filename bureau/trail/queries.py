"""The audit trail's read side: what the auditor asks for, page by page by number, fast however long the trail is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bureau.models import AuditEvent, AuditHead, User
from bureau.trail import acts

PAGE = 50
PERSONS_MOST = 500


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty parts filter nothing. `until` is the first moment no longer wanted."""

    since: datetime | None = None
    until: datetime | None = None
    person: str = ""
    kind: str = ""
    act: str = ""
    object: str = ""
    succeeded: bool | None = None
    address: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page:
    """Some records, newest first, and the numbers to go on from (None at an end)."""

    events: Sequence[AuditEvent]
    older: int | None
    newer: int | None


def events(wanted: Wanted) -> QuerySet[AuditEvent]:
    """The records asked for, in no order yet."""
    found = AuditEvent.objects.select_related("by")
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    if wanted.person:
        people = Q(username__iexact=wanted.person) | Q(display_name__icontains=wanted.person)
        found = found.filter(by__in=list(User.objects.filter(people).values_list("pk", flat=True)[:PERSONS_MOST]))
    if wanted.act:
        found = found.filter(act=wanted.act)
    elif wanted.kind:
        found = found.filter(act__in=acts.codes_of(wanted.kind))
    if wanted.object:
        found = found.filter(object__contains=wanted.object)
    if wanted.succeeded is not None:
        found = found.filter(succeeded=wanted.succeeded)
    if wanted.address:
        found = found.filter(address=wanted.address)
    if wanted.text:
        found = found.filter(Q(reason__contains=wanted.text) | Q(detail__contains=wanted.text))
    return found


def page(wanted: Wanted, *, before: int | None = None, after: int | None = None) -> Page:
    """The newest records below `before`, or the next ones above `after`, or the newest of all."""
    found = events(wanted)
    if after is not None:
        rows = list(found.filter(sequence__gt=after).order_by("sequence")[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return Page(rows, rows[-1].sequence if rows else None, rows[0].sequence if more else None)
    if before is not None:
        found = found.filter(sequence__lt=before)
    rows = list(found.order_by("-sequence")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    newer = rows[0].sequence if rows and before is not None else None
    return Page(rows, rows[-1].sequence if more else None, newer)


def last_number() -> int:
    """How many records there are: the head's number."""
    return AuditHead.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0


def events_of(user: User, limit: int = 20) -> list[AuditEvent]:
    """A person's own last acts, newest first."""
    return list(AuditEvent.objects.filter(by=user.pk).order_by("-sequence")[:limit])
