"""Totals of whole spans (补录合计): what they are worth, what excludes them, who approves them; worked by hand."""

from decimal import Decimal

import pytest

from bureau import audit
from bureau.models import AuditEvent, Installation
from indicators.analysis.kinds import State
from indicators.entry import spans, workflow
from indicators.entry.spans import Total
from indicators.models import Evaluation, PublishedEvaluation, PublishedMonth, SpanTotal
from indicators.publish import publish
from tests.integration.factories import COUNTY, E1, E3, EAST, MOVED, START, W1, W2, WEST, approved, hand_in
from tests.integration.test_incremental import derived, rebuilt

pytestmark = pytest.mark.django_db
DECEMBER = START + 11


@pytest.fixture
def county(tiny):
    Installation.objects.update(go_live_month=START + 20)
    return tiny


def total(county, area, item="D01", value="120", first=START, last=DECEMBER, category=""):
    split = county.categories[category].pk if category else 0
    return Total(
        county.areas[area], county.items[item], split, first, last, Decimal(value), "yearbook", "2015年年报第3页"
    )


def handed(county, *args, **more):
    span = spans.save(total(county, *args, **more), by=county.clerk)
    return spans.submit(span, by=county.clerk)


def stands(county, *args, **more):
    return spans.approve(handed(county, *args, **more), by=county.reviewer)


def evaluation(county, area, code, month):
    return Evaluation.objects.filter(
        area=county.areas[area].pk, indicator=county.indicators[code].pk, month=month
    ).first()


def value(county, area, code, month):
    one = evaluation(county, area, code, month)
    return None if one is None else (one.value, one.reported, one.expected)


def monthly(county, place, month, amount):
    approved(county, "town", place, month, {(place, "D01"): amount})


def test_a_year_of_a_town_counts_in_december_beside_the_other_towns_months(county):
    stands(county, EAST, value="120")
    for month in range(START, DECEMBER + 1):
        monthly(county, WEST, month, 2)
    # A02: D01 since the plan began. In June the span is cut: East is missing, West has 6 × 2
    assert value(county, COUNTY, "A02", START + 5) == (12, 1, 2)
    assert value(county, COUNTY, "A02", DECEMBER) == (120 + 24, 2, 2)
    assert value(county, EAST, "A02", DECEMBER) == (120, 1, 1)
    assert evaluation(county, EAST, "A02", START + 5) is None
    monthly(county, EAST, DECEMBER + 1, 5)
    # from January 2016 on the plan to date still contains it; the year to date begins anew
    january = evaluation(county, EAST, "A02", DECEMBER + 1)
    assert (january.value, january.year_to_date, january.month_value) == (125, 5, 5)
    assert value(county, COUNTY, "A02", DECEMBER + 1) == (149, 1, 2)  # West has not reported January


def test_twelve_months_contain_it_once_and_cut_it_ever_after(county):
    stands(county, EAST, value="120")
    for month in range(START, DECEMBER + 2):
        approved(county, "town", EAST, month, {(EAST, "D21"): 10})
    approved(county, "town", WEST, DECEMBER + 1, {(WEST, "D01"): 0, (WEST, "D21"): 0})
    # B05: 100 × D01 of twelve months / person-months. December: 12,000 / 120; January has no D01 of East at all
    assert evaluation(county, EAST, "B05", DECEMBER).value == 100
    assert evaluation(county, EAST, "B05", DECEMBER + 1).state == State.NO_DATA


def test_a_village_and_a_town_of_one_item_add_up_by_category(county):
    for split, amount in (("active", "30"), ("retired", "6")):
        stands(county, E1, "D13", amount, category=split)
        stands(county, WEST, "D13", amount, category=split)
    # B02 shows the month: a span is in none of them
    december = evaluation(county, COUNTY, "B02", DECEMBER)
    assert (december.state, december.month_value, december.year_to_date) == (State.NO_DATA, None, 72)
    assert evaluation(county, EAST, "B02", DECEMBER).year_to_date == 36


def test_a_category_alone_makes_no_whole(county):
    stands(county, E1, "D13", "30", category="active")
    assert evaluation(county, EAST, "B02", DECEMBER) is None


def test_the_countys_own_total_says_nothing_of_its_towns(county):
    stands(county, COUNTY, value="300")
    assert value(county, COUNTY, "A02", DECEMBER) == (300, 2, 2)
    assert evaluation(county, EAST, "A02", DECEMBER) is None


def test_finer_figures_refuse_a_total_and_a_total_refuses_finer_figures(county):
    monthly(county, EAST, START + 2, 5)
    with pytest.raises(workflow.Refused, match="101 D01 2015年3月"):
        spans.save(total(county, EAST), by=county.clerk)
    with pytest.raises(workflow.Refused, match="已有更细的审定数"):
        spans.save(total(county, COUNTY), by=county.clerk)
    stands(county, EAST, first=START + 3)
    with pytest.raises(workflow.Refused, match="补录合计已包含这些月份：101 D01 2015年6月"):
        hand_in(county, "town", EAST, START + 5, {(EAST, "D01"): 1, (EAST, "D02"): 1})
    monthly(county, WEST, START + 5, 5)  # another town, another month, another item: as ever
    monthly(county, EAST, DECEMBER + 1, 5)
    approved(county, "town", EAST, START + 6, {(EAST, "D02"): 1})


def test_what_was_handed_in_before_the_total_stood_is_not_approved_after_it(county):
    waiting = hand_in(county, "town", EAST, START + 5, {(EAST, "D01"): 1})
    stands(county, COUNTY)
    with pytest.raises(workflow.Refused, match="补录合计已包含"):
        workflow.approve(waiting, by=county.reviewer)
    assert value(county, COUNTY, "A02", DECEMBER) == (120, 2, 2)


@pytest.mark.parametrize(("area", "first"), [(EAST, START), (COUNTY, START + 6), (EAST, DECEMBER - 1)])
def test_totals_never_overlap_up_or_down_the_tree(county, area, first):
    stands(county, EAST)
    with pytest.raises(workflow.Refused, match="与已审核的补录合计重叠：101 2015年。"):
        spans.save(total(county, area, first=first), by=county.clerk)
    spans.save(total(county, WEST), by=county.clerk)
    spans.save(total(county, EAST, "D02"), by=county.clerk)
    spans.save(total(county, area, first=DECEMBER + 1, last=DECEMBER + 3), by=county.clerk)


@pytest.mark.parametrize(
    ("args", "more", "why"),
    [
        ((EAST, "D21"), {}, "不是当期发生数"),
        ((EAST, "D01", "-1"), {}, "不能为负数"),
        ((EAST, "D01", "1.5"), {}, "最多 0 位小数"),
        ((EAST, "D01"), {"last": START}, "至少跨两个月"),
        ((EAST, "D01"), {"last": START + 20}, "只能补录启用月（2016年9月）以前的月份"),
        ((EAST, "D01"), {"first": START - 1}, "早于方案开始的 2015年1月"),
        ((E1, "D13"), {}, "请逐类补录合计"),
        ((EAST, "D01"), {"category": "active"}, "不分类"),
        ((E1, "D01"), {}, "这个地方不填报这一项"),
        ((E3, "D13"), {"category": "active"}, "2015年1月它不在同一上级之下"),
        ((W2, "D13"), {"category": "active", "last": MOVED}, "2015年1月它不在同一上级之下"),
    ],
)
def test_what_cannot_be_a_total_is_refused_with_its_reason(county, args, more, why):
    with pytest.raises(workflow.Refused, match=why):
        spans.save(total(county, *args, **more), by=county.clerk)
    assert not SpanTotal.objects.exists()


def test_nobody_approves_what_he_typed_and_what_changed_is_looked_at_again(county):
    span = spans.save(total(county, EAST), by=county.clerk)
    spans.save(total(county, EAST, value="121"), by=county.reviewer, span=span, seen=span.version)
    with pytest.raises(workflow.Conflict):
        spans.save(total(county, EAST, value="122"), by=county.clerk, span=span, seen=1)
    spans.save(total(county, EAST, value="123"), by=county.clerk, span=span, seen=2)
    spans.submit(span, by=county.clerk)
    with pytest.raises(workflow.Refused, match="不能审核自己填报的数"):
        spans.approve(span, by=county.reviewer)
    with pytest.raises(workflow.Conflict):
        spans.approve(span, by=county.office, seen=2)
    assert spans.approve(span, by=county.office, seen=3).value == 123
    with pytest.raises(workflow.Closed):
        spans.approve(span, by=county.office)


def test_back_and_forth_leaves_a_trace_of_each_step(county):
    span = handed(county, EAST)
    with pytest.raises(workflow.Refused, match="至少 5 个字"):
        spans.return_(span, by=county.reviewer, reason="不对")
    spans.return_(span, by=county.reviewer, reason="请附年报页码")
    spans.submit(span, by=county.clerk)
    spans.withdraw(span, by=county.clerk)
    spans.submit(span, by=county.clerk)
    spans.approve(span, by=county.reviewer)
    spans.take_back(span, by=county.reviewer, reason="改报月度数")
    assert evaluation(county, EAST, "A02", DECEMBER) is None
    monthly(county, EAST, START, 7)
    acts = ["save", "submit", "return", "submit", "withdraw", "submit", "approve", "take_back"]
    assert [step.act for step in span.steps.all()] == acts
    found = AuditEvent.objects.filter(act__startswith="span.").order_by("sequence")
    assert [event.act.removeprefix("span.") for event in found] == acts
    assert found[6].detail["value"] == [None, "120"]
    with pytest.raises(workflow.Closed):
        spans.drop(span, by=county.clerk)
    assert audit.first_broken() is None


def test_step_by_step_equals_rebuilt_with_totals(county):
    monthly(county, EAST, START + 13, 4)
    stands(county, EAST)
    span = stands(county, COUNTY, "D02", "60", first=START + 6)
    for split in ("active", "retired"):
        stands(county, WEST, "D13", "8", category=split)
    monthly(county, WEST, START + 3, 9)
    for _ in range(2):
        step_by_step = derived()
        assert step_by_step == rebuilt(county)
        if span.state == "approved":
            span = spans.take_back(span, by=county.reviewer, reason="改报月度数")


def test_a_release_keeps_the_total_as_it_was_and_the_next_lists_what_became_of_it(county):
    span = stands(county, EAST)
    release = publish(county.county, DECEMBER, by=county.office)
    key = [county.areas[EAST].pk, county.items["D01"].pk, 0, START, DECEMBER]
    assert release.evidence["span_totals"] == [[*key, 1_200_000]]
    spans.take_back(span, by=county.reviewer, reason="年报数有误")
    spans.save(total(county, EAST, value="118"), by=county.clerk, span=span)
    spans.submit(span, by=county.clerk)
    spans.approve(span, by=county.reviewer)
    frozen = PublishedEvaluation.objects.get(
        area=county.areas[EAST].pk, indicator=county.indicators["A02"].pk, month=DECEMBER
    )
    assert frozen.value == 120
    monthly(county, EAST, DECEMBER + 1, 1)
    publish(county.county, DECEMBER + 1, by=county.office)
    (line,) = PublishedMonth.objects.get(month=DECEMBER + 1).corrections
    assert (line["month"], line["item_name"], line["old"], line["new"], line["reason"]) == (
        DECEMBER, "D01（补录合计 2015年）", 1_200_000, 1_180_000, "年报数有误"
    )  # fmt: skip
    publish(county.county, DECEMBER + 1, by=county.office, reason="再次发布核对")
    assert PublishedMonth.objects.get(month=DECEMBER + 1, version=2).corrections == []


def test_a_place_without_the_form_has_no_total(county):
    assert spans.form_for(county.items["D01"], county.areas[W1]) is None
    assert spans.form_for(county.items["D13"], county.areas[COUNTY]) == county.forms["village"]
