"""The cells a page saves by itself (自动保存): the JSON it sends, strictly read, and what they mean for the sheet.

{"page": signature, "cells": [{"cell": "c.330424101201.D22", "text": "1,246", "version": 3, "note": "", "clear": false},
…]}; `version` is what the page showed, 0 for an empty cell; `clear` confirms the emptying of a filled one. What no page
of ours sends is Malformed, as a whole; what cannot be taken for a figure is a problem of its cell. No database here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from indicators.entry import grid
from indicators.entry.layout import Cell, CellKey, Change, Column, Problem, Row, Sheet
from indicators.entry.notes import own_text
from indicators.entry.numbers import NumberProblem, ReadValue, carried_over, read_cell

MOST_CELLS = 500
MOST_BYTES = 1_000_000
MOST_TEXT = 1_000  # numbers.py refuses half of it with a sentence
MOST_NOTE = 500
MOST_SENT_NOTE = 20_000  # told with its length up to here
MOST_VERSION = 2**31 - 1
SALT = "indicators.entry.sent"

_KEYS = {"cell": str, "text": str, "version": int, "note": str, "clear": bool}
_PERSONAL = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


class Malformed(ValueError):
    """What no page of ours sends; `args[0]` says so in the reader's language."""


class OtherPage(Malformed):
    """Sent from a page of another sheet, or of another person: somebody else has signed in meanwhile."""


@dataclass(frozen=True)
class SentCell:
    """One cell as a page sends it."""

    name: str
    text: str
    version: int
    note: str
    clear: bool


def signature(owner: str) -> str:
    """What a page of `owner` (sheet and person) carries, so that what it sends is never taken for another's."""
    return signing.Signer(salt=SALT).signature(owner)


def read_body(body: bytes, owner: str) -> list[SentCell]:
    """The cells of one request; Malformed for what no page sends, OtherPage where it is not this owner's."""
    if len(body) > MOST_BYTES:
        raise Malformed(_("一次发来的内容过大，没有保存。"))
    sent = _loaded(body)
    if type(sent) is not dict or sent.keys() != {"page", "cells"} or type(sent["page"]) is not str:
        raise _unreadable()
    cells = sent["cells"]
    if type(cells) is not list or not cells:
        raise _unreadable()
    if len(cells) > MOST_CELLS:
        raise Malformed(_("一次最多保存 %(n)d 格，没有保存。") % {"n": MOST_CELLS})
    read = [_cell(one) for one in cells]
    if len({one.name for one in read}) < len(read):
        raise Malformed(_("同一格发来两次，没有保存。"))
    if sent["page"] != signature(owner):
        raise OtherPage(_("这一页是另一个账号或另一张表的，没有保存。用原账号登录，或复制后刷新。"))
    return read


def _loaded(body: bytes) -> Any:
    """The body as JSON without doubled keys, NaN, floats or long numbers."""
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_refuse,
            parse_float=_refuse,
            parse_int=_small,
        )
    except (ValueError, RecursionError):
        raise _unreadable() from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(text[:20])


def _small(text: str) -> int:
    if len(text) > len(str(MOST_VERSION)):
        raise ValueError("too long a number")
    return int(text)


def _cell(one: Any) -> SentCell:
    if type(one) is not dict or one.keys() != _KEYS.keys():
        raise _unreadable()
    if any(type(one[key]) is not kind for key, kind in _KEYS.items()):
        raise _unreadable()
    if not 0 <= one["version"] <= MOST_VERSION or len(one["text"]) > MOST_TEXT or len(one["note"]) > MOST_SENT_NOTE:
        raise _unreadable()
    if any("\ud800" <= character <= "\udfff" for key in ("cell", "text", "note") for character in one[key]):
        raise _unreadable()
    return SentCell(one["cell"], one["text"], one["version"], one["note"], one["clear"])


def _unreadable() -> Malformed:
    return Malformed(_("发来的内容读不懂，没有保存。复制填的数，刷新这一页再填。"))


def read(sheet: Sheet, sent: Mapping[CellKey, SentCell]) -> grid.Typed:
    """What the cells mean against the sheet as it stands: changes, emptied cells, and every problem."""
    typed = grid.Typed()
    for row, column, key in grid.cells(sheet):
        if key in sent:
            typed.texts[key] = sent[key].text
            _read(typed, sheet, row, column, key, sent[key])
    return typed


def _read(typed: grid.Typed, sheet: Sheet, row: Row, column: Column, key: CellKey, one: SentCell) -> None:
    before, standing = sheet.previous.get(key), sheet.values.get(key)
    found = read_cell(one.text, column)
    if isinstance(found, ReadValue):
        carried = standing.value if standing is not None and standing.state == "carried" else None
        found = carried_over(found, before.value if before else None, carried, one.text)
    found = (None if found is None else note_problem(one.note)) or found
    if found is None:
        if standing is not None and not one.clear:
            found = NumberProblem(
                _("清空原值 %(v)s 须先确认") % {"v": grid.text_of(standing)}, _("确认清空，或把数填回去"), ""
            )
        else:
            typed.cleared[key] = Cell(None, version=one.version)
    if isinstance(found, NumberProblem):
        typed.problems.append(grid.problem(row, column, found))
    elif found is not None:
        old = Cell(None, version=one.version) if one.version else None
        new = Cell(found.value, found.state, one.version, one.note.strip())
        typed.changes.append(Change(key, old, new, "changed" if old else "new"))


def note_problem(note: str) -> NumberProblem | None:
    """Why a note (说明) cannot be kept; None where it can."""
    note = own_text(note.strip())
    if len(note) > MOST_NOTE:
        return NumberProblem(
            _("说明过长（%(n)s 个字，最多 %(most)d）") % {"n": f"{len(note):,}", "most": MOST_NOTE}, _("写短一些"), ""
        )
    if any(character not in "\t\r\n" and unicodedata.category(character)[0] == "C" for character in note):
        return NumberProblem(_("说明含不可见字符"), _("删去说明，重新输入"), "")
    if _PERSONAL.search(note):
        return NumberProblem(_("说明疑似含身份证号码，本系统不收个人信息"), _("删去号码"), "")
    return None


def notes_refused(sheet: Sheet, notes: Mapping[CellKey, str]) -> list[Problem]:
    """The notes of a sent form that cannot be kept, each as a problem of its cell."""
    return [
        grid.problem(row, column, found)
        for row, column, key in grid.cells(sheet)
        if key in notes and (found := note_problem(notes[key])) is not None
    ]
