"""Who signs in, leaves, is refused or locked out, is refused a page or takes a file away, is on record once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from bureau import audit
from bureau.models import AuditEvent, Grant, User
from tests.integration.factories import EAST, START, WEST, cells, fill, person

pytestmark = pytest.mark.django_db
PASSWORD = "Qiantang-tide-18:30"
WRONG = "Another-Pass-2017!"
LOGIN = "/account/login/"


@pytest.fixture
def clerk(tiny) -> User:
    tiny.clerk.set_password(PASSWORD)
    tiny.clerk.save()
    return tiny.clerk


def told(*acts: str) -> list[tuple]:
    """(act, who, object, succeeded) of the records of these acts, in order."""
    found = AuditEvent.objects.filter(act__in=acts).order_by("sequence")
    return list(found.values_list("act", "by__username", "object", "succeeded"))


def sign_in(client, username: str, password: str):
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR="10.1.2.3")


SIGNING = ("session.start", "session.leave", "session.refused", "session.locked")


def test_coming_and_going_are_on_record_with_the_address(client, clerk):
    sign_in(client, "clerk", PASSWORD)
    client.post(reverse("logout"), REMOTE_ADDR="10.1.2.3")
    assert told(*SIGNING) == [
        ("session.start", "clerk", "clerk", True),
        ("session.leave", "clerk", "clerk", True),
    ]
    assert set(AuditEvent.objects.filter(act__in=SIGNING).values_list("address", flat=True)) == {"10.1.2.3"}


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_a_refused_sign_in_is_on_record_without_the_password(client, clerk, username):
    sign_in(client, username, WRONG)
    assert told(*SIGNING) == [("session.refused", None, username, False)]
    event = AuditEvent.objects.get(act="session.refused")
    assert event.detail == {"username": username}
    assert WRONG not in repr(AuditEvent.objects.values_list())


def test_a_name_meant_to_break_the_log_is_one_line(client, clerk):
    sign_in(client, "x\r\n2026 session.start admin\x1b[2j\u202e" + "长" * 100, WRONG)
    name = AuditEvent.objects.get(act="session.refused").detail["username"]
    assert name == "x\\r\\n2026 session.start admin\\x1b[2j\\u202e" + "长" * 100


def test_a_lock_is_on_record_once_however_often_it_is_tried(client, clerk):
    for _ in range(12):
        sign_in(client, "clerk", WRONG)
    assert [act for act, *_ in told(*SIGNING)] == ["session.refused"] * 5 + ["session.locked"]


def test_who_cannot_be_put_on_record_does_not_come_in(client, clerk, audit_fails):
    client.raise_request_exception = False
    assert sign_in(client, "clerk", PASSWORD).status_code == 500
    assert client.get("/account/").status_code == 302  # to the sign-in page
    assert User.objects.get(pk=clerk.pk).last_login is None


def test_a_refused_page_is_on_record_once_in_ten_minutes(client, tiny):
    client.force_login(tiny.clerk)
    elsewhere = reverse("entry", args=["town", WEST, "2015-01"])
    for _ in range(3):
        assert client.get(elsewhere).status_code == 404
    assert client.get(reverse("review_list")).status_code == 403
    assert told("access.refused") == [
        ("access.refused", "clerk", "entry", False),
        ("access.refused", "clerk", "review_list", False),
    ]
    first = AuditEvent.objects.filter(act="access.refused").order_by("sequence").first()
    assert first.detail == {"path": elsewhere, "method": "GET", "status": 404}


def test_after_ten_minutes_it_is_on_record_again(client, tiny, monkeypatch):
    from bureau import clock

    client.force_login(tiny.clerk)
    client.get(reverse("review_list"))
    now = clock.now()
    monkeypatch.setattr("bureau.clock.now", lambda: now + timedelta(minutes=10, seconds=1))
    client.get(reverse("review_list"))
    assert len(told("access.refused")) == 2


def test_an_address_that_leads_nowhere_and_a_stranger_leave_nothing(client, tiny):
    assert client.get(reverse("review_list")).status_code == 302
    client.force_login(tiny.clerk)
    client.get("/no/such/page")
    assert told("access.refused") == []


def test_a_refusal_stands_even_if_it_cannot_be_put_on_record(client, tiny, monkeypatch):
    from django.db import DatabaseError

    def refuse(*args, **options):
        raise DatabaseError("the disk is full")

    client.force_login(tiny.clerk)
    monkeypatch.setattr(AuditEvent, "save", refuse)
    assert client.get(reverse("review_list")).status_code == 403


def test_a_download_is_on_record_and_not_given_without(client, tiny, request):
    client.force_login(tiny.clerk)
    template = reverse("template", args=["town", EAST, "2015-01"])
    assert client.get(template).status_code == 200
    assert told("file.download") == [("file.download", "clerk", "template", True)]
    request.getfixturevalue("audit_fails")
    client.raise_request_exception = False
    assert client.get(template).status_code == 500


def test_records_of_a_request_bear_its_address(client, tiny):
    tiny_auditor = person("auditor", (Grant.Role.AUDITOR, None))
    client.force_login(tiny_auditor)
    client.get(reverse("audit_export"), REMOTE_ADDR="2001:db8::7")
    assert AuditEvent.objects.get(act="audit.export").address == "2001:db8::7"


def test_no_secret_is_in_the_trail(client, clerk, tiny):
    """After a walk through signing in, a refusal and work: no password, hash, session key or form token."""
    sign_in(client, "clerk", WRONG)
    sign_in(client, "clerk", PASSWORD)
    client.get(reverse("review_list"))
    fill(tiny, "town", EAST, START, {(EAST, "D01"): 12})
    cells(tiny, {})
    with transaction.atomic():
        audit.record("derived.rebuild", by=None)
    clerk.refresh_from_db()
    everything = repr(list(AuditEvent.objects.values_list()))
    secrets = [PASSWORD, WRONG, clerk.password, client.session.session_key, client.cookies["csrf"].value]
    assert [secret for secret in secrets if secret in everything] == []
