"""A refused file as its owner gets it back: every bad cell marked, the reason beside it, the problems listed first.

Made only of files that the scan let through. A workbook is rewritten by a child process under hard limits, as it was
read by one; whatever that child cannot rewrite comes back as the list alone. No formula is in what goes out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from bureau.exports import unguarded, write_csv, xml_text
from indicators.entry.datapages import PROBLEMS_SHEET
from indicators.entry.layout import Problem
from indicators.entry.longform import csv_rows
from indicators.entry.parse import UNCOMPUTED

TIMEOUT = 20
MEMORY = 1024 * 1024 * 1024
_WORDS = {"hard": "须改", "soft": "请核实", "info": "提示"}
_ROOT = Path(__file__).resolve().parents[2]
_START = """
import sys
sys.path.insert(0, sys.argv[1])
from indicators.entry.marking_child import main
main(*sys.argv[2:])
"""


def can_be(problems: Iterable[Problem]) -> bool:
    """Is there a place to mark? A file refused whole was not read, or is not what it was taken for."""
    return any(problem.row or problem.sheet for problem in problems)


def is_book(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def name_of(name: str, path: Path) -> str:
    """'五月（标错）.xlsx' of '五月.xlsx'."""
    return f"{PurePath(name).stem or PROBLEMS_SHEET}（标错）{'.xlsx' if is_book(path) else '.csv'}"


def book(path: Path, problems: Sequence[Problem]) -> bytes:
    """The workbook with its bad cells filled and commented, and the list of problems as its first sheet."""
    marks = [
        {
            "severity": problem.severity,
            "sheet": problem.sheet,
            "row": problem.row,
            "column": problem.column,
            "uncomputed": problem.rule == UNCOMPUTED,
            "rule": xml_text(problem.rule),
            "fix": xml_text(problem.fix),
            "texts": [xml_text(text) for text in _texts(problem)],
        }
        for problem in problems
    ]
    return _made(marks, path) or _made(marks, None) or b""


def _texts(problem: Problem) -> tuple[str, ...]:
    """The line of the list, but for its link."""
    item = f"{problem.item} {problem.item_name}".strip()
    return (_WORDS[problem.severity], problem.sheet, problem.area_name, item, problem.value, problem.rule, problem.fix)


def _made(marks: list[dict], path: Path | None) -> bytes:
    """What the child makes of the workbook, or of the list alone; empty where it gives up."""
    with tempfile.TemporaryDirectory(prefix="marked-") as folder:
        command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(_ROOT), str(path or ""), str(MEMORY)]
        try:
            child = subprocess.run(
                [*command, str(TIMEOUT)],
                cwd=_ROOT,
                env={"TMPDIR": folder},
                input=json.dumps(marks).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return b""
        return child.stdout if child.returncode == 0 else b""


def csv(content: bytes, problems: Iterable[Problem]) -> bytes:
    """The text file with what is wrong with each row before it; a column of an earlier copy makes room."""
    told: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        told[problem.row].append("，".join(filter(None, (problem.value, problem.rule, problem.fix))))
    rows = [(number, [unguarded(cell.text) for cell in cells]) for number, cells in csv_rows(content)]
    head = next((number for number, texts in rows if any(text.strip() for text in texts)), 0)
    again = any(number == head and texts[0].strip() == PROBLEMS_SHEET for number, texts in rows)
    lines = []
    for number, texts in rows:
        what = PROBLEMS_SHEET if number == head else "；".join(told[number])
        lines.append([what, *(texts[1:] if again else texts)])
    return write_csv(lines)
