"""What follows from completed projects: A19 in the live figures, at once and back again, by the same act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bureau.models import AuditEvent, DataVersion
from indicators.models import Completion
from tasks import progress
from tasks.completion import complete, reopen
from tasks.content import Content
from tasks.rules import Refused
from tests.integration import factories
from tests.integration.factories import COUNTY, E1, E3, EAST, W1, W2, WEST
from tests.integration.tasks.workplace import DECEMBER, JANUARY, approved, completed, value_of

pytestmark = pytest.mark.django_db
WHOLE = Content(100, done="建成", completed_on=date(2016, 12, 20), explanation="通过认定验收", quantity=1)


def around(place) -> list[int | None]:
    """A19 in November and December 2016, the months before and of the completion."""
    return [value_of(place, "A19", month) for month in (DECEMBER - 1, DECEMBER)]


def test_approving_a_completion_counts_the_project_from_its_month_on(place):
    before = DataVersion.objects.filter(county=place.county).values_list("number", flat=True).first() or 0
    completed(place, JANUARY, date(2016, 12, 20))
    assert around(place) == [0, 1]
    assert Completion.objects.get(code="P05").month == DECEMBER
    assert DataVersion.objects.get(county=place.county).number > before
    assert list(AuditEvent.objects.filter(act="work.complete").values_list("object", "detail")) == [
        ("P05", {"on": "2016-12-20"})
    ]


def test_taking_the_approval_back_takes_the_project_out_again(place):
    report = completed(place, DECEMBER, date(2016, 12, 20))
    progress.take_back(report, by=place.reviewer, reason="认定文件还没有印发")
    assert around(place) == [0, 0]
    assert not Completion.objects.exists()
    place.project.refresh_from_db()
    assert (place.project.state, place.project.percent, place.project.quantity_done) == ("not_begun", 0, None)
    assert AuditEvent.objects.get(act="work.reopen").reason == "认定文件还没有印发"


def test_a_later_report_below_a_hundred_reopens_it_with_a_reason(place):
    completed(place, DECEMBER, date(2016, 12, 20))
    approved(place, place.project, JANUARY, 90, explanation="企业停业，须另行培育", quantity=0, stages_done=2)
    assert around(place) == [0, 0]
    place.project.refresh_from_db()
    assert (place.project.state, place.project.percent, place.project.completed_on) == ("under_way", 90, None)


def test_a_corrected_day_moves_the_month_it_counts_from(place):
    report = completed(place, JANUARY, date(2016, 12, 20))
    progress.take_back(report, by=place.reviewer, reason="完成日期应为十一月")
    completed(place, JANUARY, date(2016, 11, 30))
    assert around(place) == [1, 1]


def test_nothing_is_counted_when_the_record_cannot_be_written(place, monkeypatch):
    report = progress.submit(progress.save(place.project, DECEMBER, WHOLE, by=place.writer), by=place.writer)
    real = AuditEvent.save

    def refuse(event, *args, **options):
        if event.act == "work.complete":
            raise RuntimeError("the audit trail cannot be written")
        return real(event, *args, **options)

    monkeypatch.setattr(AuditEvent, "save", refuse)
    with pytest.raises(RuntimeError):
        progress.approve(report, by=place.reviewer)
    report.refresh_from_db()
    assert (report.state, Completion.objects.exists()) == ("submitted", False)


def test_the_single_acts_do_the_same(place):
    complete(place.project, date(2016, 12, 20), by=place.office)
    assert around(place) == [0, 1]
    reopen(place.project, 80, by=place.office, reason="验收未通过，继续整改")
    assert around(place) == [0, 0]


class TestQuantityOfAnIndicator:
    """A project whose quantity an indicator counts (P06 by A20): nobody types it a second time."""

    @pytest.fixture
    def stations(self, place):
        place.project.quantity, place.project.quantity_unit, place.project.quantity_from = None, "", "A07"
        place.project.save()
        return place

    def hand_in(self, place):
        content = replace(WHOLE, completed_on=date(2016, 12, 30), quantity=None)
        return progress.submit(progress.save(place.project, DECEMBER, content, by=place.writer), by=place.writer)

    def count(self, place, **standing: int) -> None:
        """Every place that stands in December 2016 has its station, but those named."""
        for form, town, codes in (
            ("county", COUNTY, (COUNTY,)), ("network", EAST, (EAST, E1, E3)), ("network", WEST, (WEST, W1, W2)),
        ):  # fmt: skip
            values = {(code, "D81"): standing.get(f"at_{code}", 1) for code in codes}
            factories.approved(place, form, town, DECEMBER, values)

    def test_it_is_not_complete_before_any_figure_was_approved(self, stations):
        with pytest.raises(Refused, match="应建 0、已建 0"):
            self.hand_in(stations)

    def test_it_is_not_complete_while_a_place_is_without(self, stations):
        self.count(stations, **{f"at_{W1}": 0})
        with pytest.raises(Refused, match="按指标 A07 的审定数，应建 7、已建 6"):
            self.hand_in(stations)

    def test_it_is_complete_when_every_place_has_one(self, stations):
        self.count(stations)
        progress.approve(self.hand_in(stations), by=stations.reviewer)
        assert value_of(stations, "A07", DECEMBER) == 100
        stations.project.refresh_from_db()
        assert stations.project.state == "completed"
