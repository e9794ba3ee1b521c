"""What a clerk does with a whole sheet: save it as a draft, hand it in (提交); decided under the county's lock.

A draft may break the hard balance rules, a submission may not; cells left 未填 have to be said so.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bureau.installation import lock_county
from bureau.models import Area, User
from indicators.entry import sheets, workflow
from indicators.entry.checks import check, missing_cells
from indicators.models import ReportingForm, Submission


@transaction.atomic
def save_sheet(
    form: ReportingForm, place: Area, month: int, changes: Sequence[workflow.Change], *, by: User, source: str = "grid"
) -> int:
    """Write these cells as a draft, which begins with the first of them; how many changed."""
    if not changes:
        return 0
    lock_county(place.home)
    return workflow.save(workflow.submission_for(form, place, month), changes, by=by, source=source)


@transaction.atomic
def hand_in(submission: Submission, *, by: User, missing_accepted: bool = False) -> Submission:
    """Submit for review.

    workflow.Refused while the sheet, as it stands now, breaks a hard rule, or has cells 未填 that were not accepted.
    """
    lock_county(submission.place.home)
    sheet, _names = sheets.build(submission.form, submission.place, submission.month)
    broken = [problem for problem in check(sheet, sheet.values) if problem.severity == "hard"]
    if broken:
        raise workflow.Refused(_("还有 %(n)d 处须改的错误，不能提交。") % {"n": len(broken)})
    missing = len(missing_cells(sheet, sheet.values))
    if missing and sheet.values and not missing_accepted:
        raise workflow.Refused(_("还有 %(n)d 格未填；确实没有数，勾选“按未填提交”。") % {"n": missing})
    return workflow.submit(submission, by=by)
