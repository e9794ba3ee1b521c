"""A county's target divided among its towns: exact, refused with what is missing, one act, a page with a preview."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from bureau import installation
from bureau.models import AuditEvent, Grant, Section
from bureau.places import Tree
from indicators import evaluate, rollup, sharing
from indicators.analysis.kinds import Light
from indicators.entry.refusals import Conflict, Refused
from indicators.models import Evaluation, Plan, PublishedEvaluation, Reading, Target, TargetRevision
from indicators.publish import publish
from indicators.sharing import Basis
from tests.integration.factories import COUNTY, E1, E2, EAST, END, START, W1, W2, WEST, person, put

pytestmark = pytest.mark.django_db

MARCH = START + 2
REASON = "领导小组会议定的分解办法"


@pytest.fixture
def county(tiny):
    """East has 80 people in March 2015, West 40; jobs each month of 2015: East 3, West 1."""
    Plan.objects.update(population="D22")
    Reading.objects.filter(indicator__code__in=("A01", "A02")).update(potential="D22 - D23")
    people = {E1: 30, E2: 30, W2: 20, W1: 40}
    employed = {E1: 20, E2: 30, W2: 20, W1: 10}
    months = [(MARCH, {(place, "D22"): count for place, count in people.items()})]
    months += [(MARCH, {(place, "D23"): count for place, count in employed.items()})]
    jobs = {(EAST, "D01"): 3, (EAST, "D02"): 0, (WEST, "D01"): 1, (WEST, "D02"): 0}
    put(tiny, [*months, *((month, jobs) for month in range(START, START + 12))])
    rollup.refresh(Tree(tiny.county.pk))
    evaluate.refresh(Tree(tiny.county.pk))
    return tiny


def target(code: str, end: int = END) -> Target:
    return Target.objects.get(reading__indicator__code=code, area__code=COUNTY, end_month=end)


def proposed(county, code: str, basis: Basis, month: int | None = MARCH, end: int = END, **by_hand):
    typed = {
        county.areas[place].pk: Decimal(value) for place, value in zip((EAST, WEST), by_hand.values(), strict=False)
    }
    return sharing.propose(target(code, end), Tree(county.county.pk), basis=basis, month=month, values=typed)


def shares(county, code: str, end: int = END) -> dict[str, Decimal]:
    found = Target.objects.filter(reading__indicator__code=code, end_month=end, area__level="town")
    return {one.area.code: one.value for one in found.select_related("area")}


def values(division, county) -> list[Decimal]:
    return [division.values[county.areas[place].pk] for place in (EAST, WEST)]


@pytest.mark.parametrize(
    ("code", "basis", "expected"),
    [
        ("A02", Basis.POPULATION, ["93.33", "46.67"]),  # 140 by 80 : 40, in hundredths; the last to the larger rest
        ("A02", Basis.POTENTIAL, ["35", "105"]),  # without work: 10 of East, 30 of West
        ("A01", Basis.LAST_YEAR, ["45", "15"]),  # 60 by 36 : 12 of 2015
    ],
)
def test_shares_follow_their_basis_and_add_up(county, code, basis, expected):
    division = proposed(county, code, basis)
    assert values(division, county) == [Decimal(one) for one in expected]
    assert division.total == target(code).value


def test_a_division_writes_targets_lights_revisions_and_one_record(county):
    version = installation.data_version(county.county.pk)
    division = proposed(county, "A02", Basis.POPULATION)
    sharing.share([division], by=county.office, reason=REASON)
    assert shares(county, "A02") == {EAST: Decimal("93.33"), WEST: Decimal("46.67")}
    december = Evaluation.objects.get(
        indicator=county.indicators["A02"].pk, area=county.areas[EAST].pk, month=START + 11
    )
    assert (december.value, december.target_value) == (36, Decimal("93.33"))
    assert december.light == Light.BEHIND  # 38.6 % where half was due
    event = AuditEvent.objects.get(act="target.share")
    assert (event.by, event.reason, event.detail["shares"]) == (county.office, REASON, {EAST: "93.33", WEST: "46.67"})
    lines = TargetRevision.objects.filter(kind="added")
    assert sorted((one.area.code, one.new, one.reason) for one in lines) == [
        (EAST, "93.33（2016-12）", REASON),
        (WEST, "46.67（2016-12）", REASON),
    ]
    assert installation.data_version(county.county.pk) == version + 1


@pytest.mark.parametrize(
    ("east", "west", "told"),
    [("100", "39.5", "比全县目标少 0.5"), ("100", "41", "比全县目标多 1"), ("140.001", "0", "最多 2 位小数")],
)
def test_shares_by_hand_that_do_not_add_up_are_refused_with_the_difference(county, east, west, told):
    with pytest.raises(Refused, match=told):
        proposed(county, "A02", Basis.HAND, east=east, west=west)
    with pytest.raises(Refused, match="没有填：102"):
        proposed(county, "A02", Basis.HAND, east="140")
    assert values(proposed(county, "A02", Basis.HAND, east="140", west="0"), county) == [140, 0]


def test_a_rate_is_not_divided_and_a_county_figure_does_not_go_to_towns(county):
    sharing.share([proposed(county, "A04", Basis.SAME)], by=county.office, reason=REASON)
    assert shares(county, "A04") == {EAST: 97, WEST: 97}
    with pytest.raises(Refused, match="不能这样分解"):
        proposed(county, "A04", Basis.POPULATION)
    with pytest.raises(Refused, match="D20 只有县级数"):
        proposed(county, "A03", Basis.SAME)


def test_a_basis_with_holes_names_the_towns_that_have_not_reported(county):
    with pytest.raises(Refused, match=r"2015年4月 这些镇（街道）的数没有报齐.*101、102"):
        proposed(county, "A02", Basis.POPULATION, month=MARCH + 1)


def test_path_and_tolerance_go_with_the_shares(county):
    points = [[START + 5, "50"], [START + 23, "140"]]
    Target.objects.filter(pk=target("A02").pk).update(path="steps", points=points, tolerance=Decimal(3))
    sharing.share([proposed(county, "A02", Basis.POPULATION)], by=county.office, reason=REASON)
    found = {one.area.code: one for one in Target.objects.filter(reading__indicator__code="A02", area__level="town")}
    assert sum(one.tolerance for one in found.values()) == 3
    assert found[EAST].points == [[START + 5, "33.3321"], [START + 23, "93.33"]]  # 50 × 93.33 ÷ 140
    assert found[WEST].points == [[START + 5, "16.6679"], [START + 23, "46.67"]]


def test_a_share_changed_later_is_a_revision_and_changes_no_release(county):
    sharing.share([proposed(county, "A02", Basis.POPULATION)], by=county.office, reason=REASON)
    publish(county.county, MARCH, by=county.office)
    before = list(PublishedEvaluation.objects.order_by("area", "indicator").values())
    sharing.share(
        [proposed(county, "A02", Basis.HAND, east="90", west="50")], by=county.office, reason="百步镇培训机构停办"
    )
    line = TargetRevision.objects.filter(kind="shared", area=county.areas[EAST]).get()
    assert (line.old, line.new, line.before["value"]) == ("93.33（2016-12）", "90（2016-12）", "93.33")
    assert Evaluation.objects.get(
        indicator=county.indicators["A02"].pk, area=county.areas[EAST].pk, month=MARCH
    ).target_value == Decimal(90)
    assert list(PublishedEvaluation.objects.order_by("area", "indicator").values()) == before


def test_a_town_with_another_target_in_these_months_keeps_it(county):
    """East has 33.3 of its own for 2015; a target that ends in June would overlap it."""
    own = Target.objects.get(reading__indicator__code="A01", area__code=EAST)
    Target.objects.filter(pk=own.pk).update(end_month=START + 5)
    with pytest.raises(Refused, match=r"目标期重叠的目标.*101"):
        sharing.share(
            [proposed(county, "A01", Basis.HAND, end=START + 11, east="30", west="30")], by=county.office, reason=REASON
        )
    assert shares(county, "A01", START + 11) == {}


def test_what_the_trail_cannot_record_is_not_divided(county, audit_fails):
    division = proposed(county, "A02", Basis.POPULATION)
    with pytest.raises(RuntimeError):
        sharing.share([division], by=county.office, reason=REASON)
    assert shares(county, "A02") == {}
    assert not TargetRevision.objects.exists()


def test_a_target_changed_after_the_preview_is_a_conflict(county):
    division = proposed(county, "A02", Basis.POPULATION)
    Target.objects.filter(pk=target("A02").pk).update(value=Decimal(150))
    with pytest.raises(Conflict, match="请重新预览"):
        sharing.share([division], by=county.office, reason=REASON)


# --- The page -------------------------------------------------------------------------------------
@pytest.fixture
def office(county) -> Client:
    client = Client()
    client.force_login(county.office)
    return client


def url(code: str) -> str:
    return f"/targets/{target(code).pk}/shares/"


def fields(response) -> dict:
    """What the page's form would send back."""
    return {one.html_name: one.value() for one in response.context["form"] if one.value() is not None}


def test_a_preview_saves_nothing_and_what_it_showed_is_saved(county, office):
    shown = office.post(url("A02"), {"action": "preview", "basis": "population", "month": "2015-03"})
    assert shown.status_code == 200
    assert [line["wanted"] for line in shown.context["table"]["lines"]] == ["93.33", "46.67"]
    assert [line["part"] for line in shown.context["table"]["lines"]] == ["66.67%", "33.33%"]
    assert shares(county, "A02") == {}
    asked = fields(shown) | {"action": "save"}
    assert office.post(url("A02"), asked).context["form"].errors == {"reason": ["请写明理由，至少 5 个字。"]}
    assert office.post(url("A02"), asked | {"reason": REASON}).status_code == 302
    assert shares(county, "A02") == {EAST: Decimal("93.33"), WEST: Decimal("46.67")}
    again = office.post(url("A02"), asked | {"reason": REASON})
    assert again.status_code == 409  # the towns have shares now, the preview was without


def test_the_preview_can_be_changed_by_hand(county, office):
    shown = office.post(url("A02"), {"action": "preview", "basis": "population", "month": "2015-03"})
    towns = {f"town_{county.areas[EAST].pk}": "100"}
    refused = office.post(url("A02"), fields(shown) | towns | {"action": "preview", "basis": "hand"})
    assert refused.status_code == 422
    assert "比全县目标多 6.67" in refused.content.decode()
    towns[f"town_{county.areas[WEST].pk}"] = "40"
    shown = office.post(url("A02"), fields(shown) | towns | {"action": "preview", "basis": "hand"})
    saved = office.post(url("A02"), fields(shown) | {"action": "save", "reason": REASON})
    assert (saved.status_code, shares(county, "A02")) == (302, {EAST: 100, WEST: 40})


def test_who_may_divide(county):
    other = person("other", (Grant.Role.REVIEWER, Section.objects.get(code="sbj")))
    for user, status in ((county.reviewer, 200), (other, 404), (county.clerk, 403)):
        client = Client()
        client.force_login(user)
        assert client.get(url("A02")).status_code == status


def test_the_list_says_what_is_divided_and_what_no_longer_fits(county, office):
    sharing.share([proposed(county, "A02", Basis.POPULATION)], by=county.office, reason=REASON)

    def state() -> str:
        rows = office.get("/targets/").context["rows"]
        return next(row["divided"] for row in rows if row["code"] == "A02")

    assert state() == "已分解到 2 个镇（街道）"
    history = office.get("/targets/").context["history"]
    assert [(line["place"], line["new"], line["reason"]) for line in history] == [
        ("2 个镇（街道）", "101 93.33（2016-12）、102 46.67（2016-12）", REASON)
    ]
    Target.objects.filter(pk=target("A02").pk).update(value=Decimal(150))
    assert state() == "与全县目标不符，须重新分解"
    assert office.get(url("A02")).context["problem"] == "各镇（街道）合计比全县目标少 10"
