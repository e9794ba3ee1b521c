"""This floor's part of the audit trail: values before and after, and whether revisions are what their acts say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from django.db.models import Max

from bureau.fields import raw
from bureau.models import AuditEvent
from bureau.trail.hooks import Changed
from indicators import history
from indicators.entry.approval import KEY, WHOLE_ROWS
from indicators.models import Revision
from indicators.models.figures import CellState

SAVE, ADJUST = "entries.save", "submission.adjust"
MAKES_REVISIONS = (
    "submission.approve", "submission.approve.signed", "submission.take_back.figures", "demonstration.remove",
)  # fmt: skip
_VALUES = ("old_units", "old_state", "new_units", "new_state")
OLD_ROWS = (*KEY, *_VALUES)
FULL_ROWS = (*KEY, "number", *_VALUES, "submission", "entered_by_id", "source")
CHUNK = 5000


def changes(event: AuditEvent, most: int) -> Sequence[Changed] | None:
    """The cells an act saved, adjusted, approved or took back."""
    if event.act == SAVE:
        cells = [((*row[:3], None), row[3:]) for row in event.detail.get("changes", ())[:most]]
    elif event.act == ADJUST:
        old, new = event.detail["change"]
        cells = [((*event.detail["cell"], event.detail["month"]), (old, CellState.VALUE, new, CellState.VALUE))]
    elif event.act in MAKES_REVISIONS:
        found = Revision.objects.filter(event=event.pk).annotate(old_units=raw("old_value"), new_units=raw("new_value"))
        rows = found.order_by("pk").values_list("area", "item", "category", "month", *_VALUES)[:most]
        cells = [(row[:4], row[4:]) for row in rows]
    else:
        return None
    names = history.cell_names(cell for cell, _ in cells)
    return [
        Changed(names[cell], history.told(old, old_state), history.told(new, new_state))
        for cell, (old, old_state, new, new_state) in cells
    ]


def broken_revisions() -> Iterator[int]:
    """The numbers of acts whose revisions are fewer, more or others than the act recorded, rising; missing ones too."""
    last = AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0  # what is added meanwhile waits for the next time
    acts = AuditEvent.objects.filter(pk__lte=last, act__in=MAKES_REVISIONS).order_by("sequence")
    told = acts.values_list("pk", "sequence", "revisions", "revisions_digest", "detail")
    rows = _by_event(last)
    waiting = next(rows, None)
    for pk, sequence, count, digest, detail in told.iterator(chunk_size=CHUNK):
        whole = detail.get("digest") == WHOLE_ROWS
        found, sha = 0, hashlib.sha256()
        while waiting is not None and waiting[0] <= pk:
            if waiting[0] == pk:
                shape = waiting[1:] if whole else (*waiting[1:6], *waiting[7:11])
                sha.update(("\x1f".join("" if cell is None else str(cell) for cell in shape) + "\x1e").encode())
                found += 1
            else:  # of an act that makes none
                found = -1
            waiting = next(rows, None)
        if found != count or (sha.hexdigest() if count else "") != digest:
            yield sequence
    if waiting is not None:
        yield AuditEvent.objects.filter(pk=waiting[0]).values_list("sequence", flat=True).get()


def _by_event(last: int) -> Iterator[tuple]:
    found = Revision.objects.filter(event__lte=last).annotate(old_units=raw("old_value"), new_units=raw("new_value"))
    yield from found.order_by("event_id", *KEY).values_list("event_id", *FULL_ROWS).iterator(chunk_size=CHUNK)
