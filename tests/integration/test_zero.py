"""The dynamic-zero page of the county and of a town, and its CSV: as counted, with what is missing said."""

from __future__ import annotations

import pytest
from django.test import Client

from bureau import months
from bureau.places import Tree
from indicators import rollup
from indicators.models import DataItem, FormItem
from tests.integration.factories import E1, E3, W1, W2, put

pytestmark = pytest.mark.django_db
JANUARY = months.make(2017, 1)
LIVE = "?month=2017-02&version=live"


@pytest.fixture
def counted(tiny):
    """Two villages find a household each in January; one of them is helped in February, the other is overdue."""
    for code, kind in (("D25", "flow"), ("D26", "flow"), ("D26a", "flow")):
        tiny.items[code] = DataItem.objects.create(code=code, name=code, unit="户", kind=kind)
        FormItem.objects.create(form=tiny.forms["village"], item=tiny.items[code], level="village")

    def month(open_at: dict[str, int], found=(), closed=(), overdue=()):
        return {
            (place, item): value
            for place in (E1, E3, W1, W2)
            for item, value in (
                ("D25", int(place in found)), ("D26", int(place in closed)), ("D26a", int(place in closed)),
                ("D27", open_at.get(place, 0)), ("D27a", int(place in overdue)),
            )
        }  # fmt: skip

    put(tiny, [
        (JANUARY, month({E1: 1, W1: 1}, found=(E1, W1))),
        (JANUARY + 1, month({W1: 1}, closed=(E1,), overdue=(W1,))),
    ])  # fmt: skip
    rollup.refresh(Tree(tiny.county.pk))
    tiny.browser = Client()
    tiny.browser.force_login(tiny.office)
    return tiny


def cells(rows: list[dict]) -> dict[str, list[str]]:
    return {row["label"]: row["cells"] for row in rows}


def test_the_county_its_towns_and_its_months(counted):
    page = counted.browser.get(f"/zero/{LIVE}")
    assert page.context["sentence"] == "新发现2户，消除1户，其中30日内消除1户（100.0%）；期末1户，其中1户超过30日。"
    assert cells(page.context["towns"]) == {
        "全县": ["0", "1", "1", "100.0%", "1", "1"],
        "101": ["0", "1", "1", "100.0%", "0", "0"],
        "102": ["0", "0", "0", "—", "1", "1"],
    }
    assert list(cells(page.context["months"])) == ["2017年2月", "2017年1月"]


def test_a_town_has_its_own_page_and_a_village_none(counted):
    town = counted.browser.get(f"/zero/{LIVE}&area=330424102")
    assert town.context["sentence"] == "新发现1户，消除0户；期末1户，其中1户超过30日。"
    assert [row["coverage"] for row in town.context["months"]] == ["2/2 村", "2/2 村"]
    assert counted.browser.get(f"/zero/{LIVE}&area={W1}").status_code == 404


def test_with_a_village_missing_nothing_is_summed(counted):
    from indicators.models import Figure

    Figure.objects.filter(area=counted.areas[E3].pk, month=JANUARY, item=counted.items["D26"].pk).delete()
    rollup.refresh(Tree(counted.county.pk))
    page = counted.browser.get(f"/zero/{LIVE}")
    assert page.context["sentence"] == ""
    assert page.context["short"] == "2017年1月没有报齐，不作汇总。"


def test_the_csv_holds_every_place_and_month(counted):
    lines = counted.browser.get(f"/zero/list.csv{LIVE}").content.decode("utf-8-sig").splitlines()
    assert lines[:3] == [
        "month,area,found,closed,within,open,overdue,within_share,reported,expected",
        "2017-01,330424,2,0,0,2,0,,4,4",
        "2017-02,330424,0,1,1,1,1,100,4,4",
    ]
    assert len(lines) == 7
