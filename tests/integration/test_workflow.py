"""A figure's way from draft to approved value: who may do what when, what is kept of it, and that nothing is lost."""

from decimal import Decimal

import pytest

from bureau import audit
from bureau.fields import to_units
from bureau.installation import data_version
from bureau.models import AuditEvent
from indicators.entry import workflow
from indicators.entry.workflow import Change, Conflict, Refused
from indicators.models import Entry, Evaluation, Figure, Revision, RollUp, Submission, Transition
from indicators.models.figures import CellState
from tests.integration.factories import (
    EAST,
    NOT_APPLICABLE,
    START,
    WEST,
    approved,
    cells,
    fill,
    hand_in,
)

State = Submission.State
JOBS = {(EAST, "D01"): 12, (EAST, "D02"): 2}


def change(tiny, value, expected=None, place=EAST, item="D01", state=CellState.VALUE):
    value = None if value is None else Decimal(value)
    return Change(tiny.areas[place].pk, tiny.items[item].pk, 0, value, state, expected)


def figure(tiny, place, item, month=START):
    """(value, revision number) of an approved value, None where there is none."""
    found = Figure.objects.filter(area=tiny.areas[place].pk, item=tiny.items[item].pk, month=month)
    return found.values_list("value", "revision").first()


def county_total(tiny, item, month=START):
    return RollUp.objects.filter(area=tiny.county.pk, item=tiny.items[item].pk, category=0, month=month).values_list(
        "total", flat=True
    ).first()  # fmt: skip


def fresh(submission):
    return Submission.objects.get(pk=submission.pk)


@pytest.mark.django_db
class TestAFigureComesToStand:
    def test_only_when_it_is_approved(self, tiny):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        assert not Figure.objects.exists()
        assert not RollUp.objects.exists()
        assert workflow.approve(submission, by=tiny.reviewer).state == State.APPROVED
        assert figure(tiny, EAST, "D01") == (12, 1)
        assert county_total(tiny, "D01") == 12
        judged = Evaluation.objects.get(area=tiny.county.pk, indicator=tiny.indicators["A01"].pk, month=START)
        assert judged.value == 10

    def test_with_a_revision_that_says_who_typed_it_where(self, tiny):
        approved(tiny, "town", EAST, START, JOBS)
        revision = Revision.objects.get(item=tiny.items["D01"].pk)
        assert (revision.old_value, revision.new_value, revision.number) == (None, 12, 1)
        assert (revision.entered_by, revision.source) == (tiny.clerk, "grid")
        assert revision.event.act == "submission.approve"

    def test_a_not_applicable_cell_stands_without_a_value(self, tiny):
        approved(tiny, "town", EAST, START, {(EAST, "D01"): NOT_APPLICABLE})
        found = Figure.objects.get()
        assert (found.value, found.state) == (None, CellState.NOT_APPLICABLE)

    def test_and_the_data_version_rises_with_it(self, tiny):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        before = data_version(tiny.county.pk)
        workflow.approve(submission, by=tiny.reviewer)
        assert data_version(tiny.county.pk) == before + 1

    def test_many_at_once_are_one_act(self, tiny):
        waiting = [hand_in(tiny, "town", place, START, {(place, "D01"): 5}) for place in (EAST, WEST)]
        assert workflow.approve_all(waiting, by=tiny.reviewer) == 2
        assert AuditEvent.objects.filter(act="submission.approve").count() == 1
        assert county_total(tiny, "D01") == 10

    def test_approving_nothing_is_no_act(self, tiny):
        assert workflow.approve_all([], by=tiny.reviewer) == 0
        assert not AuditEvent.objects.exists()


@pytest.mark.django_db
class TestSeveralSheetsInOneAct:
    """What one workbook brings to several places is saved and handed in together or not at all."""

    def drafts(self, tiny, east, west):
        form, places = tiny.forms["town"], [tiny.areas[EAST], tiny.areas[WEST]]
        found = workflow.submissions_for(form, places, START)
        return [
            (found[tiny.areas[EAST].pk], [change(tiny, *east)]),
            (found[tiny.areas[WEST].pk], [change(tiny, *west, place=WEST)]),
        ]

    def test_each_sheet_has_its_record_and_the_chain_holds(self, tiny):
        drafts = self.drafts(tiny, (5, 0), (7, 0))
        assert workflow.save_all(drafts, by=tiny.clerk, source="workbook") == 2
        workflow.submit_all([submission for submission, _changes in drafts], by=tiny.clerk)
        events = AuditEvent.objects.order_by("sequence")
        assert [one.act for one in events] == ["entries.save"] * 2 + ["submission.submit"] * 2
        assert len({one.object for one in events}) == 2
        assert audit.first_broken() is None
        assert [one.version for one in Submission.objects.filter(state=State.SUBMITTED)] == [1, 1]
        assert Transition.objects.filter(act="submit", by=tiny.clerk).count() == 2
        assert dict(Entry.objects.values_list("area__code", "value")) == {EAST: 5, WEST: 7}

    def test_what_stood_is_replaced_what_is_new_is_added(self, tiny):
        fill(tiny, "town", EAST, START, {(EAST, "D01"): 4})
        drafts = self.drafts(tiny, (5, 1), (7, 0))
        assert workflow.save_all(drafts, by=tiny.clerk, source="workbook") == 2
        assert dict(Entry.objects.values_list("area__code", "value")) == {EAST: 5, WEST: 7}
        changes = AuditEvent.objects.filter(act="entries.save").order_by("sequence").values_list("detail", flat=True)
        assert [one["changes"][0][3:] for one in changes] == [
            [None, None, 40_000, 0], [40_000, 0, 50_000, 0], [None, None, 70_000, 0]
        ]  # fmt: skip

    def test_one_conflict_stops_them_all(self, tiny):
        fill(tiny, "town", WEST, START, {(WEST, "D01"): 9})
        drafts = self.drafts(tiny, (5, 0), (7, 0))
        with pytest.raises(Conflict) as caught:
            workflow.save_all(drafts, by=tiny.clerk, source="workbook")
        assert [one.place_id for one in caught.value.submissions] == [tiny.areas[WEST].pk]
        assert dict(Entry.objects.values_list("area__code", "value")) == {WEST: 9}
        assert AuditEvent.objects.filter(act="entries.save").count() == 1

    def test_an_empty_one_stops_the_handing_in_of_all(self, tiny):
        (east, changes), (west, _) = self.drafts(tiny, (5, 0), (7, 0))
        workflow.save(east, changes, by=tiny.clerk, source="workbook")
        with pytest.raises(Refused, match="还没有填任何数"):
            workflow.submit_all([east, west], by=tiny.clerk)
        assert {fresh(east).state, fresh(west).state} == {State.DRAFT}

    def test_nothing_is_no_act(self, tiny):
        assert workflow.save_all([], by=tiny.clerk, source="workbook") == 0
        assert workflow.submit_all([], by=tiny.clerk) == []
        assert not AuditEvent.objects.exists()


@pytest.mark.django_db
class TestFourEyes:
    def test_nobody_approves_what_he_typed(self, tiny):
        submission = fill(tiny, "town", EAST, START, JOBS, by=tiny.reviewer)
        workflow.submit(submission, by=tiny.clerk)
        with pytest.raises(Refused, match="不能审核自己填报的数"):
            workflow.approve(submission, by=tiny.reviewer)
        assert fresh(submission).state == State.SUBMITTED
        assert not Figure.objects.exists()

    def test_nobody_approves_what_he_handed_in(self, tiny):
        submission = fill(tiny, "town", EAST, START, JOBS)
        workflow.submit(submission, by=tiny.reviewer)
        with pytest.raises(Refused, match="不能审核自己填报的数"):
            workflow.approve(submission, by=tiny.reviewer)

    def test_one_own_cell_among_many_stops_the_whole_bulk(self, tiny):
        first = hand_in(tiny, "town", EAST, START, JOBS)
        second = fill(tiny, "town", WEST, START, {(WEST, "D01"): 1}, by=tiny.reviewer)
        workflow.submit(second, by=tiny.clerk)
        with pytest.raises(Refused):
            workflow.approve_all([first, second], by=tiny.reviewer)
        assert not Figure.objects.exists()
        assert fresh(first).state == State.SUBMITTED


@pytest.mark.django_db
class TestTheStates:
    def test_an_empty_form_is_not_handed_in(self, tiny):
        empty = workflow.submission_for(tiny.forms["town"], tiny.areas[EAST], START)
        with pytest.raises(Refused, match="还没有填任何数"):
            workflow.submit(empty, by=tiny.clerk)

    def test_a_draft_is_not_approved(self, tiny):
        draft = fill(tiny, "town", EAST, START, JOBS)
        with pytest.raises(Refused, match="只有待审核的报表可以通过"):
            workflow.approve(draft, by=tiny.reviewer)

    def test_what_was_handed_in_is_not_changed(self, tiny):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        with pytest.raises(Refused, match="不能再改"):
            workflow.save(submission, [change(tiny, 13)], by=tiny.clerk, source="grid")
        assert Entry.objects.get(item=tiny.items["D01"]).value == 12

    def test_withdrawn_it_can_be_changed_again(self, tiny):
        submission = workflow.withdraw(hand_in(tiny, "town", EAST, START, JOBS), by=tiny.clerk)
        assert workflow.save(submission, [change(tiny, 13)], by=tiny.clerk, source="grid") == 1

    def test_an_approved_one_is_neither_withdrawn_nor_returned_nor_approved_again(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        with pytest.raises(Refused):
            workflow.withdraw(submission, by=tiny.clerk)
        with pytest.raises(Refused):
            workflow.return_(submission, by=tiny.reviewer, reason="请核对数字")
        with pytest.raises(Refused):
            workflow.approve(submission, by=tiny.reviewer)

    @pytest.mark.parametrize("reason", ["", "     ", "不对", " 不对 "])
    def test_returning_needs_a_reason(self, tiny, reason):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        with pytest.raises(Refused, match="至少 5 个字"):
            workflow.return_(submission, by=tiny.reviewer, reason=reason)
        assert fresh(submission).state == State.SUBMITTED

    def test_returned_with_its_reason_it_is_open_again(self, tiny):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        workflow.return_(submission, by=tiny.reviewer, reason="新就业人数请核对")
        submission = fresh(submission)
        assert (submission.state, submission.reason, submission.is_open) == (State.RETURNED, "新就业人数请核对", True)

    def test_every_step_is_written_down(self, tiny):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        workflow.return_(submission, by=tiny.reviewer, reason="新就业人数请核对")
        workflow.save(submission, [change(tiny, 11)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        workflow.approve(submission, by=tiny.reviewer)
        steps = Transition.objects.values_list("act", "by__username", "reason")
        assert list(steps) == [
            ("submit", "clerk", ""),
            ("return", "reviewer", "新就业人数请核对"),
            ("submit", "clerk", ""),
            ("approve", "reviewer", ""),
        ]


@pytest.mark.django_db
class TestTwoPeople:
    def test_the_second_clerk_is_shown_what_the_first_typed(self, tiny):
        submission = fill(tiny, "town", EAST, START, JOBS)
        seen = Entry.objects.get(item=tiny.items["D01"]).version
        workflow.save(submission, [change(tiny, 20, seen)], by=tiny.colleague, source="grid")
        with pytest.raises(Conflict) as caught:
            workflow.save(submission, [change(tiny, 30, seen)], by=tiny.clerk, source="grid")
        cell = (tiny.areas[EAST].pk, tiny.items["D01"].pk, 0)
        theirs, state, _note, who, _when = caught.value.cells[cell]
        assert (theirs, state, who) == (to_units(20), CellState.VALUE, tiny.colleague.pk)
        assert Entry.objects.get(item=tiny.items["D01"]).value == 20

    def test_a_conflict_in_one_cell_saves_none_of_the_others(self, tiny):
        submission = fill(tiny, "town", EAST, START, JOBS)
        workflow.save(submission, [change(tiny, 20, 1)], by=tiny.colleague, source="grid")
        mixed = [change(tiny, 9, 1, item="D02"), change(tiny, 30, 1)]
        with pytest.raises(Conflict):
            workflow.save(submission, mixed, by=tiny.clerk, source="grid")
        assert Entry.objects.get(item=tiny.items["D02"]).value == 2

    def test_a_cell_filled_meanwhile_by_another_is_a_conflict_too(self, tiny):
        submission = fill(tiny, "town", EAST, START, {(EAST, "D02"): 1})
        workflow.save(submission, [change(tiny, 20, 0)], by=tiny.colleague, source="grid")
        with pytest.raises(Conflict):
            workflow.save(submission, [change(tiny, 30, 0)], by=tiny.clerk, source="grid")

    def test_two_clerks_on_different_cells_do_not_meet(self, tiny):
        submission = fill(tiny, "town", EAST, START, JOBS)
        workflow.save(submission, [change(tiny, 20, 1)], by=tiny.colleague, source="grid")
        assert workflow.save(submission, [change(tiny, 3, 1, item="D02")], by=tiny.clerk, source="grid") == 1

    def test_saving_the_same_again_changes_nothing(self, tiny):
        submission = fill(tiny, "town", EAST, START, JOBS)
        acts = AuditEvent.objects.count()
        assert workflow.save(submission, cells(tiny, JOBS), by=tiny.colleague, source="grid") == 0
        assert (fresh(submission).version, AuditEvent.objects.count()) == (submission.version, acts)
        assert set(Entry.objects.values_list("by", flat=True)) == {tiny.clerk.pk}

    def test_a_reviewer_does_not_approve_what_he_has_not_seen(self, tiny):
        submission = hand_in(tiny, "town", EAST, START, JOBS)
        seen = workflow.content_digest(submission)
        workflow.withdraw(submission, by=tiny.clerk)
        workflow.save(submission, [change(tiny, 99)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        with pytest.raises(Conflict, match="数据已变动"):
            workflow.approve(submission, by=tiny.reviewer, seen=seen)
        assert not Figure.objects.exists()
        now = workflow.content_digest(submission)
        assert workflow.approve(submission, by=tiny.reviewer, seen=now).state == State.APPROVED


@pytest.mark.django_db
class TestCorrecting:
    def test_the_old_figures_stand_until_the_correction_is_approved(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        workflow.correct(submission, by=tiny.clerk, reason="重复计了两人")
        workflow.save(submission, [change(tiny, 10)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        assert (figure(tiny, EAST, "D01"), county_total(tiny, "D01")) == ((12, 1), 12)
        workflow.approve(submission, by=tiny.reviewer)
        assert (figure(tiny, EAST, "D01"), county_total(tiny, "D01")) == ((10, 2), 10)

    def test_leaves_a_second_revision_with_old_new_and_why(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        workflow.correct(submission, by=tiny.clerk, reason="重复计了两人")
        workflow.save(submission, [change(tiny, 10)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        workflow.approve(submission, by=tiny.reviewer)
        second = Revision.objects.get(number=2)
        assert (second.old_value, second.new_value, second.event.reason) == (12, 10, "重复计了两人")
        assert Revision.objects.count() == 3  # D02 did not change and has one only
        assert figure(tiny, EAST, "D02") == (2, 1)

    def test_needs_a_reason(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        with pytest.raises(Refused, match="至少 5 个字"):
            workflow.correct(submission, by=tiny.clerk, reason="错了")
        assert fresh(submission).state == State.APPROVED

    def test_its_reason_outlives_a_return_in_between(self, tiny):
        """The correction list has to say why the value changed, not why a reviewer once sent it back."""
        submission = approved(tiny, "town", EAST, START, JOBS)
        workflow.correct(submission, by=tiny.clerk, reason="重复计了两人")
        workflow.save(submission, [change(tiny, 11)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        workflow.return_(submission, by=tiny.reviewer, reason="应当减去两人")
        workflow.save(submission, [change(tiny, 10)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        workflow.approve(submission, by=tiny.reviewer)
        assert Revision.objects.get(number=2).event.reason == "重复计了两人"


@pytest.mark.django_db
class TestTakingBack:
    def test_deletes_the_figures_and_keeps_a_revision_of_each(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        workflow.take_back(submission, by=tiny.reviewer, reason="报的是上月的数")
        assert not Figure.objects.exists()
        assert not RollUp.objects.exists()
        assert not Evaluation.objects.exists()
        gone = Revision.objects.get(number=2, item=tiny.items["D01"].pk)
        assert (gone.old_value, gone.new_value, gone.new_state) == (12, None, None)
        assert gone.event.reason == "报的是上月的数"
        assert fresh(submission).state == State.RETURNED

    def test_what_comes_after_goes_on_counting_revisions(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        workflow.take_back(submission, by=tiny.reviewer, reason="报的是上月的数")
        workflow.submit(submission, by=tiny.clerk)
        workflow.approve(submission, by=tiny.reviewer)
        assert figure(tiny, EAST, "D01") == (12, 3)
        assert Revision.objects.filter(number=3).first().event.reason == "报的是上月的数"

    def test_what_was_never_approved_is_not_taken_back(self, tiny):
        with pytest.raises(Refused, match="没有审核过"):
            workflow.take_back(hand_in(tiny, "town", EAST, START, JOBS), by=tiny.reviewer, reason="报的是上月的数")

    def test_needs_a_reason(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        with pytest.raises(Refused, match="至少 5 个字"):
            workflow.take_back(submission, by=tiny.reviewer, reason="")
        assert Figure.objects.count() == 2


@pytest.mark.django_db
class TestTheAuditTrail:
    def test_has_a_record_an_act(self, tiny):
        submission = approved(tiny, "town", EAST, START, JOBS)
        workflow.correct(submission, by=tiny.clerk, reason="重复计了两人")
        workflow.take_back(submission, by=tiny.reviewer, reason="报的是上月的数")
        acts = list(AuditEvent.objects.values_list("act", "by__username"))
        assert acts == [
            ("entries.save", "clerk"),
            ("submission.submit", "clerk"),
            ("submission.approve", "reviewer"),
            ("submission.correct", "clerk"),
            ("submission.take_back", "reviewer"),
            ("submission.take_back.figures", "reviewer"),
        ]
        approval = AuditEvent.objects.get(act="submission.approve")
        assert (approval.object, approval.revisions) == (f"town {EAST} 2015-01", 2)
        assert audit.first_broken() is None

    @pytest.mark.parametrize("act", ["save", "submit", "approve", "return", "correct", "take_back"])
    def test_an_act_that_cannot_be_recorded_does_not_happen(self, tiny, act, request):
        submission = {
            "save": fill, "submit": fill, "approve": hand_in, "return": hand_in, "correct": approved,
            "take_back": approved,
        }[act](tiny, "town", EAST, START, JOBS)  # fmt: skip
        before = state_of_everything()
        request.getfixturevalue("audit_fails")
        with pytest.raises(RuntimeError):
            {
                "save": lambda: workflow.save(submission, [change(tiny, 99)], by=tiny.clerk, source="grid"),
                "submit": lambda: workflow.submit(submission, by=tiny.clerk),
                "approve": lambda: workflow.approve(submission, by=tiny.reviewer),
                "return": lambda: workflow.return_(submission, by=tiny.reviewer, reason="请核对数字"),
                "correct": lambda: workflow.correct(submission, by=tiny.clerk, reason="重复计了两人"),
                "take_back": lambda: workflow.take_back(submission, by=tiny.reviewer, reason="报的是上月的数"),
            }[act]()
        assert state_of_everything() == before


def state_of_everything():
    return [
        sorted(map(repr, model.objects.values_list(*(f.attname for f in model._meta.concrete_fields if f.column))))
        for model in (Submission, Entry, Figure, Revision, RollUp, Evaluation, Transition, AuditEvent)
    ]


@pytest.mark.django_db
class TestOddCells:
    @pytest.mark.parametrize("value", ["0.00001", "NaN", "Infinity"])
    def test_a_value_that_cannot_be_kept_exactly_is_not_saved(self, tiny, value):
        submission = fill(tiny, "town", EAST, START, JOBS)
        with pytest.raises(ValueError, match=r"decimals|finite"):
            workflow.save(submission, [change(tiny, value)], by=tiny.clerk, source="grid")
        assert Entry.objects.get(item=tiny.items["D01"]).value == 12

    def test_an_estimate_stands_with_its_state(self, tiny):
        submission = fill(tiny, "town", EAST, START, {(EAST, "D02"): 1})
        workflow.save(submission, [change(tiny, 120, state=CellState.ESTIMATE)], by=tiny.clerk, source="grid")
        workflow.submit(submission, by=tiny.clerk)
        workflow.approve(submission, by=tiny.reviewer)
        assert Figure.objects.get(item=tiny.items["D01"].pk).state == CellState.ESTIMATE
        assert county_total(tiny, "D01") == 120
