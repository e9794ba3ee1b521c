"""A token reads in its owner's name and dies with what it rests on; of its text only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from bureau import clock
from bureau.models import ApiToken, AuditEvent, Grant, User
from bureau.people import accounts, granting, passwords, tokens
from tests.integration.api.conftest import Program
from tests.integration.factories import person

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


@pytest.fixture
def program(tiny) -> Program:
    return Program(tiny.clerk)


@pytest.fixture
def security(tiny) -> User:
    person("xitong", (Grant.Role.SYSTEM_ADMINISTRATOR, None))
    return person("anquan", (Grant.Role.SECURITY_ADMINISTRATOR, None))


def test_only_the_digest_is_kept(program):
    kept = ApiToken.objects.values().get()
    assert kept["digest"] == hashlib.sha256(program.text.encode()).hexdigest()
    assert program.text not in str(kept)
    assert len(program.text) > 40
    event = AuditEvent.objects.get(act="token.make")
    assert (event.by, event.object) == (program.owner, "看板")
    assert program.text not in str(event.detail)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda one, by: tokens.revoke(one.token, by=one.owner), id="revoked"),
        pytest.param(lambda one, by: ApiToken.objects.update(expires_on=clock.real_day() - YESTERDAY), id="over"),
        pytest.param(lambda one, by: accounts.disable(one.owner, by=by, reason="调离本单位"), id="disabled"),
        pytest.param(lambda one, by: passwords.reset(one.owner, by=by), id="password reset"),
        pytest.param(
            lambda one, by: granting.end(one.owner.grants.get(), by=by, reason="不再填报了"), id="grant ended"
        ),
        pytest.param(
            lambda one, by: User.objects.filter(pk=one.owner.pk).update(expires_on=clock.real_day() - YESTERDAY),
            id="account over",
        ),
    ],
)
def test_a_token_ends_with_what_it_rests_on(program, security, end):
    assert program("plan").status_code == 200
    end(program, security)
    answer = program("plan")
    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_ending_one_ends_no_other(program, security):
    another = Program(person("leader", (Grant.Role.LEADER, None)))
    second = Program(program.owner)
    tokens.revoke(program.token, by=program.owner)
    assert (program("plan").status_code, second("plan").status_code) == (401, 200)
    accounts.disable(program.owner, by=security, reason="调离本单位")
    assert (second("plan").status_code, another("plan").status_code) == (401, 200)


def test_an_enabled_account_does_not_get_its_old_tokens_back(program, security):
    accounts.disable(program.owner, by=security, reason="调离本单位")
    User.objects.filter(pk=program.owner.pk).update(is_active=True)
    assert program("plan").status_code == 401


def test_a_token_has_the_rights_its_owner_has_today(program):
    program.owner.grants.update(to_date=clock.real_day() - YESTERDAY)
    answer = program("plan")
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


def test_whose_password_is_over_changes_it_first(program):
    User.objects.filter(pk=program.owner.pk).update(password_changed_at=clock.now() - timedelta(days=91))
    answer = program("plan")
    assert (answer.status_code, answer.json()["error"]) == (403, "password")
    assert "先改密码" in answer.json()["message"]


def test_the_day_of_its_use_is_put_down(program):
    assert ApiToken.objects.get().last_used_on is None
    program("plan")
    assert ApiToken.objects.get().last_used_on == clock.real_day()


def test_a_token_opens_no_page_and_writes_nothing(program):
    bearer = {"Authorization": f"Bearer {program.text}"}
    assert program.client.get("/plan/", headers=bearer).status_code == 302
    assert program.client.get("/account/tokens/", headers=bearer).status_code == 302
    for method in ("post", "put", "patch", "delete", "options"):
        answer = program("plan", method=method)
        assert (answer.status_code, answer.json()["error"]) == (405, "method"), method


def test_the_header_is_judged_by_itself_whatever_session_comes_with_it(program):
    program.client.force_login(program.owner)
    assert program.client.get("/api/v1/plan").status_code == 200, "by session"
    assert program("plan", headers={"Authorization": "Bearer hy_wrong"}).status_code == 401
    assert program("plan", headers={"Authorization": "Basic eDp5"}).status_code == 401
    assert program("plan").status_code == 200
    assert program.client.get("/account/?stay").status_code == 200, "the session goes on"


def test_a_program_gone_wrong_is_stopped_and_others_at_its_address_are_not(program):
    wrong = {"Authorization": "Bearer hy_wrong"}
    answers = [program("plan", headers=wrong) for _time in range(tokens.WRONG_MOST + 2)]
    assert [one.status_code for one in answers] == [401] * tokens.WRONG_MOST + [429, 429]
    assert answers[-1]["Retry-After"] == "600"
    assert answers[-1].json()["message"] == "错误的令牌太多，10 分钟后再试。"
    assert program("plan").status_code == 200
    counts = [event.detail["count"] for event in AuditEvent.objects.filter(act="token.refused").order_by("sequence")]
    assert counts == [1, tokens.WRONG_MOST + 1]


def test_its_text_is_shown_once_on_the_page(tiny, client):
    client.force_login(tiny.clerk)
    answer = client.post("/account/tokens/", {"name": "看板", "days": "90"})
    text = answer.context["made"]
    assert text in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert text not in client.get("/account/tokens/").content.decode()
    assert client.get("/api/v1/plan", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    token = ApiToken.objects.get()
    assert token.expires_on == clock.real_day() + timedelta(days=90)
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert "已作废" in client.get("/account/tokens/").content.decode()
    assert AuditEvent.objects.get(act="token.revoke").by == tiny.clerk
    assert 'href="/account/tokens/"' in client.get("/account/?stay").content.decode()


def test_another_persons_token_is_not_there(program, tiny, client):
    client.force_login(tiny.office)
    assert client.post(f"/account/tokens/{program.token.pk}/revoke/").status_code == 404
    assert program("plan").status_code == 200


@pytest.mark.parametrize(
    "form", [{}, {"name": "", "days": "90"}, {"name": "x" * 61, "days": "90"}, {"name": "看板", "days": "9"}]
)
def test_a_token_says_what_for_and_how_long(tiny, client, form):
    client.force_login(tiny.clerk)
    assert client.post("/account/tokens/", form).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_has_more_than_ten_in_force(tiny, client):
    for _time in range(tokens.MOST):
        tokens.make(by=tiny.clerk, name="看板", days=30)
    client.force_login(tiny.clerk)
    answer = client.post("/account/tokens/", {"name": "看板", "days": "30"})
    assert answer.status_code == 422
    assert "有效的令牌已有 10 个" in answer.content.decode()
    tokens.revoke(ApiToken.objects.first(), by=tiny.clerk)
    assert client.post("/account/tokens/", {"name": "看板", "days": "30"}).status_code == 200


def test_who_may_read_nothing_has_no_tokens(client, security):
    client.force_login(security)
    assert client.get("/account/tokens/").status_code == 403
    assert "/account/tokens/" not in client.get("/account/?stay").content.decode()
