"""Works, phases and papers as of a release: whatever was set to another day since, the day of then is told.

T01 runs from 2016-01-01 to 2017-12-31; its nodes are due 2016-12-31 and 2017-12-31; today is 2017-02-03. Its phase runs
to 2016-12-31 and has one paper.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bureau import amend, audit, clock
from tasks import as_released, evidence, extending, moving, papers, phases
from tasks.as_released import Moment
from tasks.models import Extension, Milestone, Phase, Slip, Task
from tasks.slips import supervision
from tests.integration.tasks.files import PDF
from tests.integration.tasks.workplace import JANUARY, approved

pytestmark = pytest.mark.django_db
TODAY, WHY = date(2017, 2, 3), "征地手续没有办完"


def now() -> Moment:
    """What was known by this moment."""
    return Moment(JANUARY, TODAY, clock.now())


def work(moment: Moment, code: str = "T01") -> dict:
    return next(row for row in as_released.works(moment) if row["code"] == code)


def days(moment: Moment) -> dict[str, date]:
    return {node["code"]: node["due_on"] for node in work(moment)["nodes"]}


def set_by_hand(place, row, **values) -> None:
    """As the settings pages do it."""
    before = amend.facts(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    amend.settle(amend.Amendment(row, "change", before, amend.facts(row), place.office, WHY))


def extended(place, to: date) -> None:
    extending.decide(extending.ask(place.task, to=to, reason=WHY, by=place.writer), granted=True, by=place.reviewer)


def test_a_day_set_by_hand_later_is_told_as_it_was(place):
    then = now()
    set_by_hand(place, Task.objects.get(), starts_on=date(2016, 3, 1), due_on=date(2017, 1, 31))
    set_by_hand(place, Task.objects.get(), due_on=date(2018, 6, 30))
    row = work(then)
    assert (row["starts_on"], row["due_on"]) == (date(2016, 1, 1), date(2017, 12, 31))
    live = work(Moment(JANUARY, TODAY))
    assert (live["starts_on"], live["due_on"]) == (date(2016, 3, 1), date(2018, 6, 30))


def test_of_days_granted_and_days_set_the_first_change_counts(place):
    start = now()
    extended(place, date(2018, 3, 31))
    between = now()
    set_by_hand(place, Task.objects.get(), due_on=date(2018, 5, 31))
    after = now()
    found = [work(one) for one in (start, between, after)]
    assert [row["due_on"] for row in found] == [date(2017, 12, 31), date(2018, 3, 31), date(2018, 5, 31)]
    assert [row["first_due"] for row in found] == [None, date(2017, 12, 31), date(2017, 12, 31)]


def test_a_day_set_before_it_was_extended(place):
    start = now()
    set_by_hand(place, Task.objects.get(), due_on=date(2018, 1, 31))
    between = now()
    extended(place, date(2018, 3, 31))
    assert [work(one)["due_on"] for one in (start, between)] == [date(2017, 12, 31), date(2018, 1, 31)]


def test_nodes_moved_and_nodes_the_files_moved(place):
    """The files bring T01-1 to 2017-03-31, a reviewer then moves it to 2017-05-31."""
    start = now()
    Milestone.objects.filter(code="T01-1").update(due_on=date(2017, 3, 31))
    detail = {"changed": 1, "dates": [["tasks.milestone", "T01-1", "due_on", "2016-12-31"]]}
    audit.record("loadplan", by=None, object="haiyan-2016", detail=detail)
    between = now()
    moving.move(Milestone.objects.get(code="T01-1"), to=date(2017, 5, 31), reason=WHY, by=place.reviewer)
    found = [days(one)["T01-1"] for one in (start, between, now())]
    assert found == [date(2016, 12, 31), date(2017, 3, 31), date(2017, 5, 31)]
    assert start.then.untold is None


def test_files_loaded_without_a_record_of_what_changed_are_told(place):
    start = now()
    audit.record("loadplan", by=None, object="haiyan-2016", detail={"added": 3})
    assert start.then.untold is None
    start = now()
    audit.record("loadplan", by=None, object="haiyan-2016", detail={"changed": 2})
    assert start.then.untold == clock.now().date()
    assert now().then.untold is None


def phase(moment: Moment) -> Phase:
    return next(one for one in as_released.phases(moment) if one.code == "implement")


def delivered(moment: Moment) -> date | None:
    return phase(moment).deliverables.all()[0].delivered_on


def test_papers_and_the_gate_stand_as_they_did(place):
    start = now()
    papers.deliver(place.paper, on=date(2017, 1, 10), document="推进计划", by=place.office)
    evidence.attach(SimpleUploadedFile("原件.pdf", PDF), by=place.office, deliverable=place.paper)
    handed = now()
    phases.close(place.phase, on=date(2017, 2, 1), by=place.office)
    shut = now()
    phases.reopen(place.phase, why=WHY, by=place.office)
    papers.take_back(place.paper, by=place.office, reason=WHY)
    moments = (start, handed, shut, now())
    day, gate = date(2017, 1, 10), date(2017, 2, 1)
    assert [(delivered(one), phase(one).closed_on) for one in moments] == [
        (None, None), (day, None), (day, gate), (None, None),
    ]  # fmt: skip
    assert Phase.objects.get(code="implement").closed_on is None


def test_the_dates_of_a_phase(place):
    start = now()
    set_by_hand(place, Phase.objects.get(code="implement"), ends_on=date(2017, 6, 30))
    assert phase(start).ends_on == date(2016, 12, 31)
    assert phase(now()).ends_on == date(2017, 6, 30)


def test_what_a_project_has_built_is_what_was_reported_by_then(place):
    approved(place, place.project, JANUARY, 50, quantity=1, stages_done=1)
    built = now()
    assert work(built, "P05")["quantity_done"] == 1
    assert work(Moment(JANUARY - 1, TODAY, built.until), "P05")["quantity_done"] is None


def test_a_slip_granted_a_later_day_since_was_overdue_then(place):
    """Due 2017-03-01, granted to 2017-04-01 only after the release of 2017-03-09."""
    wanted = supervision.Wanted(
        "某企业欠缴一事", "县政府会议纪要", "核查后书面报告", place.sections["jyj"], date(2017, 3, 1)
    )
    slip = supervision.raise_slip(wanted, by=place.leader, origin=Slip.Origin.SECTION)
    supervision.assign(slip, by=place.office, seen=slip.version)
    then = Moment(JANUARY, date(2017, 3, 9), clock.now())
    Extension.objects.create(
        slip=slip, from_on=date(2017, 3, 1), wanted_on=date(2017, 4, 1), reason=WHY, asked_by=place.writer,
        asked_at=clock.now(), decided_by=place.leader, decided_at=clock.now(), state=Extension.State.GRANTED,
    )  # fmt: skip
    Slip.objects.filter(pk=slip.pk).update(due_on=date(2017, 4, 1))
    assert as_released.slips(place.county.pk, then)["overdue"] == 1
    assert as_released.slips(place.county.pk, Moment(JANUARY, date(2017, 3, 9), clock.now()))["overdue"] == 0
