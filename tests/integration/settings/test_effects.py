"""Before a definition, target or parameter is saved, the page says which live values and lights it would change.

A changed definition breaks the series: chart, table, CSV and the comparison with last year say so.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO

import pytest

from bureau import months
from bureau.models import AuditEvent
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.models import Evaluation, IndicatorVersion, Parameter, PublishedEvaluation, PublishedMonth, Target
from indicators.publish import publish
from indicators.queries import at_release
from reports.assemble import compose
from tests.integration.factories import EAST, START, WEST, put
from tests.integration.settings.forms import ask, clause, confirm, errors_of, send

pytestmark = pytest.mark.django_db
JULY = months.make(2015, 7)
VERSIONS = "/settings/indicators/indicatorversion/add/"


@pytest.fixture
def county(tiny):
    """D01 less D02 (A01, year to date): 4 − 1 and 5 − 1 in July 2015 and in each month of 2016 up to July."""
    month = {(EAST, "D01"): 4, (WEST, "D01"): 5, (EAST, "D02"): 1, (WEST, "D02"): 1}
    put(tiny, [(one, month) for one in (JULY, *range(START + 12, JULY + 13))])
    rollup.refresh(Tree(tiny.county.pk))
    evaluate.refresh(Tree(tiny.county.pk))
    return tiny


@pytest.fixture
def office(county, sign_in):
    return sign_in(county.office)


def live(county, code: str, month: int, area: str = "") -> Decimal:
    place = county.areas[area].pk if area else county.county.pk
    return Evaluation.objects.get(indicator=county.indicators[code].pk, area=place, month=month).value


def version(code: str) -> IndicatorVersion:
    return IndicatorVersion.objects.get(reading__indicator__code=code)


def rows(page) -> list[tuple]:
    return [
        (row["indicator"], row["place"], row["month"], row["old"], row["new"], row["old_light"]["word"],
         row["new_light"]["word"])
        for row in page.context["rows"]
    ]  # fmt: skip


def test_a_correction_is_shown_value_by_value_and_saved_only_when_confirmed(county, office):
    publish(county.county, JULY, by=county.office)
    old = version("A01")
    typed = {"reading": old.reading_id, "from_month": "2016-07", "kind": "correction", "numerator": "D01",
             "window": "year", "scale": "1"}  # fmt: skip
    events = AuditEvent.objects.count()
    page = ask(office, VERSIONS, reason="原口径多减了一次", **typed)
    assert page.status_code == 200
    # July 2016: 7 × 7 = 49 for the county becomes 7 × 9 = 63; East 21 → 28, West 28 → 35
    assert [row[:5] for row in rows(page)] == [
        ("A01", "424", "2016年7月", "49.00", "63.00"),
        ("A01", "101", "2016年7月", "21.00", "28.00"),
        ("A01", "102", "2016年7月", "28.00", "35.00"),
    ]
    # 2016's 35 lies on the straight path to 60 by December (7/12 of it), so 63 of 60 has reached the target
    assert rows(page)[0][5:] == ("达序时", "已达标")
    counts = [one["count"] for one in page.context["counts"]]
    assert counts[:2] == [3, 1]
    assert counts[2] == Evaluation.objects.filter(indicator=county.indicators["A01"].pk).count() - 3
    told = page.content.decode()
    assert "更正：2016年7月起各月按新口径重算。" in told
    assert "已发布的月份一律不变。" in told
    assert "原口径多减了一次" in told
    # nothing is saved, recorded or recomputed yet
    assert IndicatorVersion.objects.filter(reading=old.reading).count() == 1
    assert (AuditEvent.objects.count(), live(county, "A01", JULY + 12)) == (events, 49)
    saved = confirm(office, VERSIONS, page)
    assert saved.status_code == 302
    assert (live(county, "A01", JULY + 12), live(county, "A01", JULY + 11)) == (63, 42)
    assert AuditEvent.objects.get(act="setting.add").reason == "原口径多减了一次"
    assert PublishedEvaluation.objects.get(
        indicator=county.indicators["A01"].pk, area=county.county.pk, month=JULY
    ).value == Decimal(7)


def test_figures_that_moved_meanwhile_are_shown_again(county, office):
    old = version("A02")
    typed = {"reading": old.reading_id, "from_month": "2015-01", "kind": "correction", "numerator": "D01 - D02",
             "window": "plan", "scale": "1"}  # fmt: skip
    page = ask(office, VERSIONS, **typed)
    put(county, [(JULY + 13, {(EAST, "D01"): 9, (EAST, "D02"): 1})])
    rollup.refresh(Tree(county.county.pk))
    evaluate.refresh(Tree(county.county.pk))
    again = confirm(office, VERSIONS, page)
    assert "你核对之后，数又变了，没有保存。" in again.content.decode()
    assert not IndicatorVersion.objects.filter(numerator="D01 - D02", window="plan").exists()
    assert confirm(office, VERSIONS, again).status_code == 302


def test_going_back_leads_to_the_form_as_it_was_filled_in(county, office):
    old = version("A02")
    page = ask(office, VERSIONS, reason="先看看会变多少", reading=old.reading_id, from_month="2015-08", kind="change",
               numerator="D01 - D02", window="plan", scale="2.5")  # fmt: skip
    back = confirm(office, VERSIONS, page, _edit="返回修改")
    assert back.status_code == 200
    form = back.context["adminform"].form
    shown = {name: str(form[name].value()) for name in ("from_month", "kind", "numerator", "scale", "reason")}
    assert shown == {"from_month": "2015-08", "kind": "change", "numerator": "D01 - D02", "scale": "2.5",
                     "reason": "先看看会变多少"}  # fmt: skip
    assert not form.is_bound
    assert IndicatorVersion.objects.filter(reading=old.reading).count() == 1


def test_a_wrong_formula_is_refused_before_anything_is_shown(county, office):
    old = version("A02")
    answer = ask(office, VERSIONS, reading=old.reading_id, from_month="2015-08", kind="change", numerator="D01 +",
                 window="plan", scale="1")  # fmt: skip
    assert answer.status_code == 422
    assert "numerator" in errors_of(answer)


def test_a_version_that_changes_nothing_says_so(county, office):
    old = version("A02")
    page = ask(office, VERSIONS, reading=old.reading_id, from_month="2016-12", kind="change", numerator="D02",
               window="plan", scale="1")  # fmt: skip
    assert "没有实时数会变。" in page.content.decode()
    assert confirm(office, VERSIONS, page).status_code == 302


def test_a_target_and_a_parameter_show_the_lights_and_values_they_would_change(county, office):
    target = Target.objects.get(reading__indicator__code="A01", area=county.county, start_month=START + 12)
    url = f"/settings/indicators/target/{target.pk}/change/"
    page = ask(office, url, value="600", clause=clause(county))
    # 49 of 600 by July, where 7/12 was due: far behind
    assert ("A01", "424", "2016年7月", "49.00", "49.00", "达序时", "严重滞后") in rows(page)
    target.refresh_from_db()
    assert target.value == Decimal(60)
    put(county, [(JULY, {(EAST, "D21"): 16, (WEST, "D21"): 16})])
    rollup.refresh(Tree(county.county.pk))
    evaluate.refresh(Tree(county.county.pk))
    wage = Parameter.objects.get(code="W01", value=Decimal("6.4"))
    page = ask(office, f"/settings/indicators/parameter/{wage.pk}/change/", value="8")
    # 32 / 6.4 = 5, 32 / 8 = 4; a town has 16
    assert [row[:5] for row in rows(page)] == [
        ("B12", "424", "2015年7月", "5.00", "4.00"),
        ("B12", "101", "2015年7月", "2.50", "2.00"),
        ("B12", "102", "2015年7月", "2.50", "2.00"),
    ]
    # another name changes no figure: saved at once
    assert ask(office, f"/settings/indicators/parameter/{wage.pk}/change/", name="最低工资标准").status_code == 302


def its_comparison_is_no_number(page) -> None:
    fact = page["facts"][4]
    assert (fact["label"], fact["value"]) == ("同比", "口径变更")
    assert fact["note"] == "2016年3月起口径变更，与去年不可比；环比 持平"  # the months since go by one definition
    by_month = {row["label"]: row for row in page["months"]}
    assert by_month["2016年7月"]["yoy"] == by_month["2016年3月"]["yoy"] == "口径变更"
    assert by_month["2016年2月"]["yoy"] == "—"  # before it: last year's February had no figures
    assert by_month["2016年3月"]["note"] == "口径变更，与以前不可比"
    assert by_month["2016年4月"]["note"] == ""


def its_line_is_broken(page) -> None:
    line = next(one for one in page["chart_json"]["data"] if one["name"] == "实绩")
    at = line["x"].index("2016-03-01")
    # 7 + 7 by February as before; 9 + 9 + 9 by March, the whole year by the new definition
    assert (line["y"][at - 2], line["y"][at - 1], line["y"][at]) == (14, None, 27)
    assert "去年同期" not in {one["name"] for one in page["chart_json"]["data"]}
    assert "口径变更" in [one["text"] for one in page["monthly_json"]["layout"]["annotations"]]
    assert "2016年3月（口径变更）" in [row[0] for row in page["chart_table"]["rows"]]


def definitions_of_spring(text: str) -> list[tuple[str, str, str]]:
    """(month, the month its definition is from, its break) of the county's rows of February to April 2016."""
    found = [row for row in csv.DictReader(StringIO(text)) if row["area"] == "330424"]
    spring = [row for row in found if "2016-02" <= row["month"] <= "2016-04"]
    return [(row["month"], row["definition_from"], row["break"]) for row in spring]


class TestABreak:
    @pytest.fixture
    def changed(self, county, office):
        """From March 2016 on A01 counts D01 alone."""
        answer = send(office, VERSIONS, reading=version("A01").reading_id, from_month="2016-03", kind="change",
                      numerator="D01", window="year", scale="1")  # fmt: skip
        assert answer.status_code == 302, errors_of(answer)
        return county

    def test_it_shows_in_the_comparison_the_table_the_chart_and_the_csv(self, changed, office):
        page = office.get("/indicators/A01/?month=2016-07&version=live").context
        its_comparison_is_no_number(page)
        its_line_is_broken(page)
        text = office.get("/indicators/A01/data.csv?month=2016-07&version=live").content.decode("utf-8-sig")
        assert definitions_of_spring(text) == [
            ("2016-02", "2015-01", ""), ("2016-03", "2016-03", "口径变更"), ("2016-04", "2016-03", ""),
        ]  # fmt: skip

    def test_the_small_drawings_of_the_lists_are_broken_too(self, changed, office):
        words = "口径变更：2016年3月起与以前不可比"
        for address in ("/?month=2016-07&version=live", "/areas/330424101/?month=2016-07&version=live"):
            assert f"<title>{words}</title>" in office.get(address).content.decode(), address

    def test_a_document_made_since_parts_its_lines_and_marks_the_month(self, changed):
        for month in (JULY, *range(START + 12, JULY + 13)):
            publish(changed.county, month, by=changed.office)
        content = compose(at_release(PublishedMonth.objects.latest("month")))
        assert content.chart.categories[:4] == ("1月", "2月", "口径变更", "3月")
        # 7 + 7 by February as before, then 9 a month from January on
        assert content.chart.series[0][1][1:4] == (14, None, 27)
        assert [one.month_label for one in content.months if one.code == "A01" and one.changed] == ["2016年3月"]

    def test_a_correction_of_the_change_keeps_the_break(self, changed, office):
        answer = send(office, VERSIONS, reading=version_at("A01", 2016, 3).reading_id, from_month="2016-03",
                      kind="correction", numerator="D01 + D02", window="year", scale="1")  # fmt: skip
        assert answer.status_code == 302, errors_of(answer)
        page = office.get("/indicators/A01/?month=2016-07&version=live")
        assert page.context["facts"][4]["value"] == "口径变更"

    def test_a_release_made_before_it_knows_nothing_of_it(self, county, office):
        for month in (JULY, *range(START + 12, JULY + 13)):
            publish(county.county, month, by=county.office)
        send(office, VERSIONS, reading=version("A01").reading_id, from_month="2016-03", kind="change",
             numerator="D01", window="year", scale="1")  # fmt: skip
        page = office.get("/indicators/A01/?month=2016-07&version=1")
        # 49 in 2016 against 7 in July 2015: 6 times more
        assert page.context["facts"][4]["value"] == "+600.0%"
        assert page.context["months"][0]["yoy"] == "+600.0%"


def version_at(code: str, year: int, month: int) -> IndicatorVersion:
    return IndicatorVersion.objects.current().get(reading__indicator__code=code, from_month=months.make(year, month))


def test_a_correction_draws_no_break(county, office):
    send(office, VERSIONS, reading=version("A01").reading_id, from_month="2016-03", kind="correction",
         numerator="D01", window="year", scale="1")  # fmt: skip
    page = office.get("/indicators/A01/?month=2016-07&version=live")
    # 63 against 7
    assert page.context["facts"][4]["value"] == "+800.0%"


def test_what_has_figures_is_ended_by_date_and_not_deleted(county, office):
    old = version("A01")
    url = f"/settings/indicators/indicatorversion/{old.pk}/delete/"
    answer = office.post(url, {"post": "yes", "reason": "不再用这个口径"})
    assert answer.status_code == 409
    assert "这个口径版本已用于计算，不能删除；有错请新增一个版本，性质选更正。" in answer.content.decode()
    assert IndicatorVersion.objects.filter(pk=old.pk).exists()
