"""Figures → RollUp: sums up the area tree with coverage, for towns and the county; set-based, exact, rebuildable.

Called inside the approving transaction by entry/workflow.py; writes RollUp and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from bureau import bulk
from bureau.fields import raw
from bureau.places import Tree, pack
from indicators.models import Category, DataItem, Figure, FormItem, RollUp

KEY = ("county", "area", "item", "category", "month")
FIELDS = (*KEY, "total", "reported", "expected", "missing")
TOTAL = 0  # the category of the total row

Cells = dict[tuple[int, int], dict[int, dict[int, int | None]]]
"""(item, month) → place → category → ten-thousandths, None for 不适用."""


def levels_of_items() -> dict[int, frozenset[str]]:
    """Item id → the levels at which it is entered, over all forms."""
    levels: dict[int, set[str]] = defaultdict(set)
    for item, level in FormItem.objects.values_list("item_id", "level"):
        levels[item].add(level)
    return {item: frozenset(found) for item, found in levels.items()}


def categories_of_items() -> dict[int, frozenset[int]]:
    """Item id → the ids of its categories; {0} for an item without breakdown."""
    by_breakdown: dict[int, set[int]] = defaultdict(set)
    for category, breakdown in Category.objects.values_list("id", "breakdown_id"):
        by_breakdown[breakdown].add(category)
    return {
        item: frozenset(by_breakdown[breakdown]) if breakdown else frozenset({TOTAL})
        for item, breakdown in DataItem.objects.values_list("id", "breakdown_id")
    }


def read_cells(figures: QuerySet[Figure]) -> Cells:
    """The approved values of a query, grouped."""
    cells: Cells = defaultdict(lambda: defaultdict(dict))
    rows = figures.annotate(units=raw("value")).values_list("area", "item", "category", "month", "units")
    for area, item, category, month, units in rows:
        cells[item, month][area][category] = units
    return cells


def totals(
    tree: Tree,
    cells: Cells,
    levels: dict[int, frozenset[str]],
    categories: dict[int, frozenset[int]],
) -> Iterable[tuple]:
    """RollUp rows (FIELDS) of grouped cells. A figure of a place not expected in its month counts nowhere."""
    for (item, month), places in cells.items():
        expected = tree.expected(levels.get(item, frozenset()), month)
        whole = categories[item]
        sums: dict[tuple[int, int], list[int]] = {}  # (store, category) -> [total, reported bits]
        for area, by_category in places.items():
            store = tree.store(area, month)
            bit = 1 << tree.numbers.get(area, 0)
            if store is None or not bit & expected[tree.county_id]:
                continue
            counted = [(category, units or 0) for category, units in by_category.items()]
            if TOTAL not in whole and whole <= by_category.keys():
                counted.append((TOTAL, sum(units for _, units in counted)))
            for category, units in counted:
                for holder in {store, tree.county_id}:
                    held = sums.setdefault((holder, category), [0, 0])
                    held[0] += units
                    held[1] |= bit
        for (store, category), (total, reported) in sums.items():
            due = expected[store]
            yield (
                tree.county_id, store, item, category, month,
                total, reported.bit_count(), due.bit_count(), pack(due & ~reported),
            )  # fmt: skip


def refresh(tree: Tree, items: Collection[int] | None = None, months: Collection[int] | None = None) -> None:
    """Recompute the county's roll-ups of these items and months (all when None) and write what differs."""
    figures = Figure.objects.filter(county=tree.county_id)
    standing = RollUp.objects.filter(county=tree.county_id)
    if items is not None:
        figures, standing = figures.filter(item__in=items), standing.filter(item__in=items)
    if months is not None:
        figures, standing = figures.filter(month__in=months), standing.filter(month__in=months)
    rows = list(totals(tree, read_cells(figures), levels_of_items(), categories_of_items()))
    old = {
        row[:5]: row
        for row in standing.annotate(units=raw("total")).values_list(*KEY, "units", "reported", "expected", "missing")
    }
    bulk.upsert(RollUp, FIELDS, [row for row in rows if old.get(row[:5]) != row], key=KEY)
    bulk.delete(RollUp, KEY, list(old.keys() - {row[:5] for row in rows}))
