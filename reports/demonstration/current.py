"""July 2017, the month being entered on 2017-08-09: which form of which town stands where, and what is missing.

It was due on Monday 7 August: most came in on the Friday before, some the day after, the rest has not come.
"""

from __future__ import annotations

from datetime import date

from bureau.models import Installation
from indicators.entry import workflow
from indicators.entry.workflow import Change
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


IN_TIME, LATE = date(2017, 8, 4), date(2017, 8, 8)
CAME_LATE = {("yj01", "330424004"), ("yj02", "330424102"), ("yj03", "330424004"), ("yj06", "330424002")}
DRAFTED = 3, 5  # a draft holds the first three fifths of its cells


def enter(entering: Entering, month: int, sheets: Sheets) -> None:
    """Bring each form of the month to its state, on the business date on which it came; that date is left behind."""
    for day, late in ((IN_TIME, False), (LATE, True)):
        Installation.objects.update(business_date=day)
        for (form, place), state in STATES.items():
            if ((form, place) in CAME_LATE) == late:
                _enter(entering, form, place, month, state, sheets[form, place])


def _enter(entering: Entering, form: str, place: str, month: int, state: str, changes: list[Change]) -> None:
    if state == State.DRAFT:
        entering.save(form, place, month, changes[: len(changes) * DRAFTED[0] // DRAFTED[1]])
        return
    submission = entering.hand_in(form, place, month, changes)
    if state == State.RETURNED:
        workflow.return_(submission, by=entering.reviewer(form), reason=RETURNED_FOR)
    elif state == State.APPROVED:
        entering.approve([(form, submission)])
