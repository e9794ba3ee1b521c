"""Walks over the XML parts of a workbook with expat, one pass each, keeping only the facts the parser needs.

Every walk counts the bytes it really inflates, forbids DOCTYPE and deep nesting, and stops at the first breach.
It is used by the scan only; it neither opens files nor judges figures.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from indicators.entry.limits import LONG_FORM, MEGABYTE, WORKBOOK, Limits
from indicators.entry.rawbook import CellKind, RawCell, RawSheet, UploadRefused, column_letter, split_address

MAX_TEXT = 32_767  # characters in one cell, the format's own limit
MAX_DEPTH = 64
MAX_MERGED = 2_000
CHUNK = 1 << 20  # large, so that one endless token is not rescanned hundreds of times

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # strict
)
SHAPE = f"最多 {WORKBOOK.rows} 行、{WORKBOOK.columns} 列；长表 {LONG_FORM.rows} 行"
BROKEN = "文件结构异常，请用表格软件另存为 .xlsx 后再传"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")
_CELLS = frozenset(f"{space} c" for space in NAMESPACES)
_VALUES = frozenset(f"{space} v" for space in NAMESPACES)
_NO_ROW = "\0"  # ends no address, for XML cannot hold it
_MOST_ROW = 10**7  # what split_address takes
_KINDS: dict[str, CellKind] = {
    "n": "number", "s": "text", "str": "text", "inlineStr": "text", "b": "boolean", "e": "error", "d": "date",
}  # fmt: skip

Attributes = dict[str, str]


class Budget:
    """The bytes that may still be inflated from one upload, whatever its directory declares."""

    def __init__(self, limit: int = WORKBOOK.unpacked) -> None:
        self.limit = self.left = limit

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise UploadRefused([f"文件解压后过大（上限 {self.limit // MEGABYTE} MB）"])


def drain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> None:
    """Inflate a part that is no XML, only to count it and to check its sum."""
    with archive.open(entry) as stream:
        while block := stream.read(CHUNK):
            budget.take(len(block))


class Walk:
    """One pass over one XML part. Subclasses name handlers for elements; the text of an element is opt-in."""

    namespaces: tuple[str, ...] = NAMESPACES

    def __init__(self) -> None:
        self.depth = 0
        self.collected: list[str] | None = None
        self.collected_length = 0
        self.starts = self._by_full_name("start_")
        self.ends = self._by_full_name("end_")

    def _by_full_name(self, prefix: str) -> dict[str, Callable]:
        names = [name for name in dir(self) if name.startswith(prefix)]
        return {f"{space} {name[len(prefix) :]}": getattr(self, name) for space in self.namespaces for name in names}

    def run(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> None:
        """Feed the part through expat; UploadRefused at the first breach, ExpatError for bad XML."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        with archive.open(entry) as stream:
            while block := stream.read(CHUNK):
                budget.take(len(block))
                parser.Parse(block, False)
        parser.Parse(b"", True)

    def collect(self) -> None:
        self.collected, self.collected_length = [], 0

    def collected_text(self) -> str:
        """What was collected since `collect`, with the format's _x000D_ escapes undone."""
        text, self.collected = "".join(self.collected or ()), None
        return _ESCAPED.sub(_unescaped, text) if "_x" in text else text

    def _start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UploadRefused([BROKEN])
        handler = self.starts.get(name)
        if handler:
            handler(attributes)

    def _end(self, name: str) -> None:
        handler = self.ends.get(name)
        if handler:
            handler()
        self.depth -= 1

    def _characters(self, data: str) -> None:
        if self.collected is None:
            return
        self.collected_length += len(data)
        if self.collected_length > MAX_TEXT:
            raise UploadRefused([f"单元格文字过长（上限 {MAX_TEXT} 字）"])
        self.collected.append(data)

    def _doctype(self, *_: object) -> None:
        raise UploadRefused(["文件含不允许的 DOCTYPE 声明"])


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


class SharedStrings(Walk):
    """xl/sharedStrings.xml: the plain text of every entry, phonetic readings left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._phonetic = 0
        self._parts: list[str] = []

    def start_si(self, _: Attributes) -> None:
        self._parts = []

    def start_rPh(self, _: Attributes) -> None:
        self._phonetic += 1

    def end_rPh(self) -> None:
        self._phonetic -= 1

    def start_t(self, _: Attributes) -> None:
        if not self._phonetic:
            self.collect()

    def end_t(self) -> None:
        if not self._phonetic:
            self._parts.append(self.collected_text())

    def end_si(self) -> None:
        text = "".join(self._parts)
        if len(text) > MAX_TEXT:
            raise UploadRefused([f"单元格文字过长（上限 {MAX_TEXT} 字）"])
        self.texts.append(text)


class Styles(Walk):
    """xl/styles.xml: for every cell format whether it shows a percentage or a date."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: list[tuple[bool, bool]] = []
        self._codes: dict[str, str] = {}
        self._in_cell_formats = False

    def start_numFmt(self, attributes: Attributes) -> None:
        self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")

    def start_cellXfs(self, _: Attributes) -> None:
        self._in_cell_formats = True

    def end_cellXfs(self) -> None:
        self._in_cell_formats = False

    def start_xf(self, attributes: Attributes) -> None:
        if self._in_cell_formats:
            self.formats.append(_shows(attributes.get("numFmtId", "0"), self._codes))


_DATE_IDS = frozenset(str(number) for number in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def _shows(format_id: str, codes: dict[str, str]) -> tuple[bool, bool]:
    """(a percentage, a date) for a number format, built in or the file's own."""
    if format_id not in codes:
        return format_id in ("9", "10"), format_id in _DATE_IDS
    code = _QUOTED.sub("", codes[format_id]).lower()
    return "%" in code, "general" not in code and any(letter in code for letter in "ymdhs")


class Worksheet(Walk):
    """One worksheet part: fills a RawSheet with the cells that hold something.

    Cells and their values come by the hundred thousand, so both are handled in `_start` and `_end` themselves.
    """

    def __init__(
        self, sheet: RawSheet, texts: list[str], formats: list[tuple[bool, bool]], limits: Limits = WORKBOOK
    ) -> None:
        super().__init__()
        self.sheet, self._texts, self._limits = sheet, texts, limits
        self.text_total = 0
        self._row = self._column = self._phonetic = 0
        self._row_text, self._numbered_row = _NO_ROW, 0  # the row's own number as it is spelled, and as it is
        self._in_data = self._in_cell = self._formula = False
        self._attributes: Attributes = {}
        self._value: str | None = None
        self._inline: list[str] = []
        self._columns: dict[str, int] = {}  # by letters, of the addresses met so far
        self._formats = {str(index): shows for index, shows in enumerate(formats)}

    def _start(self, name: str, attributes: Attributes) -> None:
        self.depth = depth = self.depth + 1
        if depth == 4 and self._in_data and name in _CELLS:
            address = attributes.get("r")
            if address is None:
                self._column += 1
            else:
                column = self._columns.get(address.removesuffix(self._row_text))
                if column is not None and address.endswith(self._row_text):
                    self._row, self._column = self._numbered_row, column
                else:
                    self._row, self._column = self._placed(address)
            self._in_cell, self._formula = True, False
            self._attributes, self._value, self._inline = attributes, None, []
        elif depth == 5 and self._in_cell and name in _VALUES:
            self.collected, self.collected_length = [], 0
        elif depth > MAX_DEPTH:
            raise UploadRefused([BROKEN])
        elif handler := self.starts.get(name):
            handler(attributes)

    def _end(self, name: str) -> None:
        depth, self.depth = self.depth, self.depth - 1
        if depth == 5 and self._in_cell and name in _VALUES:
            self._value = self.collected_text()
        elif depth == 4 and self._in_cell and name in _CELLS:
            self._in_cell = False
            if self._value is not None or self._inline or self._formula:
                self._keep()
            elif self._attributes.get("t", "n") not in _KINDS:
                raise UploadRefused([BROKEN])
        elif handler := self.ends.get(name):
            handler()

    def start_sheetData(self, _: Attributes) -> None:
        self._in_data = self.depth == 2

    def end_sheetData(self) -> None:
        self._in_data = False

    def start_col(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE or attributes.get("width") == "0":
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(self.sheet.hidden_columns) < self._limits.columns:
                self.sheet.hidden_columns.append((int(first[:6]), int(last[:6])))

    def start_mergeCell(self, attributes: Attributes) -> None:
        if len(self.sheet.merged) >= MAX_MERGED:
            raise UploadRefused(["合并单元格过多，请取消合并后再传"])
        self.sheet.merged.append(attributes.get("ref", "")[:40])

    def start_row(self, attributes: Attributes) -> None:
        if not (self._in_data and self.depth == 3):
            return
        number = attributes.get("r")
        self._row = _whole(number) if number is not None else self._row + 1
        self._column = 0
        self._numbered_row = self._row
        self._row_text = str(self._row) if 0 < self._row < _MOST_ROW else _NO_ROW
        if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
            self.sheet.hidden_rows.add(self._row)

    def _placed(self, address: str) -> tuple[int, int]:
        """(row, column) of an address read in full; its letters are known from then on."""
        place = split_address(address)
        if place is None:
            raise UploadRefused([f"单元格地址 {address[:12]} 超出允许范围（{SHAPE}）"])
        self._columns[address.rstrip("0123456789")] = place[1]
        return place

    def start_f(self, _: Attributes) -> None:
        self._formula = self._formula or self._in_cell

    def start_rPh(self, _: Attributes) -> None:
        self._phonetic += 1

    def end_rPh(self) -> None:
        self._phonetic -= 1

    def start_t(self, _: Attributes) -> None:
        if self._in_cell and not self._phonetic:
            self.collect()

    def end_t(self) -> None:
        if self._in_cell and not self._phonetic:
            self._inline.append(self.collected_text())

    def _keep(self) -> None:
        """Note the cell that has just ended, unless nothing stands in it."""
        kind, text = self._content()
        cached = self._value not in (None, "") or (kind == "text" and self._value is not None)
        if text == "" and (cached or not self._formula):
            return
        self._check_limits(text)
        percent, dated = self._formats.get(self._attributes.get("s", "0")) or self._format()
        cell = RawCell(kind, text, self._formula, cached or not self._formula, percent, dated)
        if self.sheet.cells.setdefault((self._row, self._column), cell) is not cell:
            raise UploadRefused([BROKEN])

    def _content(self) -> tuple[CellKind, str]:
        stored = self._attributes.get("t", "n")
        kind = _KINDS.get(stored)
        if kind is None:
            raise UploadRefused([BROKEN])
        if stored == "inlineStr":
            return kind, "".join(self._inline)
        if stored == "s" and self._value:
            index = _whole(self._value.strip())
            if index >= len(self._texts):
                raise UploadRefused([BROKEN])
            return kind, self._texts[index]
        return kind, self._value or ""

    def _check_limits(self, text: str) -> None:
        limits = self._limits
        if self._row > limits.rows or self._column > limits.columns:
            where = f"第{self._row}行" if self._row > limits.rows else f"{column_letter(self._column)}列"
            raise UploadRefused([f"{where}超出允许范围（{SHAPE}）"])
        self.text_total += len(text)
        if self.text_total > limits.characters or len(text) > MAX_TEXT:
            raise UploadRefused([f"单元格文字过长（上限 {MAX_TEXT} 字）"])
        if len(self.sheet.cells) >= limits.cells:
            raise UploadRefused([f"有内容的单元格过多（上限 {limits.cells} 个）"])

    def _format(self) -> tuple[bool, bool]:
        """What the format shows whose number is spelled in an unusual way, or is no format of this workbook."""
        index = self._attributes.get("s", "0")
        number = int(index) if index.isdecimal() and len(index) < 7 else 0
        return self._formats.get(str(number), (False, False))


def _whole(text: str) -> int:
    """A small whole number of the file's own bookkeeping; anything else means a broken file."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 8:
        raise UploadRefused([BROKEN])
    return int(text)
