"""Two people on one sheet, one person twice, a sheet that moves on while it is typed in: nothing is lost silently."""

import re

import pytest

from bureau.models import AuditEvent
from indicators.entry import workflow
from indicators.models import Entry, Submission, Transition
from tests.integration.entry.browsing import Page, opened, url_of
from tests.integration.factories import E1, EAST, START, approved, cells, fill

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
JOBS, WORK, THIRD = f"{E1}.D22", f"{E1}.D23", f"{E1}.D27"


@pytest.fixture
def clerk(tiny, signed_in):
    return signed_in(tiny.clerk)


@pytest.fixture
def draft(tiny):
    return fill(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 110})


def colleague_types(tiny, draft, values) -> None:
    workflow.save(draft, cells(tiny, {(E1, item): value for item, value in values.items()}), by=tiny.colleague,
                  source="grid")  # fmt: skip


def values() -> dict[str, object]:
    return dict(Entry.objects.values_list("item__code", "value"))


class TestAConflict:
    @pytest.fixture
    def page(self, tiny, clerk, draft):
        """The clerk has typed 120 and one more cell; a colleague has saved 119 in the same cell since."""
        mine = opened(clerk, *SHEET)
        colleague_types(tiny, draft, {"D22": 119})
        return Page.of(mine.send(clerk, "save", {JOBS: "120", THIRD: "3"}))

    def test_shows_mine_theirs_who_and_when_and_saves_none_of_it(self, page):
        assert page.status == 409
        text = re.sub(r"\s+", " ", page.text)
        assert "有 1 格已被他人修改，都没有保存" in text
        assert '<b>120</b><span class="note">我的</span>' in text
        assert re.search(r'<b>119</b><span class="note">colleague \d\d:\d\d 改为</span>', text)
        assert (page.shows(JOBS), page.shows(THIRD)) == ("120", "3")
        assert values() == {"D22": 119, "D23": 110}

    def test_mine_is_kept_when_i_say_so(self, clerk, page):
        assert page.send(clerk, "save", **{f"keep.c.{JOBS}": "mine"}).status_code == 302
        assert values() == {"D22": 120, "D23": 110, "D27": 3}

    def test_theirs_is_kept_when_i_say_so_and_my_other_cells_are_saved(self, clerk, page):
        assert page.send(clerk, "save", **{f"keep.c.{JOBS}": "theirs"}).status_code == 302
        assert values() == {"D22": 119, "D23": 110, "D27": 3}
        assert Entry.objects.get(item__code="D22").by.username == "colleague"

    def test_undecided_it_is_asked_again_and_nothing_is_saved(self, clerk, page):
        again = Page.of(page.send(clerk, "save"))
        assert again.status == 409
        assert again.fields["conflict"] == [f"c.{JOBS}"]
        assert values() == {"D22": 119, "D23": 110}
        assert again.send(clerk, "save", **{f"keep.c.{JOBS}": "mine"}).status_code == 302
        assert values()["D22"] == 120

    def test_changed_once_more_it_is_a_conflict_once_more(self, tiny, clerk, draft, page):
        colleague_types(tiny, draft, {"D22": 121})
        again = Page.of(page.send(clerk, "save", **{f"keep.c.{JOBS}": "mine"}))
        assert again.status == 409
        assert "<b>121</b>" in again.text
        assert values()["D22"] == 121

    def test_a_choice_for_a_cell_that_is_not_his_is_not_there(self, clerk, page):
        assert page.send(clerk, "save", conflict=["c.330424102201.D22"]).status_code == 404


def test_a_cell_emptied_meanwhile_is_a_conflict_too(tiny, clerk, draft):
    page = opened(clerk, *SHEET)
    cell = (tiny.areas[E1].pk, tiny.items["D22"].pk, 0)
    workflow.save(draft, [workflow.Change(*cell, None, clear=True)], by=tiny.colleague, source="grid")
    answer = page.send(clerk, "save", {JOBS: "120"})
    assert answer.status_code == 409
    assert "他人已清空" in answer.content.decode()
    assert values() == {"D23": 110}


def test_a_cell_emptied_and_filled_anew_does_not_pass_for_the_one_before(tiny, clerk, draft):
    page = opened(clerk, *SHEET)
    cell = (tiny.areas[E1].pk, tiny.items["D22"].pk, 0)
    workflow.save(draft, [workflow.Change(*cell, None, clear=True)], by=tiny.colleague, source="grid")
    colleague_types(tiny, draft, {"D22": 118})
    colleague_types(tiny, draft, {"D22": 140})
    assert page.send(clerk, "save", {JOBS: "120"}).status_code == 409
    assert values()["D22"] == 140


def test_a_colleagues_change_in_a_cell_i_did_not_touch_is_no_conflict_and_stays(tiny, clerk, draft):
    page = opened(clerk, *SHEET)
    colleague_types(tiny, draft, {"D22": 119})
    assert page.send(clerk, "save", {WORK: "111"}).status_code == 302
    assert values() == {"D22": 119, "D23": 111}


def test_both_typing_the_same_is_no_conflict(tiny, clerk, draft):
    page = opened(clerk, *SHEET)
    colleague_types(tiny, draft, {"D22": 119})
    assert page.send(clerk, "save", {JOBS: "119"}).status_code == 302
    assert Entry.objects.get(item__code="D22").by == tiny.colleague


class TestTheSameTwice:
    """A double click, Enter twice, a retry after a time-out: one change, one record, the same answer."""

    def test_saving(self, clerk, draft):
        page = opened(clerk, *SHEET)
        before = AuditEvent.objects.count()
        first, second = (page.send(clerk, "save", {JOBS: "120", WORK: ""}, clear=[f"c.{WORK}"]) for _ in range(2))
        assert (first.status_code, first.url) == (second.status_code, second.url) == (302, url_of(*SHEET))
        assert values() == {"D22": 120}
        assert AuditEvent.objects.count() == before + 1

    def test_handing_in(self, clerk, draft):
        page = opened(clerk, *SHEET)
        answers = [page.send(clerk, "submit", {JOBS: "120"}, incomplete="yes") for _ in range(2)]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, url_of(*SHEET))] * 2
        assert list(Transition.objects.values_list("act", flat=True)) == ["submit"]

    def test_withdrawing(self, clerk, draft):
        opened(clerk, *SHEET).send(clerk, "submit", incomplete="yes")
        answers = [clerk.post(url_of(*SHEET), {"action": "withdraw"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert list(Transition.objects.values_list("act", flat=True)) == ["submit", "withdraw"]

    def test_opening_a_correction(self, tiny, clerk):
        approved(tiny, *SHEET, {(E1, "D22"): 118})
        reason = {"reason": "重复计了两人"}
        answers = [clerk.post(f"{url_of(*SHEET)}correct/", reason) for _ in range(2)]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, url_of(*SHEET))] * 2
        assert list(Transition.objects.values_list("act", flat=True)) == ["submit", "approve", "correct"]
        other = clerk.post(f"{url_of(*SHEET)}correct/", {"reason": "另有一处也错了"})
        assert (other.status_code, "只有已审核的报表可以更正。" in other.content.decode()) == (422, True)

    def test_another_body_is_not_taken_for_the_first(self, clerk, draft):
        page = opened(clerk, *SHEET)
        page.send(clerk, "submit", {JOBS: "120"}, incomplete="yes")
        assert page.send(clerk, "submit", {JOBS: "130"}, incomplete="yes").status_code == 409
        assert values()["D22"] == 120


class TestASheetThatMovedOn:
    def test_handed_in_by_a_colleague_says_who_and_keeps_what_was_typed_to_be_copied(self, tiny, clerk, draft):
        page = opened(clerk, *SHEET)
        workflow.submit(draft, by=tiny.colleague)
        answer = Page.of(page.send(clerk, "save", {JOBS: "120"}))
        assert answer.status == 409
        assert "这份报表“待审核”，不能再改，没有保存。" in answer.text
        assert re.search(r"colleague \d\d:\d\d 提交。", answer.text)
        assert answer.shows(JOBS) == "120"
        assert "readonly" in answer.cells[JOBS]
        assert 'value="save"' not in answer.text
        assert values()["D22"] == 118

    def test_approved_meanwhile_it_is_not_changed(self, tiny, clerk, draft):
        page = opened(clerk, *SHEET)
        workflow.submit(draft, by=tiny.colleague)
        Submission.objects.filter(pk=draft.pk).update(submitted_by=tiny.colleague)
        workflow.approve(draft, by=tiny.reviewer)
        answer = page.send(clerk, "submit", {JOBS: "120"}, incomplete="yes")
        assert answer.status_code == 409
        assert "审核通过" in answer.content.decode()
        assert values()["D22"] == 118

    def test_reviewed_it_is_not_withdrawn(self, tiny, clerk):
        approved(tiny, *SHEET, {(E1, "D22"): 118})
        answer = clerk.post(url_of(*SHEET), {"action": "withdraw"})
        assert answer.status_code == 409
        assert "只有待审核的报表可以撤回。" in answer.content.decode()

    def test_a_right_that_ended_meanwhile_ends_the_typing(self, tiny, clerk, draft):
        page = opened(clerk, *SHEET)
        tiny.clerk.grants.all().delete()
        assert page.send(clerk, "save", {JOBS: "120"}).status_code == 403
        assert values()["D22"] == 118
