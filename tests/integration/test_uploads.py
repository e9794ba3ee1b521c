"""A clerk's workbook on its whole way: template out, filled in, uploaded, previewed, confirmed into draft entries."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from bureau import files, months
from bureau.models import Area, AuditEvent, Grant, Installation, StoredFile
from bureau.places import Tree
from indicators.entry import sheets, uploads, workflow
from indicators.entry.identity import AREA_MARK
from indicators.entry.template import DATA_SHEET, write_template
from indicators.entry.workflow import Refused
from indicators.models import Entry, Figure, ReportingForm, Submission, Upload
from indicators.models.figures import CellState
from tests.integration.factories import person

MAY = months.parse("2017-05")
BAIBU = "330424101"
CLOSED_IN_2016 = ("330424001002", "330424001004", "330424001008", "330424001010", "330424001204")


@pytest.fixture(scope="module")
def plan(real_plan, django_db_blocker) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), transaction.atomic():
        Installation.objects.update(business_date=date(2017, 6, 5))
        town = Area.objects.get(code=BAIBU)
        yield SimpleNamespace(
            town=town,
            form=ReportingForm.objects.get(code="yj02"),
            clerk=person("clerk", (Grant.Role.TOWN_CLERK, town)),
            colleague=person("colleague", (Grant.Role.TOWN_CLERK, town)),
        )
        transaction.set_rollback(True)


@pytest.fixture
def submission(db, plan) -> Submission:
    return workflow.submission_for(plan.form, plan.town, MAY)


def template(submission: Submission) -> bytes:
    sheet, _names = sheets.build(submission.form, submission.place, submission.month)
    return write_template(sheet, uploads.template_key())


Fill = Callable[[str, str, int], object]


def filled(content: bytes, value: Fill) -> bytes:
    """The workbook with `value(area code, item code, row number)` in every cell for which that is not None."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[DATA_SHEET]
    head = next(row for row in page.iter_rows() if row[0].value == AREA_MARK)
    for row in page.iter_rows(min_row=head[0].row + 4):
        area = str(row[0].value or "")
        for code, cell in zip(head[2:], row[2:], strict=True):
            item = str(code.value or "")
            new = value(area, item, row[0].row) if area.isdigit() and item.startswith("D") else None
            if new is not None:
                cell.value = new
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plausible(area: str, item: str, row: int) -> object:
    """Numbers that break no balance rule; 12 in D22 and D23 of every village, 0 elsewhere."""
    return 12 if item in ("D22", "D23") else 0


def entries(submission) -> dict[tuple[str, str], tuple]:
    rows = submission.entries.values_list("area__code", "item__code", "value", "state")
    return {(area, item): (value, state) for area, item, value, state in rows}


def villages(plan) -> list[str]:
    return [place.code for place in Tree(plan.town.county_id).villages(plan.town.pk, MAY)]


def test_a_filled_template_becomes_draft_entries_in_two_steps(plan, submission):
    preview = uploads.read(submission, filled(template(submission), plausible), "百步.xlsx", by=plan.clerk)
    assert preview.state == Upload.State.PREVIEW
    assert not submission.entries.exists(), "a preview writes nothing"
    written = uploads.confirm(preview, by=plan.clerk)
    found = entries(submission)
    items = plan.form.form_items.count()
    assert written == len(found) == len(villages(plan)) * items
    assert found[villages(plan)[0], "D22"] == (12, CellState.VALUE)
    assert set(Entry.objects.values_list("source", "by")) == {("workbook", plan.clerk.pk)}
    assert not Figure.objects.exists(), "only approval makes figures"


def test_words_and_decimals_arrive_as_written(plan, submission):
    first, second = villages(plan)[:2]
    cells = {(first, "D22"): "不适用", (first, "D23"): "不适用", (second, "D22"): "估120", (second, "D05"): 3}
    content = filled(template(submission), lambda area, item, row: cells.get((area, item)))
    uploads.confirm(uploads.read(submission, content, "a.xlsx", by=plan.clerk), by=plan.clerk)
    assert entries(submission) == {
        (first, "D22"): (None, CellState.NOT_APPLICABLE),
        (first, "D23"): (None, CellState.NOT_APPLICABLE),
        (second, "D22"): (120, CellState.ESTIMATE),
        (second, "D05"): (3, CellState.VALUE),
    }


def test_a_blank_cell_leaves_what_is_there(plan, submission):
    first = villages(plan)[0]
    content = template(submission)
    one = uploads.read(submission, filled(content, lambda a, i, r: 7 if (a, i) == (first, "D22") else None), "a.xlsx",
                       by=plan.clerk)  # fmt: skip
    uploads.confirm(one, by=plan.clerk)
    submission.refresh_from_db()
    two = uploads.read(submission, filled(content, lambda a, i, r: 3 if (a, i) == (first, "D05") else None), "b.xlsx",
                       by=plan.clerk)  # fmt: skip
    assert uploads.confirm(two, by=plan.clerk) == 1
    assert entries(submission) == {(first, "D22"): (7, CellState.VALUE), (first, "D05"): (3, CellState.VALUE)}


def test_the_same_file_twice_changes_nothing(plan, submission):
    content = filled(template(submission), plausible)
    uploads.confirm(uploads.read(submission, content, "a.xlsx", by=plan.clerk), by=plan.clerk)
    submission.refresh_from_db()
    version, before = submission.version, entries(submission)
    again = uploads.read(submission, content, "a.xlsx", by=plan.colleague)
    assert {change.kind for change in uploads.changes_of(again)} == {"same"}
    assert uploads.confirm(again, by=plan.colleague) == 0
    submission.refresh_from_db()
    assert (submission.version, entries(submission)) == (version, before)
    assert set(Entry.objects.values_list("by", flat=True)) == {plan.clerk.pk}


def test_confirming_twice_writes_once(plan, submission):
    preview = uploads.read(submission, filled(template(submission), plausible), "a.xlsx", by=plan.clerk)
    assert uploads.confirm(preview, by=plan.clerk) > 0
    assert uploads.confirm(preview, by=plan.clerk) == 0


def test_a_workbook_with_an_error_writes_no_entry_and_is_recorded(plan, submission):
    first = villages(plan)[0]
    content = filled(template(submission), lambda a, i, r: "十二" if (a, i) == (first, "D22") else plausible(a, i, r))
    refused = uploads.read(submission, content, "a.xlsx", by=plan.clerk)
    assert refused.state == Upload.State.REFUSED
    problem = next(one for one in uploads.problems_of(refused) if one.severity == "hard")
    assert (problem.area, problem.item) == (first, "D22")
    assert problem.row > 0
    with pytest.raises(Refused):
        uploads.confirm(refused, by=plan.clerk)
    assert not submission.entries.exists()
    event = AuditEvent.objects.get(act="upload.refused")
    assert (event.succeeded, event.by) == (False, plan.clerk)


def test_a_broken_balance_names_its_village(plan, submission):
    first = villages(plan)[0]
    content = filled(template(submission), lambda a, i, r: 13 if (a, i) == (first, "D23") else plausible(a, i, r))
    refused = uploads.read(submission, content, "a.xlsx", by=plan.clerk)
    assert {one.area for one in uploads.problems_of(refused) if one.severity == "hard"} == {first}


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 100, b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_workbook_is_refused_with_a_reason(plan, submission, content):
    refused = uploads.read(submission, content, "a.xlsx", by=plan.clerk)
    assert refused.state == Upload.State.REFUSED
    assert uploads.problems_of(refused)
    assert AuditEvent.objects.filter(act="upload.refused", succeeded=False).count() == 1


def test_another_towns_or_months_template_is_refused(plan, submission):
    other = workflow.submission_for(plan.form, Area.objects.get(code="330424102"), MAY)
    earlier = workflow.submission_for(plan.form, plan.town, MAY - 1)
    for stranger in (other, earlier):
        content = filled(template(stranger), plausible)
        assert uploads.read(submission, content, "a.xlsx", by=plan.clerk).state == Upload.State.REFUSED


def test_the_original_is_kept_as_it_came(plan, submission):
    content = filled(template(submission), plausible)
    preview = uploads.read(submission, content, "百步五月.xlsx", by=plan.clerk)
    kept = StoredFile.objects.get(pk=preview.file_id)
    assert (files.content_of(kept), kept.name, kept.owner) == (content, "百步五月.xlsx", plan.clerk)


def test_what_a_colleague_typed_meanwhile_is_not_written_over(plan, submission):
    preview = uploads.read(submission, filled(template(submission), plausible), "a.xlsx", by=plan.clerk)
    _sheet, names = sheets.build(plan.form, plan.town, MAY)
    area, item = names.areas[villages(plan)[0]], names.items["D22"]
    workflow.save(submission, [workflow.Change(area, item, 0, Decimal(99))], by=plan.colleague, source="grid")
    with pytest.raises(workflow.Conflict) as caught:
        uploads.confirm(preview, by=plan.clerk)
    assert list(caught.value.cells) == [(area, item, 0)]
    assert Entry.objects.get().value == 99
    preview.refresh_from_db()
    assert preview.state == Upload.State.PREVIEW


def test_a_preview_is_confirmed_by_its_uploader_only(plan, submission):
    preview = uploads.read(submission, filled(template(submission), plausible), "a.xlsx", by=plan.clerk)
    with pytest.raises(Refused):
        uploads.confirm(preview, by=plan.colleague)
    assert not submission.entries.exists()


def test_a_form_handed_in_meanwhile_takes_no_more(plan, submission):
    preview = uploads.read(submission, filled(template(submission), plausible), "a.xlsx", by=plan.clerk)
    Submission.objects.filter(pk=submission.pk).update(state="submitted")
    with pytest.raises(Refused, match="不能再改"):
        uploads.confirm(preview, by=plan.clerk)
    assert not submission.entries.exists()


def test_villages_closed_by_then_have_no_row(plan, db):
    wuyuan = Area.objects.get(code="330424001")
    rows = {}
    for month in (months.parse("2016-12"), months.parse("2017-01")):
        sheet, _names = sheets.build(plan.form, wuyuan, month)
        rows[months.iso(month)] = {row.area for row in sheet.rows}
    assert rows["2016-12"] - rows["2017-01"] == set(CLOSED_IN_2016)
    assert len(rows["2017-01"] - rows["2016-12"]) == 3


class TestThePages:
    """The same through the browser's requests."""

    WHERE = f"/entry/yj02/{BAIBU}/2017-05/"

    def upload(self, client, content):
        file = SimpleUploadedFile(
            "a.xlsx", content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
        return client.post(f"{self.WHERE}upload/", {"file": file})

    def test_from_the_template_to_the_sheet(self, plan, db, client):
        client.force_login(plan.clerk)
        content = client.get(f"{self.WHERE}template.xlsx").content
        answer = self.upload(client, filled(content, plausible))
        assert answer.status_code == 302
        preview = client.get(answer.url)
        assert preview.status_code == 200
        cells = len(villages(plan)) * plan.form.form_items.count()
        assert f"将写入 {cells} 格" in preview.content.decode()
        assert client.post(answer.url).url == self.WHERE
        assert f"已填 {cells}/{cells} 格" in client.get(self.WHERE).content.decode()
        assert client.post(self.WHERE, {"action": "submit"}).status_code == 302
        assert Submission.objects.get().state == "submitted"

    def test_a_refused_file_says_what_to_mend(self, plan, db, client):
        client.force_login(plan.clerk)
        content = client.get(f"{self.WHERE}template.xlsx").content
        answer = self.upload(client, filled(content, lambda a, i, r: "十二" if i == "D22" else None))
        preview = client.get(answer.url)
        assert preview.status_code == 422
        assert "表格没有导入" in preview.content.decode()
        assert not Entry.objects.exists()

    def test_no_file_at_all_is_told_so(self, plan, db, client):
        client.force_login(plan.clerk)
        answer = client.post(f"{self.WHERE}upload/", {"csrfmiddlewaretoken": "sent by every page"})
        assert answer.status_code == 422
        assert not Upload.objects.exists()
