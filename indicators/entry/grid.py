"""The web sheet (网页填报) as text fields: what each cell shows, what came back, and what that would change.

One field a cell. What a clerk writes in it is numbers.py's grammar: 1,246 · 估120 (暂估) · 沿用 (沿用上月) · 不适用;
an empty field is 未填. The page carries what it showed (`pack`), so that only what he changed is written and a
colleague's change meanwhile is noticed. Nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.core import signing

from indicators.entry.layout import Cell, CellKey, Change, Column, Problem, Row, Sheet, grouped_number, is_entered
from indicators.entry.numbers import NumberProblem, ReadValue, carried_over, read_cell

PREFIX = "c."
MARKS = {"estimate": "估", "carried": "沿"}
SALT = "indicators.entry.grid"

Seen = Mapping[CellKey, Cell]
"""The filled cells as a page showed them, each with its version."""


class Tampered(ValueError):
    """What came back was not made by a page of this sheet for this person."""


def field_name(key: CellKey) -> str:
    """'c.330424101201.D22', with '.active' where the item has a breakdown."""
    return PREFIX + ".".join(part for part in key if part)


def field_id(key: CellKey) -> str:
    """The same as an id of the page: 'c-330424101201-D22'."""
    return field_name(key).replace(".", "-")


def cells(sheet: Sheet) -> Iterator[tuple[Row, Column, CellKey]]:
    """Every cell that is filled on the sheet, row by row."""
    for row in sheet.rows:
        for column in sheet.columns:
            if is_entered(row, column):
                yield row, column, CellKey(row.area, column.item, column.category)


def text_of(cell: Cell | None) -> str:
    """What a cell's field shows: '1,246', '估120', '沿86', '不适用', '' where nothing was filled."""
    if cell is None:
        return ""
    if cell.value is None:
        return "不适用"
    return MARKS.get(cell.state, "") + grouped_number(cell.value).replace("−", "-")


def pack(seen: Seen, owner: str) -> str:
    """The cells as shown, signed for one sheet and person (`owner`)."""
    shown = {
        ".".join(key): [cell.version, cell.state, None if cell.value is None else str(cell.value)]
        for key, cell in seen.items()
    }
    return signing.dumps({"owner": owner, "cells": shown}, salt=SALT, compress=True)


def unpack(text: str, owner: str) -> dict[CellKey, Cell]:
    """The cells a page showed; Tampered where it was not this person's page of this sheet."""
    try:
        packed = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Tampered("not signed here") from None
    if packed["owner"] != owner:
        raise Tampered("of another sheet or person")
    return {
        CellKey(*key.split(".")): Cell(None if value is None else Decimal(value), state, version)
        for key, (version, state, value) in packed["cells"].items()
    }


@dataclass
class Typed:
    """What came back: every text as typed, the changes it means, the cells it empties, and what cannot be read."""

    texts: dict[CellKey, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    cleared: dict[CellKey, Cell] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        return bool(self.changes or self.cleared or self.problems)

    def standing(self, values: Mapping[CellKey, Cell]) -> dict[CellKey, Cell]:
        """All cells as they would stand; one that cannot be read counts as missing, so as not to be blamed twice."""
        unread = {CellKey(one.area, one.item, one.category) for one in self.problems}
        gone = unread | self.cleared.keys()
        kept = {key: cell for key, cell in values.items() if key not in gone}
        return kept | {change.key: change.new for change in self.changes}


def read(sheet: Sheet, texts: Mapping[CellKey, str], seen: Seen, notes: Mapping[CellKey, str] | None = None) -> Typed:
    """The meaning of the texts of a sheet's cells against what the page showed; a text left as shown is no change.

    `notes` are what was said of cells (说明) where the page asked; what is said of a cell stays with it otherwise.
    """
    typed, said = Typed(), notes or {}
    for row, column, key in cells(sheet):
        if key not in texts:
            continue
        text, shown, standing = texts[key], seen.get(key), sheet.values.get(key)
        typed.texts[key] = text
        before = standing.note if standing else ""
        note = said.get(key, before).strip()
        if text.strip() != text_of(shown):
            _read(typed, sheet, row, column, text, shown, note)
        elif shown is not None and note != before:
            _keep(typed, key, shown, replace(shown, note=note))
    return typed


def _read(typed: Typed, sheet: Sheet, row: Row, column: Column, text: str, shown: Cell | None, note: str) -> None:
    key = CellKey(row.area, column.item, column.category)
    found = read_cell(text, column)
    if isinstance(found, ReadValue):
        before = sheet.previous.get(key)
        standing = shown.value if shown is not None and shown.state == "carried" else None
        found = carried_over(found, before.value if before else None, standing, text)
    if found is None:
        if shown is not None:
            typed.cleared[key] = shown
    elif isinstance(found, NumberProblem):
        typed.problems.append(problem(row, column, found))
    elif shown is None or (shown.value, shown.state) != (found.value, found.state):
        _keep(typed, key, shown, Cell(found.value, found.state, shown.version if shown else 0, note))


def _keep(typed: Typed, key: CellKey, shown: Cell | None, new: Cell) -> None:
    typed.changes.append(Change(key, shown, new, "changed" if shown else "new"))


def problem(row: Row, column: Column, found: NumberProblem) -> Problem:
    """What is wrong with a cell, as the lists of a page show it."""
    return Problem(
        "hard",
        found.rule,
        found.fix,
        area=row.area,
        area_name=row.name,
        item=column.item,
        item_name=column.title,
        category=column.category,
        value=found.shown,
    )


def _estimated(text: str) -> str:
    return text if text.startswith(("估", "暂估")) else f"估{_plain(text)}"


def _plain(text: str) -> str:
    return text.removeprefix("暂").removeprefix("估").removeprefix("沿用上月").removeprefix("沿用").removeprefix("沿")


MARKINGS: dict[str, tuple[bool, Callable[[str, str], str]]] = {
    # state: does it go into empty cells (else into filled ones)?, (text, last month's text) → new text
    "na": (True, lambda _text, _before: "不适用"),
    "carried": (True, lambda _text, before: f"沿{before}" if before else ""),
    "estimate": (False, lambda text, _before: text if text == "不适用" else _estimated(text)),
    "value": (False, lambda text, before: before if text in ("沿", "沿用", "沿用上月") else _plain(text)),
    "clear": (False, lambda _text, _before: ""),
}


def mark(sheet: Sheet, texts: Mapping[CellKey, str], state: str, area: str, column: str) -> dict[CellKey, str]:
    """The texts with a state set at once: in one row or all (""), in one column or all; KeyError for no such state.

    不适用 and 沿用上月 go into empty cells only, 暂估, 有值 and 未填 into filled ones.
    """
    into_empty, marked = MARKINGS[state]
    changed = dict(texts)
    for row, one, key in cells(sheet):
        text = texts.get(key, "").strip()
        if area not in ("", row.area) or column not in ("", one.code) or bool(text) == into_empty:
            continue
        before = sheet.previous.get(key)
        known = grouped_number(before.value) if before is not None and before.value is not None else ""
        changed[key] = marked(text, known)
    return changed
