"""What a template says of itself in its hidden `_meta` sheet, signed, so that a workbook finds back to its own sheet.

The signature (HMAC-SHA256) tells an edited identity from a genuine one; it guards against mix-ups, it grants no right.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from bureau import months
from indicators.entry.layout import Sheet
from indicators.entry.rawbook import RawWorkbook, UploadRefused

META_SHEET = "_meta"
AREA_MARK = "@area"  # the hidden code row of the data sheet: area codes, names, then items
NAME_MARK = "@name"
REFERENCE_MARK = "~"  # before an item's code: last month's figure, never read
PIECE = 30_000  # characters of the payload in one cell

_PURPOSE = b"entry template 1\n"
_AGAIN = "请重新下载模板"


def payload_of(sheet: Sheet) -> str:
    """The sheet's identity as canonical JSON: form, place, month, version, column and row codes."""
    identity = {
        "form": sheet.form_code,
        "number": sheet.form_number,
        "place": sheet.place_code,
        "place_name": sheet.place_name,
        "month": months.iso(sheet.month),
        "version": sheet.version,
        "columns": [column.code for column in sheet.columns],
        "rows": [row.area for row in sheet.rows],
    }
    return json.dumps(identity, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def signature_of(payload: str, key: bytes) -> str:
    return hmac.new(key, _PURPOSE + payload.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def pieces_of(payload: str) -> list[str]:
    return [payload[start : start + PIECE] for start in range(0, len(payload), PIECE)]


def check_identity(sheet: Sheet, book: RawWorkbook, key: bytes) -> None:
    """UploadRefused unless the workbook is an unaltered template of this form, place, month and version."""
    meta = book.sheet(META_SHEET)
    if meta is None:
        raise UploadRefused([f"不是本系统的模板（缺少模板标识）；{_AGAIN}"])
    payload, row = "", 2
    while piece := meta.text(row, 2):
        payload, row = payload + piece, row + 1
    signature = meta.text(1, 2)
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), signature_of(payload, key).encode()):
        raise UploadRefused([f"模板标识被改动；{_AGAIN}"])
    identity = json.loads(payload)
    month = months.parse(identity["month"])
    if (identity["form"], identity["place"], month) != (sheet.form_code, sheet.place_code, sheet.month):
        theirs, ours = f"{identity['place_name']} {months.label(month)}", sheet.label
        if identity["form"] != sheet.form_code:
            theirs, ours = f"{identity['number']} {theirs}", f"{sheet.form_number} {ours}"
        raise UploadRefused([f"模板属于“{theirs}”，当前为“{ours}”；{_AGAIN}"])
    if identity["version"] != sheet.version:
        raise UploadRefused([f"模板是旧版（{identity['version']}），现为 {sheet.version}；{_AGAIN}"])
