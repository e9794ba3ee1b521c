"""What the entry and review pages show of a submission: sheet, differences, problems, timeline, as finished text."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import months
from indicators.analysis.kinds import Light
from indicators.entry.checks import check
from indicators.entry.layout import Cell, CellKey, Change, Column, Problem, Row, Sheet, grouped_number, is_entered
from indicators.models import Submission
from indicators.wording import DASH

STATE_LIGHTS = {
    Submission.State.DRAFT: Light.NONE,
    Submission.State.SUBMITTED: Light.ON_COURSE,
    Submission.State.TOWN_CHECKED: Light.ON_COURSE,
    Submission.State.RETURNED: Light.BEHIND,
    Submission.State.APPROVED: Light.REACHED,
}
CHIPS = {"estimate": "估", "carried": "沿"}
ACTS = {
    "submit": "提交",
    "withdraw": "撤回",
    "return": "退回",
    "approve": "审核通过",
    "correct": "开始更正",
    "take_back": "撤销审核",
}
KINDS = {"flow": "本月", "stock": "期末", "ytd": "本年累计"}


def cell_text(cell: Cell | None) -> str:
    """'1,246', '不适用', or '' where nothing was filled."""
    if cell is None:
        return ""
    return _("不适用") if cell.value is None else grouped_number(cell.value)


def title(submission: Submission, place_name: str) -> str:
    return f"{place_name} · {submission.form.name} · {months.label(submission.month)}"


def sheet_table(sheet: Sheet) -> dict:
    """The sheet as a table: {columns, rows:[{name, total, cells:[{value, before, css, chip}]}]} with a total row."""
    rows = [
        {"name": row.name, "total": False, "cells": [_cell(sheet, row, column) for column in sheet.columns]}
        for row in sheet.rows
    ]
    if len(sheet.rows) > 1:
        rows.append({"name": _("合计"), "total": True, "cells": [_total(sheet, column) for column in sheet.columns]})
    return {
        "columns": [
            {"code": column.code, "name": column.title, "unit": column.unit, "kind": KINDS.get(column.kind, "")}
            for column in sheet.columns
        ],
        "rows": rows,
    }


def _key(row: Row, column: Column) -> CellKey:
    return CellKey(row.area, column.item, column.category)


def _cell(sheet: Sheet, row: Row, column: Column) -> dict:
    if not is_entered(row, column):
        return {"value": "", "css": "closed", "before": "", "chip": ""}
    cell = sheet.values.get(_key(row, column))
    return {
        "value": cell_text(cell) or _("未填"),
        "css": _look(cell),
        "chip": CHIPS.get(cell.state, "") if cell else "",
        "before": cell_text(sheet.previous.get(_key(row, column))),
    }


def _look(cell: Cell | None) -> str:
    """The class of a cell (static/css/entry.css): a blank is never taken for a zero."""
    if cell is None:
        return "missing"
    if cell.value is None:
        return "not-applicable"
    return "zero" if cell.value == 0 else ""


def _total(sheet: Sheet, column: Column) -> dict:
    due = [row for row in sheet.rows if is_entered(row, column)]
    cells = [sheet.values[_key(row, column)] for row in due if _key(row, column) in sheet.values]
    known = [cell.value for cell in cells if cell.value is not None]
    value = grouped_number(sum(known)) if known else ""
    short = f"{len(cells)}/{len(due)}" if cells and len(cells) < len(due) else ""
    return {"value": value, "css": "", "chip": "", "before": short}


def missing(sheet: Sheet) -> int:
    """How many enterable cells hold nothing (未填)."""
    return sum(
        is_entered(row, column) and _key(row, column) not in sheet.values
        for row in sheet.rows
        for column in sheet.columns
    )


def asked(sheet: Sheet) -> int:
    return sum(is_entered(row, column) for row in sheet.rows for column in sheet.columns)


def problem_rows(problems: Iterable[Problem]) -> list[dict]:
    return [
        {
            "severity": one.severity,
            "sheet": one.sheet,
            "cell": f"{one.column}{one.row}" if one.row else "",
            "area_name": one.area_name,
            "item": one.item,
            "item_name": one.item_name,
            "value": one.value,
            "rule": one.rule,
            "fix": one.fix,
        }
        for one in problems
    ]


def change_rows(sheet: Sheet, changes: Iterable[Change]) -> list[dict]:
    """Only what would change, old beside new."""
    titles = {(column.item, column.category): column.title for column in sheet.columns}
    names = {row.area: row.name for row in sheet.rows}
    kinds = {"new": _("新填"), "changed": _("更新")}
    return [
        {
            "area_name": names.get(one.key.area, one.key.area),
            "item": one.key.item,
            "item_name": titles.get((one.key.item, one.key.category), ""),
            "old": cell_text(one.old) or _("未填"),
            "new": f"{CHIPS.get(one.new.state, '')}{cell_text(one.new)}",
            "kind": kinds[one.kind],
        }
        for one in changes
        if one.kind in kinds
    ]


def timeline(submission: Submission) -> list[dict]:
    """The steps of a submission, newest first."""
    return [
        {
            "at": timezone.localtime(step.at).strftime("%Y-%m-%d %H:%M"),
            "who": f"{step.by.unit} · {step.by}" if step.by.unit else str(step.by),
            "what": ACTS.get(step.act, step.act),
            "reason": step.reason,
        }
        for step in submission.transitions.select_related("by").order_by("-pk")
    ]


def review_rows(submission: Submission, sheet: Sheet, last_year: dict[CellKey, Cell]) -> list[dict]:
    """One line a cell, beside last month and the same month of last year, with what the checks say of it."""
    found = check(sheet, sheet.values)
    rows = []
    for column in sheet.columns:
        for row in sheet.rows:
            if not is_entered(row, column):
                continue
            key = _key(row, column)
            cell, before = sheet.values.get(key), sheet.previous.get(key)
            notes = [one for one in found if (one.area, one.item, one.category) == key]
            change, percent = _difference(cell, before)
            rows.append(
                {
                    "name": column.title,
                    "code": column.code,
                    "unit": column.unit,
                    "area_name": row.name,
                    "value": cell_text(cell) or _("未填"),
                    "previous": cell_text(before) or DASH,
                    "change": change,
                    "change_percent": percent,
                    "last_year": cell_text(last_year.get(key)) or DASH,
                    "flagged": bool(notes),
                    "verdict": _("通过") if cell else "",
                    "notes": [{"light": int(Light.FAR_BEHIND), "text": one.rule} for one in notes],
                }
            )
    return rows


def _difference(cell: Cell | None, before: Cell | None) -> tuple[str, str]:
    if cell is None or before is None or cell.value is None or before.value is None:
        return DASH, DASH
    change = cell.value - before.value
    if change == 0:
        return _("持平"), DASH
    sign = "+" if change > 0 else ""
    text = f"{sign}{grouped_number(change)}"
    if before.value <= 0:
        return text, DASH
    tenths = round(change * 1000 / before.value)
    mark = "−" if tenths < 0 else "+"
    return text, f"{mark}{abs(tenths) // 10}.{abs(tenths) % 10}%"
