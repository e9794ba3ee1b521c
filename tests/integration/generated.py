"""Figures of the small county drawn by chance, for the database and as the twin (twin.py) sees them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from bureau import clock
from indicators.models import SpanTotal
from tests.integration.factories import (
    AUTOMATIC,
    CATEGORIES,
    CLOSED,
    COUNTY,
    E1,
    E2,
    E3,
    EAST,
    END,
    ITEMS,
    OPENED,
    SPANS,
    START,
    W1,
    WEST,
    put,
)
from tests.integration.twin import Block, Item, Span, World


def generated(seed: int) -> dict[tuple[str, str, str, int], Decimal | None]:
    """Approved values of 24 months by (place, item, category, month): holes, zeros, 不适用, figures of closed places.

    Each item has holes of its own rate, so that some lights are covered in some of the data.
    """
    chance = random.Random(seed)
    found: dict[tuple[str, str, str, int], Decimal | None] = {}
    for item, (_, forms, broken) in ITEMS.items():
        levels = {level for on in forms.values() for level in on}
        holes = chance.choice((0, 0, 0.01, 0.05, 0.4))
        not_applicable = chance.choice((0, 0, 0.05, 0.3))
        scale = chance.choice((0, 1, 1, 1, 2))
        for place in sorted({code for code, level, *_ in SPANS if level in levels}):
            for category in CATEGORIES if broken else ("",):
                typed = Decimal(0)
                for month in range(START, END + 1):
                    typed = (Decimal(0) if month % 12 == 0 else typed) + chance.randint(0, 3)
                    gone = (place == E2 and month > CLOSED) or (place == E3 and month < OPENED)
                    if chance.random() < holes or (gone and chance.random() < 0.9):
                        continue
                    value = None if chance.random() < not_applicable else _plausible(chance, item, scale, typed)
                    found[place, item, category, month] = value
    return found


def _plausible(chance: random.Random, item: str, scale: int, typed: Decimal) -> Decimal:
    """A value that lets the indicator of the item come near its target, on either side."""
    if item in ("D27", "D27a"):
        return Decimal(chance.choice((0, 0, 0, 0, 0, 1)) * scale)
    if item in ("D54", "D61", "D62"):
        return typed * (10 if item == "D61" else 1)
    if item == "D53":
        return Decimal(chance.choice((12, 18)))
    if item == "D81":
        return Decimal(chance.choice((0, 1, 1, 1)))
    if item == "D20":
        return Decimal(chance.choice((64, 100, 150)))
    if item in ("D22", "D23"):
        return Decimal(chance.choice(("100", "99.5", "97") if item == "D22" else ("95", "96.9999", "97", "98")))
    return Decimal(chance.choice(("0", "1", "2", "2.5", "4.0001"))) * scale


def world(figures: Mapping, **more) -> World:
    """The small county as the twin sees it."""
    items = {
        code: Item(kind, tuple({level for levels in forms.values() for level in levels}), CATEGORIES if broken else ())
        for code, (kind, forms, broken) in ITEMS.items()
    } | {code: Item("auto", levels) for code, levels in AUTOMATIC.items()}
    exact = {key: None if value is None else Fraction(value) for key, value in figures.items()}
    return World(tuple(Span(*span) for span in SPANS), items, exact, START, **more)


def put_generated(county: SimpleNamespace, figures: Mapping) -> None:
    """The same straight into Figure."""
    by_month: dict[int, dict] = {}
    for (place, item, category, month), value in figures.items():
        by_month.setdefault(month, {})[(place, item, *([category] if category else []))] = value
    put(county, by_month.items())


def with_blocks(seed: int, figures: Mapping) -> tuple[dict, tuple[Block, ...]]:
    """Some totals of whole spans (补录合计) of the flows, and the figures without those the totals exclude."""
    chance = random.Random(seed)
    small, left, blocks = world({}), dict(figures), []
    for item, places in (("D01", (COUNTY, EAST, WEST)), ("D02", (EAST, WEST)), ("D13", (COUNTY, EAST, E1, W1))):
        for first, last in ((START, START + 11), (START, START + 5), (START + 6, START + 11), (START + 12, START + 14)):
            place = chance.choice(places)
            free = not any(one.item == item and one.first <= last and first <= one.last for one in blocks)
            if not free or chance.random() < 0.4:
                continue
            categories = CATEGORIES if ITEMS[item][2] else ("",)
            for category in categories[: 1 if chance.random() < 0.3 else None]:
                blocks.append(Block(place, item, category, first, last, Fraction(chance.randint(0, 90))))
    for one in blocks:
        for key in [key for key in left if key[1:3] == (one.item, one.category) and one.first <= key[3] <= one.last]:
            if small.is_below(key[0], one.place, key[3]):
                del left[key]
    return left, tuple(blocks)


def put_blocks(county: SimpleNamespace, blocks: Iterable[Block]) -> None:
    """Approved totals of whole spans straight into the table; nothing is derived."""
    now = clock.now()
    SpanTotal.objects.bulk_create(
        SpanTotal(
            form=county.forms["town"], place=county.county, area=county.areas[one.place], item=county.items[one.item],
            category=county.categories[one.category].pk if one.category else 0,
            first_month=one.first, last_month=one.last, value=Decimal(str(one.value)), source="yearbook",
            note="2015年年报", state="approved", entered_by=county.clerk, entered_at=now,
            approved_by=county.reviewer, approved_at=now,
        )
        for one in blocks
    )  # fmt: skip
