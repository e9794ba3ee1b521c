"""One figure's whole way in the browser: cell, review, release, every place it is read, and its correction afterwards.

Each person signs in for himself. 百步镇 reports D01 = 67 and D02 = 7 for June 2017, later corrects D01 to 61, so that:
A01 up to May 8 x 5 x 90 + 5 x 55 = 3,875; with June 3,875 + 8 x 90 + 60 = 4,655; corrected 4,649.
D01 of the county in June 8 x 100 + 67 = 867, corrected 861.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from bureau import months
from bureau.models import Grant
from indicators.entry import workflow
from indicators.models import Submission
from tests.functional.county import (
    BAIBU,
    ENTRY,
    FORM,
    MONTH,
    THE_REST,
    download,
    hand_in,
    person,
    upload,
    write_town,
)

pytestmark = pytest.mark.django_db(transaction=True)

JUNE = THE_REST | {"D01": "67", "D02": "7"}
CORRECTED = JUNE | {"D01": "61"}
WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
REASON = "六名转移就业人员重复计入"


def test_a_figure_is_the_same_from_the_cell_to_the_report_and_a_release_never_moves(
    county: SimpleNamespace, sign_in: Callable[[str], Page], expected_statuses: set[int], tmp_path: Path
):
    the_other_towns_report(county)
    clerk = sign_in("baibu")
    workbook = the_clerk_reports(clerk, tmp_path)
    the_clerk_cannot_decide(clerk, expected_statuses)
    reviewer = sign_in("reviewer")
    the_reviewer_approves(reviewer, figure="67")
    office = sign_in("office")
    the_office_publishes(office, version=1)
    leader = sign_in("leader")
    read = everything_a_leader_reads(leader, tmp_path / "first", version=1)
    assert read == dict.fromkeys(read, Decimal("4655"))

    the_clerk_corrects(clerk, workbook)
    the_reviewer_approves(reviewer, figure="61")
    assert indicator_page(reviewer, "live") == {"headline": 4649, "chart": 4649, "chart's data": 4649}
    the_leader_is_shown_nothing_live(leader, expected_statuses)
    read = everything_a_leader_reads(leader, tmp_path / "meanwhile", version=1)
    assert read == dict.fromkeys(read, Decimal("4655"))

    the_office_publishes(office, version=2, reason="百步镇六月数更正")
    the_releases_name_the_correction(leader)
    read = everything_a_leader_reads(leader, tmp_path / "second", version=2)
    assert read == dict.fromkeys(read, Decimal("4649"))
    read = everything_a_leader_reads(leader, tmp_path / "still", version=1, documents="/releases/")
    assert read == dict.fromkeys(read, Decimal("4655"))


def test_who_typed_a_form_cannot_decide_on_it_though_he_reviews_for_the_section(
    county: SimpleNamespace, sign_in: Callable[[str], Page]
):
    Grant.objects.create(user=county.people[BAIBU], role=Grant.Role.REVIEWER, section=county.jyj)
    own = hand_in(county, next(town for town in county.towns if town.code == BAIBU), months.parse(MONTH))
    page = sign_in("baibu")
    page.goto(f"/review/{own.pk}/")
    expect(page.get_by_text("这份报表有你填的数，须由他人审核。")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_role("button", name="确定")).to_have_count(0)


def the_other_towns_report(county: SimpleNamespace) -> None:
    """June of the eight towns that are not 百步镇, approved."""
    others = [hand_in(county, town, months.parse(MONTH)) for town in county.towns if town.code != BAIBU]
    workflow.approve_all(others, by=person("second", "就业局副审核员", Grant.Role.REVIEWER, section=county.jyj))


def the_clerk_reports(page: Page, folder: Path) -> Path:
    """Desk, template, workbook, preview, confirmation, submission; returns the workbook."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="填报").click()
    expect(page).to_have_url(re.compile("/desk/$"))
    page.get_by_role("row", name="盐均01").get_by_role("link", name="填报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("百步镇 · 镇街就业创业月报 · 2017年6月")
    expect(page.get_by_role("link", name="填报", exact=True).first).to_have_attribute("aria-current", "page")
    workbook = download(page, page.get_by_role("link", name="下载模板"), folder)
    assert workbook.name == f"{FORM}_{BAIBU}_{MONTH}.xlsx"
    write_town(workbook, JUNE)
    upload(page, workbook)

    cells = int(counted(page, "新填"))
    assert cells >= len(JUNE)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"将写入 {cells} 格")
    assert (counted(page, "错误"), counted(page, "将更新")) == ("0", "0")
    expect(change(page, "D01 城镇累计新就业人数")).to_have_text(["D01 城镇累计新就业人数", "未填", "67", "新填"])
    page.get_by_role("button", name="确认写入").click()
    expect(page.get_by_role("status")).to_have_text(f"已写入草稿 {cells} 格，核对后提交。")
    submit(page)
    return workbook


def the_clerk_cannot_decide(page: Page, expected_statuses: set[int]) -> None:
    """No way to the review leads from his pages, and its address is refused."""
    expect(page.get_by_role("navigation", name="主导航").get_by_role("link", name="审核")).to_have_count(0)
    waiting = Submission.objects.get(form__code=FORM, place__code=BAIBU, month=months.parse(MONTH))
    expected_statuses.add(403)
    page.goto(f"/review/{waiting.pk}/")
    expected_statuses.remove(403)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这一页的权限")
    expect(page.get_by_role("radio")).to_have_count(0)


def the_reviewer_approves(page: Page, figure: str) -> None:
    """The one form that waits, with its figure beside last month's 60."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="审核").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("待审 1 份")
    page.get_by_role("row", name="百步镇").get_by_role("link", name="审核").click()
    row = page.get_by_role("row").filter(has=page.get_by_text("D01 · 人", exact=True))
    expect(row.get_by_role("cell").nth(1)).to_have_text(figure)
    expect(row.get_by_role("cell").nth(2)).to_have_text("60")
    page.get_by_role("radio", name="通过").check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("status")).to_have_text("已审核通过，计入汇总。")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有待审的报表")


def the_office_publishes(page: Page, version: int, reason: str = "") -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="发布").click()
    expect(page.get_by_role("heading", name=f"发布 2017年6月第 {version} 版")).to_be_visible()
    page.locator("#id_reason").fill(reason)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_have_text(f"已发布 2017年6月第 {version} 版。")


def the_clerk_corrects(page: Page, workbook: Path) -> None:
    """A correction with its reason, from the workbook he has, one figure changed."""
    page.goto(ENTRY)
    expect(page.get_by_role("link", name="上传表格")).to_have_count(0)
    page.get_by_role("link", name="申请更正").click()
    page.get_by_label("理由").fill(REASON)
    page.get_by_role("button", name="开始更正").click()
    write_town(workbook, CORRECTED)
    upload(page, workbook)
    expect(page.get_by_role("heading", level=1)).to_have_text("将写入 1 格")
    assert (counted(page, "新填"), counted(page, "将更新")) == ("0", "1")
    expect(change(page, "D01 城镇累计新就业人数")).to_have_text(["D01 城镇累计新就业人数", "67", "61", "更新"])
    page.get_by_role("button", name="确认写入").click()
    submit(page)


def the_leader_is_shown_nothing_live(page: Page, expected_statuses: set[int]) -> None:
    expected_statuses.add(404)
    page.goto(f"/indicators/A01/?month={MONTH}&version=live")
    expected_statuses.remove(404)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这一页")


def the_releases_name_the_correction(page: Page) -> None:
    """Old → new with its reason and the county's totals, beside version 2 only."""
    page.goto("/releases/")
    second, first = (page.get_by_role("row").filter(has_text=f"第 {version} 版") for version in (2, 1))
    expect(second).to_contain_text("百步镇六月数更正")
    line = f"2017年6月 百步镇 D01 城镇累计新就业人数：67 → 61（{REASON}）"
    line += "；审核 就业局审核员；全县 867 → 861；A01 达序时不变"
    expect(second).to_contain_text(line)
    expect(first).not_to_contain_text("→")


def submit(page: Page) -> None:
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status")).to_have_text("已提交，等待审核。")


def counted(page: Page, label: str) -> str:
    """The number before a label in the preview's row of counts."""
    return (
        page.get_by_role("list", name="检查结果")
        .get_by_role("listitem")
        .filter(has_text=label)
        .locator("b")
        .inner_text()
    )


def change(page: Page, item: str):
    """The cells after the place of a line in the preview's table of changes."""
    rows = page.get_by_role("region", name="将要写入的变化").get_by_role("row")
    return rows.filter(has=page.get_by_role("cell", name=item, exact=True)).get_by_role("cell")


def everything_a_leader_reads(page: Page, folder: Path, version: int, documents="/reports/") -> dict[str, Decimal]:
    """A01 of June 2017 wherever it can be read; `documents` is the page that leads to the documents."""
    folder.mkdir()
    read = {
        "overview": on_the_overview(page, version),
        **indicator_page(page, version),
        "CSV": in_the_csv(download(page, page.get_by_role("link", name="CSV").first, folder)),
    }
    page.goto(documents)
    row = page.get_by_role("row").filter(has_text=f"第 {version} 版")
    word, excel = (download(page, row.get_by_role("link", name=name), folder) for name in ("Word", "Excel"))
    return {**read, **in_the_report(word), **in_the_annex(excel)}


def on_the_overview(page: Page, version: int) -> Decimal:
    page.goto(f"/?month={MONTH}&version={version}")
    row = page.get_by_role("row").filter(has_text="A01 ·")
    return number(row.locator(".row-figure").inner_text())


def indicator_page(page: Page, version: int | str) -> dict[str, Decimal]:
    """The sentence at its head, the drawn chart, and the data the chart was drawn from."""
    page.goto(f"/indicators/A01/?month={MONTH}&version={version}")
    headline = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("#chart .main-svg").first).to_be_visible()
    drawn = page.evaluate("document.getElementById('chart').data.map(({name, x, y}) => ({name, x, y}))")
    given = json.loads(page.locator("#chart-data").text_content())["data"]
    return {
        "headline": number(re.search(r"人数 ([\d,]+) 人", headline)[1]),
        "chart": actual_of(drawn),
        "chart's data": actual_of(given),
    }


def actual_of(traces: list[dict]) -> Decimal:
    """The point of the month in the line of actual figures."""
    line = next(trace for trace in traces if trace["name"] == "实绩")
    return Decimal(line["y"][line["x"].index(f"{MONTH}-01")])


def in_the_csv(path: Path) -> Decimal:
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert file.readline().strip() == "演示数据"
        rows = list(csv.DictReader(file))
    return Decimal(next(row["value"] for row in rows if (row["month"], row["area"]) == (MONTH, "330424")))


def in_the_report(path: Path) -> dict[str, Decimal]:
    """The bulletin's table of progress, where figures stand in controls."""
    for table in docx.Document(path).tables:
        head, *rows = [["".join(one.text for one in cell._tc.iter(WORDS)) for cell in row.cells] for row in table.rows]
        row = next((row for row in rows if row[0].startswith("城镇新增就业人数")), None)
        if "累计（期末）" in head and row is not None:
            return {"report's table": number(row[head.index("累计（期末）")])}
    raise AssertionError("no table of progress")


def in_the_annex(path: Path) -> dict[str, Decimal]:
    book = openpyxl.load_workbook(path, data_only=True)
    finished = in_sheet(book["指标完成情况"], {"编号": "A01"})
    monthly = in_sheet(book["核心指标逐月"], {"编号": "A01"})
    return {
        "annex": Decimal(finished["值"]),
        "annex, as shown": number(finished["发布时显示"]),
        "annex by month": Decimal(monthly["2017.6"]),
    }


def in_sheet(sheet, wanted: dict[str, str]) -> dict:
    """The first row with these cells, by the heads of its columns."""
    rows = sheet.iter_rows(values_only=True)
    head = next(row for row in rows if row[0] == "编号")
    found = (dict(zip(head, row, strict=True)) for row in rows)
    return next(row for row in found if wanted.items() <= row.items())


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").strip())
