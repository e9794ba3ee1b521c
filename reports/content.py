"""What a document says, as plain frozen data: filled by the assembler from released figures, read by the builders.

Values are exact Decimals and the `*_text` fields are what the pages print; no builder computes or rounds a figure
itself. Knows no models, no queries, no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CHART_KINDS = ("line", "column", "bar")


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator (指标) of the county at the report's month, in its official reading (正式口径).

    `scale` is given for a ratio only: the value is numerator / denominator × scale. Where a value comes about in
    another way (a difference of rates, a count) leave it None and no live formula is written.
    """

    code: str  # A01
    name: str
    clause: str  # 三(一)
    unit: str
    decimals: int
    target: Decimal | None
    target_text: str  # ≥ 6,800 人
    value: Decimal | None
    value_text: str  # exactly as the page prints it: 6,012 or 未填
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    scale: Decimal | int | None = None
    completion_text: str = ""  # 60.3% or 差 1.20
    schedule_text: str = ""  # 时序 66.7%
    light_word: str = ""  # 滞后; empty for what is only monitored
    coverage_text: str = ""  # 120/135 村
    owner: str = ""  # 责任科室
    standing_pending: bool = False  # 待确认
    reading_name: str = ""
    formula: str = ""
    definition: str = ""
    domain: str = ""  # 一、就业政策城乡一体
    core: bool = True  # 核心指标; else 监测指标


@dataclass(frozen=True)
class ChartData:
    """A chart of one to three series over shared categories; None leaves a gap. ValueError where lengths differ."""

    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal | None, ...]], ...]
    kind: str = "line"
    decimals: int = 0

    def __post_init__(self) -> None:
        if self.kind not in CHART_KINDS:
            raise ValueError(f"chart kind {self.kind!r} is none of {CHART_KINDS}")
        for name, values in self.series:
            if len(values) != len(self.categories):
                raise ValueError(f"series {name!r} has {len(values)} values for {len(self.categories)} categories")

    @property
    def drawable(self) -> bool:
        """Is there at least one value to draw?"""
        return any(value is not None for _, values in self.series for value in values)


@dataclass(frozen=True)
class MonthLine:
    """One indicator in one month (逐月数据)."""

    code: str
    name: str
    month: int  # year * 12 + month - 1
    month_label: str  # 2017年6月
    value: Decimal | None
    value_text: str
    unit: str
    decimals: int
    coverage_text: str = ""
    light_word: str = ""
    changed: bool = False  # 口径变更: not comparable with the months before


@dataclass(frozen=True)
class CorrectionLine:
    """One figure of an earlier month that changed since its release (更正)."""

    month_label: str
    place: str
    item: str
    old_text: str
    new_text: str
    reason: str
    county_text: str = ""  # 全县 1,040 → 1,038
    approver: str = ""
    lights_text: str = ""  # A01 达序时 → 滞后
    step: str = ""  # 第1次, of a figure corrected more than once; its whole change stands before


@dataclass(frozen=True)
class ReportContent:
    """All that one released month's documents say.

    `title` may hold one line break where the two lines of the title should part. `document_number` (发文字号) is
    blank until it is given.
    """

    title: str
    issuer: str  # 署名
    document_number: str
    month_label: str
    release_version: int
    published_on: date
    business_date: str  # 成文日期: 2017年7月17日
    data_note: str
    demonstration: bool
    indicator_rows: tuple[IndicatorLine, ...]
    chart: ChartData | None = None
    months: tuple[MonthLine, ...] = ()  # by indicator in its order, then by month
    corrections: tuple[CorrectionLine, ...] = ()

    @property
    def corrected(self) -> int:
        """How many figures were corrected, however often."""
        return sum(not line.step for line in self.corrections)

    @property
    def core_rows(self) -> tuple[IndicatorLine, ...]:
        return tuple(row for row in self.indicator_rows if row.core)

    @property
    def plain_title(self) -> str:
        """The title on one line."""
        return self.title.replace("\n", "")
