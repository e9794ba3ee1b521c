"""How the number of a supervision slip (督办单) is written: as on the paper, the same for every reader."""

from __future__ import annotations

from tasks.models import Slip

PREFIX = "盐均督"


def number_of(slip: Slip) -> str:
    """'盐均督〔2016〕7 号', as pages, papers and records call it."""
    return f"{PREFIX}〔{slip.year}〕{slip.number} 号"
