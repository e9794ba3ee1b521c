"""What holds for every page: the health check, headers, the size limit, error pages, and sessions that end."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

from bureau import clock
from bureau.middleware import client_address

LOGIN = "/account/login/"


@pytest.fixture
def reader(client):
    user = get_user_model().objects.create_user("reader", password="irrelevant here")
    client.force_login(user)
    return client


def is_signed_in(client) -> bool:
    """Asked of the page for changing one's own password, which every account may open."""
    return client.get("/account/password/").status_code == 200


@pytest.mark.django_db
def test_the_health_check_answers_without_signing_in_and_is_not_kept(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_the_health_check_says_so_when_the_database_is_gone(client, monkeypatch):
    def gone(*args):
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "gone" not in answer.content.decode()


@pytest.mark.django_db
def test_who_is_not_signed_in_is_asked_to_sign_in(client):
    answer = client.get("/account/password/")
    assert answer.status_code == 302
    assert answer.url == f"{LOGIN}?next=/account/password/"


@pytest.mark.django_db
def test_every_page_carries_the_policies(client):
    headers = client.get(LOGIN).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"], "account pages are never kept"


@pytest.mark.django_db
def test_a_page_outside_the_account_is_asked_for_again_each_time(client):
    assert client.get("/no-such-page").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
def test_a_missing_page_is_a_page_of_ours(client):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]
    assert "404" in answer.content.decode()


@pytest.mark.django_db
def test_too_large_an_upload_is_refused_before_it_is_read(client, settings):
    answer = client.post(LOGIN, data=b"x" * (settings.BODY_MAX_BYTES + 1), content_type="application/octet-stream")
    assert answer.status_code == 413
    assert "text/html" in answer.headers["Content-Type"]


@pytest.mark.django_db
def test_a_form_with_a_stale_token_is_told_so(client):
    client.handler.enforce_csrf_checks = True
    answer = client.post(LOGIN, {"username": "reader", "password": "x"})
    assert answer.status_code == 403
    assert "这一页已过期" in answer.content.decode()


@pytest.mark.django_db
def test_a_session_left_alone_for_half_an_hour_ends(reader):
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        assert is_signed_in(reader)
        travel.move_to(start + timedelta(minutes=29))
        assert is_signed_in(reader)
        travel.move_to(start + timedelta(minutes=58))
        assert is_signed_in(reader), "each request counts as life"
        travel.move_to(start + timedelta(minutes=89))
        assert not is_signed_in(reader)


@pytest.mark.django_db
def test_a_busy_session_ends_after_twelve_hours(reader):
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        for minutes in range(0, 721, 20):
            travel.move_to(start + timedelta(minutes=minutes))
            assert is_signed_in(reader)
        travel.move_to(start + timedelta(minutes=721))
        assert not is_signed_in(reader)


@pytest.mark.django_db
def test_looking_twice_in_a_minute_writes_once(reader, django_assert_num_queries):
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        assert is_signed_in(reader)
        travel.move_to(start + timedelta(seconds=59))
        assert seen_at(reader) == start
        assert is_signed_in(reader)
        assert seen_at(reader) == start
        travel.move_to(start + timedelta(seconds=60))
        assert is_signed_in(reader)
        assert seen_at(reader) == start + timedelta(seconds=60)


def seen_at(client):
    return clock.now().fromisoformat(client.session["seen_at"])


@pytest.mark.django_db
def test_five_wrong_passwords_lock_the_account_and_nobody_else(client):
    users = get_user_model().objects
    users.create_user("clerk", password="right password one")
    users.create_user("neighbour", password="right password two")
    for _ in range(5):
        client.post(LOGIN, {"username": "clerk", "password": "wrong"})
    assert client.post(LOGIN, {"username": "clerk", "password": "right password one"}).status_code == 429
    assert client.post(LOGIN, {"username": "neighbour", "password": "right password two"}).status_code == 302


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "10.0.0.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (True, "not an address", ""),
        (True, None, "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_our_proxy_saw(rf, settings, behind_proxy, forwarded, address):
    settings.BEHIND_PROXY = behind_proxy
    request = rf.get("/", REMOTE_ADDR="10.0.0.1")
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(request) == address
