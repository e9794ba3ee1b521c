"""The proof of a document (核数表) and its checking again: here only the figures themselves."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import PublishedMonth
from indicators.presenters import indicator_row
from indicators.queries import ReadAt
from indicators.shown import shown_indicators
from reports.manuscript import Manuscript

__all__ = ["Moved", "ProofRow", "recheck", "rows"]


@dataclass(frozen=True)
class ProofRow:
    """A figure of a document and what it rests on."""

    number: int
    text: str
    key: str


@dataclass(frozen=True)
class Moved:
    """A figure whose live value is another now."""

    row: ProofRow
    new: str
    why: tuple[str, ...] = ()


def rows(manuscript: Manuscript, at: ReadAt) -> list[ProofRow]:
    found = {figure.key: figure.text for figure in manuscript.figures()}
    return [ProofRow(number, text, key) for number, (key, text) in enumerate(found.items(), 1)]


def recheck(proof_rows: list[ProofRow], live: ReadAt, release: PublishedMonth) -> list[Moved]:
    now = {one.indicator.code: indicator_row(one)["value"] for one in shown_indicators(live)}
    return [
        Moved(row, now.get(row.key.partition("/")[0], ""))
        for row in proof_rows
        if now.get(row.key.partition("/")[0], "") != row.text
    ]
