"""The documents of a release say what the pages say, to the digit, and a later correction does not touch them."""

import io
import re
from datetime import date
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.db import transaction
from docx.oxml.ns import qn

from bureau import months
from bureau.models import Area, Grant, Installation, User
from bureau.places import Tree
from indicators.entry import workflow
from indicators.models import DataItem, ReportingForm, Submission
from indicators.presenters import indicator_row
from indicators.publish import publish
from indicators.queries import read_at
from indicators.shown import shown_indicators
from reports import assemble
from reports.compose import frame

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = months.parse("2017-01"), months.parse("2017-02")
REASON = "核对台账后更正"


class Pilot:
    """The plan as it is loaded, with a clerk, a reviewer and the office, and a short way through the workflow."""

    def __init__(self) -> None:
        Installation.objects.update(business_date=date(2017, 3, 9), demonstration=True)
        self.installation = Installation.objects.select_related("county").get()
        self.county = self.installation.county
        self.clerk, self.reviewer = (User.objects.create(username=name) for name in ("clerk", "reviewer"))
        self.leader = User.objects.create(username="leader")
        Grant.objects.create(user=self.leader, role=Grant.Role.LEADER)
        self.items = dict(DataItem.objects.values_list("code", "pk"))
        self.forms = {form.code: form for form in ReportingForm.objects.all()}
        self.tree = Tree(self.county.pk)

    def approve(self, form: str, place: int, month: int, values: dict[int, dict[str, str]]) -> Submission:
        """Type, hand in and approve: `values` by area and item."""
        submission = workflow.submission_for(self.forms[form], Area.objects.get(pk=place), month)
        changes = [
            workflow.Change(area, self.items[item], 0, Decimal(value))
            for area, row in values.items()
            for item, value in row.items()
        ]
        workflow.save(submission, changes, by=self.clerk, source="grid")
        return workflow.approve(workflow.submit(submission, by=self.clerk), by=self.reviewer)

    def month(self, month: int) -> None:
        """New jobs and registered unemployed by town, able and employed workers by village, insurance by the county."""
        for town in self.tree.towns(month):
            self.approve("yj01", town.id, month, {town.id: {"D01": "113", "D02": "13", "D10": "0"}})
            villages = {place.id: {"D22": "700", "D23": "679"} for place in self.tree.villages(town.id, month)}
            villages[min(villages)] = {"D22": "700", "D23": "678"}
            self.approve("yj02", town.id, month, villages)
        fund = {"D61": "900.5", "D62": "590.25", "D63": "1200", "D64": "870", "D65": "10000000", "D66": "330000"}
        self.approve("yj05", self.county.pk, month, {self.county.pk: fund})

    def at(self, month: int, version: int):
        return read_at(self.installation, self.leader, months.iso(month), str(version))


@pytest.fixture(scope="module")
def made(real_plan, django_db_blocker):
    """January and February 2017 released, gone with the plan when the module's tests are over."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = Pilot()
        for month in (JANUARY, FEBRUARY):
            found.month(month)
            publish(found.county, month, by=found.reviewer)
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def pilot(made, db) -> Pilot:
    """The same; each test in a savepoint upon it."""
    return made


def word_table(content: bytes, head: str) -> dict[str, dict[str, str]]:
    """The first table of a document with this column: code → column → text."""
    for table in docx.Document(io.BytesIO(content)).tables:
        heads, *rows = [[words(cell) for cell in row.cells] for row in table.rows]
        if head in heads:
            return {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    raise AssertionError(f"no table with {head}")


def words(piece) -> str:
    """The text of a cell or paragraph, that of the controls around its figures too."""
    return "".join(one.text or "" for one in piece._element.iter(qn("w:t")))


def progress_of(content: bytes) -> dict[str, dict[str, str]]:
    """The bulletin's table by the indicator's name, without its mark and, where it has one, its unit."""
    table = word_table(content, "累计（期末）")
    return {re.sub(r"\*?(（[^（）]*）)?$", "", name): row for name, row in table.items()}


def sheet_rows(content: bytes, name: str, *, formulas: bool = False) -> list[dict]:
    """A sheet's rows by head: the cells themselves."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=not formulas)[name]
    rows = list(sheet.iter_rows())
    start = next(number for number, row in enumerate(rows) if row[0].value == "编号")
    heads = [cell.value for cell in rows[start]]
    return [dict(zip(heads, row, strict=False)) for row in rows[start + 1 :] if row[0].value]


def as_printed(cell) -> str:
    """A number cell as a spreadsheet shows it; '' for an empty one."""
    if cell.value in (None, ""):
        return ""
    places = len(cell.number_format.split(";")[0].partition(".")[2])
    return f"{Decimal(repr(cell.value)).quantize(Decimal(1).scaleb(-places)):,}".replace("-", "\u2212")


def page_rows(at) -> dict[str, dict]:
    return {row["code"]: row for row in map(indicator_row, shown_indicators(at))}


def test_the_report_prints_the_values_of_the_page(pilot):
    at = pilot.at(FEBRUARY, 1)
    page = page_rows(at)
    _name, content, _type = assemble.build(at, "word")
    core = progress_of(content)
    named = {row["name"]: row for code, row in page.items() if code.startswith("A")}
    assert {name: row["累计（期末）"] for name, row in core.items()} == {
        name: row["value"] for name, row in named.items()
    }
    jobs, rate = core["城镇新增就业人数"], core["城乡劳动者就业率"]
    assert (jobs["本月"], jobs["累计（期末）"], jobs["完成率"]) == ("900", "1,800", page["A01"]["second_line_1"])
    assert rate["累计（期末）"] == "96.99"  # 9 villages of 133 lack one of 679: 90,298 / 93,100
    for name, row in core.items():
        assert row["状态"] == (named[name]["light_word"] or "—")


def test_the_annex_carries_the_values_of_the_page_as_numbers(pilot):
    at = pilot.at(FEBRUARY, 1)
    page = page_rows(at)
    _name, content, _type = assemble.build(at, "excel")
    rows = {row["编号"].value: row for row in sheet_rows(content, "指标完成情况")}
    assert rows.keys() == page.keys()
    for code, row in rows.items():
        printed = page[code]["value"] if page[code]["unit"] else ""
        assert as_printed(row["值"]) == printed, code
        assert row["发布时显示"].value == page[code]["value"]
        assert (row["覆盖"].value or "") == page[code]["coverage"]
    formulas = {row["编号"].value: row["值"].value for row in sheet_rows(content, "指标完成情况", formulas=True)}
    assert str(formulas["A04"]).startswith("=")
    assert not str(formulas["A06"]).startswith("=")  # a difference of two rates, not numerator / denominator
    assert not str(formulas["A01"]).startswith("=")
    assert (rows["A04"]["分子"].value, rows["A04"]["分母"].value) == (90298, 93100)


def test_the_chart_draws_the_year_with_path_and_target(pilot):
    chart = assemble.compose(pilot.at(FEBRUARY, 1)).chart
    assert chart.categories == tuple(f"{n}月" for n in range(1, 13))
    actual, path, target = (values for _name, values in chart.series)
    assert actual == (Decimal(900), Decimal(1800), *[None] * 10)
    assert set(target) == {Decimal(6800)}
    assert path[-1] == 6800
    assert path[5] == 3400


def test_a_later_correction_does_not_change_the_documents_of_the_release(pilot):
    at = pilot.at(FEBRUARY, 1)
    before = {kind: assemble.build(at, kind) for kind in ("word", "excel")}
    town = pilot.tree.towns(FEBRUARY)[0].id
    submission = Submission.objects.get(form__code="yj01", place=town, month=FEBRUARY)
    workflow.correct(submission, by=pilot.clerk, reason=REASON)
    pilot.approve("yj01", town, FEBRUARY, {town: {"D01": "103"}})
    assert {kind: assemble.build(pilot.at(FEBRUARY, 1), kind) for kind in before} == before
    publish(pilot.county, FEBRUARY, by=pilot.reviewer, reason=REASON)
    assert {kind: assemble.build(pilot.at(FEBRUARY, 1), kind) for kind in before} == before

    name, content, _type = assemble.build(pilot.at(FEBRUARY, 2), "word")
    assert "第2版" in name
    assert progress_of(content)["城镇新增就业人数"]["累计（期末）"] == "1,790"
    text = "\n".join(map(words, docx.Document(io.BytesIO(content)).paragraphs))
    assert REASON in text
    assert "全县由1,017变为1,007" in text


def test_a_leader_downloads_a_marked_document_and_a_stranger_does_not(pilot, client):
    url = "/reports/2017-02/1/evaluation.docx"
    client.force_login(User.objects.create(username="stranger"))
    assert client.get(url).status_code == 403
    client.force_login(pilot.leader)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert "filename*=UTF-8''" in answer["Content-Disposition"]
    opened = docx.Document(io.BytesIO(answer.content))
    assert "演示数据" in opened.sections[0].header.paragraphs[0].text
    assert client.get("/reports/2017-02/1/annex.xlsx")["Content-Type"].endswith("spreadsheetml.sheet")
    assert client.get("/reports/2017-02/9/evaluation.docx").status_code == 404


@pytest.mark.parametrize(
    ("plan", "report"),
    [
        (
            "海盐县就业和社会保障基本公共服务均等化改革试点工作实施方案",
            "海盐县就业和社会保障基本公共服务\n均等化改革试点工作总结评估报告",
        ),
        ("某县就业工作方案", "某县就业工作总结评估报告"),
    ],
)
def test_a_long_title_parts_before_a_whole_word(plan, report):
    assert frame.parted(f"{plan.removesuffix('实施方案').removesuffix('方案')}总结评估报告") == report


def test_live_figures_make_no_document(pilot):
    Grant.objects.create(user=pilot.leader, role=Grant.Role.OFFICE)
    live = read_at(pilot.installation, User.objects.get(pk=pilot.leader.pk), "2017-02", "live")
    with pytest.raises(ValueError, match="release"):
        assemble.build(live, "word")
