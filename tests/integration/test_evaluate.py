"""Indicators over areas and months, their coverage and lights: by hand-worked cases, and against the slow twin."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from bureau import months
from bureau.fields import to_units
from bureau.places import Tree
from indicators import evaluate, rollup, wording
from indicators.analysis.kinds import Light, State
from indicators.models import Evaluation, RollUp, Target
from indicators.queries import Earlier, ReadAt, narrow_rows, rows
from tests.integration import twin
from tests.integration.factories import (
    COUNTY,
    E1,
    E2,
    EAST,
    END,
    FORMULAS,
    NOT_APPLICABLE,
    START,
    W1,
    W2,
    WAGES,
    WEST,
    put,
)
from tests.integration.generated import generated, put_blocks, put_generated, with_blocks, world
from tests.integration.twin import Measure
from tests.integration.twin_lights import say

pytestmark = pytest.mark.django_db

STATES = {
    twin.OK: State.OK,
    twin.NO_DATA: State.NO_DATA,
    twin.ZERO_OVER_ZERO: State.ZERO_OVER_ZERO,
    twin.OVER_ZERO: State.OVER_ZERO,
    twin.NOT_HERE: State.NOT_HERE,
}


def refresh(tiny, *months_and_values):
    put(tiny, months_and_values)
    tree = Tree(tiny.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)


def evaluation(tiny, area, code, month):
    return Evaluation.objects.filter(
        county=tiny.county.pk, area=tiny.areas[area].pk, indicator=tiny.indicators[code].pk, month=month
    ).first()


def row(tiny, area, code, month):
    """The evaluation as pages read it."""
    at = ReadAt(tiny.county, month, None, True, {}, ())
    found = rows(at, areas=[tiny.areas[area].pk], indicators=[tiny.indicators[code].pk], month=month)
    return found[0]


FULL = (E1, E2, W1, W2)


def rate(reached, of, places=FULL):
    """D22 and D23 of villages: (23, 22) by place."""
    return {(place, "D23"): value for place, value in zip(places, reached, strict=True)} | {
        (place, "D22"): value for place, value in zip(places, of, strict=True)
    }


def test_a_rate_over_areas_is_the_ratio_of_sums_not_the_mean_of_rates(tiny):
    refresh(tiny, (START, rate((10, 90, 0, 0), (10, 100, 0, 90))))
    county = evaluation(tiny, COUNTY, "A04", START)
    assert (county.numerator, county.denominator, county.value) == (100, 200, 50)
    assert evaluation(tiny, EAST, "A04", START).value == 50  # 100 / 200, its villages stand at 100, 90 and 0 %
    assert evaluation(tiny, WEST, "A04", START).state == State.ZERO_OVER_ZERO


def test_a_rate_over_months_is_the_ratio_of_sums(tiny):
    months_of_year = {START: (1, 10), START + 1: (3, 10), START + 2: (8, 20)}
    refresh(tiny, *((m, {(EAST, "D01"): n, (EAST, "D21"): d}) for m, (n, d) in months_of_year.items()))
    assert evaluation(tiny, EAST, "B05", START + 2).state == State.NO_DATA  # no twelve months yet
    rest = {START + n: {(EAST, "D01"): 0, (EAST, "D21"): 10} for n in range(3, 12)}
    refresh(tiny, *rest.items())
    assert evaluation(tiny, EAST, "B05", START + 11).value == Decimal("9.2307")  # 12 × 100 / 130, cut


def test_a_flow_adds_up_and_starts_anew_in_january(tiny):
    refresh(tiny, *((START + n, {(EAST, "D01"): n + 1, (EAST, "D02"): 1}) for n in range(14)))
    december, january = evaluation(tiny, EAST, "A01", START + 11), evaluation(tiny, EAST, "A01", START + 12)
    assert (december.value, december.month_value, december.plan_to_date) == (66, 11, 66)
    assert (january.value, january.month_value, january.plan_to_date) == (12, 12, 78)


def test_earlier_months_read_narrow_say_what_they_say_read_whole(tiny):
    refresh(tiny, *((START + n, {(EAST, "D01"): n + 1, (EAST, "D02"): 1}) for n in range(3)))
    at, area = ReadAt(tiny.county, START + 1, None, True, {}, ()), tiny.areas[EAST].pk
    of_a01 = [one for one in narrow_rows(at, areas=[area]) if one.indicator == tiny.indicators["A01"].pk]
    earlier, now = sorted(of_a01, key=lambda one: one.month)
    assert (earlier.month, earlier.value, earlier.month_value) == (START, 0, 0)  # 1 found, 1 lost
    assert isinstance(earlier, Earlier)
    assert now == row(tiny, EAST, "A01", START + 1)
    assert now.value == to_units(1)


def test_a_stock_stands_and_is_never_added_or_carried_on(tiny):
    refresh(tiny, (START, rate((96,) * 4, (100,) * 4)), (START + 1, rate((98,) * 4, (100,) * 4)))
    assert evaluation(tiny, COUNTY, "A04", START + 1).value == 98
    assert evaluation(tiny, COUNTY, "A04", START + 1).numerator == 392
    assert evaluation(tiny, COUNTY, "A04", START + 2) is None


def test_a_hole_turns_the_light_grey_and_names_the_missing_place(tiny):
    refresh(tiny, (START, rate((97, 97, 97), (100, 100, 100), FULL[:3])))
    county = evaluation(tiny, COUNTY, "A04", START)
    assert (county.value, county.reached, county.light) == (97, True, Light.NOT_COVERED)
    assert (county.reported, county.expected) == (3, 4)
    absent = RollUp.objects.get(area=tiny.county.pk, item=tiny.items["D22"].pk, month=START).missing
    assert absent == str(tiny.areas[W2].number)
    refresh(tiny, (START, rate((97,), (100,), (W2,))))
    assert evaluation(tiny, COUNTY, "A04", START).light == Light.REACHED


def test_a_place_with_only_one_part_of_a_formula_is_not_covered(tiny):
    values = rate((97,) * 4, (100,) * 4)
    del values[E1, "D23"], values[W1, "D22"]
    refresh(tiny, (START, values))
    county = evaluation(tiny, COUNTY, "A04", START)
    assert (county.reported, county.expected, county.light) == (2, 4, Light.NOT_COVERED)


def test_a_hole_in_an_earlier_month_greys_the_year_to_date(tiny):
    both = {(town, item): n for town in (EAST, WEST) for item, n in (("D01", 3), ("D02", 0))}
    without = {key: value for key, value in both.items() if key != (WEST, "D02")}
    refresh(tiny, (START, both), (START + 1, without), (START + 2, both))
    lights = [evaluation(tiny, COUNTY, "A01", START + n).light for n in range(3)]
    assert lights == [Light.ON_COURSE, Light.NOT_COVERED, Light.NOT_COVERED]
    march = evaluation(tiny, COUNTY, "A01", START + 2)
    assert (march.value, march.reported, march.expected) == (18, 1, 2)


def test_a_flow_that_reached_its_target_is_blue_even_with_a_hole(tiny):
    refresh(tiny, (START, {(EAST, "D01"): 60, (EAST, "D02"): 0}))
    assert evaluation(tiny, COUNTY, "A01", START).light == Light.REACHED


def test_96_996_percent_is_not_97_and_does_not_print_like_it(tiny):
    refresh(tiny, (START, rate(("96.996",) * 4, (100,) * 4)))
    county = evaluation(tiny, COUNTY, "A04", START)
    assert (county.value, county.reached) == (Decimal("96.996"), False)
    assert wording.value(row(tiny, COUNTY, "A04", START), tiny.indicators["A04"]) == "96.996"


def test_97_percent_is_97(tiny):
    refresh(tiny, (START, rate((97,) * 4, (100,) * 4)))
    assert evaluation(tiny, COUNTY, "A04", START).reached is True
    assert wording.value(row(tiny, COUNTY, "A04", START), tiny.indicators["A04"]) == "97.00"


def test_just_under_97_by_less_than_is_stored_is_not_reached(tiny):
    refresh(tiny, (START, rate(("9699999999.9999", 0, 0, 0), ("10000000000", 0, 0, 0))))
    county = evaluation(tiny, COUNTY, "A04", START)
    assert (county.value, county.reached, county.light) == (Decimal("96.9999"), False, Light.ON_COURSE)


def test_not_applicable_keeps_a_month_covered(tiny):
    values = rate((97, 97, 97, 97), (100, 100, 100, 100)) | {(W2, "D22"): NOT_APPLICABLE, (W2, "D23"): NOT_APPLICABLE}
    refresh(tiny, (START, values))
    county = evaluation(tiny, COUNTY, "A04", START)
    assert (county.numerator, county.denominator, county.reported, county.light) == (291, 300, 4, Light.REACHED)


@pytest.mark.parametrize(
    ("left", "overdue", "light"),
    [(0, 0, Light.REACHED), (1, 0, Light.BEHIND), (2, 1, Light.FAR_BEHIND)],
)
def test_dynamic_zero_is_blue_at_none_yellow_in_time_red_overdue(tiny, left, overdue, light):
    values = {(place, item): 0 for place in FULL for item in ("D27", "D27a")}
    refresh(tiny, (START, values | {(E1, "D27"): left, (E1, "D27a"): overdue}))
    assert evaluation(tiny, COUNTY, "A15", START).light == light


@pytest.mark.parametrize(
    ("jobless", "of", "light"),
    [("3", "97", Light.REACHED), ("3.5", "96.5", Light.BEHIND), ("3.5001", "96.4999", Light.FAR_BEHIND)],
)
def test_about_three_percent_allows_half_a_point_above(tiny, jobless, of, light):
    refresh(tiny, (START, {(EAST, "D21"): jobless, (WEST, "D21"): 0, (COUNTY, "D20"): of}))
    assert evaluation(tiny, COUNTY, "A03", START).light == light
    assert evaluation(tiny, EAST, "A03", START).state == State.NOT_HERE


@pytest.mark.parametrize(
    ("added", "light"),
    [
        (5, Light.ON_COURSE),  # 5 of 60 in January: on schedule exactly
        (2, Light.ON_COURSE),  # 5 points behind: nearly on course
        ("1.9999", Light.BEHIND),
        (0, Light.BEHIND),  # 8.33 points behind
    ],
)
def test_the_light_of_a_flow_follows_the_schedule(tiny, added, light):
    zero = {(town, item): 0 for town in (EAST, WEST) for item in ("D01", "D02")}
    refresh(tiny, (START, zero | {(EAST, "D01"): added}))
    assert evaluation(tiny, COUNTY, "A01", START).light == light


def test_a_town_share_is_judged_by_itself(tiny):
    refresh(tiny, (START, {(EAST, "D01"): 3, (EAST, "D02"): 0}))
    east = evaluation(tiny, EAST, "A01", START)
    assert (east.target_value, east.light) == (Decimal("33.3"), Light.ON_COURSE)
    assert east.completion == Decimal("9.0091")  # 3 / 33.3 = 9.00900…, cut, the last digit 0 raised
    assert evaluation(tiny, EAST, "A02", START).target is None


def test_a_parameter_holds_from_the_month_in_which_it_begins(tiny):
    refresh(tiny, *((m, {(EAST, "D21"): 8}) for m in (months.parse("2015-05"), months.parse("2015-06"))))
    assert evaluation(tiny, EAST, "B12", months.parse("2015-05")).value == 2
    assert evaluation(tiny, EAST, "B12", months.parse("2015-06")).value == Decimal("1.25")


def get_rate(above, below):
    """Numerator and denominator of plain items, × 100."""
    return {
        "items": ((above, "", False), (below, "", False)),
        "numerator": lambda get: get(above),
        "denominator": lambda get: get(below),
    }


def hundredfold(measure_parts):
    above, below = measure_parts["numerator"], measure_parts["denominator"]

    def value(numerator, denominator):
        return twin.divide(numerator, denominator()) * 100

    return measure_parts | {"value": value, "numerator": above, "denominator": below}


def measures() -> dict[str, Measure]:
    """The formulas of factories.FORMULAS once more, as plain functions."""

    def goals(code):
        found = {}
        for aim in next(f.aims for f in FORMULAS if f.code == code):
            value, tolerance = (None if text is None else Fraction(text) for text in (aim.value, aim.tolerance))
            found.setdefault(aim.area, []).append(
                twin.Goal(aim.comparator, value, aim.start, aim.end, tolerance, aim.path, aim.yearly_check)
            )
        return found

    parts = {
        "A01": {"items": (("D01", "", False), ("D02", "", False)), "numerator": lambda get: get("D01") - get("D02")},
        "A02": {"items": (("D01", "", False),), "numerator": lambda get: get("D01")},
        "A03": hundredfold(
            get_rate("D21", "D20") | {"denominator": lambda get: get("D20") + get("D21")}
        ),
        "A04": hundredfold(get_rate("D23", "D22")),
        "A06": get_rate("D62", "D61")
        | {"value": lambda numerator, denominator: 100 - twin.divide(numerator, denominator()) * 100},
        "A07": hundredfold(get_rate("D81", "D80")),
        "A11": hundredfold(get_rate("D54", "D53")),
        "A13": hundredfold(get_rate("D62", "D61")),
        "A15": get_rate("D27", "D27a") | {"value": lambda numerator, _: numerator},
        "B02": {"items": (("D13", "", False),), "numerator": lambda get: get("D13")},
        "B05": {
            "items": (("D01", "", False), ("D21", "", True)),
            "numerator": lambda get: get("D01") * 100,
            "denominator": lambda get: get("D21", months=True),
        },
        "B09": hundredfold(
            {
                "items": (("D31", "active", False), ("D31", "", False)),
                "numerator": lambda get: get("D31", "active"),
                "denominator": lambda get: get("D31"),
            }
        ),
        "B12": {
            "items": (("D21", "", False), ("W01", "", False)),
            "numerator": lambda get: twin.divide(get("D21"), get("W01")),
        },
    }  # fmt: skip
    windows = {formula.code: formula.window for formula in FORMULAS}
    return {code: Measure(window=windows[code], goals=goals(code), **fields) for code, fields in parts.items()}


def wage(code, month):
    begun = [Fraction(value) for begins, value in WAGES if begins <= date(month // 12, month % 12 + 1, 28)]
    return begun[-1] if begun else None


NUMBERS = (
    "numerator", "denominator", "value", "month_value", "year_to_date", "plan_to_date",
    "completion", "schedule", "pace3", "pressure3",
)  # fmt: skip
FACTS = ("state", "reported", "expected", "reached", "light")
FLOW_ONLY = ("completion", "schedule", "pace3", "pressure3")


def stored(tiny):
    codes = {area.pk: code for code, area in tiny.areas.items()}
    names = {indicator.pk: code for code, indicator in tiny.indicators.items()}
    found = {}
    for one in Evaluation.objects.all():
        code = names[one.indicator]
        facts = {name: getattr(one, name) for name in FACTS}
        numbers = {name: None if getattr(one, name) is None else to_units(getattr(one, name)) for name in NUMBERS}
        if code not in ("A01", "A02"):
            numbers |= dict.fromkeys(FLOW_ONLY)
        found[codes[one.area], code, one.month] = facts | numbers
    return found


def said(figures, blocks=()):
    small = world(figures, parameter=wage, blocks=blocks)
    found = {}
    for code, measure in measures().items():
        for area in (COUNTY, EAST, WEST):
            for month in range(START, END + 1):
                if small.exists(measure, area, month):
                    one = say(small, measure, area, month)._asdict()
                    numbers = {name: twin.units(one[name]) for name in NUMBERS}
                    facts = {name: one[name] for name in FACTS} | {"state": STATES[one["state"]]}
                    found[area, code, month] = facts | numbers
    return found


@pytest.mark.parametrize("seed", range(8))
def test_evaluation_agrees_with_the_slow_twin(tiny, seed):
    assert_agrees(tiny, generated(seed))


@pytest.mark.parametrize("seed", range(6))
def test_evaluation_with_totals_of_spans_agrees_with_the_slow_twin(tiny, seed):
    figures, blocks = with_blocks(seed, generated(seed))
    assert blocks
    put_blocks(tiny, blocks)
    assert_agrees(tiny, figures, blocks)


def assert_agrees(tiny, figures, blocks=()):
    put_generated(tiny, figures)
    tree = Tree(tiny.county.pk)
    rollup.refresh(tree)
    evaluate.refresh(tree)
    ours, twins = stored(tiny), said(figures, blocks)
    assert ours.keys() == twins.keys()
    differing = {
        key: {name: (ours[key][name], twins[key][name]) for name in ours[key] if ours[key][name] != twins[key][name]}
        for key in ours
    }
    assert not {key: found for key, found in differing.items() if found}


def test_the_twin_sees_every_light_and_state():
    """The generated data reach every light and state, so that agreement says something."""
    seen = [one for seed in range(4) for one in said(generated(seed)).values()]
    assert {one["light"] for one in seen} == set(range(6))
    assert {one["state"] for one in seen} == set(State)


def test_a_target_with_a_fixed_base_keeps_its_path(tiny):
    values = rate((94,) * 4, (100,) * 4)
    refresh(tiny, (START, values), (START + 1, values))
    Target.objects.filter(reading__indicator__code="A04", area=tiny.county).update(
        base_value=Decimal("91"), base_month=START
    )
    refresh(tiny)
    second = evaluation(tiny, COUNTY, "A04", START + 1)
    assert second.path_value == Decimal("91.2608")  # 91 + 6 / 23, cut
    assert second.light == Light.ON_COURSE
