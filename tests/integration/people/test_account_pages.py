"""The account list, the matrix of permissions and the first three administrators: what an assessor is shown."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from bureau import clock
from bureau.authorization import ROLES, Permission
from bureau.models import AuditEvent, Grant, User
from bureau.people import granting
from tests.integration.factories import EAST
from tests.integration.people.conftest import PASSWORD, as_, sign_in

Role = Grant.Role


class TestPages:
    @pytest.mark.parametrize("url", ["/accounts/", "/accounts/list.csv", "/accounts/roles/", "/accounts/roles.csv"])
    def test_only_those_who_keep_accounts_or_grants_see_them(self, staff, tiny, url):
        answers = {who: as_(user).get(url).status_code for who, user in (
            ("system", staff.system), ("security", staff.security), ("auditor", staff.auditor),
            ("office", tiny.office), ("clerk", tiny.clerk),
        )}  # fmt: skip
        assert answers == {"system": 200, "security": 200, "auditor": 403, "office": 403, "clerk": 403}

    def test_the_list_tells_what_an_assessor_asks(self, staff, tiny):
        now = clock.now()
        User.objects.filter(pk=tiny.clerk.pk).update(
            unit="东镇", expires_on=date(2016, 12, 31), last_login=now - timedelta(days=91)
        )
        for _ in range(5):
            sign_in("colleague", "Wrong-guess#99")
        rows = {row["username"]: row for row in as_(staff.system).get("/accounts/").context["rows"]}
        clerk = rows["clerk"]
        assert (clerk["name"], clerk["unit"], clerk["expires"]) == ("clerk", "东镇", "2016-12-31")
        assert clerk["grants"] == ["镇（街道）填报人 · 101"]
        assert [one["text"] for one in clerk["states"]] == ["启用", "已到期", "90 天未登录"]
        assert [one["text"] for one in rows["colleague"]["states"]] == ["启用", "锁定"]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("state=locked", {"colleague"}),
            ("state=expired", {"clerk"}),
            ("q=东镇", {"clerk"}),
            ("state=disabled", {"gone"}),
        ],
    )
    def test_the_list_filters(self, staff, tiny, query, names):
        User.objects.filter(pk=tiny.clerk.pk).update(unit="东镇", expires_on=date(2016, 12, 31))
        User.objects.create(username="gone", is_active=False)
        for _ in range(5):
            sign_in("colleague", "Wrong-guess#99")
        rows = as_(staff.system).get(f"/accounts/?{query}").context["rows"]
        assert {row["username"] for row in rows} == names

    def test_the_list_costs_no_more_for_more_accounts(self, staff, tiny, django_assert_max_num_queries):
        client = as_(staff.system)
        client.get("/accounts/")
        for number in range(40):
            user = User.objects.create(username=f"u{number}", display_name="某人", unit="某镇")
            Grant.objects.create(user=user, role=Role.TOWN_CLERK, area=tiny.areas[EAST])
        with django_assert_max_num_queries(12):
            client.get("/accounts/")

    def test_the_export_holds_each_account_and_no_formula(self, staff, clerk):
        User.objects.filter(pk=clerk.pk).update(display_name="=1+1")
        answer = as_(staff.security).get("/accounts/list.csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0] == ["账号", "使用人", "单位", "职责与范围", "上次登录", "登录地址", "到期日", "状态"]
        assert {row[0]: row[1] for row in rows}["lu.min"] == "'=1+1"
        assert len(rows) == 1 + User.objects.count()

    def test_the_matrix_is_what_the_code_enforces(self, staff):
        answer = as_(staff.system).get("/accounts/roles.csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        heads = rows[0][2:]
        assert heads == [str(Role(role).label) for role in ROLES]
        for row in rows[1 : 1 + len(Permission)]:
            held = [role for role, mark in zip(ROLES, row[2:], strict=True) if mark == "✓"]
            assert held == [role for role in ROLES if Permission(row[1]) in ROLES[role]], row[0]
            assert row[0] != row[1], "each permission has a name in words"

    def test_the_page_of_no_account_is_not_there(self, staff):
        assert as_(staff.system).get("/accounts/999999/").status_code == 404

    @pytest.mark.parametrize("act", ["", "grant", "delete"])
    def test_an_unknown_act_is_refused(self, staff, clerk, act):
        assert as_(staff.system).post(f"/accounts/{clerk.pk}/", {"action": act}).status_code == 403


class TestTheFirstThree:
    ARGUMENTS = ("--system=sys.one=甲", "--security=sec.one=乙", "--auditor=aud.one=丙", "--unit=县人力社保局")

    def run(self, *arguments: str) -> str:
        out = io.StringIO()
        call_command("administrators", *arguments, stdout=out)
        return out.getvalue()

    def test_they_are_made_once_with_one_time_passwords(self, db):
        text = self.run(*self.ARGUMENTS)
        made = dict(line.split() for line in text.splitlines()[1:])
        assert set(made) == {"sys.one", "sec.one", "aud.one"}
        for account, password in made.items():
            client = sign_in(account, password).client
            assert client.get("/account/?stay").url == "/account/password/"
        assert {one.role for one in Grant.objects.all()} == set(granting.ADMINISTRATORS)
        assert AuditEvent.objects.filter(act="account.first").count() == 3
        with pytest.raises(CommandError, match="已经有管理员"):
            self.run(*self.ARGUMENTS)

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [(ARGUMENTS[:2], "--auditor"), (("--system=a.b=甲", "--security=a.b=乙", "--auditor=c.d=丙"), "三个账号")],
    )
    def test_it_wants_three_people(self, db, arguments, says):
        with pytest.raises(CommandError, match=says):
            self.run(*arguments)
        assert not User.objects.exists()

    def test_a_locked_out_administrator_gets_a_new_password_at_the_console(self, staff):
        for _ in range(5):
            sign_in("anquan", "Wrong-guess#99")
        password = self.run("--again=anquan").split()[-1]
        assert sign_in("anquan", password).status_code == 302

    def test_nobody_else_does(self, clerk):
        with pytest.raises(CommandError, match="不是管理员账号"):
            self.run("--again=lu.min")
        assert sign_in("lu.min", PASSWORD).status_code == 302

    def test_a_fresh_installation_has_no_account(self, db):
        assert not User.objects.exists()


class TestOddRequests:
    """What nobody types is answered, not broken."""

    @pytest.mark.parametrize(
        "query",
        ["q=%00", "q=%ED%A0%80", "q=" + "x" * 5000, "state=%00", "state[]=1", "page=1e400", "page=-1", "q=%25&page=2"],
    )
    def test_the_list_takes_any_query(self, staff, query):
        for url in ("/accounts/", "/accounts/list.csv"):
            assert as_(staff.system).get(f"{url}?{query}").status_code == 200

    @pytest.mark.parametrize("number", ["1" + "0" * 30, "-1", "x", "\x00", "1.5", ""])
    def test_forms_take_any_number_for_a_place_or_a_grant(self, staff, tiny, clerk, number):
        asked = {"role": "town_clerk", "area": number, "section": number, "reason": "分管这项工作"}
        assert as_(staff.security).post(f"/accounts/{clerk.pk}/grants/new/", asked).status_code == 422
        handed = {"receiver": "colleague", "on": "2040-01-01", "grants": [number]}
        assert as_(tiny.clerk).post("/account/handover/new/", handed).status_code == 422

    @pytest.mark.parametrize("day", ["0000-00-00", "99999-01-01", "2017-02-29", "\x00", "２０１７-01-01"])
    def test_forms_take_any_day(self, staff, tiny, clerk, day):
        asked = {"role": "leader", "from_date": day, "to_date": day, "reason": "分管这项工作"}
        assert as_(staff.security).post(f"/accounts/{clerk.pk}/grants/new/", asked).status_code == 422

    def test_a_huge_number_in_an_address_is_not_there(self, staff):
        for url in ("/accounts/{}/", "/accounts/{}/edit/", "/accounts/requests/{}/", "/account/handover/{}/"):
            assert as_(staff.system).get(url.format("9" * 40)).status_code == 404
