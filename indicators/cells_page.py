"""What the page that saves by itself is told: the cells as they stand, what the checks say, totals, both values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from indicators import entry_pages as page
from indicators.entry import grid
from indicators.entry.checks import check, is_explained
from indicators.entry.layout import Cell, CellKey, Problem, Sheet
from indicators.grid_page import where


def saved(sheet: Sheet, keys: Collection[CellKey], at: datetime | None) -> dict:
    """The cells sent as they stand now, and everything about the sheet that a change of them may have moved."""
    return {
        "cells": [_cell(key, sheet.values.get(key)) for _row, _column, key in grid.cells(sheet) if key in keys],
        "said": _("%(when)s 已保存") % {"when": page.moment(at)} if at else _("已保存"),
        **standing(sheet, sheet.values),
    }


def standing(sheet: Sheet, values: Mapping[CellKey, Cell]) -> dict:
    """What a page shows of the whole sheet beside its fields."""
    found = check(sheet, values)
    absent = page.missing(sheet)
    return {
        "problems": problems(found, values),
        "totals": totals(sheet),
        "facts": facts(sheet, absent),
        "blocked": blocked(found, values),
        "absent": _("未填 %(n)d 格，按未填提交") % {"n": absent} if absent else "",
    }


def problems(found: Iterable[Problem], values: Mapping[CellKey, Cell]) -> list[dict]:
    """What the checks say, cell by cell: 须改 (hard), 请核实 (soft), and whether it is explained by a note."""
    shown = []
    for one in found:
        key = CellKey(one.area, one.item, one.category)
        shown.append(
            {
                "cell": grid.field_name(key),
                "severity": one.severity,
                "where": f"{one.area_name} {one.item} {one.item_name}",
                "rule": one.rule,
                "fix": one.fix,
                "explained": one.severity == "soft" and is_explained(one, values),
            }
        )
    return shown


def totals(sheet: Sheet) -> dict[str, dict]:
    """Column code → its sum as printed, and '11/12' where not all places are filled; of sheets with several rows."""
    if len(sheet.rows) < 2:
        return {}
    cells = page.total_row(sheet, sheet.values)["cells"]
    return {
        column.code: {"value": cell["value"], "short": cell["before"]}
        for column, cell in zip(sheet.columns, cells, strict=True)
    }


def facts(sheet: Sheet, absent: int) -> list[dict]:
    """'已填 92/94 格', and how many are 未填."""
    due = page.asked(sheet)
    shown = [{"text": _("已填 %(f)d/%(n)d 格") % {"f": due - absent, "n": due}, "tone": ""}]
    if absent and sheet.values:
        shown.append({"text": _("未填 %(n)d 格，不计为 0") % {"n": absent}, "tone": "amber"})
    return shown


def blocked(found: Iterable[Problem], values: Mapping[CellKey, Cell]) -> str:
    """'先改 1 处错误、补 1 条说明，再提交', or '' where nothing stands in the way."""
    told = problems(found, values)
    hard = sum(one["severity"] == "hard" for one in told)
    soft = len({one["cell"] for one in told if one["severity"] == "soft" and not one["explained"]})
    if hard and soft:
        return _("先改 %(n)d 处错误、补 %(m)d 条说明，再提交") % {"n": hard, "m": soft}
    if hard:
        return _("先改 %(n)d 处错误，再提交") % {"n": hard}
    return _("先补 %(m)d 条说明，再提交") % {"m": soft} if soft else ""


def refused(found: Iterable[Problem]) -> dict:
    """Why nothing was saved, with the reason of each cell."""
    shown = problems(found, {})
    return {
        "error": "refused",
        "message": _("有 %(n)d 格须改，都没有保存。") % {"n": len(shown)},
        "problems": shown,
    }


def conflict(sheet: Sheet, theirs: Mapping[CellKey, tuple[Cell | None, str]]) -> dict:
    """The cells a colleague changed meanwhile: what stands there now, who and when. None of the request is saved."""
    return {
        "error": "conflict",
        "message": _("有 %(n)d 格已被他人修改，都没有保存。") % {"n": len(theirs)},
        "cells": [
            _cell(key, sheet.values.get(key)) | {"where": where(sheet, key), "who": who}
            for key, (_theirs, who) in theirs.items()
        ],
    }


def _cell(key: CellKey, cell: Cell | None) -> dict:
    return {
        "cell": grid.field_name(key),
        "text": grid.text_of(cell),
        "version": cell.version if cell else 0,
        "note": cell.note if cell else "",
        "look": page.look(cell),
    }


def filled(values: Mapping[CellKey, Cell]) -> dict[str, list]:
    """Field name → [version, note] of every filled cell, for the page's script."""
    return {grid.field_name(key): [cell.version, cell.note] for key, cell in values.items()}


def columns(sheet: Sheet, uses: Mapping[str, list[dict]]) -> dict[str, dict]:
    """Id of a column's head → what the panel tells of the cells under it: its name, its definition, what uses it."""
    return {
        f"k-{one.code}": {
            "title": f"{one.item} {page.column_title(one)}",
            "text": one.definition,
            "uses": uses.get(one.item, []),
        }
        for one in sheet.columns
    }
