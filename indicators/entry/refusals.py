"""How the rules of entry say no: a refusal in the reader's language, a closed sheet, a conflict with somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from indicators.models import Submission

Cell = tuple[int, int, int]  # area id, item id, category id or 0


class Refused(Exception):
    """An act that the rules do not allow; `args[0]` says why, in the reader's language."""


class Conflict(Refused):
    """Somebody else changed cells meanwhile; `cells` holds (area, item, category) → (theirs, state, note, who, when).

    A cell that was emptied meanwhile stands there as five None. `submissions` are those that are not as they were seen.
    """

    def __init__(
        self, message: str, cells: Mapping[Cell, tuple] | None = None, submissions: Sequence[Submission] = ()
    ) -> None:
        super().__init__(message)
        self.cells = dict(cells or {})
        self.submissions = tuple(submissions)


class Closed(Refused):
    """The submission is in a state that no longer allows the act: handed in, returned or approved meanwhile."""


class PeriodClosed(Closed):
    """Entry of the month has ended (停止填报), and no reopening of this sheet is in force."""


def reasoned(reason: str) -> str:
    """The reason of an act that needs one; Refused where it says too little."""
    reason = reason.strip()
    if len(reason) < 5:
        raise Refused(_("请写明理由，至少 5 个字。"))
    return reason
