"""Town and country, and groups, against numbers worked by hand: live, as released, as of the month's villages."""

from __future__ import annotations

import pytest

from bureau import months
from bureau.models import AreaSpan, Installation
from bureau.places import Tree
from indicators import splits
from indicators.models import DataItem, EqualityRole, FormItem, PublishedSplit
from indicators.publish import publish
from indicators.queries import read_at
from tests.integration import factories
from tests.integration.equality.conftest import JUNE, MAY, WORKERS, derive, page, workers
from tests.integration.factories import COUNTY, E1, E3, EAST, MOVED, START, W1, W2, WEST, Formula, put

pytestmark = pytest.mark.django_db

BEFORE = MOVED - 1


def parts(tiny, user, month: int, version: str | None = None, code: str = "A04") -> dict:
    """(area code, part) → (numerator, denominator, value, reported, expected) of that month."""
    at = read_at(Installation.objects.get(), user, months.iso(month), version)
    tree = Tree(tiny.county.pk)
    found = splits.read(at, tree, tiny.indicators[code].pk)
    return {
        (tree.codes[one.area], one.part): (*(n and n / 10_000 for n in one[5:8]), one.reported, one.expected)
        for one in found
        if one.month == month
    }


BY_HAND = {
    (COUNTY, "urban"): (120, 140, 85.7142, 2, 2),
    (COUNTY, "rural"): (190, 300, 63.3333, 2, 2),
    (EAST, "urban"): (90, 100, 90, 1, 1),
    (EAST, "rural"): (40, 100, 40, 1, 1),
    (WEST, "urban"): (30, 40, 75, 1, 1),
    (WEST, "rural"): (150, 200, 75, 1, 1),
}


def test_town_and_country_are_the_ratio_of_their_villages_sums_live_and_as_released(county):
    assert parts(county, county.office, MAY, "live") == BY_HAND
    publish(county.county, MAY, by=county.office)
    assert parts(county, county.leader, MAY) == BY_HAND


def test_a_release_keeps_its_parts_whatever_is_corrected_since(county):
    publish(county.county, MAY, by=county.office)
    put(county, [(MAY, workers({E3: (100, 100)}))])
    derive(county)
    assert parts(county, county.leader, MAY) == BY_HAND
    assert parts(county, county.office, MAY, "live")[COUNTY, "rural"] == (250, 300, 83.3333, 2, 2)
    publish(county.county, MAY, by=county.office, reason="更正就业人数")
    assert parts(county, county.leader, MAY)[COUNTY, "rural"] == (250, 300, 83.3333, 2, 2)
    assert parts(county, county.leader, MAY, "1") == BY_HAND
    assert PublishedSplit.objects.count() == 12


def test_a_village_counts_as_what_it_is_in_the_month(county):
    """W2 was a village of East until March 2016; it is a community only since it lies in West."""
    AreaSpan.objects.filter(area__code=W2, from_month=START).update(urban=False, kind="village")
    put(county, [(BEFORE, workers(WORKERS))])
    found = parts(county, county.office, BEFORE, "live")
    assert found[COUNTY, "urban"] == (90, 100, 90, 1, 1)
    assert found[COUNTY, "rural"] == (220, 340, 64.7058, 3, 3)
    assert found[EAST, "rural"] == (70, 140, 50, 2, 2)
    assert parts(county, county.office, MAY, "live")[COUNTY, "urban"] == (120, 140, 85.7142, 2, 2)


def test_a_village_that_did_not_report_is_missing_from_its_side_only(county):
    put(county, [(JUNE + 1, workers({E1: (90, 100), W1: (150, 200), W2: (30, 40)}))])
    found = parts(county, county.office, JUNE + 1, "live")
    assert found[COUNTY, "urban"][3:] == (2, 2)
    assert found[COUNTY, "rural"] == (150, 200, 75, 1, 2)
    assert (EAST, "rural") not in found


def test_a_year_to_date_item_is_taken_as_typed_and_a_flow_summed_from_january(county):
    """A11 = D54 ÷ D53, where D54 is typed cumulative; B01 = D06 ÷ D05, both flows."""
    EqualityRole.objects.create(indicator=county.indicators["A11"], kind="places")
    put(county, [(MAY, {(E1, "D54"): 20, (E1, "D53"): 40, (E3, "D54"): 9, (E3, "D53"): 36})])
    found = parts(county, county.office, MAY, "live", "A11")
    assert found[COUNTY, "urban"] == (20, 40, 50, 1, 2)
    assert found[COUNTY, "rural"] == (9, 36, 25, 1, 2)
    for order, code in enumerate(("D05", "D06"), start=90):
        county.items[code] = DataItem.objects.create(code=code, name=code, unit="人", kind="flow", order=order)
        FormItem.objects.create(form=county.forms["village"], item=county.items[code], level="village", order=order)
    formula = Formula("B01", "year", "D06", "D05", scale=100)
    county.indicators["B01"] = factories._indicator(formula, county.sections["jyj"], county.areas)
    january = months.make(2016, 1)
    put(county, [(january, {(E1, "D06"): 10, (E1, "D05"): 40}), (MAY, {(E1, "D06"): 5, (E1, "D05"): 20})])
    derive(county)
    assert parts(county, county.office, MAY, "live", "B01")[COUNTY, "urban"][:3] == (15, 60, 25)
    publish(county.county, MAY, by=county.office)
    kept = PublishedSplit.objects.filter(indicator=county.indicators["A11"].pk, area=county.county.pk, part="urban")
    assert [(row.month, row.value) for row in kept] == [(MAY, 50)]


def test_groups_are_the_categories_that_all_items_of_a_formula_share(county):
    """D12 beside D13, both by status: active 30 of 60, retired 10 of 50 in the month."""
    broken = county.items["D13"].breakdown
    county.items["D12"] = DataItem.objects.create(code="D12", name="意愿", unit="人", kind="flow", breakdown=broken)
    FormItem.objects.create(form=county.forms["village"], item=county.items["D12"], level="village", order=80)
    formula = Formula("B03", "month", "D13", "D12", scale=100)
    county.indicators["B03"] = factories._indicator(formula, county.sections["jyj"], county.areas)
    EqualityRole.objects.create(indicator=county.indicators["B03"], kind="places")
    cells = {"active": ((20, 40), (10, 20)), "retired": ((4, 20), (6, 30))}
    values = {
        (place, item, status): pair[index]
        for status, pairs in cells.items()
        for place, pair in zip((E1, W1), pairs, strict=True)
        for index, item in enumerate(("D13", "D12"))
    }
    put(county, [(MAY, values)])
    derive(county)
    publish(county.county, MAY, by=county.office)
    found = parts(county, county.leader, MAY, code="B03")
    assert found[COUNTY, "active"] == (30, 60, 50, 2, 4)
    assert found[COUNTY, "retired"] == (10, 50, 20, 2, 4)
    assert found[COUNTY, "urban"] == (24, 60, 40, 1, 2)
    text = page(county, county.leader, "B03")
    assert "active高于retired 30.00 个百分点" in text
