"""Hand-over: rights pass on the very day with all signatures, work goes on, and four eyes stay four (D7)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction

from bureau import clock
from bureau.authorization import Permission, can
from bureau.models import AuditEvent, Grant, Handover, User
from bureau.people import accounts, handover
from bureau.people.rules import Refused
from indicators.entry import workflow
from indicators.models import Entry, Submission, Upload
from tests.integration.factories import EAST, END, approved, fill, hand_in, person
from tests.integration.people.conftest import as_

Role = Grant.Role
VALUES = {(EAST, "D01"): 5}


@pytest.fixture
def today() -> date:
    return clock.real_day()


@pytest.fixture
def heir(tiny) -> User:
    """The successor: an account that holds nothing yet."""
    return person("heir")


def start(giver: User, receiver: User, on: date, **more) -> Handover:
    more.setdefault("grants", handover.grants_to_pass(giver))
    return handover.start(by=more.pop("by", giver), giver=giver, receiver=receiver, on=on, **more)


def signed(giver: User, receiver: User, on: date, staff) -> Handover:
    """Signed by both and confirmed."""
    paper = handover.sign(start(giver, receiver, on), by=receiver)
    return handover.confirm(paper, by=staff.security)


def may_enter(user: User) -> bool:
    return can(User.objects.get(pk=user.pk), Permission.ENTER)


def acts() -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(act__startswith="handover.").order_by("sequence").select_related("by")
    return [(one.act, one.by.username if one.by else "") for one in found]


class TestPassingOn:
    def test_on_the_pages_from_start_to_end(self, tiny, staff, heir, today):
        fill(tiny, "town", EAST, END, VALUES)
        giver = as_(tiny.clerk)
        page = giver.get("/account/handover/new/").content.decode()
        assert "镇（街道）填报人 · 101" in page
        assert "2016年12月" in page, "his open sheet is named"
        data = {"receiver": "heir", "on": today.isoformat(), "grants": [tiny.clerk.grants.get().pk], "note": "调往县局"}
        answer = giver.post("/account/handover/new/", data)
        paper = Handover.objects.get()
        assert answer.url == f"/account/handover/{paper.pk}/"
        mine = as_(heir)
        assert answer.url in mine.get("/account/?stay").content.decode(), "he finds it on his account page"
        assert mine.post(answer.url, {"action": "sign"}).status_code == 302
        assert may_enter(tiny.clerk), "not before the security administrator has confirmed"
        assert answer.url in as_(staff.security).get("/accounts/").content.decode()
        assert as_(staff.security).post(answer.url, {"action": "confirm"}).status_code == 302
        paper.refresh_from_db()
        assert (paper.state, paper.passed) == ("done", {"drafts": 1, "uploads": 0} | _others(paper))
        assert (may_enter(tiny.clerk), may_enter(heir)) == (False, True)
        assert mine.get(f"/entry/town/{EAST}/2016-12/").status_code == 200
        assert giver.get(f"/entry/town/{EAST}/2016-12/").status_code == 403
        assert acts() == [
            ("handover.start", "clerk"),
            ("handover.sign", "heir"),
            ("handover.confirm", "anquan"),
            ("handover.done", ""),
        ]

    def test_rights_change_on_the_day_with_nobody_doing_anything(self, tiny, staff, heir, today):
        noon = clock.now().replace(hour=4)
        with time_machine.travel(noon, tick=False) as travel:
            day = clock.real_day() + timedelta(days=3)
            signed(tiny.clerk, heir, day, staff)
            for days, who in ((0, tiny.clerk), (2, tiny.clerk), (3, heir), (40, heir)):
                travel.move_to(noon + timedelta(days=days))
                holders = [one.username for one in (tiny.clerk, heir) if may_enter(one)]
                assert holders == [who.username], f"after {days} days"

    def test_what_else_passes_on_the_day_by_command_or_by_his_first_page(self, tiny, staff, heir, today):
        submission = fill(tiny, "town", EAST, END, VALUES)
        upload = Upload.objects.create(
            submission=submission, by=tiny.clerk, at=clock.now(), state=Upload.State.PREVIEW, base_version=1
        )
        noon = clock.now().replace(hour=4)
        with time_machine.travel(noon, tick=False) as travel:
            paper = signed(tiny.clerk, heir, clock.real_day() + timedelta(days=1), staff)
            assert (paper.state, _command()) == ("signed", "0 hand-over(s) carried out\n")
            travel.move_to(noon + timedelta(days=1))
            assert _command() == "1 hand-over(s) carried out\n"
            assert _command() == "0 hand-over(s) carried out\n", "once"
            upload.refresh_from_db()
            assert upload.by == heir
            back = signed(heir, tiny.clerk, clock.real_day() + timedelta(days=1), staff)
            travel.move_to(noon + timedelta(days=2))
            as_(tiny.clerk).get("/account/?stay")
            back.refresh_from_db()
            assert back.state == "done"

    def test_a_temporary_grant_stays_temporary(self, tiny, staff, heir, today):
        last = today + timedelta(days=30)
        tiny.clerk.grants.update(to_date=last)
        signed(tiny.clerk, heir, today + timedelta(days=5), staff)
        assert (heir.grants.get().from_date, heir.grants.get().to_date) == (today + timedelta(days=5), last)
        assert tiny.clerk.grants.get().to_date == today + timedelta(days=4)

    def test_who_holds_the_grant_already_needs_no_confirmation(self, tiny, today):
        paper = start(tiny.clerk, tiny.colleague, today)
        assert not handover.needs_confirmation(paper)
        assert handover.sign(paper, by=tiny.colleague).state == "done"
        assert tiny.colleague.grants.get().to_date is None

    def test_one_who_left_is_stood_in_for_by_the_security_administrator(self, tiny, staff, heir, today):
        accounts.disable(tiny.clerk, by=staff.system, reason="已经离职了")
        url = f"/accounts/{tiny.clerk.pk}/handover/"
        data = {"receiver": "heir", "on": today.isoformat(), "grants": [tiny.clerk.grants.get().pk]}
        answer = as_(staff.system).post(url, data)
        paper = Handover.objects.get()
        assert (paper.absent, paper.giver_signed_at) == (True, None)
        as_(heir).post(answer.url, {"action": "sign"})
        assert as_(staff.system).post(answer.url, {"action": "confirm"}).status_code == 422
        as_(staff.security).post(answer.url, {"action": "confirm"})
        paper.refresh_from_db()
        assert (paper.state, paper.giver_signed_by, paper.confirmed_by) == ("done", staff.security, staff.security)
        assert may_enter(heir)

    def test_a_grant_left_out_stays(self, tiny, staff, heir, today):
        both = tiny.clerk
        reviewer = Grant.objects.create(user=both, role=Role.REVIEWER, section=tiny.sections["sbj"])
        paper = handover.sign(start(both, heir, today, grants=[reviewer]), by=heir)
        handover.confirm(paper, by=staff.security)
        assert [one.role for one in heir.grants.all()] == ["reviewer"]
        assert can(User.objects.get(pk=both.pk), Permission.ENTER)
        assert not can(User.objects.get(pk=both.pk), Permission.REVIEW)


def _command() -> str:
    out = io.StringIO()
    call_command("handovers", stdout=out)
    return out.getvalue()


def _others(paper: Handover) -> dict[str, int]:
    """What further floors passed on; theirs to test."""
    return {name: count for name, count in paper.passed.items() if name not in ("drafts", "uploads")}


class TestFourEyes:
    """D7: taking over makes nobody the author of another's figures, nor the reviewer of his own."""

    def test_entries_keep_who_typed_them(self, tiny, staff, heir, today):
        submission = fill(tiny, "town", EAST, END, VALUES)
        signed(tiny.clerk, heir, today, staff)
        assert {one.by for one in submission.entries.all()} == {tiny.clerk}

    def test_who_took_a_draft_over_and_handed_it_in_does_not_approve_it(self, tiny, staff, heir, today):
        submission = fill(tiny, "town", EAST, END, VALUES)
        signed(tiny.clerk, heir, today, staff)
        workflow.submit(submission, by=heir)
        signed(tiny.reviewer, heir, today, staff)
        page = f"/review/{submission.pk}/"
        seen = workflow.content_digest(Submission.objects.get(pk=submission.pk))
        answer = as_(heir).post(page, {"decision": "approve", "seen": seen})
        assert answer.status_code in (409, 422)
        assert "不能审核自己填报的数" in answer.content.decode()
        assert Submission.objects.get(pk=submission.pk).state == "submitted"

    def test_a_clerk_who_becomes_the_reviewer_does_not_approve_what_he_typed(self, tiny, staff, today):
        submission = hand_in(tiny, "town", EAST, END, VALUES)
        signed(tiny.reviewer, tiny.clerk, today, staff)
        with pytest.raises(workflow.Refused, match="不能审核自己填报的数"):
            workflow.approve(submission, by=User.objects.get(pk=tiny.clerk.pk))

    def test_nor_what_he_typed_and_his_successor_handed_in(self, tiny, staff, heir, today):
        submission = fill(tiny, "town", EAST, END, VALUES)
        signed(tiny.clerk, heir, today, staff)
        workflow.submit(submission, by=heir)
        signed(tiny.reviewer, tiny.clerk, today, staff)
        with pytest.raises(workflow.Refused, match="不能审核自己填报的数"):
            workflow.approve(submission, by=User.objects.get(pk=tiny.clerk.pk))

    def test_who_confirms_an_upload_he_took_over_is_its_author(self, tiny, staff, heir, today):
        submission = fill(tiny, "town", EAST, END, VALUES)
        signed(tiny.clerk, heir, today, staff)
        workflow.save(
            submission, [workflow.Change(tiny.areas[EAST].pk, tiny.items["D02"].pk, 0, 1)], by=heir, source="xlsx"
        )
        workflow.submit(submission, by=tiny.colleague)
        assert Entry.objects.get(submission=submission, item=tiny.items["D02"]).by == heir
        Grant.objects.create(user=heir, role=Role.REVIEWER, section=tiny.sections["jyj"])
        with pytest.raises(workflow.Refused):
            workflow.approve(submission, by=User.objects.get(pk=heir.pk))

    def test_another_reviewer_approves_it_all_the_same(self, tiny, staff, heir, today):
        submission = fill(tiny, "town", EAST, END, VALUES)
        signed(tiny.clerk, heir, today, staff)
        workflow.submit(submission, by=heir)
        assert workflow.approve(submission, by=tiny.reviewer).state == "approved"

    def test_an_approval_of_before_stands(self, tiny, staff, heir, today):
        submission = approved(tiny, "town", EAST, END, VALUES)
        signed(tiny.clerk, heir, today, staff)
        submission.refresh_from_db()
        assert (submission.state, submission.approved_by) == ("approved", tiny.reviewer)


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({"receiver": "nobody"}, "没有这个账号，或者没有启用"),
            ({"receiver": ""}, "请填接手人的账号"),
            ({"receiver": "clerk"}, "接手人不能是移交人自己"),
            ({"on": ""}, "请填日期"),
            ({"on": "2001-01-01"}, "移交日不能早于今天"),
            ({"on": "32.1.2017"}, "日期写法不对"),
            ({"grants": ["999999"]}, "只能移交自己的授权"),
            ({"receiver": "shenji"}, "互不兼任"),
        ],
    )
    def test_a_wrong_hand_over_is_told_why_and_kept_on_the_page(self, tiny, staff, heir, today, data, says):
        base = {"receiver": "heir", "on": today.isoformat(), "grants": [tiny.clerk.grants.get().pk], "note": "调往县局"}
        answer = as_(tiny.clerk).post("/account/handover/new/", base | data)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert says in text
        assert "调往县局" in text
        assert not Handover.objects.exists()

    def test_a_closed_account_takes_nothing_over(self, tiny, heir, today):
        User.objects.filter(pk=heir.pk).update(is_active=False)
        heir.refresh_from_db()
        with pytest.raises(Refused, match="没有启用"):
            start(tiny.clerk, heir, today)

    def test_one_hand_over_at_a_time(self, tiny, heir, today):
        start(tiny.clerk, heir, today)
        with pytest.raises(Refused, match="还没办完"):
            start(tiny.clerk, tiny.colleague, today)

    def test_nobody_gives_away_anothers_grant(self, tiny, heir, today):
        with pytest.raises(Refused, match="只能移交本人的授权"):
            start(tiny.clerk, heir, today, grants=list(tiny.reviewer.grants.all()))

    def test_who_holds_nothing_has_no_such_page(self, tiny, heir):
        assert as_(heir).get("/account/handover/new/").status_code == 403

    def test_only_the_receiver_signs_and_once(self, tiny, staff, heir, today):
        paper = start(tiny.clerk, heir, today)
        with pytest.raises(Refused, match="接手人本人签"):
            handover.sign(paper, by=tiny.colleague)
        handover.sign(paper, by=heir)
        with pytest.raises(Refused, match="已经签过"):
            handover.sign(paper, by=heir)

    def test_only_a_third_security_administrator_confirms(self, tiny, staff, today):
        paper = handover.sign(start(staff.security, person("new"), today), by=User.objects.get(username="new"))
        with pytest.raises(Refused, match="须由安全管理员确认"):
            handover.confirm(paper, by=staff.system)
        with pytest.raises(Refused, match="另一名安全管理员"):
            handover.confirm(paper, by=staff.security)
        assert handover.confirm(paper, by=staff.security2).state == "done"

    def test_the_receiver_declines_with_a_reason(self, tiny, heir, today):
        paper = start(tiny.clerk, heir, today)
        page = f"/account/handover/{paper.pk}/"
        assert as_(heir).post(page, {"action": "refuse", "reason": "不行"}).status_code == 422
        assert as_(heir).post(page, {"action": "refuse", "reason": "手头工作已满"}).status_code == 302
        paper.refresh_from_db()
        assert (paper.state, paper.ended_reason) == ("refused", "手头工作已满")
        assert as_(heir).post(page, {"action": "sign"}).status_code == 422
        assert may_enter(tiny.clerk)

    def test_the_giver_takes_it_back_until_all_have_signed(self, tiny, staff, heir, today):
        paper = start(tiny.clerk, heir, today + timedelta(days=9))
        with pytest.raises(Refused, match="只有发起人"):
            handover.withdraw(paper, by=heir)
        handover.withdraw(paper, by=tiny.clerk)
        paper = signed(tiny.clerk, heir, today + timedelta(days=9), staff)
        with pytest.raises(Refused, match="不能再办"):
            handover.withdraw(paper, by=tiny.clerk)

    def test_anothers_hand_over_is_not_there(self, tiny, staff, heir, today):
        paper = start(tiny.clerk, heir, today)
        client = as_(tiny.colleague)
        theirs, none = client.get(f"/account/handover/{paper.pk}/"), client.get("/account/handover/999999/")
        assert theirs.status_code == none.status_code == 404
        assert theirs.content.replace(b"/%d/" % paper.pk, b"") == none.content.replace(b"/999999/", b"")
        assert client.post(f"/account/handover/{paper.pk}/", {"action": "sign"}).status_code == 404
        assert [as_(one).get(f"/account/handover/{paper.pk}/").status_code for one in (
            tiny.clerk, heir, staff.security, staff.system, staff.auditor,
        )] == [200, 200, 200, 200, 404]  # fmt: skip

    def test_an_unknown_act_is_refused(self, tiny, heir, today):
        paper = start(tiny.clerk, heir, today)
        assert as_(heir).post(f"/account/handover/{paper.pk}/", {"action": "force"}).status_code == 403

    def test_what_cannot_be_recorded_does_not_happen(self, tiny, staff, heir, today, monkeypatch):
        paper = handover.sign(start(tiny.clerk, heir, today), by=heir)
        monkeypatch.setattr(AuditEvent, "save", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            handover.confirm(paper, by=staff.security)
        paper.refresh_from_db()
        assert (paper.state, paper.confirmed_by, heir.grants.count()) == ("open", None, 0)
        assert may_enter(tiny.clerk)

    @pytest.mark.parametrize(
        "changed",
        [
            {"receiver": "giver"},
            {"state": "signed"},
            {"state": "done"},
            {"confirmed_by": "giver"},
            {"confirmed_by": "receiver"},
        ],
    )
    def test_the_database_keeps_the_signatures_too(self, tiny, heir, today, changed):
        paper = start(tiny.clerk, heir, today)
        people = {"giver": tiny.clerk, "receiver": heir}
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(pk=paper.pk).update(
                **{key: people.get(value, value) for key, value in changed.items()}
            )
