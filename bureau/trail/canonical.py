"""One text for one JSON value, so that an audit code can be worked out again from the column byte for byte."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


def canonical(value: Any) -> str:
    """The value as JSON: keys in order, no spaces, Chinese as it is; what JSON does not know as its text."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return text.encode("utf-8", "backslashreplace").decode()  # half surrogates as escapes: no database takes them


class CanonicalJSONField(models.TextField):
    """A JSON value kept as its canonical text; gives and takes Python values, is searched as text."""

    def get_prep_value(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else canonical(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value
