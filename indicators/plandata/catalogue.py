"""Schema of what staff enter: breakdowns, data items, reporting forms and the balance rules between items."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicators.analysis.kinds import ItemKind, Level
from indicators.plandata.files import Row, twice
from indicators.plandata.outline import Number, SectionCode, Slug, Standing, Text

ItemCode = Annotated[str, Field(pattern=r"^D\d{2,3}[a-h]?$")]
MAX_DECIMALS = 4


class Category(Row):
    """One part of a breakdown (分组)."""

    code: Slug
    name: Text
    name_en: Text


class Breakdown(Row):
    """Parts whose sum is the item's total; categories are entered, the total is not."""

    code: Slug
    name: Text
    name_en: Text
    categories: Annotated[tuple[Category, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _categories_differ(self) -> Breakdown:
        if again := twice(category.code for category in self.categories):
            raise ValueError(f"分组代码重复：{again[0]}")
        return self


class DataItem(Row):
    """A figure staff enter (填报项), or one counted from the area list (`auto`)."""

    code: ItemCode
    name: Text
    name_en: Text
    unit: Text
    kind: ItemKind
    decimals: Annotated[int, Field(ge=0, le=MAX_DECIMALS)] = 0
    breakdown: Slug | None = None
    auto: bool = False
    counts_levels: tuple[Level, ...] = ()
    definition: Text
    source: Text
    standing: Standing

    @model_validator(mode="after")
    def _auto_counts_levels(self) -> DataItem:
        if self.auto != bool(self.counts_levels):
            raise ValueError("自动计数的填报项须写明 counts_levels，其他填报项不得写")
        return self


class DataItems(Row):
    breakdowns: tuple[Breakdown, ...]
    items: tuple[DataItem, ...]


class FormItem(Row):
    """An item on a form, at the levels whose rows it is entered in."""

    item: ItemCode
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]


class Form(Row):
    """A reporting form (报表): who owns it, who submits it, which items it asks of which rows."""

    code: Annotated[str, Field(pattern=r"^yj\d{2}$")]
    number: Text
    name: Text
    name_en: Text
    section: SectionCode
    submitted_at: Literal[Level.TOWN, Level.COUNTY]
    submitted_by: Text
    scope: Text
    period: Literal["month"]
    due_day: Annotated[int, Field(ge=1, le=28)]
    method: Text
    notes: Text
    standing: Standing
    items: Annotated[tuple[FormItem, ...], Field(min_length=1)]


class Forms(Row):
    forms: tuple[Form, ...]


class BalanceRule(Row):
    """A hard rule between items of one row (平衡关系); prev(D27) is the month before's.

    Kinds: part (an 'of which'), balance (a stock against its flows), limit (a yes-or-no item), monotone (a cumulative
    item within one year).
    """

    code: Annotated[str, Field(pattern=r"^R\d{2}$")]
    expr: Annotated[str, Field(pattern=r"^[^<>=]+ (<=|>=|=) [^<>=]+$")]
    kind: Literal["part", "balance", "limit", "monotone"]
    basis: Text


class SoftRule(Row):
    """What is asked about (请核实) when it is unusual for its own cell: indicators/entry/soft.py."""

    code: Annotated[str, Field(pattern=r"^S\d{2}$")]
    kind: Literal["month", "year", "share"]
    text: Text
    minimum: Annotated[Number, Field(ge=0)] = Decimal(30)
    least: Annotated[Number, Field(ge=0)]
    deviations: Annotated[Number, Field(ge=1)]
    history: Annotated[int, Field(ge=2, le=24)] = 6
    factor: Annotated[Number, Field(ge=2)] | None = None
    low: Annotated[Number, Field(ge=0)] | None = None
    high: Annotated[Number, Field(ge=0)] | None = None
    basis: Text

    @model_validator(mode="after")
    def _limits_of_shares(self) -> SoftRule:
        if self.kind != "share" and (self.low is not None or self.high is not None):
            raise ValueError("只有占比才有上下限")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("下限大于上限")
        return self


class Rules(Row):
    rules: tuple[BalanceRule, ...]
    soft: tuple[SoftRule, ...]
