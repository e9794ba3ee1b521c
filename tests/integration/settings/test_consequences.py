"""What follows a change in the same act: live figures are recomputed, releases stay, what is used is kept."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from bureau import months
from bureau.models import Area, AreaSpan, Installation
from bureau.places import Tree
from indicators import evaluate, queries, rollup
from indicators.models import (
    DataItem,
    Evaluation,
    IndicatorVersion,
    Parameter,
    PublishedEvaluation,
    Reading,
    RollUp,
    Target,
)
from indicators.publish import publish
from indicators.shown import Shown, shown_indicators
from tests.integration.factories import COUNTY, E1, EAST, START, W1, WEST, put
from tests.integration.settings.forms import REASON, clause, errors_of, send

pytestmark = pytest.mark.django_db
MONTH = months.make(2015, 7)


def page(row, name: str = "change") -> str:
    return f"/settings/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{name}/"


def derive(county: SimpleNamespace) -> None:
    rollup.refresh(Tree(county.county.pk))
    evaluate.refresh(Tree(county.county.pk))


def live(county: SimpleNamespace, code: str, month: int = MONTH) -> Evaluation:
    return Evaluation.objects.get(indicator=county.indicators[code].pk, area=county.county.pk, month=month)


def test_a_parameter_changed_is_recomputed_at_once(tiny, sign_in):
    """B12 = D21 / W01: 32 / 6.4 = 5, and 32 / 8 = 4 after the change."""
    put(tiny, [(MONTH, {(EAST, "D21"): 16, (WEST, "D21"): 16})])
    derive(tiny)
    assert live(tiny, "B12").value == Decimal(5)
    wage = Parameter.objects.get(code="W01", value=Decimal("6.4"))
    response = send(sign_in(tiny.office), page(wage), value="8")
    assert response.status_code == 302, errors_of(response)
    assert live(tiny, "B12").value == Decimal(4)


def test_a_used_item_is_not_deleted_but_explained(tiny, sign_in):
    put(tiny, [(START, {(E1, "D22"): 5})])
    client, item = sign_in(tiny.office), tiny.items["D22"]
    asked = client.get(page(item, "delete"))
    sent = client.post(page(item, "delete"), {"post": "yes", "reason": REASON})
    for response in (asked, sent):
        assert "这一项已有填报数。不再填报的，请写停用月。" in response.content.decode()
    assert sent.status_code == 409
    assert DataItem.objects.filter(pk=item.pk).exists()


def test_an_item_named_in_a_formula_is_not_deleted_either(tiny, sign_in):
    item = tiny.items["D61"]
    response = sign_in(tiny.office).post(page(item, "delete"), {"post": "yes", "reason": REASON})
    assert response.status_code == 409
    assert "A06" in response.content.decode()


def test_a_correction_recomputes_live_months_and_leaves_the_release_as_it_was(tiny, sign_in):
    """A02 counts D01; corrected to D01 - D02 from its own first month: 9 becomes 9 - 2 = 7, the release keeps 9."""
    put(tiny, [(MONTH, {(EAST, "D01"): 4, (WEST, "D01"): 5, (EAST, "D02"): 1, (WEST, "D02"): 1})])
    derive(tiny)
    release = publish(tiny.county, MONTH, by=tiny.office)
    old = IndicatorVersion.objects.get(reading__indicator__code="A02")
    client = sign_in(tiny.office)

    refused = client.post(page(old), {"numerator": "D01 - D02", "reason": REASON})
    assert refused.status_code == 403
    assert "numerator" not in client.get(page(old)).context["adminform"].form.fields

    response = send(
        client, "/settings/indicators/indicatorversion/add/", reason="原口径漏减了重复人数", reading=old.reading_id,
        from_month="2015-01", kind="correction", numerator="D01 - D02", window="plan", scale="1",
    )  # fmt: skip
    assert response.status_code == 302, errors_of(response)
    new = IndicatorVersion.objects.current().get(reading=old.reading)
    old.refresh_from_db()
    assert (old.numerator, old.superseded_by) == ("D01", new)
    assert (new.numerator, new.reason, new.kind) == ("D01 - D02", "原口径漏减了重复人数", "correction")
    assert live(tiny, "A02").value == Decimal(7)
    frozen = PublishedEvaluation.objects.get(indicator=tiny.indicators["A02"].pk, area=tiny.county.pk, month=MONTH)
    assert (frozen.value, frozen.definition) == (Decimal(9), old.pk)
    release.refresh_from_db()
    assert ["A02", "main", START, "D01", "", "", "1.0000", "plan"] in release.evidence["formulas"]


def test_a_change_begins_in_its_month_and_leaves_the_months_before(tiny, sign_in):
    before = MONTH - 1
    values = {(EAST, "D21"): 3, (WEST, "D21"): 1, (COUNTY, "D20"): 96}
    put(tiny, [(before, values), (MONTH, values)])
    derive(tiny)
    old = IndicatorVersion.objects.get(reading__indicator__code="A03")
    response = send(
        sign_in(tiny.office), "/settings/indicators/indicatorversion/add/", reading=old.reading_id,
        from_month="2015-07", kind="change", numerator="D21", denominator="D20", window="level", scale="100",
    )  # fmt: skip
    assert response.status_code == 302, errors_of(response)
    assert live(tiny, "A03", before).value == Decimal(4)
    assert live(tiny, "A03").value == Decimal("4.1666")


@pytest.mark.parametrize(
    ("kind", "month", "field", "told"),
    [
        ("first", "2016-01", "kind", "这个读法已有口径，新版本的性质是更正或变更。"),
        ("change", "2015-01", "from_month", "变更须晚于首版的起始月 2015-01。"),
    ],
)
def test_a_new_version_says_what_it_is(tiny, sign_in, kind, month, field, told):
    old = IndicatorVersion.objects.get(reading__indicator__code="A03")
    response = send(
        sign_in(tiny.office), "/settings/indicators/indicatorversion/add/", reading=old.reading_id,
        from_month=month, kind=kind, numerator="D21", window="level", scale="1",
    )  # fmt: skip
    assert response.status_code == 422
    assert errors_of(response)[field] == [told]


def test_a_released_target_changes_for_live_months_and_not_in_the_release(tiny, sign_in):
    put(tiny, [(MONTH, {(place, item): value for place in (E1, "330424101202", W1, "330424102202")
                        for item, value in (("D22", 100), ("D23", 97))})])  # fmt: skip
    derive(tiny)
    publish(tiny.county, MONTH, by=tiny.office)
    target = Target.objects.get(reading__indicator__code="A04", area=tiny.county)
    response = send(sign_in(tiny.office), page(target), value="98", clause=clause(tiny))
    assert response.status_code == 302, errors_of(response)
    key = {"indicator": tiny.indicators["A04"].pk, "area": tiny.county.pk, "month": MONTH}
    assert Evaluation.objects.get(**key).target_value == Decimal(98)
    frozen = PublishedEvaluation.objects.get(**key)
    assert (frozen.target_value, frozen.reached) == (Decimal(97), True)
    assert Evaluation.objects.get(**key).reached is False
    gone = sign_in(tiny.office).post(page(target, "delete"), {"post": "yes", "reason": REASON})
    assert gone.status_code == 409


def as_read(county: SimpleNamespace, version: str) -> dict[str, Shown]:
    """Indicator code → what its page and the overview show of July 2015 to the office."""
    here = Installation.objects.select_related("county").get()
    at = queries.read_at(here, county.office, "2015-07", version)
    return {one.indicator.code: one for one in shown_indicators(at)}


def test_a_release_keeps_its_targets_and_its_official_readings(tiny, sign_in):
    places = (E1, "330424101202", W1, "330424102202")
    put(tiny, [(MONTH, {(place, item): 50 for place in places for item in ("D22", "D23")})])
    derive(tiny)
    publish(tiny.county, MONTH, by=tiny.office)
    client, indicator = sign_in(tiny.office), tiny.indicators["A04"]
    target = Target.objects.get(reading__indicator=indicator, area=tiny.county)
    assert send(client, page(target), value="98", clause=clause(tiny)).status_code == 302
    assert as_read(tiny, "1")["A04"].target.value == Decimal(97)
    assert as_read(tiny, "live")["A04"].target.value == Decimal(98)
    told = client.get("/indicators/A04/?month=2015-07&version=1").context["facts"][3]["note"]
    assert "97" in told
    assert "98" not in told

    other = Reading.objects.create(indicator=indicator, number=2, code="other", name="另一读法")
    IndicatorVersion.objects.create(reading=other, from_month=START, numerator="D23", window="level")
    decision = {"decided_on": "2017-01-05", "decided_by": "领导小组会议", "document": "纪要1号"}
    assert send(client, page(other), official="on", **decision).status_code == 302
    assert as_read(tiny, "1")["A04"].reading.code == "main"
    assert as_read(tiny, "live")["A04"].reading.code == "other"
    headline = client.get("/indicators/A04/?month=2015-07&version=1").context["headline"]
    assert "".join(part["text"] for part in headline).startswith("A04 100")


def test_an_indicator_that_came_later_is_in_no_earlier_release(tiny, sign_in):
    put(tiny, [(MONTH, {(EAST, "D01"): 5})])
    derive(tiny)
    publish(tiny.county, MONTH, by=tiny.office)
    data = {
        "code": "B22", "number": "B22", "name": "新指标", "section": tiny.sections["jyj"].pk, "clauses": [clause(tiny)],
        "unit": "人", "standing": "rec", "from_month": "2015-01", "numerator": "D01", "scale": "1", "window": "year",
    }  # fmt: skip
    response = send(sign_in(tiny.office), "/settings/indicators/indicator/add/", **data)
    assert response.status_code == 302, errors_of(response)
    assert "B22" not in as_read(tiny, "1")
    assert as_read(tiny, "live")["B22"].row.value == 50_000


def test_a_place_that_closes_leaves_the_totals_of_the_months_after(tiny, sign_in):
    """D22 of the villages in July 2015: 5 from E1 and 7 from W1; W1 closed in June counts no more."""
    put(tiny, [(MONTH, {(E1, "D22"): 5, (W1, "D22"): 7})])
    derive(tiny)
    area = tiny.areas[W1]
    fits = {"spans-0-kind": "village", "spans-0-name": "西一村", "spans-0-to_month": "2015-06"}
    response = send(sign_in(tiny.office), page(area), **fits)
    assert response.status_code == 302, errors_of(response)
    total = RollUp.objects.get(area=tiny.county.pk, item=tiny.items["D22"].pk, month=MONTH, category=0)
    assert total.total == Decimal(5)


def test_stretches_of_a_place_do_not_overlap(tiny, sign_in):
    area = tiny.areas[W1]
    more = {
        "spans-1-name": "新名", "spans-1-kind": "village", "spans-1-parent": tiny.areas[WEST].pk,
        "spans-1-from_month": "2016-01", "spans-0-kind": "village",
    }  # fmt: skip
    response = send(sign_in(tiny.office), page(area), **more)
    assert response.status_code == 422
    assert errors_of(response)["inline"] == ["各时段不得重叠：前一段须先写截止月，后一段从下月起。"]
    response = send(sign_in(tiny.office), page(area), **more, **{"spans-0-to_month": "2015-12"})
    assert response.status_code == 302, errors_of(response)
    assert list(AreaSpan.objects.filter(area=area).values_list("from_month", "to_month")) == [
        (START, months.make(2015, 12)),
        (months.make(2016, 1), None),
    ]


def test_a_new_village_gets_its_number_and_is_expected_to_report(tiny, sign_in):
    response = send(
        sign_in(tiny.office), "/settings/bureau/area/add/", code="330424102209", level="village",
        **{"spans-0-name": "新村", "spans-0-kind": "village", "spans-0-parent": tiny.areas[WEST].pk,
           "spans-0-from_month": "2016-06"},
    )  # fmt: skip
    assert response.status_code == 302, errors_of(response)
    area = Area.objects.get(code="330424102209")
    assert (area.county, area.number) == (tiny.county, 8)
    assert area.pk in Tree(tiny.county.pk).valid(months.make(2016, 6))
    assert area.pk not in Tree(tiny.county.pk).valid(months.make(2016, 5))


def test_a_column_with_figures_stays_on_its_form(tiny, sign_in):
    put(tiny, [(START, {(EAST, "D01"): 5})])
    item = tiny.items["D01"]
    response = send(sign_in(tiny.office), page(item), **{"form_items-0-DELETE": "on"}, definition="口径", source="台账")
    assert response.status_code == 422
    assert "已有填报数，不能删除或移走" in errors_of(response)["inline"][0]


def test_an_item_with_figures_keeps_its_kind(tiny, sign_in):
    put(tiny, [(START, {(EAST, "D01"): 5})])
    response = send(sign_in(tiny.office), page(tiny.items["D01"]), kind="stock", definition="口径", source="台账")
    assert "类型、分组不能再改" in errors_of(response)["kind"][0]
