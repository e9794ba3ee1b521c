"""July 2017, the month being entered on 2017-08-09: which form of which town stands where, and what is missing."""

from __future__ import annotations

from indicators.entry import workflow
from indicators.models import Submission
from reports.demonstration.entering import Entering, Sheets

State = Submission.State
RETURNED_FOR = "期末登记失业人数与台账不符，请核对本月新登记失业人数后重报。"

# By form and town; what is not here has not been begun.
STATES: dict[tuple[str, str], str] = {
    ("yj01", "330424001"): State.DRAFT,
    ("yj01", "330424002"): State.SUBMITTED,
    ("yj01", "330424003"): State.SUBMITTED,
    ("yj01", "330424004"): State.SUBMITTED,
    ("yj01", "330424101"): State.DRAFT,
    ("yj01", "330424102"): State.RETURNED,
    ("yj01", "330424103"): State.APPROVED,
    ("yj02", "330424001"): State.DRAFT,
    ("yj02", "330424002"): State.SUBMITTED,
    ("yj02", "330424003"): State.SUBMITTED,
    ("yj02", "330424102"): State.SUBMITTED,
    ("yj02", "330424103"): State.DRAFT,
    ("yj03", "330424001"): State.SUBMITTED,
    ("yj03", "330424004"): State.SUBMITTED,
    ("yj03", "330424103"): State.SUBMITTED,
    ("yj04", "330424002"): State.SUBMITTED,
    ("yj04", "330424101"): State.DRAFT,
    ("yj04", "330424103"): State.SUBMITTED,
    ("yj05", "330424"): State.DRAFT,
    ("yj06", "330424002"): State.SUBMITTED,
    ("yj06", "330424103"): State.SUBMITTED,
    ("yj07", "330424"): State.SUBMITTED,
}


DRAFTED = 3, 5  # a draft holds the first three fifths of its cells


def enter(entering: Entering, month: int, sheets: Sheets) -> None:
    """Bring each form of the month to its state."""
    for (form, place), state in STATES.items():
        changes = sheets[form, place]
        if state == State.DRAFT:
            entering.save(form, place, month, changes[: len(changes) * DRAFTED[0] // DRAFTED[1]])
            continue
        submission = entering.hand_in(form, place, month, changes)
        if state == State.RETURNED:
            workflow.return_(submission, by=entering.reviewer(form), reason=RETURNED_FOR)
        elif state == State.APPROVED:
            entering.approve([(form, submission)])
