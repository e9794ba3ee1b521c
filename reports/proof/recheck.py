"""重新核对: here only whether the values of indicators are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import PublishedMonth
from indicators.presenters import indicator_row
from indicators.queries import ReadAt
from indicators.shown import shown_indicators
from reports.proof.rows import ProofRow


@dataclass(frozen=True)
class Moved:
    """A figure whose live value is another now."""

    row: ProofRow
    new: str
    why: tuple[str, ...] = ()


def recheck(proof_rows: Sequence[ProofRow], live: ReadAt, release: PublishedMonth) -> list[Moved]:
    now = {one.indicator.code: indicator_row(one)["value"] for one in shown_indicators(live)}
    return [Moved(row, now.get(row.subject, "")) for row in proof_rows if now.get(row.subject, "") != row.text]
