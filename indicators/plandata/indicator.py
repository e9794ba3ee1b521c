"""Schema of one indicator file (fixtures/indicators/A01.yaml): what is measured, how, and against which targets."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicators.analysis.kinds import Comparator, PathKind, Window
from indicators.plandata.files import Row, twice
from indicators.plandata.outline import ClauseNumber, DomainCode, Month, Number, SectionCode, Slug, Standing, Text

IndicatorNumber = Annotated[str, Field(pattern=r"^[AB]\d{2}[ab]?$")]


ENDS_BEFORE_IT_STARTS = "目标期止月早于起月"
POINTS_GO_WITH_STEPS = "按节点推进（steps）须给出 points，其他路径不得给出"
POINT_OUTSIDE = "节点月份须在目标期内"
SEASON_OF_FLOWS = "只有累计数（没有分母的本年累计、试点以来累计）才有上年季节"


def adds_up(window: str, denominator: str | None) -> bool:
    """Is an indicator of this window and denominator a cumulative flow?"""
    return window in (Window.YEAR, Window.PLAN) and not denominator


class PathPoint(Row):
    """A value expected from a month on, on a path given in steps."""

    month: Month
    value: Number


class Target(Row):
    """A target row: what is to be reached, when, by which path, and from which clause."""

    start: Month
    end: Month
    comparator: Comparator
    value: Number | None = None
    tolerance: Number | None = None
    path: PathKind
    points: tuple[PathPoint, ...] = ()
    yearly_check: bool = False
    limit_days: Annotated[int, Field(ge=1, le=365)] = 30
    clause: ClauseNumber
    standing: Standing
    note: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Target:
        if self.end < self.start:
            raise ValueError(ENDS_BEFORE_IT_STARTS)
        if (self.value is None) != (self.comparator == Comparator.NOT_FALL):
            raise ValueError("只有“不下降”的目标没有目标值，其他目标须有目标值")
        if bool(self.points) != (self.path == PathKind.STEPS):
            raise ValueError(POINTS_GO_WITH_STEPS)
        if any(not self.start <= point.month <= self.end for point in self.points):
            raise ValueError(POINT_OUTSIDE)
        return self


class Reading(Row):
    """One way to read the target (口径); exactly one reading of a measure is official."""

    code: Slug
    name: Text
    name_en: Text
    official: bool
    start: Month = Field(alias="from")
    numerator: Text
    denominator: Text | None = None
    value: Text | None = None
    scale: Annotated[int, Field(ge=1)] = 1
    window: Window
    unit: str = ""
    potential: Text | None = None
    note: str = ""
    targets: tuple[Target, ...] = ()

    def formulas(self) -> dict[str, str]:
        """The formulas given, by the key they stand under."""
        return {key: text for key in ("numerator", "denominator", "value") if (text := getattr(self, key))}

    @model_validator(mode="after")
    def _only_a_flow_has_a_season(self) -> Reading:
        if any(target.path == PathKind.SEASON for target in self.targets) and not adds_up(
            self.window, self.denominator
        ):
            raise ValueError(SEASON_OF_FLOWS)
        return self

    @model_validator(mode="after")
    def _targets_do_not_overlap(self) -> Reading:
        spans = sorted((target.start, target.end) for target in self.targets)
        if any(later[0] <= earlier[1] for earlier, later in pairwise(spans)):
            raise ValueError("同一口径的目标期不得重叠")
        return self


class People(Row):
    """A ratio's shortfall in people (换算成人头): their unit, and what changing sides and coming in are called."""

    unit: Text
    shift: Text
    join: str = ""


class Measure(Row):
    """What is shown as one line: a unit, its decimals and its readings. No reading: qualitative (定性)."""

    code: Annotated[str, Field(pattern=r"^[AB]\d{2}[abc]?$")]
    name: Text
    name_en: Text
    unit: str
    decimals: Annotated[int, Field(ge=0, le=4)]
    people: People | None = None
    readings: tuple[Reading, ...] = ()

    @model_validator(mode="after")
    def _one_reading_is_official(self) -> Measure:
        if again := twice(reading.code for reading in self.readings):
            raise ValueError(f"口径代码重复：{again[0]}")
        if self.readings and sum(reading.official for reading in self.readings) != 1:
            raise ValueError("须有且只有一个正式口径（official: true）")
        return self


class Indicator(Row):
    """A numbered indicator (指标) with one to three measures."""

    number: IndicatorNumber
    name: Text
    name_en: Text
    domain: DomainCode | None
    clauses: Annotated[tuple[ClauseNumber, ...], Field(min_length=1)]
    core: bool
    section: SectionCode
    direction: Literal["up", "down"]
    why: Text
    definition: Text
    author: Text
    reviewed_on: date | None  # null until the bureau has reviewed the definition
    standing: Standing
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _codes_fit_number(self) -> Indicator:
        if self.core != self.number.startswith("A"):
            raise ValueError("A 为核心指标，B 为监测指标，core 与编号不符")
        if wrong := [m.code for m in self.measures if not m.code.startswith(self.number)]:
            raise ValueError(f"度量 {wrong[0]} 不属于指标 {self.number}")
        return self

    def targets(self) -> list[tuple[Reading, Target]]:
        """Each target row with the reading it belongs to."""
        return [(r, target) for measure in self.measures for r in measure.readings for target in r.targets]
