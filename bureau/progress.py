"""How far a long job is, told in a small file beside the database while the job holds a lock on it.

The kernel lets go of the lock the moment the job ends, however it ends: who looks knows at once whether anybody still
works at it, and a job inside one transaction can tell of itself. Needs a POSIX system.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

Tell = Callable[[str, int, int], None]
_WIDTH = 120  # one short write, never seen by halves
_TRIES, _PAUSE = 10, 0.02  # a look holds the lock for an instant
_EVERY = 0.2


class Standing(NamedTuple):
    """The step a job is at, as a code, and how much of it is done: `done` of `total`, 0 of 0 where it cannot say."""

    step: str = ""
    done: int = 0
    total: int = 0


class Taken(Exception):
    """Somebody is at this job already."""


def silent(step: str, done: int = 0, total: int = 0) -> None:
    """Tells nobody."""


@contextmanager
def working(job: str) -> Iterator[Tell]:
    """Hold the job while the block runs and get the function that tells how far it is; Taken if another holds it."""
    path = _path(job)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        _lock(handle, job)
        os.pwrite(handle, b" " * _WIDTH, 0)
        try:
            yield _teller(handle)
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def standing(job: str) -> Standing | None:
    """How far the job is; None while nobody works at it."""
    try:
        handle = os.open(_path(job), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        told = os.pread(handle, _WIDTH, 0).strip()
        return Standing(*json.loads(told)) if told else Standing()
    finally:
        os.close(handle)
    return None


def _path(job: str) -> Path:
    return Path(settings.FILES_ROOT) / "progress" / job


def _lock(handle: int, job: str) -> None:
    for _ in range(_TRIES):
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
    raise Taken(job)


def _teller(handle: int) -> Tell:
    """Writes what it is told, a step's beginning always, what lies within it a few times a second."""
    last = ("", 0.0)

    def tell(step: str, done: int = 0, total: int = 0) -> None:
        nonlocal last
        now = time.monotonic()
        if step != last[0] or now - last[1] >= _EVERY:
            last = step, now
            os.pwrite(handle, json.dumps([step, done, total]).encode().ljust(_WIDTH), 0)

    return tell
