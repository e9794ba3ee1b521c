"""What is typed is held to the rules of the plan's files, and told by field and rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bureau import months
from bureau.amend import facts
from bureau.models import Area, AuditEvent
from indicators.administration import rules
from indicators.entry.sheets import build
from indicators.models import (
    BalanceRule,
    DataItem,
    FormItem,
    Indicator,
    IndicatorVersion,
    Reading,
    ReportingForm,
    SoftRule,
    Target,
)
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db

ITEM = {
    "code": "D120",
    "name": "家庭服务业新增从业人数",
    "unit": "人",
    "kind": "flow",
    "decimals": "0",
    "definition": "当月新到家庭服务业就业的人数",
    "source": "镇街台账",
    "standing": "rec",
    "order": "200",
}
INDICATOR = {
    "code": "B22",
    "number": "B22",
    "name": "家庭服务业新增从业人数",
    "unit": "人",
    "decimals": "0",
    "rising": "on",
    "standing": "rec",
    "order": "90",
    "from_month": "2017-06",
    "numerator": "D01",
    "scale": "1",
    "window": "year",
}
NO_COLUMN = {"form_items-0-form": None, "form_items-0-level": None, "form_items-0-order": "0"}
AIM = {"start_month": "2017-01", "end_month": "2017-12", "comparator": ">=", "target_value": "100", "path": "linear"}


def column(form: str = "yj01", level: str = "town") -> dict:
    return {
        "form_items-0-form": ReportingForm.objects.get(code=form).pk,
        "form_items-0-level": level,
        "form_items-0-order": "99",
    }


def indicator(people, **other) -> dict:
    clause = Indicator.objects.get(code="A01").clauses.all()[0].pk
    return INDICATOR | {"section": people.jyj.pk, "clauses": [clause]} | other


def add(client, table: str, data: dict):
    return send(client, f"/settings/indicators/{table}/add/", **data)


def test_an_item_with_its_column_is_added_and_recorded_as_one_act(people, sign_in):
    response = add(sign_in(people.office), "dataitem", ITEM | column())
    assert response.status_code == 302, errors_of(response)
    item = DataItem.objects.get(code="D120")
    assert FormItem.objects.get(item=item).level == "town"
    from bureau.models import AuditEvent

    record = AuditEvent.objects.order_by("sequence").last()
    assert record.act == "setting.add"
    assert record.detail["name"] == [None, "家庭服务业新增从业人数"]
    assert record.detail[f"formitem#{item.form_items.get().pk}.level"] == [None, "town"]


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"code": "X1"}, "code", "代码写法不对，例如 D120"),
        ({"definition": ""}, "definition", "不能为空"),
        ({"source": ""}, "source", "不能为空"),
        ({"decimals": "5"}, "decimals", "不得大于 4"),
        ({"counts_levels": ["town"]}, "counts_levels", "自动计数的填报项须写明 counts_levels，其他填报项不得写"),
        ({"from_month": "2017-13"}, "from_month", "月份须写作 yyyy-mm，例如 2017-07。"),
        ({"from_month": "24210"}, "from_month", "月份须写作 yyyy-mm，例如 2017-07。"),
        ({"from_month": "2017-07", "to_month": "2017-01"}, "to_month", "停用月早于启用月"),
        ({"code": "D01"}, "code", None),
        (
            NO_COLUMN,
            "inline",
            "填报项至少要放进一张报表：选报表和行层级。",
        ),
        ({"form_items-0-level": "county"}, "inline.level", "县级科室报表的行是县，镇街报表的行是镇街或村。"),
    ],
)
def test_a_wrong_item_is_refused_by_field_and_rule(people, sign_in, change, field, told):
    response = add(sign_in(people.office), "dataitem", ITEM | column() | change)
    assert response.status_code == 422
    found = errors_of(response)
    assert field in found, found
    assert told is None or told in found[field]
    assert not DataItem.objects.filter(code="D120").exists()


def test_an_item_stands_once_a_level_over_all_forms(people, sign_in):
    form = ReportingForm.objects.get(code="yj03")
    data = {
        "form_items-TOTAL_FORMS": form.form_items.count() + 1,
        f"form_items-{form.form_items.count()}-item": DataItem.objects.get(code="D01").pk,
        f"form_items-{form.form_items.count()}-level": "town",
        f"form_items-{form.form_items.count()}-order": "99",
    }
    response = send(sign_in(people.office), f"/settings/indicators/reportingform/{form.pk}/change/", **data)
    assert response.status_code == 422
    assert "填报项" in str(errors_of(response))


def test_a_reviewer_must_put_his_item_on_a_form_of_his_section(people, sign_in):
    response = add(sign_in(people.reviewer), "dataitem", ITEM | column("yj03"))
    assert response.status_code == 422
    assert "inline.form" in errors_of(response)
    assert add(sign_in(people.reviewer), "dataitem", ITEM | column("yj01")).status_code == 302


def test_an_indicator_is_begun_with_reading_formulas_and_target_on_one_page(people, sign_in):
    clause = Indicator.objects.get(code="A01").clauses.all()[0].pk
    response = add(sign_in(people.office), "indicator", indicator(people) | AIM | {"clause": clause})
    assert response.status_code == 302, errors_of(response)
    reading = Reading.objects.get(indicator__code="B22")
    assert (reading.number, reading.code, reading.official) == (1, "main", True)
    version = IndicatorVersion.objects.get(reading=reading)
    assert (version.from_month, version.kind, version.numerator) == (months.make(2017, 6), "first", "D01")
    target = Target.objects.get(reading=reading)
    assert facts(target)["value"] == "100"
    assert (target.area.level, target.end_month) == ("county", months.make(2017, 12))


def test_an_indicator_may_do_without_a_target(people, sign_in):
    response = add(sign_in(people.reviewer), "indicator", indicator(people))
    assert response.status_code == 302, errors_of(response)
    assert not Target.objects.filter(reading__indicator__code="B22").exists()


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"numerator": "D999"}, "numerator", "没有 D999"),
        ({"numerator": "W77"}, "numerator", "没有 W77"),
        ({"numerator": "P99"}, "numerator", "没有 P99"),
        ({"numerator": "D01 +"}, "numerator", "公式第6个字符：公式没有写完"),
        ({"numerator": "D01[men]"}, "numerator", "D01 没有分组 men"),
        ({"numerator": "months(D01)"}, "numerator", "months( ) 里只能用期末数，D01 不是"),
        ({"numerator": "N"}, "numerator", "分子和分母的公式不能用 N、M"),
        ({"value": "D01"}, "value", "值的公式只能用 N、M 和数字"),
        ({"value": "N - M"}, "value", "没有分母，数值公式里不能用 M"),
        ({"numerator": "D01 / D02"}, "numerator", "比率不能当作累计数：除数写到“分母”一栏，由系统先汇总再相除"),
        ({"from_month": "六月"}, "from_month", "月份须写作 yyyy-mm，例如 2017-07。"),
        ({"code": "C01"}, "code", "代码写法不对，例如 B22"),
        ({"number": "B21"}, "number", "代码 B22 不属于编号 B21"),
        ({"core": "on"}, "core", "A 开头的是核心指标，B 开头的是监测指标"),
        (AIM, "clause", "写目标时这一项必填。"),
        (AIM | {"target_value": ""}, "target_value", "只有“不下降”的目标没有目标值，其他目标须有目标值"),
        (AIM | {"comparator": "not_fall"}, "target_value", "只有“不下降”的目标没有目标值，其他目标须有目标值"),
        (AIM | {"end_month": "2016-12"}, "end_month", "目标期止月早于起月"),
        (AIM | {"end_month": "2019-12"}, "end_month", "目标期须在试点期内。"),
        (AIM | {"target_value": "1.23456"}, "target_value", None),
    ],
)
def test_a_wrong_indicator_is_refused_by_field_and_rule(people, sign_in, change, field, told):
    clause = Indicator.objects.get(code="A01").clauses.all()[0].pk
    data = indicator(people) | change
    if change.get("end_month") != "2017-12" or "target_value" in change:
        data |= {"clause": clause} if field != "clause" else {}
    response = add(sign_in(people.office), "indicator", data)
    assert response.status_code == 422
    found = errors_of(response)
    assert field in found, found
    assert told is None or told in found[field]
    assert not Indicator.objects.filter(code="B22").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("D23", "平衡公式须有且只有一个比较号：D23"),
        ("D23 <= D999", "没有报表填报 D999"),
        ("D23 <= D01", "各项不在同一张报表的同一层级"),
        ("D23 << D22", "平衡公式须有且只有一个比较号：D23 << D22"),
    ],
)
def test_a_wrong_balance_rule_is_refused(people, sign_in, text, told):
    response = add(sign_in(people.office), "balancerule", {"code": "R90", "text": text, "basis": "试"})
    assert response.status_code == 422
    assert errors_of(response)["text"] == [told]
    assert not BalanceRule.objects.filter(code="R90").exists()


SOFT = {"code": "S90", "kind": "share", "text": "D23 / D22", "minimum": "30", "least": "5", "deviations": "3.5",
        "history": "6", "basis": "就业率"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"text": "D23"}, "text", "占比须写作“部分 / 总体”，如 D23 / D22：D23"),
        ({"text": "D23 / D01"}, "text", "各项不在同一张报表的同一层级"),
        ({"kind": "month", "text": "flow D999"}, "text", "没有报表填报 D999"),
        ({"kind": "month", "text": "flow", "low": "5"}, "low", "只有占比才有上下限"),
        ({"low": "90", "high": "10"}, "low", "下限大于上限"),
        ({"deviations": "0.5"}, "deviations", "不得小于 1"),
        ({"history": "1"}, "history", "不得小于 2"),
        ({"code": "R90"}, "code", "代码写法不对，例如 S20"),
    ],
)
def test_a_wrong_soft_rule_is_refused(people, sign_in, change, field, told):
    response = add(sign_in(people.office), "softrule", SOFT | change)
    assert (response.status_code, errors_of(response)[field]) == (422, [told])
    assert not SoftRule.objects.filter(basis="就业率").exists()


def test_a_soft_rule_is_added_with_a_reason_on_record_and_used_from_then_on(people, sign_in):
    assert add(sign_in(people.office), "softrule", SOFT | {"low": "60", "high": "99.5"}).status_code == 302
    made = SoftRule.objects.get(code="S90")
    event = AuditEvent.objects.get(act="setting.add", object__startswith=f"indicators.softrule#{made.pk} ")
    assert (event.by, event.detail["high"]) == (people.office, [None, "99.5"])
    town = Area.objects.get(code="330424102")
    sheet, _names = build(ReportingForm.objects.get(code="yj02"), town, months.make(2017, 6))
    assert [(one.low, one.high) for one in sheet.soft_rules if one.code == "S90"] == [(60, Decimal("99.5"))]


def test_targets_of_a_reading_do_not_overlap(people, sign_in):
    standing = Target.objects.filter(reading__indicator__code="A01", reading__official=True).order_by("end_month")[0]
    data = AIM | {
        "reading": standing.reading_id, "area": standing.area_id, "start_month": "2015-06", "end_month": "2016-05",
        "value": "5", "behind": "5", "far_behind": "15", "standing": "rec", "clause": standing.clause_id,
    }  # fmt: skip
    response = add(sign_in(people.office), "target", data)
    assert errors_of(response)["start_month"] == ["与 2015-01 至 2015-12 的目标期重叠"]


def test_nodes_of_a_path_are_written_a_line_each(people, sign_in):
    target = Target.objects.get(reading__indicator__code="A16")
    client, url = sign_in(people.office), f"/settings/indicators/target/{target.pk}/change/"
    wrong = send(client, url, points="2016年12月 1")
    assert "不是节点" in errors_of(wrong)["points"][0]
    outside = send(client, url, points="2018-12 = 2")
    assert errors_of(outside)["points"] == ["节点月份须在目标期内"]
    assert send(client, url, points="2016-12 = 1\n2017-12 = 2").status_code == 302
    target.refresh_from_db()
    assert target.points == [[months.make(2016, 12), "1"], [months.make(2017, 12), "2"]]


def test_every_definition_and_target_of_the_plan_itself_passes(people):
    """The rules for people are those of the files: nothing loaded from them would be refused."""
    for version in IndicatorVersion.objects.all():
        typed = {name: getattr(version, name) for name in ("numerator", "denominator", "value", "window")}
        assert list(rules.formula_problems(typed)) == [], version
    for item in DataItem.objects.select_related("breakdown"):
        typed = {one.name: getattr(item, one.name) for one in item._meta.fields}
        assert list(rules.item_problems(typed)) == [], item
    for rule in BalanceRule.objects.all():
        assert list(rules.rule_problems(rule.text)) == [], rule
    for rule in SoftRule.objects.all():
        typed = {one.name: getattr(rule, one.name) for one in rule._meta.fields if one.name != "id"}
        assert list(rules.soft_rule_problems(typed)) == [], rule
    for target in Target.objects.select_related("clause"):
        typed = {one.name: getattr(target, one.name) for one in target._meta.fields}
        others = Target.objects.filter(reading=target.reading_id, area=target.area_id).exclude(pk=target.pk)
        assert list(rules.target_problems(typed, others)) == [], target


def test_loadplan_leaves_alone_what_people_added_edited_and_deleted(people, sign_in):
    from tasks.loadplan import load_plan

    client = sign_in(people.office)
    assert add(client, "dataitem", ITEM | column()).status_code == 302
    assert add(client, "indicator", indicator(people, numerator="D120")).status_code == 302
    target = Target.objects.filter(reading__indicator__code="A04", reading__official=True)[0]
    assert send(client, f"/settings/indicators/target/{target.pk}/change/", value="96").status_code == 302
    gone = BalanceRule.objects.order_by("code")[0]
    url = f"/settings/indicators/balancerule/{gone.pk}/delete/"
    assert client.post(url, {"post": "yes", "reason": "这条规则不再适用"}).status_code == 302

    changes = [str(change) for change in load_plan()]

    assert DataItem.objects.filter(code="D120").exists()
    assert IndicatorVersion.objects.filter(reading__indicator__code="B22", numerator="D120").exists()
    target.refresh_from_db()
    assert facts(target)["value"] == "96"
    assert not BalanceRule.objects.filter(pk=gone.pk).exists()
    assert any(one.startswith("保留（人工修改过） 目标 A04/") for one in changes)
    assert any(one.startswith(f"保留（人工删除过） 平衡规则 {gone.code}") for one in changes)
    assert not any(one.startswith(("新增", "更新")) for one in changes)
