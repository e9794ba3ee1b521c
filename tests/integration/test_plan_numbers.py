"""Every number of the plan's sections three to five stands in the database after loadplan, with its clause."""

from datetime import date
from decimal import Decimal

import pytest

from bureau import months
from indicators.analysis.formula import parse
from indicators.models import (
    Clause,
    DataItem,
    FormItem,
    Indicator,
    IndicatorVersion,
    Parameter,
    Plan,
    PlanRevisionNote,
    Target,
    TargetRevision,
)
from tasks.models import Deliverable, Phase, Project, Task

pytestmark = pytest.mark.django_db

YEARS = ("2015-12", "2016-12", "2017-12")
# Read from the plan by hand: the indicator, its clause, how it is compared, the number, the months it is due.
NUMBERS = {
    "A01": ("三(一)", ">=", "6800", YEARS),
    "A02": ("四(二)1", ">=", "3000", ("2017-12",)),
    "A03": ("三(一)", "~", "3", YEARS),
    "A04": ("三(一)", ">=", "97", ("2017-12",)),
    "A05a": ("三(二)", ">=", "60", ("2017-12",)),
    "A05b": ("四(三)3", ">=", "60", ("2017-12",)),
    "A06": ("三(二)", "<=", "10", ("2017-12",)),
    "A07": ("三(三)", "=", "100", ("2017-12",)),
    "A08": ("三(三)", "=", "100", ("2017-12",)),
    "A09": ("四(三)1", "=", "100", ("2017-12",)),
    "A11": ("四(三)1", "=", "100", ("2017-12",)),
    "A12b": ("四(三)4", ">=", "80", ("2017-12",)),
    "A13": ("四(四)2", ">=", "30", YEARS),
    "A15": ("四(一)1", "zero", "0", ("2017-12",)),
    "A16": ("四(二)2", ">=", "2", ("2017-12",)),
    "A17": ("四(二)2", ">=", "1", ("2017-12",)),
    "A18": ("四(二)2", ">=", "1", ("2017-12",)),
    "A19": ("四(二)2", ">=", "1", ("2017-12",)),
    "A20": ("四(二)2", "=", "100", ("2017-12",)),
}


@pytest.fixture(autouse=True)
def plan(real_plan, db):
    return Plan.objects.get()


def test_each_number_of_the_plan_is_a_target_of_the_county():
    loaded = {}
    official = Target.objects.filter(reading__official=True, reading__indicator__code__in=NUMBERS)
    for row in official.order_by("end_month").select_related("reading__indicator", "clause", "area"):
        key = (
            row.reading.indicator.code,
            row.clause.number,
            row.comparator,
            str(row.value.normalize() + 0),
            row.area.code,
        )
        loaded.setdefault(key, []).append(months.iso(row.end_month))
    wanted = {
        (code, clause, comparator, str(Decimal(value).normalize() + 0), "330424"): list(due)
        for code, (clause, comparator, value, due) in NUMBERS.items()
    }
    assert loaded == wanted


def test_the_strict_reading_of_3000_asks_it_of_each_year():
    rows = Target.objects.filter(reading__indicator__code="A02", reading__code="yearly")
    assert sorted((t.value, months.iso(t.end_month), t.standing) for t in rows) == [
        (3000, year, "rec") for year in YEARS
    ]


def test_the_second_subsidy_and_its_funding_are_dated_parameters():
    rows = Parameter.objects.filter(clause__number="四(四)2")
    assert {row.code: row.value for row in rows if row.standing == "plan"} == {
        "W02": 30, "W03": 15000, "W04": 50000, "W05": 55, "W06": 70,
    }  # fmt: skip
    assert {row.code: row.value for row in rows if row.standing == "rec"} == {"W07": 1, "W08": 0, "W09": 1}


def test_one_provincial_wage_is_in_use_at_a_time():
    rows = Parameter.objects.filter(code="W01", in_use=True).order_by("valid_from")
    assert [(row.valid_from, row.value) for row in rows] == [
        (date(2014, 6, 1), 44513),
        (date(2015, 6, 1), 48145),
        (date(2016, 6, 1), 51463),
        (date(2017, 6, 2), 56068),
    ]


def test_the_phases_stand_with_their_days():
    assert list(Phase.objects.values_list("clause__number", "starts_on", "ends_on")) == [
        ("五(三)1", date(2015, 1, 1), date(2015, 6, 30)),
        ("五(三)2", date(2015, 7, 1), date(2017, 6, 30)),
        ("五(三)3", date(2017, 7, 1), date(2017, 12, 31)),
    ]
    assert Deliverable.objects.count() == 7


def test_the_plan_stands_with_its_meeting_day_and_months(plan):
    assert "第85次" in plan.meeting
    assert (plan.issued_on, months.iso(plan.first_month), months.iso(plan.last_month)) == (
        date(2016, 5, 6),
        "2015-01",
        "2017-12",
    )
    assert PlanRevisionNote.objects.count() == 5


def test_the_struck_out_1500_yuan_is_history_and_no_target():
    assert not Target.objects.filter(value=Decimal(1500)).exists()
    revision = TargetRevision.objects.get(kind="removed")
    assert (revision.indicator.code, revision.old, revision.new) == ("B05", "1500元/月以上", "稳步提高")
    assert revision.on == date(2016, 5, 6)


def test_each_number_a_clause_states_is_kept_with_the_clause():
    facts = Clause.objects.get(number="四(四)2").facts
    assert [(fact["value"], fact["unit"]) for fact in facts] == [
        ("30", "元/人"), ("15000", "元"), ("50000", "元"), ("55", "%"), ("70", "%"),
    ]  # fmt: skip


def test_nothing_is_lost_on_the_way_into_the_database():
    assert Indicator.objects.values("number").distinct().count() == 43
    assert (Indicator.objects.count(), Indicator.objects.filter(core=True).count()) == (51, 22)
    assert (Task.objects.count(), Project.objects.count(), Clause.objects.count()) == (32, 14, 43)
    assert DataItem.objects.count() == 100
    assert FormItem.objects.values("item", "level").distinct().count() == FormItem.objects.count() == 100


def test_every_stored_formula_can_be_read_again():
    texts = IndicatorVersion.objects.values_list("numerator", "denominator", "value")
    formulas = [parse(text) for row in texts for text in row if text]
    assert len(formulas) > 90
    codes = {ref.code for formula in formulas for ref in formula.refs if ref.letter == "D"}
    assert codes <= set(DataItem.objects.values_list("code", flat=True))


def test_a_project_belongs_to_the_domain_of_its_clause():
    assert dict(Project.objects.filter(code__in=["P01", "P11", "P12", "P13"]).values_list("code", "domain__code")) == {
        "P01": "二",
        "P11": "五",
        "P12": "四",
        "P13": "三",
    }
