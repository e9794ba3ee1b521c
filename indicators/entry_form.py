"""What an entry page sends back, taken apart: texts by cell, confirmations, choices. What no page sends is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, QueryDict

from indicators.entry import grid
from indicators.entry.layout import Cell, CellKey, Sheet

ACTIONS = ("save", "submit", "withdraw")
KEEP = "keep."
NOTE = "note."
SINGLE = {"csrfmiddlewaretoken", "action", "seen", "incomplete", "mark_state", "mark_area", "mark_column"}
SEVERAL = {"clear", "conflict"}


@dataclass
class Posted:
    """One sent entry page. `clear` are the cells whose emptying is confirmed, `keep` the choices after a conflict."""

    action: str
    texts: dict[CellKey, str] = field(default_factory=dict)
    notes: dict[CellKey, str] = field(default_factory=dict)
    seen: dict[CellKey, Cell] = field(default_factory=dict)
    clear: set[CellKey] = field(default_factory=set)
    undecided: set[CellKey] = field(default_factory=set)
    missing_accepted: bool = False


def read(data: QueryDict, sheet: Sheet, writable: frozenset[str] | None, owner: str) -> Posted:
    """The sent page of this sheet; `writable` are the codes of the rows its sender may type in, None for all.

    Http404 for a cell outside them, SuspiciousOperation (400) for what no page of ours sends.
    """
    action = data.get("action", "")
    if action not in ACTIONS:
        raise SuspiciousOperation("no such action")
    known = {
        grid.field_name(key): key for row, _column, key in grid.cells(sheet) if writable is None or row.area in writable
    }
    posted = Posted(action, missing_accepted=data.get("incomplete") == "yes")
    choices: dict[CellKey, str] = {}
    for name in data:
        if name not in SEVERAL and len(data.getlist(name)) > 1:
            raise SuspiciousOperation("sent twice")
        if name.startswith(grid.PREFIX):
            posted.texts[_cell(name, known)] = data[name]
        elif name.startswith(KEEP):
            choices[_cell(name.removeprefix(KEEP), known)] = data[name]
        elif name.startswith(NOTE):
            posted.notes[_cell(name.removeprefix(NOTE), known)] = data[name]
        elif name not in SINGLE | SEVERAL:
            raise SuspiciousOperation("unknown field")
    posted.clear = {_cell(name, known) for name in data.getlist("clear")}
    if posted.texts:
        _read_seen(posted, data, owner)
    _mark(posted, data, sheet, {row.area for row in sheet.rows if writable is None or row.area in writable})
    _decide(posted, {_cell(name, known) for name in data.getlist("conflict")}, choices)
    return posted


def _cell(name: str, known: Mapping[str, CellKey]) -> CellKey:
    if name not in known:
        raise Http404
    return known[name]


def _read_seen(posted: Posted, data: QueryDict, owner: str) -> None:
    try:
        posted.seen = grid.unpack(data.get("seen", ""), owner)
    except grid.Tampered as tampered:
        raise SuspiciousOperation(str(tampered)) from None


def _mark(posted: Posted, data: QueryDict, sheet: Sheet, rows: set[str]) -> None:
    """Set a state in many cells at once (成批标记), as chosen under the sheet."""
    state, area, column = (data.get(name, "") for name in ("mark_state", "mark_area", "mark_column"))
    if not state:
        return
    if (
        state not in grid.MARKINGS
        or (area and area not in rows)
        or column not in ("", *(c.code for c in sheet.columns))
    ):
        raise Http404
    writable = posted.texts.keys()
    marked = grid.mark(sheet, posted.texts, state, area, column)
    posted.texts = {key: text for key, text in marked.items() if key in writable}


def _decide(posted: Posted, conflicts: set[CellKey], choices: Mapping[CellKey, str]) -> None:
    """After a conflict: theirs puts back what the page showed of the colleague, mine stands and confirms itself."""
    for key in conflicts:
        choice = choices.get(key)
        if choice == "theirs":
            posted.texts[key] = grid.text_of(posted.seen.get(key))
        elif choice == "mine":
            posted.clear.add(key)
        else:
            posted.undecided.add(key)
