"""What reporting asks (填报减负): cells and uses of each item, what nothing uses is proposed, each place its share."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.models import Grant
from bureau.places import Tree
from indicators.burden import Burden
from indicators.models import BalanceRule, DataItem, Entry, FormItem
from indicators.models.figures import CellState
from tests.integration.factories import COUNTY, E1, EAST, START, fill, person

pytestmark = pytest.mark.django_db

MONTH = "?month=2015-01"


def page(user, query=MONTH):
    client = Client()
    client.force_login(user)
    return client.get(f"/burden/{query}")


@pytest.fixture
def idle(tiny):
    """D99, asked of both towns, used by nothing."""
    item = DataItem.objects.create(code="D99", name="台账份数", unit="份", kind="flow")
    FormItem.objects.create(form=tiny.forms["town"], item=item, level="town")
    return item


def row(answer, code):
    return next(one for one in answer.context["items"] if one["code"] == code)


def test_each_item_tells_its_forms_its_cells_and_what_uses_it(tiny):
    BalanceRule.objects.create(code="B1", text="D23 <= D22")
    insured = row(page(tiny.office), "D23")
    assert insured["cells"] == "4"  # four villages in January 2015
    assert [one["text"] for one in insured["indicators"]] == ["A04 A04（分子）"]
    assert (insured["checks"], insured["proposal"]) == (["D23 <= D22"], "")
    assert insured["documents"] == "通报和报告、数据附表"
    assert row(page(tiny.office), "D13")["cells"] == "8"  # of each village two categories
    assert row(page(tiny.office), "D80")["proposal"] == "按区划自动计数，不用填"


def test_what_nothing_uses_is_proposed_first_with_its_reason_and_goes_on_being_asked(tiny, idle):
    answer = page(tiny.office)
    first = answer.context["items"][0]
    assert (first["code"], first["proposal"]) == (
        "D99", "建议取消：没有指标、核对规则、报告用到，每月却要填 2 格",
    )  # fmt: skip
    assert "".join(part["text"] for part in answer.context["headline"]).endswith("1 项没有用到，建议取消")
    assert FormItem.objects.filter(item=idle).exists()


def test_what_only_a_check_uses_is_told_so_and_what_is_out_of_use_is_not_proposed(tiny, idle):
    BalanceRule.objects.create(code="B1", text="D99 <= D01")
    assert row(page(tiny.office), "D99")["proposal"] == "只用于核对"
    BalanceRule.objects.all().delete()
    DataItem.objects.filter(pk=idle.pk).update(to_month=START - 1)
    gone = row(page(tiny.office), "D99")
    assert (gone["cells"], gone["proposal"]) == ("—", "已停用")


def test_a_place_shows_cells_asked_imported_and_carried_over(tiny):
    fill(tiny, "town", EAST, START, {(EAST, "D01"): 1, (EAST, "D02"): 0, (EAST, "D21"): 7})
    Entry.objects.filter(item=tiny.items["D01"]).update(source="workbook")
    Entry.objects.filter(item=tiny.items["D21"]).update(state=CellState.CARRIED)
    (group,) = page(tiny.clerk).context["places"]
    town = next(one for one in group["rows"] if one["name"].startswith("town"))
    # D01, D02, D21 and both categories of D31
    assert (town["asked"], town["filled"], town["imported"], town["carried"]) == ("5", "3", "1（33.3%）", "1（33.3%）")
    network = next(one for one in group["rows"] if one["name"].startswith("network"))
    # D81 of the town and its three villages; D80, which it is held against, the system counts itself
    assert (network["asked"], network["counted"], network["filled"]) == ("4", "4", "0")


def test_a_town_is_told_its_own_sheets_alone_and_a_section_its_forms(tiny):
    town = page(tiny.clerk)
    assert [group["title"] for group in town.context["places"]] == ["101"]
    assert (town.context["items"], town.context["items_csv"]) == ([], "")
    section = person("section", (Grant.Role.SECTION_CLERK, tiny.sections["jyj"]))
    assert {group["title"] for group in page(section).context["places"]} == {"424", "101", "102"}
    stranger = person("stranger", (Grant.Role.REVIEWER, tiny.sections["sbj"]))
    assert page(stranger).status_code == 404


def test_a_villages_assistant_has_no_sheet_and_leaders_are_refused(tiny):
    assert page(person("village", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1]))).status_code == 404
    assert page(person("leader", (Grant.Role.LEADER, None))).status_code == 403


def test_the_csv_says_the_same_number_by_number(tiny, idle):
    client = Client()
    client.force_login(tiny.office)
    text = client.get(f"/burden/items.csv{MONTH}").content.decode("utf-8-sig")
    rows = {line["code"]: line for line in csv.DictReader(io.StringIO(text))}
    assert (rows["D23"]["cells_a_month"], rows["D99"]["proposal"][:4]) == ("4", "建议取消")
    text = client.get(f"/burden/places.csv{MONTH}").content.decode("utf-8-sig")
    asked = {(line["place_code"], line["form"]): line["cells_asked"] for line in csv.DictReader(io.StringIO(text))}
    assert (asked[EAST, "town"], asked[COUNTY, "county"]) == ("6", "4")
    client.force_login(tiny.clerk)
    assert client.get(f"/burden/items.csv{MONTH}").status_code == 404


def test_it_asks_the_database_no_more_often_as_entries_grow(tiny):
    client = Client()
    client.force_login(tiny.office)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/burden/{MONTH}")
        return len(captured)

    asked()
    before = asked()
    fill(tiny, "town", EAST, START, {(EAST, "D01"): 1, (EAST, "D02"): 0})
    assert asked() == before <= 14


def test_cells_are_those_of_the_places_of_the_month(tiny):
    """E2 closed with September 2015 and E3 took over in October: four villages before and after."""
    for month in (START, START + 9):
        lines = {one.item.code: one.cells for one in Burden(Tree(tiny.county.pk), month).lines()}
        assert (lines["D22"], lines["D81"]) == (4, 2 + 4 + 1)
