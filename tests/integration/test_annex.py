"""The data annex says what the pages say, sheet by sheet, and nothing that came later or is not for all."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import transaction

from bureau import months
from bureau.models import Area, Section
from indicators import matrix_page
from indicators.entry import workflow
from indicators.models import Parameter, Submission, Target, TargetRevision
from indicators.publish import publish
from reports import assemble
from tasks.models import Milestone, MilestoneMove, Project, Slip, Task
from tasks.slips import supervision
from tests.integration.test_documents import FEBRUARY, JANUARY, REASON, Pilot, as_printed, sheet_rows

pytestmark = pytest.mark.django_db
DAY = date(2017, 3, 9)
SECRET = "某镇某企业欠缴一事须查"


@pytest.fixture(scope="module")
def pilot(real_plan, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = Pilot()
        for month in (JANUARY, FEBRUARY):
            made.month(month)
            publish(made.county, month, by=made.reviewer)
        _press(made)
        made.bytes = assemble.build(made.at(FEBRUARY, 1), "excel")[1]
        yield made
        transaction.set_rollback(True)


def _press(made: Pilot) -> None:
    """One slip on a section and one on a town, both assigned; a third is only raised."""
    section, town = Section.objects.first(), Area.objects.get(pk=made.tree.towns(FEBRUARY)[0].id)
    for owner, due in ((section, date(2017, 3, 31)), (town, date(2017, 4, 9)), (section, date(2017, 3, 20))):
        wanted = supervision.Wanted(SECRET + str(due), "县政府常务会议纪要", "核查后书面报告办公室", owner, due)
        slip = supervision.raise_slip(wanted, by=made.leader, origin=Slip.Origin.SECTION)
        if due.month > 3 or due.day == 31:
            supervision.assign(slip, by=made.reviewer, seen=slip.version)


def table(content: bytes, name: str, *, formulas: bool = False) -> list[dict]:
    """A sheet's rows by head."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=not formulas)[name]
    heads = [cell.value for cell in sheet[4]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5) if row[0].value]


def values(content: bytes, name: str) -> list[dict]:
    return [{head: cell.value for head, cell in row.items()} for row in table(content, name)]


def test_it_has_its_sheets_in_reading_order(pilot):
    names = openpyxl.load_workbook(io.BytesIO(pilot.bytes)).sheetnames
    assert names == [
        "说明", "指标体系", "指标完成情况", "目标", "目标修订", "核心指标逐月", "监测指标逐月", "领域一 就业政策",
        "领域二 创业",
        "领域三 养老保障", "领域四 医疗保障", "领域五 服务体系", "分镇比较", "分镇分子分母", "分镇逐月", "均等化",
        "均等化逐月", "参数",
        "任务", "重点项目", "节点", "督办", "更正", "填报进度", "条款对照", "图",
    ]  # fmt: skip
    archive = zipfile.ZipFile(io.BytesIO(pilot.bytes))
    assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) >= 20


def test_towns_carry_the_values_of_the_matrix_and_ratios_are_live(pilot):
    found = matrix_page.gather(pilot.at(FEBRUARY, 1), matrix_page.Chosen())
    page = {}
    for line in matrix_page.table(found)["rows"]:
        for one, cell in zip(found.columns, line["cells"], strict=True):
            page[one.indicator.code, line["name"]] = cell["value"]
    rows = {(row["编号"].value, row["镇（街道）"].value): row for row in table(pilot.bytes, "分镇分子分母")}
    core = {key: as_printed(row["值"]) for key, row in rows.items() if key in page}
    assert core == {key: value for key, value in page.items() if key in rows}
    assert len(core) >= 20
    live = {
        (r["编号"].value, r["镇（街道）"].value): r["值"].value
        for r in table(pilot.bytes, "分镇分子分母", formulas=True)
    }
    assert str(live["A04", "全县"]).startswith("=ROUND(E")
    assert not str(live["A01", "全县"]).startswith("=")  # a count


def test_wide_sheets_hold_each_month_up_to_the_release_and_none_after(pilot):
    jobs = next(row for row in values(pilot.bytes, "核心指标逐月") if row["编号"] == "A01")
    assert {head: value for head, value in jobs.items() if "." in head} == {"2017.1": 900, "2017.2": 1800}
    before = assemble.build(pilot.at(JANUARY, 1), "excel")[1]
    assert "2017.2" not in values(before, "核心指标逐月")[0]
    domain = [
        (row["月份"], row["A01 城镇新增就业人数（人）"], row["A01 目标"])
        for row in values(pilot.bytes, "领域一 就业政策")
    ]
    assert domain == [("2017年1月", 900, 6800), ("2017年2月", 1800, 6800)]


def test_town_and_country_and_spread_are_those_of_the_equality_page(pilot, client):
    client.force_login(pilot.leader)
    lines = (
        client.get("/equality/data.csv?indicator=A04&month=2017-02&version=1").content.decode("utf-8-sig").splitlines()
    )
    found = {tuple(line.split(",")[:4]): line.split(",") for line in lines}
    county = pilot.county.code
    row = next(row for row in values(pilot.bytes, "均等化") if row["编号"] == "A04")
    printed = Decimal("0.01")
    for head, part in (("城镇", "urban"), ("乡村", "rural")):
        assert Decimal(str(row[head])) == Decimal(found["2017-02", "part", county, part][6]), head
    measure = {key[3]: Decimal(line[6]) for key, line in found.items() if key[:2] == ("2017-02", "measure") and line[6]}
    assert abs(Decimal(str(row["加权变异系数"])) - measure["cv"]) < Decimal("0.0001")
    assert abs(Decimal(str(row["基尼系数"])) - measure["gini"]) < Decimal("0.0001")
    assert abs(Decimal(str(row["最高镇"])) - measure["highest"]) < printed
    assert row["镇街数"] == 9


def test_of_slips_only_counts_are_told(pilot):
    rows = values(pilot.bytes, "督办")
    assert [(row["类别"], row["时限内"], row["在办合计"]) for row in rows] == [
        ("科室（单位）", 1, 1),
        ("镇（街道）", 1, 1),
    ]
    archive = zipfile.ZipFile(io.BytesIO(pilot.bytes))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert SECRET not in everything
    assert "盐均督" not in everything


def test_tasks_projects_and_milestones_stand_with_plan_actual_and_slippage(pilot):
    node = Milestone.objects.filter(task__isnull=False).order_by("pk").first()
    first, code = node.due_on, node.code
    with transaction.atomic():
        MilestoneMove.objects.create(
            milestone=node,
            from_on=first,
            to_on=date(2017, 3, 1),
            reason="等待批复",
            by=pilot.leader,
            at=pilot.at(FEBRUARY, 1).release.at,
        )
        Milestone.objects.filter(pk=node.pk).update(due_on=date(2017, 3, 1), done_on=None)
        moved = assemble.build(pilot.at(FEBRUARY, 1), "excel")[1]
        transaction.set_rollback(True)
    row = next(row for row in values(moved, "节点") if row["节点"] == code)
    assert (row["原计划日期"].date(), row["计划日期"].date(), row["实际日期"]) == (first, date(2017, 3, 1), None)
    assert row["推后（天）"] == (DAY - first).days
    assert row["状态"] == "逾期"
    assert len(values(moved, "任务")) == Task.objects.count()
    assert [row["序号"] for row in values(moved, "重点项目")] == sorted(Project.objects.values_list("code", flat=True))
    assert len(values(moved, "节点")) == Milestone.objects.count()


def test_targets_and_revisions_are_those_known_on_the_day_of_release(pilot):
    target = Target.objects.get(reading__indicator__code="A01", area=pilot.county, end_month=months.parse("2017-12"))
    with transaction.atomic():
        before = {
            "start_month": "2017-01",
            "end_month": "2017-12",
            "comparator": ">=",
            "value": "6800",
            "tolerance": "",
            "path": "linear",
        }
        for day, old, new in ((date(2017, 3, 8), "7000", "6800"), (date(2017, 4, 1), "6800", "9999")):
            TargetRevision.objects.create(
                indicator=target.reading.indicator, target=target, area=pilot.county, of=target.pk, before=before,
                kind="edited", old=old, new=new, reason="县政府会议决定", on=day,
            )  # fmt: skip
        Target.objects.filter(pk=target.pk).update(value=Decimal(9999))
        content = assemble.build(pilot.at(FEBRUARY, 1), "excel")[1]
        transaction.set_rollback(True)
    aims = [
        r["目标值"]
        for r in values(content, "目标")
        if r["编号"] == "A01" and r["目标月"] == "2017-12" and r["地方"] == "海盐县"
    ]
    assert aims == [6800]
    told = [row for row in values(content, "目标修订") if row["理由"] == "县政府会议决定"]
    assert [(row["原"], row["新"], row["性质"]) for row in told] == [("7000", "6800", "修改")]


def test_parameters_are_dated_and_later_ones_left_out(pilot):
    found = {row["自"].date() for row in values(pilot.bytes, "参数")}
    assert max(found) <= date(2017, 2, 28)
    assert len(values(pilot.bytes, "参数")) == Parameter.objects.filter(valid_from__lte=date(2017, 2, 28)).count()


def test_how_completely_towns_reported_is_a_live_ratio(pilot):
    county = next(row for row in table(pilot.bytes, "填报进度", formulas=True) if row["镇（街道）"].value == "全县")
    assert county["报齐率（%）"].value == "=ROUND(B14*100/C14,2)"
    shown = next(row for row in values(pilot.bytes, "填报进度") if row["镇（街道）"] == "全县")
    assert 0 < shown["本月已报"] <= shown["本月应报"]
    assert shown["报齐率（%）"] == shown["2017.2"]


def test_a_correction_shows_in_the_next_release_only(pilot):
    town = pilot.tree.towns(FEBRUARY)[0].id
    with transaction.atomic():
        submission = Submission.objects.get(form__code="yj01", place=town, month=FEBRUARY)
        workflow.correct(submission, by=pilot.clerk, reason=REASON)
        pilot.approve("yj01", town, FEBRUARY, {town: {"D01": "103"}})
        publish(pilot.county, FEBRUARY, by=pilot.reviewer, reason=REASON)
        again = assemble.build(pilot.at(FEBRUARY, 1), "excel")[1]
        second = assemble.build(pilot.at(FEBRUARY, 2), "excel")[1]
        transaction.set_rollback(True)
    assert again == pilot.bytes
    assert not values(pilot.bytes, "更正")
    line = values(second, "更正")[0]
    assert (line["原值"], line["现值"], line["理由"]) == ("113", "103", REASON)
    rows = {row["编号"].value: row["值"].value for row in sheet_rows(second, "指标完成情况")}
    assert rows["A01"] == 1790


def test_clauses_name_what_hangs_on_them(pilot):
    row = next(row for row in values(pilot.bytes, "条款对照") if row["指标"] and "A01 " in row["指标"])
    assert "A01 城镇新增就业人数" in row["指标"].splitlines()
    assert len(values(pilot.bytes, "条款对照")) > 20
