"""The fifteen cases of typing on the web (reliability plan, 4.2): each by its number, with its exact message.

Where a case is proved at length elsewhere, WHERE names that test; the rest stands here. All of them post the page's
form, as a browser without scripts does; test_web_cells.py asks the same of the address the sheet's script saves to.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from bureau import months
from bureau.models import Grant, Installation
from indicators.entry import workflow
from indicators.models import Entry, Submission
from tests.integration.entry.browsing import Page, opened, url_of
from tests.integration.factories import E1, EAST, START, W2, WEST, cells, fill, hand_in, person

pytestmark = pytest.mark.django_db
HERE = Path(__file__).resolve().parents[1]

# case → tests elsewhere, by file under tests/integration
WHERE: dict[int, tuple[tuple[str, str], ...]] = {
    1: (
        ("entry/test_two_at_once.py", "test_shows_mine_theirs_who_and_when_and_saves_none_of_it"),
        ("harm/test_many_editors.py", "test_of_many_editors_in_five_cells_no_acknowledged_edit_is_lost"),
    ),
    2: (
        ("entry/test_two_at_once.py", "test_another_body_is_not_taken_for_the_first"),
        ("harm/test_many_editors.py", "test_one_page_sent_many_times_at_once_has_one_effect"),
    ),
    5: (
        (
            "../functional/test_sheet_lost.py",
            "test_a_reload_an_input_method_a_lost_network_and_an_ended_session_lose_nothing",
        ),
        ("harm/test_web_cells.py", "test_case_5_what_waited_for_the_network_is_saved_in_order_and_no_cell_twice"),
    ),
    6: (
        ("entry/test_two_at_once.py", "test_approved_meanwhile_it_is_not_changed"),
        ("entry/test_two_at_once.py", "test_a_right_that_ended_meanwhile_ends_the_typing"),
    ),
    9: (("entry/test_filling_a_sheet.py", "test_what_is_typed_is_a_draft_in_full_width_thousands_and_shorthand"),),
    11: (
        (
            "entry/test_filling_a_sheet.py",
            "test_ticked_the_cell_is_unfilled_again_and_the_trail_keeps_what_stood_there",
        ),
    ),
    12: (("test_workflow.py", "test_a_reviewer_does_not_approve_what_he_has_not_seen"),),
    13: (("test_workflow.py", "test_nobody_approves_what_he_handed_in"),),
    15: (("harm/test_times.py", "test_the_month_of_a_sheet_is_its_own_at_every_month_end"),),
}

SHEET = ("village", EAST, START)
JOBS, WORK = f"{E1}.D22", f"{E1}.D23"


def said(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def values() -> dict[str, object]:
    return dict(Entry.objects.values_list("item__code", "value"))


@pytest.mark.parametrize("case", range(1, 16))
def test_every_case_has_its_proof(case):
    here = Path(__file__).read_text(encoding="utf-8")
    assert f"def test_case_{case}_" in here or case in WHERE
    for file, name in WHERE.get(case, ()):
        assert f"def {name}(" in (HERE / file).read_text(encoding="utf-8")


def test_case_1_both_values_who_and_when(tiny, clerk):
    draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
    page = opened(clerk, *SHEET)
    workflow.save(draft, cells(tiny, {(E1, "D22"): 119}), by=tiny.colleague, source="grid")
    answer = page.send(clerk, "save", {JOBS: "120", WORK: "3"})
    assert answer.status_code == 409
    assert "有 1 格已被他人修改，都没有保存" in said(answer)
    assert values() == {"D22": 119}, "all or none of a save"


def test_case_3_a_block_with_bad_cells_is_not_saved_until_they_are_mended(tiny, clerk):
    page = opened(clerk, *SHEET)
    block = dict.fromkeys(page.cells, "7")
    bad = {f"{W2}.D22": "约50", JOBS: "1\t2", WORK: "12\n"}
    answer = page.send(clerk, "save", block | bad)
    assert answer.status_code == 422
    assert "“约50”不是数字" in said(answer)
    assert "D22" in said(answer)
    assert not Entry.objects.exists()
    assert Page.of(answer).shows(f"{W2}.D22") == "约50", "what was pasted stays"
    assert page.send(clerk, "save", block).status_code == 302
    assert Entry.objects.count() == len(block)


def test_case_3_more_fields_than_a_sheet_has_are_refused_whole(tiny, clerk):
    page = opened(clerk, *SHEET)
    many = {f"c.{E1}.X{n}": "1" for n in range(3_000)}
    assert page.send(clerk, "save", {JOBS: "1"}, **many).status_code == 400
    assert not Entry.objects.exists()


def test_case_4_signed_out_meanwhile_the_form_is_not_saved_and_sent_again_it_is_saved_once(tiny, clerk):
    page = opened(clerk, *SHEET)
    clerk.logout()
    answer = page.send(clerk, "save", {JOBS: "120"})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")
    assert not Entry.objects.exists()
    clerk.force_login(tiny.clerk)
    assert [page.send(clerk, "save", {JOBS: "120"}).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.get().version == 1


def test_case_4_without_the_pages_token_nothing_is_saved(tiny):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tiny.clerk)
    page = opened(strict, *SHEET)
    page.fields["csrfmiddlewaretoken"] = ["x" * 64]
    assert page.send(strict, "save", {JOBS: "120"}).status_code == 403
    assert not Entry.objects.exists()


def test_case_6_approved_while_open_it_says_who_and_keeps_what_was_typed(tiny, clerk):
    draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
    page = opened(clerk, *SHEET)
    workflow.approve(workflow.submit(draft, by=tiny.colleague), by=tiny.reviewer)
    answer = page.send(clerk, "save", {JOBS: "120"})
    assert answer.status_code == 409
    assert "这份报表“已审核”，不能再改，没有保存。" in said(answer)
    assert re.search(r"reviewer \d\d:\d\d 审核通过", said(answer))
    assert "你填的数都在下面，可以复制。" in said(answer)
    assert Page.of(answer).shows(JOBS) == "120"
    assert values() == {"D22": 118}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"c.330424102201.D22": "1"}, 404),  # another town's village
        ({f"c.{E1}.D99": "1"}, 404),
        ({"period": "2016-01"}, 400),
        ({"status": "approved"}, 400),
        ({"user": "1"}, 400),
        ({"version": "0"}, 400),
        ({"seen": "tampered:with"}, 400),
        ({"action": "approve"}, 400),
        ({f"c.{JOBS}": ["1", "2"]}, 400),  # the same field twice
    ],
)
def test_case_7_what_no_page_sends_is_refused_and_changes_nothing(tiny, clerk, fields, status):
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    page = opened(clerk, *SHEET)
    data = dict(page.fields) | {f"c.{JOBS}": ["120"], "action": "save"} | fields
    assert clerk.post(page.url, data).status_code == status
    assert values() == {"D22": 118}
    assert Submission.objects.get().state == "draft"


def test_case_7_a_page_shown_to_a_colleague_is_not_taken_from_me(tiny, clerk):
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    other = Client()
    other.force_login(tiny.colleague)
    page = opened(other, *SHEET)
    assert page.send(clerk, "save", {JOBS: "120"}).status_code == 400
    assert values() == {"D22": 118}


ODD = [
    ("\x00", "含不可见字符"),
    ("1e400", "“1e400”不是数字"),
    ("NaN", "“NaN”不是数字"),
    ("1" + "0" * 30, "人数应为 0 或正整数，最多 9 位"),
    ("true", "“true”不是数字"),
    ("1.9", "人数须为整数"),
    ("[" * 501, "文字过长（501 个字符，最多 500）"),
    ("\u202e12", "含不可见字符"),
]
HOSTILE = [
    ("<script>alert(1)</script>", "不是数字"),
    ("{{7*7}}", "“{{7*7}}”不是数字"),
    ("=cmd|' /C calc'!A0", "不是数字"),
    ("'\"><img src=x onerror=alert(1)>", "不是数字"),
    ("一" * 10_000, "文字过长（10,000 个字符，最多 500）"),
]


def refused(clerk, text: str) -> str:
    """The page that refuses the text; nothing is saved."""
    answer = opened(clerk, *SHEET).send(clerk, "save", {JOBS: text})
    assert answer.status_code == 422
    assert not Entry.objects.exists()
    return said(answer)


@pytest.mark.parametrize(("text", "rule"), ODD)
def test_case_8_odd_texts_are_named_and_not_saved(tiny, clerk, text, rule):
    assert rule in refused(clerk, text)


@pytest.mark.parametrize(("text", "rule"), HOSTILE)
def test_case_10_hostile_texts_are_shown_escaped_and_not_saved(tiny, clerk, text, rule):
    page = refused(clerk, text)
    assert rule in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe%00%", "application/x-www-form-urlencoded"),
        (b'{"a": 1', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"action=save", "application/x-www-form-urlencoded; charset=nonsense"),
    ],
)
def test_case_8_a_body_that_is_no_form_is_refused_and_never_an_error_of_ours(tiny, clerk, body, kind):
    answer = clerk.generic("POST", url_of(*SHEET), body, content_type=kind)
    assert 300 <= answer.status_code < 500
    assert not Entry.objects.exists()


def test_case_9_full_width_is_the_workbooks_grammar_too(tiny, clerk):
    answer = opened(clerk, *SHEET).send(clerk, "save", {JOBS: "１，２３４", WORK: "１２．５"})
    assert answer.status_code == 422
    assert "人数须为整数" in said(answer)
    assert opened(clerk, *SHEET).send(clerk, "save", {JOBS: "１，２３４"}).status_code == 302
    assert values() == {"D22": 1234}


def test_case_11_emptying_asks_and_names_the_old_value(tiny, clerk):
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    answer = opened(clerk, *SHEET).send(clerk, "save", {JOBS: ""})
    assert answer.status_code == 422
    assert "清空" in said(answer)
    assert "118" in said(answer)
    assert values() == {"D22": 118}


@pytest.fixture
def reviewer(tiny) -> Client:
    client = Client()
    client.force_login(tiny.reviewer)
    return client


def test_case_12_a_sheet_that_changed_since_it_was_opened_is_not_approved(tiny, reviewer):
    submission = hand_in(tiny, *SHEET, {(E1, "D22"): 118})
    page = reviewer.get(f"/review/{submission.pk}/")
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]
    workflow.withdraw(submission, by=tiny.clerk)
    workflow.save(submission, cells(tiny, {(E1, "D22"): 120, (E1, "D23"): 1}), by=tiny.clerk, source="grid")
    workflow.submit(submission, by=tiny.clerk)
    answer = reviewer.post(f"/review/{submission.pk}/", {"decision": "approve", "seen": seen})
    assert answer.status_code == 409
    assert "数据已变动，请重新核对。" in said(answer)
    assert Submission.objects.get().state == "submitted"


def test_case_13_own_sheets_twice_reasons_and_missing_cells(tiny, clerk, reviewer):
    both = person("both", (Grant.Role.TOWN_CLERK, tiny.areas[EAST]), (Grant.Role.REVIEWER, tiny.sections["jyj"]))
    own = Client()
    own.force_login(both)
    submission = fill(tiny, *SHEET, {(E1, "D22"): 118}, by=both)
    answer = opened(own, *SHEET).send(own, "submit")
    assert answer.status_code == 422
    assert re.search(r"还有 \d+ 格未填；确实没有数，勾选“按未填提交”。", said(answer))
    assert Page.of(answer).links, "each missing cell has a link"
    workflow.submit(submission, by=both)
    url = f"/review/{submission.pk}/"
    answer = own.post(url, {"decision": "approve"})
    assert (answer.status_code, "不能审核自己填报的数。" in said(answer)) == (422, True)
    answer = reviewer.post(url, {"decision": "return", "reason": ""})
    assert (answer.status_code, "退回须写明原因，至少 5 个字。" in said(answer)) == (422, True)
    assert reviewer.post(url, {"decision": "approve"}).status_code == 302
    answer = reviewer.post(url, {"decision": "approve"})
    assert (answer.status_code, "只有待审核的报表可以通过。" in said(answer)) == (409, True)


def test_case_14_back_after_signing_out_two_months_and_another_towns_address(tiny, clerk):
    first, second = opened(clerk, *SHEET), opened(clerk, "village", EAST, START + 1)
    assert second.send(clerk, "save", {JOBS: "2"}).status_code == 302
    assert first.send(clerk, "save", {JOBS: "1"}).status_code == 302
    assert dict(Entry.objects.values_list("submission__month", "value")) == {START: 1, START + 1: 2}
    crossed = first.fields | {"seen": second.fields["seen"], "action": ["save"]}
    assert clerk.post(first.url, crossed).status_code == 400, "each page is of its own month"
    assert clerk.get(url_of("village", WEST, START)).status_code == 404
    clerk.logout()
    answer = clerk.get(url_of(*SHEET))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("moment", ["2016-02-29T15:59:59", "2016-02-29T16:00:00", "2016-03-31T15:59:59"])
def test_case_15_the_period_is_the_sheets_and_the_time_the_servers(tiny, moment):
    Installation.objects.update(business_date=None)
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        client = Client()
        client.force_login(tiny.clerk)
        february = months.parse("2016-02")
        page = opened(client, "village", EAST, february)
        assert page.send(client, "save", {JOBS: "5"}).status_code == 302
    entry = Entry.objects.select_related("submission").get()
    assert (entry.submission.month, entry.at) == (february, at)
