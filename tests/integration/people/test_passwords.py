"""The password policy: what it refuses, by which rule, and that no known-weak password gets through (E4)."""

from __future__ import annotations

import itertools
import random
import string
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bureau import clock
from bureau.models import AuditEvent, User
from bureau.people import guessable, passwords
from tests.integration.people.conftest import PASSWORD, as_, sign_in
from tests.reliability.scale import result

GOOD = (
    "Vivid-Otter#4172",
    "mX7#vQ2pLzK",
    "xK9-wm2T-p4Vq",
    "松鼠Kd7!爬树Qm",
    "Tr0ub4dor&3xZ",
    "x" * 3 + "Kw7#pLm2" * 7 + "Zq9$",
)


def problem(password: str, user: User | None = None) -> str:
    """What the policy says against it; '' where nothing."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.fixture
def someone() -> User:
    return User(username="lu.min", display_name="陆敏", unit="百步镇人力社保所")


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_is_taken(password, someone):
    assert problem(password, someone) == ""


def test_64_characters_and_more_are_taken_to_128():
    letters = random.Random(7)
    long = "".join(letters.choice(string.ascii_letters + string.digits + "#-!") for _ in range(128))
    assert problem(long[:64]) == problem(long) == ""
    assert "最多 128 个字符" in problem(long + "x")


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Kw7#pLm2Z", "至少 10 个字符，现在是 9 个"),
        ("kwtpl7m2zq", "四类中至少要有三类"),
        ("KWTPLMXZQR!", "四类中至少要有三类"),
        ("Kw7-海盐-pLm2Zq", "不能含“海盐”"),
        ("Kw7-H4iy4n-pLm2", "不能含“haiyan”"),
        ("Renshe#7Kw2pLm", "不能含“renshe”"),
        ("Shidian#7Kw2pL", "不能含“shidian”"),
        ("LU.MIN#7Kw2pL", "不能含“min”"),
        ("陆敏#7Kw2pLmZ", "不能含“陆敏”"),
        ("Ｈａｉｙａｎ#7Kw2", "不能含“haiyan”"),
        ("Password123!", "太容易猜"),
        ("P@ssw0rd2017", "太容易猜"),
        ("1qaz@WSX3edc", "太容易猜"),
        ("Woaini5201314!", "太容易猜"),
        ("Aa123456789!", "太容易猜"),
        ("Wang1990Min.05!"[:10] + "01", "太容易猜"),
    ],
)
def test_the_message_names_the_rule(password, rule, someone):
    assert rule in problem(password, someone)


def weak_candidates() -> list[str]:
    """Ten thousand passwords of the kinds people choose and lists hold."""
    chance = random.Random(2016)
    common = sorted(guessable.common())
    words = ["haiyan", "renshe", "shebao", "jiuye", "admin", "root", "test", "welcome", "password", "woaini", "lingdao"]
    names = [
        f"{a}{b}" for a, b in itertools.product(("wang", "li", "zhang", "chen", "liu"), ("wei", "min", "jing", "qiang"))
    ]
    runs = ["123456", "qwerty", "1qaz2wsx", "asdfgh", "abcdef", "654321", "zxcvbn", "q1w2e3r4", "!@#$%^"]
    dates = [
        f"{year}{month:02}{day:02}" for year in range(1960, 2018, 3) for month in (1, 6, 12) for day in (1, 15, 28)
    ]
    found = chance.sample(common, 4000)
    found += [word.capitalize() + tail for word in chance.sample(common, 1500) for tail in ("1!",)]
    found += [
        word.capitalize() + mark + date for word in names for mark in ("", "@") for date in chance.sample(dates, 12)
    ]
    found += [word.capitalize() + mark + run for word in words for mark in ("", "#", "_") for run in runs]
    found += [run.capitalize() + mark + word for word in names for mark in ("!", ".") for run in runs]
    found += [word + date for word in (*words, *names) for date in chance.sample(dates, 12)]
    found += ["海盐" + run.capitalize() + "!" for run in runs] + [
        "人社" + date + "Aa" for date in chance.sample(dates, 60)
    ]
    found += [
        "".join(chance.choice(kind) for _ in range(chance.randint(1, 9))) for kind in [string.printable[:94]] * 900
    ]
    single = (string.digits, string.ascii_lowercase, string.ascii_uppercase, "!@#$%^&*()_+-=")
    pairs = [one + other for one, other in itertools.combinations(single, 2)]
    found += [
        "".join(chance.choice(kind) for _ in range(chance.randint(10, 20)))
        for kind in (*single, *pairs)
        for _ in range(150)
    ]
    found += [letter * size + "A1!" for letter in string.ascii_lowercase for size in (8, 10, 12)]
    return (found + [f"Aa{number:06}!" for number in range(123400, 133400)])[:10_000]


def test_of_ten_thousand_weak_passwords_none_is_taken(someone):
    candidates = weak_candidates()
    assert len(candidates) == 10_000
    taken = [one for one in candidates if not problem(one, someone)]
    result("E4", "known-weak passwords offered; taken", len(candidates), len(taken))
    assert taken == []


def test_random_passwords_are_taken(someone):
    """So that the test above does not hold by refusing everything."""
    chance = random.Random(5)
    signs = string.ascii_letters + string.digits + "!#%+-?="
    made = ["".join(chance.choice(signs) for _ in range(14)) for _ in range(500)]
    refused = [one for one in made if problem(one, someone)]
    assert len(refused) <= 10, refused


def change(client, old, new, again=None):
    data = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/account/password/", data)


def test_the_last_five_are_not_used_again(clerk):
    client, old = as_(clerk), PASSWORD
    used = [f"{word}#7Kw2pQ" for word in ("Zebra", "Otter", "Lynx", "Heron", "Civet", "Tapir")]
    for new in used:
        assert change(client, old, new).status_code == 302, new
        old = new
    assert "不能与最近 5 次用过的密码相同" in change(client, old, old).content.decode()
    for former in used[1:]:
        answer = change(client, old, former)
        assert (answer.status_code, "最近 5 次" in answer.content.decode()) == (422, True), former
    assert change(client, old, PASSWORD).status_code == 302, "the seventh before may be used again"


def test_each_change_is_on_record_without_the_password(clerk):
    change(as_(clerk), PASSWORD, "Civet#7Kw2pQ")
    event = AuditEvent.objects.get(act="password.change")
    assert (event.by, event.object) == (clerk, "lu.min")
    assert "Civet" not in str(event.detail)


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "Civet#7Kw2pQ", None, "原密码不对"),
        (PASSWORD, "Civet#7Kw2pQ", "Civet#7Kw2pX", "两次填的新密码不一样"),
        (PASSWORD, "short", None, "至少 10 个字符"),
        ("", "Civet#7Kw2pQ", None, "请填原密码"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(clerk, old, new, again, says):
    answer = change(as_(clerk), old, new, again)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_five_wrong_old_passwords_end_the_session(clerk):
    client = as_(clerk)
    for _ in range(4):
        assert change(client, "wrong", "Civet#7Kw2pQ").status_code == 422
    assert change(client, "wrong", "Civet#7Kw2pQ").url == "/account/login/"
    assert client.get("/account/password/").status_code == 302
    assert AuditEvent.objects.get(act="session.cut").detail == {"why": "guessing"}


def test_a_one_time_password_must_be_changed_before_anything_else(clerk):
    password = passwords.reset(clerk, by=None)
    client = sign_in("lu.min", password).client
    for url in ("/", "/desk/", "/account/?stay", "/account/handover/new/"):
        assert client.get(url).url == "/account/password/", url
    assert client.post("/account/sessions/end/").url == "/account/password/"
    assert client.get("/desk/", headers={"HX-Request": "true"}).status_code == 403
    page = client.get("/account/password/")
    assert "一次性密码，先改成自己的密码" in page.content.decode()
    assert change(client, password, "Civet#7Kw2pQ").status_code == 302
    assert client.get("/account/?stay").status_code == 200
    clerk.refresh_from_db()
    assert (clerk.must_change_password, clerk.one_time_until) == (False, None)


def test_one_may_sign_out_instead_of_changing_it(clerk):
    client = sign_in("lu.min", passwords.reset(clerk, by=None)).client
    assert client.post("/account/logout/").url == "/account/login/"


def test_a_one_time_password_is_good_for_a_day(clerk):
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        password = passwords.reset(clerk, by=None)
        travel.move_to(start + timedelta(hours=24, seconds=1))
        answer = sign_in("lu.min", password)
        assert (answer.status_code, "账号或密码不对" in answer.content.decode()) == (422, True)
        travel.move_to(start + timedelta(hours=23, minutes=59))
        assert sign_in("lu.min", password).status_code == 302


def test_one_time_passwords_differ_and_pass_the_policys_length(clerk):
    made = {passwords.reset(clerk, by=None) for _ in range(20)}
    assert len(made) == 20
    assert all(len(one) == 19 for one in made)


@pytest.mark.parametrize(("days", "age", "asked"), [(90, 91, True), (90, 89, False), (0, 4000, False)])
def test_an_old_password_is_to_be_changed_where_the_setting_says_so(clerk, settings, days, age, asked):
    settings.PASSWORD_MAX_AGE = timedelta(days=days)
    User.objects.filter(pk=clerk.pk).update(password_changed_at=clock.now() - timedelta(days=age))
    answer = as_(clerk).get("/account/?stay")
    assert (answer.status_code == 302) is asked
    if asked:
        assert answer.url == "/account/password/"


def test_an_account_without_a_date_is_not_forced(clerk):
    assert as_(clerk).get("/account/?stay").status_code == 200


def test_the_old_hash_is_kept_not_the_password(clerk):
    change(as_(clerk), PASSWORD, "Civet#7Kw2pQ")
    kept = clerk.used_passwords.get().password
    assert kept != PASSWORD
    assert kept.split("$")[0] == make_password("x").split("$")[0]
