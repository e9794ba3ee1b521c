"""The settings' lists as files: every filtered row with the columns shown, typed, to whoever sees the list."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from bureau import clock, settings_tables
from bureau.models import Area, AreaAlias, Grant, Installation, Section, SpecialDay, User
from indicators.models import Parameter
from tests.integration.factories import person

pytestmark = pytest.mark.django_db
LIST = "/settings/indicators/parameter/"


@pytest.fixture
def office(real_plan, db) -> Client:
    client = Client()
    client.force_login(person("office", (Grant.Role.OFFICE, None)))
    return client


def rows(client: Client, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_rows_a_filter_leaves_with_the_columns_shown(office):
    head, *found = rows(office, f"{LIST}list.csv?code=W01&in_use__exact=1")
    assert head == ["代码", "名称", "系列", "值", "单位", "自", "采用"]
    assert [row[3] for row in found] == ["44513", "48145", "51463", "56068"]
    assert found[0] == ["W01", "全省平均工资", "全社会单位在岗职工", "44513", "元/年", "2014-06-01", "是"]
    assert len(rows(office, f"{LIST}list.csv")) == 1 + Parameter.objects.count()


def test_the_page_links_to_its_file_with_its_filter(office):
    page = office.get(f"{LIST}?code=W01&p=1").content.decode()
    assert f'href="{LIST}list.csv?code=W01"' in page
    assert f'href="{LIST}list.xlsx?code=W01"' in page


def test_numbers_and_days_of_the_workbook_are_numbers_and_days(office):
    content = office.get(f"{LIST}list.xlsx?code=W03").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = sheet[2]
    assert (cells[3].value, cells[3].data_type) == (15000, "n")
    assert cells[5].value.date().isoformat() == "2015-01-01"


def test_what_people_wrote_is_no_formula_and_the_demonstration_says_so(office):
    SpecialDay.objects.create(day="2017-10-08", working=True, name="=HYPERLINK(1)")
    Installation.objects.update(demonstration=True)
    first, _head, *found = rows(office, "/settings/bureau/specialday/list.csv?q=HYPERLINK")
    assert first == ["演示数据"]
    assert found == [["2017-10-08", "是", "'=HYPERLINK(1)"]]


def test_moments_and_people_are_as_the_list_prints_them(office):
    Parameter.objects.filter(code="W02").update(value=Decimal("30.5"))
    county, user = Area.objects.get(level=Area.Level.COUNTY), User.objects.get(username="office")
    AreaAlias.objects.create(county=county, text="海盐", area=county, by=user, at=clock.now())
    _head, row = rows(office, "/settings/bureau/areaalias/list.csv?q=海盐")
    assert row[3] == "office"
    assert len(row[4]) == len("2017-07-05 10:20:30")
    assert rows(office, f"{LIST}list.csv?code=W02")[1][3] == "30.5"


def test_a_list_too_long_says_so_and_a_filter_that_is_none_leads_back(office, monkeypatch):
    monkeypatch.setattr(settings_tables, "MOST_ROWS", 3)
    page = office.get(f"{LIST}list.csv", follow=True)
    assert page.redirect_chain[0][0].startswith(LIST)
    assert "一次最多导出 3 行" in page.content.decode()
    assert office.get(f"{LIST}list.csv?nothing=1").headers["Location"] == f"{LIST}?e=1"


def test_a_reviewer_gets_the_rows_he_sees_and_others_none(office):
    section = Section.objects.get(code="yb")
    reviewer = Client()
    reviewer.force_login(person("reviewer", (Grant.Role.REVIEWER, section)))
    _head, *mine = rows(reviewer, "/settings/indicators/indicator/list.csv")
    assert mine
    assert {row[3] for row in mine} == {str(section)}
    assert len(mine) < len(rows(office, "/settings/indicators/indicator/list.csv")) - 1
    assert reviewer.get(f"{LIST}list.csv").status_code == 403
    assert office.post(f"{LIST}list.csv").status_code == 405
