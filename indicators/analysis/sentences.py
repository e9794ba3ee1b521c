"""Computed sentences (由数据算出的陈述) about indicators, in the Chinese of official documents; one place for them all.

Pure: plain facts in, finished text out, for overview, meeting page, bulletin and report. Every number is given in
ten-thousandths and printed as tables print it. A sentence states value, comparison and consequence; it neither praises
nor blames, names no cause, and says nothing that its facts do not hold: without data, coverage or a comparable month it
says so. Differences of rates are 个百分点, never %. Where its facts ask for it every number comes marked (marks.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from .exact import round_05up_fraction
from .kinds import LIGHT_WORDS, Comparator, Level, Light, State, Window
from .marks import mark
from .numbers_text import SCALE, print_against, print_units

RATES = ("%", "百分点")
MONTHS = 12
WHOLE = 100 * SCALE
_DONE = re.compile("(?:其中：)?已(?P<what>.+?)(?:人数|户数|单位数|镇村数|数)")


@dataclass(frozen=True, slots=True)
class Facts:
    """An indicator in one place and month.

    Numbers in ten-thousandths of its unit, completion, schedule and lag of a flow in those of a per cent or point; None
    where there is none. `window`: what the value adds up over. `summing`: a flow judged by completion against schedule.
    `year_ago`: the value of the same month a year before, `month_ago` that of the month before; both only where they
    compare. `overdue`: cases beyond their limit (动态归零). `nearly`: on course by allowance only (基本达序时).
    `marked`: sentences tell of each number what it is.
    """

    name: str
    unit: str
    decimals: int
    month: int
    window: Window
    value: int | None = None
    state: State = State.NO_DATA
    reported: int = 0
    expected: int = 0
    places: str = "单位"
    month_value: int | None = None
    summing: bool = False
    comparator: Comparator | None = None
    target: int | None = None
    end: int | None = None
    tolerance: int | None = None
    completion: int | None = None
    schedule: int | None = None
    path: int | None = None
    lag: int | None = None
    remaining: int | None = None
    required: int | None = None
    pace: int | None = None
    pressure: int | None = None
    light: Light = Light.NONE
    nearly: bool = False
    overdue: int | None = None
    year_ago: int | None = None
    month_ago: int | None = None
    marked: bool = False

    @property
    def rate(self) -> bool:
        return self.unit in RATES

    @property
    def counted(self) -> bool:
        """Is it told in whole pieces, of which there are more or fewer?"""
        return not self.rate and not self.decimals

    @property
    def covered(self) -> bool:
        return self.reported == self.expected

    @property
    def ended(self) -> bool:
        return self.end is not None and self.month >= self.end

    @property
    def falling(self) -> bool:
        return self.comparator in (Comparator.AT_MOST, Comparator.ABOUT, Comparator.DYNAMIC_ZERO)

    def number(self, what: str, text: str) -> str:
        """A number in a sentence, marked where that is asked for."""
        return mark(what, text) if self.marked else text

    @property
    def light_word(self) -> str:
        return "基本达序时" if self.nearly else LIGHT_WORDS[self.light]


# --- words ---


def month_name(month: int) -> str:
    """'2017年8月'."""
    return f"{month // MONTHS}年{month % MONTHS + 1}月"


def amount(facts: Facts, units: int, what: str) -> str:
    """A value with its unit: '95.31%', '8.20个百分点', '4,100人'; `what` it is, for who marks it."""
    return _with_unit(facts, facts.number(what, print_units(units, facts.decimals)))


def _with_unit(facts: Facts, number: str) -> str:
    return f"{number}{'个' if facts.unit == '百分点' else ''}{facts.unit}"


def difference(facts: Facts, units: int, what: str) -> str:
    """The size of a difference: '1.69个百分点', '300人'; one that is not nothing never prints like nothing."""
    number = facts.number(what, print_against(abs(units), 0, facts.decimals))
    return f"{number}{'个百分点' if facts.rate else facts.unit}"


def value(facts: Facts) -> str:
    """The value with its unit; one that is not its target never prints like it."""
    if facts.target is None or facts.value is None:
        return amount(facts, facts.value or 0, "value")
    return _with_unit(facts, facts.number("value", print_against(facts.value, facts.target, facts.decimals)))


def _target(facts: Facts) -> str:
    return amount(facts, facts.target or 0, "target")


def period(facts: Facts) -> str:
    """'2017年1—8月', '2017年1月', '2015年1月以来', '截至2017年8月底': what the value speaks of."""
    if facts.window == Window.YEAR and facts.month % MONTHS:
        return f"{facts.month // MONTHS}年1—{facts.month % MONTHS + 1}月"
    if facts.window == Window.PLAN:
        return f"试点以来至{month_name(facts.month)}"
    if facts.window == Window.TRAILING12:
        return f"截至{month_name(facts.month)}的12个月"
    if facts.window in (Window.YEAR, Window.MONTH):
        return month_name(facts.month)
    return f"截至{month_name(facts.month)}底"


# --- one indicator ---


def standing(facts: Facts) -> str:
    """Value, target and light in one sentence, for every comparator and every gap in the data."""
    lead = f"{period(facts)}，{facts.name}"
    if facts.value is None:
        return f"{lead}{_absent(facts)}。"
    lead += f"{'' if facts.summing else '为'}{value(facts)}"
    if facts.light == Light.NOT_COVERED:
        return f"{lead}（已审{_reported(facts)}个{facts.places}），数据不全，暂不判断。"
    if facts.comparator is None:
        return f"{lead}，方案未定量，作监测。"
    return f"{lead}，{_against(facts)}。"


def _reported(facts: Facts) -> str:
    reported, expected = facts.number("reported", str(facts.reported)), facts.number("expected", str(facts.expected))
    return f"{reported}/{expected}"


def _absent(facts: Facts) -> str:
    return {
        State.ZERO_OVER_ZERO: "的分子、分母都是0，不适用",
        State.OVER_ZERO: "的分母是0，无法计算，请核实",
        State.NOT_HERE: "在本级不适用",
    }.get(facts.state, "没有审定数")


def _against(facts: Facts) -> str:
    if facts.comparator == Comparator.DYNAMIC_ZERO:
        return _zero(facts)
    if facts.comparator == Comparator.NOT_FALL:
        return _not_fall(facts)
    if facts.comparator == Comparator.ABOUT:
        return _about(facts)
    return _flow(facts) if facts.summing and not facts.falling else _level(facts)


def _flow(facts: Facts) -> str:
    goal = f"{'年度' if facts.window == Window.YEAR else ''}目标{_target(facts)}"
    if facts.value == facts.target:
        return f"恰好达到{goal}，已达标"
    done = goal
    if facts.completion is not None:
        done = f"完成{goal}的{facts.number('completion', print_against(facts.completion, WHOLE, 1))}%"
    if facts.remaining == 0:
        return f"{done}，超出{difference(facts, (facts.value or 0) - (facts.target or 0), 'beyond')}，已达标"
    if facts.ended:
        return f"{done}，期限已到，差{difference(facts, facts.remaining or 0, 'remaining')}，{facts.light_word}"
    if facts.lag is None or facts.schedule is None:
        return f"{done}，尚差{difference(facts, facts.remaining or 0, 'remaining')}"
    schedule = f"时序进度（{facts.number('schedule', print_units(facts.schedule, 1))}%）"
    if not facts.lag:
        return f"{done}，与{schedule}一致，{facts.light_word}"
    side = "落后" if facts.lag > 0 else "超"
    points = facts.number("lag", print_against(abs(facts.lag), 0, 1))
    return f"{done}，{side}{schedule}{points}个百分点，{facts.light_word}"


def _level(facts: Facts) -> str:
    limit = "上限" if facts.falling else "目标"
    goal = f"{limit}{_target(facts)}"
    by = f"（{month_name(facts.end)}）" if facts.end is not None and not facts.ended else ""
    if facts.value == facts.target:
        return f"恰好{'等于' if facts.falling else '达到'}{goal}，{facts.light_word}"
    above = (facts.value or 0) > (facts.target or 0)
    high, low = ("多", "少") if facts.counted else ("高", "低")
    gap = difference(facts, (facts.value or 0) - (facts.target or 0), "gap")
    text = f"比{goal}{by}{high if above else low}{gap}"
    if facts.remaining and not facts.ended and facts.path is not None and facts.lag:
        side = "差" if facts.lag > 0 else "好"
        if facts.counted:
            side = low if (facts.lag > 0) is not facts.falling else high
        text += f"，比路径上的应达值{amount(facts, facts.path, 'path')}{side}{difference(facts, facts.lag, 'lag')}"
    elif facts.remaining and not facts.ended and facts.path is not None and facts.lag == 0:
        text += "，与路径上的应达值一致"
    if facts.remaining and facts.ended:
        text += "，期限已到"
    return f"{text}，{facts.light_word}"


def _about(facts: Facts) -> str:
    goal = f"{_target(facts)}左右"
    if facts.remaining == 0:
        return f"控制在{goal}，{facts.light_word}"
    over = difference(facts, facts.remaining or 0, "remaining")
    if facts.light == Light.BEHIND:
        tolerance = difference(facts, facts.tolerance or 0, "tolerance")
        return f"比目标（{goal}）高{over}，仍在容差{tolerance}以内，{facts.light_word}"
    return f"比目标（{goal}）高{over}，超出容差，{facts.light_word}"


def _not_fall(facts: Facts) -> str:
    if facts.year_ago is None or facts.value is None:
        return "没有上年同期数，无可比期，不作判断"
    change = facts.value - facts.year_ago
    if not change:
        return f"与上年同期持平，没有下降，{facts.light_word}"
    by = difference(facts, change, "year_change")
    if change > 0:
        return f"比上年同期{'提高' if facts.rate else '增加'}{by}，没有下降，{facts.light_word}"
    return f"比上年同期{'下降' if facts.rate else '减少'}{by}，{facts.light_word}"


def _zero(facts: Facts) -> str:
    if not facts.value:
        fell = ""
        if facts.month_ago:
            fell = f"由上月的{amount(facts, facts.month_ago, 'month_ago')}降为{facts.number('value', '0')}，"
        return f"{fell}做到动态归零，{facts.light_word}"
    if facts.overdue:
        return f"其中{amount(facts, facts.overdue, 'overdue')}超过限期，{facts.light_word}"
    return f"都在限期以内，{facts.light_word}"


def year_on_year(facts: Facts) -> str:
    """同比: of what adds up in per cent, of levels and rates as a difference; or why there is none."""
    return _compared(facts, facts.year_ago, "year", "同比", "没有上年同期数，无可比期。", "上年同期")


def month_on_month(facts: Facts) -> str:
    """环比 of a level or rate against the month before; a sum over a window has none."""
    if facts.window not in (Window.LEVEL, Window.MONTH):
        return ""
    return _compared(facts, facts.month_ago, "month", "环比", "没有上月数，不作环比。", "上月")


def _compared(facts: Facts, before: int | None, span: str, word: str, nothing: str, then: str) -> str:
    if facts.value is None:
        return ""
    if before is None:
        return nothing
    change = facts.value - before
    if not change:
        return f"{word}持平。"
    if facts.rate or facts.window == Window.LEVEL or facts.window == Window.TRAILING12:
        verbs = ("提高", "下降") if facts.rate else ("增加", "减少")
        return f"{word}{verbs[change < 0]}{difference(facts, change, f'{span}_change')}。"
    if before <= 0:
        return f"{then}为{amount(facts, before, f'{span}_ago')}，不作{word}。"
    if not facts.value:
        return f"{then}为{amount(facts, before, f'{span}_ago')}，本期为{facts.number('value', '0')}。"
    per_cent = round_05up_fraction(change * 100, before)
    printed = print_units(abs(per_cent), 1)
    if printed == "0.0":
        return f"{word}基本持平。"
    return f"{word}{'增长' if change > 0 else '下降'}{facts.number(f'{span}_growth', printed)}%。"


def pace(facts: Facts) -> str:
    """What each month left must bring, beside what months brought of late; empty where no pace is asked for."""
    if not facts.required or facts.end is None or facts.ended or facts.value is None:
        return ""
    left = facts.number("months_left", str(facts.end - facts.month))
    if facts.counted and facts.required < SCALE and facts.remaining:  # nobody builds a fifth of a piece a month
        still = "" if facts.pace is None or facts.pace > 0 else "，近3个月没有进展"
        rest = difference(facts, facts.remaining, "remaining")
        return f"距{month_name(facts.end)}还有{left}个月，还差{rest}{still}。"
    verb = "完成" if facts.summing else "降低" if facts.falling else "提高" if facts.rate else "增加"
    text = f"距{month_name(facts.end)}还有{left}个月，须月均{verb}{difference(facts, facts.required, 'required')}"
    if facts.pace is None:
        return f"{text}；近3个月数据不足，不与现速度比较。"
    if facts.pace <= 0 or facts.pressure is None:
        return f"{text}；近3个月没有进展，按现速度无法达到。"
    times = facts.number("pressure", print_units(facts.pressure, 2))
    return f"{text}，是近3个月月均{difference(facts, facts.pace, 'pace')}的{times}倍。"


def best_run(facts: Facts, months: int, beyond: int) -> str:
    """'即便重现历史最好的4个月，仍差57人，须有新增措施。' or that it suffices."""
    run = facts.number("best_months", str(months))
    if beyond:
        return f"即便重现历史最好的{run}个月，仍差{difference(facts, beyond, 'best_short')}，须有新增措施。"
    return f"重现历史最好的{run}个月，可以达到。"


def forecast(facts: Facts, chance: int, low: int, high: int) -> str:
    """The forecast to the target's month; `chance` in whole per cent, the 80 % band in the value's ten-thousandths."""
    odds = "不到1%" if chance < 1 else "超过99%" if chance > 99 else f"约{chance}%"
    span = f"{facts.number('low', print_units(low, facts.decimals))}—{amount(facts, high, 'high')}"
    until = month_name(facts.end) if facts.end is not None else "期末"
    return f"按现有走势，{until}预计在{span}之间（80%区间），达到目标的可能{odds}。"


def too_few(points: int, fewest: int) -> str:
    """Why there is no forecast."""
    return f"数据不足，不作预测：只有{points}个月的数，满{fewest}个月后给出。"


def in_people(shift: int | None, join: int | None, *, shift_word: str, join_word: str = "新增") -> str:
    """'须转接13,160人或新增32,900人。': the routes of `routes.Routes` in words; empty where nothing is left."""
    ways = [f"{word}{number:,}人" for number, word in ((shift, shift_word), (join, join_word)) if number]
    return f"须{'或'.join(ways)}。" if ways else ""


def paragraph(facts: Facts) -> str:
    """All that is said of one indicator in running text."""
    return "".join(part for part in (standing(facts), year_on_year(facts), pace(facts)) if part)


# --- places and gaps ---


def left_over(total: int, done: int, what: str, measure: str = "个村（社区）", unit: str = "个") -> str:
    """清零清单: '133个村（社区）中126个已建电商服务站，还有7个。', '3,205人中3,100人已参保，还有105人。'"""
    if done >= total:
        return f"{total:,}{measure}都已{what}，清零。"
    return f"{total:,}{measure}中{done:,}{unit}已{what}，还有{total - done:,}{unit}。"


def achievement(item: str) -> str:
    """What is done to those an item counts: '联网' of '已联网镇村数'; 达标 where its name does not say."""
    found = _DONE.fullmatch(item)
    return found["what"] if found else "达标"


def measure(levels: Collection[str]) -> tuple[str, str]:
    """What units are called that are places at these levels, and their short measure word."""
    if set(levels) == {Level.VILLAGE}:
        return "个村（社区）", "个"
    return ("个镇（街道）、村（社区）", "个") if Level.COUNTY not in levels else ("个县、镇、村单位", "个")


def gap(what: str, then: str, now: str, moved: str) -> str:
    """How a gap moved, and why: `moved` as `equality.Movement.kind`, numbers as printed with their unit."""
    why = {
        "weak_rose": "缩小，主要是低的一方提高",
        "strong_fell": "缩小，主要是高的一方下降，并非低的一方赶上",
        "weak_fell": "扩大，主要是低的一方下降",
        "strong_rose": "扩大，主要是高的一方提高更快",
        "same": "没有变化",
    }[moved]
    return f"{what}由{then}变为{now}，{why}。" if moved != "same" else f"{what}为{now}，{why}。"


def closed_in_time(found: int, closed: int, within: int, open_now: int, overdue: int, days: int) -> str:
    """动态归零: cases found and closed in a window, how many closed within the limit, what is open and what overdue."""
    if not (found or closed or open_now):
        return "没有新发现，也没有未消除的。"
    text = f"新发现{found}户，消除{closed}户"
    if closed:
        share = print_units(round_05up_fraction(within * 100, closed), 1)
        text += f"，其中{days}日内消除{within}户（{share}%）"
    if not open_now:
        return f"{text}；期末为0。"
    tail = f"，其中{overdue}户超过{days}日" if overdue else f"，都在{days}日以内"
    return f"{text}；期末{open_now}户{tail}。"
