"""The working pages ask the database little, and no more for more cells, sheets or months."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau import months
from bureau.models import Area, Grant, Installation, Section
from bureau.places import Tree
from indicators.entry import grid, sheets, workflow
from indicators.models import ReportingForm
from tests.integration.factories import person

JUNE = months.parse("2017-06")
WUYUAN, BAIBU, YUANTONG = "330424001", "330424101", "330424003"
MOST_ENTRY, MOST_REVIEW, MOST_LIST = 16, 18, 12


@pytest.fixture(scope="module")
def county(real_plan, django_db_blocker) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), transaction.atomic():
        Installation.objects.update(business_date=date(2017, 7, 3))
        towns = {code: Area.objects.get(code=code) for code in (WUYUAN, BAIBU, YUANTONG)}
        yield SimpleNamespace(
            towns=towns,
            tree=Tree(towns[WUYUAN].home),
            clerk=person("clerk", *((Grant.Role.TOWN_CLERK, town) for town in towns.values())),
            reviewer=person("reviewer", (Grant.Role.REVIEWER, Section.objects.get(code="jyj"))),
        )
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_savepoint(db, county):
    """Each test in a transaction of its own."""


def queries(user, url: str) -> int:
    client = Client()
    client.force_login(user)
    assert client.get(url).status_code == 200  # the first stamps the session
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def handed_in(county, form: str, town: str, month: int):
    submission = workflow.submission_for(ReportingForm.objects.get(code=form), county.towns[town], month)
    sheet, names = sheets.build(submission.form, submission.place, month, county.tree)
    changes = [workflow.Change(*names.ids(key), Decimal(1)) for _row, _column, key in grid.cells(sheet)]
    workflow.save(submission, changes, by=county.clerk, source="grid")
    return workflow.submit(submission, by=county.clerk)


def test_the_sheet_of_880_cells_costs_what_one_of_five_costs(county):
    small = queries(county.clerk, f"/entry/yj06/{YUANTONG}/2017-06/")
    large = queries(county.clerk, f"/entry/yj02/{WUYUAN}/2017-06/")
    assert small == large <= MOST_ENTRY
    handed_in(county, "yj02", WUYUAN, JUNE)
    assert queries(county.clerk, f"/entry/yj02/{WUYUAN}/2017-06/") <= MOST_ENTRY


def test_the_list_to_review_costs_the_same_for_one_sheet_and_for_six(county):
    handed_in(county, "yj01", BAIBU, JUNE)
    few = queries(county.reviewer, "/review/")
    for town in (WUYUAN, YUANTONG):
        handed_in(county, "yj01", town, JUNE)
        handed_in(county, "yj01", town, JUNE - 1)
    handed_in(county, "yj02", YUANTONG, JUNE)
    assert queries(county.reviewer, "/review/") == few <= MOST_LIST


def test_one_sheet_to_review_costs_no_more_for_more_cells(county):
    few = queries(county.reviewer, f"/review/{handed_in(county, 'yj02', YUANTONG, JUNE).pk}/")
    assert queries(county.reviewer, f"/review/{handed_in(county, 'yj02', WUYUAN, JUNE).pk}/") == few
    with_categories = handed_in(county, "yj01", BAIBU, JUNE)
    assert queries(county.reviewer, f"/review/{with_categories.pk}/") <= MOST_REVIEW


def test_the_desk_costs_no_more_for_more_submissions(county):
    for user in (county.clerk, county.reviewer):
        few = queries(user, "/desk/")
        for month in (JUNE, JUNE - 1):
            for form in ("yj01", "yj03") if user == county.clerk else ("yj02",):
                handed_in(county, form, BAIBU if user == county.clerk else YUANTONG, month)
        assert queries(user, "/desk/") == few <= MOST_LIST + 3  # slips that wait, later days asked for, reports
