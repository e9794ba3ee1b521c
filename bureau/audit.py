"""Adds records to the audit trail inside the caller's transaction: the one way in, for every floor.

What acts there are is said in bureau/trail/acts.py, how the chain is made in chain.py, how it is checked in verify.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction

from bureau import clock, kept
from bureau.bulk import by_columns
from bureau.models import AuditEvent, AuditHead, User
from bureau.trail import anchors
from bureau.trail.canonical import canonical
from bureau.trail.chain import code_of, key
from bureau.trail.lines import one_line
from bureau.trail.verify import verify_chain

_address: ContextVar[str | None] = ContextVar("audit_address", default=None)


@contextmanager
def coming_from(address: str | None) -> Iterator[None]:
    """Records added inside carry this client address."""
    token = _address.set(address or None)
    try:
        yield
    finally:
        _address.reset(token)


def digest_of(rows: Iterable[tuple]) -> tuple[int, str]:
    """Count and SHA-256 of revision rows, in their order."""
    sha, count = hashlib.sha256(), 0
    for _, alike in groupby(rows, len):
        lines = list(map("\x1f".join, by_columns(alike, _text)))
        sha.update(("\x1e".join(lines) + "\x1e").encode())
        count += len(lines)
    return count, sha.hexdigest() if count else ""


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


class Act(NamedTuple):
    """What one record says of itself; see record."""

    act: str
    object: str = ""
    reason: str = ""
    detail: Mapping[str, Any] | None = None
    revisions: tuple[int, str] = (0, "")


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
    head = _locked_head()
    event = _next(head, Act(act, object, reason, detail, revisions), by=by, succeeded=succeeded, at=at or clock.now())
    event.save(force_insert=True)
    _close(head)
    kept.outdate([act])
    return event


def record_all(acts: Sequence[Act], *, by: User | None) -> list[AuditEvent]:
    """Add the records of several acts done in one: the same chain, in as few statements as one takes."""
    if not acts:
        return []
    head, now = _locked_head(), clock.now()
    events = [_next(head, act, by=by, succeeded=True, at=now) for act in acts]
    _close(head)
    kept.outdate(act.act for act in acts)
    return AuditEvent.objects.bulk_create(events)


def _next(head: AuditHead, act: Act, *, by: User | None, succeeded: bool, at: datetime) -> AuditEvent:
    """The record that follows on `head`, not yet saved; `head` moves on to it."""
    event = AuditEvent(
        sequence=head.sequence + 1,
        at=at,
        by=by,
        act=act.act,
        object=one_line(act.object, 120),
        reason=act.reason.replace("\0", ""),
        detail=dict(act.detail or {}),
        address=_address.get(),
        succeeded=succeeded,
        revisions=act.revisions[0],
        revisions_digest=act.revisions[1],
    )
    event.code = code_of(
        key(), head.code, event.sequence, event.at, event.by_id, event.act, event.object, event.reason,
        canonical(event.detail), event.address, event.succeeded, event.revisions, event.revisions_digest,
    )  # fmt: skip
    head.sequence, head.code = event.sequence, event.code
    return event


def _close(head: AuditHead) -> None:
    head.save(update_fields=["sequence", "code"])
    if anchors.due() and not any(hook is anchors.keep_daily for _, hook, _ in connection.run_on_commit):
        transaction.on_commit(anchors.keep_daily, robust=True)


def _locked_head() -> AuditHead:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act is recorded in its own transaction")
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head


def first_broken() -> int | None:
    """The sequence number at which the chain first fails (a gap, a change, a missing tail), or None when it holds."""
    return verify_chain().broken
