"""A clerk fills a town's villages cell by cell: what is written, what is refused, and that nothing typed is lost."""

from decimal import Decimal

import pytest

from bureau.models import AuditEvent
from indicators.entry import workflow
from indicators.models import BalanceRule, Entry, Submission
from indicators.models.figures import CellState
from tests.integration.entry.browsing import Page, opened, url_of
from tests.integration.factories import E1, E2, EAST, START, W1, W2, approved, cells, fill

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
JOBS, WORK = f"{E1}.D22", f"{E1}.D23"


@pytest.fixture
def clerk(tiny, signed_in):
    return signed_in(tiny.clerk)


def standing() -> dict[str, tuple]:
    """'area.item' → (value, state) of every entry."""
    rows = Entry.objects.values_list("area__code", "item__code", "value", "state")
    return {f"{area}.{item}": (value, CellState(state)) for area, item, value, state in rows}


def test_there_is_a_field_for_every_cell_of_every_village_and_nothing_is_written_by_looking(tiny, clerk):
    page = opened(clerk, *SHEET)
    assert len(page.cells) == 3 * 8  # E1, E2 and W2, which belongs to East until 2016-04
    assert {name.split(".")[0] for name in page.cells} == {E1, E2, W2}
    assert {field["value"] for field in page.cells.values()} == {""}
    assert page.cells[f"{E1}.D13.active"]["aria-labelledby"] == f"r-{E1} k-D13[active]"
    assert not Submission.objects.exists()


def test_what_is_typed_is_a_draft_in_full_width_thousands_and_shorthand(tiny, clerk):
    answer = opened(clerk, *SHEET).send(
        clerk, "save", {JOBS: "１，２００", WORK: "估1,150", f"{E2}.D22": "不适用", f"{E2}.D23": "不", f"{E1}.D27": "0"}
    )
    assert (answer.status_code, answer.url) == (302, url_of(*SHEET))
    assert standing() == {
        JOBS: (1200, CellState.VALUE),
        WORK: (1150, CellState.ESTIMATE),
        f"{E2}.D22": (None, CellState.NOT_APPLICABLE),
        f"{E2}.D23": (None, CellState.NOT_APPLICABLE),
        f"{E1}.D27": (0, CellState.VALUE),
    }
    assert set(Entry.objects.values_list("source", "by")) == {("grid", tiny.clerk.pk)}
    again = opened(clerk, *SHEET)
    assert [again.shows(name) for name in (JOBS, WORK, f"{E2}.D22", f"{E1}.D27", f"{E1}.D27a")] == [
        "1,200", "估1,150", "不适用", "0", "",
    ]  # fmt: skip


def test_only_changed_cells_are_written_and_an_untouched_sheet_writes_nothing(tiny, clerk):
    opened(clerk, *SHEET).send(clerk, "save", {JOBS: "12", WORK: "11"})
    events = AuditEvent.objects.filter(act="entries.save").count()
    assert opened(clerk, *SHEET).send(clerk, "save").status_code == 302
    opened(clerk, *SHEET).send(clerk, "save", {JOBS: "12.0"})
    assert AuditEvent.objects.filter(act="entries.save").count() == events
    opened(clerk, *SHEET).send(clerk, "save", {WORK: "10"})
    versions = dict(Entry.objects.values_list("item__code", "version"))
    assert versions == {"D22": 1, "D23": 2}


def test_last_months_figure_stands_under_the_cell_and_can_be_carried_over(tiny, signed_in, clerk):
    approved(tiny, "village", EAST, START, {(E1, "D22"): 86, (E1, "D23"): 79})
    page = opened(clerk, "village", EAST, START + 1)
    assert page.text.count('data-last="上月">86<') == 1
    assert page.send(clerk, "save", {JOBS: "沿", WORK: "沿79"}).status_code == 302
    assert standing()[JOBS] == (86, CellState.CARRIED) or Entry.objects.filter(submission__month=START + 1).count() == 2
    carried = Entry.objects.filter(submission__month=START + 1).values_list("item__code", "value", "state")
    assert set(carried) == {("D22", Decimal(86), CellState.CARRIED), ("D23", Decimal(79), CellState.CARRIED)}
    assert opened(clerk, "village", EAST, START + 1).shows(JOBS) == "沿86"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("十二", "“十二”不是数字"),
        ("1.5", "人数须为整数"),
        ("-3", "人数应为 0 或正整数"),
        ("85%", "填人数，不填百分比"),
        ("1,23", "千分位写法不对"),
        ("٣٤", "“٣٤”不是数字"),
        ("1_000", "“1_000”不是数字"),
        ("NaN", "“NaN”不是数字"),
        ("1e400", "“1e400”不是数字"),
        ("9" * 30, "人数应为 0 或正整数，最多 9 位"),
        ("1" * 501, "文字过长（501 个字符，最多 500）"),
        ("沿", "上月没有数，不能沿用"),
        ("<script>alert(1)</script>", "不是数字"),
        ("1\u200b2", "含不可见字符"),
        ("\x00", "含不可见字符"),
        ("330424199001011234", "疑似身份证号码"),
    ],
)
def test_a_cell_that_is_no_figure_is_named_with_its_rule_and_nothing_is_saved(tiny, clerk, text, rule):
    answer = opened(clerk, *SHEET).send(clerk, "save", {JOBS: text, WORK: "11"})
    page = Page.of(answer)
    assert answer.status_code == 422
    assert rule in page.text
    assert "有 1 处须改，没有保存" in page.text
    assert page.links == [f"#c-{E1}-D22"]
    assert page.cells[JOBS]["aria-invalid"] == "true"
    assert page.cells[JOBS]["aria-describedby"] == f"c-{E1}-D22-note"
    assert f'id="c-{E1}-D22-note"' in page.text
    assert (page.shows(JOBS), page.shows(WORK)) == (text, "11")
    assert "<script>alert" not in page.text
    assert not Submission.objects.exists()


def test_all_errors_are_told_at_once_and_mended_on_the_same_page(tiny, clerk):
    bad = {JOBS: "很多", WORK: "1.5", f"{E2}.D27": "-", f"{W2}.D53": "约50"}
    page = Page.of(opened(clerk, *SHEET).send(clerk, "save", bad | {f"{E2}.D22": "7"}))
    assert "有 4 处须改，没有保存" in page.text
    assert len(page.links) == 4
    assert {name: page.shows(name) for name in bad} == bad
    answer = page.send(clerk, "save", dict.fromkeys(bad, "3"))
    assert answer.status_code == 302
    assert standing() == dict.fromkeys(bad, (3, CellState.VALUE)) | {f"{E2}.D22": (7, CellState.VALUE)}


class TestEmptying:
    """清空原值: a figure is not lost by a slip."""

    def test_asks_before_a_figure_goes_and_keeps_the_rest(self, tiny, clerk):
        fill(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 110})
        page = Page.of(opened(clerk, *SHEET).send(clerk, "save", {JOBS: "", WORK: "111"}))
        assert page.status == 422
        assert f"{E1[-3:]} D22 D22：清空原值 118" in page.text
        assert (page.shows(JOBS), page.shows(WORK)) == ("", "111")
        assert standing() == {JOBS: (118, CellState.VALUE), WORK: (110, CellState.VALUE)}

    def test_ticked_the_cell_is_unfilled_again_and_the_trail_keeps_what_stood_there(self, tiny, clerk):
        fill(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 110})
        page = Page.of(opened(clerk, *SHEET).send(clerk, "save", {JOBS: "", WORK: "111"}))
        assert page.send(clerk, "save", clear=[f"c.{JOBS}"]).status_code == 302
        assert standing() == {WORK: (111, CellState.VALUE)}
        event = AuditEvent.objects.filter(act="entries.save").latest("sequence")
        cell = [tiny.areas[E1].pk, tiny.items["D22"].pk, 0]
        assert [*cell, 1_180_000, 0, None, None] in event.detail["changes"]
        assert opened(clerk, *SHEET).shows(JOBS) == ""

    def test_of_a_corrected_sheet_takes_the_figure_away_when_it_is_approved(self, tiny, clerk):
        submission = approved(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 110})
        workflow.correct(submission, by=tiny.clerk, reason="这一项不归本村")
        page = Page.of(opened(clerk, *SHEET).send(clerk, "submit", {JOBS: ""}))
        assert page.status == 422
        answer = page.send(clerk, "submit", clear=[f"c.{JOBS}"], incomplete="yes")
        assert answer.status_code == 302
        submission.refresh_from_db()
        workflow.approve(submission, by=tiny.reviewer)
        from indicators.models import Figure, Revision

        assert set(Figure.objects.values_list("item", flat=True)) == {tiny.items["D23"].pk}
        gone = Revision.objects.get(number=2)
        assert (gone.old_value, gone.new_state, gone.event.reason) == (118, None, "这一项不归本村")


class TestBalance:
    @pytest.fixture(autouse=True)
    def rule(self, tiny):
        BalanceRule.objects.create(code="B1", text="D23 <= D22", basis="已就业在劳动者之中")

    def test_a_draft_may_break_a_rule_and_shows_it(self, tiny, clerk):
        assert opened(clerk, *SHEET).send(clerk, "save", {JOBS: "10", WORK: "11"}).status_code == 302
        page = opened(clerk, *SHEET)
        assert "D23 11 大于D22 10" in page.text
        assert page.cells[WORK]["aria-invalid"] == "true"
        assert "先改 1 处错误，再提交" in page.text

    def test_a_submission_may_not_and_what_was_typed_is_kept_as_a_draft(self, tiny, clerk):
        answer = opened(clerk, *SHEET).send(clerk, "submit", {JOBS: "10", WORK: "11"}, incomplete="yes")
        page = Page.of(answer)
        assert answer.status_code == 422
        assert "还有 1 处须改的错误，不能提交：" in page.text
        assert "填的数已存为草稿。" in page.text
        assert Submission.objects.get().state == Submission.State.DRAFT
        assert page.send(clerk, "submit", {WORK: "10"}, incomplete="yes").status_code == 302
        assert Submission.objects.get().state == Submission.State.SUBMITTED


class TestHandingIn:
    def test_cells_left_unfilled_have_to_be_said_so(self, tiny, clerk):
        page = Page.of(opened(clerk, *SHEET).send(clerk, "submit", {JOBS: "10"}))
        assert page.status == 422
        assert "还有 23 格未填；确实没有数，勾选“按未填提交”。" in page.text
        assert page.links == [f"#c-{E1}-D13-active", f"#c-{E2}-D13-active", f"#c-{W2}-D13-active"]
        assert f"{E1[-3:]} 7 格" in page.text
        assert Submission.objects.get().state == Submission.State.DRAFT
        assert page.send(clerk, "submit", incomplete="yes").status_code == 302
        assert Submission.objects.get().state == Submission.State.SUBMITTED

    def test_a_full_sheet_needs_no_tick(self, tiny, clerk):
        page = opened(clerk, *SHEET)
        assert page.send(clerk, "submit", dict.fromkeys(page.cells, "1")).status_code == 302
        assert Submission.objects.get().state == Submission.State.SUBMITTED
        assert Entry.objects.count() == 24

    def test_an_empty_sheet_is_refused_and_leaves_nothing_behind(self, tiny, clerk):
        answer = opened(clerk, *SHEET).send(clerk, "submit", incomplete="yes")
        assert answer.status_code == 422
        assert "还没有填任何数，不能提交。" in answer.content.decode()
        assert not Submission.objects.exists()

    def test_withdrawn_it_can_be_typed_in_again(self, tiny, clerk):
        opened(clerk, *SHEET).send(clerk, "submit", {JOBS: "10"}, incomplete="yes")
        assert "c." not in "".join(opened(clerk, *SHEET).cells)
        assert clerk.post(url_of(*SHEET), {"action": "withdraw"}).status_code == 302
        assert opened(clerk, *SHEET).send(clerk, "save", {JOBS: "12"}).status_code == 302
        assert standing() == {JOBS: (12, CellState.VALUE)}

    def test_a_returned_sheet_shows_the_reason_above_its_fields(self, tiny, clerk):
        opened(clerk, *SHEET).send(clerk, "submit", {JOBS: "10"}, incomplete="yes")
        workflow.return_(Submission.objects.get(), by=tiny.reviewer, reason="劳动者数请核对")
        page = opened(clerk, *SHEET)
        assert "<b>已退回：</b>劳动者数请核对" in page.text
        assert page.shows(JOBS) == "10"

    def test_an_approved_sheet_is_corrected_with_a_reason_in_the_same_fields(self, tiny, clerk):
        approved(tiny, *SHEET, {(E1, "D22"): 118})
        assert not opened(clerk, *SHEET).cells
        assert clerk.post(f"{url_of(*SHEET)}correct/", {"reason": "错了"}).status_code == 422
        assert clerk.post(f"{url_of(*SHEET)}correct/", {"reason": "重复计了两人"}).status_code == 302
        assert opened(clerk, *SHEET).shows(JOBS) == "118"


class TestMarkingMany:
    def test_empty_cells_are_carried_over_where_last_month_has_a_figure(self, tiny, clerk):
        approved(tiny, "village", EAST, START, {(E1, "D22"): 86, (E1, "D23"): 79, (E2, "D22"): 5})
        page = opened(clerk, "village", EAST, START + 1)
        assert page.send(clerk, "save", {JOBS: "90"}, mark_state="carried").status_code == 302
        found = Entry.objects.filter(submission__month=START + 1).values_list(
            "area__code", "item__code", "value", "state"
        )
        assert set(found) == {
            (E1, "D22", Decimal(90), CellState.VALUE),
            (E1, "D23", Decimal(79), CellState.CARRIED),
            (E2, "D22", Decimal(5), CellState.CARRIED),
        }

    def test_one_column_of_one_village_is_an_estimate(self, tiny, clerk):
        cells = {JOBS: "90", WORK: "80", f"{E2}.D22": "7"}
        page = opened(clerk, *SHEET)
        page.send(clerk, "save", cells, mark_state="estimate", mark_area=E1, mark_column="D22")
        assert standing() == {
            JOBS: (90, CellState.ESTIMATE), WORK: (80, CellState.VALUE), f"{E2}.D22": (7, CellState.VALUE)
        }  # fmt: skip

    def test_emptying_many_asks_for_each(self, tiny, clerk):
        fill(tiny, *SHEET, {(E1, "D22"): 118, (E1, "D23"): 110})
        page = Page.of(opened(clerk, *SHEET).send(clerk, "save", mark_state="clear", mark_column="D23"))
        assert page.status == 422
        assert page.text.count("：清空原值") == 1
        assert len(standing()) == 2

    @pytest.mark.parametrize("more", [{"mark_state": "gone"}, {"mark_state": "na", "mark_area": W1},
                                      {"mark_state": "na", "mark_column": "D01"}])  # fmt: skip
    def test_what_the_sheet_does_not_offer_is_not_there(self, tiny, clerk, more):
        assert opened(clerk, *SHEET).send(clerk, "save", **more).status_code == 404


class TestWhatNoPageSends:
    """Tampered requests are refused whole: 404 for cells that are not his, 400 for the rest; never 500."""

    @pytest.mark.parametrize("name", [f"{W1}.D22", "330424999999.D22", f"{E1}.D99", f"{E1}.D01", E1, "", f"{E1}.D22.x"])
    def test_another_towns_cell_and_one_that_is_not_are_the_same(self, tiny, clerk, name):
        answer = opened(clerk, *SHEET).send(clerk, "save", {JOBS: "5", name: "5"})
        assert answer.status_code == 404
        assert not Submission.objects.exists()

    @pytest.mark.parametrize(
        "more",
        [
            {"state": "approved"}, {"version": "9"}, {"user": "1"}, {"month": "2016-01"}, {"seen": "forged"},
            {"seen": ["a", "b"]}, {"action": "approve"}, {"action": ""},
        ],
    )  # fmt: skip
    def test_unknown_fields_are_refused(self, tiny, clerk, more):
        page = opened(clerk, *SHEET)
        data = page.fields | {f"c.{JOBS}": "5", "action": "save"} | more
        assert clerk.post(page.url, data).status_code == 400
        assert not Submission.objects.exists()

    def test_the_same_cell_twice_is_refused(self, tiny, clerk):
        page = opened(clerk, *SHEET)
        data = page.fields | {f"c.{JOBS}": ["5", "6"], "action": "save"}
        assert clerk.post(page.url, data).status_code == 400

    def test_a_page_of_another_month_or_person_is_refused(self, tiny, signed_in, clerk):
        other = opened(clerk, "village", EAST, START + 1).fields["seen"]
        colleague = opened(signed_in(tiny.colleague), *SHEET).fields["seen"]
        for seen in (other, colleague):
            assert opened(clerk, *SHEET).send(clerk, "save", {JOBS: "5"}, seen=seen).status_code == 400
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("body", ['{"action": "save"}', "[" * 10_000, "\ud800", "a=1", ""])
    def test_other_bodies_are_refused(self, tiny, clerk, body):
        answer = clerk.generic("POST", url_of(*SHEET), body.encode("utf-8", "replace"), "application/json")
        assert answer.status_code == 400

    def test_a_sheet_of_a_thousand_cells_is_taken(self, tiny, clerk, settings):
        assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS >= 2000
        page = opened(clerk, *SHEET)
        data = page.fields | {f"x{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
        assert clerk.post(page.url, data | {"action": "save"}).status_code == 400


def test_an_act_that_cannot_be_recorded_saves_nothing(tiny, clerk, audit_fails):
    page = opened(clerk, *SHEET)
    with pytest.raises(RuntimeError):
        page.send(clerk, "save", {JOBS: "5"})
    assert not Submission.objects.exists()


def test_the_factory_and_the_page_write_the_same(tiny, clerk):
    opened(clerk, *SHEET).send(clerk, "save", {JOBS: "5", f"{E1}.D13.retired": "2"})
    submission = Submission.objects.get()
    assert (
        workflow.save(
            submission, cells(tiny, {(E1, "D22"): 5, (E1, "D13", "retired"): 2}), by=tiny.clerk, source="grid"
        )
        == 0
    )
