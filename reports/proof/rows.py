"""The 核数表: here only the figures themselves."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.queries import ReadAt
from reports.manuscript import Manuscript


@dataclass(frozen=True)
class ProofRow:
    """A figure of a document and what it rests on."""

    number: int
    text: str
    key: str
    subject: str
    name: str
    what: str
    period: str
    reading: str = ""
    formula: str = ""
    numerator: str = ""
    denominator: str = ""
    coverage: str = ""
    approvals: str = ""
    places: tuple[str, ...] = ()


def rows(manuscript: Manuscript, at: ReadAt) -> list[ProofRow]:
    found = {figure.key: figure.text for figure in manuscript.figures()}
    return [
        ProofRow(number, text, key, key.split("/")[0], "", key.split("/")[-1], key.split("/")[3])
        for number, (key, text) in enumerate(found.items(), 1)
    ]
