"""Reading of fixture files: YAML without floats or double keys, CSV by column, faults told in Chinese."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bureau import months


class FixtureError(ValueError):
    """One or more places in the fixtures that break a rule; `problems` holds a Chinese line for each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Row(BaseModel):
    """Base of every fixture record: unknown keys are refused, nothing is coerced from the wrong kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Model = TypeVar("Model", bound=Row)

# The rules of pydantic that a wrong fixture meets in practice; any other keeps its own English sentence.
RULES = {
    "missing": "缺少必填键",
    "extra_forbidden": "不认识的键",
    "string_type": "须为文字",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "decimal_type": "须为数值",
    "decimal_parsing": "须为数值",
    "decimal_max_places": "小数位数过多",
    "list_type": "须为列表",
    "tuple_type": "须为列表",
    "model_type": "须为键值表",
    "date_type": "须为日期（yyyy-mm-dd）",
    "date_from_datetime_parsing": "须为日期（yyyy-mm-dd）",
    "enum": "不在允许的取值之内：{expected}",
    "literal_error": "不在允许的取值之内：{expected}",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}",
    "string_too_short": "不能为空",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多只能有 {max_length} 项",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "value_error": "{error}",
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # libyaml's parser where it is there: much faster
    """SafeLoader whose decimals are Decimal and whose mappings may not name a key twice."""


def _decimal(loader: yaml.Loader, node: yaml.Node) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


def _mapping(loader: yaml.Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.MarkedYAMLError(problem=f"键 {key} 重复", problem_mark=node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def month(text: object) -> int:
    """Validator of a month written 'yyyy-mm'; the integer of bureau.months. ValueError in Chinese."""
    try:
        return months.parse(text if isinstance(text, str) else "")
    except ValueError:
        raise ValueError(f"月份须写作 yyyy-mm，而不是 {text!r}") from None


def load(path: Path, name: str) -> Any:
    """The plain contents of one YAML file; FixtureError where it is not there or not YAML."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError:
        raise FixtureError([f"{name}：文件不存在或无法读取"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第{mark.line + 1}行" if mark else "全文"
        raise FixtureError([f"{name}：{where}：不是正确的 YAML（{getattr(error, 'problem', error)}）"]) from None


def read_one(path: Path, model: type[Model], name: str) -> Model:
    """The record one YAML file holds, checked by `model`; faults are told under `name`."""
    return parse(load(path, name), model, name)


def parse(data: object, model: type[Model], name: str) -> Model:
    """`data` as a `model`; FixtureError names the file `name`, the key and the rule of each fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise FixtureError(sentence(name, fault) for fault in error.errors()) from None


def read_csv(path: Path, model: type[Model]) -> tuple[Model, ...]:
    """One record a line of a CSV file with a heading; an empty cell is None."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [{key: value or None for key, value in line.items()} for line in csv.DictReader(lines)]
    except OSError:
        raise FixtureError([f"{path.name}：文件不存在或无法读取"]) from None
    return tuple(parse(row, model, f"{path.name} 第{number}行") for number, row in enumerate(rows, start=2))


def sentence(name: str, fault: Any) -> str:
    """'A01.yaml：measures.0.readings.0.scale：不得小于 1' of one pydantic fault."""
    key = ".".join(str(part) for part in fault["loc"]) or "全文"
    rule = RULES.get(fault["type"], "").format(**fault.get("ctx", {})) or fault["msg"]
    return f"{name}：{key}：{rule}"


def twice(values: Iterable[object]) -> list[object]:
    """The values that occur more than once, in the order of their second occurrence."""
    seen: set[object] = set()
    return [value for value in values if value in seen or seen.add(value)]  # type: ignore[func-returns-value]
