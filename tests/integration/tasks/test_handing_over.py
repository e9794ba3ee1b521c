"""When an officer hands over, his tasks pass to a colleague of the section; what he wrote stays his."""

from __future__ import annotations

from datetime import date

import pytest

from bureau import clock
from bureau.models import AuditEvent, Grant
from bureau.people import handover
from tasks import officers, progress
from tasks.rules import Refused
from tests.integration.factories import person
from tests.integration.tasks.workplace import DECEMBER, completed, handed_in, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(place):
    """The writer answers for both, and has a report open."""
    for work in (place.task, place.project):
        officers.set_officer(work, place.writer, by=place.reviewer)
    written(place, place.task, DECEMBER, 30)
    return place


def pass_on(place, receiver) -> dict:
    paper = handover.start(by=place.writer, giver=place.writer, receiver=receiver, on=clock.real_day(), grants=[])
    return handover.sign(paper, by=receiver).passed


def officers_of(place) -> list:
    place.task.refresh_from_db()
    place.project.refresh_from_db()
    return [place.task.officer, place.project.officer]


def test_the_page_of_a_handover_lists_what_he_holds(officer):
    told = dict(handover.belongings(officer.writer))
    assert told["负责的任务和项目"] == ["T01 城乡就业政策统一", "P05 农村物流企业"]
    assert told["未办完的进度月报"] == ["2016年12月 T01（草稿）"]


def test_a_colleague_of_the_section_takes_over(officer):
    passed = pass_on(officer, officer.helper)
    assert (passed["officers"], passed["reports"]) == (2, 1)
    assert officers_of(officer) == [officer.helper, officer.helper]
    last = AuditEvent.objects.filter(act="task.officer").order_by("-sequence").first()
    assert last.detail == {"officer": ["writer", "helper"]}


def test_what_is_completed_stays_with_who_did_it(officer):
    completed(officer, DECEMBER, date(2016, 12, 20))
    pass_on(officer, officer.helper)
    assert officers_of(officer) == [officer.helper, officer.writer]


def test_somebody_of_another_section_does_not_answer_for_its_tasks(officer):
    assert pass_on(officer, officer.supporter)["officers"] == 0
    assert officers_of(officer) == [officer.writer, officer.writer]


def test_a_successor_who_reviews_does_not_approve_what_he_took_over_and_handed_in(officer):
    section = officer.sections["jyj"]
    successor = person("successor", (Grant.Role.SECTION_CLERK, section), (Grant.Role.REVIEWER, section))
    pass_on(officer, successor)
    report = progress.submit(officer.task.reports.get(), by=successor)
    with pytest.raises(Refused, match="不能审核自己填报的月报"):
        progress.approve(report, by=successor)


def test_a_predecessors_report_is_approved_by_who_wrote_nothing_in_it(officer):
    pass_on(officer, officer.helper)
    report = handed_in(officer, officer.project, DECEMBER, 10)
    assert progress.approve(report, by=officer.reviewer).state == "approved"
