"""The look at an uploaded workbook before anything else touches it: what is hostile is refused, what is there is noted.

Plain zipfile and expat under fixed limits, one pass a part. The texts of numbers are kept as the file spells them, and
errors, formulas, percent formats, merged ranges and hidden rows are seen in the same pass, which no fast reader
reports; so the reader needs no second library. It opens no network, follows no link and writes nothing.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from xml.parsers import expat

from indicators.entry.limits import MEGABYTE, WORKBOOK, Limits
from indicators.entry.packageparts import Package, WorkbookPart, refuse_active_parts
from indicators.entry.rawbook import RawSheet, RawWorkbook, UploadRefused
from indicators.entry.sheetxml import (
    BROKEN,
    MAX_TEXT,
    Budget,
    SharedStrings,
    Styles,
    Walk,
    Worksheet,
    drain,
)

MAX_ENTRIES = 1_000  # a book of 120 sheets with comments has four parts a sheet
MAX_RATIO = 400  # of a part that unpacks to over 1 MB
_OLE_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP_HEADER = b"PK\x03\x04"
_ENCRYPTED = 0x1 | 0x40
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = "文件已损坏或大小不符，请用表格软件重新另存为 .xlsx 后再传"

ScanReport = RawWorkbook


def scan(path: str | os.PathLike[str], limits: Limits = WORKBOOK) -> ScanReport:
    """Every sheet and every cell that holds something, or UploadRefused with Chinese reasons (安全要求 C1).

    Meant to run in the reader's child process; safe, if slower to give up, anywhere. OSError when there is no file.
    """
    check_outside(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            check_directory(archive.infolist(), limits)
            return _walk_package(archive, limits)
    except UploadRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UploadRefused([DAMAGED]) from error
    except expat.ExpatError as error:
        raise UploadRefused([BROKEN]) from error
    except Exception as error:  # hostile bytes: whatever else the libraries raise, the answer is the same
        raise UploadRefused([DAMAGED]) from error


def check_outside(path: str | os.PathLike[str], limits: Limits = WORKBOOK) -> None:
    """Size and first bytes only, cheap enough for the web process; UploadRefused when it cannot be a workbook."""
    size = os.stat(path).st_size
    if size == 0:
        raise UploadRefused(["没有可导入的数据：文件是空的"])
    if size > limits.file:
        raise UploadRefused([f"文件过大（上限 {limits.file // MEGABYTE} MB）"])
    with open(path, "rb") as file:
        content = file.read(limits.file)
    if content.startswith(_OLE_HEADER):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UploadRefused(["文件有打开密码，请取消后再传"])
        raise UploadRefused(["不是 .xlsx 文件（可能是 .xls 或 .et），请另存为 .xlsx 后再传"])
    if not content.startswith(_ZIP_HEADER):
        raise UploadRefused(["不是 .xlsx 文件，请另存为 .xlsx（填报用下载的模板）后再传"])


def check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the archive's own directory admits to, before a byte is inflated."""
    if len(entries) > MAX_ENTRIES:
        raise UploadRefused([f"文件结构异常：内含文件过多（上限 {MAX_ENTRIES} 个）"])
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) < len(names) or any(_is_odd(entry) for entry in entries):
        raise UploadRefused([BROKEN])
    too_large = f"文件解压后过大（上限 {limits.unpacked // MEGABYTE} MB）"
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise UploadRefused([too_large])
    for entry in entries:
        if entry.file_size > MEGABYTE and entry.file_size > MAX_RATIO * entry.compress_size:
            raise UploadRefused([too_large])
    refuse_active_parts(names)


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    climbs = ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name
    return climbs or bool(entry.flag_bits & _ENCRYPTED) or entry.compress_type not in _PLAIN_METHODS


def _walk_package(archive: zipfile.ZipFile, limits: Limits) -> RawWorkbook:
    budget = Budget(limits.unpacked)
    package = Package(archive, budget)
    main = package.workbook_name()
    relations = package.relations(main)
    book = WorkbookPart()
    package.walk(main, book)
    parts = {relation.kind: relation.target for relation in relations.values()}
    styles, strings = Styles(), SharedStrings()
    if "styles" in parts:
        package.walk(parts["styles"], styles, needed=False)
    if "sharedStrings" in parts:
        package.walk(parts["sharedStrings"], strings)
    text_total = 0
    sheets: list[RawSheet] = []
    for sheet, identifier in book.sheets:
        relation = relations.get(identifier)
        if relation is None:
            raise UploadRefused([BROKEN])
        if relation.kind != "worksheet":
            continue  # a chart sheet holds no cells
        walk = Worksheet(sheet, strings.texts, styles.formats, limits)
        package.walk(relation.target, walk)
        text_total += walk.text_total
        if text_total > limits.characters:
            raise UploadRefused([f"单元格文字过长（上限 {MAX_TEXT} 字）"])
        sheets.append(sheet)
    _check_the_rest(archive, package, budget)
    return RawWorkbook(sheets)


def _check_the_rest(archive: zipfile.ZipFile, package: Package, budget: Budget) -> None:
    """Parts nobody reads are still counted, and their XML still may hold no DOCTYPE and no forbidden relation."""
    for name, entry in list(package.unread.items()):
        if name.endswith(".rels"):
            package.relations(name.replace("_rels/", "", 1).removesuffix(".rels"))
            package.unread.pop(name, None)
        elif name.lower().endswith((".xml", ".vml")):
            Walk().run(archive, entry, budget)
        else:
            drain(archive, entry, budget)
