"""The matrix of towns and indicators and the schematic map: lights, hatches, the picked cell, tiles as set."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.matrix_page import headline
from indicators.models import Target, Tile
from indicators.publish import publish
from tests.integration.equality.conftest import JUNE, MAY, derive, signed_in, workers
from tests.integration.factories import E1, EAST, START, W1, W2, WEST, put

pytestmark = pytest.mark.django_db


def matrix(user, query=""):
    client = signed_in(user)
    client.get("/account/")  # the sitting is stamped once a minute
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/areas/matrix/?{query}")
    assert response.status_code == 200
    return response, len(asked)


def cell(response, town: str, code: str) -> dict:
    table = response.context["table"]
    column = next(i for i, one in enumerate(table["head"]) if one["code"] == code)
    return next(row for row in table["rows"] if row["name"] == town)["cells"][column]


def test_a_town_has_a_light_in_the_matrix_only_where_a_target_is_its_own(county):
    Target.objects.filter(comparator=">=", value=97).update(base_value=90, base_month=START)
    derive(county)
    publish(county.county, MAY, by=county.office)
    response, asked = matrix(county.leader)
    assert asked <= 12
    east, west, whole = (cell(response, name, "A04") for name in (EAST[-3:], WEST[-3:], "全县"))
    assert (east["value"], east["word"]) == ("65.00", "严重滞后")  # East is held to 97 by a target of its own
    assert (west["value"], west["word"], west["light"]) == ("75.00", "未分解", None)
    assert (whole["value"], whole["word"]) == ("70.45", "严重滞后")
    assert [row["late"] for row in response.context["table"]["rows"]][:2] == [1, 0]
    assert "101 1 项滞后，最多" in response.content.decode()


def test_the_map_shows_towns_where_the_settings_put_them_and_a_picked_cell_its_parts(county):
    for row, (town, column) in enumerate(((EAST, 2), (WEST, 1)), start=1):
        Tile.objects.create(area=county.areas[town], row=row, column=column)
    publish(county.county, MAY, by=county.office)
    response, _asked = matrix(county.leader, f"area={WEST}&indicator=A04")
    tiles = [(tile["name"], tile["row"], tile["column"]) for tile in response.context["map"]["tiles"]]
    assert tiles == [(EAST[-3:], 1, 2), (WEST[-3:], 2, 1)]
    facts = response.context["detail"]["facts"]
    assert facts == ["分子 180，分母 240", "全县 70.45%", "覆盖 2/2 村"]
    assert [line["gap"] for line in response.context["map"]["lines"]] == ["−5.45", "+4.55"]


def test_a_town_that_is_not_complete_is_hatched_with_its_coverage(county):
    put(county, [(JUNE + 1, workers({E1: (90, 100), W1: (150, 200), W2: (30, 40)}))])
    derive(county)
    publish(county.county, JUNE + 1, by=county.office)
    response, _asked = matrix(county.leader)
    east = cell(response, EAST[-3:], "A04")
    assert (east["partial"], east["coverage"], east["word"]) == (True, "1/2 村", "数据不全")


@pytest.mark.parametrize(
    ("late", "told"),
    [
        ([6, 6, 2], "3 个镇街 × 2 项指标：甲镇、乙镇各 6 项滞后，最多"),
        ([6, 5, 2], "3 个镇街 × 2 项指标：甲镇 6 项滞后，最多"),
    ],
)
def test_towns_with_as_many_late_are_named_together(late, told):
    towns = [SimpleNamespace(id=number, label=name) for number, name in enumerate(("甲镇", "乙镇", "丙镇"))]
    found = SimpleNamespace(towns=towns, columns=[1, 2], judged=True, late=late.__getitem__)
    assert headline(found)[0]["text"] == told
