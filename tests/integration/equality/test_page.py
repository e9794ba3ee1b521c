"""The equality page: its two numbers and sentences, what it does not compare and why, 实现度, the CSV, its queries."""

from __future__ import annotations

import csv
import io
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import AreaSpan
from indicators.models import EqualityRole
from indicators.publish import publish
from tests.integration import factories
from tests.integration.equality.conftest import JUNE, MAY, derive, page, signed_in, workers
from tests.integration.factories import COUNTY, E1, E3, EAST, W1, W2, WEST, Formula, put
from tests.integration.settings.forms import send

pytestmark = pytest.mark.django_db


def test_the_page_opens_with_the_two_gaps_and_says_whose_rise_closed_them(county):
    publish(county.county, MAY, by=county.office)
    publish(county.county, JUNE, by=county.office)
    text = page(county, county.leader, month=JUNE)
    # June: East 150/200 = 75, West 75; country 210/300 = 70, town 85.71
    assert "就业率：城镇高于乡村 15.71 个百分点；镇街间最高与最低相差 0.00 个百分点" in text
    assert "与2016年5月比，差距缩小 6.67 个百分点：城镇持平，乡村上升 6.67" in text
    assert "强弱镇街间的差距缩小 10.00 个百分点：较弱的上升 10.00，其余持平，主要是弱的赶上来" in text
    assert "城镇 85.71（2/2 村（社区））" in text


def test_denominators_under_thirty_are_not_compared_and_the_page_says_so(county):
    put(county, [(JUNE + 1, workers({E1: (9, 10), E3: (5, 19), W1: (150, 200), W2: (15, 20)}))])
    derive(county)
    publish(county.county, JUNE + 1, by=county.office)
    text = page(county, county.leader, month=JUNE + 1)
    assert "够大可比的镇街不到 2 个，不比较" in text  # East has 29, West 220
    assert "分母不足 30，不计" in text
    assert "城镇高于乡村" in text  # 30 and 219 are enough


def test_an_indicator_with_figures_of_towns_has_no_town_and_country_and_says_why(county):
    EqualityRole.objects.create(indicator=county.indicators["B09"], kind="places")
    AreaSpan.objects.filter(area=county.areas[EAST]).update(kind="street")
    insured = {(EAST, "active"): 60, (EAST, "retired"): 40, (WEST, "active"): 90, (WEST, "retired"): 10}
    put(county, [(MAY, {(town, "D31", status): number for (town, status), number in insured.items()})])
    derive(county)
    publish(county.county, MAY, by=county.office)
    text = page(county, county.leader, "B09")
    assert "镇街间最高与最低相差 30.00 个百分点" in text
    assert "街道与镇之间" in text  # what cannot be told by town and country is told by subdistricts and towns
    assert "公式中有不由村（社区）填报的项目" in text


def test_two_groups_in_one_formula_show_their_rates_and_the_gap(county):
    formula = Formula("A16", "year", "D62 / D61", "D61 / D61", "(M - N) * 100")
    county.indicators["A16"] = factories._indicator(formula, county.sections["jyj"], county.areas)
    EqualityRole.objects.create(indicator=county.indicators["A16"], kind="pair", pair="居民 / 职工")
    put(county, [(MAY, {(COUNTY, "D61"): 200, (COUNTY, "D62"): 150})])
    derive(county)
    publish(county.county, MAY, by=county.office)
    text = page(county, county.leader, "A16")
    assert "职工高于居民 25.00 个百分点" in text
    assert "全县数，不分镇街" in text


def test_the_csv_holds_what_every_measure_is_recomputed_from(county):
    publish(county.county, MAY, by=county.office)
    answer = signed_in(county.leader).get("/equality/data.csv?indicator=A04")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    places = {
        row["area"]: (float(row["numerator"]), float(row["denominator"])) for row in lines if row["kind"] == "place"
    }
    told = {row["part"]: float(row["value"]) for row in lines if row["kind"] == "measure" and row["value"]}
    towns = [places[EAST], places[WEST]]
    whole = sum(d for _, d in towns)
    mean = sum(n for n, _ in towns) / whole * 100
    rate, weight = [n / d * 100 for n, d in towns], [d / whole for _, d in towns]
    assert (rate, told["range"], told["ratio"]) == ([65, 75], 10, pytest.approx(75 / 65))
    variance = sum(p * (y - mean) ** 2 for p, y in zip(weight, rate, strict=True))
    assert told["cv"] == pytest.approx(math.sqrt(variance) / mean)
    assert told["evenness"] == pytest.approx(1 - math.sqrt(variance) / mean)
    assert told["gini"] == pytest.approx(weight[0] * weight[1] * 10 / mean)
    assert told["theil_t"] == pytest.approx(
        sum(p * y / mean * math.log(y / mean) for p, y in zip(weight, rate, strict=True))
    )
    # Theil's T over the parts: town 120 of 140 against country 190 of 300 in 310 of 440
    mean = 310 / 440
    between = 120 / 310 * math.log(120 / 140 / mean) + 190 / 310 * math.log(190 / 300 / mean)
    assert told["theil_parts_between"] == pytest.approx(between)
    assert told["theil_parts_between"] + told["theil_parts_within"] == pytest.approx(told["theil_parts_total"])


def test_realisation_leaves_out_what_is_not_complete_and_normalises_the_weights(county):
    """A04 60 of 97 (weight 2) and A01 30 of 60 (weight 1); A11 has no value (weight 7)."""
    for code, weight in (("A01", 1), ("A11", 7)):
        EqualityRole.objects.create(indicator=county.indicators[code], weight=weight, source="测试")
    jobs = {(town, item): number for town in (EAST, WEST) for item, number in (("D01", 4), ("D02", 1))}
    put(county, [(month, jobs) for month in range(MAY - 4, MAY + 1)])
    derive(county)
    publish(county.county, MAY, by=county.office)
    text = page(county, county.leader)
    assert "72.63%" in text  # 310/440 = 70.4545 (as kept, 70.4545) ÷ 97
    assert "50.00%" in text  # 30 of 60
    assert "65.09%" in text  # (2 × 72.6335 + 1 × 50) ÷ 3
    assert "1 项没有可用的数，不计，其余权重按比例放大（计入权重 3 / 10）" in text


def test_a_release_keeps_the_weights_it_was_made_with(county):
    publish(county.county, MAY, by=county.office)
    role = EqualityRole.objects.get()
    answer = send(signed_in(county.office), f"/settings/indicators/equalityrole/{role.pk}/change/", weight="5")
    assert answer.status_code == 302
    assert realised(county, county.leader) == [("2", "72.63%")]
    assert realised(county, county.office, "&version=live") == [("5", "72.63%")]
    publish(county.county, MAY, by=county.office, reason="权重调整后再发")
    assert realised(county, county.leader) == [("5", "72.63%")]


def realised(county, user, query="") -> list[tuple[str, str]]:
    """Weight and realisation of each indicator as this person's page has them."""
    response = signed_in(user).get(f"/equality/?month=2016-05{query}")
    groups = response.context["realisation"]["groups"]
    return [(row["weight"], row["realised"]) for group in groups for row in group["rows"]]


def test_the_page_asks_the_database_the_same_few_times(county):
    publish(county.county, MAY, by=county.office)
    client = signed_in(county.leader)
    client.get("/equality/")
    with CaptureQueriesContext(connection) as one:
        client.get("/equality/")
    publish(county.county, JUNE, by=county.office)
    with CaptureQueriesContext(connection) as two:
        client.get("/equality/")
    assert len(one) == len(two) <= 12


def test_live_figures_are_for_those_who_may_read_them(county):
    assert signed_in(county.leader).get("/equality/?version=live").status_code == 404
    assert "城镇高于乡村" in page(county, county.office, query="&version=live")
