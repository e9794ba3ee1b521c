"""What the items of a sheet are for: the indicators that use each, and those that are a ratio of two columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from bureau.language import localized, unit
from indicators.analysis.kinds import Window
from indicators.definitions import parsed
from indicators.entry.layout import Column
from indicators.entry.ratios import Ratio
from indicators.models import IndicatorVersion

OF_ONE_MONTH = (Window.LEVEL.value, Window.MONTH.value)


@dataclass(frozen=True)
class Uses:
    """Item code → the indicators that use it as {text, url}; and the ratios of two columns of the sheet."""

    of_item: Mapping[str, list[dict]]
    ratios: tuple[Ratio, ...]


def of_columns(columns: Iterable[Column], month: int) -> Uses:
    """By the official definitions in force in `month`; one query."""
    by_code = {column.code: column for column in columns}
    items = {column.item for column in by_code.values()}
    of_item: dict[str, list[dict]] = defaultdict(list)
    ratios = []
    for version in _in_force(month):
        indicator = version.reading.indicator
        link = {"text": f"{indicator.code} {localized(indicator)}", "url": reverse("indicator", args=[indicator.code])}
        for item in sorted({code for code in _refs(version) if code in items}):
            of_item[item].append(link)
        parts = by_code.get(version.numerator.strip()), by_code.get(version.denominator.strip())
        if parts[0] and parts[1] and not version.value and version.window in OF_ONE_MONTH:
            scale, name = Fraction(version.scale), localized(indicator)
            ratios.append(Ratio(indicator.code, name, unit(indicator.unit), *parts, scale, indicator.decimals))
    return Uses(of_item, tuple(ratios))


def _in_force(month: int) -> list[IndicatorVersion]:
    """The newest version of each official reading that began by `month`, in catalogue order."""
    rows = (
        IndicatorVersion.objects.current()
        .filter(reading__official=True, from_month__lte=month)
        .select_related("reading__indicator")
        .order_by("reading__indicator__order", "reading__indicator__code", "from_month")
    )
    return list({row.reading_id: row for row in rows}.values())


def _refs(version: IndicatorVersion) -> set[str]:
    texts = filter(None, (version.numerator, version.denominator, version.value))
    return {ref.code for text in texts for ref in parsed(text).refs}
