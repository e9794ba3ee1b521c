"""J1: every table that can be had as CSV says the same in its workbook, cell for cell, to each who may have it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from bureau.exports import unguarded
from tests.reliability.asking import Asking
from tests.reliability.scale import result, sweeping
from tests.reliability.table import Line, lines

NO_TABLES = {
    "long_form_csv",  # an empty form to be filled in elsewhere
    "contribution_base_csv",  # its workbook works the lines out anew, by formulas
}


def twins() -> list[tuple[Line, str]]:
    """Each line of a CSV with the name of its workbook's address."""
    return [(one, one.name.removesuffix("csv") + "xlsx") for one in lines() if one.name.endswith("_csv")]


def in_csv(content: bytes) -> list[list[str]]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [[unguarded(cell).replace("\r\n", "\n") for cell in row] for row in rows]


def in_book(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def same(text: str, cell: object) -> bool:
    if cell is None:
        return text == ""
    if isinstance(cell, int | float):
        return Decimal(text) == Decimal(repr(cell))
    if isinstance(cell, datetime):
        return text in (cell.strftime("%Y-%m-%d"), cell.strftime("%Y-%m-%d %H:%M:%S"))
    return text == cell


def test_every_csv_has_its_workbook():
    known = {one.name for one in lines()}
    assert {name for one, name in twins() if one.name not in NO_TABLES} <= known
    assert len({name for _one, name in twins()} & known) >= 28


@sweeping
@pytest.mark.parametrize("who", ["T", "K", "R", "O", "S"])
def test_csv_and_workbook_say_the_same(asking: Asking, who: str):
    tried, wrong = 0, []
    for line, _name in twins():
        if line.name in NO_TABLES or line.expected(who, "GET") != 200:
            continue
        url = line.url(asking.world)
        text = in_csv(asking(who, "GET", url).content)
        book = in_book(asking(who, "GET", url.replace(".csv", ".xlsx")).content)
        tried += 1
        for row, cells in zip(text, book, strict=True):
            row += [""] * (len(cells) - len(row))
            wrong += [f"{url}: {a!r} {b!r}" for a, b in zip(row, cells, strict=True) if not same(a, b)]
    result("J1", "tables as CSV and as a workbook, cell for cell", tried, len(wrong))
    assert wrong == []
    assert tried > 5 or who == "S"
