"""Targets that a sheet's own figures add up to, for the question whether a total meets one to the last digit."""

from __future__ import annotations

from collections.abc import Mapping

from bureau import months
from indicators.analysis.kinds import Window
from indicators.entry.layout import Sheet
from indicators.entry.plausibility import Quota
from indicators.entry.relations import Term, parse_sum
from indicators.models import IndicatorVersion, Target

SUMMED = (Window.MONTH, Window.YEAR, Window.PLAN, Window.LEVEL)


def of_sheet(sheet: Sheet, areas: Mapping[str, int]) -> list[Quota]:
    """The targets of the sheet's places in its month whose official formula is a plain sum of the sheet's own items."""
    codes = {pk: code for code, pk in areas.items()}
    aims = list(
        Target.objects.filter(
            area__in=list(codes),
            reading__official=True,
            start_month__lte=sheet.month,
            end_month__gte=sheet.month,
            value__isnull=False,
        ).select_related("reading__indicator")
    )
    found = IndicatorVersion.objects.current().filter(
        reading__in={aim.reading_id for aim in aims}, from_month__lte=sheet.month
    )
    in_force = {version.reading_id: version for version in found.order_by("from_month")}
    quotas = []
    for aim in aims:
        version = in_force.get(aim.reading_id)
        terms = _plain_sum(version, sheet) if version is not None else ()
        if version is not None and terms and aim.value is not None:
            first = _first_month(Window(version.window), sheet.month, aim.start_month)
            quotas.append(Quota(aim.reading.indicator.name, codes[aim.area_id], terms, aim.value, first))
    return quotas


def _plain_sum(version: IndicatorVersion, sheet: Sheet) -> tuple[Term, ...]:
    """The formula as a sum of the sheet's items; empty where it is anything else."""
    if version.denominator or version.value or version.scale != 1 or Window(version.window) not in SUMMED:
        return ()
    try:
        terms = parse_sum(version.numerator, version.numerator)
    except ValueError:
        return ()
    items = {column.item for column in sheet.columns}
    return terms if all(term.item in items and not term.previous for term in terms) else ()


def _first_month(window: Window, month: int, begins: int) -> int | None:
    """The first month the sum runs from; None where it is the month's own."""
    if window == Window.YEAR:
        return months.make(months.year(month), 1)
    return begins if window == Window.PLAN else None
