"""Sessions end when they must, by the next request, and say why; rights change under a session at once (E3, D5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bureau import clock
from bureau.models import AuditEvent, Grant, User
from bureau.people import accounts, granting, passwords
from tests.integration.factories import E1, EAST, WEST
from tests.integration.people.conftest import PASSWORD, as_, sign_in

Role = Grant.Role
OWN = "/account/password/"


def is_in(client: Client) -> bool:
    return client.get(OWN).status_code == 200


def told(client: Client) -> str:
    """What the sign-in page says to who is led there."""
    return client.get(OWN, follow=True).content.decode()


def cut() -> list[tuple[str, str]]:
    return [(one.object, one.detail["why"]) for one in AuditEvent.objects.filter(act="session.cut")]


def test_each_sign_in_has_a_key_of_its_own(clerk):
    client = Client()
    client.get("/account/login/")
    before = client.cookies.get("sid")
    sign_in("lu.min", client=client)
    first = client.cookies["sid"].value
    assert before is None or before.value != first
    client.post("/account/logout/")
    sign_in("lu.min", client=client)
    assert client.cookies["sid"].value != first


def test_a_planted_key_is_not_taken_over(clerk):
    """Session fixation: a key known before signing in is worth nothing after."""
    client = Client()
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sid"] = planted = session.session_key
    sign_in("lu.min", client=client)
    assert client.cookies["sid"].value != planted
    thief = Client()
    thief.cookies["sid"] = planted
    assert not is_in(thief)


def test_signing_in_elsewhere_ends_the_older_session_and_says_so(clerk):
    older = sign_in("lu.min", REMOTE_ADDR="10.0.0.1").client
    assert is_in(older)
    newer = sign_in("lu.min", REMOTE_ADDR="10.0.0.2").client
    assert "在另一处（10.0.0.2）登录，这里已退出" in told(older)
    assert not is_in(older)
    assert is_in(newer)
    assert cut() == [("lu.min", "elsewhere")]


def test_signing_out_and_in_again_is_nobodys_forced_end(clerk):
    client = sign_in("lu.min").client
    client.post("/account/logout/")
    sign_in("lu.min")
    assert cut() == []


def test_a_session_that_signed_out_is_dead_on_the_server(clerk):
    client = sign_in("lu.min").client
    key = client.cookies["sid"].value
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["sid"] = key
    assert not is_in(thief)


@pytest.mark.parametrize(("role", "minutes"), [(Role.OFFICE, 30), (Role.SYSTEM_ADMINISTRATOR, 15), (Role.AUDITOR, 15)])
def test_an_idle_session_ends_sooner_for_an_administrator(clerk, role, minutes):
    Grant.objects.create(user=clerk, role=role)
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        client = as_(clerk)
        assert is_in(client)
        travel.move_to(start + timedelta(minutes=minutes))
        assert is_in(client)
        travel.move_to(start + timedelta(minutes=2 * minutes, seconds=1))
        assert "长时间没有操作，已自动退出" in told(client)
    assert cut() == [("lu.min", "idle")]


def test_changing_the_password_ends_the_copies_and_keeps_this_session(clerk):
    mine = as_(clerk)
    assert is_in(mine)
    copy = Client()
    copy.cookies["sid"] = mine.cookies["sid"].value
    assert is_in(copy)
    new = "Civet#7Kw2pQ"
    mine.post(OWN, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert is_in(mine)
    assert not is_in(copy)


def test_ending_other_sessions_ends_the_copies_and_keeps_this_one(clerk):
    mine = as_(clerk)
    assert is_in(mine)
    copy = Client()
    copy.cookies["sid"] = mine.cookies["sid"].value
    assert mine.post("/account/sessions/end/").status_code == 302
    assert is_in(mine)
    assert not is_in(copy)
    assert cut() == [("lu.min", "own")]


def ended_by_reset(clerk, staff):
    passwords.reset(clerk, by=staff.system)


def ended_by_closing(clerk, staff):
    accounts.disable(clerk, by=staff.system, reason="调离本单位")


def ended_by_expiry(clerk, staff):
    User.objects.filter(pk=clerk.pk).update(expires_on=clock.real_day() - timedelta(days=1))


@pytest.mark.parametrize("ended", [ended_by_reset, ended_by_closing, ended_by_expiry])
def test_what_an_administrator_ends_is_over_at_the_next_request(clerk, staff, ended):
    client = as_(clerk)
    assert is_in(client)
    ended(clerk, staff)
    assert not is_in(client)


def test_an_expired_account_is_told_so(clerk, staff):
    client = as_(clerk)
    ended_by_expiry(clerk, staff)
    assert "账号已于" in told(client)
    assert cut() == [("lu.min", "expired")]


def test_a_session_does_not_come_back_to_life_with_its_account(clerk, staff):
    client = as_(clerk)
    Grant.objects.create(user=clerk, role=Role.OFFICE)
    ended_by_closing(clerk, staff)
    accounts.enable(clerk, by=staff.security)
    assert not is_in(client)


class TestStaleRights:
    """A right that is given or taken counts from the next request of the same session."""

    def codes(self, client: Client, *urls: str) -> list[int]:
        return [client.get(url).status_code for url in urls]

    def test_a_role_that_ends(self, tiny, staff):
        client, grant = as_(tiny.office), tiny.office.grants.get()
        assert self.codes(client, "/releases/") == [200]
        granting.end(grant, by=staff.security, reason="岗位已经调整")
        assert self.codes(client, "/releases/") == [403]

    def test_a_role_that_begins(self, tiny, staff):
        client = as_(tiny.clerk)
        assert self.codes(client, "/review/") == [403]
        asked = granting.propose(
            tiny.clerk, by=staff.security, role=Role.REVIEWER, section=tiny.sections["jyj"], reason="兼任科室审核"
        )
        assert self.codes(client, "/review/") == [403], "one signature is none"
        granting.sign(asked, by=staff.system)
        assert self.codes(client, "/review/") == [200]

    def test_a_clerk_who_moves_to_another_town(self, tiny):
        client = as_(tiny.clerk)
        mine, theirs = (f"/entry/town/{town}/2016-12/" for town in (EAST, WEST))
        assert self.codes(client, mine, theirs) == [200, 404]
        tiny.clerk.grants.update(area=tiny.areas[WEST])
        assert self.codes(client, mine, theirs) == [404, 200]

    def test_a_village_that_moves_to_another_town(self, tiny):
        client = as_(tiny.clerk)
        page = f"/entry/village/{EAST}/2016-12/"
        assert E1[-3:] in client.get(page).content.decode()
        tiny.areas[E1].spans.update(parent=tiny.areas[WEST])
        assert E1 not in client.get(page).content.decode()

    def test_a_closed_account(self, tiny, staff):
        client = as_(tiny.office)
        assert self.codes(client, "/releases/") == [200]
        accounts.disable(tiny.office, by=staff.system, reason="调离本单位")
        assert self.codes(client, "/releases/") == [302]


class TestScripts:
    """A script's request gets a code and a text it can show, not a sign-in page where a fragment should be."""

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_json_is_answered_401(self, db, method):
        answer = getattr(Client(), method)("/desk/", headers={"Accept": "application/json"})
        assert answer.status_code == 401
        assert answer.json() == {
            "error": "signed_out",
            "message": "登录已结束，填写的内容还在这一页。请在新窗口登录后再试一次。",
            "login": "/account/login/",
        }

    def test_htmx_is_answered_401_with_a_fragment(self, db):
        answer = Client().get("/desk/", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "登录已结束" in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_an_idle_session_too(self, clerk):
        start = clock.now()
        with time_machine.travel(start, tick=False) as travel:
            client = as_(clerk)
            client.get(OWN)
            travel.move_to(start + timedelta(minutes=31))
            assert client.get("/desk/", headers={"Accept": "application/json"}).status_code == 401

    def test_a_page_is_led_to_sign_in_and_back(self, db):
        answer = Client().get("/desk/?month=2017-06", headers={"Accept": "text/html,application/json"})
        assert answer.url == "/account/login/?next=/desk/%3Fmonth%3D2017-06"


def test_the_account_page_tells_of_this_session_the_one_before_and_ones_acts(clerk):
    Grant.objects.create(user=clerk, role=Role.AUDITOR)
    with time_machine.travel("2026-05-04T01:00:00Z", tick=False):
        sign_in("lu.min", REMOTE_ADDR="10.0.0.1").client.post("/account/logout/")
    with time_machine.travel("2026-05-05T02:30:00Z", tick=False):
        page = sign_in("lu.min", REMOTE_ADDR="10.0.0.2").client.get("/account/?stay").content.decode()
    for text in ("2026-05-05 10:30", "10.0.0.2", "2026-05-05 22:30", "2026-05-04 09:00", "10.0.0.1", "审计员", "登录"):
        assert text in page


def test_a_page_of_a_signed_in_person_asks_no_more_for_his_session(clerk, django_assert_max_num_queries):
    client = as_(clerk)
    client.get(OWN)
    with django_assert_max_num_queries(4):  # session, account, installation, grants
        client.get(OWN)
