"""A release stands: what leaders read of a month never moves; what was corrected since is listed with its effect."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.http import Http404

from bureau.models import AuditEvent, Grant, Installation
from bureau.places import Tree
from indicators import evaluate
from indicators.analysis.kinds import Light
from indicators.entry import workflow
from indicators.entry.workflow import Refused
from indicators.models import (
    Evaluation,
    PublishedEvaluation,
    PublishedMonth,
    PublishedRollUp,
    Revision,
    RollUp,
    Submission,
    Target,
)
from indicators.publish import publish
from indicators.queries import items, read_at, rows
from tests.integration.factories import E1, E2, E3, EAST, START, W1, W2, WEST, approved, cells, person
from tests.integration.twin import units

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH = START + 1, START + 2


@pytest.fixture
def leader(tiny):
    return person("leader", (Grant.Role.LEADER, None))


def jobs(tiny, month, east=12, west=8):
    for town, value in ((EAST, east), (WEST, west)):
        approved(tiny, "town", town, month, {(town, "D01"): value, (town, "D02"): 0})


def correct(tiny, place, month, values, reason="重复计了几人", form="town"):
    submission = Submission.objects.get(form=tiny.forms[form], place=tiny.areas[place], month=month)
    workflow.correct(submission, by=tiny.clerk, reason=reason)
    workflow.save(submission, cells(tiny, values), by=tiny.clerk, source="grid")
    workflow.submit(submission, by=tiny.clerk)
    workflow.approve(submission, by=tiny.reviewer)


def released(tiny, user, month, version=None):
    """(value, light) by month of the county's new jobs, as this reader sees them."""
    at = read_at(Installation.objects.get(), user, month, version)
    found = rows(at, areas=[tiny.county.pk], indicators=[tiny.indicators["A01"].pk])
    return {row.month: (Fraction(row.value, 10_000), row.light) for row in found}


def columns(model, *without):
    return [f.attname for f in model._meta.concrete_fields if f.column and f.attname not in without]


@pytest.mark.parametrize(("live", "frozen"), [(RollUp, PublishedRollUp), (Evaluation, PublishedEvaluation)])
def test_a_release_holds_the_live_rows_of_its_month_and_no_others(tiny, live, frozen):
    jobs(tiny, START)
    jobs(tiny, FEBRUARY)
    publish(tiny.county, START, by=tiny.office)
    names = columns(live)
    assert set(frozen.objects.values_list(*names)) == set(live.objects.filter(month=START).values_list(*names))
    assert set(frozen.objects.values_list("version", flat=True)) == {1}


def test_a_later_correction_moves_the_live_figures_and_not_the_release(tiny, leader):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 2})
    assert released(tiny, leader, None) == {START: (20, Light.ON_COURSE)}
    assert released(tiny, tiny.reviewer, "2015-01", "live") == {START: (10, Light.ON_COURSE)}


def test_taking_figures_back_leaves_the_release_whole(tiny, leader):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    workflow.take_back(Submission.objects.get(place=tiny.areas[EAST]), by=tiny.reviewer, reason="报的是上月的数")
    assert released(tiny, leader, None) == {START: (20, Light.ON_COURSE)}


def test_a_month_without_an_approved_figure_is_not_released(tiny):
    with pytest.raises(Refused, match="还没有审核过的数"):
        publish(tiny.county, START, by=tiny.office)
    assert not PublishedMonth.objects.exists()


@pytest.mark.parametrize("reason", ["", "    ", "有误"])
def test_a_second_version_needs_a_reason(tiny, reason):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    with pytest.raises(Refused, match="再次发布须写明理由"):
        publish(tiny.county, START, by=tiny.office, reason=reason)
    second = publish(tiny.county, START, by=tiny.office, reason="一月份数有更正")
    assert (second.version, second.sequence, second.reason) == (2, 2, "一月份数有更正")


def test_a_correction_is_listed_with_old_new_reason_and_county_totals(tiny):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 9})
    jobs(tiny, FEBRUARY)
    (line,) = publish(tiny.county, FEBRUARY, by=tiny.office).corrections
    assert len(line.pop("steps")) == 1
    assert [line] == [
        {
            "month": START,
            "area": EAST,
            "area_name": "101",
            "item": "D01",
            "item_name": "D01",
            "category": 0,
            "old": 120_000,
            "new": 90_000,
            "reason": "重复计了几人",
            "county_old": 200_000,
            "county_new": 170_000,
        }
    ]


def steps_of(line):
    return [
        (
            Decimal(step["old"]).scaleb(-4),
            Decimal(step["new"]).scaleb(-4),
            step["reason"],
            Decimal(step["county_old"]).scaleb(-4),
            Decimal(step["county_new"]).scaleb(-4),
            [(one["code"], Light(one["before"]), Light(one["after"])) for one in step["lights"]],
        )
        for step in line["steps"]
    ]


def test_a_value_put_right_twice_is_one_line_with_each_correction_and_what_it_did_alone(tiny):
    """A01 asks for 60 in the year, 8.33 % by January; 0 of it is more than 5 points late, 3 of it (5 %) is not."""
    jobs(tiny, START, east=12, west=0)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 0}, "全部重复计了")
    correct(tiny, WEST, START, {(WEST, "D01"): 3}, "漏计了三人")
    correct(tiny, EAST, START, {(EAST, "D01"): 10}, "只有两人重复")
    east, west = publish(tiny.county, START, by=tiny.office, reason="一月份数有更正").corrections
    net = [(one["old"], one["new"], one["reason"], one["county_old"], one["county_new"]) for one in (east, west)]
    assert net == [
        (120_000, 100_000, "只有两人重复", 120_000, 130_000),
        (0, 30_000, "漏计了三人", 120_000, 130_000),
    ]
    late, fine = Light.BEHIND, Light.ON_COURSE
    grey = ("B05", Light.NOT_COVERED, Light.NOT_COVERED)  # its other item is nobody's
    assert steps_of(east) == [
        (12, 0, "全部重复计了", 12, 0, [("A01", fine, late), ("A02", fine, fine), grey]),
        (0, 10, "只有两人重复", 3, 13, [("A01", fine, fine), ("A02", fine, fine), grey]),
    ]
    assert steps_of(west) == [(0, 3, "漏计了三人", 0, 3, [("A01", late, fine), ("A02", fine, fine), grey])]
    assert {step["by"] for line in (east, west) for step in line["steps"]} == {"reviewer"}


def test_a_correction_that_was_itself_corrected_back_stays_on_the_list(tiny):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 9})
    correct(tiny, EAST, START, {(EAST, "D01"): 12}, "原数是对的")
    (line,) = publish(tiny.county, START, by=tiny.office, reason="再发布一次").corrections
    assert (line["old"], line["new"], line["county_old"], line["county_new"]) == (120_000, 120_000, 200_000, 200_000)
    assert [step[:2] for step in steps_of(line)] == [(12, 9), (9, 12)]


def test_the_effect_of_one_correction_stands_apart_from_what_was_approved_for_later_months(tiny):
    """February's figures come between; January's own light rests on January alone, as it did then."""
    jobs(tiny, START, east=4, west=2)
    publish(tiny.county, START, by=tiny.office)
    jobs(tiny, FEBRUARY, east=50, west=0)
    correct(tiny, WEST, START, {(WEST, "D01"): 0})
    (line,) = publish(tiny.county, FEBRUARY, by=tiny.office).corrections
    assert steps_of(line)[0][3:5] == (6, 4)
    assert steps_of(line)[0][5][0] == ("A01", Light.ON_COURSE, Light.ON_COURSE)


def test_a_list_too_long_to_judge_says_so_and_keeps_the_totals(tiny, monkeypatch):
    monkeypatch.setattr("indicators.corrections.MOST_JUDGED", 0)
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 9})
    (line,) = publish(tiny.county, START, by=tiny.office, reason="一月份数有更正").corrections
    assert [(step["county_new"], step["lights"]) for step in line["steps"]] == [(170_000, None)]


def test_a_value_taken_back_is_listed_as_gone(tiny):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    submission = Submission.objects.get(place=tiny.areas[EAST])
    workflow.take_back(submission, by=tiny.reviewer, reason="报的是上月的数")
    lines = publish(tiny.county, START, by=tiny.office, reason="一月份数有更正").corrections
    first = next(line for line in lines if line["item"] == "D01")
    assert (first["old"], first["new"], first["county_old"], first["county_new"]) == (120_000, None, 200_000, 80_000)


def test_a_first_approval_after_the_release_of_its_month_is_listed_too(tiny):
    approved(tiny, "town", EAST, START, {(EAST, "D01"): 12})
    publish(tiny.county, START, by=tiny.office)
    approved(tiny, "town", WEST, START, {(WEST, "D01"): 8})
    lines = publish(tiny.county, START, by=tiny.office, reason="补了一个镇").corrections
    assert [(line["area"], line["old"], line["new"], line["county_new"]) for line in lines] == [
        (WEST, None, 80_000, 200_000)
    ]


def test_a_category_is_listed_with_the_county_total_of_that_category(tiny):
    split = {(EAST, "D31", "active"): 10, (EAST, "D31", "retired"): 4}
    approved(tiny, "town", EAST, START, split)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D31", "active"): 11})
    (line,) = publish(tiny.county, START, by=tiny.office, reason="一月份数有更正").corrections
    assert (line["category"], line["item_name"]) == (tiny.categories["active"].pk, "D31（active）")
    assert (line["old"], line["new"]) == (100_000, 110_000)
    assert (line["county_old"], line["county_new"]) == (100_000, 110_000)


def test_what_is_not_yet_released_is_no_correction(tiny):
    jobs(tiny, START)
    jobs(tiny, FEBRUARY)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, FEBRUARY, {(EAST, "D01"): 9})
    assert publish(tiny.county, FEBRUARY, by=tiny.office).corrections == []


def test_a_correction_to_a_later_month_waits_for_that_months_own_list(tiny):
    """January's second version may not swallow February's correction: each change is listed in some release."""
    jobs(tiny, START)
    jobs(tiny, FEBRUARY)
    publish(tiny.county, START, by=tiny.office)
    publish(tiny.county, FEBRUARY, by=tiny.office)
    correct(tiny, EAST, FEBRUARY, {(EAST, "D01"): 9})
    assert publish(tiny.county, START, by=tiny.office, reason="一月份再发布").corrections == []
    lines = publish(tiny.county, FEBRUARY, by=tiny.office, reason="二月份再发布").corrections
    assert [(line["month"], line["old"], line["new"]) for line in lines] == [(FEBRUARY, 120_000, 90_000)]


def test_an_earlier_release_still_sees_the_earlier_versions(tiny, leader):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    jobs(tiny, FEBRUARY)
    publish(tiny.county, FEBRUARY, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 2})
    publish(tiny.county, START, by=tiny.office, reason="一月份数有更正")
    jobs(tiny, MARCH)
    publish(tiny.county, MARCH, by=tiny.office)
    assert {m: value for m, (value, _) in released(tiny, leader, "2015-01", "1").items()} == {START: 20}
    assert {m: value for m, (value, _) in released(tiny, leader, "2015-01").items()} == {START: 10}
    assert {m: v for m, (v, _) in released(tiny, leader, "2015-02").items()} == {START: 20, FEBRUARY: 40}
    assert {m: v for m, (v, _) in released(tiny, leader, None).items()} == {START: 10, FEBRUARY: 40, MARCH: 50}


def test_totals_of_items_are_read_as_released_too(tiny, leader):
    jobs(tiny, START)
    publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 2})
    at = read_at(Installation.objects.get(), leader, None, None)
    (total,) = items(at, areas=[tiny.county.pk], items=[tiny.items["D01"].pk])
    assert (total.total, total.reported, total.expected) == (200_000, 2, 2)


@pytest.mark.parametrize(
    ("month", "version"), [("2015-02", None), ("2015-01", "2"), ("2015-01", "0"), ("2015-13", None), ("2015-01", "x")]
)
def test_what_was_not_released_is_not_there(tiny, leader, month, version):
    jobs(tiny, START)
    jobs(tiny, FEBRUARY)
    publish(tiny.county, START, by=tiny.office)
    with pytest.raises(Http404):
        read_at(Installation.objects.get(), leader, month, version)


def test_a_leader_never_reads_live_figures(tiny, leader):
    jobs(tiny, START)
    with pytest.raises(Http404):
        read_at(Installation.objects.get(), leader, "2015-01", "live")


def rates(tiny, month, percent):
    """The whole county at `percent` (A04); the places of two towns as they are in that month."""
    villages = {EAST: [E1, E2 if month < START + 9 else E3, W2], WEST: [W1]}
    for town, places in villages.items():
        values = {(place, "D23"): percent for place in places} | {(place, "D22"): 100 for place in places}
        approved(tiny, "village", town, month, values)


def rate_target(tiny):
    return Target.objects.get(reading__indicator=tiny.indicators["A04"], area=tiny.county)


def test_the_base_of_a_level_is_fixed_when_it_is_first_released_and_does_not_move(tiny):
    rates(tiny, FEBRUARY, "93.5")
    publish(tiny.county, FEBRUARY, by=tiny.office)
    assert (rate_target(tiny).base_value, rate_target(tiny).base_month) == (Decimal("93.5"), FEBRUARY)
    rates(tiny, START, "90")  # back-fill arrives
    correct(tiny, WEST, FEBRUARY, {(W1, "D23"): 96}, form="village")
    publish(tiny.county, MARCH - 1, by=tiny.office, reason="二月份数有更正")
    assert (rate_target(tiny).base_value, rate_target(tiny).base_month) == (Decimal("93.5"), FEBRUARY)


def test_the_path_goes_on_from_the_fixed_base(tiny):
    rates(tiny, FEBRUARY, "93.5")
    publish(tiny.county, FEBRUARY, by=tiny.office)
    rates(tiny, START, "90")
    rates(tiny, MARCH, "93.6")
    march = Evaluation.objects.get(area=tiny.county.pk, indicator=tiny.indicators["A04"].pk, month=MARCH)
    asked = Fraction("93.5") + (97 - Fraction("93.5")) * Fraction(1, 22)  # of the months to December 2016
    assert march.path_value == Decimal(units(asked)).scaleb(-4)
    assert march.light == Light.BEHIND


def test_a_release_agrees_with_the_base_it_fixed(tiny):
    """A base such as 93.3333… is fixed with four decimals; frozen and live rows then rest on the fixed one."""
    for month, reached in ((START, 28), (FEBRUARY, 29)):
        for town, places in ((EAST, [E1, E2, W2]), (WEST, [W1])):
            values = {(place, "D23"): reached for place in places} | {(place, "D22"): 30 for place in places}
            approved(tiny, "village", town, month, values)
    publish(tiny.county, FEBRUARY, by=tiny.office)
    assert rate_target(tiny).base_value == Decimal("93.3333")
    names = columns(Evaluation)
    live = set(Evaluation.objects.values_list(*names))
    evaluate.refresh(Tree(tiny.county.pk))
    rebuilt = set(Evaluation.objects.values_list(*names))
    assert live == rebuilt
    assert set(PublishedEvaluation.objects.values_list(*names)) == {row for row in rebuilt if row[4] == FEBRUARY}


def test_a_month_with_a_hole_fixes_no_base(tiny):
    approved(tiny, "village", WEST, START, {(W1, "D23"): 93, (W1, "D22"): 100})
    publish(tiny.county, START, by=tiny.office)
    assert rate_target(tiny).base_value is None


def test_a_release_keeps_what_its_numbers_rest_on(tiny):
    jobs(tiny, START)
    release = publish(tiny.county, START, by=tiny.office)
    assert ["A01", "main", START, "D01 - D02", "", "", "1.0000", "year"] in release.evidence["formulas"]
    assert len(release.evidence["areas"]) == 7
    assert len(release.sha256) == 64
    Target.objects.filter(reading__indicator=tiny.indicators["A01"]).update(value=Decimal(1))
    release.refresh_from_db()
    assert "60.0000" in {target[6] for target in release.evidence["targets"] if target[0] == "A01"}


def test_publishing_is_recorded_and_dated_by_the_business_date(tiny):
    jobs(tiny, START)
    release = publish(tiny.county, START, by=tiny.office)
    assert release.business_date == date(2017, 2, 3)
    event = AuditEvent.objects.get(act="month.publish")
    assert (event.by, event.object) == (tiny.office, "2015-01 v1")


def test_a_release_that_cannot_be_recorded_is_not_made(tiny, request):
    jobs(tiny, START)
    request.getfixturevalue("audit_fails")
    with pytest.raises(RuntimeError):
        publish(tiny.county, START, by=tiny.office)
    assert not PublishedMonth.objects.exists()
    assert not PublishedRollUp.objects.exists()


def test_revisions_keep_the_moment_of_the_release_apart(tiny):
    """A change in the very transaction after a release is listed: stamps are of the clock, not of the month."""
    jobs(tiny, START)
    first = publish(tiny.county, START, by=tiny.office)
    correct(tiny, EAST, START, {(EAST, "D01"): 9})
    assert Revision.objects.filter(at__gt=first.at).count() == 1
