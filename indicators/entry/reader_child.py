"""The child process that reads one uploaded workbook under hard limits and prints it as JSON lines.

Started by reader.py only, with the standard library alone: PATH KIND MEMORY_BYTES CPU_SECONDS. A refusal is a line too.
Cells go out in columns, by the thousand, each look (kind and flags) once: one list a fact is read back in a stroke.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Iterator

from indicators.entry.limits import KINDS
from indicators.entry.rawbook import RawSheet, UploadRefused
from indicators.entry.scan import scan

CELLS_A_LINE = 5_000
TOO_MUCH = "文件内容过多，无法读取；请用下载的模板填写后再传"


def limit_resources(memory: int, seconds: int) -> None:
    """No more address space, time, written files or core dumps than given, from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lines_of(sheet: RawSheet) -> Iterator[dict]:
    """One line for the sheet itself, then its cells: rows, columns and texts, and for each its place in `looks`."""
    yield {
        "sheet": sheet.name,
        "visibility": sheet.visibility,
        "merged": sheet.merged,
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sheet.hidden_columns,
    }
    places, cells = list(sheet.cells), list(sheet.cells.values())
    for start in range(0, len(cells), CELLS_A_LINE):
        rows, columns = zip(*places[start : start + CELLS_A_LINE], strict=True)
        kinds, texts, *flags = zip(*cells[start : start + CELLS_A_LINE], strict=True)
        looks: dict[tuple, int] = {}
        shown = [looks.setdefault(look, len(looks)) for look in zip(kinds, *flags, strict=True)]
        yield {"rows": rows, "columns": columns, "texts": texts, "shown": shown, "looks": list(looks)}


def main(path: str, kind: str, memory: str, seconds: str) -> None:
    limit_resources(int(memory), int(seconds))
    gc.disable()  # it lives for one file, under a limit of memory, and makes no cycles worth looking for
    try:
        book = scan(path, KINDS[kind])
    except UploadRefused as refusal:
        _print({"refused": refusal.reasons})
        return
    except MemoryError:
        _print({"refused": [TOO_MUCH]})
        return
    for sheet in book.sheets:
        for line in lines_of(sheet):
            _print(line)
    _print({"end": len(book.sheets)})


def _print(line: dict) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
