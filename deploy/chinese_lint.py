"""Finds Chinese text that no reader of English could be given: literals outside gettext in code, templates, scripts.

`make lint` runs it. Docstrings and comments are free; ALLOWED names what is Chinese on purpose, and why.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("bureau", "indicators", "tasks", "reports", "haiyan_pilot")
CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
GETTEXT = {
    "_",
    "N_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "_now",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}

# Path, or folder ending in a slash: why what stands there is Chinese for everyone.
ALLOWED: Mapping[str, str] = {
    "reports/documents/": "documents and their sentences are Chinese only",
    "reports/annex/": "sheets of the data annex, a document",
    "reports/printing/": "prints documents, which are Chinese only",
    "reports/assemble.py": "fills the documents",
    "reports/slip_document.py": "fills the Word form of a slip, which is Chinese only",
    "reports/demonstration/": "invented people, units and reasons of a Chinese county",
    "indicators/plandata/": "speaks about the plan's files, whose keys and texts are Chinese",
    "indicators/loading/": "writes the plan's own texts into the database",
    "indicators/analysis/sentences.py": "computed sentences of documents are Chinese only",
    "indicators/analysis/group_sentences.py": "computed sentences of documents are Chinese only",
    "reports/compose/": "composes documents, which are Chinese only",
    "reports/proof/": "the proof of a document is Chinese only",
    "indicators/api/": "names the columns of the API's tables, which are Chinese for every reader",
    "haiyan_pilot/api.py": "describes the API, which answers in Chinese whoever asks",
    "indicators/entry/template.py": "the workbook is a Chinese document",
    "indicators/entry/parse.py": "answers a Chinese workbook, cell by cell, in its language",
    "indicators/entry/numbers.py": "the grammar of Chinese figures: 暂估, 不适用, 万",
    "indicators/entry/books.py": "answers a Chinese workbook, sheet by sheet",
    "indicators/entry/datapages.py": "answers a Chinese workbook",
    "indicators/entry/marked.py": "writes what is wrong into a Chinese workbook",
    "indicators/entry/marking_child.py": "writes what is wrong into a Chinese workbook; runs without Django",
    "indicators/entry/layout.py": "names rows and columns of the workbook",
    "indicators/entry/identity.py": "answers a Chinese workbook",
    "indicators/entry/longform.py": "the long form is a Chinese table",
    "indicators/entry/subsidy_cases.py": "names the headings of a Chinese table",
    "indicators/subsidy_book.py": "the workbook is a Chinese document",
    "indicators/entry/judging.py": "answers a Chinese table, row by row, in its language",
    "indicators/entry/oldfiles/": "reads and answers Chinese workbooks, cell by cell, in their language",
    "indicators/entry/packageparts.py": "answers a Chinese workbook",
    "indicators/entry/reader.py": "answers a Chinese workbook",
    "indicators/entry/reader_child.py": "answers a Chinese workbook; runs without Django",
    "indicators/entry/scan.py": "answers a Chinese workbook",
    "indicators/entry/sheetxml.py": "answers a Chinese workbook",
    "indicators/entry/grid.py": "the grammar of Chinese figures, as it is typed into a cell",
    "indicators/entry/plausibility.py": "sentences computed from the Chinese names of items",
    "indicators/entry/relations.py": "tells the authors of rules what is wrong; short names of items",
    "indicators/entry/notes.py": "the mark of a note, as it stands in the cell for every reader",
    "indicators/entry/soft.py": "sentences computed from the Chinese names of items, in workbook and sheet alike",
    "static/js/entry/grammar.js": "the grammar of Chinese figures, as it is typed into a cell",
    "indicators/entry/checks.py": "sentences computed from the Chinese names of items, in workbook and sheet alike",
    "reports/management/commands/": "read by whoever runs the command",
    "bureau/holidays.py": "the grammar of the calendar's CSV, and names of days as the law has them",
    "bureau/checks.py": "names a law to whoever installs the program",
    "bureau/people/guessable.py": "words that make a password easy to guess",
    "bureau/people/passwords.py": "words that make a password easy to guess",
    "indicators/management/commands/": "read by whoever runs the command",
    "tasks/slips/number.py": "the number of a paper, as it stands there for every reader",
    "tasks/management/commands/": "read by whoever runs the command",
    "tasks/slips/raised_texts.py": "the words of official slips are Chinese whoever raises them",
    "indicators/analysis/formula.py": "knows no Django; tells the authors of formulas what is wrong",
    "indicators/analysis/panel.py": "knows no Django; tells the authors of formulas what is wrong",
}

_TEMPLATE_FREE = re.compile(
    r"{#.*?#}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\s+(?:\"[^\"]*\"|'[^']*')"
    r"|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.S,
)
_SCRIPT_FREE = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)


def in_code(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of each literal of a module that no gettext call holds and that is no docstring."""
    tree = ast.parse(text)
    free: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in GETTEXT:
            free |= {id(below) for below in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            free.add(id(node.value))  # docstrings of modules, classes, functions and fields
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in free:
            continue
        if CHINESE.search(node.value):
            yield node.lineno, node.value


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def in_text(text: str, free: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Line and text of each line that holds Chinese where what is free has been taken out."""
    left = free.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for number, line in enumerate(left.splitlines(), 1):
        if CHINESE.search(line):
            yield number, line.strip()


def findings(root: Path = ROOT) -> Iterator[tuple[str, int, str]]:
    """Path, line and text of everything found, allowed or not."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _at(path, root, in_code(path.read_text(encoding="utf-8")))
    for path in sorted((root / "templates").rglob("*.html")):
        yield from _at(path, root, in_text(path.read_text(encoding="utf-8"), _TEMPLATE_FREE))
    for path in sorted((root / "static" / "js").rglob("*.js")):
        yield from _at(path, root, in_text(path.read_text(encoding="utf-8"), _SCRIPT_FREE))


def _at(path: Path, root: Path, found: Iterator[tuple[int, str]]) -> Iterator[tuple[str, int, str]]:
    for line, text in found:
        yield path.relative_to(root).as_posix(), line, text


def allowed_by(path: str) -> str | None:
    """The entry of ALLOWED that names the path."""
    return next((name for name in ALLOWED if path == name or (name.endswith("/") and path.startswith(name))), None)


def main() -> int:
    used, wrong = set(), []
    for path, line, text in findings():
        entry = allowed_by(path)
        if entry is None:
            wrong.append(f"{path}:{line}: {text[:80]!r} stands outside gettext")
        else:
            used.add(entry)
    wrong += [f"deploy/chinese_lint.py: {name} needs no permission any more" for name in ALLOWED if name not in used]
    print("\n".join(wrong) or "no Chinese outside gettext")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
