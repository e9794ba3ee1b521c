"""Builds the plain Sheet of a form, place and month from the database; turns cells by code back into changes by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bureau.fields import from_units, raw
from bureau.models import Area
from bureau.places import Tree
from indicators.entry.layout import BalanceRule as Balance
from indicators.entry.layout import Cell, CellKey, Column, Row, Sheet
from indicators.entry.layout import Change as CellChange
from indicators.entry.workflow import Change
from indicators.models import BalanceRule, DataItem, Figure, FormItem, ReportingForm, Submission
from indicators.models.figures import CellState

STATES: dict[CellState, Literal["value", "na", "estimate", "carried"]] = {
    CellState.VALUE: "value",
    CellState.NOT_APPLICABLE: "na",
    CellState.ESTIMATE: "estimate",
    CellState.CARRIED: "carried",
}
STATE_CODES = {word: state for state, word in STATES.items()}
TEMPLATE_VERSION = "1"


@dataclass(frozen=True)
class Names:
    """Codes ↔ ids of one sheet's areas, items and categories."""

    areas: Mapping[str, int]
    items: Mapping[str, int]
    categories: Mapping[tuple[str, str], int]

    def ids(self, key: CellKey) -> tuple[int, int, int]:
        return self.areas[key.area], self.items[key.item], self.categories.get((key.item, key.category), 0)


def build(form: ReportingForm, place: Area, month: int, tree: Tree | None = None) -> tuple[Sheet, Names]:
    """The sheet with its present entries and last month's approved figures, and the names to write back by."""
    tree = tree or Tree(place.home)
    columns, items, categories = _columns(form)
    rows, areas = _rows(place, month, tree, {level for column in columns for level in column.levels})
    names = Names(areas, items, categories)
    valid = tree.valid(month)
    sheet = Sheet(
        form_code=form.code,
        form_number=form.number,
        form_name=form.name,
        place_code=place.code,
        place_name=valid[place.pk].name if place.pk in valid else place.code,
        month=month,
        version=TEMPLATE_VERSION,
        rows=rows,
        columns=columns,
        values=_entries(form, place, month, names),
        previous=figures(place.home, month - 1, names),
        rules=_rules(items),
        month_areas={one.code: one.name for one in valid.values()},
    )
    return sheet, names


def _columns(form: ReportingForm) -> tuple[tuple[Column, ...], dict[str, int], dict[tuple[str, str], int]]:
    found = (
        FormItem.objects.filter(form=form)
        .select_related("item__breakdown")
        .prefetch_related("item__breakdown__categories")
        .order_by("order", "pk")
    )
    levels: dict[int, set[str]] = defaultdict(set)
    in_order: dict[int, DataItem] = {}
    for form_item in found:
        levels[form_item.item_id].add(form_item.level)
        in_order.setdefault(form_item.item_id, form_item.item)
    columns, items, categories = [], {}, {}
    for item in in_order.values():
        items[item.code] = item.pk
        split = list(item.breakdown.categories.all()) if item.breakdown else [None]
        for category in split:
            if category is not None:
                categories[item.code, category.code] = category.pk
            columns.append(
                Column(
                    item=item.code,
                    name=item.name,
                    unit=item.unit,
                    category=category.code if category else "",
                    category_name=category.name if category else "",
                    decimals=item.decimals,
                    kind=item.kind,
                    definition=item.definition,
                    levels=frozenset(levels[item.pk]),
                )
            )
    return tuple(columns), items, categories


def _rows(place: Area, month: int, tree: Tree, levels: Iterable[str]) -> tuple[tuple[Row, ...], dict[str, int]]:
    valid = tree.valid(month)
    wanted = set(levels)
    below = [one for one in tree.villages(place.pk, month) if one.level in wanted] if place.level == "town" else []
    own = [valid[place.pk]] if place.pk in valid and place.level in wanted else []
    rows = tuple(Row(one.code, one.name, one.level) for one in (*own, *below))
    return rows, {one.code: one.id for one in (*own, *below)}


def _entries(form: ReportingForm, place: Area, month: int, names: Names) -> dict[CellKey, Cell]:
    submission = Submission.objects.filter(form=form, place=place, month=month).first()
    if submission is None:
        return {}
    rows = submission.entries.annotate(units=raw("value")).values_list(
        "area_id", "item_id", "category", "units", "state", "version"
    )
    return _cells(rows, names)


def figures(county: int, month: int, names: Names) -> dict[CellKey, Cell]:
    """The approved figures of a sheet's cells in `month`."""
    rows = Figure.objects.filter(
        county=county, month=month, area__in=list(names.areas.values()), item__in=list(names.items.values())
    ).annotate(units=raw("value"))
    return _cells(rows.values_list("area", "item", "category", "units", "state", "revision"), names)


def _cells(rows: Iterable[tuple], names: Names) -> dict[CellKey, Cell]:
    areas = {pk: code for code, pk in names.areas.items()}
    items = {pk: code for code, pk in names.items.items()}
    categories = {pk: code for (_, code), pk in names.categories.items()}
    cells = {}
    for area, item, category, units, state, version in rows:
        if area in areas and item in items:
            key = CellKey(areas[area], items[item], categories.get(category, ""))
            cells[key] = Cell(None if units is None else from_units(units), STATES[CellState(state)], version)
    return cells


def _rules(items: Mapping[str, int]) -> tuple[Balance, ...]:
    """The balance rules whose every item is on the sheet."""
    from indicators.entry.checks import items_of

    return tuple(
        Balance(rule.code, rule.text, rule.basis)
        for rule in BalanceRule.objects.all()
        if items_of(rule.text) <= items.keys()
    )


def changes(found: Iterable[CellChange], names: Names) -> list[Change]:
    """Cells by code as the changes workflow.save takes, each with the version that was seen."""
    return [
        Change(
            *names.ids(one.key),
            value=one.new.value,
            state=STATE_CODES[one.new.state],
            expected=one.old.version if one.old else 0,
        )
        for one in found
        if one.kind != "same"
    ]
