"""Reads an uploaded workbook in a limited child process, so that no file can take the web process with it.

The child does scan.py's one pass and hands every cell back as the text the file holds; no float is in the path.
calamine, faster by a quarter of a second on 100,000 cells, would lose error cells, formats and the spelling of numbers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from indicators.entry.limits import KINDS, MEMORY, seconds_for
from indicators.entry.rawbook import RawCell, RawSheet, RawWorkbook, UploadRefused
from indicators.entry.scan import check_outside

UNREADABLE = "文件无法读取，请用下载的模板填写，另存为 .xlsx 后再传"
TOO_SLOW = "文件读取超时，请用下载的模板填写后再传"
PATIENCE = 3  # for others are at work on the machine too
_ROOT = Path(__file__).resolve().parents[2]
_START = """
import sys
root, *arguments = sys.argv[1:]
sys.path.insert(0, root)
sys.modules["bz2"] = sys.modules["lzma"] = None  # zipfile would load them, and the scan refuses what needs them
from indicators.entry.reader_child import main
main(*arguments)
"""


def read_workbook(
    path: str | os.PathLike[str], kind: str = "workbook", *, timeout: int | None = None, memory: int = MEMORY
) -> RawWorkbook:
    """The workbook's facts, or UploadRefused; `kind` names its limits.

    `memory` in bytes of address space, `timeout` in seconds of wall clock; where none is given, some times the
    processor time that the file's size allows.
    OSError when the file is not there. Needs a POSIX system (resource limits).
    """
    check_outside(path, KINDS[kind])
    seconds = seconds_for(os.stat(path).st_size)
    timeout = timeout or PATIENCE * seconds
    # -I takes nothing from the environment or the working directory; -S, since the child needs no third party
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, str(_ROOT)]
    arguments = [str(Path(path).resolve()), kind, str(memory), str(seconds)]
    try:
        child = subprocess.run(
            command + arguments,
            cwd=_ROOT,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UploadRefused([TOO_SLOW]) from error
    if child.returncode != 0:
        raise UploadRefused([UNREADABLE])
    return workbook_of(child.stdout.splitlines())


def workbook_of(lines: Iterable[bytes]) -> RawWorkbook:
    """The workbook that the child's lines tell of; UploadRefused for its refusal or an unfinished tale."""
    book, ended = RawWorkbook(), False
    for text in lines:
        line = json.loads(text)
        if "refused" in line:
            raise UploadRefused(line["refused"])
        if "sheet" in line:
            book.sheets.append(_sheet_of(line))
        if "rows" in line:
            book.sheets[-1].cells.update(_cells_of(line))
        ended = ended or "end" in line
    if not ended:
        raise UploadRefused([UNREADABLE])
    return book


def _sheet_of(line: dict) -> RawSheet:
    columns = [(first, last) for first, last in line["hidden_columns"]]
    return RawSheet(line["sheet"], line["visibility"], {}, line["merged"], set(line["hidden_rows"]), columns)


def _cells_of(line: dict) -> Iterator[tuple[tuple[int, int], RawCell]]:
    """The cells of one line, by place."""
    places = zip(line["rows"], line["columns"], strict=True)
    for place, text, shown in zip(places, line["texts"], line["shown"], strict=True):
        kind, *flags = line["looks"][shown]
        yield place, RawCell(kind, text, *flags)
