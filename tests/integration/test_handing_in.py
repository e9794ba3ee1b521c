"""A draft may break a balance rule, a submission may not: D03, those from elsewhere, are part of D01."""

from decimal import Decimal

import pytest

from bureau import months
from bureau.models import Area, Grant
from indicators.entry import workflow
from indicators.entry.handing_in import hand_in, hand_in_all
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


def test_of_several_sheets_the_bad_one_is_named_and_none_is_handed_in(db, real_plan):
    towns = list(Area.objects.filter(code__in=["330424101", "330424102"]).order_by("code"))
    form = ReportingForm.objects.get(code="yj01")
    drafts = [workflow.submission_for(form, town, JUNE) for town in towns]
    clerk = person("towns.clerk", *((Grant.Role.TOWN_CLERK, town) for town in towns))
    write(drafts[0], clerk, D01=5, D03=2)
    write(drafts[1], clerk, D01=5, D03=9)

    with pytest.raises(workflow.Refused, match=r"^盐均01 百步镇 2017年6月：还有 1 处须改的错误"):
        hand_in_all(drafts, by=clerk, missing_accepted=True)
    assert set(Submission.objects.values_list("state", flat=True)) == {"draft"}

    write(drafts[1], clerk, D03=5)
    done = hand_in_all(drafts, by=clerk, missing_accepted=True)
    assert [one.state for one in done] == ["submitted", "submitted"]
