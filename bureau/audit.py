"""Adds records to the audit trail inside the caller's transaction, and verifies the chain.

Each record's code is an HMAC over its content and the code before it; the key lies outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from bureau import clock
from bureau.models import AuditEvent, AuditHead, User

_address: ContextVar[str | None] = ContextVar("audit_address", default=None)


@contextmanager
def coming_from(address: str | None) -> Iterator[None]:
    """Records added inside carry this client address."""
    token = _address.set(address or None)
    try:
        yield
    finally:
        _address.reset(token)


def _code(previous: str, event: AuditEvent) -> str:
    content = [
        event.sequence,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.by_id,
        event.act,
        event.object,
        event.reason,
        event.detail,
        event.address,
        event.succeeded,
        event.revisions,
        event.revisions_digest,
    ]
    message = json.dumps([previous, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def digest_of(rows: Iterable[tuple]) -> tuple[int, str]:
    """Count and SHA-256 of revision rows, in their order."""
    sha, count = hashlib.sha256(), 0
    for row in rows:
        sha.update(("\x1f".join("" if cell is None else str(cell) for cell in row) + "\x1e").encode())
        count += 1
    return count, sha.hexdigest() if count else ""


def record(
    act: str,
    *,
    by: User | None,
    object: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    revisions: tuple[int, str] = (0, ""),
    succeeded: bool = True,
    at: datetime | None = None,
) -> AuditEvent:
    """Add one record; TransactionManagementError outside a transaction: act and record stand or fall together."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act is recorded in its own transaction")
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    event = AuditEvent(
        sequence=head.sequence + 1,
        at=at or clock.now(),
        by=by,
        act=act,
        object=object[:120],
        reason=reason,
        detail=dict(detail or {}),
        address=_address.get(),
        succeeded=succeeded,
        revisions=revisions[0],
        revisions_digest=revisions[1],
    )
    event.code = _code(head.code, event)
    event.save(force_insert=True)
    head.sequence, head.code = event.sequence, event.code
    head.save(update_fields=["sequence", "code"])
    return event


def first_broken() -> int | None:
    """The sequence number at which the chain first fails (a gap, a change, a missing tail), or None when it holds."""
    previous, expected = "", 1
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected or not hmac.compare_digest(event.code, _code(previous, event)):
            return expected
        previous, expected = event.code, expected + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and (head.sequence != expected - 1 or head.code != previous):
        return expected
    return None
