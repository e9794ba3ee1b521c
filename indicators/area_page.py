"""Composes the list of towns and a town's page: its values with their coverage, the county's beside them, its villages.

A town has a light only where the plan's target was divided among the towns (目标分解).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import joined, localized
from bureau.models import Area
from bureau.places import Place, Tree, unpack
from indicators import breaks, frozen, listing, queries, wording
from indicators.models import DataItem, Reading, Target
from indicators.presenters import spark, trace_url, traced
from indicators.queries import Item, ReadAt, Row
from indicators.shown import Shown, place_words, target_in, town_words

KEY_INDICATORS = 6
NAMED = 3  # items a village has not reported that are named


@dataclass(frozen=True)
class Pair:
    """An indicator in a town, and its row in the county."""

    town: Shown
    county: Row | None


def pairs(at: ReadAt, tree: Tree, town: int) -> list[Pair]:
    """Every indicator with figures of the town or the county in the month shown; four queries, five where a definition
    changed.
    """
    readings = queries.official_readings(at=at)
    grouped = queries.by_reading(queries.rows(at, areas=[town, at.county.pk]))
    targets: dict[int, list[Target]] = defaultdict(list)
    standing = Target.objects.filter(area_id=town, reading__in=[one.pk for one in readings]).order_by("end_month")
    for target in frozen.targets(at, standing):
        targets[target.reading_id].append(target)
    words = town_words(tree, town, at.month)
    series = {one.pk: grouped.get((town, one.indicator_id, one.number), ()) for one in readings}
    broken = breaks.of_many(series)
    found = []
    for reading in readings:
        target = target_in(targets.get(reading.pk, ()), at.month)
        shown = Shown(
            reading, series[reading.pk], at.month or 0, target, reading.window, words, tree.codes[town],
            broken.get(reading.pk, ()),
        )  # fmt: skip
        county = next(
            (
                row
                for row in grouped.get((at.county.pk, reading.indicator_id, reading.number), ())
                if row.month == at.month
            ),
            None,
        )
        if shown.row is not None and shown.row.value is not None:
            found.append(Pair(shown, county))
    return found


def headline(name: str, found: Sequence[Pair]) -> list[dict]:
    """How many indicators the town has figures for, and for how many they are incomplete."""
    text = _("%(name)s：%(n)d 项指标有本镇（街道）数") % {"name": name, "n": len(found)}
    short = sum(not pair.town.row.covered for pair in found if pair.town.row)
    parts = [{"text": text, "tone": ""}]
    if short:
        parts.append({"text": _("，%(n)d 项未报齐") % {"n": short}, "tone": "amber"})
    return parts


def groups(found: Sequence[Pair], at: ReadAt, county_words: Mapping[int, str], code: str) -> list[dict]:
    """Rows by domain in the catalogue's order; an indicator with a target of the town leads to the town's own page."""
    county = {pair.town.indicator.pk: pair.county for pair in found}
    result = []
    for title, members in listing.by_domain(pair.town for pair in found):
        members.sort(key=lambda one: one.indicator.order)
        rows = [_row(one, county[one.indicator.pk], at, county_words, f"&area={code}") for one in members]
        result.append({**title, "rows": rows})
    return result


def _row(one: Shown, county: Row | None, at: ReadAt, county_words: Mapping[int, str], own: str) -> dict:
    indicator, row, query = one.indicator, one.row, at.query
    return {
        "code": indicator.code,
        "name": localized(indicator),
        "url": reverse("indicator", args=[indicator.code]) + query + (own if one.target else ""),
        "clause": joined([clause.number for clause in indicator.its_clauses]),
        "core": indicator.core,
        "trace_url": traced(one, query),
        "county_trace_url": trace_url(indicator.code, at.county.code, query) if county else "",
        "spark_svg": spark(one),
        "value": wording.value(row, indicator),
        "unit": wording.unit_of(indicator),
        "coverage": wording.coverage(row, one.places),
        "coverage_short": bool(row and not row.covered),
        "county": wording.value(county, indicator) if county else wording.DASH,
        "county_coverage": wording.coverage(county, dict(county_words)),
        "beside": _beside(one, county),
        "light": int(one.light),
        "light_word": wording.light(one.light) if one.target else _("未分解"),
        "target": wording.target(one.target, indicator) if one.target else "",
    }


def _beside(one: Shown, county: Row | None) -> str:
    """A sum's share of the county's, a level's difference from it; nothing where either is incomplete or absent."""
    row = one.row
    if row is None or county is None or row.value is None or county.value is None:
        return wording.DASH
    if one.summing:
        if county.value <= 0 or not (row.covered and county.covered):
            return wording.DASH
        return _("占全县 %(p)s%%") % {"p": wording.number(row.value * 1_000_000 // county.value, 1)}
    difference = wording.signed(row.value - county.value, one.indicator.decimals)
    if row.value == county.value:
        return difference
    return f"{difference} {wording.unit_of_difference(one.indicator.unit)}"


def villages(at: ReadAt, tree: Tree, town: int) -> list[dict]:
    """The villages of the town in the month with what they have not reported; two queries.

    Only items that villages report count; an item nobody of the town reported has no total and is told by the town's
    own coverage.
    """
    if at.month is None:
        return []
    places = tree.villages(town, at.month)
    found = [one for one in queries.items(at, areas=[town], month=at.month) if one.category == 0]
    numbers = {place.number for place in places}
    by_village = [one for one in found if one.expected >= len(places) and places]
    names = {row["pk"]: row for row in DataItem.objects.values("pk", "code", "name", "name_en")} if by_village else {}
    missing: dict[int, list[int]] = defaultdict(list)
    for one in by_village:
        for number in _numbers(one) & numbers:
            missing[number].append(one.item)
    return [_village(place, missing[place.number], len(by_village), names) for place in places]


def _numbers(one: Item) -> set[int]:
    bits = unpack(one.missing)
    return {number for number in range(bits.bit_length()) if bits >> number & 1}


def _village(place: Place, missing: Sequence[int], asked: int, names: Mapping[int, dict]) -> dict:
    first = [f"{names[item]['code']} {names[item]['name']}" for item in missing[:NAMED] if item in names]
    note = joined(first)
    if len(missing) > NAMED:
        note = _("%(first)s 等 %(n)d 项") % {"first": note, "n": len(missing)}
    return {
        "name": place.label,
        "reported": f"{asked - len(missing)}/{asked}",
        "short": bool(missing),
        "light": 3 if missing else 2,
        "word": _("未报齐") if missing else _("已报齐"),
        "note": note,
    }


def key_indicators(found: Mapping[tuple[int, int, int], Sequence[Row]], readings: Sequence[Reading], at: ReadAt):
    """The readings a list of towns shows: of each domain the first core indicators that towns have values of."""
    with_towns = {
        (indicator, reading)
        for (area, indicator, reading), rows in found.items()
        if area != at.county.pk and any(row.value is not None for row in rows)
    }
    usable = [one for one in readings if (one.indicator_id, one.number) in with_towns]
    chosen: list[Reading] = []
    taken: Counter = Counter()
    for depth in range(len(usable)):
        for one in usable:
            if len(chosen) < KEY_INDICATORS and one not in chosen and taken[one.indicator.domain_id] == depth:
                chosen.append(one)
                taken[one.indicator.domain_id] += 1
    return sorted(chosen, key=lambda one: one.indicator.order)


def town_table(at: ReadAt, tree: Tree, query: str) -> dict:
    """The towns of the month, then the county, each with the key indicators' values and coverage; three queries."""
    if at.month is None:
        return {"head": [], "rows": []}
    readings = queries.official_readings(core=True, at=at)
    found = queries.by_reading(queries.rows(at, areas=tree.stores, month=at.month))
    chosen = key_indicators(found, readings, at)
    county_words = place_words(at, tree)
    rows = []
    for town in tree.towns(at.month):
        words = town_words(tree, town.id, at.month)
        line = _cells(found, chosen, town, words, query)
        here = len(tree.villages(town.id, at.month))
        note = _("%(n)d 个村（社区）") % {"n": here}
        rows.append({"name": town.label, "note": note, "url": reverse("area", args=[town.code]) + query, "cells": line})
    if rows:
        line = _cells(found, chosen, tree.valid(at.month)[at.county.pk], county_words, query)
        rows.append({"name": _("全县"), "note": "", "url": reverse("overview") + query, "cells": line, "total": True})
    return {
        "head": [
            {
                "code": one.indicator.code,
                "name": localized(one.indicator),
                "unit": wording.unit_of(one.indicator),
                "url": reverse("indicator", args=[one.indicator.code]) + query,
            }
            for one in chosen
        ],
        "rows": rows,
    }


def _cells(found: Mapping, chosen: Sequence[Reading], area: Place, words: dict[int, str], query: str) -> list[dict]:
    cells = []
    for one in chosen:
        row = next(iter(found.get((area.id, one.indicator_id, one.number), ())), None)
        cells.append(
            {
                "label": localized(one.indicator),
                "value": wording.value(row, one.indicator),
                "trace_url": trace_url(one.indicator.code, area.code, query),
                "unit": wording.unit_of(one.indicator),
                "coverage": wording.coverage(row, words),
                "short": bool(row and not row.covered),
            }
        )
    return cells


def town_of(tree: Tree, code: str, month: int | None) -> Place | None:
    """The town of that code in the month (in the newest span where no month is shown); None where there is none."""
    place = (
        next((one for one in tree.valid(month).values() if one.code == code), None)
        if month is not None
        else tree.last_of(code)
    )
    return place if place is not None and place.level == Area.Level.TOWN else None
