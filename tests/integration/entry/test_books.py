"""A template of several places and months: out of its page, filled in, sent from any page, one preview, one act."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.models import AuditEvent, Grant, StoredFile
from indicators.entry import books
from indicators.models import Entry, Import, Upload
from tests.integration.entry.browsing import url_of
from tests.integration.factories import COUNTY, E1, EAST, START, WEST, approved, fill, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scan_here")]
JANUARY, FEBRUARY = "2015-01", "2015-02"


@pytest.fixture
def clerk(tiny, signed_in) -> Client:
    return signed_in(tiny.clerk)


def book(client: Client, form: str = "village", first: str = JANUARY, last: str = FEBRUARY, **more) -> bytes:
    answer = client.get("/import/template/", {"form": form, "first": first, "last": last, **more})
    assert answer.status_code == 200, answer.content.decode()
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.content


def filled(content: bytes, cells: Mapping[tuple[str, str, str], object]) -> bytes:
    """The book with values by (tab, place code, column code), as openpyxl saves it."""
    opened = openpyxl.load_workbook(io.BytesIO(content))
    for (tab, place, code), value in cells.items():
        page = opened[tab]
        head = next(row for row in page.iter_rows(max_row=10) if row[0].value == "@area")
        column = next(cell.column for cell in head if cell.value == code)
        row = next(row for row in page.iter_rows(min_row=head[0].row) if row[0].value == place)
        page.cell(row[0].row, column).value = value
    return saved(opened)


def saved(opened: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def sent(client: Client, content: bytes, url: str = "/import/") -> tuple[Import, object]:
    """The import that the file became, and its page."""
    answer = client.post(url, {"file": SimpleUploadedFile("套表.xlsx", content)}, follow=True)
    return Import.objects.latest("pk"), answer


def hard(one: Import) -> list[tuple[str, str, str]]:
    return [(row["sheet"], row["area_name"], row["rule"]) for row in one.problems if row["severity"] == "hard"]


TWO = {(JANUARY, E1, "D22"): 12, (FEBRUARY, E1, "D22"): 14, (FEBRUARY, E1, "D23"): 9}


def test_a_year_of_one_place_has_a_sheet_a_month_and_a_list_that_leads_to_them(clerk):
    opened = openpyxl.load_workbook(io.BytesIO(book(clerk, last="2015-12")))
    tabs = [f"2015-{month:02}" for month in range(1, 13)]
    assert opened.sheetnames == ["目录", *tabs, "填表说明", "_meta"]
    assert [opened["目录"].cell(row, 3).hyperlink.location for row in (5, 16)] == ["'2015-01'!A1", "'2015-12'!A1"]
    page = opened["2015-03"]
    assert page.protection.sheet
    assert page["A2"].value == "填报单位：101　报告期：2015年3月"
    assert len(page.data_validations.dataValidation) == len(opened["2015-01"].data_validations.dataValidation) > 0
    assert opened["_meta"].sheet_state == "veryHidden"


def test_several_places_of_one_month_have_a_sheet_each(tiny, signed_in):
    both = person("both", (Grant.Role.TOWN_CLERK, tiny.areas[EAST]), (Grant.Role.TOWN_CLERK, tiny.areas[WEST]))
    content = book(signed_in(both), "town", last=JANUARY, place=[EAST, WEST])
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[1:3] == ["101", "102"]
    one, _page = sent(signed_in(both), filled(content, {("101", EAST, "D01"): 3, ("102", WEST, "D01"): 4}))
    assert one.state == Import.State.PREVIEW, one.problems
    assert [(part.place.code, part.new) for part in one.parts.select_related("place")] == [(EAST, 1), (WEST, 1)]


def test_one_preview_over_all_sheets_is_written_in_one_act_and_twice_changes_nothing(tiny, clerk):
    fill(tiny, "village", EAST, START, {(E1, "D22"): 5, (E1, "D53"): 7})
    content = filled(book(clerk), TWO)
    one, page = sent(clerk, content)
    assert page.status_code == 200
    # January: D22 5 → 12, D53 stays 7; February: two new ones
    assert [row["count"] for row in page.context["counts"]] == [2, 1, 1, 0, 0]
    assert Entry.objects.count() == 2
    assert clerk.post(f"/import/{one.pk}/").status_code == 302
    written = Entry.objects.filter(source="workbook").values_list("submission__month", "item__code", "value")
    assert set(written) == {(START, "D22", 12), (START + 1, "D22", 14), (START + 1, "D23", 9)}
    again, page = sent(clerk, content)
    assert "与现有数据一致，无变化" in page.content.decode()
    assert not any(part.changes for part in again.parts.all())


def test_the_page_of_one_sheet_takes_a_book_and_the_import_takes_a_single_template(clerk):
    one, page = sent(clerk, filled(book(clerk), TWO), f"{url_of('village', EAST, START)}upload/")
    assert page.redirect_chain[-1][0] == f"/import/{one.pk}/"
    assert [part.new for part in one.parts.all()] == [1, 2]
    assert not Upload.objects.exists()
    assert StoredFile.objects.count() == 1
    single = clerk.get(f"{url_of('village', EAST, START)}template.xlsx").content
    one, page = sent(clerk, filled(single, {("填报", E1, "D22"): 3}))
    assert [(part.month, part.new) for part in one.parts.all()] == [(START, 1)]


def test_tabs_renamed_reordered_and_left_out_are_recognised(clerk):
    opened = openpyxl.load_workbook(io.BytesIO(filled(book(clerk, last="2015-03"), TWO)))
    opened[JANUARY].title = "一月"
    opened.move_sheet("一月", 2)
    del opened["2015-03"], opened["目录"], opened["填表说明"]
    one, _page = sent(clerk, saved(opened))
    assert {(part.month, part.new) for part in one.parts.all()} == {(START, 1), (START + 1, 2)}


def test_what_is_handed_in_or_approved_is_not_in_the_template(tiny, clerk):
    approved(tiny, "village", EAST, START, {(E1, "D22"): 5, (E1, "D23"): 1})
    opened = openpyxl.load_workbook(io.BytesIO(book(clerk, last="2015-03")))
    assert opened.sheetnames[1:3] == [FEBRUARY, "2015-03"]
    answer = clerk.get("/import/template/", {"form": "village", "first": JANUARY, "last": JANUARY})
    assert answer.status_code == 422
    assert "没有要填的" in answer.content.decode()


def test_a_sheet_approved_meanwhile_is_named_and_refuses_the_file_whole(tiny, clerk):
    content = filled(book(clerk), TWO)
    approved(tiny, "village", EAST, START, {(E1, "D22"): 5, (E1, "D23"): 1})
    one, page = sent(clerk, content)
    assert page.status_code == 422
    assert hard(one) == [(JANUARY, "101 2015年1月", "该期已审核，不能再改")]
    assert "该期已审核" in page.content.decode()
    assert not Entry.objects.filter(submission__month=START + 1).exists()


def test_a_sheet_outside_ones_scope_is_named(tiny, clerk, signed_in):
    content = filled(book(clerk), TWO)
    other = person("elsewhere", (Grant.Role.TOWN_CLERK, tiny.areas[WEST]))
    one, _page = sent(signed_in(other), content)
    assert hard(one) == [
        (JANUARY, "101 2015年1月", "不在你的填报范围"),
        (FEBRUARY, "101 2015年2月", "不在你的填报范围"),
    ]
    assert AuditEvent.objects.get(act="upload.refused").by == other


def test_a_sheet_copied_within_the_book_and_an_identity_retyped_are_refused(clerk):
    opened = openpyxl.load_workbook(io.BytesIO(filled(book(clerk), TWO)))
    opened.copy_worksheet(opened[JANUARY]).title = "副本"
    one, _page = sent(clerk, saved(opened))
    assert hard(one) == [("副本", "", "与工作表“2015-01”重复（101 2015年1月）")]
    opened = openpyxl.load_workbook(io.BytesIO(filled(book(clerk), TWO)))
    opened["_meta"]["B2"] = opened["_meta"]["B2"].value.replace("2015-02", "2015-05")
    one, _page = sent(clerk, saved(opened))
    assert hard(one) == [("", "", "模板标识被改动；请重新下载模板")]


def test_cells_changed_meanwhile_in_any_sheet_stop_the_whole_book(tiny, clerk):
    one, _page = sent(clerk, filled(book(clerk), TWO))
    fill(tiny, "village", EAST, START + 1, {(E1, "D22"): 5})
    answer = clerk.post(f"/import/{one.pk}/")
    assert answer.status_code == 409
    assert [(row["month"], row["new"], row["theirs"]) for row in answer.context["clashes"]] == [
        ("2015年2月", "14", "5")
    ]
    assert Entry.objects.count() == 1


def test_an_empty_book_says_so(clerk):
    one, page = sent(clerk, book(clerk))
    assert hard(one) == [("", "", "没有可导入的数据")]
    assert "没有标错的副本可下载" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "2015-03", "last": "2015-01"}, "止月早于起月。"),
        ({"last": "2031-01"}, "2031年1月还没有开始。"),
        ({"first": "2015-13"}, "月份须写作 yyyy-mm"),
        ({"form": "county"}, "请选报表。"),
        ({"place": COUNTY, "form": "x"}, "请选报表。"),
    ],
)
def test_a_choice_that_cannot_be_is_told_on_the_page(clerk, asked, said):
    answer = clerk.get("/import/template/", {"form": "village", "first": JANUARY, "last": FEBRUARY} | asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_more_sheets_than_a_book_takes_are_refused_with_both_numbers(clerk, monkeypatch):
    monkeypatch.setattr(books, "MOST_SHEETS", 11)
    answer = clerk.get("/import/template/", {"form": "village", "first": JANUARY, "last": "2015-12"})
    assert "有 12 张表，一个文件最多 11 张" in answer.content.decode()


def test_a_village_assistant_and_a_reviewer_have_no_books(tiny, signed_in):
    helper = person("helper", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1]))
    assert signed_in(helper).get("/import/template/").status_code == 404
    assert signed_in(tiny.reviewer).get("/import/template/").status_code == 403


def test_the_sheet_and_the_import_lead_to_the_choice(clerk):
    page = clerk.get(f"{url_of('village', EAST, START)}upload/").content.decode()
    assert "/import/template/?form=village&amp;place=" in page
    assert 'href="/import/template/"' in clerk.get("/import/").content.decode()
