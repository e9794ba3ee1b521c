"""The formulas of the official readings in force in a month, with the names of their parts, as documents print them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indicators import definition_page, queries
from indicators.models import IndicatorVersion

_CODE = re.compile(r"\b[A-Z]+[0-9]+[a-z]?\b")


def in_force(month: int) -> dict[int, IndicatorVersion]:
    """Official reading → the version of its formulas that holds in `month`."""
    found = (
        IndicatorVersion.objects.current()
        .filter(reading__official=True, from_month__lte=month)
        .select_related("reading__indicator")
        .order_by("from_month")
    )
    return {version.reading_id: version for version in found}


def explained(texts: Mapping[int, str]) -> dict[int, str]:
    """'D23 ÷ D22 × 100（D23 已就业人数；D22 …）' of each formula: with the names of its parts; one query."""
    named = queries.parts({code for text in texts.values() for code in _CODE.findall(text)})
    return {key: _explained(text, named) for key, text in texts.items()}


def _explained(formula: str, named: Mapping[str, queries.Part]) -> str:
    codes = dict.fromkeys(code for code in _CODE.findall(formula) if code in named)
    words = "；".join(f"{code} {named[code].name}" for code in codes)
    return f"{formula}（{words}）" if words else formula


def of_month(month: int) -> dict[str, str]:
    """Indicator code → its formula in that month, explained."""
    versions = in_force(month)
    told = explained({key: definition_page.formula_text(version) for key, version in versions.items()})
    return {versions[key].reading.indicator.code: text for key, text in told.items()}
