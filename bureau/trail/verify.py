"""Works the whole trail out again: the chain from its first record, its anchors, and the rows its acts speak of."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextField
from django.db.models.functions import Cast

from bureau import clock
from bureau.models import AuditEvent, AuditHead
from bureau.trail.anchors import Anchor, kept
from bureau.trail.chain import COLUMNS, code_of, key
from bureau.trail.hooks import broken_rows

CHUNK = 5000


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
    """Check every record, the gaps between them and the head; keep the codes at the `anchored` numbers."""
    previous, expected, secret = "", 1, key()
    codes: dict[int, str] = {}
    rows = AuditEvent.objects.order_by("sequence").annotate(text=Cast("detail", TextField()))
    columns = ["text" if name == "detail" else name for name in COLUMNS]
    for *content, code in rows.values_list(*columns, "code").iterator(chunk_size=CHUNK):
        if content[0] != expected or not hmac.compare_digest(code, code_of(secret, previous, *content)):
            return Chain(expected - 1, previous, expected, codes)
        if expected in anchored:
            codes[expected] = code
        previous, expected = code, expected + 1
    head = AuditHead.objects.filter(pk=1).values_list("sequence", "code").first() or (0, "")
    return Chain(expected - 1, previous, None if head == (expected - 1, previous) else expected, codes)
