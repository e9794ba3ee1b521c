"""A draft may break a balance rule, a submission may not: D03, those from elsewhere, are part of D01."""

from decimal import Decimal

import pytest

from bureau import months
from bureau.models import Area, Grant
from indicators.entry import workflow
from indicators.entry.handing_in import hand_in
from indicators.models import DataItem, ReportingForm, Submission
from tests.integration.factories import person

JUNE = months.parse("2017-06")


def write(submission: Submission, clerk, **values: int) -> None:
    items = {code: DataItem.objects.get(code=code).pk for code in values}
    changes = [workflow.Change(submission.place_id, items[code], 0, Decimal(value)) for code, value in values.items()]
    workflow.save(submission, changes, by=clerk, source="grid")


def test_a_sheet_whose_part_exceeds_its_whole_is_handed_in_only_once_mended(db, real_plan):
    town = Area.objects.get(code="330424102")
    clerk = person("town.clerk", (Grant.Role.TOWN_CLERK, town))
    draft = workflow.submission_for(ReportingForm.objects.get(code="yj01"), town, JUNE)
    write(draft, clerk, D01=5, D03=9)

    with pytest.raises(workflow.Refused, match="还有 1 处须改的错误"):
        hand_in(draft, by=clerk, missing_accepted=True)
    draft.refresh_from_db()
    assert draft.state == Submission.State.DRAFT

    write(draft, clerk, D03=5)
    with pytest.raises(workflow.Refused, match="还有 21 格未填"):
        hand_in(draft, by=clerk)
    assert hand_in(draft, by=clerk, missing_accepted=True).state == Submission.State.SUBMITTED
