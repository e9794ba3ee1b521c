"""What the entry and review pages show of a submission: sheet, differences, problems, timeline, as finished text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import clock, months
from bureau.language import english, localized, unit
from indicators.analysis.kinds import Light
from indicators.entry.grid import field_id
from indicators.entry.layout import (
    Cell,
    CellKey,
    Change,
    Column,
    Problem,
    Row,
    Sheet,
    adjusted_text,
    grouped_number,
    is_entered,
)
from indicators.models import Submission

STATE_LIGHTS = {
    Submission.State.DRAFT: Light.NONE,
    Submission.State.SUBMITTED: Light.ON_COURSE,
    Submission.State.TOWN_CHECKED: Light.ON_COURSE,
    Submission.State.RETURNED: Light.BEHIND,
    Submission.State.APPROVED: Light.REACHED,
}
CHIPS = {"estimate": gettext_lazy("估"), "carried": gettext_lazy("沿")}
ACTS = {
    "submit": gettext_lazy("提交"),
    "withdraw": gettext_lazy("撤回"),
    "return": gettext_lazy("退回"),
    "town_check": gettext_lazy("初审通过"),
    "approve": gettext_lazy("审核通过"),
    "adjust": gettext_lazy("审核调整"),
    "correct": gettext_lazy("开始更正"),
    "take_back": gettext_lazy("撤销审核"),
}
KINDS = {"flow": gettext_lazy("本月"), "stock": gettext_lazy("期末"), "ytd": gettext_lazy("本年累计")}


def cell_text(cell: Cell | None) -> str:
    """'1,246', '不适用', or '' where nothing was filled."""
    if cell is None:
        return ""
    return _("不适用") if cell.value is None else grouped_number(cell.value)


def title(submission: Submission, place_name: str) -> str:
    return f"{place_name} · {localized(submission.form)} · {months.label(submission.month)}"


def column_title(column: Column) -> str:
    """The item's name with its category, in the reader's language."""
    return (english() and column.title_en) or column.title


def sheet_table(sheet: Sheet, linked: bool = False) -> dict:
    """The sheet as a table: {columns, rows:[{name, total, cells:[{value, before, css, chip, url}]}]} with a total row.

    `linked`: each figure leads to its history.
    """
    url = history_urls(sheet.month) if linked else None
    rows = [
        {"name": row.name, "total": False, "cells": [_cell(sheet, row, column, url) for column in sheet.columns]}
        for row in sheet.rows
    ]
    if len(sheet.rows) > 1:
        rows.append(total_row(sheet, sheet.values))
    return {
        "columns": column_heads(sheet),
        "rows": rows,
    }


def column_heads(sheet: Sheet) -> list[dict]:
    return [
        {
            "code": column.code,
            "item": column.item,
            "name": column_title(column),
            "unit": unit(column.unit),
            "kind": KINDS.get(column.kind, ""),
        }
        for column in sheet.columns
    ]


def total_row(sheet: Sheet, values: Mapping[CellKey, Cell]) -> dict:
    """The sum of each column; where not all rows are filled, with how many of them are."""
    return {"name": _("合计"), "total": True, "cells": [_total(sheet, column, values) for column in sheet.columns]}


def history_base(month: int) -> str:
    """The address of the history of the figure of AREA and ITEM in `month`."""
    return reverse("figure_history", args=["ITEM", "AREA", months.iso(month)])


def history_urls(month: int) -> Callable[[CellKey], str]:
    """The address of the history of a cell's figure in `month`; one reverse for all cells."""
    base = history_base(month)

    def url(key: CellKey) -> str:
        query = f"?category={key.category}" if key.category else ""
        return base.replace("ITEM", key.item).replace("AREA", key.area) + query

    return url


def _key(row: Row, column: Column) -> CellKey:
    return CellKey(row.area, column.item, column.category)


def _cell(sheet: Sheet, row: Row, column: Column, url: Callable[[CellKey], str] | None) -> dict:
    if not is_entered(row, column):
        return {"value": "", "css": "closed", "before": "", "chip": ""}
    cell = sheet.values.get(_key(row, column))
    return {
        "value": cell_text(cell) or _("未填"),
        "css": look(cell),
        "chip": CHIPS.get(cell.state, "") if cell else "",
        "url": url(_key(row, column)) if url and cell else "",
        "adjusted": adjusted_text(cell.value, cell.adjustment) if cell and cell.adjustment else "",
        "before": cell_text(sheet.previous.get(_key(row, column))),
    }


def look(cell: Cell | None) -> str:
    """The class of a cell (static/css/entry.css): a blank is never taken for a zero."""
    if cell is None:
        return "missing"
    if cell.value is None:
        return "not-applicable"
    return "zero" if cell.value == 0 else ""


def _total(sheet: Sheet, column: Column, values: Mapping[CellKey, Cell]) -> dict:
    due = [row for row in sheet.rows if is_entered(row, column)]
    cells = [values[_key(row, column)] for row in due if _key(row, column) in values]
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
            "id": field_id(CellKey(one.area, one.item, one.category)),
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
    titles = {(column.item, column.category): column_title(column) for column in sheet.columns}
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


def last_step(submission: Submission) -> str:
    """'张三 10:32 撤回。': the last thing that happened to a submission."""
    last = submission.transitions.select_related("by").order_by("pk").last()
    if last is None:
        return ""
    return _("%(who)s %(when)s %(act)s。") % {
        "who": last.by,
        "when": moment(last.at),
        "act": ACTS.get(last.act, last.act),
    }


def moment(at: datetime) -> str:
    """'10:32' of today, '10-08 10:32' of another day."""
    local = timezone.localtime(at)
    return local.strftime("%H:%M" if local.date() == clock.real_day() else "%m-%d %H:%M")


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
