"""The lights (亮灯): one ordered table of rules over the facts of a month; the first that holds decides (1.5c (2)–(5)).

For `progress`, which works the facts out, of all areas and months at once: a rule answers with an array, or with one
word for all. Its words are shown beside its light. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .exact import NOTHING, ZERO, Exact, round_05up_fraction
from .goals import Goal
from .kinds import N_, Comparator, Light, State
from .numbers_text import STORED_DECIMALS, print_units


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """The facts of areas × months that one kind of goal is asked in; arrays, or columns with one number an area.

    `state` of State; `short`: how far the value is from its target; `lag` as in Judged; `overdue`, `year_ago` as in
    Facts; `ended`: the window is over with this month, that of a yearly check with each December. `allowance`, `behind`
    and `far` are the goals' own. `goal` is one of them, for what all share, or None where no goal is active; the rule
    NO_GOAL stands before all that look at it.
    """

    state: np.ndarray
    covered: np.ndarray
    goal: Goal | None = None
    short: Exact = NOTHING
    lag: Exact = NOTHING
    overdue: Exact = NOTHING
    year_ago: Exact = NOTHING
    ended: np.ndarray | bool = False
    allowance: Exact = NOTHING
    behind: Exact = NOTHING
    far: Exact = NOTHING

    @property
    def reached(self) -> np.ndarray:
        return self.short.ok & (self.short.num == 0).astype(bool)

    @property
    def near(self) -> np.ndarray:
        """Short by no more than the goal's tolerance."""
        return self.short.at_most(self.allowance)

    @property
    def flow(self) -> bool:
        return self.goal is not None and self.goal.summing

    @property
    def capped(self) -> bool:
        """A flow that must stay under its target, which is reached only when the window is over."""
        return self.goal is not None and self.goal.summing and self.goal.falling

    @property
    def awaits_year_end(self) -> np.ndarray | bool:
        return self.goal is not None and self.goal.yearly_check and ~np.asarray(self.ended)

    def asks(self, comparator: Comparator) -> bool:
        return self.goal is not None and self.goal.comparator == comparator

    @property
    def on_path(self) -> np.ndarray:
        return self.lag.at_most(ZERO)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: stored by `code`, lights `light` where `holds`; `words` may name the goal's thresholds."""

    code: str
    light: Light
    holds: Callable[[Case], np.ndarray | bool]
    words: str

    def explain(self, goal: Goal | None) -> str:
        """The Chinese text with the goal's own thresholds filled in ('…' without a goal)."""
        names = ("behind", "far", "allowance", "days")
        return self.words.format(**{name: "…" if goal is None else _shortest(getattr(goal, name)) for name in names})


def _shortest(value: Fraction | int) -> str:
    """'5', '0.5': no more decimals than the value has, four at most."""
    value = Fraction(value)
    units = round_05up_fraction(value.numerator, value.denominator)
    decimals = next(d for d in range(STORED_DECIMALS + 1) if units % 10 ** (STORED_DECIMALS - d) == 0)
    return print_units(units, decimals)


def _zero(c: Case) -> bool:
    return c.asks(Comparator.DYNAMIC_ZERO)


def _not_fall(c: Case) -> bool:
    return c.asks(Comparator.NOT_FALL)


def _about(c: Case) -> bool:
    return c.asks(Comparator.ABOUT)


# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("NOT_HERE", Light.NONE, lambda c: c.state == State.NOT_HERE, N_("本级不适用")),
    Rule("NO_GOAL", Light.NONE, lambda c: c.goal is None, N_("未判断：本月没有目标")),
    Rule("FLOW_REACHED", Light.REACHED, lambda c: c.flow and not c.capped and c.reached,
         N_("已达标：累计数已达到目标数")),
    Rule("NOT_COVERED", Light.NOT_COVERED, lambda c: ~c.covered, N_("数据不全：尚未报齐，暂不判断")),
    Rule("ZERO_OVER_ZERO", Light.NONE, lambda c: c.state == State.ZERO_OVER_ZERO,
         N_("不适用：分子、分母都是 0")),
    Rule("OVER_ZERO", Light.NONE, lambda c: c.state == State.OVER_ZERO, N_("无法计算：分母是 0，请核实")),
    Rule("NO_DATA", Light.NOT_COVERED, lambda c: c.state != State.OK, N_("数据不全：窗口内没有数据")),
    # 动态归零
    Rule("ZERO_REACHED", Light.REACHED, lambda c: _zero(c) and c.reached, N_("已达标：期末为 0，数据已报齐")),
    Rule("ZERO_UNKNOWN", Light.NOT_COVERED, lambda c: _zero(c) and ~c.overdue.ok,
         N_("数据不全：没有超期户数")),
    Rule("ZERO_OVERDUE", Light.FAR_BEHIND, lambda c: _zero(c) and ~c.overdue.at_most(ZERO),
         N_("严重滞后：期末不为 0，且有超过 {days} 天的")),
    Rule("ZERO_IN_TIME", Light.BEHIND, _zero, N_("滞后：期末不为 0，都在 {days} 天限期内")),
    # 不下降（稳步提高）
    Rule("NO_YEAR_AGO", Light.NONE, lambda c: _not_fall(c) and ~c.year_ago.ok,
         N_("无可比期：没有上年同期数")),
    Rule("NOT_FALLEN", Light.REACHED, lambda c: _not_fall(c) and c.reached, N_("已达标：不低于上年同期")),
    Rule("FALLEN_LITTLE", Light.BEHIND, lambda c: _not_fall(c) and c.near,
         N_("滞后：低于上年同期，相差不超过 {allowance}")),
    Rule("FALLEN", Light.FAR_BEHIND, _not_fall, N_("严重滞后：低于上年同期，相差超过 {allowance}")),
    # 左右
    Rule("ABOUT_REACHED", Light.REACHED, lambda c: _about(c) and c.reached, N_("已达标：不高于目标值")),
    Rule("ABOUT_NEAR", Light.BEHIND, lambda c: _about(c) and c.near,
         N_("滞后：高于目标值，高出不超过 {allowance}，在左右范围内")),
    Rule("ABOUT_OVER", Light.FAR_BEHIND, _about, N_("严重滞后：高于目标值，高出超过 {allowance}")),
    # 每年都要做到的，年末考核
    Rule("YEARLY_STANDING", Light.ON_COURSE, lambda c: c.awaits_year_end & c.reached,
         N_("达序时：目前达到目标值，年末考核")),
    Rule("YEARLY_SHORT", Light.BEHIND, lambda c: c.awaits_year_end, N_("滞后：目前未达到目标值，年末考核")),
    # 达标、超限与到期
    Rule("REACHED", Light.REACHED, lambda c: c.reached & (c.ended | (not c.capped)), N_("已达标：达到目标值")),
    Rule("CAP_PASSED_LITTLE", Light.BEHIND, lambda c: c.capped and ~c.reached & c.near,
         N_("滞后：累计数已超过上限，超出不超过 {allowance}")),
    Rule("CAP_PASSED", Light.FAR_BEHIND, lambda c: c.capped and ~c.reached,
         N_("严重滞后：累计数已超过上限，超出超过 {allowance}")),
    Rule("ENDED_NEAR", Light.BEHIND, lambda c: c.ended & c.near,
         N_("滞后：期限已到，未达目标，相差不超过 {allowance}")),
    Rule("ENDED_SHORT", Light.FAR_BEHIND, lambda c: c.ended, N_("严重滞后：期限已到，未达目标，相差超过 {allowance}")),
    # 期限之内，对照路径
    Rule("NO_PATH", Light.NONE, lambda c: ~c.lag.ok, N_("未判断：期限未到，没有进度要求")),
    Rule("FLOW_ON_COURSE", Light.ON_COURSE, lambda c: c.flow and c.on_path, N_("达序时：完成进度不落后于时序进度")),
    Rule("FLOW_NEARLY", Light.ON_COURSE, lambda c: c.flow and c.lag.at_most(c.behind),
         N_("基本达序时：落后时序进度不超过 {behind} 个百分点")),
    Rule("FLOW_BEHIND", Light.BEHIND, lambda c: c.flow and c.lag.at_most(c.far),
         N_("滞后：落后时序进度超过 {behind} 个、不超过 {far} 个百分点")),
    Rule("FLOW_FAR_BEHIND", Light.FAR_BEHIND, lambda c: c.flow, N_("严重滞后：落后时序进度超过 {far} 个百分点")),
    Rule("LEVEL_ON_COURSE", Light.ON_COURSE, lambda c: c.on_path, N_("达序时：不差于路径上的应达值")),
    Rule("LEVEL_BEHIND", Light.BEHIND, lambda c: c.lag.at_most(c.allowance),
         N_("滞后：比路径上的应达值差，相差不超过 {allowance}")),
    Rule("LEVEL_FAR_BEHIND", Light.FAR_BEHIND, lambda c: True,
         N_("严重滞后：比路径上的应达值差，相差超过 {allowance}")),
)
# fmt: on
RULE_BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
BY_PATH = frozenset({"FLOW_ON_COURSE", "FLOW_NEARLY", "FLOW_BEHIND", "FLOW_FAR_BEHIND"})
BASES = {"SEASON": N_("时序按上年季节"), "EVEN": N_("上年数据不全，时序按线性")}
"""What a rule of BY_PATH held a seasonal flow against: last year's season, or evenly where last year has holes."""


LIGHTS = np.array([int(rule.light) for rule in RULES], dtype=np.uint8)


def deciding(case: Case) -> np.ndarray:
    """The number of the rule that decides each cell; the last of the table always holds."""
    found = np.zeros(case.state.shape, dtype=np.uint8)
    left = np.ones(case.state.shape, dtype=bool)
    for number, rule in enumerate(RULES):
        holds = rule.holds(case)
        if holds is False:
            continue
        found[left & holds] = number
        left &= ~np.asarray(holds)
        if not left.any():
            break
    return found
