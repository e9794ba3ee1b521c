"""The small county with January 2015 released, and people to report on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from bureau.models import Grant, Section, User
from indicators.entry import workflow
from indicators.models import PublishedMonth, Submission
from indicators.publish import publish
from reports import printing
from tests.integration import factories
from tests.integration.factories import EAST, START, WEST, approved, cells, person

Role = Grant.Role
MONTH = START


def reporting() -> SimpleNamespace:
    """A01 is 4 in January 2015: two towns with 3 new jobs and 1 lost each."""
    tiny = factories.tiny_county()
    bgs = Section.objects.create(code="bgs", name="办公室")
    for town in (EAST, WEST):
        approved(tiny, "town", town, MONTH, {(town, "D01"): 3, (town, "D02"): 1})
    release = publish(tiny.county, MONTH, by=tiny.office)
    people = {
        "leader": person("leader", (Role.LEADER, None)),
        "second": person("second", (Role.OFFICE, None)),
        "writer": person("writer", (Role.SECTION_CLERK, tiny.sections["jyj"])),
        "outsider": person("outsider", (Role.SECTION_CLERK, tiny.sections["sbj"])),
    }
    return SimpleNamespace(**vars(tiny) | people, bgs=bgs, release=release)


@pytest.fixture(scope="module")
def released(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Made once a module; its tests run in savepoints within."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield reporting()
        transaction.set_rollback(True)


@pytest.fixture
def place(db, released) -> SimpleNamespace:
    return released


def correct(place: SimpleNamespace) -> PublishedMonth:
    """East had 5 new jobs, not 3: A01 is 6 in a second version of January."""
    submission = Submission.objects.get(form__code="town", place__code=EAST, month=MONTH)
    workflow.correct(submission, by=place.clerk, reason="台账核对后更正")
    workflow.save(submission, cells(place, {(EAST, "D01"): 5}), by=place.clerk, source="grid")
    workflow.submit(submission, by=place.clerk)
    workflow.approve(submission, by=place.reviewer)
    return publish(place.county, MONTH, by=place.office, reason="东镇新增就业更正")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def queued(settings) -> None:
    """The worker's queue is the real one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def counted(monkeypatch) -> list[str]:
    """Every printing in Word, as the digest of what was printed."""
    found: list[str] = []
    word = printing.word

    def count(manuscript):
        content = word(manuscript)
        found.append(hashlib.sha256(content).hexdigest())
        return content

    monkeypatch.setattr(printing, "word", count)
    return found


@pytest.fixture
def printed(monkeypatch) -> None:
    """PDF is printed whatever this machine has."""
    monkeypatch.setattr(printing, "pdf", lambda manuscript: b"%PDF-1.7 " + manuscript.plain_title.encode())
