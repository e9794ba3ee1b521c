"""The cases of typing on the web (reliability plan, 4.2) at the address the sheet's own script saves to: JSON, exact.

Cases 10, 12 and 13 in part are the reviewer's, who sends forms only; test_web_cases.py has those, and names what is
proved in a browser (5: the network gone).
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from bureau import months
from bureau.models import AuditEvent, Grant, Installation
from indicators.entry import sent, workflow
from indicators.models import Entry, Submission
from tests.integration.entry.browsing import opened, url_of
from tests.integration.factories import E1, EAST, START, W1, WEST, cells, fill

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
JOBS, WORK = f"c.{E1}.D22", f"c.{E1}.D23"


def one(name: str, text: str, version: int = 0, note: str = "", *, clear: bool = False) -> dict:
    return {"cell": name, "text": text, "version": version, "note": note, "clear": clear}


def page_of(user, month: str = "2015-01", place: str = EAST) -> str:
    return sent.signature(f"village {place} {month} {user.pk}")


def save(client: Client, user, *found: dict, month: int = START, **more):
    """As static/js/entry/saving.js sends it."""
    body = {"page": page_of(user, months.iso(month)), "cells": list(found)} | more
    url = f"{url_of('village', EAST, month)}cells/"
    return client.post(url, body, content_type="application/json", HTTP_ACCEPT="application/json")


def told(answer) -> tuple[int, str, str]:
    data = answer.json()
    return answer.status_code, data["error"], data["message"]


def values() -> dict[str, object]:
    return dict(Entry.objects.values_list("item__code", "value"))


def test_case_1_both_values_who_and_when_and_none_of_the_request_is_saved(tiny, clerk):
    draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
    workflow.save(draft, cells(tiny, {(E1, "D22"): 119}), by=tiny.colleague, source="grid")
    answer = save(clerk, tiny.clerk, one(JOBS, "120", 1), one(WORK, "3"))
    assert told(answer) == (409, "conflict", "有 1 格已被他人修改，都没有保存。")
    theirs = answer.json()["cells"][0]
    assert (theirs["cell"], theirs["text"]) == (JOBS, "119")
    assert re.fullmatch(r"colleague \d\d:\d\d.*", theirs["who"])
    assert values() == {"D22": 119}


def test_case_2_sent_again_after_a_lost_answer_it_is_one_change_one_record_and_the_same_answer(tiny, clerk):
    first, second = (save(clerk, tiny.clerk, one(JOBS, "120")) for _ in range(2))
    assert first.content == second.content
    assert AuditEvent.objects.filter(act="entries.save").count() == 1
    assert Entry.objects.get().version == 1


def test_case_3_a_pasted_block_is_saved_whole_or_not_at_all_five_hundred_cells_at_a_time(tiny, clerk):
    names = [f"c.{name}" for name in opened(clerk, *SHEET).cells]
    block = [one(name, "7") for name in names]
    bad = [one(JOBS, "1\t2") if cell["cell"] == JOBS else cell for cell in block]
    answer = save(clerk, tiny.clerk, *bad)
    assert told(answer) == (422, "refused", "有 1 格须改，都没有保存。")
    assert [(found["cell"], found["rule"]) for found in answer.json()["problems"]] == [(JOBS, "“1\t2”不是数字")]
    assert not Entry.objects.exists()
    many = [one(f"c.{E1}.X{n}", "1") for n in range(501)]
    assert told(save(clerk, tiny.clerk, *many)) == (400, "malformed", "一次最多保存 500 格，没有保存。")
    assert save(clerk, tiny.clerk, *block).status_code == 200
    assert Entry.objects.count() == len(names)


def test_case_4_signed_out_it_says_so_in_json_and_sent_again_it_is_saved_once(tiny, clerk):
    clerk.logout()
    answer = save(clerk, tiny.clerk, one(JOBS, "120"))
    assert told(answer) == (401, "signed_out", "登录已结束，填写的内容还在这一页。请在新窗口登录后再试一次。")
    assert answer.json()["login"] == "/account/login/"
    clerk.force_login(tiny.clerk)
    assert [save(clerk, tiny.clerk, one(JOBS, "120")).status_code for _ in range(2)] == [200, 200]
    assert Entry.objects.get().version == 1


def test_case_4_the_token_of_before_another_sign_in_is_refused_in_json(tiny):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tiny.clerk)
    said = "这一页已过期：你在别的窗口重新登录过。没有保存，填的数还在这一页；再试一次。"
    assert told(save(strict, tiny.clerk, one(JOBS, "120"))) == (403, "csrf", said)
    assert not Entry.objects.exists()


def test_case_5_what_waited_for_the_network_is_saved_in_order_and_no_cell_twice(tiny, clerk):
    """The queue is the script's (functional/test_sheet_lost.py); what it sends after the gap stands on its own."""
    save(clerk, tiny.clerk, one(JOBS, "1"))  # arrived, its answer was lost
    for text in ("1", "12"):
        answer = save(clerk, tiny.clerk, one(JOBS, text, 0 if text == "1" else 1))
        assert answer.status_code == 200
    assert answer.json()["cells"][0] == {"cell": JOBS, "text": "12", "version": 2, "note": "", "look": ""}
    assert Entry.objects.values_list("value", "version").get() == (12, 2)


def test_case_6_the_deadline_passed_it_says_when_entry_ended_and_what_to_do(tiny, clerk):
    november = months.parse("2016-11")  # towns by 6 December, closed five workdays after it
    Installation.objects.update(go_live_month=november - 1, business_date=None)
    with time_machine.travel(datetime(2016, 12, 14, 1, tzinfo=UTC), tick=False):
        late = Client()
        late.force_login(tiny.clerk)
        answer = save(late, tiny.clerk, one(JOBS, "120"), month=november)
    said = (
        "2016年11月的报表已于 12 月 13 日（周二）17:00 停止填报。"
        "确须补报的，先申请补报，由责任科室审核人或办公室批准，申请人不能自批。没有保存。"
    )
    assert told(answer) == (409, "closed", said)
    assert not Entry.objects.exists()


def test_case_6_approved_meanwhile_it_says_who_and_when(tiny, clerk):
    draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
    workflow.approve(workflow.submit(draft, by=tiny.colleague), by=tiny.reviewer)
    status, error, message = told(save(clerk, tiny.clerk, one(JOBS, "120", 1)))
    assert (status, error) == (409, "closed")
    assert re.fullmatch(r"这份报表“已审核”，不能再改，没有保存。reviewer \d\d:\d\d 审核通过。?", message)
    assert values() == {"D22": 118}


def test_case_6_a_right_that_ended_meanwhile_ends_the_saving(tiny, clerk):
    Grant.objects.filter(user=tiny.clerk).delete()
    assert save(clerk, tiny.clerk, one(JOBS, "120")).status_code == 403
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("cell", "more", "status"),
    [
        (one(f"c.{W1}.D22", "1"), {}, 404),  # another town's village
        (one(f"c.{E1}.D99", "1"), {}, 404),
        (one(JOBS, "1", -1), {}, 400),
        (one(JOBS, "1") | {"version": "0"}, {}, 400),
        (one(JOBS, "1") | {"status": "approved"}, {}, 400),
        (one(JOBS, "1") | {"user": 1}, {}, 400),
        (one(JOBS, "1"), {"period": "2016-01"}, 400),
        (one(JOBS, "1"), {"page": page_of}, 403),  # signed for a colleague
    ],
)
def test_case_7_what_no_page_sends_is_refused_changes_nothing_and_is_on_record(tiny, clerk, cell, more, status):
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    if "page" in more:
        more = {"page": page_of(tiny.colleague)}
    logging.disable(logging.NOTSET)
    heard: list[logging.LogRecord] = []
    listener = logging.Handler()
    listener.emit = heard.append
    logging.getLogger("django.security.cells").addHandler(listener)
    assert save(clerk, tiny.clerk, cell, **more).status_code == status
    logging.getLogger("django.security.cells").removeHandler(listener)
    refused = AuditEvent.objects.filter(act="access.refused", object="entry_cells", by=tiny.clerk).exists()
    assert (refused, bool(heard)) == ((False, True) if status == 400 else (True, False))
    assert values() == {"D22": 118}
    assert Submission.objects.get().state == "draft"


UNREADABLE = "发来的内容读不懂，没有保存。复制填的数，刷新这一页再填。"


def test_case_8_and_10_odd_and_hostile_texts_are_named_and_not_saved(tiny, clerk):
    for text, rule in (
        ("\x00", "含不可见字符"),
        ("1e400", "“1e400”不是数字"),
        ("NaN", "“NaN”不是数字"),
        ("1" + "0" * 30, "人数应为 0 或正整数，最多 9 位"),
        ("true", "“true”不是数字"),
        ("1.9", "人数须为整数"),
        ("<script>alert(1)</script>", "“<script>alert(1)</script>”不是数字"),
        ("{{7*7}}", "“{{7*7}}”不是数字"),
        ("一" * 501, "文字过长（501 个字符，最多 500）"),
    ):
        answer = save(clerk, tiny.clerk, one(JOBS, text))
        assert answer.status_code == 422
        assert [found["rule"] for found in answer.json()["problems"]] == [rule]
        assert answer.headers["Content-Type"] == "application/json"
    assert not Entry.objects.exists()


def test_case_8_a_body_that_no_page_sends_is_refused_in_chinese(tiny, clerk):
    good = json.dumps({"page": page_of(tiny.clerk), "cells": [one(JOBS, "5")]})
    odd = [
        good.replace('"5"', '"\\ud800"'),
        good.replace('"5"', "1e400"),
        good.replace('"5"', "NaN"),
        good.replace('"5"', "1" + "0" * 30),
        good.replace('"5"', "true"),
        good.replace('"5"', "1.9"),
        good.replace('"text"', '"cell"'),  # a key twice
        good[:-3],
        "[" * 100_000,
    ]
    url = f"{url_of(*SHEET)}cells/"
    for body in odd:
        answer = clerk.post(url, body.encode(), content_type="application/json")
        assert told(answer) == (400, "malformed", UNREADABLE)
    for kind, headers in (("text/plain", {}), ("application/json", {"HTTP_CONTENT_ENCODING": "gzip"})):
        answer = clerk.post(url, good.encode(), content_type=kind, **headers)
        assert told(answer) == (400, "malformed", "只收这一页发来的内容，没有保存。")
    assert not Entry.objects.exists()


def test_case_9_full_width_is_the_workbooks_grammar_too(tiny, clerk):
    answer = save(clerk, tiny.clerk, one(JOBS, "１，２３４"), one(WORK, "１２．５"))
    assert [(found["cell"], found["rule"]) for found in answer.json()["problems"]] == [(WORK, "人数须为整数")]
    assert save(clerk, tiny.clerk, one(JOBS, "１，２３４")).json()["cells"][0]["text"] == "1,234"


def test_case_10_a_remark_is_kept_as_text_and_shown_escaped(tiny, clerk):
    remark = "<b>{{7*7}}</b> =cmd '\"><img src=x onerror=alert(1)>"
    assert save(clerk, tiny.clerk, one(JOBS, "5", note=remark)).status_code == 200
    assert Entry.objects.get().note == remark
    page = opened(clerk, *SHEET).text
    assert "<img src=x" not in page
    answer = save(clerk, tiny.clerk, one(JOBS, "6", 1, "字" * 10_000))
    assert answer.json()["problems"][0]["rule"] == "说明过长（10,000 个字，最多 500）"


def test_case_11_emptying_asks_with_the_old_value_which_the_trail_keeps(tiny, clerk):
    fill(tiny, *SHEET, {(E1, "D22"): 118})
    answer = save(clerk, tiny.clerk, one(JOBS, "", 1))
    assert answer.json()["problems"][0]["rule"] == "清空原值 118 须先确认"
    assert save(clerk, tiny.clerk, one(JOBS, "", 1, clear=True)).status_code == 200
    assert values() == {}
    last = AuditEvent.objects.filter(act="entries.save").order_by("-sequence")[0]
    assert "118" in json.dumps(last.detail)


def test_case_14_each_tab_saves_its_own_month_and_another_towns_address_is_not_there(tiny, clerk):
    assert save(clerk, tiny.clerk, one(JOBS, "2"), month=START + 1).status_code == 200
    assert save(clerk, tiny.clerk, one(JOBS, "1")).status_code == 200
    assert dict(Entry.objects.values_list("submission__month", "value")) == {START: 1, START + 1: 2}
    crossed = save(clerk, tiny.clerk, one(JOBS, "3"), page=page_of(tiny.clerk, "2015-02"))
    said = "这一页是另一个账号或另一张表的，没有保存。用原账号登录，或复制后刷新。"
    assert told(crossed) == (403, "other_page", said)
    body = {"page": page_of(tiny.clerk, place=WEST), "cells": [one(JOBS, "1")]}
    url = f"{url_of('village', WEST, START)}cells/"
    assert clerk.post(url, body, content_type="application/json").status_code == 404


@pytest.mark.parametrize("moment", ["2016-02-29T15:59:59", "2016-02-29T16:00:00", "2016-03-31T15:59:59"])
def test_case_15_the_period_is_the_sheets_and_the_time_the_servers(tiny, moment):
    Installation.objects.update(business_date=None)
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        client = Client()
        client.force_login(tiny.clerk)
        february = months.parse("2016-02")
        assert save(client, tiny.clerk, one(JOBS, "5"), month=february).status_code == 200
    entry = Entry.objects.select_related("submission").get()
    assert (entry.submission.month, entry.at) == (february, at)
