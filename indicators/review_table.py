"""The rows of a sheet to decide on: each figure beside those before, what the checks and the clerk say of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.language import unit
from indicators.analysis.kinds import Light
from indicators.entry import grid
from indicators.entry.layout import Cell, CellKey, Column, Problem, Row, Sheet, adjusted_text, grouped_number
from indicators.entry.notes import is_current
from indicators.entry.sheets import Names
from indicators.entry_pages import cell_text, column_title, history_urls
from indicators.models import Adjustment, Submission
from indicators.wording import DASH

EXPLAINED = "explained"  # the shape of 已说明 (bureau/marks.py)
_ORDER: dict[int | str, int] = {int(Light.FAR_BEHIND): 0, int(Light.BEHIND): 1, EXPLAINED: 2}


def rows(submission: Submission, sheet: Sheet, problems: Iterable[Problem]) -> list[dict]:
    """One line a cell, beside last month and the same month of last year, with what the checks say of it.

    What is to be decided on comes first: 须改, 请核实, 已说明; the rest follows item by item.
    """
    found: dict[CellKey, list[Problem]] = defaultdict(list)
    for one in problems:
        found[one.cell].append(one)
    url = history_urls(submission.month) if submission.approved_version else None
    listed = []
    for column in sheet.columns:
        for row in sheet.rows:
            key = CellKey(row.area, column.item, column.category)
            if row.level in column.levels:
                listed.append(_row(sheet, row, column, found[key], url(key) if url else ""))
    return sorted(listed, key=lambda row: row["order"])


def _row(sheet: Sheet, row: Row, column: Column, problems: list[Problem], url: str) -> dict:
    key = CellKey(row.area, column.item, column.category)
    cell, before = sheet.values.get(key), sheet.previous.get(key)
    change, percent = _difference(cell, before)
    note = cell.note.strip() if cell else ""
    return {
        "name": column_title(column),
        "code": column.item,
        "unit": unit(column.unit),
        "area_name": row.name,
        "value": cell_text(cell) or _("未填"),
        "adjusted": adjusted_text(cell.value, cell.adjustment) if cell and cell.adjustment else "",
        "url": url if cell else "",
        "previous": cell_text(before) or DASH,
        "change": change,
        "change_percent": percent,
        "last_year": cell_text(sheet.last_year.get(key)) or DASH,
        "flagged": bool(problems),
        "order": min((_ORDER[_mark(one, note)] for one in problems), default=len(_ORDER)),
        "verdict": _("通过") if cell else "",
        "notes": [{"light": _mark(one, note), "text": one.rule, "fix": _basis(one)} for one in problems],
        "said": note,
    }


def _mark(problem: Problem, note: str) -> int | str:
    if problem.severity == "hard":
        return int(Light.FAR_BEHIND)
    return EXPLAINED if is_current(note) else int(Light.BEHIND)


def _basis(problem: Problem) -> str:
    """What the rule rests on, as its remedy names it in brackets."""
    return problem.fix.partition("（")[2].rstrip("）")


def counts(sheet: Sheet, problems: Iterable[Problem]) -> dict[str, int]:
    """{hard, soft, explained}: cells with a hard finding, with a soft one, and those of them with a note."""
    hard = {one.cell for one in problems if one.severity == "hard"}
    soft = {one.cell for one in problems if one.severity == "soft"}
    return {
        "hard": len(hard),
        "soft": len(soft),
        "explained": sum(bool((cell := sheet.values.get(key)) and is_current(cell.note)) for key in soft),
    }


def adjustments(submission: Submission, sheet: Sheet, names: Names) -> list[dict]:
    """The adjustment lines of a sheet, oldest first; one whose typed value is no longer there counts no more."""
    listed = []
    places = {row.area: row.name for row in sheet.rows}
    titles = {(one.item, one.category): column_title(one) for one in sheet.columns}
    lines = Adjustment.objects.filter(submission=submission.pk).select_related("by").order_by("pk")
    for line in lines:
        try:
            key = names.key(line.area, line.item, line.category)
        except (KeyError, StopIteration):
            continue  # of a place or an item that is no longer on the sheet
        cell = sheet.values.get(key)
        listed.append(
            {
                "where": f"{places.get(key.area, '')} {key.item} {titles.get((key.item, key.category), '')}".strip(),
                "text": adjusted_text(line.typed, line.amount),
                "reason": line.reason,
                "who": str(line.by),
                "at": timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M"),
                "counts": cell is not None and cell.value == line.typed,
            }
        )
    return listed


def choices(sheet: Sheet) -> list[dict]:
    """The cells an adjustment can be added to, as options."""
    return [
        {
            "value": ".".join(key),
            "text": f"{row.name} {column.item} {column_title(column)}：{cell_text(cell)}",
        }
        for row, column, key in grid.cells(sheet)
        if (cell := sheet.values.get(key)) is not None and cell.value is not None
    ]


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
