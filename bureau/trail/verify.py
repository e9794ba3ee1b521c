"""Works the whole trail out again: the chain from its first record, its anchors, and the rows its acts speak of."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Max

from bureau import clock
from bureau.models import AuditEvent, AuditHead
from bureau.trail.anchors import Anchor, kept
from bureau.trail.chain import COLUMNS, code_of, key
from bureau.trail.hooks import broken_rows

CHUNK = 5000
MIN = -(2**63)
# Columns as they are kept, past what the driver makes of them.
PLAIN = {
    "postgresql": {"at": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')", "address": "HOST(address)"},
    "sqlite": {"at": "at || ''"},
}


@dataclass(frozen=True)
class Chain:
    """How many records hold, the number and code of the last of them, the first broken number or None."""

    count: int
    code: str
    broken: int | None
    codes: dict[int, str]


@dataclass(frozen=True)
class Verification:
    """What was found: broken numbers by kind, None where that kind holds; `broken` is the first of all."""

    at: datetime
    count: int
    code: str
    chain: int | None
    anchor: int | None
    rows: int | None
    anchors: list[Anchor] = field(default_factory=list)
    spoilt_lines: list[int] = field(default_factory=list)

    @property
    def broken(self) -> int | None:
        return min((number for number in (self.chain, self.anchor, self.rows) if number is not None), default=None)

    @property
    def holds(self) -> bool:
        return self.broken is None and not self.spoilt_lines


def verify() -> Verification:
    """Check chain, anchors and rows; reads only."""
    anchors, spoilt = kept()
    chain = verify_chain(frozenset(one.sequence for one in anchors))
    return Verification(
        at=clock.now(),
        count=chain.count,
        code=chain.code,
        chain=chain.broken,
        anchor=_first_lost(chain, anchors),
        rows=next(iter(broken_rows()), None),
        anchors=anchors,
        spoilt_lines=spoilt,
    )


def _first_lost(chain: Chain, anchors: list[Anchor]) -> int | None:
    """The first number that an anchor knows and the chain does not, or not with that code."""
    lost = [
        min(one.sequence, chain.count + 1)
        for one in anchors
        if chain.codes.get(one.sequence) != one.code and (chain.broken is None or one.sequence < chain.broken)
    ]
    return min(lost, default=None)


def verify_chain(anchored: frozenset[int] = frozenset()) -> Chain:
    """Check every record up to the head, the gaps between them, and that nothing stands behind the head.

    Keeps the codes at the `anchored` numbers. Records that others add meanwhile are left for the next time.
    """
    last, last_code = _head()
    previous, expected, secret = "", 1, key()
    codes: dict[int, str] = {}
    for *content, code in _rows(last):
        if content[0] != expected or not hmac.compare_digest(code, code_of(secret, previous, *content)):
            return Chain(expected - 1, previous, expected, codes)
        if expected in anchored:
            codes[expected] = code
        previous, expected = code, expected + 1
    behind = AuditEvent.objects.aggregate(most=Max("sequence"))["most"] or 0
    holds = (last, last_code) == (expected - 1, previous) and behind <= _head()[0]
    return Chain(expected - 1, previous, None if holds else expected, codes)


def _head() -> tuple[int, str]:
    return AuditHead.objects.filter(pk=1).values_list("sequence", "code").first() or (0, "")


def _rows(last: int) -> Iterator[tuple]:
    """The columns of chain.py and the code of each record up to `last`, in order, read past the ORM for speed."""
    plain = PLAIN[connection.vendor]
    names = [plain.get(name, name) for name in COLUMNS]
    query = (
        f"SELECT {', '.join(names)}, code FROM bureau_auditevent "
        f"WHERE sequence > %s AND sequence <= %s ORDER BY sequence LIMIT {CHUNK}"
    )
    done = MIN
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [done, last])
            rows = cursor.fetchall()
        if not rows:
            return
        yield from rows
        done = rows[-1][0]
