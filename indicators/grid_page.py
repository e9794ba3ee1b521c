"""What the entry page shows while a sheet is open: its fields, what is wrong beside each, and the lists above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bureau.fields import from_units
from bureau.language import unit
from bureau.models import User
from indicators.entry import grid
from indicators.entry.layout import Cell, CellKey, Column, Problem, Row, Sheet, is_entered
from indicators.entry.notes import is_current
from indicators.entry.ratios import Ratio, placed
from indicators.entry.sheets import STATES, Names
from indicators.entry_pages import cell_text, column_heads, column_title, look, moment, total_row
from indicators.models.figures import CellState
from indicators.wording import DASH

MOST_LISTED = 60
FEW_MISSING = 20
SEVERITY_LIGHTS = {"soft": 3}


@dataclass
class Shown:
    """A sheet's fields as they are to be shown: by default what is stored, after a refusal what was typed."""

    seen: grid.Seen
    typed: grid.Typed = field(default_factory=grid.Typed)
    asking: Mapping[CellKey, Cell] = field(default_factory=dict)
    conflicts: Mapping[CellKey, tuple[Cell | None, str]] = field(default_factory=dict)
    missing: Iterable[Problem] = ()
    locked: bool = False


def table(
    sheet: Sheet,
    shown: Shown,
    problems: Iterable[Problem],
    writable: frozenset[str] | None,
    ratios: Iterable[Ratio] = (),
) -> dict:
    """{columns, rows:[{name, id, total, cells:[{field, id, text, css, before, notes}]}]} for indicators/grid.html.

    `writable` are the codes of the rows that can be typed in, None for all. A ratio has a column of its own.
    A cell without a field is only read; one with css 'closed' is not filled at its level.
    """
    notes: dict[CellKey, list[dict]] = defaultdict(list)
    values = shown.typed.standing(sheet.values)
    for one in (*shown.typed.problems, *problems):
        key = CellKey(one.area, one.item, one.category)
        notes[key].append(_told(one, values.get(key)))
    for key, cell in shown.asking.items():
        text = _("原值 %(v)s 将清空，请在上面勾选确认") % {"v": cell_text(cell)}
        notes[key].append({"light": 3, "css": "soft", "text": text})
    shape = placed(sheet.columns, ratios)
    heads = {head["code"]: head for head in column_heads(sheet)}
    rows = [
        {
            "name": row.name,
            "id": f"r-{row.area}",
            "area": row.area if writable is None or row.area in writable else "",
            "total": False,
            "cells": [
                _computed(sheet, [row], one, values)
                if isinstance(one, Ratio)
                else _cell(sheet, shown, values, row, one, notes, writable is None or row.area in writable)
                for one in shape
            ],
        }
        for row in sheet.rows
    ]
    if len(rows) > 1:
        rows.append(_with_ratios(sheet, total_row(sheet, values), shape, values))
    return {
        "columns": [_ratio_head(one) if isinstance(one, Ratio) else heads[one.code] for one in shape],
        "rows": rows,
        "several": len(sheet.rows) > 1,
    }


def _ratio_head(ratio: Ratio) -> dict:
    return {
        "code": ratio.code,
        "item": _("计算"),
        "name": ratio.name,
        "unit": ratio.unit,
        "kind": ratio.formula,
        "computed": True,
    }


def _computed(sheet: Sheet, rows: list[Row], ratio: Ratio, values: Mapping[CellKey, Cell]) -> dict:
    """A ratio over these rows, with last month's; hatched where it is not for them."""
    due = [row for row in rows if ratio.at(row)]
    if not due:
        return {"css": "closed"}
    return {
        "css": "computed",
        "ratio": {
            "over": ratio.numerator.code,
            "under": ratio.denominator.code,
            "above": ratio.scale.numerator,
            "below": ratio.scale.denominator,
            "decimals": ratio.decimals,
        },
        "value": ratio.of(due, values) or DASH,
        "before": ratio.of(due, sheet.previous),
        "label": ratio.name,
        "code": ratio.formula,
        "unit": ratio.unit,
    }


def _with_ratios(sheet: Sheet, total: dict, shape: list[Column | Ratio], values: Mapping[CellKey, Cell]) -> dict:
    """The row of totals with each ratio of sums, and beside each sum the code of its column."""
    sums = {column.code: cell for column, cell in zip(sheet.columns, total["cells"], strict=True)}
    return total | {
        "cells": [
            _computed(sheet, list(sheet.rows), one, values)
            if isinstance(one, Ratio)
            else sums[one.code] | {"total": one.code}
            for one in shape
        ]
    }


def _told(one: Problem, cell: Cell | None) -> dict:
    """What stands under a cell; a soft finding with a note is 已说明, with what was said."""
    if one.severity == "hard":
        return {"light": 4, "css": "hard", "text": f"{one.rule}；{one.fix}"}
    if one.severity == "soft" and cell is not None and is_current(cell.note):
        return {"light": "explained", "css": "explained", "text": _("已说明：%(note)s") % {"note": cell.note}}
    return {"light": SEVERITY_LIGHTS.get(one.severity, 0), "css": one.severity, "text": one.rule}


def _cell(
    sheet: Sheet,
    shown: Shown,
    values: Mapping[CellKey, Cell],
    row: Row,
    column: Column,
    notes: Mapping[CellKey, list[dict]],
    writable: bool,
) -> dict:
    if not is_entered(row, column):
        return {"css": "closed"}
    key = CellKey(row.area, column.item, column.category)
    cell, here = values.get(key), notes.get(key, [])
    worst = next((css for css in ("hard", "soft", "explained") if any(note["css"] == css for note in here)), "")
    return {
        "field": grid.field_name(key) if writable else "",
        "id": grid.field_id(key),
        "row": f"r-{row.area}",
        "column": f"k-{column.code}",
        "text": shown.typed.texts.get(key, grid.text_of(shown.seen.get(key))) if writable else grid.text_of(cell),
        "css": worst or look(cell),
        "label": column_title(column),
        "code": column.code,
        "unit": unit(column.unit),
        "before": cell_text(sheet.previous.get(key)),
        "last_year": cell_text(sheet.last_year.get(key)),
        "notes": here,
    }


def note_fields(
    sheet: Sheet,
    problems: Iterable[Problem],
    values: Mapping[CellKey, Cell],
    typed: Mapping[CellKey, str],
    writable: frozenset[str] | None,
) -> list[dict]:
    """A field for the note (说明) of each cell the checks ask about: what was typed, else what is kept."""
    asked = {CellKey(one.area, one.item, one.category): one for one in problems if one.severity == "soft"}
    return [
        {
            "field": f"note.{grid.field_name(key)}",
            "id": f"n-{grid.field_id(key)}",
            "cell": grid.field_id(key),
            "where": where(sheet, key),
            "rule": one.rule,
            "text": typed.get(key, values[key].note if key in values else ""),
        }
        for key, one in asked.items()
        if writable is None or key.area in writable
    ]


def errors(shown: Shown) -> list[dict]:
    """Every cell that could not be read, as links to the cells."""
    return _links(shown.typed.problems)


def missing(shown: Shown) -> list[dict]:
    """The cells still 未填, as links to them; where they are many, one link a place to its first."""
    found = list(shown.missing)
    if len(found) <= FEW_MISSING:
        return _links(found)
    places: dict[str, list[Problem]] = defaultdict(list)
    for one in found:
        places[one.area].append(one)
    return [
        {
            "id": grid.field_id(CellKey(area, cells[0].item, cells[0].category)),
            "where": _("%(place)s %(n)d 格") % {"place": cells[0].area_name, "n": len(cells)},
            "text": "",
        }
        for area, cells in places.items()
    ]


def _links(problems: Iterable[Problem]) -> list[dict]:
    found = list(problems)
    links = [
        {
            "id": grid.field_id(CellKey(one.area, one.item, one.category)),
            "where": f"{one.area_name} {one.item} {one.item_name}",
            "text": f"{one.rule}；{one.fix}",
        }
        for one in found[:MOST_LISTED]
    ]
    if len(found) > MOST_LISTED:
        links.append({"id": "", "where": "", "text": _("另有 %(n)d 处，见表中") % {"n": len(found) - MOST_LISTED}})
    return links


def asking(sheet: Sheet, shown: Shown, confirmed: set[CellKey]) -> list[dict]:
    """The filled cells a clerk emptied, each to be confirmed."""
    return [
        {
            "field": grid.field_name(key),
            "id": grid.field_id(key),
            "text": _("%(where)s：清空原值 %(v)s") % {"where": where(sheet, key), "v": cell_text(cell)},
            "checked": key in confirmed,
        }
        for key, cell in shown.asking.items()
    ]


def conflicts(sheet: Sheet, shown: Shown) -> list[dict]:
    """The cells a colleague changed meanwhile: mine, theirs, who and when."""
    return [
        {
            "field": grid.field_name(key),
            "id": grid.field_id(key),
            "where": where(sheet, key),
            "mine": shown.typed.texts.get(key, "") or _("未填"),
            "theirs": grid.text_of(cell) or _("未填"),
            "who": who,
        }
        for key, (cell, who) in shown.conflicts.items()
    ]


def where(sheet: Sheet, key: CellKey) -> str:
    """'永庆村 D23 已就业'."""
    row = next(row.name for row in sheet.rows if row.area == key.area)
    title = next(column_title(one) for one in sheet.columns if (one.item, one.category) == (key.item, key.category))
    return f"{row} {key.item} {title}"


def theirs(found: Mapping[tuple[int, int, int], tuple], names: Names) -> dict[CellKey, tuple[Cell | None, str]]:
    """A workflow.Conflict's cells by code: what stands there now, and '张三 10:32 改为'."""
    people = User.objects.in_bulk({row[3] for row in found.values() if row[3]})
    shown: dict[CellKey, tuple[Cell | None, str]] = {}
    for cell, (units, state, _note, person, at) in found.items():
        if state is None:
            shown[names.key(*cell)] = (None, _("他人已清空"))
            continue
        value = None if units is None else from_units(units)
        who = _("%(who)s %(when)s 改为") % {"who": people[person], "when": moment(at)}
        shown[names.key(*cell)] = (Cell(value, STATES[CellState(state)]), who)
    return shown
