"""Composes the matrix of towns and indicators (镇街 × 指标) and the schematic map of one indicator; finished text out.

A town has a light only where a target was set for it; what was not divided among the towns shows its value alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import months
from bureau.language import joined, localized
from bureau.places import Place, Tree
from indicators import pages, queries, wording
from indicators.analysis.kinds import ATTENTION_ORDER, Light
from indicators.analysis.numbers_text import print_units
from indicators.listing import OUTSIDE
from indicators.models import Reading, Tile
from indicators.queries import ReadAt, Row
from indicators.shown import place_words, town_words

LATE = (Light.BEHIND, Light.FAR_BEHIND)


def light_of_row(row: Row | None) -> Light | None:
    """The light of what has a target there; None for what was not divided among the towns."""
    return None if row is None or row.target is None else Light(row.light)


@dataclass(frozen=True)
class Chosen:
    """What the reader picked: a domain's indicators (or the core ones), a cell, the indicator of the map."""

    domain: str = ""
    area: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class Gathered:
    """The rows of the month by area and indicator; `columns` those of the chosen domain that towns have values of."""

    at: ReadAt
    tree: Tree
    readings: Sequence[Reading]
    columns: Sequence[Reading]
    rows: Mapping[tuple[int, int], Row]
    chosen: Chosen
    words: Mapping[int, dict[int, str]]

    def row(self, area: int, one: Reading) -> Row | None:
        return self.rows.get((area, one.indicator_id))

    @property
    def towns(self) -> list[Place]:
        """Those with most late indicators first, then by code."""
        every = self.tree.towns(self.at.month)
        return sorted(every, key=lambda town: -self.late(town.id))

    def late(self, area: int) -> int:
        return sum(light_of_row(self.row(area, one)) in LATE for one in self.columns)

    @property
    def judged(self) -> bool:
        """Has any town a target of its own here?"""
        towns = self.tree.towns(self.at.month)
        return any(light_of_row(self.row(town.id, one)) is not None for town in towns for one in self.columns)

    @property
    def mapped(self) -> Reading | None:
        """The indicator of the map: the one picked, else the first rate, which says something without a target."""
        picked = [one for one in self.columns if one.indicator.code == self.chosen.indicator]
        rates = [one for one in self.columns if one.indicator.unit in wording.RATES]
        return next(iter([*picked, *rates, *self.columns]), None)

    @property
    def town(self) -> Place | None:
        """The town of the cell picked, else the first: the one a phone shows."""
        towns = self.towns
        return next((one for one in towns if one.code == self.chosen.area), towns[0] if towns else None)


def gather(at: ReadAt, chosen: Chosen) -> Gathered:
    """Five queries."""
    tree = Tree(at.county.pk)
    readings = queries.official_readings(at=at)
    numbers = {one.indicator_id: one.number for one in readings}
    found = queries.rows(at, areas=tree.stores, month=at.month)
    rows = {(row.area, row.indicator): row for row in found if numbers.get(row.indicator) == row.reading}
    known = {indicator for (area, indicator), row in rows.items() if area != at.county.pk and row.value is not None}
    usable = [one for one in readings if one.indicator_id in known]
    columns = [one for one in usable if _within(one, chosen.domain)]
    words = {town.id: town_words(tree, town.id, at.month) for town in tree.towns(at.month)}
    words[at.county.pk] = place_words(at, tree)
    return Gathered(at, tree, usable, columns, rows, chosen, words)


def _domain_of(one: Reading) -> str:
    return one.indicator.domain.code if one.indicator.domain else OUTSIDE


def _within(one: Reading, domain: str) -> bool:
    return _domain_of(one) == domain if domain else one.indicator.core


def fields(found: Gathered) -> list[dict]:
    """The form: domain, town (what a phone shows), indicator of the map."""
    domains = {_domain_of(one): one.indicator.domain for one in found.readings}
    in_order = sorted(domains.items(), key=lambda pair: pair[1].order if pair[1] else 99)
    mapped, town = found.mapped, found.town
    return [
        _field(
            "domain",
            _("任务领域"),
            found.chosen.domain,
            [("", _("全部核心指标")), *((code, wording.domain(one)) for code, one in in_order)],
        ),
        _field(
            "area",
            _("镇（街道）"),
            town.code if town else "",
            [(one.code, one.label) for one in found.tree.towns(found.at.month)],
        ),
        _field(
            "indicator",
            _("示意图指标"),
            mapped.indicator.code if mapped else "",
            [(one.indicator.code, f"{one.indicator.code} {localized(one.indicator)}") for one in found.columns],
        ),
    ]


def _field(name: str, label: str, chosen: str, options: Sequence[tuple[str, str]]) -> dict:
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "chosen": value == chosen} for value, text in options],
    }


def headline(found: Gathered) -> list[dict]:
    """Which town, or towns, have most indicators late; or that nothing is judged below the county."""
    size = {"n": len(found.towns), "m": len(found.columns)}
    text = _("%(n)d 个镇街 × %(m)d 项指标") % size
    if not found.judged:
        return [{"text": _("%(t)s：目标没有分解到镇街，只列数值") % {"t": text}, "tone": ""}]
    first = found.towns[0]
    late = found.late(first.id)
    if not late:
        return [{"text": _("%(t)s：镇街分解的目标没有滞后") % {"t": text}, "tone": ""}]
    equal = [place.label for place in found.towns if found.late(place.id) == late]
    most = {"t": text, "name": joined(equal), "k": late}
    if len(equal) > 1:
        return [{"text": _("%(t)s：%(name)s各 %(k)d 项滞后，最多") % most, "tone": "amber"}]
    return [{"text": _("%(t)s：%(name)s %(k)d 项滞后，最多") % most, "tone": "amber"}]


def table(found: Gathered) -> dict:
    """Head with the county's target and path, a row a town, the county last."""
    county = found.at.county.pk
    head = [
        {
            "code": one.indicator.code,
            "name": localized(one.indicator),
            "unit": wording.unit_of(one.indicator),
            "url": pages.link(found.at, "indicator", one.indicator.code),
            "target": _of_county(found.row(county, one), one, "target_value"),
            "path": _of_county(found.row(county, one), one, "path_value"),
        }
        for one in found.columns
    ]
    rows = [_line(found, town.id, town.code, town.label) for town in found.towns]
    rows.append(_line(found, county, "", _("全县")))
    return {"head": head, "rows": rows, "judged": found.judged}


def _of_county(row: Row | None, one: Reading, name: str) -> str:
    units = getattr(row, name) if row else None
    return wording.number(units, one.indicator.decimals)


def _line(found: Gathered, area: int, code: str, name: str) -> dict:
    town = found.town
    cells = [_cell(found, area, code, name, one) for one in found.columns]
    return {
        "name": name,
        "url": pages.link(found.at, "area", code) if code else reverse("overview") + found.at.query,
        "cells": cells,
        "late": found.late(area),
        "total": not code,
        "chosen": bool(code) and town is not None and town.code == code,
    }


def _cell(found: Gathered, area: int, code: str, name: str, one: Reading) -> dict:
    row, indicator = found.row(area, one), one.indicator
    light = light_of_row(row)
    partial = row is not None and not row.covered
    known = row is not None and row.value is not None
    picked = bool(code) and (found.chosen.area, found.chosen.indicator) == (code, indicator.code)
    return {
        "label": f"{localized(indicator)}（{wording.unit_of(indicator)}）",
        "value": wording.value(row, indicator) if known else wording.DASH,
        "light": int(light) if light is not None else None,
        "word": wording.light(light) if light is not None else _("未分解") if known else _("没有数"),
        "partial": partial and known,
        "coverage": wording.coverage(row, found.words.get(area, {})) if partial and known else "",
        "url": pages.link(found.at, "matrix", domain=found.chosen.domain, area=code, indicator=indicator.code) + "#cell"
        if known and code
        else "",
        "picked": picked,
    }


def detail(found: Gathered) -> dict | None:
    """The line under the matrix: the picked cell with its parts, lag and coverage."""
    town, one = found.town, found.mapped
    if town is None or one is None or not (found.chosen.area and found.chosen.indicator):
        return None
    row, indicator = found.row(town.id, one), one.indicator
    if row is None or row.value is None:
        return None
    light = light_of_row(row)
    facts = []
    if row.denominator is not None:
        facts.append(_("分子 %(a)s，分母 %(b)s") % _parts(row))
    if light is not None and row.lag is not None and row.lag > 0:
        unit = wording.points() if row.denominator is None else wording.unit_of_difference(indicator.unit)
        amount = wording.size(row.lag, 1 if row.denominator is None else indicator.decimals)
        facts.append(_("落后时序 %(a)s %(u)s") % {"a": amount, "u": unit})
    county = found.row(found.at.county.pk, one)
    if county is not None and county.value is not None:
        facts.append(
            _("全县 %(v)s") % {"v": wording.with_unit(print_units(county.value, indicator.decimals), indicator)}
        )
    facts.append(_("覆盖 %(c)s") % {"c": wording.coverage(row, found.words.get(town.id, {}))})
    return {
        "title": f"{town.label} · {localized(indicator)} {wording.with_unit(wording.value(row, indicator), indicator)}",
        "period": months.label(found.at.month),
        "light": int(light) if light is not None else 0,
        "word": wording.light(light) if light is not None else _("未分解"),
        "facts": facts,
        "area_url": pages.link(found.at, "area", town.code),
        "indicator_url": pages.link(found.at, "indicator", indicator.code),
    }


def _parts(row: Row) -> dict:
    return {"a": wording.amount(row.numerator), "b": wording.amount(row.denominator)}


def tile_map(found: Gathered) -> dict | None:
    """The schematic map (示意图) of one indicator and the table beside it; towns without a tile stand in the table."""
    one = found.mapped
    if one is None:
        return None
    indicator, county = one.indicator, found.row(found.at.county.pk, one)
    places = {tile.area_id: tile for tile in Tile.objects.all()}
    lines = []
    for town in found.tree.towns(found.at.month):
        row = found.row(town.id, one)
        light, known = light_of_row(row), row is not None and row.value is not None
        gap = row.value - county.value if known and county is not None and county.value is not None else None
        tile = places.get(town.id)
        lines.append(
            {
                "name": town.label,
                "url": pages.link(found.at, "area", town.code),
                "value": wording.value(row, indicator) if known else wording.DASH,
                "light": int(light) if light is not None else None,
                "word": wording.light(light) if light is not None else _("未分解") if known else _("没有数"),
                "gap": wording.signed(gap, indicator.decimals) if one.indicator.unit in wording.RATES else wording.DASH,
                "coverage": wording.coverage(row, found.words.get(town.id, {})),
                "partial": known and not row.covered,
                "row": tile.row if tile else 0,
                "column": tile.column if tile else 0,
                "order": _urgency(light, row, one),
            }
        )
    return {
        "title": _("%(name)s：各镇街示意图") % {"name": localized(indicator)},
        "name": localized(indicator),
        "unit": wording.unit_of(indicator),
        "csv_url": pages.link(found.at, "indicator_csv", indicator.code),
        "county": wording.with_unit(wording.value(county, indicator), indicator) if county else wording.DASH,
        "county_coverage": wording.coverage(county, found.words[found.at.county.pk]),
        "tiles": sorted((line for line in lines if line["row"]), key=lambda line: (line["row"], line["column"])),
        "lines": sorted(lines, key=lambda line: line["order"]),
    }


def _urgency(light: Light | None, row: Row | None, one: Reading) -> tuple:
    """Worst first: by light where there is one, then a rate by its value; a sum says nothing without a target."""
    place = ATTENTION_ORDER.index(light) if light is not None else len(ATTENTION_ORDER)
    if row is None or row.value is None:
        return place, True, 0
    sign = 1 if one.indicator.rising else -1
    return place, False, row.value * sign if one.indicator.unit in wording.RATES else 0
