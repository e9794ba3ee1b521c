"""The page saves cells by itself, as JSON: once however often it is sent, all or none, and never over a colleague."""

import json

import pytest
from django.test import Client

from bureau.models import AuditEvent, Grant
from indicators.entry import sent, workflow
from indicators.models import BalanceRule, Entry, IndicatorVersion, SoftRule, Submission
from tests.integration.entry.browsing import Page, opened, url_of
from tests.integration.factories import E1, E2, EAST, START, W1, approved, cells, fill, person

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
URL = f"{url_of(*SHEET)}cells/"
JOBS, WORK = f"c.{E1}.D22", f"c.{E1}.D23"


def owner(user, form="village", place=EAST, month="2015-01") -> str:
    return sent.signature(f"{form} {place} {month} {user.pk}")


def one(name: str, text: str, version: int = 0, note: str = "", *, clear: bool = False) -> dict:
    return {"cell": name, "text": text, "version": version, "note": note, "clear": clear}


def save(client: Client, user, *found: dict, url: str = URL):
    return client.post(url, {"page": owner(user), "cells": list(found)}, content_type="application/json")


@pytest.fixture
def clerk(tiny, signed_in):
    return signed_in(tiny.clerk)


def values() -> dict[str, object]:
    return dict(Entry.objects.values_list("item__code", "value"))


def saves() -> int:
    return AuditEvent.objects.filter(act="entries.save").count()


class TestSaving:
    def test_the_cells_are_a_draft_and_the_answer_says_how_they_stand(self, tiny, clerk):
        answer = save(clerk, tiny.clerk, one(JOBS, "１，２００"), one(WORK, "估1,150", note="两户外出"))
        assert answer.status_code == 200
        told = answer.json()
        assert told["cells"] == [
            {"cell": JOBS, "text": "1,200", "version": 1, "note": "", "look": ""},
            {"cell": WORK, "text": "估1,150", "version": 1, "note": "两户外出", "look": ""},
        ]
        assert told["facts"][0]["text"] == "已填 2/24 格"
        assert told["totals"]["D22"] == {"value": "1,200", "short": "1/3"}
        assert told["said"].endswith("已保存")
        assert Entry.objects.get(item__code="D23").note == "两户外出"
        page = opened(clerk, *SHEET)
        assert [page.shows(name[2:]) for name in (JOBS, WORK)] == ["1,200", "估1,150"]

    def test_the_versions_and_notes_of_the_page_are_those_the_saving_asks_for(self, tiny, clerk):
        save(clerk, tiny.clerk, one(WORK, "11", note="两户外出"))
        text = opened(clerk, *SHEET).text
        told = json.loads(
            text.partition('<script id="sheet-data" type="application/json">')[2].partition("</script>")[0]
        )
        assert told["cells"] == {WORK: [1, "两户外出"]}
        assert (told["save"], told["page"]) == (URL, owner(tiny.clerk))

    def test_sent_twice_it_is_saved_once_and_answered_the_same(self, tiny, clerk):
        first, second = (save(clerk, tiny.clerk, one(JOBS, "12"), one(WORK, "11")) for _ in range(2))
        assert first.json() == second.json()
        assert (saves(), values()) == (1, {"D22": 12, "D23": 11})
        save(clerk, tiny.clerk, one(JOBS, "", 1, clear=True))
        answer = save(clerk, tiny.clerk, one(JOBS, "", 1, clear=True))
        assert (answer.status_code, saves(), values()) == (200, 2, {"D23": 11})

    def test_a_note_alone_is_a_change_and_a_changed_value_keeps_it_marked(self, tiny, clerk):
        save(clerk, tiny.clerk, one(WORK, "11"))
        assert save(clerk, tiny.clerk, one(WORK, "11", 1, "核对过")).json()["cells"][0]["version"] == 2
        page = opened(clerk, *SHEET)
        page.send(clerk, "save", {WORK[2:]: "12"})
        assert Entry.objects.values_list("value", "note").get() == (12, "改数前的说明：核对过")

    def test_what_is_emptied_asks_first(self, tiny, clerk):
        fill(tiny, *SHEET, {(E1, "D22"): 118})
        answer = save(clerk, tiny.clerk, one(JOBS, "", 1))
        assert answer.status_code == 422
        assert answer.json()["problems"][0]["rule"] == "清空原值 118 须先确认"
        assert save(clerk, tiny.clerk, one(JOBS, "", 1, clear=True)).status_code == 200
        assert values() == {}

    def test_of_cells_that_are_no_figures_each_is_named_and_none_of_the_request_is_saved(self, tiny, clerk):
        answer = save(clerk, tiny.clerk, one(JOBS, "十二"), one(WORK, "11"), one(f"c.{E2}.D22", "12%"))
        told = answer.json()
        assert (answer.status_code, told["message"]) == (422, "有 2 格须改，都没有保存。")
        assert [(found["cell"], found["rule"]) for found in told["problems"]] == [
            (JOBS, "“十二”不是数字"),
            (f"c.{E2}.D22", "填人数，不填百分比"),
        ]
        assert not Submission.objects.exists()

    def test_a_note_that_cannot_be_kept_is_refused(self, tiny, clerk):
        answer = save(clerk, tiny.clerk, one(JOBS, "12", note="字" * 10_000))
        assert answer.status_code == 422
        assert answer.json()["problems"][0]["rule"] == "说明过长（10,000 个字，最多 500）"

    def test_the_checks_of_the_whole_sheet_come_with_the_answer(self, tiny, clerk):
        BalanceRule.objects.create(code="B1", text="D23 <= D22", basis="已就业在劳动者之中")
        told = save(clerk, tiny.clerk, one(JOBS, "10"), one(WORK, "11")).json()
        assert [(found["cell"], found["severity"], found["rule"]) for found in told["problems"]] == [
            (WORK, "hard", "D23 11 大于D22 10")
        ]
        assert told["blocked"] == "先改 1 处错误，再提交"

    def test_a_jump_is_explained_by_a_note_and_then_stands_in_nobodys_way(self, tiny, clerk):
        SoftRule.objects.create(code="S01", kind="month", text="flow stock", basis="口径逐月一致")
        approved(tiny, "village", EAST, START, {(E1, "D22"): 10})
        url, page = f"{url_of('village', EAST, START + 1)}cells/", owner(tiny.clerk, month="2015-02")
        asked = clerk.post(url, {"page": page, "cells": [one(JOBS, "900")]}, content_type="application/json").json()
        assert [(found["severity"], found["explained"]) for found in asked["problems"]] == [("soft", False)]
        assert asked["blocked"] == "先补 1 条说明，再提交"
        sent_again = {"page": page, "cells": [one(JOBS, "900", 1, "新建小区并入")]}
        told = clerk.post(url, sent_again, content_type="application/json").json()
        assert (told["problems"][0]["explained"], told["blocked"]) == (True, "")

    def test_an_act_that_cannot_be_recorded_saves_nothing(self, tiny, clerk, audit_fails):
        with pytest.raises(RuntimeError):
            save(clerk, tiny.clerk, one(JOBS, "5"))
        assert not Submission.objects.exists()


class TestWithoutScripts:
    """A note is typed under the sheet where a check asks for it."""

    def test_the_note_is_kept_with_its_cell_and_shown_as_explained(self, tiny, clerk):
        SoftRule.objects.create(code="S01", kind="month", text="flow stock", basis="口径逐月一致")
        approved(tiny, "village", EAST, START, {(E1, "D22"): 10})
        page = opened(clerk, "village", EAST, START + 1)
        page.send(clerk, "save", {JOBS[2:]: "900"})
        page = opened(clerk, "village", EAST, START + 1)
        assert f'<textarea name="note.{JOBS}"' in page.text
        data = page.fields | {f"note.{JOBS}": "新建小区并入", "action": "save"}
        assert clerk.post(page.url, data).status_code == 302
        assert Entry.objects.get(submission__month=START + 1).note == "新建小区并入"
        assert "已说明：新建小区并入" in opened(clerk, "village", EAST, START + 1).text

    def test_a_note_that_cannot_be_kept_is_told_and_nothing_is_saved(self, tiny, clerk):
        page = opened(clerk, *SHEET)
        data = page.fields | {f"c.{JOBS[2:]}": "5", f"note.{JOBS}": "字" * 501, "action": "save"}
        answer = clerk.post(page.url, data)
        assert "说明过长（501 个字，最多 500）" in Page.of(answer).text
        assert (answer.status_code, Submission.objects.count()) == (422, 0)


class TestAColleague:
    def test_both_values_are_told_with_who_and_when_and_nothing_is_saved(self, tiny, clerk):
        draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
        workflow.save(draft, cells(tiny, {(E1, "D22"): 119}), by=tiny.colleague, source="grid")
        answer = save(clerk, tiny.clerk, one(JOBS, "120", 1), one(WORK, "3"))
        told = answer.json()
        assert (answer.status_code, told["error"]) == (409, "conflict")
        found = told["cells"][0]
        assert (found["cell"], found["text"], found["version"]) == (JOBS, "119", 2)
        assert found["who"].startswith("colleague ")
        assert found["where"] == f"{E1[-3:]} D22 D22"
        assert values() == {"D22": 119}
        assert save(clerk, tiny.clerk, one(JOBS, "120", 2), one(WORK, "3")).status_code == 200
        assert values() == {"D22": 120, "D23": 3}

    def test_a_cell_he_emptied_is_a_conflict_too(self, tiny, clerk):
        draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
        gone = workflow.Change(*[tiny.areas[E1].pk, tiny.items["D22"].pk, 0], value=None, clear=True)
        workflow.save(draft, [gone], by=tiny.colleague, source="grid")
        found = save(clerk, tiny.clerk, one(JOBS, "120", 1)).json()["cells"][0]
        assert (found["text"], found["version"], found["who"]) == ("", 0, "他人已清空")

    def test_handed_in_or_approved_meanwhile_it_is_told_with_who(self, tiny, clerk):
        draft = fill(tiny, *SHEET, {(E1, "D22"): 118})
        for act, by, state in (
            (workflow.submit, tiny.colleague, "待审核"),
            (workflow.approve, tiny.reviewer, "已审核"),
        ):
            act(draft, by=by)
            answer = save(clerk, tiny.clerk, one(JOBS, "120", 1))
            told = answer.json()
            assert (answer.status_code, told["error"]) == (409, "closed")
            assert told["message"].startswith(f"这份报表“{state}”，不能再改，没有保存。{by} ")
        assert values() == {"D22": 118}


class TestWhoMay:
    def test_another_town_is_not_there_and_a_reader_has_no_right(self, tiny, clerk, signed_in):
        elsewhere = URL.replace(EAST, "330424102")
        assert save(clerk, tiny.clerk, one(JOBS, "1"), url=elsewhere).status_code == 404
        assert save(signed_in(tiny.reviewer), tiny.reviewer, one(JOBS, "1")).status_code == 403
        assert clerk.get(URL).status_code == 405
        assert not Submission.objects.exists()

    def test_a_cell_that_is_not_his_is_not_there(self, tiny, clerk):
        for name in (f"c.{W1}.D22", "c.330424999999.D22", f"c.{E1}.D99", f"c.{E1}.D01", "", "csrf"):
            assert save(clerk, tiny.clerk, one(JOBS, "1"), one(name, "1")).status_code == 404
        assert not Submission.objects.exists()

    def test_a_village_assistant_saves_his_own_row_alone(self, tiny, signed_in):
        assistant = person("assistant", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1]))
        client = signed_in(assistant)
        assert save(client, assistant, one(f"c.{E2}.D22", "1")).status_code == 404
        answer = save(client, assistant, one(JOBS, "12"))
        assert answer.status_code == 200
        assert answer.json()["facts"][0]["text"] == "已填 1/8 格"

    def test_signed_out_it_is_told_in_json(self, tiny):
        answer = Client().post(URL, {}, content_type="application/json", HTTP_ACCEPT="application/json")
        assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")

    def test_somebody_else_signed_in_meanwhile_saves_nothing_in_his_name(self, tiny, signed_in):
        body = {"page": owner(tiny.clerk), "cells": [one(JOBS, "12")]}
        answer = signed_in(tiny.colleague).post(URL, body, content_type="application/json")
        assert (answer.status_code, answer.json()["error"]) == (403, "other_page")
        assert not Submission.objects.exists()


class TestWhatNoPageSends:
    """Refused in words and changing nothing; each malformed body: tests/unit/entry/test_entry_sent.py."""

    def test_malformed_json_another_content_type_or_a_packed_body(self, tiny, clerk):
        body = json.dumps({"page": owner(tiny.clerk), "cells": [one(JOBS, "5")]})
        asked = [
            (b"[" * 100_000, "application/json", {}),
            (body.replace("5", "\\ud800").encode(), "application/json", {}),
            *[(body, kind, {}) for kind in ("text/plain", "application/x-www-form-urlencoded", "")],
            (body, "application/json", {"HTTP_CONTENT_ENCODING": "gzip"}),
        ]
        for sent_body, kind, headers in asked:
            answer = clerk.post(URL, sent_body, content_type=kind, **headers)
            assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
            assert "没有保存" in answer.json()["message"]
        assert not Submission.objects.exists()

    def test_too_much_for_the_server_to_read_is_refused_in_words_too(self, tiny, clerk, settings):
        answer = clerk.post(URL, b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["message"] == "一次发来的内容过大，没有保存。"


class TestRatiosAndUses:
    """From the definitions in force, not from the code."""

    def test_an_indicator_of_two_columns_is_a_column_of_its_own_beside_last_month(self, tiny, clerk):
        approved(tiny, "village", EAST, START, {(E1, "D22"): 80, (E1, "D23"): 60})
        fill(tiny, "village", EAST, START + 1, {(E1, "D22"): 90, (E1, "D23"): 60})
        text = opened(clerk, "village", EAST, START + 1).text
        assert '<td class="computed" data-label="A04" data-code="D23 ÷ D22"' in text
        assert '<span class="figure">66.67</span><span class="before"><span data-last="上月">75.00</span>' in text
        assert "D54 ÷ D53" not in text  # over a year: not what one month's cells say

    def test_last_years_month_stands_beside_last_months(self, tiny, clerk):
        approved(tiny, "village", EAST, START, {(E1, "D22"): 80})
        text = opened(clerk, "village", EAST, START + 12).text
        assert '<span data-last="上月">—</span><span data-last="去年">80</span>' in text

    def test_a_definition_that_ends_or_has_another_shape_is_none(self, tiny, clerk):
        version = IndicatorVersion.objects.get(reading__indicator__code="A04")
        IndicatorVersion.objects.filter(pk=version.pk).update(from_month=START + 5)
        assert "D23 ÷ D22" not in opened(clerk, *SHEET).text
        IndicatorVersion.objects.filter(pk=version.pk).update(from_month=START, numerator="D23 + D27")
        assert "D23 ÷ D22" not in opened(clerk, *SHEET).text

    def test_the_panel_knows_which_indicators_use_an_item(self, tiny, clerk):
        text = opened(clerk, *SHEET).text
        told = json.loads(
            text.partition('<script id="sheet-data" type="application/json">')[2].partition("</script>")[0]
        )
        assert told["columns"]["k-D22"]["uses"] == [{"text": "A04 A04", "url": "/indicators/A04/"}]
        assert told["columns"]["k-D13[active]"]["uses"] == [{"text": "B02 B02", "url": "/indicators/B02/"}]
