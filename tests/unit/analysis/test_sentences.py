"""Golden sentences: each reads as an official document would have it, and says nothing that its facts do not hold."""

# ruff: noqa: E501 -- a golden sentence stands whole on its line

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analysis import sentences as say
from indicators.analysis.kinds import Comparator, Light, State, Window
from indicators.analysis.marks import pieces, unmarked
from indicators.analysis.sentences import Facts

JANUARY, AUGUST, DECEMBER = 2017 * 12, 2017 * 12 + 7, 2017 * 12 + 11


def u(number) -> int:
    """Ten-thousandths."""
    return round(number * 10_000)


def jobs(month=AUGUST, **more) -> Facts:
    """城镇新增就业: 6,800 a year."""
    plain = {"name": "城镇新增就业人数", "unit": "人", "decimals": 0, "month": month, "window": Window.YEAR}
    goal = {"summing": True, "comparator": Comparator.AT_LEAST, "target": u(6800), "end": DECEMBER}
    return Facts(**plain | goal | {"state": State.OK, "reported": 9, "expected": 9, "places": "镇（街道）"} | more)


def rate(name="城乡劳动者就业率", month=AUGUST, **more) -> Facts:
    plain = {"name": name, "unit": "%", "decimals": 2, "month": month, "window": Window.LEVEL, "state": State.OK}
    goal = {"comparator": Comparator.AT_LEAST, "target": u(97), "end": DECEMBER, "reported": 133, "expected": 133}
    return Facts(**plain | goal | {"places": "村（社区）"} | more)


BEHIND = {"value": u(4100), "completion": u(60.2941), "schedule": u(66.6667), "lag": u(6.3726), "remaining": u(2700)}

STANDING = {
    "a flow behind": (
        jobs(**BEHIND, light=Light.BEHIND),
        "2017年1—8月，城镇新增就业人数4,100人，完成年度目标6,800人的60.3%，落后时序进度（66.7%）6.4个百分点，滞后。",
    ),
    "a flow far behind": (
        jobs(**BEHIND | {"lag": u(20), "schedule": u(80.3)}, light=Light.FAR_BEHIND),
        "2017年1—8月，城镇新增就业人数4,100人，完成年度目标6,800人的60.3%，落后时序进度（80.3%）20.0个百分点，严重滞后。",
    ),
    "a flow nearly on course": (
        jobs(**BEHIND | {"lag": u(3)}, light=Light.ON_COURSE, nearly=True),
        "2017年1—8月，城镇新增就业人数4,100人，完成年度目标6,800人的60.3%，落后时序进度（66.7%）3.0个百分点，基本达序时。",
    ),
    "a flow ahead": (
        jobs(**BEHIND | {"value": u(5100), "completion": u(75), "lag": u(-8.3333)}, light=Light.ON_COURSE),
        "2017年1—8月，城镇新增就业人数5,100人，完成年度目标6,800人的75.0%，超时序进度（66.7%）8.3个百分点，达序时。",
    ),
    "a flow on the schedule": (
        jobs(month=2017 * 12 + 5, value=u(3400), completion=u(50), schedule=u(50), lag=0, remaining=u(3400),
             light=Light.ON_COURSE),
        "2017年1—6月，城镇新增就业人数3,400人，完成年度目标6,800人的50.0%，与时序进度（50.0%）一致，达序时。",
    ),
    "a flow in the first month of a year": (
        jobs(JANUARY, value=u(310), completion=u(4.5588), schedule=u(8.3333), lag=u(3.7745), remaining=u(6490),
             light=Light.ON_COURSE, nearly=True),
        "2017年1月，城镇新增就业人数310人，完成年度目标6,800人的4.6%，落后时序进度（8.3%）3.8个百分点，基本达序时。",
    ),
    "a flow exactly reached": (
        jobs(value=u(6800), completion=u(100), remaining=0, light=Light.REACHED),
        "2017年1—8月，城镇新增就业人数6,800人，恰好达到年度目标6,800人，已达标。",
    ),
    "a flow over-reached": (
        jobs(value=u(7100), completion=u(104.4118), remaining=0, light=Light.REACHED),
        "2017年1—8月，城镇新增就业人数7,100人，完成年度目标6,800人的104.4%，超出300人，已达标。",
    ),
    "a flow one person short is not 100.0 %": (
        jobs(DECEMBER, value=u(6799), completion=u(99.9853), remaining=u(1), light=Light.FAR_BEHIND),
        "2017年1—12月，城镇新增就业人数6,799人，完成年度目标6,800人的99.99%，期限已到，差1人，严重滞后。",
    ),
    "a flow whose time is over": (
        jobs(DECEMBER, value=u(6460), completion=u(95), schedule=u(100), lag=u(5), remaining=u(340),
             light=Light.FAR_BEHIND),
        "2017年1—12月，城镇新增就业人数6,460人，完成年度目标6,800人的95.0%，期限已到，差340人，严重滞后。",
    ),
    "a flow at zero": (
        jobs(JANUARY, value=0, completion=0, schedule=u(8.3333), lag=u(8.3333), remaining=u(6800), light=Light.BEHIND),
        "2017年1月，城镇新增就业人数0人，完成年度目标6,800人的0.0%，落后时序进度（8.3%）8.3个百分点，滞后。",
    ),
    "a flow without path": (
        jobs(value=u(4100), completion=u(60.2941), remaining=u(2700), light=Light.NONE),
        "2017年1—8月，城镇新增就业人数4,100人，完成年度目标6,800人的60.3%，尚差2,700人。",
    ),
    "a plan-to-date flow": (
        jobs(window=Window.PLAN, name="创业培训人数", target=u(3000), value=u(2400), completion=u(80),
             schedule=u(88.8889), lag=u(8.8889), remaining=u(600), light=Light.BEHIND),
        "试点以来至2017年8月，创业培训人数2,400人，完成目标3,000人的80.0%，落后时序进度（88.9%）8.9个百分点，滞后。",
    ),
    "a flow not fully reported": (
        jobs(value=u(3300), reported=7, light=Light.NOT_COVERED),
        "2017年1—8月，城镇新增就业人数3,300人（已审7/9个镇（街道）），数据不全，暂不判断。",
    ),
    "no figure": (jobs(state=State.NO_DATA, reported=0), "2017年1—8月，城镇新增就业人数没有审定数。"),
    "nothing over nothing": (rate(state=State.ZERO_OVER_ZERO), "截至2017年8月底，城乡劳动者就业率的分子、分母都是0，不适用。"),
    "something over nothing": (rate(state=State.OVER_ZERO), "截至2017年8月底，城乡劳动者就业率的分母是0，无法计算，请核实。"),
    "not at this level": (rate(state=State.NOT_HERE), "截至2017年8月底，城乡劳动者就业率在本级不适用。"),
    "monitored only": (
        rate("求人倍率", unit="倍", comparator=None, target=None, value=u(1.25)),
        "截至2017年8月底，求人倍率为1.25倍，方案未定量，作监测。",
    ),
    "a rate short and behind its path": (
        rate(value=u(95.31), remaining=u(1.69), path=u(95.81), lag=u(0.5), light=Light.BEHIND),
        "截至2017年8月底，城乡劳动者就业率为95.31%，比目标97.00%（2017年12月）低1.69个百分点，"
        "比路径上的应达值95.81%差0.50个百分点，滞后。",
    ),
    "a rate short but ahead of its path": (
        rate(value=u(96.5), remaining=u(0.5), path=u(96), lag=u(-0.5), light=Light.ON_COURSE),
        "截至2017年8月底，城乡劳动者就业率为96.50%，比目标97.00%（2017年12月）低0.50个百分点，"
        "比路径上的应达值96.00%好0.50个百分点，达序时。",
    ),
    "a rate on its path": (
        rate(value=u(96), remaining=u(1), path=u(96), lag=0, light=Light.ON_COURSE),
        "截至2017年8月底，城乡劳动者就业率为96.00%，比目标97.00%（2017年12月）低1.00个百分点，"
        "与路径上的应达值一致，达序时。",
    ),
    "a rate a hair short never prints as reached": (
        rate(value=u(96.996), remaining=u(0.004), path=u(96.9), lag=u(-0.096), light=Light.ON_COURSE),
        "截至2017年8月底，城乡劳动者就业率为96.996%，比目标97.00%（2017年12月）低0.004个百分点，"
        "比路径上的应达值96.90%好0.10个百分点，达序时。",
    ),
    "a rate exactly reached": (
        rate(value=u(97), remaining=0, light=Light.REACHED),
        "截至2017年8月底，城乡劳动者就业率为97.00%，恰好达到目标97.00%，已达标。",
    ),
    "a rate beyond its target": (
        rate(value=u(97.31), remaining=0, light=Light.REACHED),
        "截至2017年8月底，城乡劳动者就业率为97.31%，比目标97.00%（2017年12月）高0.31个百分点，已达标。",
    ),
    "a rate whose time is over": (
        rate(month=DECEMBER, value=u(95), remaining=u(2), path=u(97), lag=u(2), light=Light.FAR_BEHIND),
        "截至2017年12月底，城乡劳动者就业率为95.00%，比目标97.00%低2.00个百分点，期限已到，严重滞后。",
    ),
    "a count short of its target and ahead of its path": (
        rate("特色创业小镇", unit="个", decimals=0, target=u(2), value=u(1), remaining=u(1), path=0, lag=u(-1),
             light=Light.ON_COURSE),
        "截至2017年8月底，特色创业小镇为1个，比目标2个（2017年12月）少1个，比路径上的应达值0个多1个，达序时。",
    ),
    "a count behind its path": (
        rate("农村电商平台", unit="个", decimals=0, target=u(3), value=u(1), remaining=u(2), path=u(2), lag=u(1),
             light=Light.BEHIND),
        "截至2017年8月底，农村电商平台为1个，比目标3个（2017年12月）少2个，比路径上的应达值2个少1个，滞后。",
    ),
    "a count beyond its target": (
        rate("特色创业小镇", unit="个", decimals=0, target=u(2), value=u(3), remaining=0, light=Light.REACHED),
        "截至2017年8月底，特色创业小镇为3个，比目标2个（2017年12月）多1个，已达标。",
    ),
    "a count above its limit": (
        rate("未建档单位", unit="个", decimals=0, comparator=Comparator.AT_MOST, target=u(2), value=u(5),
             remaining=u(3), path=u(4), lag=u(1), light=Light.BEHIND),
        "截至2017年8月底，未建档单位为5个，比上限2个（2017年12月）多3个，比路径上的应达值4个多1个，滞后。",
    ),
    "an amount of money is lower, not fewer": (
        rate("大病保险人均筹资标准", unit="元/人·年", target=u(30), value=u(28.5), remaining=u(1.5), path=u(30), lag=u(1.5),
             light=Light.FAR_BEHIND),
        "截至2017年8月底，大病保险人均筹资标准为28.50元/人·年，比目标30.00元/人·年（2017年12月）低1.50元/人·年，"
        "比路径上的应达值30.00元/人·年差1.50元/人·年，严重滞后。",
    ),
    "a gap under its limit": (
        rate("居民与职工医保待遇差距", unit="百分点", comparator=Comparator.AT_MOST, target=u(10), value=u(8.2),
             remaining=0, light=Light.REACHED),
        "截至2017年8月底，居民与职工医保待遇差距为8.20个百分点，比上限10.00个百分点（2017年12月）低1.80个百分点，已达标。",
    ),
    "a gap exactly at its limit": (
        rate("居民与职工医保待遇差距", unit="百分点", comparator=Comparator.AT_MOST, target=u(10), value=u(10),
             remaining=0, light=Light.REACHED),
        "截至2017年8月底，居民与职工医保待遇差距为10.00个百分点，恰好等于上限10.00个百分点，已达标。",
    ),
    "a gap over its limit": (
        rate("居民与职工医保待遇差距", unit="百分点", comparator=Comparator.AT_MOST, target=u(10), value=u(12.5),
             remaining=u(2.5), path=u(11), lag=u(1.5), light=Light.BEHIND),
        "截至2017年8月底，居民与职工医保待遇差距为12.50个百分点，比上限10.00个百分点（2017年12月）高2.50个百分点，"
        "比路径上的应达值11.00个百分点差1.50个百分点，滞后。",
    ),
    "about three": (
        rate("城镇登记失业率", comparator=Comparator.ABOUT, target=u(3), tolerance=u(0.5), value=u(2.73), remaining=0,
             light=Light.REACHED),
        "截至2017年8月底，城镇登记失业率为2.73%，控制在3.00%左右，已达标。",
    ),
    "about three, within the tolerance": (
        rate("城镇登记失业率", comparator=Comparator.ABOUT, target=u(3), tolerance=u(0.5), value=u(3.2),
             remaining=u(0.2), light=Light.BEHIND),
        "截至2017年8月底，城镇登记失业率为3.20%，比目标（3.00%左右）高0.20个百分点，仍在容差0.50个百分点以内，滞后。",
    ),
    "about three, beyond the tolerance": (
        rate("城镇登记失业率", comparator=Comparator.ABOUT, target=u(3), tolerance=u(0.5), value=u(3.8),
             remaining=u(0.8), light=Light.FAR_BEHIND),
        "截至2017年8月底，城镇登记失业率为3.80%，比目标（3.00%左右）高0.80个百分点，超出容差，严重滞后。",
    ),
    "not to fall, risen": (
        rate("养老保障人员人均待遇", unit="元/月", comparator=Comparator.NOT_FALL, target=None, value=u(1650),
             year_ago=u(1580), remaining=0, light=Light.REACHED, window=Window.TRAILING12),
        "截至2017年8月的12个月，养老保障人员人均待遇为1,650.00元/月，比上年同期增加70.00元/月，没有下降，已达标。",
    ),
    "not to fall, the same": (
        rate("网办率", comparator=Comparator.NOT_FALL, target=None, value=u(50), year_ago=u(50), remaining=0,
             light=Light.REACHED),
        "截至2017年8月底，网办率为50.00%，与上年同期持平，没有下降，已达标。",
    ),
    "not to fall, fallen": (
        rate("网办率", comparator=Comparator.NOT_FALL, target=None, value=u(48), year_ago=u(50), remaining=u(2),
             light=Light.BEHIND),
        "截至2017年8月底，网办率为48.00%，比上年同期下降2.00个百分点，滞后。",
    ),
    "not to fall, nothing to compare": (
        rate("网办率", comparator=Comparator.NOT_FALL, target=None, value=u(48)),
        "截至2017年8月底，网办率为48.00%，没有上年同期数，无可比期，不作判断。",
    ),
}  # fmt: skip


def homes(**more) -> Facts:
    """零就业家庭: dynamic zero."""
    plain = {"name": "零就业家庭", "unit": "户", "decimals": 0, "month": AUGUST, "window": Window.LEVEL}
    goal = {"comparator": Comparator.DYNAMIC_ZERO, "target": 0, "end": DECEMBER, "state": State.OK}
    return Facts(**plain, **goal, **more)


STANDING |= {
    "zero": (
        homes(value=0, month_ago=0, light=Light.REACHED),
        "截至2017年8月底，零就业家庭为0户，做到动态归零，已达标。",
    ),
    "fell to zero": (
        homes(value=0, month_ago=u(3), light=Light.REACHED),
        "截至2017年8月底，零就业家庭为0户，由上月的3户降为0，做到动态归零，已达标。",
    ),
    "open, in time": (
        homes(value=u(2), overdue=0, light=Light.BEHIND),
        "截至2017年8月底，零就业家庭为2户，都在限期以内，滞后。",
    ),
    "open, overdue": (
        homes(value=u(2), overdue=u(1), light=Light.FAR_BEHIND),
        "截至2017年8月底，零就业家庭为2户，其中1户超过限期，严重滞后。",
    ),
}


@pytest.mark.parametrize("case", STANDING)
def test_standing(case):
    facts, expected = STANDING[case]
    assert say.standing(facts) == expected


COMPARED = {
    "a flow grown": (jobs(value=u(4100), year_ago=u(3900)), "同比增长5.1%。"),
    "a flow fallen": (jobs(value=u(3900), year_ago=u(4100)), "同比下降4.9%。"),
    "a flow the same": (jobs(value=u(4100), year_ago=u(4100)), "同比持平。"),
    "a flow hardly changed": (jobs(value=u(40_001), year_ago=u(40_000)), "同比基本持平。"),
    "a flow fallen to zero": (jobs(value=0, year_ago=u(12)), "上年同期为12人，本期为0。"),
    "a flow from zero": (jobs(value=u(12), year_ago=0), "上年同期为0人，不作同比。"),
    "a flow without a year before": (jobs(value=u(12)), "没有上年同期数，无可比期。"),
    "a rate risen": (rate(value=u(95.31), year_ago=u(94.1)), "同比提高1.21个百分点。"),
    "a rate fallen": (rate(value=u(94.1), year_ago=u(95.31)), "同比下降1.21个百分点。"),
    "a rate from zero": (rate(value=u(5), year_ago=0), "同比提高5.00个百分点。"),
    "a stock": (homes(value=u(2), year_ago=u(5)), "同比减少3户。"),
    "nothing": (rate(year_ago=u(5)), ""),
}


@pytest.mark.parametrize("case", COMPARED)
def test_year_on_year(case):
    facts, expected = COMPARED[case]
    assert say.year_on_year(facts) == expected


def test_month_on_month_is_told_of_levels_only():
    assert say.month_on_month(rate(value=u(95.31), month_ago=u(95.1))) == "环比提高0.21个百分点。"
    assert say.month_on_month(rate(value=u(95.31))) == "没有上月数，不作环比。"
    assert say.month_on_month(jobs(value=u(10), month_ago=u(5))) == ""


PACE = {
    "pressed": (
        jobs(**BEHIND, required=u(675), pace=u(512.5), pressure=u(1.3171)),
        "距2017年12月还有4个月，须月均完成675人，是近3个月月均513人的1.32倍。",
    ),
    "standing still": (
        jobs(**BEHIND, required=u(675), pace=0),
        "距2017年12月还有4个月，须月均完成675人；近3个月没有进展，按现速度无法达到。",
    ),
    "unknown": (
        jobs(**BEHIND, required=u(675)),
        "距2017年12月还有4个月，须月均完成675人；近3个月数据不足，不与现速度比较。",
    ),
    "less than a piece a month": (
        jobs(value=u(1), unit="个", remaining=u(1), required=u(0.25), pace=u(0.3), pressure=u(0.83)),
        "距2017年12月还有4个月，还差1个。",
    ),
    "less than a piece a month, standing still": (
        jobs(value=u(0), unit="家", remaining=u(1), required=u(0.25), pace=0),
        "距2017年12月还有4个月，还差1家，近3个月没有进展。",
    ),
    "a rate": (
        rate(value=u(95), required=u(0.5), pace=u(0.25), pressure=u(2)),
        "距2017年12月还有4个月，须月均提高0.50个百分点，是近3个月月均0.25个百分点的2.00倍。",
    ),
    "a falling rate": (
        rate(value=u(12), unit="百分点", comparator=Comparator.AT_MOST, target=u(10), required=u(0.5)),
        "距2017年12月还有4个月，须月均降低0.50个百分点；近3个月数据不足，不与现速度比较。",
    ),
    "reached": (jobs(value=u(6800), required=0), ""),
    "over": (jobs(DECEMBER, value=u(6000), required=u(1)), ""),
}


@pytest.mark.parametrize("case", PACE)
def test_pace(case):
    facts, expected = PACE[case]
    assert say.pace(facts) == expected


def test_a_paragraph_joins_what_there_is_to_say():
    facts = jobs(**BEHIND, light=Light.BEHIND, year_ago=u(3900), required=u(675), pace=u(512.5), pressure=u(1.3171))
    assert say.paragraph(facts) == (
        "2017年1—8月，城镇新增就业人数4,100人，完成年度目标6,800人的60.3%，落后时序进度（66.7%）6.4个百分点，滞后。"
        "同比增长5.1%。距2017年12月还有4个月，须月均完成675人，是近3个月月均513人的1.32倍。"
    )


OTHERS = [
    (say.best_run(jobs(), 4, u(57)), "即便重现历史最好的4个月，仍差57人，须有新增措施。"),
    (say.best_run(jobs(), 4, 0), "重现历史最好的4个月，可以达到。"),
    (say.forecast(jobs(), 23, u(5830), u(6690)), "按现有走势，2017年12月预计在5,830—6,690人之间（80%区间），达到目标的可能约23%。"),
    (say.forecast(jobs(), 0, u(5830), u(6690)), "按现有走势，2017年12月预计在5,830—6,690人之间（80%区间），达到目标的可能不到1%。"),
    (say.forecast(rate(), 100, u(97.1), u(98)), "按现有走势，2017年12月预计在97.10—98.00%之间（80%区间），达到目标的可能超过99%。"),
    (say.too_few(4, 6), "数据不足，不作预测：只有4个月的数，满6个月后给出。"),
    (say.in_people(13_160, 32_900, shift_word="转接"), "须转接13,160人或新增32,900人。"),
    (say.in_people(610, None, shift_word="实现就业"), "须实现就业610人。"),
    (say.in_people(0, 0, shift_word="转接"), ""),
    (say.left_over(133, 126, "建电商服务站"), "133个村（社区）中126个已建电商服务站，还有7个。"),
    (say.left_over(3205, 3100, "参保登记", "人", "人"), "3,205人中3,100人已参保登记，还有105人。"),
    (say.left_over(133, 133, "建电商服务站"), "133个村（社区）都已建电商服务站，清零。"),
    (say.gap("城乡就业率之差", "4.20个百分点", "2.90个百分点", "weak_rose"),
     "城乡就业率之差由4.20个百分点变为2.90个百分点，缩小，主要是低的一方提高。"),
    (say.gap("镇际极差", "9.0个百分点", "8.0个百分点", "strong_fell"),
     "镇际极差由9.0个百分点变为8.0个百分点，缩小，主要是高的一方下降，并非低的一方赶上。"),
    (say.gap("镇际极差", "8.0个百分点", "9.0个百分点", "weak_fell"), "镇际极差由8.0个百分点变为9.0个百分点，扩大，主要是低的一方下降。"),
    (say.gap("镇际极差", "8.0个百分点", "9.0个百分点", "strong_rose"), "镇际极差由8.0个百分点变为9.0个百分点，扩大，主要是高的一方提高更快。"),
    (say.gap("镇际极差", "8.0个百分点", "8.0个百分点", "same"), "镇际极差为8.0个百分点，没有变化。"),
    (say.closed_in_time(0, 0, 0, 0, 0, 30), "没有新发现，也没有未消除的。"),
    (say.closed_in_time(5, 4, 3, 1, 0, 30), "新发现5户，消除4户，其中30日内消除3户（75.0%）；期末1户，都在30日以内。"),
    (say.closed_in_time(5, 4, 4, 2, 1, 30), "新发现5户，消除4户，其中30日内消除4户（100.0%）；期末2户，其中1户超过30日。"),
    (say.closed_in_time(2, 0, 0, 2, 0, 30), "新发现2户，消除0户；期末2户，都在30日以内。"),
    (say.closed_in_time(1, 2, 2, 0, 0, 30), "新发现1户，消除2户，其中30日内消除2户（100.0%）；期末为0。"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), OTHERS)
def test_other_sentences(found, expected):
    assert found == expected


def test_what_is_done_is_read_off_the_name_of_the_item():
    names = ("已建服务机构数", "已联网镇村数", "已配专职协理员单位数", "其中：已登记户数", "已参保登记人数")
    assert [say.achievement(name) for name in names] == ["建服务机构", "联网", "配专职协理员", "登记", "参保登记"]
    assert say.achievement("有电商服务站的村（社区）数") == "达标"


def test_places_are_counted_by_their_own_word():
    assert say.left_over(133, 126, "达标", *say.measure({"village"})) == "133个村（社区）中126个已达标，还有7个。"
    assert say.left_over(2, 2, "联网", *say.measure({"town", "village"})) == "2个镇（街道）、村（社区）都已联网，清零。"
    assert say.left_over(3, 1, "建", *say.measure({"county", "town"})) == "3个县、镇、村单位中1个已建，还有2个。"


# What a marked sentence leaves unmarked: dates, the three months of a pace, the twelve of a window, 0 as a word.
WITHOUT_KEY = re.compile("[0-9]{4}年(1—)?[0-9]{1,2}月|近3个月|的12个月|分子、分母都是0|分母是0")
NUMBERS = st.one_of(st.none(), st.integers(-(10**9), 10**9))


@given(
    st.sampled_from([None, *Comparator]),
    st.sampled_from(Window),
    st.sampled_from(Light),
    st.booleans(),
    st.sampled_from(["%", "百分点", "人"]),
    st.tuples(*[NUMBERS] * 8),
    st.integers(JANUARY, DECEMBER),
)
def test_any_facts_make_whole_sentences_with_every_number_marked(
    comparator, window, light, summing, unit, numbers, month
):
    value, target, completion, schedule, path, lag, remaining, before = numbers
    facts = Facts(
        name="某指标", unit=unit, decimals=2, month=month, window=window, value=value, summing=summing,
        comparator=comparator, target=target, end=DECEMBER, completion=completion, schedule=schedule, path=path,
        lag=lag, remaining=remaining, year_ago=before, month_ago=before, light=light, required=remaining,
    )  # fmt: skip
    text, marked = (say.paragraph(found) + say.month_on_month(found) for found in (facts, replace(facts, marked=True)))
    assert text.endswith("。")
    assert not re.search("None|，，|，。|。。|（）", text)
    assert unmarked(marked) == text
    assert not re.search("[0-9]", WITHOUT_KEY.sub("", "".join(piece for what, piece in pieces(marked) if not what)))
