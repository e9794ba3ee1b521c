"""Works the chain out again from its first record and says where it first fails."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.db.models import TextField
from django.db.models.functions import Cast

from bureau.models import AuditEvent, AuditHead
from bureau.trail.chain import COLUMNS, code_of, key

CHUNK = 5000


@dataclass(frozen=True)
class Chain:
    """How many records hold, the number and code of the last of them, the first broken number or None."""

    count: int
    sequence: int
    code: str
    broken: int | None
    codes: dict[int, str]


def verify_chain(anchored: frozenset[int] = frozenset()) -> Chain:
    """Check every record, the gaps between them and the head; keep the codes at the `anchored` numbers."""
    previous, expected, secret = "", 1, key()
    codes: dict[int, str] = {}
    rows = AuditEvent.objects.order_by("sequence").annotate(text=Cast("detail", TextField()))
    columns = ["text" if name == "detail" else name for name in COLUMNS]
    for *content, code in rows.values_list(*columns, "code").iterator(chunk_size=CHUNK):
        if content[0] != expected or not hmac.compare_digest(code, code_of(secret, previous, *content)):
            return Chain(expected - 1, expected - 1, previous, expected, codes)
        if expected in anchored:
            codes[expected] = code
        previous, expected = code, expected + 1
    head = AuditHead.objects.filter(pk=1).values_list("sequence", "code").first() or (0, "")
    holds = head == (expected - 1, previous)
    return Chain(expected - 1, expected - 1, previous, None if holds else expected, codes)
