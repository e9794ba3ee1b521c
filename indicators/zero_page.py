"""Composes the dynamic-zero page (动态归零): cases found, closed, closed within the limit and open, month by month.

Rows in, finished text out. A month in which an item has no total stays a dash; it is never taken for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import months
from bureau.fields import from_units
from bureau.places import Tree
from indicators import pages, queries, wording
from indicators.analysis import sentences
from indicators.analysis.exact import round_05up_fraction
from indicators.charts import MonthPoint, monthly_figure
from indicators.models import DataItem
from indicators.presenters import decimal
from indicators.queries import Item, ReadAt
from indicators.shown import town_words

FOUND, CLOSED, WITHIN, OPEN, OVERDUE = "D25", "D26", "D26a", "D27", "D27a"
ITEMS = (FOUND, CLOSED, WITHIN, OPEN, OVERDUE)
DAYS = 30  # the limit in the definitions of D26a and D27a
UNIT = 10_000


@dataclass(frozen=True)
class Month:
    """What one place counted in one month, in ten-thousandths; None where an item has no total there."""

    month: int
    totals: Mapping[str, int]
    reported: int
    expected: int

    def of(self, code: str) -> int | None:
        return self.totals.get(code)

    @property
    def covered(self) -> bool:
        """Are all five there, of every place?"""
        return self.expected > 0 and self.reported == self.expected and len(self.totals) == len(ITEMS)


Series = Mapping[int, list[Month]]
"""Area → its months in order."""


def read(at: ReadAt, areas: Sequence[int]) -> Series:
    """The five items in these areas up to the month shown; two queries."""
    codes = dict(DataItem.objects.filter(code__in=ITEMS).values_list("pk", "code"))
    found: dict[tuple[int, int], list[tuple[str, Item]]] = defaultdict(list)
    for one in queries.items(at, areas=areas, items=list(codes)):
        if one.category == 0:
            found[one.area, one.month].append((codes[one.item], one))
    series: dict[int, list[Month]] = defaultdict(list)
    for (area, month), items in sorted(found.items()):
        totals = {code: one.total for code, one in items}
        least = min((one for _code, one in items), key=lambda one: one.reported - one.expected)
        series[area].append(Month(month, totals, least.reported, least.expected))
    return series


def share(closed: int | None, within: int | None) -> int | None:
    """The per cent of those closed that were closed within the limit, in ten-thousandths; None where none was."""
    if not closed or within is None:
        return None
    return round_05up_fraction(within * 100, closed)


def sentence(series: Sequence[Month], month: int) -> str:
    """The year up to the month: what was found and closed, and what is open at its end; empty with a month missing."""
    held = {one.month: one for one in series}
    year = _year(month)
    if not_covered(series, month):
        return ""
    now = held[month].totals
    found, closed, within = (sum(held[one].totals[code] for one in year) // UNIT for code in (FOUND, CLOSED, WITHIN))
    return sentences.closed_in_time(found, closed, within, now[OPEN] // UNIT, now[OVERDUE] // UNIT, DAYS)


def not_covered(series: Sequence[Month], month: int) -> list[int]:
    """The months of the year up to `month` that are not there from every place: over them nothing is summed."""
    whole = {one.month for one in series if one.covered}
    return [one for one in _year(month) if one not in whole]


def period(month: int) -> str:
    """'2017年1—6月': the year up to the month."""
    if months.number(month) == 1:
        return months.label(month)
    return _("%(y)d年1—%(n)d月") % {"y": months.year(month), "n": months.number(month)}


def _year(month: int) -> range:
    return range(months.make(months.year(month), 1), month + 1)


def row(one: Month, label: str, words: Mapping[int, str], url: str = "") -> dict:
    """A line of either table."""
    closed, within = one.of(CLOSED), one.of(WITHIN)
    part = share(closed, within)
    return {
        "label": label,
        "url": url,
        "cells": [wording.number(one.of(code), 0) for code in ITEMS[:3]]
        + [wording.DASH if part is None else f"{wording.number(part, 1)}%"]
        + [wording.number(one.of(code), 0) for code in ITEMS[3:]],
        "alarm": bool(one.of(OVERDUE)),
        "coverage": f"{one.reported}/{one.expected} {words.get(one.expected, _('单位'))}",
        "short": not one.covered,
    }


def heads() -> list[str]:
    return [
        _("新发现"),
        _("消除"),
        _("%(n)d 日内消除") % {"n": DAYS},
        _("%(n)d 日内消除率") % {"n": DAYS},
        _("期末"),
        _("超过 %(n)d 日") % {"n": DAYS},
    ]


def month_rows(series: Sequence[Month], words: Mapping[int, str]) -> list[dict]:
    """Newest first."""
    return [row(one, months.label(one.month), words) for one in reversed(series)]


def town_rows(at: ReadAt, tree: Tree, series: Series, words: Mapping[int, str]) -> list[dict]:
    """The county and each town in the month shown; those without a figure say so."""
    if at.month is None:
        return []
    places = [(at.county.pk, _("全县"), pages.link(at, "zero"))]
    places += [(one.id, one.label, pages.link(at, "zero", area=one.code)) for one in tree.towns(at.month)]
    found = []
    for area, label, url in places:
        now = next((one for one in reversed(series.get(area, ())) if one.month == at.month), None)
        called = words if area == at.county.pk else town_words(tree, area, at.month)
        found.append(row(now or Month(at.month, {}, 0, 0), label, called, url) | {"total": area == at.county.pk})
        if now is None:
            found[-1]["coverage"] = _("未填")
    return found


def chart(series: Sequence[Month]) -> dict | None:
    """The cases open at each month's end, hatched where places are missing."""
    if len(series) < 2:
        return None
    by_month = {one.month: one for one in series}
    return monthly_figure(
        [_point(month, by_month.get(month)) for month in range(series[0].month, series[-1].month + 1)],
        unit=_("户"),
    )


def _point(month: int, one: Month | None) -> MonthPoint:
    if one is None or one.of(OPEN) is None:
        return MonthPoint(month, None)
    told = {
        "f": wording.number(one.of(FOUND), 0),
        "c": wording.number(one.of(CLOSED), 0),
        "o": wording.number(one.of(OVERDUE), 0),
    }
    return MonthPoint(
        month,
        decimal(one.of(OPEN)),
        wording.number(one.of(OPEN), 0),
        _("新发现 %(f)s，消除 %(c)s，超过 30 日 %(o)s") % told,
        covered=one.covered,
        coverage_text=f"{one.reported}/{one.expected}",
    )


def chart_table(series: Sequence[Month]) -> dict:
    """The chart as a table, for those who cannot see it."""
    return {
        "head": [_("月份"), _("期末")],
        "rows": [[months.label(one.month), wording.number(one.of(OPEN), 0)] for one in series],
    }


def csv_rows(series: Series, tree: Tree) -> list[list]:
    """Every place and month, every number as counted."""
    return [
        [
            months.iso(one.month), tree.codes.get(area, ""), *(_plain(one.of(code)) for code in ITEMS),
            _plain(share(one.of(CLOSED), one.of(WITHIN))), one.reported, one.expected,
        ]
        for area in tree.stores
        for one in series.get(area, ())
    ]  # fmt: skip


def _plain(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units).normalize()
