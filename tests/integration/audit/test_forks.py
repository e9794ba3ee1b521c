"""Many writers at once leave one chain: no fork, no missing number, each record once."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from bureau import audit
from bureau.models import AuditEvent
from bureau.trail.verify import verify
from tests.reliability import scale

EACH = 15


@pytest.mark.django_db(transaction=True)
def test_writers_at_one_moment_leave_one_chain(anchor_file):
    writers = scale.number(suite=8, full=64)
    gate, failures = threading.Barrier(writers), []

    def write(writer: int) -> None:
        try:
            gate.wait()
            for number in range(EACH):
                with transaction.atomic():
                    audit.record("derived.rebuild", by=None, object=f"{writer}/{number}")
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = verify()
    missing = writers * EACH - found.count
    scale.result("F4", "records missing or forked with writers at once", writers * EACH, missing)
    assert (found.holds, missing) == (True, 0)
    told = set(AuditEvent.objects.values_list("object", flat=True))
    assert told == {f"{writer}/{number}" for writer in range(writers) for number in range(EACH)}
    assert found.anchors  # the first act of the day left one, and it fits
