"""What a template says of itself in its hidden `_meta` sheet, signed, so that a workbook finds back to its own sheet.

The signature (HMAC-SHA256) tells an edited identity from a genuine one; it guards against mix-ups, it grants no right.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable

from bureau import months
from indicators.entry.layout import Sheet
from indicators.entry.rawbook import RawWorkbook, UploadRefused

META_SHEET = "_meta"
AREA_MARK = "@area"  # the hidden code row of the data sheet: area codes, names, then items
NAME_MARK = "@name"
SHEET_MARK = "@sheet "  # before the place and month of a data sheet, where a book has several
REFERENCE_MARK = "~"  # before an item's code: last month's figure, never read
PIECE = 30_000  # characters of the payload in one cell

_PURPOSE = b"entry template 1\n"
_AGAIN = "请重新下载模板"


class SeveralSheets(UploadRefused):
    """The workbook is a genuine template of several sheets (套表), not of the one it was held against."""


def payload_of(sheet: Sheet) -> str:
    """The sheet's identity as canonical JSON."""
    return _canonical(_identity_of(sheet))


def payload_of_book(sheets: Iterable[Sheet]) -> str:
    """The identities of all sheets of a book, under one signature."""
    return _canonical({"sheets": [_identity_of(sheet) for sheet in sheets]})


def _identity_of(sheet: Sheet) -> dict:
    """Form, place, month, version, column and row codes."""
    return {
        "form": sheet.form_code,
        "number": sheet.form_number,
        "place": sheet.place_code,
        "place_name": sheet.place_name,
        "month": months.iso(sheet.month),
        "version": sheet.version,
        "columns": [column.code for column in sheet.columns],
        "rows": [row.area for row in sheet.rows],
    }


def _canonical(identity: dict) -> str:
    return json.dumps(identity, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def mark_of(place_code: str, month: int) -> str:
    """What the hidden code row of a data sheet says of itself in a book of several."""
    return f"{SHEET_MARK}{place_code} {months.iso(month)}"


def signature_of(payload: str, key: bytes) -> str:
    return hmac.new(key, _PURPOSE + payload.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def pieces_of(payload: str) -> list[str]:
    return [payload[start : start + PIECE] for start in range(0, len(payload), PIECE)]


def identities_in(book: RawWorkbook, key: bytes) -> dict[str, dict]:
    """The identities that the workbook was signed with, by their marks; UploadRefused where it is no such template."""
    meta = book.sheet(META_SHEET)
    if meta is None:
        raise UploadRefused([f"不是本系统的模板（缺少模板标识）；{_AGAIN}"])
    payload, row = "", 2
    while piece := meta.text(row, 2):
        payload, row = payload + piece, row + 1
    signature = meta.text(1, 2)
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), signature_of(payload, key).encode()):
        raise UploadRefused([f"模板标识被改动；{_AGAIN}"])
    told = json.loads(payload)
    return {mark_of(one["place"], months.parse(one["month"])): one for one in told.get("sheets", [told])}


def check_identity(sheet: Sheet, book: RawWorkbook, key: bytes) -> None:
    """UploadRefused unless the workbook is an unaltered template of this form, place, month and version."""
    found = list(identities_in(book, key).values())
    if len(found) > 1:
        raise SeveralSheets([f"这是 {len(found)} 张表的模板；请在“导入文件”页上传"])
    identity = found[0]
    month = months.parse(identity["month"])
    if (identity["form"], identity["place"], month) != (sheet.form_code, sheet.place_code, sheet.month):
        theirs, ours = f"{identity['place_name']} {months.label(month)}", sheet.label
        if identity["form"] != sheet.form_code:
            theirs, ours = f"{identity['number']} {theirs}", f"{sheet.form_number} {ours}"
        raise UploadRefused([f"模板属于“{theirs}”，当前为“{ours}”；{_AGAIN}"])
    if why := outdated(identity, sheet.version):
        raise UploadRefused([why])


def outdated(identity: dict, version: str) -> str:
    """Why a template of another version cannot be read; '' for one of the present."""
    same = identity["version"] == version
    return "" if same else f"模板是旧版（{identity['version']}），现为 {version}；{_AGAIN}"
