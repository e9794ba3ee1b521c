"""B4, C4, C5, H1: out and in again nothing changes, twice is once, and what moved between look and word is told."""

import csv
import io
import json
import random
from decimal import Decimal

import openpyxl
import pytest

from bureau.models import AuditEvent
from indicators.entry import grid, sheets, uploads, workflow
from indicators.entry.layout import Cell, CellKey
from indicators.entry.template import DATA_SHEET
from indicators.models import DataItem, Entry, Submission, Upload
from indicators.models.figures import CellState
from tests.integration.entry.browsing import opened
from tests.integration.factories import E1, E2, EAST, START, W2, approved, cells, fill
from tests.integration.harm import workbooks
from tests.integration.harm.test_mutated_workbooks import OF_UPLOADING
from tests.reliability.dumps import changes, dump
from tests.reliability.scale import number, result

pytestmark = pytest.mark.django_db

SHEET = ("village", EAST, START)
ITEMS = ("D22", "D23", "D27", "D27a", "D53", "D54")


@pytest.fixture
def exact(tiny):
    """All items of the form in yuan with four decimals: as fine and as large as a value may be."""
    DataItem.objects.filter(code__in=ITEMS).update(decimals=4, unit="元")


def any_values(dice: random.Random) -> dict[tuple[str, str], tuple[Decimal | None, str]]:
    """(place, item) → (value, what a clerk would type for it); a workbook's cell keeps fifteen digits."""
    found: dict[tuple[str, str], tuple[Decimal | None, str]] = {}
    for place in (E1, E2, W2):
        for item in ITEMS:
            if dice.random() < 0.2:
                continue
            if dice.random() < 0.1:
                found[place, item] = (None, "不适用")
                continue
            units = dice.randrange(10 ** dice.randint(1, 15))
            value = Decimal(units).scaleb(-4)
            found[place, item] = (value, f"{'估' if dice.random() < 0.1 else ''}{value:f}")
    return found or {(E1, "D22"): (Decimal(0), "0")}


def standing() -> dict[tuple[str, str], tuple]:
    rows = Entry.objects.values_list("area__code", "item__code", "value", "state")
    return {(area, item): (value, state) for area, item, value, state in rows}


def texts(content: bytes) -> list[list]:
    """Every cell of the data sheet as openpyxl reads it."""
    page = openpyxl.load_workbook(io.BytesIO(content))[DATA_SHEET]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def wanted(values) -> dict[tuple[str, str], tuple]:
    states = {True: CellState.NOT_APPLICABLE, False: CellState.VALUE}
    return {
        key: (value, CellState.ESTIMATE if text.startswith("估") else states[value is None])
        for key, (value, text) in values.items()
    }


def test_a_workbook_filled_read_confirmed_and_taken_again_says_the_same(tiny, clerk, exact):
    blank, tried, amiss = workbooks.template(clerk, *SHEET), number(suite=3, full=1_000), []
    at = workbooks.addresses(blank)
    for seed in range(tried):
        values = any_values(random.Random(seed))
        Submission.objects.all().delete()
        first = workbooks.filled(blank, {at[key]: text for key, (_value, text) in values.items()})
        preview = workbooks.upload(clerk, first, *SHEET)
        clerk.post(preview.url)
        second = workbooks.template(clerk, *SHEET)
        if standing() != wanted(values):
            amiss.append((seed, "fill"))
        again = workbooks.upload(clerk, second, *SHEET)
        if {one.kind for one in uploads.changes_of(Upload.objects.latest("pk"))} != {
            "same"
        } or again.status_code != 302:
            amiss.append((seed, "import"))
        if texts(workbooks.template(clerk, *SHEET)) != texts(second):
            amiss.append((seed, "export"))
    result("C4", "round trips: export, fill, import, export", tried, len(amiss))
    assert amiss == []


def test_every_value_survives_field_database_json_csv_and_workbook(tiny, clerk, exact):
    """H1: what the field shows is what was kept; the number itself, not one near it."""
    sheets_tried, compared, amiss = number(suite=5, full=5_600), 0, []
    submission = workflow.submission_for(tiny.forms["village"], tiny.areas[EAST], START)
    for seed in range(sheets_tried):
        values = {key: one for key, one in any_values(random.Random(10_000 + seed)).items() if one[0] is not None}
        Entry.objects.all().delete()
        typed = {f"{place}.{item}": text for (place, item), (_value, text) in values.items()}
        if seed % 100 == 0:
            page = opened(clerk, *SHEET)
            assert page.send(clerk, "save", typed).status_code == 302
        else:
            sheet, names = sheets.build(tiny.forms["village"], tiny.areas[EAST], START)
            keys = {CellKey(place, item, ""): text for (place, item), (_value, text) in values.items()}
            read = grid.read(sheet, keys, {})
            workflow.save(submission, sheets.changes(read.changes, names), by=tiny.clerk, source="grid")
        sheet, _names = sheets.build(tiny.forms["village"], tiny.areas[EAST], START)
        for (place, item), (value, _text) in values.items():
            cell = sheet.values[CellKey(place, item, "")]
            ways = (
                cell.value,
                grid.unpack(grid.pack({CellKey(place, item, ""): cell}, "x"), "x")[CellKey(place, item, "")].value,
                _through_json(cell),
                Decimal(next(csv.reader([str(cell.value)]))[0]),
            )
            compared += 1
            amiss += [(seed, place, item, value, way) for way in ways if way != value]
        if seed % 50 == 0:
            kept = uploads.read(submission, workbooks.template(clerk, *SHEET), "a.xlsx", by=tiny.clerk)
            amiss += [(seed, one) for one in uploads.changes_of(kept) if one.kind != "same"]
    result("H1", "values through field, database, JSON, CSV, workbook", compared, len(amiss))
    assert amiss == []
    assert compared > sheets_tried * 8


def _through_json(cell: Cell) -> Decimal:
    """As a preview keeps it."""
    packed = json.loads(json.dumps(uploads._plain(cell)))
    return uploads._cell(packed).value


def test_the_same_workbook_again_and_again_changes_nothing(tiny, clerk):
    content = workbooks.template(clerk, *SHEET)
    at = workbooks.addresses(content)
    book = workbooks.filled(content, {at[E1, "D22"]: 5, at[W2, "D23"]: 7})
    clerk.post(workbooks.upload(clerk, book, *SHEET).url)
    saves = AuditEvent.objects.filter(act="entries.save").count()
    before, tried = dump(OF_UPLOADING), number(suite=3, full=10)
    for _ in range(tried):
        preview = clerk.get(workbooks.upload(clerk, book, *SHEET).url)
        assert "与现有数据一致，无变化" in preview.content.decode()
        clerk.post(preview.request["PATH_INFO"])
    amiss = changes(before, dump(OF_UPLOADING))
    result("B4", "the same workbook again: rows changed", tried, len(amiss))
    assert amiss == {}
    assert AuditEvent.objects.filter(act="entries.save").count() == saves == 1


def test_what_changed_between_preview_and_confirmation_is_a_conflict_and_no_cell_is_written(tiny, clerk):
    draft = fill(tiny, *SHEET, {(E1, "D22"): 1, (W2, "D22"): 1})
    content = workbooks.template(clerk, *SHEET)
    at = workbooks.addresses(content)
    tried, amiss = number(suite=2, full=200), []
    for turn in range(tried):
        book = workbooks.filled(content, {at[E1, "D22"]: 1_000 + turn, at[W2, "D22"]: 5_000 + turn})
        before = dump(OF_UPLOADING)
        url = workbooks.upload(clerk, book, *SHEET).url
        clerk.get(url)
        if changes(before, dump(OF_UPLOADING)):
            amiss.append((turn, "the preview wrote"))
        workflow.save(draft, cells(tiny, {(E1, "D22"): 2 + turn}), by=tiny.colleague, source="grid")
        answer = clerk.post(url, follow=True)
        said = "有 1 格已被他人修改，没有保存。" in answer.content.decode()
        if standing() != {(E1, "D22"): (2 + turn, 0), (W2, "D22"): (1, 0)} or not said:
            amiss.append((turn, "written over"))
    result("C5", "data changed between preview and confirmation", tried, len(amiss))
    assert amiss == []


def test_a_preview_confirmed_after_the_approval_is_refused_and_says_so(tiny, clerk):
    content = workbooks.template(clerk, *SHEET)
    book = workbooks.filled(content, {workbooks.addresses(content)[E1, "D22"]: 9})
    url = workbooks.upload(clerk, book, *SHEET).url
    approved(tiny, *SHEET, {(E1, "D22"): 5})
    before = dump(OF_UPLOADING)
    answer = clerk.post(url, follow=True)
    assert "这份报表“已审核”，不能再改。" in answer.content.decode()
    assert changes(before, dump(OF_UPLOADING)) == {}
