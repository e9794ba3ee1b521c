"""The administrators' pages: who may do what to an account, two signatures for a grant, and every act on record."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from bureau import clock
from bureau.authorization import ROLES, Permission, can
from bureau.models import AuditEvent, Grant, GrantRequest, User
from bureau.people import accounts, granting
from bureau.people.rules import Refused
from tests.integration.factories import EAST
from tests.integration.people.conftest import PASSWORD, as_, sign_in

Role = Grant.Role
NEW = {"username": "xu.fen", "display_name": "徐芬", "unit": "百步镇", "expires_on": ""}


def acts(*names: str) -> list[tuple[str, str, str]]:
    """Act, by whom, on what: of the record, in order."""
    found = AuditEvent.objects.filter(act__in=names).order_by("sequence").select_related("by")
    return [(one.act, one.by.username if one.by else "", one.object) for one in found]


class TestAccounts:
    def test_a_new_account_is_disabled_and_has_no_password(self, staff):
        answer = as_(staff.system).post("/accounts/new/", NEW)
        user = User.objects.get(username="xu.fen")
        assert answer.url == f"/accounts/{user.pk}/"
        assert (user.is_active, user.has_usable_password(), user.must_change_password) == (False, False, True)
        assert acts("account.create") == [("account.create", "xitong", "xu.fen")]

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"username": "Xu Fen"}, "账号应以小写字母开头"),
            ({"username": "x13812345678"}, "不含手机号"),
            ({"username": "XITONG"}, "账号“xitong”已经有了"),
            ({"username": ""}, "请填账号"),
            ({"display_name": ""}, "请填使用人姓名"),
            ({"unit": ""}, "请填单位"),
            ({"expires_on": "31.8.2017"}, "日期写法不对"),
        ],
    )
    def test_what_is_wrong_is_said_and_kept_on_the_page(self, staff, wrong, says):
        before = User.objects.count()
        answer = as_(staff.system).post("/accounts/new/", NEW | wrong)
        text = answer.content.decode()
        assert (answer.status_code, User.objects.count()) == (422, before)
        assert says in text
        assert wrong.get("display_name") == "" or 'value="徐芬"' in text

    def test_the_database_takes_no_second_account_in_other_case(self, clerk):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(username="LU.Min")

    def test_an_edit_is_recorded_with_old_and_new(self, staff, clerk):
        data = {"display_name": "陆敏", "unit": "于城镇", "expires_on": "2030-08-31", "seen": accounts.state_of(clerk)}
        assert as_(staff.system).post(f"/accounts/{clerk.pk}/edit/", data).status_code == 302
        detail = AuditEvent.objects.get(act="account.edit").detail
        assert detail == {"unit": ["百步镇", "于城镇"], "expires_on": ["", "2030-08-31"]}

    def test_of_two_edits_at_once_the_second_is_told_and_keeps_what_he_typed(self, staff, clerk):
        seen = accounts.state_of(clerk)
        data = {"display_name": "陆敏", "unit": "于城镇", "expires_on": "", "seen": seen}
        as_(staff.system).post(f"/accounts/{clerk.pk}/edit/", data)
        answer = as_(staff.system2).post(f"/accounts/{clerk.pk}/edit/", data | {"unit": "澉浦镇"})
        assert answer.status_code == 409
        assert "刚被他人改过" in answer.content.decode()
        assert 'value="澉浦镇"' in answer.content.decode()
        clerk.refresh_from_db()
        assert clerk.unit == "于城镇"

    def test_the_one_time_password_is_shown_once_and_works_once(self, staff, clerk):
        answer = as_(staff.system).post(f"/accounts/{clerk.pk}/", {"action": "password"})
        password = answer.context["password"]
        assert f'<strong class="mono">{password}</strong>' in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert password not in as_(staff.system).get(f"/accounts/{clerk.pk}/").content.decode()
        assert password not in str(list(AuditEvent.objects.values()))
        assert sign_in("lu.min").status_code == 422, "the old one is gone"
        assert sign_in("lu.min", password).status_code == 302

    def test_an_administrator_who_has_signed_in_gets_no_password_on_a_page(self, staff):
        """Or the one could act as the other and put both signatures under a grant."""
        User.objects.filter(pk=staff.security.pk).update(last_login=clock.now())
        answer = as_(staff.system).post(f"/accounts/{staff.security.pk}/", {"action": "password"})
        assert answer.status_code == 422
        assert "administrators --again" in answer.content.decode()

    def test_closing_needs_a_reason_and_opening_the_other_administrator(self, staff, clerk):
        Grant.objects.create(user=clerk, role=Role.LEADER)
        page = f"/accounts/{clerk.pk}/"
        assert as_(staff.system).post(page, {"action": "disable", "reason": "走了"}).status_code == 422
        assert as_(staff.system).post(page, {"action": "disable", "reason": "调离本单位"}).status_code == 302
        assert as_(staff.system).post(page, {"action": "enable"}).status_code == 403
        assert sign_in("lu.min").status_code == 422
        assert as_(staff.security).post(page, {"action": "enable"}).status_code == 302
        assert sign_in("lu.min").status_code == 302
        assert acts("account.disable", "account.enable") == [
            ("account.disable", "xitong", "lu.min"),
            ("account.enable", "anquan", "lu.min"),
        ]
        assert AuditEvent.objects.get(act="account.disable").reason == "调离本单位"

    def test_an_account_without_grant_or_owner_is_not_enabled(self, staff, clerk):
        User.objects.filter(pk=clerk.pk).update(is_active=False)
        with pytest.raises(Refused, match="还没有授权"):
            accounts.enable(clerk, by=staff.security)
        User.objects.filter(pk=clerk.pk).update(unit="")
        with pytest.raises(Refused, match="没有写明使用人和单位"):
            accounts.enable(clerk, by=staff.security)

    @pytest.mark.parametrize("act", ["password", "unlock", "disable"])
    def test_nobody_acts_on_his_own_account(self, staff, act):
        answer = as_(staff.system).post(f"/accounts/{staff.system.pk}/", {"action": act, "reason": "随便试一试"})
        assert answer.status_code == 422
        assert "不能自己办" in answer.content.decode()

    def test_the_last_administrator_of_a_kind_is_not_closed(self, staff):
        accounts.disable(staff.security2, by=staff.system, reason="调离本单位")
        with pytest.raises(Refused, match="唯一能用的安全管理员"):
            accounts.disable(staff.security, by=staff.system, reason="调离本单位")
        with pytest.raises(Refused, match="唯一能用的审计员"):
            accounts.disable(staff.auditor, by=staff.system, reason="调离本单位")

    def test_an_act_whose_record_fails_does_not_happen(self, staff, clerk, audit_fails):
        with pytest.raises(RuntimeError):
            accounts.disable(clerk, by=staff.system, reason="调离本单位")
        clerk.refresh_from_db()
        assert clerk.is_active


class TestGrants:
    def ask(self, staff, user, role=Role.LEADER, **more) -> GrantRequest:
        return granting.propose(user, by=staff.security, role=role, reason="分管这项工作", **more)

    def test_a_grant_holds_with_the_second_signature_only(self, staff, tiny):
        data = {"role": "town_clerk", "area": tiny.areas[EAST].pk, "reason": "接替退休人员"}
        user = User.objects.create(username="xu.fen", display_name="徐芬", unit="东镇")
        assert as_(staff.security).post(f"/accounts/{user.pk}/grants/new/", data).status_code == 302
        asked = GrantRequest.objects.get()
        assert not user.grants.exists()
        page = f"/accounts/requests/{asked.pk}/"
        assert as_(staff.security).post(page, {"action": "sign"}).status_code == 403
        assert as_(staff.system).post(page, {"action": "sign"}).status_code == 302
        grant = user.grants.get()
        assert (grant.role, grant.area) == ("town_clerk", tiny.areas[EAST])
        asked.refresh_from_db()
        assert (asked.state, asked.proposed_by, asked.decided_by) == ("signed", staff.security, staff.system)
        assert acts("grant.propose", "grant.sign") == [
            ("grant.propose", "anquan", "xu.fen"),
            ("grant.sign", "xitong", "xu.fen"),
        ]

    def test_a_refusal_needs_a_reason_and_is_final(self, staff, clerk):
        asked = self.ask(staff, clerk)
        page = f"/accounts/requests/{asked.pk}/"
        assert as_(staff.system).post(page, {"action": "refuse", "reason": "否"}).status_code == 422
        assert as_(staff.system).post(page, {"action": "refuse", "reason": "岗位不需要"}).status_code == 302
        answer = as_(staff.system).post(page, {"action": "sign"})
        assert answer.status_code == 422
        assert "未同意" in answer.content.decode()
        assert not clerk.grants.exists()

    def test_a_withdrawn_request_is_not_signed(self, staff, clerk):
        asked = self.ask(staff, clerk)
        assert as_(staff.system).post(f"/accounts/requests/{asked.pk}/", {"action": "withdraw"}).status_code == 403
        assert as_(staff.security2).post(f"/accounts/requests/{asked.pk}/", {"action": "withdraw"}).status_code == 302
        with pytest.raises(Refused):
            granting.sign(asked, by=staff.system)

    def test_nobody_proposes_signs_or_ends_his_own(self, staff):
        with pytest.raises(Refused, match="不能自己办"):
            granting.propose(staff.security, by=staff.security, role=Role.SECURITY_ADMINISTRATOR, reason="再来一项")
        staff.system.grants.update(to_date=clock.real_day())
        asked = granting.propose(staff.system, by=staff.security, role=Role.SYSTEM_ADMINISTRATOR, reason="延长一年任期")
        with pytest.raises(Refused, match="不能自己办"):
            granting.sign(asked, by=staff.system)
        with pytest.raises(Refused, match="不能自己办"):
            granting.end(staff.security.grants.get(), by=staff.security, reason="不想再做了")

    @pytest.mark.parametrize(
        ("held", "wanted"),
        [
            (Role.LEADER, Role.AUDITOR),
            (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR),
            (Role.AUDITOR, Role.OFFICE),
        ],
    )
    def test_what_must_stay_apart_is_refused_in_words(self, staff, clerk, held, wanted):
        Grant.objects.create(user=clerk, role=held)
        answer = as_(staff.security).post(
            f"/accounts/{clerk.pk}/grants/new/", {"role": wanted, "reason": "人手不够先兼着"}
        )
        assert answer.status_code == 422
        assert "互不兼任" in answer.content.decode()

    def test_two_requests_that_must_not_meet_do_not_both_get_signed(self, staff, clerk):
        one, other = self.ask(staff, clerk, Role.AUDITOR), self.ask(staff, clerk, Role.OFFICE)
        granting.sign(one, by=staff.system)
        with pytest.raises(Refused, match="互不兼任"):
            granting.sign(other, by=staff.system)
        other.refresh_from_db()
        assert (other.state, clerk.grants.get().role) == ("proposed", "auditor")

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({"role": "town_clerk"}, "要选一个镇（街道）"),
            ({"role": "town_clerk", "area": "village"}, "要选一个镇（街道）"),
            ({"role": "village_assistant", "area": "town"}, "要选一个村（社区）"),
            ({"role": "reviewer"}, "要选一个科室"),
            ({"role": "leader", "area": "town"}, "不分地方和科室"),
            ({"role": "leader", "section": "section"}, "不分地方和科室"),
            ({"role": ""}, "请选角色"),
            ({"role": "king"}, "king"),
            ({"role": "leader", "reason": "因为"}, "至少 5 个字"),
            ({"role": "leader", "from_date": "2030-02-01", "to_date": "2030-01-31"}, "终止日期早于开始日期"),
            ({"role": "leader", "to_date": "2001-01-31"}, "终止日期已经过了"),
            ({"role": "leader", "to_date": "2030-02-30"}, "日期写法不对"),
        ],
    )
    def test_a_wrong_proposal_is_told_why(self, staff, tiny, clerk, data, says):
        real = {
            "town": tiny.areas[EAST].pk,
            "village": tiny.areas["330424101201"].pk,
            "section": tiny.sections["jyj"].pk,
        }
        data = {"reason": "分管这项工作"} | {key: real.get(value, value) for key, value in data.items()}
        answer = as_(staff.security).post(f"/accounts/{clerk.pk}/grants/new/", data)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not GrantRequest.objects.exists()

    def test_the_same_twice_is_refused(self, staff, clerk):
        self.ask(staff, clerk)
        with pytest.raises(Refused, match="正等会签"):
            self.ask(staff, clerk)
        Grant.objects.create(user=clerk, role=Role.OFFICE)
        with pytest.raises(Refused, match="他已经有了"):
            self.ask(staff, clerk, Role.OFFICE)

    def test_ending_takes_a_reason_and_a_last_day(self, staff, clerk):
        grant, today = Grant.objects.create(user=clerk, role=Role.LEADER), clock.real_day()
        page = f"/accounts/{clerk.pk}/grants/{grant.pk}/end/"
        assert as_(staff.security).post(page, {"reason": "调"}).status_code == 422
        assert as_(staff.system).post(page, {"reason": "调离本单位"}).status_code == 403
        past = {"reason": "调离本单位", "last_day": (today - timedelta(days=2)).isoformat()}
        assert "不能早于昨天" in as_(staff.security).post(page, past).content.decode()
        assert can(User.objects.get(pk=clerk.pk), Permission.READ_RELEASES)
        assert (
            as_(staff.security).post(page, {"reason": "调离本单位", "last_day": today.isoformat()}).status_code == 302
        )
        assert can(User.objects.get(pk=clerk.pk), Permission.READ_RELEASES), "to the end of its last day"
        assert as_(staff.security).post(page, {"reason": "立即终止授权"}).status_code == 302
        assert not can(User.objects.get(pk=clerk.pk), Permission.READ_RELEASES)

    def test_an_ended_grant_is_taken_up_again(self, staff, clerk):
        grant = Grant.objects.create(user=clerk, role=Role.LEADER, to_date=date(2016, 12, 31))
        granting.sign(self.ask(staff, clerk, to_date=date(2040, 1, 1)), by=staff.system)
        grant.refresh_from_db()
        assert (grant.from_date, grant.to_date) == (None, date(2040, 1, 1))

    def test_the_last_administrator_does_not_lose_his_grant(self, staff):
        accounts.disable(staff.system2, by=staff.system, reason="调离本单位")
        with pytest.raises(Refused, match="唯一能用的系统管理员"):
            granting.end(staff.system.grants.get(), by=staff.security, reason="换人来做了")

    @pytest.mark.parametrize("act", ["propose", "sign"])
    def test_what_cannot_be_recorded_is_not_done(self, staff, clerk, act, monkeypatch):
        asked = self.ask(staff, clerk) if act == "sign" else None
        monkeypatch.setattr(AuditEvent, "save", lambda *a, **k: 1 / 0)
        do = (lambda: granting.sign(asked, by=staff.system)) if asked else (lambda: self.ask(staff, clerk))
        with pytest.raises(ZeroDivisionError):
            do()
        assert not clerk.grants.exists()
        assert GrantRequest.objects.filter(state="signed").count() == 0
        assert GrantRequest.objects.count() == (1 if asked else 0)


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
        assert [act for act, *_ in acts("account.first")] == ["account.first"] * 3
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
