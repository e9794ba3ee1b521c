"""July 2017, the month being entered on 2017-08-09: which form of which town stands where, and what is missing.

It was due on Monday 7 August: most came in on the Friday before, some the day after, the rest has not come.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bureau.models import Installation
from indicators.entry import workflow
from indicators.models import Submission
from reports.demonstration.cells import Cell, whole
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

# A job fair in 秦山街道: figures out of their usual range, with what the clerk says of them.
FAIR = "7月22日核电园区招聘会集中签约89人，名单已核对。"
UNUSUAL: dict[tuple[str, str, str], tuple[Cell, str]] = {
    ("330424004", "D01", ""): (whole(148), FAIR),
    ("330424004", "D03", ""): (whole(96), "招聘会签约的以外省务工人员为主。"),
}

DRAFTED = 3, 5  # a draft holds the first three fifths of its cells


def enter(entering: Entering, month: int, sheets: Sheets) -> None:
    """Bring each form of the month to its state, on the business date on which it came; that date is left behind."""
    unusual = [replace(entering.change(key, cell), note=note) for key, (cell, note) in UNUSUAL.items()]
    planted = {change.cell: change for change in unusual}
    sheets = {at: [planted.get(change.cell, change) for change in changes] for at, changes in sheets.items()}
    for day, late in ((IN_TIME, False), (LATE, True)):
        Installation.objects.update(business_date=day)
        coming = {at: state for at, state in STATES.items() if (at in CAME_LATE) == late}
        handed_in = entering.hand_in(month, {at: sheets[at] for at, state in coming.items() if state != State.DRAFT})
        for (form, place), state in coming.items():
            if state == State.DRAFT:
                changes = sheets[form, place]
                entering.save(form, place, month, changes[: len(changes) * DRAFTED[0] // DRAFTED[1]])
                continue
            submission = handed_in[form, place]
            if state == State.RETURNED:
                workflow.return_(submission, by=entering.reviewer(form), reason=RETURNED_FOR)
            elif state == State.APPROVED:
                entering.approve([(form, submission)])
