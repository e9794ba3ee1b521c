"""What lies below an area is added up with its coverage: by hand-worked cases, and against the slow twin."""

from decimal import Decimal

import pytest

from bureau import bulk, months
from bureau.fields import to_units
from bureau.models import Area
from bureau.places import Tree, unpack
from indicators import rollup
from indicators.entry.approval import FIGURE_FIELDS
from indicators.models import DataItem, Figure, RollUp
from tasks.loadplan import load_plan
from tests.integration.factories import (
    CATEGORIES,
    CLOSED,
    COUNTY,
    E1,
    E2,
    E3,
    EAST,
    ITEMS,
    MOVED,
    NOT_APPLICABLE,
    START,
    W1,
    W2,
    WEST,
    put,
)
from tests.integration.generated import generated, put_generated, world

pytestmark = pytest.mark.django_db


def rolled(tiny, area, item, month, category=0):
    """(total, reported, expected, codes of the missing) of a stored row, None where there is none."""
    row = RollUp.objects.filter(
        county=tiny.county.pk, area=tiny.areas[area].pk, item=tiny.items[item].pk, category=category, month=month
    ).first()
    if row is None:
        return None
    numbers = {area.number: code for code, area in tiny.areas.items()}
    bits = unpack(row.missing)
    return row.total, row.reported, row.expected, {numbers[n] for n in numbers if bits >> n & 1}


def refresh(tiny, *months_and_values):
    put(tiny, months_and_values)
    rollup.refresh(Tree(tiny.county.pk))


def test_a_town_is_the_sum_of_its_villages_and_the_county_of_its_towns(tiny):
    refresh(tiny, (START, {(E1, "D22"): 10, (E2, "D22"): "2.5", (W1, "D22"): 4, (W2, "D22"): 1}))
    assert rolled(tiny, EAST, "D22", START) == (Decimal("13.5"), 3, 3, set())
    assert rolled(tiny, WEST, "D22", START) == (4, 1, 1, set())
    assert rolled(tiny, COUNTY, "D22", START) == (Decimal("17.5"), 4, 4, set())


def test_blank_is_not_zero(tiny):
    refresh(tiny, (START, {(E1, "D22"): 10, (E2, "D22"): 0}))
    assert rolled(tiny, EAST, "D22", START) == (10, 2, 3, {W2})
    assert rolled(tiny, WEST, "D22", START) is None
    assert rolled(tiny, COUNTY, "D22", START) == (10, 2, 4, {W1, W2})


def test_not_applicable_counts_as_reported_and_adds_nothing(tiny):
    refresh(tiny, (START, {(E1, "D22"): 10, (E2, "D22"): NOT_APPLICABLE, (W1, "D22"): NOT_APPLICABLE}))
    assert rolled(tiny, EAST, "D22", START) == (10, 2, 3, {W2})
    assert rolled(tiny, WEST, "D22", START) == (0, 1, 1, set())


def test_a_town_office_and_its_villages_add_up(tiny):
    refresh(tiny, (START, {(EAST, "D81"): 1, (E1, "D81"): 1, (E2, "D81"): 0, (W2, "D81"): 1, (COUNTY, "D81"): 1}))
    assert rolled(tiny, EAST, "D81", START) == (3, 4, 4, set())
    assert rolled(tiny, COUNTY, "D81", START) == (4, 5, 7, {WEST, W1})


def test_a_closed_village_is_not_missed_and_its_late_figure_counts_nowhere(tiny):
    both = {(E1, "D22"): 1, (E2, "D22"): 2, (W2, "D22"): 4, (W1, "D22"): 8}
    refresh(tiny, (CLOSED, both), (CLOSED + 1, both))
    assert rolled(tiny, EAST, "D22", CLOSED) == (7, 3, 3, set())
    assert rolled(tiny, EAST, "D22", CLOSED + 1) == (5, 2, 3, {E3})


def test_the_communities_closed_in_2016_are_not_missed_in_2017(db):
    """The real Wuyuan: five of its places went in 2016-12, three came in 2017-01."""
    load_plan()
    county, item = Area.objects.get(code=COUNTY), DataItem.objects.get(code="D22")
    tree = Tree(county.pk)
    wuyuan = tree.at(["330424001"])["330424001"]
    december, january = months.parse("2016-12"), months.parse("2017-01")
    rows = [
        (county.pk, place.id, item.pk, 0, month, 10_000, 0, 1, 1)
        for month in (december, january)
        for place in tree.villages(wuyuan, december)
    ]
    bulk.insert(Figure, FIGURE_FIELDS, rows)
    rollup.refresh(tree)
    before, after = (RollUp.objects.get(area=wuyuan, item=item.pk, month=month) for month in (december, january))
    assert (before.reported, before.expected, before.missing) == (before.expected, before.total, "")
    assert (after.total, after.reported, after.expected) == (before.total - 5, before.total - 5, before.total - 2)
    numbers = dict(Area.objects.values_list("number", "code"))
    assert {numbers[int(number)][-3:] for number in after.missing.split(",")} == {"029", "030", "031"}


def test_a_village_that_changes_towns_counts_where_it_was(tiny):
    refresh(tiny, (MOVED - 1, {(W2, "D22"): 5}), (MOVED, {(W2, "D22"): 5}))
    assert rolled(tiny, EAST, "D22", MOVED - 1)[0] == 5
    assert rolled(tiny, EAST, "D22", MOVED) is None
    assert rolled(tiny, WEST, "D22", MOVED) == (5, 1, 2, {W1})


def test_the_total_of_a_breakdown_takes_only_places_with_every_category(tiny):
    refresh(
        tiny,
        (START, {(EAST, "D31", "active"): 10, (EAST, "D31", "retired"): 4, (WEST, "D31", "active"): 7}),
    )
    active, retired = (tiny.categories[code].pk for code in CATEGORIES)
    assert rolled(tiny, COUNTY, "D31", START, active) == (17, 2, 2, set())
    assert rolled(tiny, COUNTY, "D31", START, retired) == (4, 1, 2, {WEST})
    assert rolled(tiny, COUNTY, "D31", START) == (14, 1, 2, {WEST})
    assert rolled(tiny, WEST, "D31", START) is None


def test_a_row_goes_when_its_last_figure_goes(tiny):
    refresh(tiny, (START, {(E1, "D22"): 10}))
    Figure.objects.all().delete()
    rollup.refresh(Tree(tiny.county.pk))
    assert not RollUp.objects.exists()


@pytest.mark.parametrize("seed", range(6))
def test_the_roll_up_agrees_with_the_slow_twin(tiny, seed):
    figures = generated(seed)
    put_generated(tiny, figures)
    rollup.refresh(Tree(tiny.county.pk))
    codes = {area.pk: code for code, area in tiny.areas.items()}
    items = {item.pk: code for code, item in tiny.items.items()}
    categories = {0: ""} | {category.pk: code for code, category in tiny.categories.items()}
    numbers = {area.number: code for code, area in tiny.areas.items()}
    stored = {}
    for row in RollUp.objects.all():
        missing = frozenset(numbers[int(number)] for number in row.missing.split(",") if number)
        key = codes[row.area], items[row.item], categories[row.category], row.month
        stored[key] = (to_units(row.total), row.reported, row.expected, missing)
    twin, expected = world(figures), {}
    for item, (_, _, broken) in ITEMS.items():
        for area in (COUNTY, EAST, WEST):
            for category in ("", *CATEGORIES) if broken else ("",):
                for month in {key[3] for key in figures}:
                    one = twin.rolled(area, item, category, month)
                    if one is not None:
                        expected[area, item, category, month] = (
                            int(one.total * 10_000), len(one.reported), len(one.reported | one.missing), one.missing,
                        )  # fmt: skip
    assert len(expected) > 1000
    assert stored == expected
