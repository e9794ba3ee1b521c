"""Small files of every kind that may be evidence, and some that may not; for the tests."""

from __future__ import annotations

import io
import zipfile

import openpyxl

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 20 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(kind: str = DOCUMENT, relation: str = "hyperlink", **more: bytes) -> bytes:
    """A Word file with one relation of its document, and more parts by name (dots and slashes as __)."""
    return package(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/word/document.xml" '
            f'ContentType="{kind}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"/>',
            "word/document.xml": "<document/>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
            f'Type="{OFFICE}/{relation}" Target="http://elsewhere.example/" TargetMode="External"/></Relationships>',
        }
        | {name.replace("__", "/"): content for name, content in more.items()}
    )


def xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def ofd(space: str = "http://www.ofdspec.org/2016") -> bytes:
    return package({"OFD.xml": f'<ofd:OFD xmlns:ofd="{space}" Version="1.1"/>', "Doc_0/Document.xml": "<d/>"})
