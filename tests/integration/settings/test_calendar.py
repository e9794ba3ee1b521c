"""The holiday calendar and the days on which forms are due: seeded once, changed with a reason, by hand or by CSV."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bureau import holidays, months
from bureau.models import AuditEvent, Installation, SpecialDay
from indicators import desk
from indicators.deadlines import Step
from indicators.due import Dates
from indicators.models import DeadlineRule
from tasks.loadplan import load_plan
from tests.integration.settings.forms import REASON, errors_of, send

pytestmark = pytest.mark.django_db


def sent_csv(client, year: int, text: str, reason: str = REASON):
    file = SimpleUploadedFile("days.csv", text.encode("utf-8-sig"), content_type="text/csv")
    return client.post(f"/workdays/{year}/", {"file": file, "reason": reason})


def problems(answer) -> list[str]:
    return answer.context["form"].errors.get("file", [])


def test_the_plan_brings_the_holidays_of_2015_to_2027(real_plan):
    years = {day.year for day in SpecialDay.objects.values_list("day", flat=True)}
    assert years == set(range(2015, 2028))
    october = holidays.read(date(2016, 9, 26), date(2016, 10, 16))
    worked = [day for day in range(1, 17) if october.is_workday(date(2016, 10, day))]
    assert worked == [8, 9, 10, 11, 12, 13, 14]  # 1 to 7 off, Saturday 8 and Sunday 9 worked instead
    assert (october.next(date(2016, 10, 3)), october.after(date(2016, 9, 30))) == (date(2016, 10, 8),) * 2
    assert october.name(date(2016, 10, 5)) == "国庆节"


def test_every_month_of_thirteen_years_has_dates_that_follow_each_other_on_workdays(real_plan):
    dates = Dates(Installation.objects.get())
    for month in range(months.make(2015, 1), months.make(2027, 11)):
        due = dates.due(month)
        days = [due[step].day for step in Step]
        assert days == sorted(set(days)), months.iso(month)
        assert all(dates.workdays.is_workday(day) for day in (*days, due.closes.date())), months.iso(month)
        assert all(due[step].day >= due[step].planned for step in Step), months.iso(month)
        assert due.closes > due[Step.TOWN].moment, months.iso(month)


def test_loading_again_changes_nothing_people_edited(people):
    SpecialDay.objects.filter(day=date(2016, 10, 8)).update(working=False)
    SpecialDay.objects.filter(day=date(2016, 10, 3)).delete()
    DeadlineRule.objects.update(town_day=6)
    assert {str(one.kind) for one in load_plan()} == {"保留（人工修改过）"}
    assert not SpecialDay.objects.get(day=date(2016, 10, 8)).working
    assert not SpecialDay.objects.filter(day=date(2016, 10, 3)).exists()
    assert DeadlineRule.objects.get().town_day == 6
    assert holidays.seed() == 0


def test_a_year_goes_out_as_csv_and_comes_back_changed(people, sign_in):
    client = sign_in(people.office)
    text = client.get("/workdays/2027.csv").content.decode("utf-8-sig")
    assert text.splitlines()[:2] == ["date,kind,name", "2027-01-01,休,元旦"]
    again = sent_csv(client, 2027, text)
    assert again.status_code == 302
    assert not AuditEvent.objects.filter(act="workdays.replace").exists()
    changed = sent_csv(client, 2027, text + "2027-10-06,休,国庆节\n2027-10-09,班,调休上班\n")
    assert changed.status_code == 302
    record = AuditEvent.objects.get(act="workdays.replace")
    assert (record.object, record.reason, record.by) == ("2027", REASON, people.office)
    assert record.detail == {
        "added": [["2027-10-06", "休", "国庆节"], ["2027-10-09", "班", "调休上班"]], "removed": [],
    }  # fmt: skip
    assert holidays.read(date(2027, 10, 1), date(2027, 10, 31)).next(date(2027, 10, 6)) == date(2027, 10, 7)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("日期,类别\n", ["第 1 行：表头应为 date,kind,name。"]),
        ("date,kind,name\n2027-13-01,休,\n", ["第 2 行 date：“2027-13-01”不是 2027-10-01 这样的日期。"]),
        ("date,kind,name\n2026-10-01,休,\n", ["第 2 行 date：2026-10-01 不在 2027 年。"]),
        (
            "date,kind,name\n2027-10-01,休,国庆节\n2027-10-01,假,国庆节\n",
            ["第 3 行 date：2027-10-01 重复。", "第 3 行 kind：应为“休”或“班”。"],
        ),
        ("date,kind,name\n2027-10-01,休," + "长" * 41 + "\n", ["第 2 行 name：名称最多 40 个字。"]),
    ],
)
def test_a_wrong_calendar_changes_nothing_and_says_where(people, sign_in, text, why):
    before = holidays.days_of(2027)
    answer = sent_csv(sign_in(people.office), 2027, text)
    assert (answer.status_code, problems(answer)) == (422, why)
    assert holidays.days_of(2027) == before


def test_a_calendar_needs_a_reason_and_a_file_of_text(people, sign_in):
    client = sign_in(people.office)
    assert sent_csv(client, 2027, "date,kind,name\n", "短").status_code == 422
    file = SimpleUploadedFile("days.xlsx", b"PK\x03\x04\xff\xfe")
    answer = client.post("/workdays/2027/", {"file": file, "reason": REASON})
    assert problems(answer) == ["文件不是 UTF-8 编码的 CSV；在 WPS 或 Excel 里另存为“CSV UTF-8”再上传。"]


def test_a_day_changed_by_hand_moves_the_deadline_at_once(people, sign_in):
    Installation.objects.update(business_date=date(2016, 10, 8))
    month = months.parse("2016-09")
    here = Installation.objects.get()
    assert desk.due_text(here, month) == "截止 10 月 9 日（周日）17:00，还有 1 天；5 日逢国庆节，顺延"
    day = SpecialDay.objects.get(day=date(2016, 10, 9))
    url = f"/settings/bureau/specialday/{day.pk}/change/"
    assert send(sign_in(people.office), url, working=None).status_code == 302
    assert AuditEvent.objects.filter(act="setting.change", reason=REASON).count() == 1
    assert (
        desk.due_text(Installation.objects.get(), month)
        == "截止 10 月 10 日（周一）17:00，还有 2 天；5 日逢国庆节，顺延"
    )


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"town_day": "3"}, "town_day", "须晚于上一步（3 日）。"),
        ({"bulletin_day": "29"}, "bulletin_day", "须是 1 至 28 日。"),
        ({"open_workdays": "21"}, "open_workdays", "最多 20 个工作日。"),
    ],
)
def test_days_that_do_not_follow_each_other_are_refused(people, sign_in, changes, field, why):
    url = f"/settings/indicators/deadlinerule/{DeadlineRule.objects.get().pk}/change/"
    answer = send(sign_in(people.office), url, **changes)
    assert answer.status_code == 422
    assert errors_of(answer)[field] == [why]


def test_other_days_from_a_month_on_leave_the_months_before(people, sign_in):
    Installation.objects.update(business_date=date(2016, 8, 1))
    answer = send(
        sign_in(people.office), "/settings/indicators/deadlinerule/add/", from_month="2016-08", town_day="10",
        review_day="12", at="12:00",
    )  # fmt: skip
    assert answer.status_code == 302
    here = Installation.objects.get()
    assert desk.due_text(here, months.parse("2016-07")).startswith("截止 8 月 5 日（周五）17:00")
    assert desk.due_text(here, months.parse("2016-08")).startswith("截止 9 月 12 日（周一）12:00")
