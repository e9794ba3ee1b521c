"""What a program reads is what the pages say: hand-worked values, each month in its version, JSON and CSV alike."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import Installation
from indicators.api import aims, catalogue, plan, releases, results
from indicators.api.tables import Table
from indicators.publish import publish
from tests.integration.factories import COUNTY, EAST, START, WEST
from tests.integration.test_publish import FEBRUARY

pytestmark = pytest.mark.django_db
TABLES = [
    table
    for module in (plan, catalogue, aims, releases, results)
    for table in vars(module).values()
    if isinstance(table, Table)
]


def cells(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_an_evaluation_has_its_value_target_pace_coverage_and_light(leader):
    """February: 20 of January as released and 10 + 5 − 10 corrected leave 2 + 8 + 15 = 25 of 60."""
    (row,) = leader.rows("evaluations", indicator="A01", area=COUNTY)
    assert {key: row[key] for key in ("month", "version", "reading", "official", "area", "unit")} == {
        "month": "2015-02", "version": "1", "reading": "main", "official": True, "area": COUNTY, "unit": "%",
    }  # fmt: skip
    assert (row["value"], row["month_value"], row["target_value"]) == ("25", "15", "60")
    assert (row["completion"], row["schedule"]) == ("41.6666", "16.6666"), "25/60 and 2/12, cut at four decimals"
    assert row["lag"] == "-25", "ahead by 25 points"
    assert (row["remaining"], row["required"]) == ("35", "3.5"), "35 in ten months"
    assert (row["state"], row["reported"], row["expected"]) == ("ok", 2, 2)
    assert (row["light"], row["light_name"], row["formula_from"]) == ("on_course", "达序时", "2015-01")


def test_each_month_is_read_in_the_version_the_release_saw(leader):
    found = leader.rows("evaluations", indicator="A01", area=COUNTY, since="2015-01")
    assert [(row["month"], row["version"], row["value"]) for row in found] == [
        ("2015-01", "1", "20"),
        ("2015-02", "1", "25"),
    ]
    assert leader.rows("evaluations", indicator="A01", since="2015-01", until="2015-01", month="2015-01")[0] == found[0]


def test_live_figures_go_to_those_whose_pages_show_them(leader, reviewer):
    assert leader("evaluations", version="live").status_code == 404
    assert leader("figures", month="2015-03").status_code == 404
    (row,) = reviewer.rows("figures", version="live", item="D01", area=WEST)
    assert (row["month"], row["version"], row["value"]) == ("2015-03", "live", "4321")
    (january,) = reviewer.rows("evaluations", month="2015-01", version="live", indicator="A01", area=COUNTY)
    assert january["value"] == "10", "2 + 8 as corrected"
    assert reviewer("evaluations", version="live").json()["released_on"] is None


def test_totals_come_with_who_is_missing_and_by_category(leader):
    (total,) = leader.rows("figures", item="D31", category="total", area=COUNTY)
    assert (total["value"], total["reported"], total["expected"], total["missing"]) == ("12", 1, 2, [WEST])
    found = leader.rows("figures", item="D31", area=EAST)
    assert [(row["category"], row["value"]) for row in found] == [("", "12"), ("active", "7"), ("retired", "5")]


def test_the_correction_list_names_the_old_and_the_new_with_the_countys(leader):
    (line,) = leader.rows("corrections")
    assert (line["release_month"], line["month"], line["area"], line["item"]) == ("2015-02", "2015-01", EAST, "D01")
    assert (line["old"], line["new"], line["county_old"], line["county_new"]) == ("12", "2", "20", "10")
    assert line["reason"] == "重复计了几人"
    found = leader.rows("releases")
    assert [(row["month"], row["version"], row["corrections"]) for row in found] == [
        ("2015-02", "1", 1),
        ("2015-01", "1", 0),
    ]


def test_catalogue_and_targets(leader):
    (indicator,) = leader.rows("indicators", indicator="A03")
    assert (indicator["section"], indicator["core"], indicator["decimals"]) == ("jyj", True, 2)
    (formula,) = leader.rows("formulas", indicator="A03")
    assert (formula["numerator"], formula["denominator"], formula["scale"]) == ("D21", "D20 + D21", "100")
    (target,) = leader.rows("targets", indicator="A03")
    assert (target["comparator"], target["value"], target["tolerance"], target["path"]) == ("~", "3", "0.5", "none")
    aims_of_a01 = leader.rows("targets", indicator="A01", area=EAST)
    assert [(row["end_month"], row["value"]) for row in aims_of_a01] == [("2015-12", "33.3")]
    assert [row["official"] for row in leader.rows("readings", indicator="A01")] == [True]
    assert len(leader.rows("areas", level="village")) == 4, "E1, E2, W1, W2; E3 comes later"
    assert [row["code"] for row in leader.rows("categories")] == ["active", "retired"]


def test_a_target_made_after_the_release_is_not_in_it(leader, county):
    before = leader.rows("targets", indicator="A01")
    changed = county.indicators["A01"].readings.get().targets.get(area=county.county, end_month=START + 11)
    changed.value, changed.amended_at = 99, "2100-01-01T00:00:00Z"
    changed.save()
    assert leader.rows("targets", indicator="A01") == before


def test_csv_says_what_json_says_and_both_what_is_described(leader):
    assert len(TABLES) == 17
    for table in TABLES:
        answer = leader(table.name)
        table.page_model.model_validate(answer.json())
        rows, lines = answer.json()["items"], cells(leader(table.name, format="csv"))
        heads = {column.head: column for column in table.columns}
        assert len(rows) == len(lines)
        assert not lines or list(lines[0]) == list(heads)
        for row, line in zip(rows, lines, strict=True):
            for head, column in heads.items():
                assert line[head].removeprefix("'") == in_csv(row[column.key]), (table.name, head)


def in_csv(value: object) -> str:
    """What a spreadsheet shows for a value of the JSON."""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def test_the_api_the_pages_file_and_the_page_agree(leader, county, client):
    client.force_login(county.leader)
    (row,) = leader.rows("evaluations", indicator="A01", area=COUNTY)
    file = cells(client.get("/indicators/A01/data.csv"))
    (same,) = [one for one in file if one["month"] == "2015-02" and one["area"] == COUNTY]
    for key in ("value", "month_value", "completion", "lag", "reported", "expected"):
        assert same[key] == str(row[key]), key
    assert "25.00%" in client.get("/indicators/A01/").content.decode()


def test_accept_chooses_the_form_and_the_query_has_the_last_word(leader):
    assert leader("plan", headers={"Accept": "text/csv"})["Content-Type"] == "text/csv; charset=utf-8"
    assert leader("plan", headers={"Accept": "text/csv"}, format="json")["Content-Type"].startswith("application/json")
    assert leader("plan", headers={"Accept": "application/json, text/csv"})["Content-Type"].startswith(
        "application/json"
    )


def test_invented_figures_are_marked_in_both_forms(leader, county):
    Installation.objects.update(demonstration=True)
    released = leader("plan").json()
    assert (released["demonstration"], released["mark"]) == (False, ""), "the release was made of real ones"
    publish(county.county, FEBRUARY, by=county.office, reason="改为演示数据")
    assert leader("plan").json()["mark"] == "演示数据"
    assert leader("plan", format="csv").content.decode("utf-8-sig").splitlines()[0] == "演示数据"


def test_a_name_that_starts_a_formula_is_harmless_in_the_csv(leader, county):
    county.items["D01"].name = "=HYPERLINK(1)"
    county.items["D01"].save()
    assert b",'=HYPERLINK(1)," in leader("items", format="csv", item="D01").content


def test_whoever_has_the_answer_is_told_so(leader):
    first = leader("evaluations")
    again = leader("evaluations", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert leader("evaluations", headers={"If-None-Match": f'"x", W/{first["ETag"]}'}).status_code == 304
    assert leader("evaluations", headers={"If-None-Match": first["ETag"]}, month="2015-01").status_code == 200
    assert leader("evaluations", format="csv")["ETag"] != first["ETag"]


def test_pages_follow_each_other_without_gap_or_overlap(leader):
    whole = leader.rows("figures", since="2015-01")
    answer = leader("figures", since="2015-01", limit=4)
    got = answer.json()["items"]
    while following := answer.json()["next"]:
        assert answer["Link"] == f'<{following}>; rel="next"'
        answer = leader.client.get(following, headers={"Authorization": f"Bearer {leader.text}"})
        got += answer.json()["items"]
    assert len(whole) > 8
    assert got == whole
    assert answer.json()["total"] == len(whole) == int(answer["X-Total-Count"])
    assert leader.rows("figures", offset=10_000) == []


def test_head_is_answered_without_a_body(leader):
    answer = leader("evaluations", method="head")
    assert (answer.status_code, answer.content, answer["X-Total-Count"]) == (
        200,
        b"",
        str(len(leader.rows("evaluations"))),
    )


@pytest.mark.parametrize("address", ["evaluations", "figures", "targets", "clauses"])
def test_the_database_is_asked_as_often_for_many_rows_as_for_few(leader, address):
    leader(address)  # puts down the day of use
    narrow = {"area": EAST} if address != "clauses" else {}
    with CaptureQueriesContext(connection) as few:
        leader(address, **narrow)
    wide = {"since": "2015-01"} if address in ("evaluations", "figures") else {}
    with CaptureQueriesContext(connection) as many:
        leader(address, **wide)
    assert len(few) == len(many) <= 12
