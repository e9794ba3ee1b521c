"""The gate of a phase: shut until every paper is there with its file and the phase before is closed; who, when, why."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureau.models import AuditEvent
from tasks import evidence, papers, phases
from tasks.models import Deliverable, Phase
from tasks.rules import Refused
from tests.integration.tasks.files import PDF

pytestmark = pytest.mark.django_db
DAY = date(2017, 2, 1)
PAGE, GATE = "/tasks/phases/", "/tasks/phases/implement/gate/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def deliver(place, paper: Deliverable, on: date = date(2017, 1, 10)) -> None:
    papers.deliver(paper, on=on, document=paper.name, by=place.office)


def file(place, paper: Deliverable) -> None:
    evidence.attach(SimpleUploadedFile("原件.pdf", PDF), by=place.office, deliverable=paper)


@pytest.fixture
def ready(place):
    """Its one paper is delivered, with a file."""
    deliver(place, place.paper)
    file(place, place.paper)
    return place


@pytest.fixture
def last(place) -> Phase:
    """The phase after it, without papers."""
    return Phase.objects.create(
        plan=place.phase.plan, code="evaluate", name="总结阶段", clause=place.phase.clause, order=2,
        starts_on=date(2017, 1, 1), ends_on=date(2017, 12, 31),
    )  # fmt: skip


class TestTheRule:
    def test_it_names_what_is_missing(self, place):
        second = Deliverable.objects.create(phase=place.phase, code="G05", name="问题清单")
        deliver(place, second)
        with pytest.raises(Refused, match="推进计划没有登记交付；问题清单没有附文件"):
            phases.close(place.phase, on=DAY, by=place.office)
        file(place, second)
        with pytest.raises(Refused, match=r"还不能关闭：推进计划没有登记交付$"):
            phases.close(place.phase, on=DAY, by=place.office)

    def test_with_all_its_papers_it_is_closed_by_somebody_on_a_day(self, ready):
        phases.close(ready.phase, on=DAY, note="按期完成", by=ready.office)
        ready.phase.refresh_from_db()
        assert (ready.phase.closed_on, ready.phase.closed_by, ready.phase.closing_note) == (
            DAY,
            ready.office,
            "按期完成",
        )
        record = AuditEvent.objects.get(act="phase.close")
        assert (record.object, record.detail["on"]) == ("implement", "2017-02-01")
        assert list(record.detail["files"]) == ["G04"]
        with pytest.raises(Refused, match="已于 2017-02-01 关闭"):
            phases.close(ready.phase, on=DAY, by=ready.office)

    @pytest.mark.parametrize(
        ("on", "why"), [(date(2017, 2, 4), "不能晚于今天"), (date(2017, 1, 9), "不能早于 2017-01-10")]
    )
    def test_not_on_a_day_to_come_nor_before_its_last_paper(self, ready, on, why):
        with pytest.raises(Refused, match=why):
            phases.close(ready.phase, on=on, by=ready.office)

    def test_the_phase_before_comes_first_and_is_reopened_last(self, ready, last):
        with pytest.raises(Refused, match="实施阶段还没有关闭"):
            phases.close(last, on=DAY, by=ready.office)
        phases.close(ready.phase, on=DAY, by=ready.office)
        phases.close(last, on=DAY, by=ready.office)  # before its last day: it has all it was for
        with pytest.raises(Refused, match="总结阶段已经关闭"):
            phases.reopen(ready.phase, why="计划要修订", by=ready.office)
        phases.reopen(last, why="补充经验材料", by=ready.office)
        phases.reopen(ready.phase, why="计划要修订", by=ready.office)
        assert not Phase.objects.filter(closed_on__isnull=False).exists()
        assert list(AuditEvent.objects.filter(act="phase.reopen").values_list("object", "reason")) == [
            ("evaluate", "补充经验材料"), ("implement", "计划要修订"),
        ]  # fmt: skip

    def test_papers_and_files_of_a_closed_phase_stay_as_they_are(self, ready):
        phases.close(ready.phase, on=DAY, by=ready.office)
        with pytest.raises(Refused, match="阶段已经关闭"):
            papers.take_back(ready.paper, by=ready.office, reason="登记到了别的文件")
        with pytest.raises(Refused, match="阶段已经关闭"):
            evidence.take_away(evidence.listed(ready.paper)[0], by=ready.office, why="传错了文件")
        with pytest.raises(Refused, match="阶段已经关闭"):
            evidence.attach(SimpleUploadedFile("又.pdf", PDF + b"2"), by=ready.office, deliverable=ready.paper)


class TestThePage:
    def test_the_office_closes_and_reopens_and_all_readers_see_who(self, ready):
        office = signed_in(ready.office)
        page = office.get(PAGE).content.decode()
        assert "已到期，成果齐全，待关闭" in page
        assert "原件.pdf" in page
        assert office.post(GATE, {"on": "2017-02-01", "note": "按期完成"}).status_code == 302
        page = signed_in(ready.leader).get(PAGE).content.decode()
        assert "2017-02-01 由 office 关闭：按期完成" in page
        assert "已关闭，成果齐全" in page
        assert GATE not in page
        assert office.post(GATE, {"reason": "错"}).status_code == 422
        assert office.post(GATE, {"reason": "计划要修订"}).status_code == 302
        assert "待关闭" in office.get(PAGE).content.decode()

    def test_what_is_missing_is_said_and_the_button_is_not_there(self, place):
        office = signed_in(place.office)
        page = office.get(GATE).content.decode()
        assert "推进计划没有登记交付" in page
        assert "关闭这个阶段" not in page
        assert GATE not in office.get(PAGE).content.decode()
        answer = office.post(GATE, {"on": "2017-02-01"})
        assert (answer.status_code, "还不能关闭" in answer.content.decode()) == (422, True)

    def test_nobody_else_closes_a_phase(self, ready):
        for user in (ready.reviewer, ready.leader, ready.writer, ready.clerk):
            assert signed_in(user).post(GATE, {"on": "2017-02-01"}).status_code == 403
        assert not Phase.objects.filter(closed_on__isnull=False).exists()
