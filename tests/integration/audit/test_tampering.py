"""Whatever is done to the trail behind the program's back is found, with the first wrong number named."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from bureau import clock
from bureau.models import AuditEvent, AuditHead, User
from bureau.trail import anchors
from bureau.trail.canonical import canonical
from bureau.trail.chain import code_of
from bureau.trail.verify import verify
from tests.integration.audit.conftest import LENGTH
from tests.reliability import scale

EVENTS = AuditEvent.objects
EDITS: dict[str, Callable[[AuditEvent, User], object]] = {
    "sequence": lambda event, other: 10_000 + event.sequence,
    "at": lambda event, other: event.at + timedelta(microseconds=1),
    "by": lambda event, other: other,
    "act": lambda event, other: "entries.sawe",
    "object": lambda event, other: event.object + " ",
    "reason": lambda event, other: event.reason + "。",
    "detail": lambda event, other: {**event.detail, "cells": event.detail["cells"] + 1},
    "address": lambda event, other: "10.1.2.4",
    "succeeded": lambda event, other: not event.succeeded,
    "revisions": lambda event, other: event.revisions + 1,
    "revisions_digest": lambda event, other: "f" * 64,
    "code": lambda event, other: event.code[::-1],
}


def edit(chance: random.Random, column: str) -> int:
    """Change one column of one record."""
    event = EVENTS.get(sequence=chance.randint(1, LENGTH))
    other = User.objects.get_or_create(username="other")[0]
    EVENTS.filter(pk=event.pk).update(**{column: EDITS[column](event, other)})
    return event.sequence


def delete(chance: random.Random) -> int:
    number = chance.randint(1, LENGTH)
    EVENTS.filter(sequence=number).delete()
    return number


def delete_and_close_the_gap(chance: random.Random) -> int:
    number = chance.randint(1, LENGTH - 1)
    EVENTS.filter(sequence=number).delete()
    EVENTS.filter(sequence__gt=number).update(sequence=-F("sequence") + 1)
    EVENTS.filter(sequence__lt=0).update(sequence=-F("sequence"))
    return number


def swap(chance: random.Random) -> int:
    first, second = sorted(chance.sample(range(1, LENGTH + 1), 2))
    EVENTS.filter(sequence=first).update(sequence=-1)
    EVENTS.filter(sequence=second).update(sequence=first)
    EVENTS.filter(sequence=-1).update(sequence=second)
    return first


def insert(chance: random.Random) -> int:
    """A record slipped in, those after it moved on."""
    number = chance.randint(1, LENGTH)
    EVENTS.filter(sequence__gte=number).update(sequence=-F("sequence") - 1)
    EVENTS.filter(sequence__lt=0).update(sequence=-F("sequence"))
    event = EVENTS.get(sequence=number + 1)
    event.pk, event.sequence, event.object = None, number, "slipped in"
    event.save(force_insert=True)
    return number


def cut_the_tail(chance: random.Random) -> int:
    number = chance.randint(2, LENGTH)
    EVENTS.filter(sequence__gte=number).delete()
    return number


def cut_the_tail_and_rewind_the_head(chance: random.Random) -> int:
    """Only the anchor outside tells."""
    number = cut_the_tail(chance)
    AuditHead.objects.update(sequence=number - 1, code=EVENTS.get(sequence=number - 1).code)
    return number


def rewrite(chance: random.Random, first: int) -> int:
    """Records worked over and coded anew with a guessed key, the head with them."""
    before = EVENTS.filter(sequence=first - 1).first()
    code = before.code if before else ""
    for event in EVENTS.filter(sequence__gte=first).order_by("sequence"):
        code = code_of(
            b"a guess", code, event.sequence, event.at, event.by_id, event.act, "nothing", event.reason,
            canonical(event.detail), event.address, event.succeeded, event.revisions, event.revisions_digest,
        )  # fmt: skip
        EVENTS.filter(pk=event.pk).update(code=code, object="nothing")
    AuditHead.objects.update(code=code)
    return first


def lose_everything(chance: random.Random) -> int:
    EVENTS.all().delete()
    AuditHead.objects.all().delete()
    return 1


KINDS: list[tuple[str, Callable[[random.Random], int]]] = [
    *((f"edit of {column}", lambda chance, column=column: edit(chance, column)) for column in EDITS),
    ("deletion", delete),
    ("deletion with the gap closed", delete_and_close_the_gap),
    ("swap", swap),
    ("insertion", insert),
    ("cut tail", cut_the_tail),
    ("cut tail with the head rewound", cut_the_tail_and_rewind_the_head),
    ("tail rewritten", lambda chance: rewrite(chance, chance.randint(2, LENGTH))),
    ("all rewritten", lambda chance: rewrite(chance, 1)),
    ("all gone", lose_everything),
]


@pytest.mark.django_db
def test_every_tampering_is_found_and_its_first_number_named(trail, unguarded, anchor_file):
    anchors.keep()
    assert verify().holds
    tries = scale.number(suite=105, full=1000)
    amiss = []
    for seed in range(tries):
        name, tamper = KINDS[seed % len(KINDS)]
        with transaction.atomic():
            wrong = tamper(random.Random(seed))
            found = verify()
            transaction.set_rollback(True)
        if found.holds or found.broken != wrong:
            amiss.append((seed, name, wrong, found.broken))
    scale.result("F2", "tamperings of the trail not found or wrongly placed", tries, len(amiss))
    assert amiss == []
    assert verify().holds


@pytest.mark.django_db
def test_a_trail_rewritten_with_the_real_key_is_found_by_its_anchor_alone(trail, unguarded, anchor_file, settings):
    anchors.keep()
    with transaction.atomic():
        code = EVENTS.get(sequence=99).code
        for event in EVENTS.filter(sequence__gte=100).order_by("sequence"):
            code = code_of(
                settings.AUDIT_KEY.encode(), code, event.sequence, event.at, event.by_id, event.act, "other",
                event.reason, canonical(event.detail), event.address, event.succeeded, event.revisions,
                event.revisions_digest,
            )  # fmt: skip
            EVENTS.filter(pk=event.pk).update(code=code, object="other")
        AuditHead.objects.update(code=code)
    found = verify()
    assert (found.chain, found.anchor, found.broken) == (None, LENGTH, LENGTH)


@pytest.mark.django_db
def test_a_clock_set_back_breaks_nothing(trail):
    from bureau import audit

    with transaction.atomic():
        audit.record("entries.save", by=trail, at=clock.now() - timedelta(days=1))
    assert verify().holds
    assert verify().count == LENGTH + 1
