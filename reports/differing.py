"""What differs between two editions of a report: their texts letter by letter, and the figures both print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

from reports.manuscript import Block, Manuscript, Written, of_release, same_thing

_CLAUSE = re.compile(r"[^，。；！？\n]*[，。；！？\n]|[^，。；！？\n]+")
Op = Literal["same", "gone", "new"]


class Piece(NamedTuple):
    """A run of letters that both texts have, only the earlier, or only the later one."""

    op: Op
    text: str


class Text(NamedTuple):
    """A part whose text differs."""

    part: str
    label: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.op != "new")

    @property
    def after(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.op != "gone")


class Number(NamedTuple):
    """A figure that both or one of them print: what each prints, empty where it does not."""

    key: str
    before: str
    after: str


def texts(before: Manuscript, after: Manuscript) -> list[Text]:
    """The parts whose texts differ, in the order of the later edition, those it no longer has last."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        pieces = differing(_text(was), _text(now))
        if any(piece.op != "same" for piece in pieces):
            label = (now or was).label if now or was else key
            found.append(Text(key, label, pieces))
    return found


def differing(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one row of pieces: clause by clause, and within what was put otherwise letter by letter.

    Chinese has no blanks between words, so letters are compared.
    """
    found: list[Piece] = []
    for was, now in _steps(_CLAUSE.findall(before), _CLAUSE.findall(after)):
        if was == now:
            found.append(Piece("same", "".join(was)))
            continue
        for old, new in _steps("".join(was), "".join(now)):
            found += [Piece("same", old)] if old == new else [Piece("gone", old), Piece("new", new)]
    return tuple(piece for piece in found if piece.text)


def _steps(before: Any, after: Any) -> Iterator[tuple[Any, Any]]:
    """The stretches both have in common, and what stands in each where they differ."""
    for _op, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield before[first:last], after[start:end]


def numbers(before: Manuscript, after: Manuscript) -> list[Number]:
    """The figures that are printed otherwise, or by one of them only."""
    old, new = _figures(before), _figures(after)
    keys = [*new, *(key for key in old if key not in new)]
    return [Number(key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")]


def _figures(manuscript: Manuscript) -> dict[str, str]:
    """Key → what is printed; without what a release says of itself, which is another on every release."""
    return {same_thing(one.key): one.text for one in manuscript.figures() if not of_release(one.key)}


def _parts(manuscript: Manuscript) -> Iterator[tuple[str, Written]]:
    blocks: list[Block] = [*manuscript.blocks]
    for attachment in manuscript.attachments:
        blocks += attachment.blocks
    yield from ((one.part, one) for one in blocks if isinstance(one, Written))


def _text(written: Written | None) -> str:
    return "\n".join(written.paragraphs) if written else ""
