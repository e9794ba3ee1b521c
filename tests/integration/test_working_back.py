"""The indicator page's working back, what-if and kept forecasts, on the worked example of lessons.md and visual.md.

6,800 new jobs a year wanted, 4,100 by August 2016; the months are those of pictures/indicator-1440.png.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client

from bureau import months
from bureau.installation import data_version
from bureau.models import Grant, Installation
from bureau.places import Tree
from indicators import evaluate, rollup
from indicators.forecast_jobs import forecast_release, queue_missing
from indicators.models import Figure, Indicator, KeptForecast, PublishedMonth, Target
from indicators.publish import publish
from tests.integration import factories
from tests.integration.factories import COUNTY, EAST, START, WEST, approved, person, put

JOBS_2015 = (455, 352, 690, 710, 640, 603, 580, 570, 612, 598, 606, 605)
JOBS_2016 = (402, 318, 611, 655, 576, 548, 497, 493)
AUGUST = months.make(2016, 8)
PAGE, FORECAST = "/indicators/A01/?month=2016-08", "/indicators/A01/forecast/?month=2016-08&version=1"


@pytest.fixture(scope="module")
def lesson(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """The small county with 20 months of the lesson, all released."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            tiny = factories.tiny_county()
            Indicator.objects.filter(code="A01").update(unit="人", decimals=0)
            Indicator.objects.filter(code="B09").update(counted_in="人", shift_word="转接", join_word="新增")
            jobs = Target.objects.filter(reading__indicator__code="A01")
            jobs.filter(area=tiny.county).update(value=Decimal(6800))
            of_jobs, of_share = jobs[0].reading, tiny.indicators["B09"].readings.get()
            year = {"start_month": START + 12, "end_month": START + 23, "comparator": ">=", "path": "linear"}
            Target.objects.create(reading=of_jobs, area=tiny.areas[EAST], value=Decimal(6500), **year)
            Target.objects.create(reading=of_share, area=tiny.county, value=Decimal(60), **year)
            put(tiny, [(START + n, month(jobs)) for n, jobs in enumerate(JOBS_2015 + JOBS_2016)])
            refresh(tiny)
            for released in range(START, AUGUST + 1):
                publish(tiny.county, released, by=tiny.office)
            tiny.leader = person("leader", (Grant.Role.LEADER, None))
            yield tiny
            transaction.set_rollback(True)
        connection.close()


def month(jobs: int) -> dict:
    """A month's figures of both towns: all new jobs in the East; 103,840 of 195,000 insured are active."""
    pension = {(EAST, "D31", "active"): 103_840, (EAST, "D31", "retired"): 91_160}
    nobody = {(WEST, "D01"): 0, (WEST, "D02"): 0, (WEST, "D31", "active"): 0, (WEST, "D31", "retired"): 0}
    return {(EAST, "D01"): jobs + 20, (EAST, "D02"): 20, **pension, **nobody}


def refresh(tiny: SimpleNamespace) -> None:
    tree = Tree(tiny.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)


@pytest.fixture(autouse=True)
def in_savepoint(db, lesson):
    """Each test in a transaction of its own."""


@pytest.fixture
def client(lesson) -> Client:
    client = Client()
    client.force_login(lesson.leader)
    return client


def words(client: Client, url: str) -> str:
    """What the page says, markup and line breaks gone."""
    answer = client.get(url)
    assert answer.status_code == 200
    page = re.sub(r"<script.*?</script>", "", answer.content.decode(), flags=re.S)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_lessons_new_jobs_need_675_a_month_and_even_the_best_four_months_are_57_short(client):
    page = words(client, PAGE)
    for told in (
        "1.32 倍", "还差 2,700 人", "剩余月数 4 个月 2016年9月—2016年12月", "须达速度 675 人/月",
        "近 3 月速度 513 人/月",
        "近 12 月速度 543 人/月",  # 2,421 of September to December 2015 and 4,100 since, ÷ 12 = 543.4
        "历史最好 4 个月 661 人/月 2015年3月—2015年6月，合计 2,643 人",
        "按近 3 月速度到2016年12月底 6,151 人，90.5%",  # 4,100 + 4 × 512.67; ÷ 6,800
        "按近 3 月速度达到 2017年2月",  # 2,700 ÷ 512.67 = 5.3 months
        "最迟提速月份 已过",
        "即便重现历史最好的 4 个月，仍差 57 人，须有新增措施",
        "60.3 %", "时序 66.7%",
    ):  # fmt: skip
        assert told in page, told


def test_a_share_is_short_of_so_many_people_by_either_way(client):
    assert "须转接 13,160 人或新增 32,900 人" in words(client, "/indicators/B09/?month=2016-08")
    Indicator.objects.filter(code="B09").update(join_word="")
    page = words(client, "/indicators/B09/?month=2016-08")
    assert "须转接 13,160 人" in page
    assert "32,900" not in page


@pytest.mark.parametrize(
    ("pace", "told"),
    [
        ("610", "到2016年12月底 6,540 人 完成率 96.2 % 还差 260 人 达到月份 2017-01 相当于近 3 月速度 1.19 倍"),
        ("675", "到2016年12月底 6,800 人 完成率 100.0 % 还差 0 人 达到月份 2016-12 相当于近 3 月速度 1.32 倍"),
        ("0", "到2016年12月底 4,100 人 完成率 60.3 % 还差 2,700 人 达到月份 按此速度无法达到"),
        ("many", "到2016年12月底 6,152 人"),  # no number: the present pace of 513 stands in the field
        ("-3", "到2016年12月底 6,152 人"),
        ("1e9", "到2016年12月底 6,152 人"),
        ("9" * 14, "到2016年12月底 6,152 人"),
    ],
)
def test_without_a_script_the_form_asks_the_server_what_a_pace_leads_to(client, pace, told):
    page = words(client, f"{PAGE}&pace={pace}")
    assert told in page


def test_a_forecast_is_asked_for_made_once_and_stands(client, lesson):
    page = words(client, PAGE)
    assert "正在计算" in page
    assert KeptForecast.objects.count() == 0, "reading a page makes none"
    answer = client.get(FORECAST)
    assert (answer.status_code, answer.url) == (302, "/indicators/A01/?month=2016-08&version=1#forecast")
    made = KeptForecast.objects.get()
    assert (made.area, made.month, made.version, made.method) == (lesson.county.pk, AUGUST, 1, "seasonal")
    assert made.last_month == months.make(2016, 12)
    assert made.data_version == PublishedMonth.objects.get(month=AUGUST).data_version
    low, inner_low, middle, inner_high, high = (course[-1] for course in made.bands)
    assert 41_000_000 < low < inner_low < middle < inner_high < high
    again = client.get(FORECAST, headers={"HX-Request": "true"})
    assert (again.status_code, again.headers["HX-Refresh"]) == (204, "true")
    assert KeptForecast.objects.get().computed_at == made.computed_at, "it was not made again"
    page = words(client, PAGE)
    assert "正在计算" not in page
    assert re.search(
        r"预计2016年12月底 [\d,]+ 人 80% 区间 [\d,]+–[\d,]+ 50% 区间 [\d,]+–[\d,]+ 达标概率 [<>]?\d+%", page
    )
    assert "回测：从以往各月起往后推，共 42 个月" in page  # nine origins four months ahead, then 3 + 2 + 1


def test_the_same_series_always_gives_the_same_numbers(client, lesson):
    client.get(FORECAST)
    first = KeptForecast.objects.values("bands", "chance", "mase", "held", "tried", "widening").get()
    KeptForecast.objects.all().delete()
    client.get(FORECAST)
    assert KeptForecast.objects.values(*first).get() == first


def test_a_releases_forecasts_are_made_by_the_worker_and_a_later_figure_leaves_them(client, lesson):
    release = PublishedMonth.objects.get(month=AUGUST)
    assert forecast_release.func(release.pk) > 0
    # their targets run to December and have figures; no other indicator has both
    names = dict(Indicator.objects.values_list("pk", "code"))
    assert sorted(names[pk] for pk in KeptForecast.objects.values_list("indicator", flat=True)) == ["A01", "A02", "B09"]
    kept = KeptForecast.objects.get(indicator=lesson.indicators["A01"].pk)
    assert not queue_missing(), "the last release has its forecasts"
    put(lesson, [(AUGUST, {(EAST, "D01"): 900})])
    refresh(lesson)
    assert "正在计算" not in words(client, PAGE)
    assert KeptForecast.objects.get(indicator=lesson.indicators["A01"].pk).computed_at == kept.computed_at


def test_live_figures_have_a_forecast_of_their_own_made_anew_when_they_move(lesson):
    office = Client()
    office.force_login(lesson.office)
    live = "/indicators/A01/?month=2016-08&version=live"
    ask = live.replace("A01/", "A01/forecast/")
    office.get(ask)
    first = KeptForecast.objects.get()
    assert (first.version, first.data_version) == (0, data_version(lesson.county.pk))
    put(lesson, [(AUGUST, {(EAST, "D01"): 613})])
    refresh(lesson)
    assert "正在计算" in words(office, live), "the kept one is of other figures"
    office.get(ask)
    assert KeptForecast.objects.get().bands != first.bands


def test_an_approval_makes_no_forecast(lesson):
    approved(lesson, "town", EAST, AUGUST + 1, {(EAST, "D01"): 5, (EAST, "D02"): 0})
    assert KeptForecast.objects.count() == 0


def test_with_four_months_nothing_is_forecast(client):
    page = words(client, "/indicators/A01/?month=2015-04")
    assert "数据不足，不作预测：只有 4 个月的数，满 6 个月后给出" in page
    client.get("/indicators/A01/forecast/?month=2015-04")
    assert KeptForecast.objects.count() == 0


def test_a_month_that_is_not_all_there_is_not_forecast_from(lesson):
    office = Client()
    office.force_login(lesson.office)
    put(lesson, [(AUGUST + 1, {(EAST, "D01"): 500, (EAST, "D02"): 0})])  # nothing of the West
    refresh(lesson)
    assert "本月数据不全，不作预测；补齐后给出" in words(office, "/indicators/A01/?month=2016-09&version=live")


def test_a_gap_of_one_month_does_not_hide_the_months_after_it(lesson):
    """February 2016 lacks the West, so the year is not covered; March to August are, as their paces say."""
    office = Client()
    office.force_login(lesson.office)
    gone = {"area": lesson.areas[WEST].pk, "item": lesson.items["D01"].pk, "month": START + 13}
    Figure.objects.filter(**gone).delete()
    refresh(lesson)
    page = words(office, "/indicators/A01/?month=2016-08&version=live")
    assert "近 3 月速度 513 人/月" in page
    assert "正在计算" in page  # six months, March to August
    assert "合计 2,643 人" in page


def test_a_town_with_a_target_of_its_own_is_worked_back_too(client, lesson):
    page = words(client, PAGE)
    assert f"全县 {EAST[-3:]} " in page, "the choice of the place"
    town = words(client, f"{PAGE}&area={EAST}")
    assert "还差 2,400 人" in town
    assert "须达速度 600 人/月" in town  # 2,400 ÷ 4
    assert "重现历史最好的 4 个月，可以达到" in town  # 2,643
    of_the_town = client.get(f"/areas/{EAST}/?month=2016-08").content.decode()
    assert f'href="/indicators/A01/?month=2016-08&amp;version=1&amp;area={EAST}"' in of_the_town
    assert 'href="/indicators/A02/?month=2016-08&amp;version=1"' in of_the_town, "no target of its own"
    client.get(f"{FORECAST}&area={EAST}")
    assert KeptForecast.objects.get().area == lesson.areas[EAST].pk
    assert client.get(f"{PAGE}&area=330424999").status_code == 404
    assert client.get(f"{FORECAST}&area=330424999").status_code == 404
    assert client.get(f"{PAGE}&area={COUNTY}").status_code == 200


def test_the_charts_tell_what_they_show(client):
    """Fan, hatching and tooltips as the page's own script data has them, and a table beside each chart."""
    client.get(FORECAST)
    answer = client.get(PAGE)
    drawn = {chart: answer.context[chart] for chart in ("chart_json", "monthly_json")}
    names = [trace["name"] for trace in drawn["chart_json"]["data"]]
    assert names == ["80% 区间", "50% 区间", "预测", "去年同期", "时序", "须达", "实绩"]
    actual = drawn["chart_json"]["data"][-1]
    assert actual["customdata"][7][:2] == ["2016年8月", "4,100 人"]
    assert actual["customdata"][7][2].split("<br>") == ["本月数 493", "时序 4,533", "2/2 镇街"]
    bars = drawn["monthly_json"]["data"]
    assert [trace["name"] for trace in bars] == ["本月", "须达"]
    assert bars[1]["y"] == [675] * 4
    told = [note["text"] for chart in drawn.values() for note in chart["layout"]["annotations"]]
    assert {"落后 433 人", "须达 675", "时序 567"} <= set(told)  # 4,533 − 4,100; 6,800 ÷ 12
    page = answer.content.decode()
    assert page.count("data-chart-image") == 4
    assert page.count('class="chart-data"') == 2
    assert page.count('href="/indicators/A01/data.csv') == 3  # at the head and beside each chart


def test_the_order_of_the_business_day_does_not_matter(client):
    """A forecast depends on the series alone, not on the day it is asked for."""
    client.get(FORECAST)
    first = KeptForecast.objects.get()
    Installation.objects.update(business_date=date(2018, 1, 1))
    client.get(FORECAST)
    assert KeptForecast.objects.get().digest == first.digest
