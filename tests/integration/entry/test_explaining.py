"""An unusual figure is handed in once its cell says why; the reviewer reads the note, and questions of his own."""

from dataclasses import replace

import pytest

from indicators.entry import workflow
from indicators.entry.checks import check
from indicators.entry.handing_in import hand_in
from indicators.entry.sheets import build
from indicators.models import BalanceRule, Entry, SoftRule, Submission, Target
from tests.integration.factories import EAST, START, cells, fill, put

pytestmark = pytest.mark.django_db

MONTH = START + 8
STEADY = (280, 300, 280, 300, 280, 300, 280, 280)
NOTE = "开发区招聘会集中签约"


@pytest.fixture
def jumped(tiny) -> Submission:
    """East's draft with 960 new jobs after eight months of about 290; the rest is filled."""
    SoftRule.objects.create(code="S01", kind="month", text="flow stock", basis="口径逐月一致")
    put(tiny, [(START + at, {(EAST, "D01"): value}) for at, value in enumerate(STEADY)])
    rest = {(EAST, "D02"): 4, (EAST, "D21"): 7, (EAST, "D31", "active"): 5, (EAST, "D31", "retired"): 5}
    return fill(tiny, "town", EAST, MONTH, {(EAST, "D01"): 960} | rest)


def explain(tiny, submission, note=NOTE) -> int:
    """What the clerk says of the new jobs, their number as it stands."""
    (change,) = cells(tiny, {(EAST, "D01"): 960})
    return workflow.save(submission, [replace(change, note=note)], by=tiny.clerk, source="grid")


def findings(submission) -> list[str]:
    sheet, _names = build(submission.form, submission.place, submission.month)
    return [one.rule for one in check(sheet, sheet.values)]


def test_without_a_note_it_is_not_handed_in_and_the_cell_is_named(tiny, jumped):
    assert findings(jumped) == ["请核实：比上月多 680 人（+242.9%），通常 195–402"]
    with pytest.raises(workflow.Refused, match="还有 1 处请核实没有说明，不能提交：101“D01”。有误就改"):
        hand_in(jumped, by=tiny.clerk)
    jumped.refresh_from_db()
    assert jumped.state == Submission.State.DRAFT


def test_with_a_note_it_is_and_the_note_stays_with_the_figure(tiny, jumped):
    assert (explain(tiny, jumped), explain(tiny, jumped)) == (1, 0)
    assert hand_in(jumped, by=tiny.clerk).state == Submission.State.SUBMITTED
    kept = Entry.objects.get(item=tiny.items["D01"])
    assert (kept.note, kept.value) == (NOTE, 960)


def test_blanks_are_no_note_and_mended_it_needs_none(tiny, jumped):
    explain(tiny, jumped, " \n ")
    with pytest.raises(workflow.Refused, match="没有说明"):
        hand_in(jumped, by=tiny.clerk)
    workflow.save(jumped, cells(tiny, {(EAST, "D01"): 290}), by=tiny.clerk, source="grid")
    assert hand_in(jumped, by=tiny.clerk).state == Submission.State.SUBMITTED


class TestNoteOfAnotherFigure:
    """What was said of 960 explains nothing of 1,200 until the clerk says that it does."""

    def renewed(self, tiny, submission, value, note, seen=None) -> None:
        (change,) = cells(tiny, {(EAST, "D01"): value})
        workflow.save(submission, [replace(change, note=note, expected=seen)], by=tiny.clerk, source="grid")

    def kept(self, tiny) -> Entry:
        return Entry.objects.get(item=tiny.items["D01"], value__gt=900)

    def test_left_as_it_was_it_is_asked_for_again_and_not_lost(self, tiny, jumped):
        explain(tiny, jumped)
        self.renewed(tiny, jumped, 1200, NOTE)
        assert self.kept(tiny).note == f"改数前的说明：{NOTE}"
        with pytest.raises(workflow.Refused, match="还有 1 处请核实没有说明，不能提交：101“D01”"):
            hand_in(jumped, by=tiny.clerk)

    def test_confirmed_by_striking_out_the_mark_it_counts_again(self, tiny, jumped):
        explain(tiny, jumped)
        self.renewed(tiny, jumped, 1200, NOTE)
        self.renewed(tiny, jumped, 1200, NOTE, seen=self.kept(tiny).version)
        assert self.kept(tiny).note == NOTE
        assert hand_in(jumped, by=tiny.clerk).state == Submission.State.SUBMITTED

    def test_renewed_together_with_the_figure_it_is_not_asked_for_twice(self, tiny, jumped):
        explain(tiny, jumped)
        self.renewed(tiny, jumped, 1200, "又签了一批")
        assert hand_in(jumped, by=tiny.clerk).state == Submission.State.SUBMITTED

    def test_a_page_that_sends_again_after_a_lost_answer_confirms_nothing(self, tiny, jumped):
        explain(tiny, jumped)
        seen = self.kept(tiny).version
        self.renewed(tiny, jumped, 1200, NOTE, seen)
        self.renewed(tiny, jumped, 1200, NOTE, seen)
        assert self.kept(tiny).note == f"改数前的说明：{NOTE}"

    def test_a_second_change_marks_it_once(self, tiny, jumped):
        explain(tiny, jumped)
        self.renewed(tiny, jumped, 1200, NOTE)
        self.renewed(tiny, jumped, 1100, self.kept(tiny).note)
        assert self.kept(tiny).note == f"改数前的说明：{NOTE}"


def test_hard_errors_are_named_first_with_row_column_and_rule(tiny, jumped):
    BalanceRule.objects.create(code="B1", text="D01 <= D02")
    with pytest.raises(workflow.Refused, match="还有 1 处须改的错误，不能提交：101“D01”：D01 960 大于D02 4。"):
        hand_in(jumped, by=tiny.clerk)


def test_what_came_by_another_way_obeys_type_and_range_too(tiny, jumped):
    workflow.save(jumped, cells(tiny, {(EAST, "D01"): "290.5", (EAST, "D02"): -4}), by=tiny.clerk, source="api")
    with pytest.raises(
        workflow.Refused, match="还有 2 处须改的错误，不能提交：101“D01”：须为整数；101“D02”：不得小于 0"
    ):
        hand_in(jumped, by=tiny.clerk)


class TestReviewer:
    def page(self, signed_in, tiny, submission):
        return signed_in(tiny.reviewer).get(f"/review/{submission.pk}/")

    def test_he_reads_finding_and_note_first_and_the_rest_after(self, tiny, jumped, signed_in):
        explain(tiny, jumped)
        hand_in(jumped, by=tiny.clerk)
        page = self.page(signed_in, tiny, jumped)
        first, *rest = page.context["rows"]
        assert (first["code"], first["said"], [one["light"] for one in first["notes"]]) == ("D01", NOTE, ["explained"])
        assert [row["flagged"] for row in rest] == [False] * 4
        assert "1 处请核实，其中 1 处已说明" in [fact["text"] for fact in page.context["facts"]]
        text = page.content.decode()
        assert "通常 195–402" in text
        assert "口径逐月一致" in text

    def test_the_list_tells_explained_from_silent_and_offers_neither_in_bulk(self, tiny, jumped, signed_in):
        explain(tiny, jumped)
        hand_in(jumped, by=tiny.clerk)
        silent = workflow.submit(fill(tiny, "town", EAST, MONTH + 1, {(EAST, "D01"): 5}), by=tiny.clerk)
        put(tiny, [(MONTH, {(EAST, "D01"): 290})])
        client = signed_in(tiny.reviewer)
        rows = {row["url"]: row for group in client.get("/review/").context["groups"] for row in group["rows"]}
        told, asked = rows[f"/review/{jumped.pk}/"], rows[f"/review/{silent.pk}/"]
        assert (told["checks_word"], told["checks_light"], told["pick"]) == ("1 处请核实，已说明", "explained", "")
        assert (asked["checks_word"], asked["pick"]) == ("1 处待核", "")

    def test_questions_are_his_alone_and_stop_nothing(self, tiny, signed_in):
        aim = Target.objects.get(reading__indicator__code="A01", area=tiny.areas[EAST], start_month=START)
        aim.value = 600
        aim.save()
        put(tiny, [(START + at, {(EAST, "D01"): 200, (EAST, "D02"): 0}) for at in range(2)])
        hit = workflow.submit(
            fill(tiny, "town", EAST, START + 2, {(EAST, "D01"): 200, (EAST, "D02"): 0}), by=tiny.clerk
        )
        page = self.page(signed_in, tiny, hit)
        assert [one["text"] for one in page.context["questions"]] == [
            "请核实：D01连续 3 个月均为 200 人",
            "请核实：D01、D02合计正好等于目标“A01” 600",
        ]
        clerk = signed_in(tiny.clerk).get(f"/entry/town/{EAST}/2015-03/").content.decode()
        assert "连续 3 个月" not in clerk
        assert workflow.approve(hit, by=tiny.reviewer).state == Submission.State.APPROVED
