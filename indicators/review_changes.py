"""What a review page had shown beside what stands now: cell by cell, with who changed it and when.

The page carries what it showed, signed, so that a decision refused because something changed meanwhile can say what.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core import signing
from django.utils.translation import gettext as _

from bureau.models import AuditEvent, User
from indicators import entry_pages as pages
from indicators.entry import grid, sheets, workflow
from indicators.entry.layout import Cell, CellKey, Sheet, adjusted_text
from indicators.models import Adjustment, Submission

SALT = "indicators.review_changes"
LOOKED_BACK = 20  # saves, to find who emptied a cell

Shown = tuple[str, str]
"""What a cell says and the note on it."""


def pack(sheet: Sheet, owner: str) -> str:
    """The cells as shown, signed for one sheet, step and person (`owner`)."""
    cells = {".".join(key): _shown(cell) for key, cell in sheet.values.items()}
    return signing.dumps({"owner": owner, "cells": cells}, salt=SALT, compress=True)


def _unpack(packed: str, owner: str) -> dict[CellKey, Shown] | None:
    """What a page showed; None where it was not this person's page of this sheet."""
    try:
        found = signing.loads(packed, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if found["owner"] != owner:
        return None
    return {CellKey(*key.split(".")): (text, note) for key, (text, note) in found["cells"].items()}


def _shown(cell: Cell | None) -> Shown:
    if cell is None:
        return _("未填"), ""
    return (adjusted_text(cell.value, cell.adjustment) if cell.adjustment else grid.text_of(cell)), cell.note


def differences(packed: str, owner: str, submission: Submission, sheet: Sheet, names: sheets.Names) -> list[dict]:
    """[{area_name, item, seen, now, who}] of what differs; none where the page did not say what it showed."""
    seen = _unpack(packed, owner)
    if seen is None:
        return []
    found, empty = [], _shown(None)
    for row, column, key in grid.cells(sheet):
        then, now = seen.get(key, empty), _shown(sheet.values.get(key))
        if then != now:
            with_note = then[1] != now[1]
            found.append(
                {
                    "key": key,
                    "area_name": row.name,
                    "item": f"{column.item} {pages.column_title(column)}",
                    "seen": _told(then, with_note),
                    "now": _told(now, with_note),
                }
            )
    who = _who(submission, {names.ids(one["key"]): one["key"] for one in found}) if found else {}
    return [one | {"who": who.get(one["key"], "")} for one in found]


def _told(shown: Shown, with_note: bool) -> str:
    text, note = shown
    return text + (_("（说明：%(note)s）") % {"note": note or _("无")} if with_note else "")


def _who(submission: Submission, cells: Mapping[workflow.Cell, CellKey]) -> dict[CellKey, str]:
    """'张三 10:32' of each cell: who wrote it, adjusted it or emptied it last."""
    acts: dict[workflow.Cell, tuple[datetime, int]] = {}
    for event in AuditEvent.objects.filter(act="entries.save", object=workflow.describe(submission)).order_by(
        "-sequence"
    )[:LOOKED_BACK]:
        for row in event.detail.get("changes", ()):
            if event.by_id is not None:
                acts.setdefault(tuple(row[:3]), (event.at, event.by_id))
    for line in Adjustment.objects.filter(submission=submission.pk).order_by("pk"):
        cell = (line.area, line.item, line.category)
        if cell not in acts or acts[cell][0] <= line.at:
            acts[cell] = line.at, line.by_id
    people = User.objects.in_bulk({by for cell, (_at, by) in acts.items() if cell in cells})
    return {
        key: f"{people[acts[cell][1]]} {pages.moment(acts[cell][0])}" for cell, key in cells.items() if cell in acts
    }
