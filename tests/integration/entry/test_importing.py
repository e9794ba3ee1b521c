"""A long form on its way: read into a preview, confirmed whole, by page or by command; the same file twice."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from bureau.models import AuditEvent, Grant, StoredFile
from indicators.entry import importing
from indicators.entry.longform import write_long
from indicators.models import Entry, Import, Submission
from tests.integration.factories import COUNTY, E1, EAST, START, WEST, fill, hand_in, person

pytestmark = pytest.mark.django_db
NEXT = START + 1
ROWS = (
    (EAST, "D01", "", "2015-01", "12"),
    (EAST, "D02", "", "2015-01", "2"),
    (EAST, "D31", "active", "2015-02", "估30"),
    (E1, "D22", "", "2015-02", "不适用"),
)


def read(rows: Iterable, by) -> Import:
    return importing.read(write_long(rows), "长表.csv", by=by)


def stored() -> dict[tuple, tuple]:
    rows = Entry.objects.values_list("submission__month", "area__code", "item__code", "value", "state", "source", "by")
    return {row[:3]: row[3:] for row in rows}


def test_one_file_fills_several_sheets_in_one_act(tiny):
    one = read(ROWS, tiny.clerk)
    assert one.state == Import.State.PREVIEW, one.problems
    assert not Entry.objects.exists(), "a preview writes nothing"
    assert importing.confirm(one, by=tiny.clerk) == 4
    by = tiny.clerk.pk
    assert stored() == {
        (START, EAST, "D01"): (12, 0, "longform", by),
        (START, EAST, "D02"): (2, 0, "longform", by),
        (NEXT, EAST, "D31"): (30, 2, "longform", by),
        (NEXT, E1, "D22"): (None, 1, "longform", by),
    }
    # town form in January and in February, village form in February
    assert AuditEvent.objects.filter(act="entries.save").count() == 3


def test_confirming_twice_writes_once(tiny):
    one = read(ROWS, tiny.clerk)
    importing.confirm(one, by=tiny.clerk)
    assert importing.confirm(one, by=tiny.clerk) == 0
    assert AuditEvent.objects.filter(act="entries.save").count() == 3


def test_rows_outside_ones_scope_are_refused_by_name_and_nothing_is_stored(tiny):
    one = read([*ROWS, (WEST, "D01", "", "2015-01", "7"), (COUNTY, "D20", "", "2015-01", "9")], tiny.clerk)
    assert one.state == Import.State.REFUSED
    assert [(row["row"], row["column"], row["rule"]) for row in one.problems if row["severity"] == "hard"] == [
        (6, "A", "不在你的填报范围"),
        (7, "A", "不在你的填报范围"),
    ]
    with pytest.raises(importing.workflow.Refused):
        importing.confirm(one, by=tiny.clerk)
    assert not Entry.objects.exists()
    assert AuditEvent.objects.get(act="upload.refused").succeeded is False


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ((EAST, "D01", "", "2015-13", "1"), "D", "月份写法不对"),
        ((EAST, "D01", "", "2030-01", "1"), "D", "2030年1月还没有开始"),
        (("330424999", "D01", "", "2015-01", "1"), "A", "区划代码不在2015年1月区划内"),
        ((EAST, "D99", "", "2015-01", "1"), "B", "没有代码为“D99”的填报项"),
        ((EAST, "D22", "", "2015-01", "1"), "B", "本级不填此项"),
        ((EAST, "D31", "young", "2015-01", "1"), "C", "类别“young”不对"),
    ],
)
def test_each_bad_row_is_named_by_row_column_and_rule(tiny, row, column, rule):
    one = read([ROWS[0], row], tiny.clerk)
    assert [(bad["row"], bad["column"], bad["rule"]) for bad in one.problems] == [(3, column, rule)]


def test_a_cell_named_twice_is_refused(tiny):
    one = read([ROWS[0], ROWS[0]], tiny.clerk)
    assert [(bad["row"], bad["rule"]) for bad in one.problems] == [(3, "第3行与第2行重复")]


def test_a_sheet_handed_in_is_not_changed(tiny):
    hand_in(tiny, "town", EAST, START, {(EAST, "D01"): 11, (EAST, "D02"): 2})
    one = read(ROWS, tiny.clerk)
    # D01 would change from 11 to 12, D02 stays 2
    assert [(bad["row"], bad["value"]) for bad in one.problems if bad["severity"] == "hard"] == [(2, "12")]
    assert "不能再改" in one.problems[0]["rule"]


def test_a_cell_changed_meanwhile_stops_the_whole_file(tiny, signed_in):
    one = read(ROWS, tiny.clerk)
    submission = fill(tiny, "town", EAST, START, {(EAST, "D01"): 5})
    submission.refresh_from_db()
    before = stored()
    answer = signed_in(tiny.clerk).post(f"/import/{one.pk}/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "有 1 格已被他人修改，没有写入任何数。" in text
    assert [(row["new"], row["theirs"]) for row in answer.context["clashes"]] == [("12", "5")]
    assert stored() == before
    one.refresh_from_db()
    assert one.state == Import.State.PREVIEW


def test_the_page_goes_from_file_to_difference_to_result(tiny, signed_in):
    fill(tiny, "town", EAST, START, {(EAST, "D01"): 5, (EAST, "D02"): 2})
    clerk = signed_in(tiny.clerk)
    assert 'href="/import/"' in clerk.get("/desk/").content.decode()
    sent = clerk.post("/import/", {"file": SimpleUploadedFile("长表.csv", write_long(ROWS))})
    one = Import.objects.get()
    assert sent.headers["Location"] == f"/import/{one.pk}/"
    page = clerk.get(f"/import/{one.pk}/")
    # D01 5 → 12; D31 and D22 are new; D02 stays
    assert [row["count"] for row in page.context["counts"]] == [2, 1, 1, 0, 0]
    assert len(page.context["changes"].object_list) == 3
    done = clerk.post(f"/import/{one.pk}/", follow=True)
    assert f'href="/entry/town/{EAST}/2015-01/"' in done.content.decode()
    assert stored()[START, EAST, "D01"][0] == 12


@pytest.mark.parametrize("address", ["/import/", "/import/old/"])
def test_a_form_sent_without_a_file_says_so(tiny, signed_in, address):
    answer = signed_in(tiny.clerk).post(address)
    assert answer.status_code == 422
    assert "请选择" in answer.content.decode()


def test_long_lists_are_shown_by_pages(tiny, signed_in):
    one = read([(WEST, "D01", "", "2015-01", "1")] * 120, tiny.clerk)
    page = signed_in(tiny.clerk).get(f"/import/{one.pk}/?problems=3")
    assert page.status_code == 422
    assert "没有导入：120 处错误须先改" in page.content.decode()
    assert [row["cell"] for row in page.context["problem_rows"]] == [f"A{row}" for row in range(42, 62)]


def test_only_who_sent_a_file_sees_it(tiny, signed_in):
    one = read(ROWS, tiny.clerk)
    other = person("elsewhere", (Grant.Role.TOWN_CLERK, tiny.areas[WEST]))
    assert signed_in(other).get(f"/import/{one.pk}/").status_code == 404
    assert signed_in(tiny.reviewer).get("/import/").status_code == 403


# --- The command ----------------------------------------------------------------------------------
@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "长表.csv"
    path.write_bytes(write_long(ROWS))
    return path


def run(file: Path, by, *options: str) -> str:
    out = StringIO()
    call_command("importfigures", str(file), *options, by=by.username, stdout=out, stderr=out)
    return out.getvalue()


def traces() -> SimpleNamespace:
    tables = (Entry, Submission, Import, StoredFile, AuditEvent)
    return {table.__name__: table.objects.count() for table in tables}


def test_a_dry_run_tells_the_difference_and_leaves_no_trace(tiny, file):
    before = traces()
    assert "新填 4，将更新 0，与现有相同 0" in run(file, tiny.clerk, "--dry-run")
    assert traces() == before


def test_the_same_file_again_changes_nothing_and_leaves_no_record(tiny, file):
    told = run(file, tiny.clerk)
    assert "已写入草稿 4 格" in told
    assert [line for line in told.splitlines() if " / " in line] == [
        "逐行核对 0 / 4", "逐张报表核对 0 / 3", "逐张报表核对 1 / 3", "逐张报表核对 2 / 3",
        "准备写入 0 / 3", "准备写入 1 / 3", "准备写入 2 / 3", "写入草稿 0 / 4",
    ]  # fmt: skip
    before, then = traces(), stored()
    assert "与现有数据一致，无变化" in run(file, tiny.clerk)
    assert traces() == before
    assert stored() == then


def test_a_refused_file_is_told_row_by_row_up_to_a_limit(tiny, file):
    file.write_bytes(write_long([*ROWS, *[(WEST, "D01", "", "2015-01", "1")] * 60]))
    out = StringIO()
    with pytest.raises(CommandError, match="没有导入：60 处错误须先改"):
        call_command("importfigures", str(file), by=tiny.clerk.username, stderr=out)
    told = out.getvalue().splitlines()
    assert told[0].startswith("第6行A列：")
    assert told[0].endswith(f"D01：{WEST}：不在你的填报范围：删去这一行，由负责的人填报")
    assert (len(told), told[-1]) == (51, "…… 共 60 处")
    assert not Entry.objects.exists()


def test_submit_hands_the_sheets_in(tiny, file):
    assert "已提交审核 3 份" in run(file, tiny.clerk, "--submit")
    assert {one.state for one in Submission.objects.all()} == {"submitted"}


def test_a_sheet_that_cannot_be_handed_in_takes_the_whole_file_back(tiny, file, monkeypatch):
    def refuse(*args, **options):
        raise importing.workflow.Refused("还有须改的错误")

    monkeypatch.setattr(importing.handing_in, "hand_in_all", refuse)
    with pytest.raises(CommandError, match="没有写入任何数：还有须改的错误"):
        run(file, tiny.clerk, "--submit")
    assert not Entry.objects.exists()


def test_a_village_assistant_fills_his_own_rows_and_hands_nothing_in(tiny, file):
    helper = person("helper", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1]))
    file.write_bytes(write_long([ROWS[3]]))
    with pytest.raises(CommandError, match="没有写入任何数：整张报表由镇（街道）或科室提交"):
        run(file, helper, "--submit")
    assert not Entry.objects.exists()
    assert "已写入草稿 1 格" in run(file, helper)
    assert read(ROWS[:1], helper).problems[0]["rule"] == "不在你的填报范围"


def test_who_may_not_fill_imports_nothing(tiny, file):
    with pytest.raises(CommandError, match="没有可以填报的账号"):
        run(file, tiny.reviewer)
