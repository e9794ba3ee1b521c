"""Signing in: guesses are counted whoever they are aimed at, and no answer tells whether an account exists (E1, E2)."""

from __future__ import annotations

import re
import statistics
import threading
import time
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from bureau import clock
from bureau.models import AuditEvent, User
from bureau.people import accounts
from bureau.people.backend import AccountBackend
from tests.integration.people.conftest import PASSWORD, as_, sign_in
from tests.reliability.scale import FULL, number, result


@pytest.fixture
def accounts_of_all_kinds(clerk) -> dict[str, str]:
    """Kinds of accounts that cannot be signed in to, and one that can with the right password: kind → name."""
    User.objects.create_user("disabled", password=PASSWORD, is_active=False)
    User.objects.create_user("expired", password=PASSWORD, expires_on=clock.real_day() - timedelta(days=1))
    User.objects.create_user(
        "late", password=PASSWORD, must_change_password=True, one_time_until=clock.now() - timedelta(minutes=1)
    )
    User.objects.create(username="unusable", password=make_password(None))
    return {"existing": "lu.min", **{name: name for name in ("disabled", "expired", "late", "unusable", "absent")}}


def said(answer, name: str) -> str:
    """The page without what differs by nature: the token and the name typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return text.replace(name, "NAME")


def test_a_person_signs_in_with_the_right_password(clerk):
    assert sign_in("lu.min").status_code == 302


@pytest.mark.parametrize("typed", ["LU.MIN", " lu.min ", "Ｌu．min"])
def test_the_accounts_name_is_the_same_in_any_case_and_width(clerk, typed):
    assert sign_in(typed).status_code == 302


def test_no_answer_tells_an_account_that_exists_from_one_that_does_not(accounts_of_all_kinds):
    for attempt in range(1, 8):
        answers = {kind: sign_in(name, "Wrong-guess#99") for kind, name in accounts_of_all_kinds.items()}
        pages = {(one.status_code, said(one, accounts_of_all_kinds[kind])) for kind, one in answers.items()}
        assert len(pages) == 1, f"attempt {attempt}"
        assert next(iter(pages))[0] == (422 if attempt < 5 else 429)


def test_the_right_password_of_a_closed_account_is_answered_like_a_wrong_one(accounts_of_all_kinds):
    wrong = sign_in("absent", PASSWORD)
    for kind in ("disabled", "expired", "late"):
        right = sign_in(kind, PASSWORD)
        assert (right.status_code, said(right, kind)) == (wrong.status_code, said(wrong, "absent")), kind


def test_one_password_is_hashed_whatever_is_wrong(accounts_of_all_kinds, monkeypatch):
    """Equal time without a stop watch: the hash is by far the dearest part of an answer."""
    from django.contrib.auth import hashers

    hashed = []
    for hasher in {type(hashers.get_hasher())}:
        encode = hasher.encode
        monkeypatch.setattr(hasher, "encode", lambda self, *a, _e=encode, **k: hashed.append(1) or _e(self, *a, **k))
    for kind, name in accounts_of_all_kinds.items():
        hashed.clear()
        AccountBackend().authenticate(None, username=name, password="Wrong-guess#99")
        assert len(hashed) == 1, kind


@pytest.mark.skipif(not FULL, reason="a stop watch needs a quiet machine: RELIABILITY=full")
def test_the_answers_take_the_same_time(accounts_of_all_kinds, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    User.objects.exclude(username="unusable").update(password=make_password(PASSWORD))
    kinds = ("existing", "absent", "disabled")
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(167):
        for kind in kinds:
            begun = time.perf_counter()
            AccountBackend().authenticate(None, username=accounts_of_all_kinds[kind], password="Wrong-guess#99")
            times[kind].append(time.perf_counter() - begun)
    means = {kind: statistics.mean(sorted(found)[8:-8]) for kind, found in times.items()}
    slower = max(means.values()) / min(means.values()) - 1
    result("E2", f"answers of three kinds of account: {slower:.1%} apart, at most 5 %", 501, int(slower > 0.05))
    assert slower <= 0.05, means


def test_a_wrong_password_says_how_many_tries_are_left(clerk):
    texts = [sign_in("lu.min", "Wrong-guess#99").content.decode() for _ in range(4)]
    for left, text in zip((4, 3, 2, 1), texts, strict=True):
        assert f"还可试 {left} 次；之后该账号锁定 15 分钟，不影响同事登录" in text


def test_the_lock_page_says_what_happened_and_what_next(clerk):
    for _ in range(5):
        answer = sign_in("lu.min", "Wrong-guess#99")
    assert answer.status_code == 429
    text = answer.content.decode()
    assert "账号 lu.min 连续 5 次登录没有成功，暂时锁定" in text
    assert "过 15 分钟再试" in text
    assert sign_in("lu.min").status_code == 429, "also with the right one"


def test_the_lock_ends_after_a_quarter_of_an_hour_though_guesses_go_on(clerk):
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        for _ in range(5):
            sign_in("lu.min", "Wrong-guess#99")
        travel.move_to(start + timedelta(minutes=14))
        assert sign_in("lu.min").status_code == 429
        travel.move_to(start + timedelta(minutes=15, seconds=1))
        assert sign_in("lu.min").status_code == 302


def test_others_at_the_same_address_sign_in_while_one_is_locked(clerk):
    others = [User.objects.create_user(f"colleague{n}", password=PASSWORD) for n in range(number(suite=12, full=63))]
    for _ in range(6):
        sign_in("lu.min", "Wrong-guess#99")
    assert {sign_in(one.username).status_code for one in others} == {302}


def test_another_address_does_not_get_five_more_guesses(clerk):
    answers = [sign_in("lu.min", "Wrong-guess#99", REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(1, 8)]
    assert answers == [422] * 4 + [429] * 3


def test_unlocking_is_an_administrators_recorded_act(clerk, staff):
    for _ in range(5):
        sign_in("lu.min", "Wrong-guess#99")
    answer = as_(staff.system).post(f"/accounts/{clerk.pk}/", {"action": "unlock"})
    assert answer.status_code == 302
    assert sign_in("lu.min").status_code == 302
    event = AuditEvent.objects.get(act="account.unlock")
    assert (event.by, event.object) == (staff.system, "lu.min")
    assert accounts.locked_names() == set()


@pytest.mark.django_db(transaction=True)
def test_of_guesses_made_at_once_at_most_five_reach_the_password(monkeypatch):
    User.objects.create_user("lu.min", password=PASSWORD)
    evaluated, answers, guard = [], [], threading.Lock()
    check = User.check_password

    def counted(self, raw):
        evaluated.append(raw)
        time.sleep(0.002)
        return check(self, raw)

    monkeypatch.setattr(User, "check_password", counted)
    tries = number(suite=60, full=1000)
    guesses = iter(range(tries))

    def guess() -> None:
        try:
            while True:
                with guard:
                    number = next(guesses, None)
                if number is None:
                    return
                answers.append(sign_in("lu.min", f"Guess-{number}#Kw").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(number(suite=8, full=16))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    result("E1", "guesses at one account at once; more than five evaluated", tries, max(0, len(evaluated) - 5))
    assert len(answers) == tries
    assert len(evaluated) == 5
    assert sorted(set(answers)) == [422, 429]


def test_signing_in_goes_on_to_the_page_asked_for_and_nowhere_else(clerk):
    page = {"username": "lu.min", "password": PASSWORD}
    assert Client().post("/account/login/", page | {"next": "/account/?stay"}).url == "/account/?stay"
    assert Client().post("/account/login/", page | {"next": "https://evil.example/"}).url == "/account/"


@pytest.mark.parametrize(("last_day", "code"), [(0, 302), (-1, 422)])
def test_an_account_is_good_to_the_end_of_its_last_day(clerk, last_day, code):
    User.objects.filter(pk=clerk.pk).update(expires_on=clock.real_day() + timedelta(days=last_day))
    assert sign_in("lu.min").status_code == code


def test_the_last_day_is_a_day_in_shanghai(clerk):
    User.objects.filter(pk=clerk.pk).update(expires_on=date(2026, 3, 31))
    with time_machine.travel("2026-03-31T15:59:59Z", tick=False):
        assert sign_in("lu.min").status_code == 302
    with time_machine.travel("2026-03-31T16:00:01Z", tick=False):
        assert sign_in("lu.min").status_code == 422


@pytest.mark.parametrize("typed", ["", "\x00", "a" * 5000, "' OR 1=1 --", "😀", "<script>"])
def test_odd_names_are_refused_not_broken(db, typed):
    assert sign_in(typed, "x").status_code == 422
