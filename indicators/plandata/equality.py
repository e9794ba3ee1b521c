"""Schema of fixtures/equality.yaml: what is compared between places and groups, weights of 实现度, the map's tiles."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from indicators.plandata.files import Row, twice
from indicators.plandata.outline import Number, Standing

if TYPE_CHECKING:
    from indicators.plandata.bundle import PlanData

WEIGHT_SOURCE = "系统建设组：等权，待县里的实现度评价指标体系确认"


class Role(Row):
    """How one stored indicator counts towards equality."""

    indicator: str
    kind: Literal["none", "places", "pair"]
    pair: str = ""
    pair_en: str = ""
    weight: Annotated[Number, Field(ge=0)] = Decimal(0)
    source: str = WEIGHT_SOURCE
    standing: Standing = Standing.REC

    @model_validator(mode="after")
    def _names_its_pair(self) -> Role:
        if (self.kind == "pair") != ("/" in self.pair):
            raise ValueError("两类人的比较须写明两类人（如 职工 / 居民），其他比较不写")
        return self


class Tile(Row):
    """Where a town lies on the schematic map."""

    area: Annotated[str, Field(pattern=r"^\d{9}$")]
    row: Annotated[int, Field(ge=1, le=6)]
    column: Annotated[int, Field(ge=1, le=6)]


class Equality(Row):
    roles: tuple[Role, ...]
    tiles: tuple[Tile, ...]


def equality_problems(data: PlanData) -> Iterator[str]:
    """Indicators and towns exist, none is named twice, no two towns share a tile."""
    name = "equality.yaml"
    known = {measure.code for indicator in data.indicators for measure in indicator.measures}
    towns = {span.code for span in data.areas if span.level == "town"}
    for role in data.equality.roles:
        if role.indicator not in known:
            yield f"{name}：roles：没有这个指标：{role.indicator}"
    for tile in data.equality.tiles:
        if tile.area not in towns:
            yield f"{name}：tiles：没有这个镇（街道）：{tile.area}"
    yield from (f"{name}：roles：{code} 重复" for code in twice(role.indicator for role in data.equality.roles))
    yield from (f"{name}：tiles：{code} 重复" for code in twice(tile.area for tile in data.equality.tiles))
    places = twice((tile.row, tile.column) for tile in data.equality.tiles)
    yield from (f"{name}：tiles：第{row}行第{column}列放了不止一个镇（街道）" for row, column in places)
