"""Start and stop of the service as acts on record; a start without the stop before it tells of a crash."""

from __future__ import annotations

from django.db import transaction

from bureau import audit
from bureau.models import AuditEvent
from bureau.trail import anchors

START, STOP = "service.start", "service.stop"


def started(address: str) -> None:
    """Record the start at `host:port`, whether the last stop is on record, and keep an anchor."""
    with transaction.atomic():
        last = AuditEvent.objects.filter(act__in=(START, STOP)).order_by("-sequence").values_list("act").first()
        unclean = {"unclean": True} if last == (START,) else {}
        audit.record("service.start", by=None, object=address, detail=unclean)
    anchors.keep()


def stopped(address: str) -> None:
    """Record the stop."""
    with transaction.atomic():
        audit.record("service.stop", by=None, object=address)
