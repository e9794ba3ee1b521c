"""Numbers marked inside a finished sentence: what each one is, between characters no text has (private use).

A sentence is written once, for pages as it reads and for documents with its numbers marked, so that both say the same;
a document then takes the marks off and gives each number its key (reports/proof/keys.py).
"""

from __future__ import annotations

from collections.abc import Iterator

OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"


def mark(what: str, text: str) -> str:
    """The number `text`, marked as what it is ('value', 'target')."""
    return f"{OPEN}{what}{MIDDLE}{text}{CLOSE}"


def pieces(sentence: str) -> Iterator[tuple[str, str]]:
    """(what, text) piece by piece; plain text has no `what`."""
    plain, *marked = sentence.split(OPEN)
    if plain:
        yield "", plain
    for piece in marked:
        what, _, rest = piece.partition(MIDDLE)
        number, _, after = rest.partition(CLOSE)
        yield what, number
        if after:
            yield "", after


def unmarked(sentence: str) -> str:
    """The sentence as it reads."""
    return "".join(text for _what, text in pieces(sentence))
