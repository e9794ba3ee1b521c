"""Handing a sheet in (提交): a draft may break the hard balance rules, a submission may not; decided under the lock."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from bureau.installation import lock_county
from bureau.models import User
from indicators.entry import sheets, workflow
from indicators.entry.checks import check
from indicators.models import Submission


@transaction.atomic
def hand_in(submission: Submission, *, by: User) -> Submission:
    """Submit for review; workflow.Refused while the sheet, as it stands now, breaks a hard rule."""
    lock_county(submission.place.home)
    sheet, _names = sheets.build(submission.form, submission.place, submission.month)
    broken = [problem for problem in check(sheet, sheet.values) if problem.severity == "hard"]
    if broken:
        raise workflow.Refused(_("还有 %(n)d 处须改的错误，不能提交。") % {"n": len(broken)})
    return workflow.submit(submission, by=by)
