"""A table as the API gives it: named columns, from which come the JSON, the CSV and the OpenAPI description alike.

Numbers are exact decimal text in JSON ("97.25"): a JSON number would be read as binary and lose its last digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from ninja import Schema
from pydantic import Field, create_model

from bureau.exports import plain_number

NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
TYPES: dict[str, Any] = {
    "text": str,
    "number": str | None,
    "count": int | None,
    "flag": bool | None,
    "list": list[str],
}


@dataclass(frozen=True)
class Column:
    """A column: its key in JSON, its heading in the CSV, what kind of cell it holds, and a word of explanation."""

    key: str
    head: str
    kind: str = "text"
    note: str = ""

    def as_json(self, value: Any) -> Any:
        if self.kind == "number":
            return None if value is None else plain_number(tidy(value))
        if self.kind == "list":
            return list(value)
        return "" if value is None and self.kind == "text" else value

    def as_cell(self, value: Any) -> Any:
        if self.kind == "number":
            return None if value is None else tidy(value)
        if self.kind == "list":
            return " ".join(value)
        if self.kind == "flag":
            return None if value is None else "是" if value else "否"
        return value


def tidy(value: Decimal) -> Decimal:
    """Without zeros behind the last digit that counts; -0 is 0."""
    return value.normalize() + 0


@dataclass(frozen=True)
class Table:
    """What one address gives; `name` is the last part of the address."""

    name: str
    title: str
    columns: tuple[Column, ...]

    @cached_property
    def row_model(self) -> type[Schema]:
        """The row as OpenAPI describes it."""
        fields: dict[str, Any] = {}
        for column in self.columns:
            words = "：".join(filter(None, (column.head, column.note)))
            more = {"json_schema_extra": {"pattern": NUMBER}} if column.kind == "number" else {}
            fields[column.key] = (TYPES[column.kind], Field(description=words, **more))
        return create_model(f"{self._class_name}Row", __base__=Schema, **fields)

    @cached_property
    def page_model(self) -> type[Schema]:
        """The whole answer as OpenAPI describes it."""
        items = (list[self.row_model], Field(description="本页各行"))  # type: ignore[name-defined]
        return create_model(self._class_name, __base__=Page, items=items)

    @property
    def _class_name(self) -> str:
        return "".join(part.title() for part in self.name.split("-"))

    def items(self, rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
        return [
            {column.key: column.as_json(value) for column, value in zip(self.columns, row, strict=True)} for row in rows
        ]

    def lines(self, rows: Iterable[Sequence[Any]]) -> Iterable[list[Any]]:
        """The heading and the rows of its CSV."""
        yield [column.head for column in self.columns]
        for row in rows:
            yield [column.as_cell(value) for column, value in zip(self.columns, row, strict=True)]


class Page(Schema):
    """What stands around the rows of every answer."""

    county: str = Field(description="县区划代码")
    month: str | None = Field(description="所看的月份；还没有发布时为空")
    version: str | None = Field(description="所看的版本：发布版本号，或 live（未发布的实时数）")
    released_on: str | None = Field(description="发布日期；实时数为空")
    data_version: int = Field(description="数据版本：数据每变动一次加一；发布版本固定不变")
    demonstration: bool = Field(description="是否演示数据")
    mark: str = Field(description="演示数据时为“演示数据”，转用时请一并写明")
    total: int = Field(description="符合条件的行数")
    offset: int = Field(description="本页从第几行起，第一行为 0")
    next: str | None = Field(description="下一页的地址；没有下一页时为空")
