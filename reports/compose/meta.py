"""What a document carries that no figure says: number, issue, whom it goes to, its day, whether it is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Meta:
    document_number: str = ""
    issue: str = ""
    recipients: str = ""
    copies: tuple[str, ...] = ()
    signed_on: date | None = None
    draft: bool = True
