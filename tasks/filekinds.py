"""What a file kept as evidence may be: a few kinds, told by name and by content, and nothing in it that could act.

The looks into packages are those of uploaded workbooks (indicators/entry/scan.py): no macro, control, embedded object
or outside link, no bomb. A PDF or a picture is known by its first bytes; what lies deeper is the affair of the program
that opens it, which is why every file is handed out as an attachment and never shown.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NamedTuple
from xml.parsers import expat

from django.utils.translation import gettext as _

from indicators.entry.limits import MEGABYTE, WORKBOOK
from indicators.entry.packageparts import ACTIVE_CONTENT, ContentTypes, Package, Relations
from indicators.entry.rawbook import UploadRefused
from indicators.entry.scan import check_directory
from indicators.entry.sheetxml import Attributes, Budget, Walk
from tasks.rules import Refused

LARGEST = 20 * MEGABYTE
UNPACKED = WORKBOOK._replace(file=LARGEST, unpacked=10 * LARGEST)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError)
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."


class Kind(NamedTuple):
    """How a kind of file begins, what it is sent as, and what its package must declare or hold."""

    begins: bytes
    sent_as: str
    declares: str = ""


KINDS = {
    "pdf": Kind(b"%PDF-", "application/pdf"),
    "jpg": Kind(b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": Kind(b"\xff\xd8\xff", "image/jpeg"),
    "png": Kind(b"\x89PNG\r\n\x1a\n", "image/png"),
    "docx": Kind(_ZIP, f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": Kind(_ZIP, f"{_OFFICE}spreadsheetml.sheet", f"{_OFFICE}spreadsheetml.sheet.main+xml"),
    "ofd": Kind(_ZIP, "application/ofd"),
}
ACCEPT = ",".join(f".{name}" for name in KINDS)


def plain_name(name: str) -> str:
    """The name without folders and without characters that cannot be seen (controls, marks that turn the reading)."""
    seen = "".join(letter for letter in name.replace("\\", "/") if letter.isprintable())
    return PurePosixPath(seen).name.strip()[-200:]


def kind_of(name: str) -> Kind | None:
    """The kind its name says it is."""
    stem, dot, suffix = name.rpartition(".")
    return KINDS.get(suffix.lower()) if stem and dot else None


def check(name: str, content: bytes) -> None:
    """Refused, and why, unless the file is one of the kinds by its plain name and by what is in it."""
    kind = kind_of(name)
    if kind is None:
        raise Refused(_("只能附 PDF、JPG、PNG、DOCX、XLSX、OFD 文件；旧的 .doc、.xls 请另存为 .docx、.xlsx。"))
    if not content:
        raise Refused(_("文件是空的，没有保存。"))
    if len(content) > LARGEST:
        raise Refused(too_large())
    if not content.startswith(kind.begins):
        raise Refused(_not_what_it_says(name))
    if kind.begins == _ZIP:
        _check_package(name, content, kind)


def too_large() -> str:
    return _("文件不能超过 %(n)d MB。") % {"n": LARGEST // MEGABYTE}


def _not_what_it_says(name: str) -> str:
    suffix = name.rpartition(".")[2].upper()
    return _("“%(name)s”的内容不是 %(kind)s 文件，或有打开密码：请重新另存后再传。") % {
        "name": name[-60:],
        "kind": suffix,
    }


def _check_package(name: str, content: bytes, kind: Kind) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_directory(archive.infolist(), UNPACKED)
            package = Package(archive, Budget(UNPACKED.unpacked))
            fits = _declares(package, kind.declares) if kind.declares else _is_ofd(package)
    except UploadRefused as refused:
        if ACTIVE_CONTENT in refused.reasons:
            raise Refused(
                _("文件含宏、控件、嵌入对象或外部链接，不能作佐证材料：请去掉，或另存为 PDF 后再传。")
            ) from refused
        raise Refused(_("文件已损坏或结构异常，请重新另存后再传。")) from refused
    except (*_BROKEN, OSError, ValueError, NotImplementedError) as error:
        raise Refused(_("文件已损坏或结构异常，请重新另存后再传。")) from error
    if not fits:
        raise Refused(_not_what_it_says(name))


class _Declared(ContentTypes):
    """What a package says its parts are."""

    def __init__(self) -> None:
        super().__init__()
        self.types: set[str] = set()

    def _declared(self, attributes: Attributes) -> None:
        super()._declared(attributes)
        self.types.add(attributes.get("ContentType", ""))


def _declares(package: Package, wanted: str) -> bool:
    """Does it declare its main part; no relation of any part leads to something active."""
    types = _Declared()
    package.walk("[Content_Types].xml", types)
    for part in [name for name in package.unread if name.lower().endswith(".rels")]:
        package.walk(part, Relations(""))
    return wanted in types.types


class _Root(Walk):
    """Is the outermost element OFD's own?"""

    namespaces = ("http://www.ofdspec.org/2016", "http://www.ofdspec.org")

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def start_OFD(self, attributes: Attributes) -> None:
        self.found = self.found or self.depth == 1


def _is_ofd(package: Package) -> bool:
    root = _Root()
    if "OFD.xml" in package.unread:
        package.walk("OFD.xml", root)
    return root.found
