"""A1: the worker is killed at any moment of upload, confirmation, approval: what was told is there, nothing half."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from bureau import audit, files
from bureau.models import StoredFile
from indicators.entry import workflow
from indicators.models import Entry, Figure, Submission, Upload
from tests.integration.factories import EAST, START
from tests.integration.harm.worker import MONTHS
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """The address of the test's own database, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture
def worker(tiny_committed) -> Iterator[subprocess.Popen]:
    """The nursery of workers, with an empty submission of each month before it."""
    for month in range(START, START + MONTHS):
        workflow.submission_for(tiny_committed.forms["village"], tiny_committed.areas[EAST], month)
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.harm.worker", str(settings.FILES_ROOT)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.stdout.close()
    process.kill()
    process.wait()


def killed_once(worker: subprocess.Popen, first: int, dice: random.Random) -> list[list[str]]:
    """A child that begins with the number `first`, killed a while after some of its acknowledgements; what it told."""
    worker.stdin.write(f"{first}\n")
    worker.stdin.flush()
    told, enough, child = [], dice.randint(1, 5), 0
    while True:
        line = worker.stdout.readline()
        assert line, "the nursery lives on"
        word, *rest = line.split()
        if word == "gone":
            return told
        if word == "child":
            child = int(rest[0])
        else:
            told.append([word, *rest])
        if child and len(told) == enough:
            time.sleep(dice.random() * 0.15)
            os.kill(child, signal.SIGKILL)


def test_whatever_was_acknowledged_is_there_and_nothing_is_half_done(worker):
    dice, kills, lost, half = random.Random(1), number(suite=2, full=100), [], []
    confirmed: dict[int, int] = {}
    approved: dict[int, int] = {}
    read: set[int] = set()
    acknowledged = 0
    for turn in range(kills):
        for word, value, where in killed_once(worker, 1_000 * (turn + 1), dice):
            acknowledged += 1
            if word == "read":
                read.add(int(where))
            else:
                (confirmed if word == "confirmed" else approved)[int(where)] = int(value)
        for month in range(START, START + MONTHS):
            typed = set(Entry.objects.filter(submission__month=month).values_list("value", flat=True))
            figures = set(Figure.objects.filter(month=month).values_list("value", flat=True))
            state = Submission.objects.get(month=month).state
            if len(typed) > 1 or len(figures) > 1 or (state == "approved" and typed != figures):
                half.append((turn, month, typed, figures, state))
            if confirmed.get(month, 0) > max(typed, default=0) or approved.get(month, 0) > max(figures, default=0):
                lost.append((turn, month, confirmed.get(month), approved.get(month), typed, figures))
        if audit.first_broken() is not None:
            half.append((turn, "audit chain"))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                found = (
                    cursor.execute("PRAGMA integrity_check").fetchall()
                    + cursor.execute("PRAGMA foreign_key_check").fetchall()
                )
            half += [(turn, found)] if found != [("ok",)] else []
        connection.close()
    lost += [("preview", pk) for pk in read - set(Upload.objects.values_list("pk", flat=True))]
    half += [
        ("file", kept.pk)
        for kept in StoredFile.objects.all()
        if hashlib.sha256(files.content_of(kept)).hexdigest() != kept.sha256
    ]
    counts = Entry.objects.values_list("submission__month", flat=True)
    half += [("rows", month) for month in set(counts) if len([one for one in counts if one == month]) != 6]
    result("A1", f"kills amid uploads, confirmations, approvals ({acknowledged} acknowledged): lost or half", kills,
           len(lost) + len(half))  # fmt: skip
    assert lost == half == []
    assert confirmed, "something was acknowledged at all"
