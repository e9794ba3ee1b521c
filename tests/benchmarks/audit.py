"""The audit trail at 100,000 records (or as many as the first argument says): adding, verifying, paging, filtering.

python tests/benchmarks/audit.py [1000000]
python tests/postgres.py python tests/benchmarks/audit.py [1000000]
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta

import frame

ADDED = 1000


def main(size: int) -> None:
    vendor = frame.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from bureau import audit
    from bureau.models import AuditEvent, AuditHead, User
    from bureau.trail import queries
    from bureau.trail.canonical import canonical
    from bureau.trail.chain import code_of
    from bureau.trail.queries import Wanted
    from bureau.trail.verify import verify_chain

    settings.AUDIT_ANCHOR_FILE = settings.FILES_ROOT.with_name("anchors")
    people = [User.objects.create(username=f"clerk{n}") for n in range(60)]
    chance = random.Random(2016)
    acts = ("entries.save",) * 60 + ("submission.submit",) * 20 + ("submission.approve",) * 12 + (
        "session.start",) * 6 + ("access.refused", "month.publish")  # fmt: skip
    head = AuditHead.objects.get()
    code, secret, moment = head.code, settings.AUDIT_KEY.encode(), datetime(2017, 1, 1, tzinfo=UTC)
    batch = []
    for sequence in range(head.sequence + 1, size + 1):
        moment += timedelta(seconds=chance.randint(1, 120))
        act = chance.choice(acts)
        event = AuditEvent(
            sequence=sequence, at=moment, by=chance.choice(people), act=act,
            object=f"yj01 33042400{chance.randint(1, 9)}",
            reason="核对台账后更正" if act == "submission.approve" else "",
            detail={"cells": 12, "source": "grid"}, address=f"10.1.{chance.randint(0, 9)}.{chance.randint(1, 250)}",
            succeeded=act != "access.refused",
        )  # fmt: skip
        event.code = code = code_of(
            secret, code, sequence, moment, event.by_id, act, event.object, event.reason, canonical(event.detail),
            event.address, event.succeeded, 0, "",
        )  # fmt: skip
        batch.append(event)
        if len(batch) == 5000 or sequence == size:
            AuditEvent.objects.bulk_create(batch)
            batch.clear()
    AuditHead.objects.update(sequence=size, code=code)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    print(f"\n## The audit trail, {size:,} records, {vendor}\n| step | ms |\n|---|---|")
    worked, begun = time.process_time(), time.perf_counter()
    found = verify_chain()
    say(f"verify the whole chain (of it {time.process_time() - worked:.2f} s of work in Python)", begun)
    assert (found.count, found.broken) == (size, None), found
    half = moment - (moment - datetime(2017, 1, 1, tzinfo=UTC)) / 2
    for name, wanted, before in (
        ("first page", Wanted(), None),
        ("a page in the middle", Wanted(), size // 2),
        ("of one person", Wanted(person="clerk7"), None),
        ("of one act, rare", Wanted(act="month.publish"), size // 2),
        ("of one kind", Wanted(kind="entry"), size // 2),
        ("not succeeded", Wanted(succeeded=False), size // 2),
        ("of one address", Wanted(address="10.1.3.77"), None),
        ("of one day long ago", Wanted(since=half, until=half + timedelta(days=1)), None),
        ("of the older half", Wanted(until=half), None),
        ("of the older half, one person", Wanted(until=half, person="clerk7"), None),
        ("a text in reasons, frequent", Wanted(text="台账"), None),
        ("a text that is nowhere", Wanted(text="没有这样的话"), None),
        ("an object that is nowhere", Wanted(object="yj99"), None),
    ):
        begun = time.perf_counter()
        page = queries.page(wanted, before=before)
        say(f"{name} ({len(page.events)} rows)", begun)
    begun = time.perf_counter()
    for _ in range(ADDED):
        with transaction.atomic():
            audit.record("entries.save", by=people[0], object="yj01 330424001", detail={"cells": 12})
    say(f"add {ADDED:,} records, each committed", begun)
    begun = time.perf_counter()
    with transaction.atomic():
        for _ in range(ADDED):
            audit.record("entries.save", by=people[0], object="yj01 330424001", detail={"cells": 12})
    say(f"add {ADDED:,} records in one transaction", begun)


def say(name: str, begun: float) -> None:
    print(f"| {name} | {(time.perf_counter() - begun) * 1000:,.1f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
