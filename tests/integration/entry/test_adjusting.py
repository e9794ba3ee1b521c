"""A reviewer's adjustment line: beside what was typed, into what is approved, on record, and never by who typed."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from bureau.models import AuditEvent, Grant
from bureau.trail import hooks
from indicators.entry import adjusting, sheets, workflow
from indicators.entry.layout import CellKey
from indicators.models import Adjustment, BalanceRule, Entry, Figure, Revision, RollUp, Submission
from tests.integration.entry.browsing import url_of
from tests.integration.factories import COUNTY, EAST, NOT_APPLICABLE, START, approved, cells, fill, hand_in, person

pytestmark = pytest.mark.django_db

JOBS = {(EAST, "D01"): 96, (EAST, "D02"): 4, (EAST, "D21"): NOT_APPLICABLE}
D01 = CellKey(EAST, "D01")
WHY = "跨镇签约的 10 人计入用工地"


@pytest.fixture
def waiting(tiny):
    return hand_in(tiny, "town", EAST, START, JOBS)


def adjust(submission, tiny, amount=-10, key=D01, **options):
    return adjusting.add(submission, key, Decimal(amount), **{"by": tiny.reviewer, "reason": WHY} | options)


def figure(tiny, item="D01") -> Decimal:
    return Figure.objects.get(item=tiny.items[item].pk).value


def again(tiny, submission, reason="名册重新核对过", **typed):
    """Corrected, with these cells typed, handed in anew."""
    workflow.correct(submission, by=tiny.clerk, reason=reason)
    workflow.save(submission, cells(tiny, {(EAST, item): n for item, n in typed.items()}), by=tiny.clerk, source="grid")
    return workflow.submit(submission, by=tiny.clerk)


class TestWhatCounts:
    def test_the_approved_figure_is_what_was_typed_and_the_line_together(self, tiny, waiting):
        adjust(waiting, tiny)
        workflow.approve(waiting, by=tiny.reviewer)
        assert (figure(tiny), figure(tiny, "D02")) == (86, 4)
        assert Entry.objects.get(item=tiny.items["D01"]).value == 96  # what was typed is never overwritten
        assert RollUp.objects.get(item=tiny.items["D01"].pk, area=tiny.areas[COUNTY].pk, month=START).total == 86

    def test_the_revision_says_that_it_carries_an_adjustment_and_who_typed(self, tiny, waiting):
        adjust(waiting, tiny)
        workflow.approve(waiting, by=tiny.reviewer)
        found = {one.item: one for one in Revision.objects.all()}
        carried, plain = found[tiny.items["D01"].pk], found[tiny.items["D02"].pk]
        assert (carried.source, carried.new_value, carried.entered_by) == ("adjustment", 86, tiny.clerk)
        assert plain.source == "grid"
        assert hooks.broken_rows() == []

    def test_several_lines_add_up_and_one_is_undone_by_its_opposite(self, tiny, waiting):
        for amount in (-10, 25, 10):
            adjust(waiting, tiny, amount)
        workflow.approve(waiting, by=tiny.reviewer)
        assert figure(tiny) == 121

    def test_a_correction_that_leaves_the_figure_keeps_the_line(self, tiny, waiting):
        adjust(waiting, tiny)
        workflow.approve(waiting, by=tiny.reviewer)
        workflow.approve(again(tiny, waiting, D02=5), by=tiny.reviewer)
        assert (figure(tiny), figure(tiny, "D02")) == (86, 5)
        assert Revision.objects.filter(item=tiny.items["D01"].pk).count() == 1

    def test_another_figure_typed_in_its_place_drops_the_line(self, tiny, waiting):
        adjust(waiting, tiny)
        workflow.approve(waiting, by=tiny.reviewer)
        workflow.approve(again(tiny, waiting, D01=86), by=tiny.reviewer)
        assert figure(tiny) == 86  # not taken off a second time

    def test_returned_and_handed_in_unchanged_it_still_counts(self, tiny, waiting):
        adjust(waiting, tiny)
        workflow.return_(waiting, by=tiny.reviewer, reason="另一项请核对")
        workflow.submit(waiting, by=tiny.clerk)
        workflow.approve(waiting, by=tiny.reviewer)
        assert figure(tiny) == 86

    def test_the_next_month_is_laid_beside_the_adjusted_figure(self, tiny, waiting):
        adjust(waiting, tiny)
        workflow.approve(waiting, by=tiny.reviewer)
        sheet, _names = sheets.build(tiny.forms["town"], tiny.areas[EAST], START + 1)
        assert sheet.previous[D01].value == 86


class TestWhoAndWhen:
    def test_who_typed_or_handed_in_may_not_who_adjusted_may_approve(self, tiny):
        both = person("both", (Grant.Role.REVIEWER, tiny.sections["jyj"]))
        typed = workflow.submit(fill(tiny, "town", EAST, START, JOBS, by=both), by=tiny.clerk)
        with pytest.raises(workflow.Refused, match="不能调整自己填报的数"):
            adjust(typed, tiny, by=both)
        adjust(typed, tiny)
        assert workflow.approve(typed, by=tiny.reviewer).approved_by == tiny.reviewer

    @pytest.mark.parametrize("make", [fill, approved])
    def test_only_while_it_waits_for_review(self, tiny, make):
        with pytest.raises(workflow.Closed, match="只有待审核的报表"):
            adjust(make(tiny, "town", EAST, START, JOBS), tiny)

    def test_not_before_the_towns_own_check(self, tiny, waiting):
        tiny.forms["town"].town_check = True
        tiny.forms["town"].save()
        with pytest.raises(workflow.Closed):
            adjust(waiting, tiny)

    @pytest.mark.parametrize("reason", ["", "核减", "   核减　 "])
    def test_a_reason_is_needed(self, tiny, waiting, reason):
        with pytest.raises(workflow.Refused, match="至少 5 个字"):
            adjust(waiting, tiny, reason=reason)
        assert not Adjustment.objects.exists()

    def test_a_cell_without_a_figure_is_returned_rather_than_adjusted(self, tiny, waiting):
        for key in (CellKey(EAST, "D21"), CellKey(EAST, "D31", "active"), CellKey("x", "y")):
            with pytest.raises(workflow.Refused, match="这一格没有数"):
                adjust(waiting, tiny, key=key)

    @pytest.mark.parametrize("amount", ["0", "0.00001", "1e20"])
    def test_an_amount_that_is_none_is_refused(self, tiny, waiting, amount):
        with pytest.raises(workflow.Refused, match="调整数须是不为 0 的数"):
            adjust(waiting, tiny, amount)

    def test_an_adjusted_sheet_obeys_the_hard_rules_too(self, tiny, waiting):
        BalanceRule.objects.create(code="B1", text="D02 <= D01", basis="自然减员在新就业之中")
        adjust(waiting, tiny, -92)
        with pytest.raises(workflow.Refused, match="调整后 101“D02”：D02 4 大于D01 3。"):
            adjust(waiting, tiny, -1)
        with pytest.raises(workflow.Refused, match="不得小于 0"):
            adjust(waiting, tiny, -5, key=CellKey(EAST, "D02"))
        assert Adjustment.objects.count() == 1


class TestOnRecord:
    def test_the_act_is_recorded_with_both_numbers_and_told_in_the_trail(self, tiny, waiting):
        adjust(waiting, tiny)
        event = AuditEvent.objects.get(act="submission.adjust")
        assert (event.by, event.reason, event.object) == (tiny.reviewer, WHY, f"town {EAST} 2015-01")
        assert event.detail["change"] == [960_000, 860_000]
        (told,) = hooks.changes_of(event)
        assert (told.old, told.new) == ("96", "86")

    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_the_database_lets_nobody_change_or_delete_a_line(self, tiny, waiting, act):
        line = adjust(waiting, tiny)
        found = Adjustment.objects.filter(pk=line.pk)
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            found.update(amount=1) if act == "update" else found._raw_delete(found.db)
        assert Adjustment.objects.get().amount == -10

    def test_without_its_record_nothing_is_adjusted(self, tiny, waiting, audit_fails):
        with pytest.raises(RuntimeError), transaction.atomic():
            adjust(waiting, tiny)
        assert not Adjustment.objects.exists()


class TestPages:
    def opened(self, client, submission) -> dict:
        context = client.get(f"/review/{submission.pk}/").context
        return {"seen": context["seen"], "shown": context["shown"]}

    def send(self, client, submission, **sent):
        data = {"decision": "adjust", "cell": f"{EAST}.D01", "amount": "-10", "reason": WHY}
        return client.post(f"/review/{submission.pk}/", self.opened(client, submission) | data | sent)

    def test_reviewer_adds_a_line_sees_both_numbers_and_approves(self, tiny, waiting, signed_in):
        client = signed_in(tiny.reviewer)
        assert self.send(client, waiting, amount="－１０").headers["Location"] == f"/review/{waiting.pk}/"
        page = client.get(f"/review/{waiting.pk}/")
        assert "96 − 10 = 86" in page.content.decode()
        (line,) = page.context["adjustments"]
        assert (line["where"], line["reason"], line["who"], line["counts"]) == ("101 D01 D01", WHY, "reviewer", True)
        answer = client.post(f"/review/{waiting.pk}/", self.opened(client, waiting) | {"decision": "approve"})
        assert (answer.status_code, figure(tiny)) == (302, 86)

    def test_the_clerk_is_told_on_his_sheet_and_the_history_shows_both(self, tiny, waiting, signed_in):
        adjust(waiting, tiny)
        page = signed_in(tiny.clerk).get(url_of("town", EAST, START)).content.decode()
        assert f"101 D01 D01 96 − 10 = 86；{WHY}" in page
        assert "审核调整 96 − 10 = 86" in page
        workflow.approve(waiting, by=tiny.reviewer)
        history = signed_in(tiny.reviewer).get(f"/history/D01/{EAST}/2015-01/").content.decode()
        assert f"96 − 10 = 86；{WHY}（reviewer）" in history

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"amount": "十"}, "调整数写成 10 或 -10 这样的数"),
            ({"amount": ""}, "调整数写成 10 或 -10 这样的数"),
            ({"amount": "1e3"}, "调整数写成 10 或 -10 这样的数"),
            ({"cell": ""}, "请选要调整的数"),
            ({"cell": f"{EAST}.D99"}, "这一格没有数"),
            ({"reason": "核减"}, "调整须写明原因，至少 5 个字。"),
            ({"amount": "-97"}, "不得小于 0"),
        ],
    )
    def test_what_cannot_be_added_is_said_and_what_was_written_stays(self, tiny, waiting, signed_in, sent, said):
        answer = self.send(signed_in(tiny.reviewer), waiting, **sent)
        page = answer.content.decode()
        assert (answer.status_code, said in page) == (422, True)
        assert f">{sent.get('reason', WHY)}</textarea>" in page
        assert not Adjustment.objects.exists()

    def test_a_colleagues_line_meanwhile_refuses_the_approval_and_names_it(self, tiny, waiting, signed_in):
        client = signed_in(tiny.reviewer)
        seen = self.opened(client, waiting)
        other = person("other", (Grant.Role.REVIEWER, tiny.sections["jyj"]))
        adjust(waiting, tiny, by=other)
        answer = client.post(f"/review/{waiting.pk}/", seen | {"decision": "approve"})
        assert answer.status_code == 409
        (one,) = answer.context["differences"]
        assert (one["seen"], one["now"]) == ("96", "96 − 10 = 86")
        assert one["who"].startswith("other ")
        assert not Figure.objects.exists()

    def test_the_town_checks_and_does_not_adjust(self, tiny, waiting, signed_in):
        tiny.forms["town"].town_check = True
        tiny.forms["town"].save()
        checker = signed_in(person("checker", (Grant.Role.TOWN_CHECKER, tiny.areas[EAST])))
        page = checker.get(f"/check/{waiting.pk}/")
        assert 'value="adjust"' not in page.content.decode()
        assert "合理性提示" not in page.content.decode()
        sent = {
            "decision": "adjust",
            "cell": f"{EAST}.D01",
            "amount": "-10",
            "reason": WHY,
            "seen": page.context["seen"],
        }
        assert checker.post(f"/check/{waiting.pk}/", sent).status_code == 422
        assert not Adjustment.objects.exists()
        assert Submission.objects.get().state == Submission.State.SUBMITTED
