"""Workbooks of the small county's village form: taken from its page, filled in, spoilt in one of three layers."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.entry.identity import AREA_MARK
from indicators.entry.template import DATA_SHEET
from tests.integration.entry.browsing import url_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECES = (
    b"",
    b"9",
    b"<",
    b">",
    b"&#0;",
    b"&x;",
    b'"',
    b"\xd8\x00",
    b"A1",
    b"s",
    b"E+9",
    b"XFD1048576",
    b"<!DOCTYPE a>",
)
CELLS = (
    "约50", "-1", "1e400", "NaN", "１２３", "1,23", "=1+1", "\u202e12", "\ud800", "#N/A", "①", "0" * 600, "9" * 40,
    "33042419900101123X", "<b>1</b>", "估", "沿用", "不适用", "50%", "2016-02-30", "\x00", "", "12",
)  # fmt: skip


def template(client: Client, form: str, place: str, month: int) -> bytes:
    """The workbook that the page hands out."""
    answer = client.get(f"{url_of(form, place, month)}template.xlsx")
    assert answer.status_code == 200
    return answer.content


def addresses(content: bytes) -> dict[tuple[str, str], str]:
    """(place code, column code) → the address of its cell, as a reader of the workbook finds it."""
    page = openpyxl.load_workbook(io.BytesIO(content))[DATA_SHEET]
    head = next(row for row in page.iter_rows() if row[0].value == AREA_MARK)
    return {
        (str(row[0].value), str(code.value)): cell.coordinate
        for row in page.iter_rows(min_row=head[0].row + 4)
        for code, cell in zip(head[2:], row[2:], strict=True)
        if str(row[0].value or "").isdigit() and str(code.value or "").startswith("D")
    }


def filled(content: bytes, cells: Mapping[str, object]) -> bytes:
    """The workbook as openpyxl saves it with these cells, by address."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        book[DATA_SHEET][address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: Client, content: bytes, form: str, place: str, month: int):
    """The answer to the upload."""
    file = SimpleUploadedFile("a.xlsx", content, XLSX)
    return client.post(f"{url_of(form, place, month)}upload/", {"file": file})


def mutated(content: bytes, dice: random.Random) -> bytes:
    """The workbook with something wrong in its archive, in the XML of a part, or in some cells."""
    return dice.choice((_archive, _xml, _cells))(content, dice)


def _archive(content: bytes, dice: random.Random) -> bytes:
    """Bytes changed, the end cut off, parts left out, doubled, renamed or stored under another method."""
    way = dice.randrange(3)
    if way == 0:
        data = bytearray(content)
        for _ in range(dice.randint(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        return bytes(data)
    if way == 1:
        return content[: dice.randrange(len(content))] + dice.randbytes(dice.randint(0, 40))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        victim = dice.choice(names)
        for name in names:
            new = dice.choice(("", f"../{name}", name.upper(), "xl/vbaProject.bin", name)) if name == victim else name
            if new:
                method = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
                target.writestr(new, source.read(name), method if name == victim else zipfile.ZIP_DEFLATED)
        if dice.random() < 0.3:
            target.writestr("xl/media/a.bin", bytes(dice.choice((100, 3_000_000))), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xml(content: bytes, dice: random.Random) -> bytes:
    """One part with a few pieces put in or bytes overwritten."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()

    def spoil(part: bytes) -> bytes:
        data = bytearray(part)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data) + 1)
            data[at : at + dice.randint(0, 6)] = dice.choice(PIECES)
        return bytes(data)

    return _repacked(content, dice.choice(names), spoil)


def _cells(content: bytes, dice: random.Random) -> bytes:
    """Some cells of the data sheet that say something else, in raw XML, so that no library tidies it."""

    def retype(part: bytes) -> bytes:
        found = list(re.finditer(rb'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', part))
        for match in sorted(dice.sample(found, min(len(found), dice.randint(1, 8))), key=lambda m: -m.start()):
            text = escape(dice.choice(CELLS)).encode("utf-8", "surrogatepass")
            kind = dice.choice((b"n", b"str", b"b", b"e", b"d", b"inlineStr", b"s"))
            body = b"<is><t>%b</t></is>" % text if kind == b"inlineStr" else b"<v>%b</v>" % text
            formula = b"<f>1+1</f>" if dice.random() < 0.1 else b""
            cell = b'<c r="%b" t="%b">%b%b</c>' % (match[1], kind, formula, body)
            part = part[: match.start()] + cell + part[match.end() :]
        return part

    return _repacked(content, "xl/worksheets/sheet1.xml", retype)


def _repacked(content: bytes, victim: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, change(part) if name == victim else part)
    return out.getvalue()
