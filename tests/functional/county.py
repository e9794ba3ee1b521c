"""A county for the browser tests: the real plan, a person for each role, five months already reported and approved.

The figures are small and even so that every total can be worked out by hand; what the tests do next they do as a
person would, in the browser.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import openpyxl
from django.core.management import call_command
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Locator, Page

from bureau import months
from bureau.models import Area, Grant, Installation, Section, User
from bureau.places import Tree
from indicators.entry import sheets, workflow
from indicators.entry.layout import CellKey, is_entered
from indicators.entry.template import CODE_ROW, DATA_SHEET, FIRST_ROW
from indicators.models import ReportingForm, Submission

PASSWORD = "a long password of the tests 2017"
FORM, BAIBU, MONTH = "yj01", "330424102", "2017-06"
ENTRY = f"/entry/{FORM}/{BAIBU}/{MONTH}/"

# D01 less D02 is what a town adds to A01 in a month: 90 in eight towns, 55 in 百步镇 up to May.
ELSEWHERE = {"D01": "100", "D02": "10"}
BAIBU_BEFORE = {"D01": "60", "D02": "5"}
# The rest of the form keeps the balance rules: D21 = 200 + 12 - 8 - 4, D08 <= D07, D101 <= D100 …
THE_REST = {
    "D03": "10", "D04": "8", "D07": "30", "D08": "25", "D09": "1", "D10": "4", "D10b": "5", "D11": "2",
    "D13g": "3", "D17a": "12.5", "D17b": "3", "D21": "200", "D21a": "12", "D21b": "8", "D21c": "4",
    "D96": "40", "D97": "38", "D100": "6", "D101": "5",
}  # fmt: skip


def a_county() -> SimpleNamespace:
    """Load the plan, make the people, and let the nine towns report January to May 2017."""
    county = the_plan()
    jyj = Section.objects.get(code="jyj")
    towns, tree = list(Area.objects.filter(level=Area.Level.TOWN).order_by("code")), Tree(county.pk)
    people = {
        "leader": person("leader", "领导小组", Grant.Role.LEADER),
        "office": person("office", "办公室", Grant.Role.OFFICE),
        "reviewer": person("reviewer", "就业局审核员", Grant.Role.REVIEWER, section=jyj),
        **{
            town.code: person(_clerk(town.code), f"{tree.names[town.pk]}填报员", Grant.Role.TOWN_CLERK, area=town)
            for town in towns
        },
    }
    form = ReportingForm.objects.get(code=FORM)
    found = SimpleNamespace(county=county, jyj=jyj, towns=towns, people=people, tree=tree, form=form)
    for month in range(months.parse("2017-01"), months.parse(MONTH)):
        handed_in = [hand_in(found, town, month) for town in towns]
        workflow.approve_all(handed_in, by=people["reviewer"])
    return found


def the_plan() -> Area:
    """The plan's own definitions in July 2017; the county."""
    call_command("loadplan", stdout=io.StringIO())
    Installation.objects.update(demonstration=True, business_date=date(2017, 7, 3), go_live_month=None)
    return Area.objects.get(code="330424")


def _clerk(code: str) -> str:
    return "baibu" if code == BAIBU else f"clerk{code[-3:]}"


def person(username: str, name: str, role: str, **scope: Area | Section) -> User:
    """An account with a password, and a grant (no scope: the whole county)."""
    user = User.objects.create_user(username, password=PASSWORD, display_name=name)
    Grant.objects.create(user=user, role=role, **scope)
    return user


def hand_in(county: SimpleNamespace, town: Area, month: int, **other: str) -> Submission:
    """A town's form for a month, every cell filled by its clerk, submitted; `other` replaces figures by item."""
    by = county.people[town.code]
    figures = figures_of(town.code) | other
    sheet, names = sheets.build(county.form, town, month, county.tree)
    changes = [
        workflow.Change(*names.ids(CellKey(row.area, column.item, column.category)), Decimal(figures[column.item]))
        for row in sheet.rows
        for column in sheet.columns
        if is_entered(row, column)
    ]
    submission = workflow.submission_for(county.form, town, month)
    workflow.save(submission, changes, by=by, source="grid")
    return workflow.submit(submission, by=by)


def figures_of(code: str) -> dict[str, str]:
    """Item → figure of a town in each month up to May."""
    return THE_REST | (BAIBU_BEFORE if code == BAIBU else ELSEWHERE)


def fill_in(page: Page, username: str, password: str) -> None:
    """The login form, filled in and sent."""
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def download(page: Page, link: Locator, to: Path) -> Path:
    """Follow a link to a file and keep it under the name the server gave."""
    with page.expect_download() as waiting:
        link.click()
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def columns_of(sheet: Worksheet) -> dict[str, int]:
    """Column code ('D01', 'D13g[rural]') → its number in the workbook, from the template's hidden row."""
    row = sheet[CODE_ROW + 1]
    return {cell.value: cell.column for cell in row if cell.value and cell.value[0] not in "@~"}


def write_town(path: Path, figures: dict[str, str]) -> None:
    """Fill the town's row of a downloaded template, as a clerk would: a number into each white cell."""
    book = openpyxl.load_workbook(path)
    sheet = book[DATA_SHEET]
    for code, at in columns_of(sheet).items():
        figure = figures.get(code.partition("[")[0])
        if figure is not None:
            number = Decimal(figure)
            sheet.cell(FIRST_ROW + 1, at).value = int(number) if number == int(number) else float(number)
    book.save(path)


def upload(page: Page, path: Path) -> None:
    """On the form's page: 上传表格, the file, 上传并检查."""
    page.get_by_role("link", name="上传表格").click()
    page.get_by_label("填好的模板").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()


VILLAGES, VILLAGES_ENTRY = "yj02", f"/entry/yj02/{BAIBU}/{MONTH}/"


def plant_errors(path: Path) -> dict[str, str]:
    """Spoil five cells of a downloaded 盐均02 template among good ones; cell → a part of the rule that refuses it."""
    book = openpyxl.load_workbook(path)
    sheet = book[DATA_SHEET]
    columns = columns_of(sheet)
    for offset in range(6):  # good figures all around
        for code, figure in (("D05", 12), ("D22", 100), ("D23", 95)):
            sheet.cell(FIRST_ROW + 1 + offset, columns[code]).value = figure

    def spoil(offset: int, code: str | None, value: object) -> str:
        cell = sheet.cell(FIRST_ROW + 1 + offset, columns[code] if code else 1)
        cell.value = value
        return cell.coordinate

    planted = {
        spoil(0, "D05", "十二人"): "“十二人”不是数字",
        spoil(1, None, "330424102999"): "不在2017年6月区划内",
        spoil(2, "D12", "85%"): "填人数，不填百分比",
        spoil(4, "D25", "#N/A"): "公式出错",
    }
    spoil(3, "D22", 80)
    planted[spoil(3, "D23", 95)] = "已就业"
    book.save(path)
    return planted


def a_town() -> SimpleNamespace:
    """Load the plan; Baibu with its clerk, a colleague and a reviewer, and `write`, which saves cells of June."""
    county = the_plan()
    tree, place = Tree(county.pk), Area.objects.get(code=BAIBU)
    june, where = months.parse(MONTH), ReportingForm.objects.get(code=VILLAGES)
    people = SimpleNamespace(
        clerk=person("baibu", "百步镇填报员", Grant.Role.TOWN_CLERK, area=place),
        colleague=person("colleague", "张三", Grant.Role.TOWN_CLERK, area=place),
        reviewer=person("reviewer", "就业局审核员", Grant.Role.REVIEWER, section=Section.objects.get(code="jyj")),
    )

    def write(village: str, figures: dict[str, str], *, by: User, month: int = june) -> Submission:
        _sheet, names = sheets.build(where, place, month, tree)
        found = [workflow.Change(*names.ids(CellKey(village, item)), Decimal(n)) for item, n in figures.items()]
        submission = workflow.submission_for(where, place, month)
        workflow.save(submission, found, by=by, source="grid")
        return submission

    villages = [tree.codes[one.id] for one in tree.villages(place.pk, june)]
    return SimpleNamespace(place=place, june=june, villages=villages, write=write, **vars(people))
