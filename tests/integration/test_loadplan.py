"""Loading the plan: the second time changes nothing, what people edited stays, and --check tells without writing."""

import io
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from bureau import months
from bureau.models import Area, AreaSpan, AuditEvent, DataVersion, Installation, Section
from indicators.loading import Kind
from indicators.loading.loader import Loader, Wanted
from indicators.models import (
    Clause,
    DataItem,
    Evaluation,
    Figure,
    Indicator,
    LoadedRow,
    Reading,
    Target,
    TargetRevision,
)
from indicators.plandata import FIXTURES, read_plan
from tasks.loadplan import load_plan
from tasks.models import Project, Task

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def files():
    return read_plan()


@pytest.fixture
def plan(files):
    load_plan(files)
    return files


def with_target(files, number, value):
    """The files with another value in the first target of an indicator."""
    found = next(indicator for indicator in files.indicators if indicator.number == number)
    reading = found.measures[0].readings[0]
    target = reading.targets[0].model_copy(update={"value": Decimal(value)})
    reading = reading.model_copy(update={"targets": (target, *reading.targets[1:])})
    measure = found.measures[0].model_copy(update={"readings": (reading, *found.measures[0].readings[1:])})
    changed = found.model_copy(update={"measures": (measure, *found.measures[1:])})
    return replace(files, indicators=tuple(changed if i.number == number else i for i in files.indicators))


def rate_target():
    return Target.objects.get(reading__indicator__code="A04")


def told(changes):
    return [(change.kind, change.model, change.key) for change in changes]


def test_loading_twice_changes_nothing(plan):
    version = DataVersion.objects.get().number
    acts = AuditEvent.objects.count()
    assert load_plan(plan) == ()
    assert (DataVersion.objects.get().number, AuditEvent.objects.count()) == (version, acts)


def test_a_second_load_asks_the_database_little(plan, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        load_plan(plan)


def test_the_county_and_its_places_stand_with_lasting_numbers(plan):
    county = Area.objects.get(code="330424")
    assert county.county == county
    assert Installation.objects.get().county == county
    assert Area.objects.filter(county=county).count() == 148
    numbers = dict(Area.objects.values_list("code", "number"))
    assert sorted(numbers.values()) == list(range(148))
    open_now = AreaSpan.objects.filter(area__level="village", to_month__isnull=True)
    assert open_now.count() == 133
    assert AreaSpan.objects.filter(to_month=months.parse("2016-12")).count() == 5


def test_a_new_place_takes_the_next_number_and_no_other_moves(plan):
    before = dict(Area.objects.values_list("code", "number"))
    new = plan.areas[20].model_copy(
        update={"code": "330424001099", "name": "新设社区", "start": months.parse("2017-06")}
    )
    load_plan(replace(plan, areas=(*plan.areas, new)))
    after = dict(Area.objects.values_list("code", "number"))
    assert after.pop("330424001099") == 148
    assert after == before


def test_a_changed_target_is_written_and_leaves_its_trace(plan):
    changes = load_plan(with_target(plan, "A04", "98"))
    assert told(changes) == [(Kind.CHANGED, "目标", "A04/main/2017-12")]
    assert changes[0].fields == (("目标值", "97", "98"),)
    assert rate_target().value == 98
    revision = TargetRevision.objects.get(target=rate_target())
    assert (revision.old, revision.new) == ("目标值：97", "目标值：98")


def test_a_target_a_person_edited_is_kept_and_named(plan):
    Target.objects.filter(pk=rate_target().pk).update(value=Decimal("96.5"))
    changes = load_plan(with_target(plan, "A04", "98"))
    assert told(changes) == [(Kind.KEPT, "目标", "A04/main/2017-12")]
    assert rate_target().value == Decimal("96.5")


def test_a_person_who_edits_the_same_as_the_files_is_in_agreement(plan):
    Target.objects.filter(pk=rate_target().pk).update(value=Decimal("98"))
    assert load_plan(with_target(plan, "A04", "98")) == ()
    assert told(load_plan(with_target(plan, "A04", "99"))) == [(Kind.CHANGED, "目标", "A04/main/2017-12")]


def test_a_fixed_base_does_not_stop_the_files_from_changing_the_target(plan):
    Target.objects.filter(pk=rate_target().pk).update(base_value=Decimal("93.2"), base_month=months.parse("2015-03"))
    load_plan(with_target(plan, "A04", "98"))
    target = rate_target()
    assert (target.value, target.base_value) == (98, Decimal("93.2"))


def test_the_chosen_reading_stays_when_the_bureau_decided_otherwise(plan):
    readings = Reading.objects.filter(indicator__code="A02")
    readings.filter(code="total").update(official=False)
    readings.filter(code="yearly").update(official=True, decided_on=date(2016, 6, 1))
    changes = load_plan(plan)
    assert told(changes) == [(Kind.KEPT, "读法", "A02/total"), (Kind.KEPT, "读法", "A02/yearly")]
    assert readings.get(official=True).code == "yearly"


def test_a_row_a_person_deleted_does_not_come_back(plan):
    rate_target().delete()
    assert told(load_plan(plan)) == [(Kind.DELETED, "目标", "A04/main/2017-12")]
    assert not Target.objects.filter(reading__indicator__code="A04").exists()


def test_a_row_the_files_dropped_is_told_and_not_deleted(plan):
    without = replace(plan, projects=plan.projects[:-1])
    nodes = [(Kind.LEFT_OVER, "节点", f"P14-{number}") for number in range(1, 5)]
    assert sorted(told(load_plan(without))) == sorted([(Kind.LEFT_OVER, "重点项目", "P14"), *nodes])
    assert Project.objects.filter(code="P14").exists()


def test_other_clauses_of_an_indicator_are_written_too(plan):
    found = next(i for i in plan.indicators if i.number == "A04")
    changed = found.model_copy(update={"clauses": ("三(一)", "四(一)1")})
    load_plan(replace(plan, indicators=tuple(changed if i.number == "A04" else i for i in plan.indicators)))
    numbers = Indicator.objects.get(code="A04").clauses.values_list("number", flat=True)
    assert set(numbers) == {"三(一)", "四(一)1"}


def test_progress_people_report_is_never_touched(plan):
    Task.objects.filter(code="T30").update(state="completed", percent=100, completed_on=date(2015, 6, 20))
    assert load_plan(plan) == ()
    assert Task.objects.get(code="T30").percent == 100


def test_figures_are_judged_anew_when_the_files_change_a_target(plan):
    county, village = Area.objects.get(code="330424"), Area.objects.get(code="330424001001")
    month = months.parse("2015-03")
    for code, value in (("D22", 100), ("D23", 96)):
        item = DataItem.objects.get(code=code)
        key = {"county": county.pk, "area": village.pk, "item": item.pk, "category": 0, "month": month}
        Figure.objects.create(**key, value=value, state=0, submission=1)
    load_plan(with_target(plan, "A04", "95"))
    judged = Evaluation.objects.get(indicator=rate_target().reading.indicator_id, area=county.pk, month=month)
    assert (judged.value, judged.target_value) == (96, 95)
    load_plan(with_target(plan, "A04", "99"))
    judged.refresh_from_db()
    assert judged.target_value == 99


def test_a_town_share_added_by_the_bureau_is_left_alone(plan):
    town = Area.objects.get(code="330424001")
    share = rate_target()
    share.pk, share.area = None, town
    share.save(force_insert=True)
    assert load_plan(plan) == ()


def test_check_on_an_empty_database_tells_and_writes_nothing(files):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("loadplan", check=True, stdout=out)
    assert caught.value.returncode == 1
    assert "新增 条款 四(四)2" in out.getvalue()
    assert [m.objects.count() for m in (Area, Clause, LoadedRow, Installation, AuditEvent)] == [0, 0, 0, 0, 0]


def test_check_tells_what_a_person_edited(plan):
    Section.objects.filter(code="jyj").update(name="就业管理服务局")
    out = io.StringIO()
    with pytest.raises(CommandError, match="有 1 处不同"):
        call_command("loadplan", check=True, stdout=out)
    assert out.getvalue() == "保留（人工修改过） 科室 jyj　名称：就业管理服务局 → 就业局\n"


def test_check_agrees_after_loading(plan):
    out = io.StringIO()
    call_command("loadplan", check=True, stdout=out)
    assert out.getvalue() == "数据库与方案数据文件一致\n"


def test_a_wrong_file_stops_the_load_with_its_name(tmp_path, db):
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    wrong = tmp_path / "fixtures" / "indicators" / "A04.yaml"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("D23", "D24"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"indicators/A04\.yaml：main\.numerator：没有 D24"):
        call_command("loadplan", fixtures=tmp_path / "fixtures")
    assert not Area.objects.exists()


def test_a_load_is_one_act_in_the_audit_trail(plan):
    event = AuditEvent.objects.get()
    assert (event.act, event.object, event.by) == ("loadplan", "haiyan-2016", None)
    assert event.detail == {"added": LoadedRow.objects.count()}


def test_a_column_added_by_a_later_version_takes_its_value_and_makes_no_row_look_edited(db):
    def loaded(**more):
        loader = Loader()
        loader.sync(Section, [Wanted("ybk", {"code": "ybk"}, {"name": "医保科", **more})])
        return [change.kind for change in loader.changes]

    assert loaded() == [Kind.ADDED]
    assert loaded(name_en="Medical insurance section") == [Kind.CHANGED]  # the column was empty for everybody till now
    assert Section.objects.get(code="ybk").name_en == "Medical insurance section"
    Section.objects.filter(code="ybk").update(name="医疗保险科")
    assert loaded(name_en="Health insurance section") == [Kind.KEPT]
