"""A published light never changes; a red month made good later says so with both dates; every light says its rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from bureau.models import Installation
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.analysis.kinds import Light
from indicators.entry import workflow
from indicators.models import Clause, IndicatorVersion, Plan, PublishedEvaluation, Reading, Submission, Target
from indicators.publish import publish
from tests.integration.factories import E1, EAST, START, WEST, approved, cells, put
from tests.integration.settings.forms import errors_of, send

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH = START + 1, START + 2


@pytest.fixture
def office(tiny) -> Client:
    client = Client()
    client.force_login(tiny.office)
    return client


def derive(county) -> None:
    rollup.refresh(Tree(county.county.pk))
    evaluate.refresh(Tree(county.county.pk))


def release(county, month: int, on: date, east: int | None = None, reason: str = "") -> None:
    """Approve the towns' jobs of the month (West none) and publish on a day."""
    if east is not None:
        for town, value in ((EAST, east), (WEST, 0)):
            approved(county, "town", town, month, {(town, "D01"): value, (town, "D02"): 0})
    Installation.objects.update(business_date=on)
    publish(county.county, month, by=county.office, reason=reason)


def notes(client: Client, query: str) -> dict[str, str]:
    """Month → note of the months table of A01: 60 a year, so 5 a month are due."""
    rows = client.get(f"/indicators/A01/?{query}").context["months"]
    return {row["label"]: row["note"] for row in rows if row["note"]}


def correct(county, month: int, east: int) -> None:
    submission = Submission.objects.get(form=county.forms["town"], place=county.areas[EAST], month=month)
    workflow.correct(submission, by=county.clerk, reason="漏报了招聘会的数")
    workflow.save(submission, cells(county, {(EAST, "D01"): east}), by=county.clerk, source="grid")
    workflow.submit(submission, by=county.clerk)
    workflow.approve(submission, by=county.reviewer)


def test_a_red_month_made_good_in_a_later_month_carries_both_dates(tiny, office):
    """Nothing by March (25 points behind) is red; 20 by April are due and there."""
    for month in (START, FEBRUARY, MARCH):
        release(tiny, month, date(2015, month % 12 + 2, 15), east=0)
    assert notes(office, "month=2015-03") == {}
    release(tiny, MARCH + 1, date(2015, 5, 15), east=20)
    assert notes(office, "month=2015-04") == {
        "2015年3月": "2015-04-15 发布为严重滞后；2015年4月已达序时（2015-05-15 发布）",
        "2015年2月": "2015-03-15 发布为严重滞后；2015年4月已达序时（2015-05-15 发布）",
    }
    assert notes(office, "month=2015-03&version=1") == {}  # as it stood then


def test_a_red_month_corrected_in_its_own_release_carries_both_dates(tiny, office):
    release(tiny, START, date(2015, 2, 15), east=5)
    release(tiny, FEBRUARY, date(2015, 3, 15), east=0)
    release(tiny, MARCH, date(2015, 4, 15), east=0)
    correct(tiny, FEBRUARY, 30)
    assert notes(office, "month=2015-03&version=live") == {
        "2015年3月": "2015-04-15 发布为严重滞后；更正后为达序时（尚未发布）"
    }
    frozen = list(PublishedEvaluation.objects.order_by("month", "area", "indicator").values())
    release(tiny, MARCH, date(2015, 5, 20), reason="三月数有更正")
    assert notes(office, "month=2015-03") == {
        "2015年3月": "2015-04-15 发布为严重滞后；第 2 版更正为达序时（2015-05-20 发布）"
    }
    assert list(PublishedEvaluation.objects.filter(version=1).order_by("month", "area", "indicator").values()) == frozen


def test_no_setting_changes_a_published_light(tiny, office):
    release(tiny, START, date(2015, 2, 15), east=2)
    before = list(PublishedEvaluation.objects.order_by("area", "indicator").values())
    target = Target.objects.get(reading__indicator__code="A01", area=tiny.county, end_month=START + 11)
    Target.objects.filter(pk=target.pk).update(value=Decimal(6), behind=Decimal(10), far_behind=Decimal(30))
    other = Reading.objects.create(indicator=tiny.indicators["A02"], number=2, code="yearly", name="每年")
    IndicatorVersion.objects.create(reading=other, from_month=START, numerator="D01", window="year")
    Reading.objects.filter(indicator=tiny.indicators["A02"], number=1).update(official=False)
    Reading.objects.filter(pk=other.pk).update(official=True)
    derive(tiny)
    correct(tiny, START, 50)
    assert list(PublishedEvaluation.objects.order_by("area", "indicator").values()) == before


def test_the_day_limit_and_the_thresholds_stand_in_the_rule_beside_the_light(tiny, office):
    places = (E1, "330424101202", "330424102201", "330424102202")
    put(tiny, [(START, {(place, item): 1 for place in places for item in ("D27", "D27a")})])
    derive(tiny)
    Target.objects.filter(reading__indicator__code="A15").update(limit_days=20)
    page = office.get("/indicators/A15/?month=2015-01&version=live")
    assert page.context["rule"] == "严重滞后：期末不为 0，且有超过 20 天的"
    row = next(
        row
        for group in office.get("/indicators/?month=2015-01&version=live").context["groups"]
        for row in group["rows"]
        if row["code"] == "A15"
    )
    assert (row["second_line_2"], row["rule"]) == ("限 20 天", page.context["rule"])
    assert f'title="{page.context["rule"]}"' in page.content.decode()


def test_both_readings_stand_side_by_side_each_in_its_own_unit(tiny, office):
    """A06 = 100 − D62 ÷ D61: 80 paid of 100 is a gap of 20; the other reading puts it at 25 % of what was paid."""
    indicator = tiny.indicators["A06"]
    main = Reading.objects.get(indicator=indicator)
    main.indicator.unit = "百分点"
    main.indicator.save()
    other = Reading.objects.create(indicator=indicator, number=2, code="relative", name="相对差距", unit="%")
    IndicatorVersion.objects.create(
        reading=other, from_month=START, numerator="D61 - D62", denominator="D62", scale=100, window="year"
    )
    Target.objects.create(
        reading=other, area=tiny.county, start_month=START, end_month=START + 23, comparator="<=", value=10
    )
    put(tiny, [(START, {("330424", "D61"): 100, ("330424", "D62"): 80})])
    derive(tiny)
    lines = office.get("/indicators/A06/?month=2015-01&version=live").context["readings"]
    assert [(one["name"], one["official"], one["value"], one["target"]) for one in lines] == [
        ("正式", True, "20.00 百分点", "≤ 10.00 百分点"),
        ("相对差距", False, "25.00%", "≤ 10.00%"),
    ]
    assert [one["decision"] for one in lines] == ["正式口径，待领导小组确认", "参考口径"]
    assert [one["light"] for one in lines] == [Light.ON_COURSE, Light.ON_COURSE]  # each its own base still
    found = office.get("/indicators/?month=2015-01&version=live").context["groups"]
    row = next(row for group in found for row in group["rows"] if row["code"] == "A06")
    assert [one["text"] for one in row["others"]] == ["参考：相对差距 25.00%，目标 ≤ 10.00%，达序时"]

    decided = {"decided_on": "2015-03-01", "decided_by": "领导小组会议", "document": "纪要3号"}
    url = f"/settings/indicators/reading/{other.pk}/change/"
    for missing in decided:
        refused = send(office, url, official="on", **(decided | {missing: ""}))
        assert missing in errors_of(refused)
    assert send(office, url, official="on", **decided).status_code == 302
    page = office.get("/indicators/A06/?month=2015-01&version=live")
    assert page.context["readings"][0]["decision"] == "正式口径：2015-03-01 领导小组会议 纪要3号"
    assert "".join(part["text"] for part in page.context["headline"]).startswith("A06 25.00%，")
    told = page.context["definition"]["revisions"][-1]
    assert ("正式 → 相对差距" in told["text"], "纪要3号" in told["note"]) == (True, True)


def test_the_settings_take_a_preset_a_season_for_flows_only_and_a_path_of_plain_numbers(tiny, office):
    clause = a_clause(tiny)
    jobs = Target.objects.get(reading__indicator__code="A01", area=tiny.county, end_month=START + 11)
    url = f"/settings/indicators/target/{jobs.pk}/change/"
    assert send(office, url, thresholds="yinchuan", path="season", clause=clause).status_code == 302
    jobs.refresh_from_db()
    assert (jobs.behind, jobs.far_behind, jobs.path) == (10, 30, "season")
    rate = Target.objects.get(reading__indicator__code="A04", area=tiny.county)
    refused = send(office, f"/settings/indicators/target/{rate.pk}/change/", path="season", clause=clause)
    assert errors_of(refused)["path"] == ["只有累计数（没有分母的本年累计、试点以来累计）才有上年季节"]
    months = "\n".join(str(5 * (number + 1)) for number in range(12))
    refused = send(office, url, path="steps", points="5 10 15", clause=clause)
    assert errors_of(refused)["points"] == ["目标期 12 个月，填了 3 个数；每月一个，或写成 2016-12 = 90。"]
    assert send(office, url, path="steps", points=months, clause=clause).status_code == 302
    jobs.refresh_from_db()
    assert jobs.points == [[START + number, str(5 * (number + 1))] for number in range(12)]


def a_clause(county) -> int:
    plan = Plan.objects.get(county=county.county)
    return Clause.objects.get_or_create(plan=plan, number="四(一)1", defaults={"order": 1, "title": "就业"})[0].pk


def test_a_towns_share_is_changed_where_all_are(tiny, office):
    share = Target.objects.get(reading__indicator__code="A01", area=tiny.areas[EAST])
    refused = send(
        office, f"/settings/indicators/target/{share.pk}/change/", value="40", clause=a_clause(tiny)
    )  # fmt: skip
    assert errors_of(refused)["value"] == ["这是分解到镇（街道）的目标；请在“目标分解”里改，使各镇合计仍等于全县。"]


@pytest.mark.parametrize(
    ("west_in_may", "schedule", "due", "rule"),
    [
        (0, "20.0%", [6, 12, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
         "滞后：落后时序进度超过 5 个、不超过 15 个百分点（时序按上年季节）"),
        (None, "16.7%", [5 * number for number in range(1, 13)],
         "基本达序时：落后时序进度不超过 5 个百分点（上年数据不全，时序按线性）"),
    ],
)  # fmt: skip
def test_last_years_season_is_followed_where_it_is_whole_and_the_rule_says_which(
    tiny, office, west_in_may, schedule, due, rule
):
    """2015 had 30 jobs, 6 of them by February: a fifth of 2016's 60 is due then; 8 are there, 13.3 %."""
    added = [3, 3, 6, *[2] * 9, 4, 4]
    jobs = []
    for number, count in enumerate(added):
        west = west_in_may if number == 4 else 0
        cells_of_month = {(EAST, "D01"): count, (EAST, "D02"): 0}
        if west is not None:
            cells_of_month |= {(WEST, "D01"): west, (WEST, "D02"): 0}
        jobs.append((START + number, cells_of_month))
    put(tiny, jobs)
    goal = Target.objects.filter(reading__indicator__code="A01", area=tiny.county, end_month=START + 23)
    goal.update(path="season")
    derive(tiny)
    page = office.get("/indicators/A01/?month=2016-02&version=live")
    assert (page.context["rule"], page.context["facts"][2]["note"]) == (rule, f"时序 {schedule}")
    path = next(trace for trace in page.context["chart_json"]["data"] if trace.get("name") == "时序")
    assert [round(float(value), 4) for value in path["y"]] == due
