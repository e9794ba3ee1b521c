"""The administrators' pages: who may do what to an account, two signatures for a grant, and every act on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bureau import clock
from bureau.authorization import Permission, can
from bureau.models import AuditEvent, Grant, GrantRequest, User
from bureau.people import accounts, granting
from bureau.people.rules import Refused
from tests.integration.factories import EAST
from tests.integration.people.conftest import as_, sign_in

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
