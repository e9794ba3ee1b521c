"""What the pages of an old file (旧表) show: its first rows, its headings beside items, its names beside places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.language import unit
from indicators.entry.layout import Column
from indicators.entry.oldfiles.grid import Grid
from indicators.entry.oldfiles.layout import Layout, LeftOut
from indicators.entry.oldfiles.matching import Choice, Gazetteer
from indicators.entry.oldfiles.reading import LEAVE_OUT
from indicators.entry.oldfiles.wizard import FACTORS, Opened
from indicators.entry.rawbook import column_letter
from indicators.entry_pages import column_title, moment
from indicators.models import Import, OldFile

ROWS, COLUMNS = 30, 24
MOST_ROWS_NAMED = 5
MOST_NAMES = 100


def steps(now: int) -> list[dict]:
    """The five steps, which of them this page is."""
    words = (_("1 选文件"), _("2 看表样"), _("3 对填报项"), _("4 对地方"), _("5 试算"))
    return [{"text": text, "now": number == now} for number, text in enumerate(words, 1)]


def preview(grid: Grid, layout: Layout, left_out: Iterable[int]) -> dict:
    """The first rows as they stand, headings and rows left out marked."""
    out, width = set(left_out), min(grid.columns, COLUMNS)
    last = min(grid.rows, layout.head_last + ROWS)
    return {
        "columns": [column_letter(column) for column in range(1, width + 1)],
        "rows": [
            {
                "number": row,
                "look": "head" if layout.head_first <= row <= layout.head_last else "out" if row in out else "",
                "told": _("标题行")
                if layout.head_first <= row <= layout.head_last
                else _("不读")
                if row in out or row < layout.head_first
                else "",
                "cells": [grid.filled(row).get(column, "")[:40] for column in range(1, width + 1)],
            }
            for row in range(1, last + 1)
        ],
        "rest": max(0, grid.rows - last),
    }


def left_out(found: Iterable[LeftOut]) -> list[dict]:
    """The rows proposed to be left out, with why."""
    return [{"row": one.row, "why": one.why, "text": one.text} for one in islice(found, ROWS)]


def item_rows(opened: Opened, choices: Mapping[str, Choice]) -> list[dict]:
    """A line for each heading: what is proposed for it, and its first figure."""
    return [
        {
            "number": number,
            "key": key,
            "text": text or _("表内各数"),
            "unit": told,
            "first": first[:30],
            "hidden": hidden,
            "code": choices.get(key, Choice()).code,
            "factor": _factor(choices.get(key, Choice())),
        }
        for number, (key, (text, told, first, hidden)) in enumerate(opened.keys.items())
    ]


def _factor(choice: Choice) -> str:
    return next((text for text, factor in FACTORS.items() if factor == choice.factor), "1")


def item_choices(columns: Mapping[str, Column]) -> list[dict]:
    return [
        {"code": code, "text": f"{code} {column_title(column)}（{unit(column.unit)}）"}
        for code, column in columns.items()
    ]


def factor_choices() -> list[dict]:
    """'1' → 不换算, '10000' → × 10000."""
    return [{"value": text, "text": _("不换算") if text == "1" else f"× {text}"} for text in FACTORS]


def name_rows(opened: Opened) -> list[dict]:
    """A line for each name that is no place's by itself, a hundred at a time: the likeliest places, then all others."""
    known = opened.gazetteer
    found = opened.open_names()
    said = {key: [] for key in opened.names if key not in found}
    return [
        {
            "number": number,
            "name": name,
            "town": town,
            "town_name": known.of[town].name if town in known.of else "",
            "where": _rows(rows),
            "same": len(known.resolve(name, town)) > 1,
            "chosen": opened.names.get((name, town), ""),
            "likely": _options(known, _likely(known, name, town)),
            "others": _options(known, _others(known, name, town)),
        }
        for number, ((name, town), rows) in enumerate(list({**found, **said}.items())[:MOST_NAMES])
    ]


def _likely(known: Gazetteer, name: str, town: str) -> list[str]:
    same = known.resolve(name, town)
    return list(same) if len(same) > 1 else known.propose(name, town)


def _others(known: Gazetteer, name: str, town: str) -> list[str]:
    likely = set(_likely(known, name, town))
    within = [code for code, place in known.of.items() if not town or code == town or town in place.parents]
    return [code for code in within if code not in likely]


def _options(known: Gazetteer, codes: Iterable[str]) -> list[dict]:
    return [{"code": code, "text": known.label(code)} for code in codes]


def _rows(rows: list[int]) -> str:
    told = "、".join(str(row) for row in rows[:MOST_ROWS_NAMED])
    return told + (_(" 等 %(n)d 行") % {"n": len(rows)} if len(rows) > MOST_ROWS_NAMED else "")


def settled(opened: Opened) -> list[dict]:
    """The names that are a place's by themselves, and those the sender placed."""
    known = opened.gazetteer
    return [
        {"name": name, "place": _("不导入") if code == LEAVE_OUT else known.label(code)}
        for name, code in opened.settled_names().items()
    ]


def begun(found: Iterable[OldFile]) -> list[dict]:
    """The files a person has sent, with where to go on."""
    return [
        {
            "name": one.file.name,
            "when": moment(one.changed_at),
            "state": one.record.get_state_display() if one.record else _("未完"),
            "url": reverse("import_preview", args=[one.record_id])
            if one.record and one.record.state == Import.State.CONFIRMED
            else reverse(next_step(one), args=[one.pk]),
        }
        for one in found
    ]


def next_step(one: OldFile) -> str:
    """The name of the page on which a file goes on."""
    return "old_file_layout" if not one.layout else "old_file_items" if not one.columns else "old_file_trial"
