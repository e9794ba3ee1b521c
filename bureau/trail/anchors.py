"""Anchors (锚点): the chain's head written down outside the database, so that a cut or rewritten trail is found.

One line each, added and never changed: moment, number, code. A copy goes to the log, whose own copies lie elsewhere;
`manage.py audit anchor` prints it for paper. Kept when the service starts and with each day's first act.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bureau import clock
from bureau.models import AuditHead

log = logging.getLogger("bureau.audit")
RETRY_SECONDS = 600
_again_from = 0.0
_LINE = re.compile(r"(?P<at>\S{25}) (?P<sequence>\d{1,18}) (?P<code>[0-9a-f]{64})")


@dataclass(frozen=True)
class Anchor:
    """The chain's head as it was at a moment."""

    at: datetime
    sequence: int
    code: str

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at).isoformat(timespec='seconds')} {self.sequence} {self.code}"


def keep() -> Anchor | None:
    """Write down the head as it stands; None while there is no record, or when the last anchor says the same."""
    head = AuditHead.objects.filter(pk=1).first()
    if head is None or not head.sequence:
        return None
    anchor = Anchor(clock.now(), head.sequence, head.code)
    last = kept()[0][-1:]
    if last and (last[0].sequence, last[0].code) == (anchor.sequence, anchor.code):
        return None
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write(f"{anchor}\n")
        file.flush()
        os.fsync(file.fileno())
    log.info("audit anchor %s", anchor)
    return anchor


def kept() -> tuple[list[Anchor], list[int]]:
    """All anchors in the file, oldest first, and the numbers of lines that are none."""
    found, spoilt = [], []
    for number, line in enumerate(_lines(), start=1):
        match = _LINE.fullmatch(line)
        try:
            if match is None:
                raise ValueError
            found.append(Anchor(datetime.fromisoformat(match["at"]), int(match["sequence"]), match["code"]))
        except ValueError:
            spoilt.append(number)
    return found, spoilt


def _lines() -> Sequence[str]:
    path = _path()
    return path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else ()


def due() -> bool:
    """Was the last anchor kept before today? Not asked again for a while after one could not be kept."""
    if time.monotonic() < _again_from:
        return False
    try:
        last = _path().stat().st_mtime
    except OSError:  # none yet, or a place that cannot be read: keep() will say so
        return True
    return date.fromtimestamp(last) < clock.real_day()


def keep_daily() -> None:
    """Keep an anchor unless today has one: after the commit of a day's first act. What is done stands if it fails."""
    global _again_from
    if due():
        try:
            keep()
        except OSError:
            _again_from = time.monotonic() + RETRY_SECONDS
            log.exception("the audit anchor could not be written")


def _path() -> Path:
    return Path(settings.AUDIT_ANCHOR_FILE)
