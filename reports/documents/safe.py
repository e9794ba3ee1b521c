"""What the document builders need of bureau/exports.py, and an archive without a clock."""

from __future__ import annotations

import io
import zipfile

from bureau.exports import content_disposition, csv_text, plain_number, starts_formula, write_csv, xml_text

__all__ = ["content_disposition", "csv_text", "plain_number", "same_bytes", "starts_formula", "write_csv", "xml_text"]

_EPOCH = (1980, 1, 1, 0, 0, 0)


def same_bytes(package: bytes) -> bytes:
    """An Office file with the clock taken out of its archive: the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return out.getvalue()
