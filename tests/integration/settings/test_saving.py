"""Every save has its reason and its record, meets nobody else's change, and is followed by what it demands."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from bureau import amend, months
from bureau.installation import county, data_version
from bureau.models import AuditEvent
from indicators.models import (
    DataItem,
    Indicator,
    IndicatorVersion,
    Parameter,
    Target,
    TargetRevision,
)
from tests.integration.settings.forms import REASON, errors_of, filled, send

pytestmark = pytest.mark.django_db


def target_of(code: str) -> Target:
    return Target.objects.filter(reading__indicator__code=code, reading__official=True).order_by("end_month")[0]


def page(row, name: str = "change") -> str:
    return f"/settings/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{name}/"


def last_record() -> AuditEvent:
    return AuditEvent.objects.order_by("sequence").last()


def test_a_saved_target_is_recorded_with_old_and_new_and_leaves_a_line_in_its_history(people, sign_in):
    target, before = target_of("A04"), data_version(county().pk)
    response = send(sign_in(people.office), page(target), value="96", reason="领导小组会议调整目标值")
    assert response.status_code == 302
    target.refresh_from_db()
    assert target.value == Decimal(96)
    record = last_record()
    assert (record.act, record.by, record.reason) == ("setting.change", people.office, "领导小组会议调整目标值")
    assert record.object.startswith(f"indicators.target#{target.pk} A04 ")
    assert record.detail == {"value": ["97", "96"]}
    line = TargetRevision.objects.get(target=target)
    assert (line.indicator.code, line.kind, line.old, line.new) == ("A04", "edited", "目标值：97", "目标值：96")
    assert (line.reason, line.by) == ("领导小组会议调整目标值", people.office)
    assert data_version(county().pk) == before + 1


@pytest.mark.parametrize("reason", ["", "改一下", "    改   "])
def test_nothing_is_saved_without_a_reason_and_what_was_typed_stays(people, sign_in, reason):
    target, client = target_of("A04"), sign_in(people.office)
    count = AuditEvent.objects.count()
    response = send(client, page(target), value="96", reason=reason)
    assert response.status_code == 422
    assert errors_of(response) == {"reason": ["请写明理由，至少 5 个字。"]}
    assert 'value="96"' in response.content.decode()
    target.refresh_from_db()
    assert target.value == Decimal(97)
    assert AuditEvent.objects.count() == count


def test_saving_without_a_change_records_nothing(people, sign_in):
    client = sign_in(people.office)
    count, before = AuditEvent.objects.count(), data_version(county().pk)
    assert send(client, page(target_of("A04"))).status_code == 302
    assert (AuditEvent.objects.count(), data_version(county().pk)) == (count, before)


def test_without_its_record_a_change_does_not_stand(people, sign_in, request):
    target = target_of("A04")
    client = sign_in(people.office)
    request.getfixturevalue("audit_fails")
    client.raise_request_exception = False
    assert send(client, page(target), value="96").status_code == 500
    target.refresh_from_db()
    assert target.value == Decimal(97)
    assert not TargetRevision.objects.filter(target=target).exists()


def test_who_comes_second_is_shown_what_stands_now_and_may_then_save(people, sign_in):
    target, client = target_of("A04"), sign_in(people.office)
    opened = filled(client, page(target)) | {"reason": REASON, "value": "95"}
    assert send(sign_in(people.colleague), page(target), value="96").status_code == 302
    second = client.post(page(target), opened)
    assert second.status_code == 409
    told = errors_of(second)[""][0]
    assert "别人改过这一条" in told
    assert "目标值现为“96”" in told
    assert 'value="95"' in second.content.decode()
    target.refresh_from_db()
    assert target.value == Decimal(96)
    again = {**opened, "seen": second.context["adminform"].form["seen"].value()}
    assert client.post(page(target), again).status_code == 302
    target.refresh_from_db()
    assert target.value == Decimal(95)
    assert last_record().detail == {"value": ["96", "95"]}


def test_a_forged_digest_does_not_slip_past(people, sign_in):
    target = target_of("A04")
    response = send(sign_in(people.office), page(target), value="96", seen="")
    assert response.status_code == 409


def test_the_history_of_a_setting_tells_who_what_and_why(people, sign_in):
    target, client = target_of("A04"), sign_in(people.office)
    send(client, page(target), value="96", reason="领导小组会议调整目标值")
    text = client.get(page(target, "history")).content.decode()
    assert "目标值：97 → 96" in text
    assert "领导小组会议调整目标值" in text
    assert "office" in text


def test_a_change_is_not_turned_into_an_addition(people, sign_in):
    target, count, client = target_of("A04"), Target.objects.count(), sign_in(people.office)
    assert send(client, page(target), value="96", _saveasnew="1").status_code == 302
    assert Target.objects.count() == count
    wrong = client.post("/settings/indicators/target/add/", {"_saveasnew": "1", "reason": REASON})
    assert wrong.status_code == 422


def test_codes_once_given_stay(people, sign_in):
    item = DataItem.objects.get(code="D01")
    response = send(sign_in(people.office), page(item), code="D999", name="城镇新增就业人数")
    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.code, item.name) == ("D01", "城镇新增就业人数")


def test_what_another_table_points_at_is_named(people, sign_in):
    response = sign_in(people.office).post(page(people.jyj, "delete"), {"post": "yes", "reason": REASON})
    assert response.status_code == 409
    assert "这一条来自方案数据文件，不能删除" in response.content.decode()
    people.jyj.pk, people.jyj.code = None, "newone"
    people.jyj.save()
    Indicator.objects.filter(code="A01").update(section=people.jyj)
    response = sign_in(people.office).post(page(people.jyj, "delete"), {"post": "yes", "reason": REASON})
    assert response.status_code == 409
    assert "这个科室还有指标或报表" in response.content.decode()


def test_what_is_not_used_is_deleted_with_its_reason_and_record(people, sign_in):
    client = sign_in(people.office)
    parameter = Parameter.objects.create(
        code="W99", name="试用", series="试", unit="元", value=1, valid_from="2016-01-01"
    )
    short = client.post(page(parameter, "delete"), {"post": "yes", "reason": "删"})
    assert short.status_code == 422
    assert "请写明理由" in short.content.decode()
    assert Parameter.objects.filter(pk=parameter.pk).exists()
    assert client.post(page(parameter, "delete"), {"post": "yes", "reason": REASON}).status_code == 302
    assert not Parameter.objects.filter(pk=parameter.pk).exists()
    record = last_record()
    assert (record.act, record.reason) == ("setting.delete", REASON)
    assert record.object.startswith(f"indicators.parameter#{parameter.pk} W99")
    assert record.detail["value"] == ["1", None]


def test_another_reading_becomes_official_by_a_decision_with_day_meeting_and_document(people, sign_in):
    indicator = Indicator.objects.get(code="A02")
    first, second = indicator.readings.get(official=True), indicator.readings.get(official=False)
    client = sign_in(people.office)
    missing = send(client, page(second), official="on")
    assert missing.status_code == 422
    assert set(errors_of(missing)) == {"decided_on", "decided_by", "document"}
    response = send(
        client,
        page(second),
        official="on",
        decided_on="2017-08-01",
        decided_by="领导小组第三次会议",
        document="纪要〔2017〕3号",
    )
    assert response.status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.official, second.official) == (False, True)
    assert last_record().detail["official"] == ["False", "True"]
    back = send(client, page(second), official=None)
    assert errors_of(back)["official"] == ["每个指标须有一个正式读法：改读法时，到另一个读法上选它为正式。"]


def test_accounts_without_the_function_post_in_vain(people, sign_in):
    target = target_of("A04")
    response = sign_in(people.clerk).post(page(target), {"value": "1", "reason": REASON})
    assert response.status_code == 403
    target.refresh_from_db()
    assert target.value == Decimal(97)


def test_the_demonstration_mark_stays_while_its_figures_do(people, sign_in):
    from django.db import transaction

    from bureau import audit
    from bureau.models import Installation
    from reports.demonstration.stage import FILLED

    Installation.objects.update(demonstration=True)
    here, client = Installation.objects.get(), sign_in(people.office)
    with transaction.atomic():
        audit.record(FILLED, by=None)
    response = send(client, page(here), demonstration=None, business_date=None)
    assert response.status_code == 422
    assert "演示数据还在" in errors_of(response)["demonstration"][0]
    assert send(client, page(here), go_live_month="2017-07").status_code == 302
    here.refresh_from_db()
    assert (here.demonstration, here.go_live_month) == (True, months.make(2017, 7))


def test_the_business_date_is_for_demonstrations(people, sign_in):
    from bureau.models import Installation

    Installation.objects.update(demonstration=False)
    response = send(sign_in(people.office), page(Installation.objects.get()), business_date="2017-08-09")
    assert "业务日期只用于演示" in errors_of(response)["business_date"][0]


def test_get_changes_nothing(people, sign_in):
    client, target = sign_in(people.office), target_of("A04")
    before = (AuditEvent.objects.count(), data_version(county().pk))
    for name in ("change", "delete", "history"):
        assert client.get(page(target, name)).status_code == 200
    assert (AuditEvent.objects.count(), data_version(county().pk)) == before


def test_a_request_without_the_token_is_refused(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.office)
    assert client.post(page(target_of("A04")), {"value": "1", "reason": REASON}).status_code == 403


def test_facts_name_months_as_people_write_them(people):
    version = IndicatorVersion.objects.filter(reading__indicator__code="A01")[0]
    assert amend.facts(version)["from_month"] == "2015-01"
