"""A place that is not on the sheet in its month hands in nothing: closed, moved to another town, or not there yet."""

import pytest

from bureau.models import AreaSpan
from indicators.entry import workflow
from indicators.entry.handing_in import hand_in
from indicators.models import Submission
from tests.integration.factories import E1, EAST, START, W2, WEST, fill

pytestmark = pytest.mark.django_db


def refused(tiny, draft) -> str:
    with pytest.raises(workflow.Refused) as told:
        hand_in(draft, by=tiny.clerk, missing_accepted=True)
    draft.refresh_from_db()
    assert draft.state == Submission.State.DRAFT
    return str(told.value)


def test_figures_of_a_village_closed_meanwhile_are_not_handed_in(tiny):
    draft = fill(tiny, "village", EAST, START + 1, {(E1, "D22"): 10, (W2, "D22"): 10})
    AreaSpan.objects.filter(area=tiny.areas[E1]).update(to_month=START)
    assert refused(tiny, draft).startswith("201在 2015年2月不在这张表上")


def test_nor_are_those_of_one_that_belongs_to_another_town_in_the_month(tiny):
    draft = fill(tiny, "village", WEST, START + 1, {(W2, "D22"): 10})
    assert "202在 2015年2月不在这张表上" in refused(tiny, draft)


def test_nor_is_the_sheet_of_a_town_that_is_not_there_in_the_month(tiny):
    draft = fill(tiny, "town", WEST, START + 1, {(WEST, "D01"): 10})
    AreaSpan.objects.filter(area=tiny.areas[WEST]).update(from_month=START + 2)
    assert refused(tiny, draft) == "102在 2015年2月不是有效的填报单位，不能提交。"
