"""Assessment on a real database: points worked out by hand, what is frozen stays, who may do what, where numbers lead.

January and February 2015 of the small county: each town adds 2 of A01 a month, 8 in all, where 10 are due; 12 of A02,
where 11.67 are due. East's share of A01 is 33.3 (5.55 due), West's 26.7 (4.45 due).
"""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bureau.models import AuditEvent, Grant, Installation
from indicators.entry import workflow
from indicators.models import Clause, PublishedEvaluation, Reading, Submission, Target
from indicators.publish import publish
from tasks.assessment import checking, kept, results, writing
from tasks.assessment.rules import Grade
from tasks.models import (
    Assessment,
    AssessmentLine,
    Criterion,
    ManualPoint,
    Milestone,
    Scheme,
    Slip,
    SlipStep,
    Task,
    Veto,
)
from tasks.rules import Conflict, Refused
from tests.integration import factories
from tests.integration.factories import EAST, START, WEST, approved, cells, person
from tests.integration.tasks.workplace import workplace

FIRST, LAST = START, START + 1  # January and February 2015
Kind = Criterion.Kind


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> SimpleNamespace:
    """The county with two months released, work, slips, and a scheme for sections and one for towns."""
    with django_db_blocker.unblock(), transaction.atomic():
        place = workplace(factories.tiny_county())
        reading = Reading.objects.get(indicator__code="A01")
        share = Target.objects.get(reading=reading, area=place.areas[EAST])
        share.pk, share.area, share.value = None, place.areas[WEST], Decimal("26.7")
        share.save()
        for month in (FIRST, LAST):
            for town in (EAST, WEST):
                approved(place, "town", town, month, {(town, "D01"): 3, (town, "D02"): 1})
            publish(place.county, month, by=place.office)
        clause = Clause.objects.get()
        place.sections_scheme = _scheme(place, clause, "sections", targets=50, work=30, slips=20)
        place.towns_scheme = _scheme(place, clause, "towns", targets=60, forms=40)
        _work(place, clause)
        for number, on, returned in ((1, date(2015, 2, 18), 0), (2, date(2015, 2, 20), 1), (3, None, 0)):
            _slip(place, number, on, returned)
        place.second = person("second", (Grant.Role.OFFICE, None))
        yield place
        transaction.set_rollback(True)


@pytest.fixture
def place(db, made) -> SimpleNamespace:
    """Each test in a transaction of its own."""
    return made


def _scheme(place, clause: Clause, of: str, **weights: int) -> Scheme:
    scheme = Scheme.objects.create(county=place.county, code=of, name=of, of=of, from_year=2015)
    kinds = {"targets": Kind.INDICATORS}
    for order, (code, weight) in enumerate(weights.items(), 1):
        Criterion.objects.create(
            scheme=scheme, order=order, code=code, name=code, kind=kinds.get(code, code), weight=weight, clause=clause,
            zero_below=60 if code == "targets" else 0, veto=code == "targets",
        )  # fmt: skip
    Criterion.objects.create(scheme=scheme, order=9, code="hand", name="加减分", kind=Kind.MANUAL, cap=5, clause=clause)
    return scheme


def _work(place, clause: Clause) -> None:
    """T02 was due at the end of February and done in March; its node of January came three days late."""
    task = Task.objects.create(
        code="T02", name="培训", clause=clause, lead=place.sections["jyj"], phase=place.phase, percent=100,
        starts_on=date(2015, 1, 1), due_on=date(2015, 2, 28), state="completed", completed_on=date(2015, 3, 5),
    )  # fmt: skip
    for n, due, done in ((1, date(2015, 1, 31), date(2015, 2, 3)), (2, date(2015, 2, 28), date(2015, 3, 5))):
        Milestone.objects.create(code=f"T02-{n}", task=task, name=f"节点{n}", due_on=due, done_on=done)


def _slip(place, number: int, answered_on: date | None, returned: int) -> None:
    """Due on 20 February 2015; answered in time, answered and sent back, not answered."""
    slip = Slip.objects.create(
        county=place.county, year=2015, number=number, origin="leading", subject=f"督办{number}", basis="会议",
        requirement="办结", section=place.sections["jyj"], due_on=date(2015, 2, 20), raised_on=date(2015, 2, 1),
        state="answered" if answered_on else "accepted", assigned_on=date(2015, 2, 1), signed_by=place.leader,
        answered_on=answered_on, answer="已办" if answered_on else "",
    )  # fmt: skip
    for state in ["answered"] * bool(answered_on) + ["returned"] * returned:
        SlipStep.objects.create(slip=slip, act=state, to_state=state, at=datetime(2015, 2, 18, 1, tzinfo=UTC))


def drafted(place, scheme: Scheme | None = None, first: int = FIRST, last: int = LAST) -> Assessment:
    return writing.begin(scheme or place.sections_scheme, first, last, by=place.office)


def result_of(found: Assessment) -> results.Result:
    found.refresh_from_db()
    return kept.result_of(found, Installation.objects.select_related("county").get())


def points(result: results.Result, code: str) -> dict[str, tuple[str, str]]:
    """Criterion → (full, points) of an owner, as decimals."""
    one = result.of(code)
    return {line.code: (str(kept.decimal_of(line.full)), str(kept.decimal_of(line.points))) for line in one.lines}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def corrected(place) -> None:
    """East's February was wrong by one, found later and released again."""
    submission = Submission.objects.get(form=place.forms["town"], place=place.areas[EAST], month=LAST)
    workflow.correct(submission, by=place.clerk, reason="重复计了一人")
    workflow.save(submission, cells(place, {(EAST, "D01"): 2}), by=place.clerk, source="grid")
    workflow.submit(submission, by=place.clerk)
    workflow.approve(submission, by=place.reviewer)
    publish(place.county, LAST, by=place.office, reason="二月份数有更正")


class TestPoints:
    def test_a_section_line_by_line(self, place):
        """A01 80 %, A02 full: 0.9 × 50; work 0 and half: 0.25 × 30; slips full, half, none: 0.5 × 20.

        A19 is not due before the last month, the other indicators have no figures.
        """
        result = result_of(drafted(place))
        assert points(result, "jyj") == {
            "targets": ("50.0000", "45.0000"), "work": ("30.0000", "7.5000"), "slips": ("20.0000", "10.0000"),
            "hand": ("0.0000", "0.0000"),
        }  # fmt: skip
        one = result.of("jyj")
        assert (one.total, one.grade, one.short) == (Fraction("62.5"), Grade.PASSING, Fraction("37.5"))
        done = {item.key: item.done for item in one.lines[0].items if item.done is not None}
        assert done == {"A01": 80, "A02": Fraction(120_000, 116_666) * 100}  # due: 140 × 2 / 24, kept as 11.6666
        assert {item.why for item in one.lines[0].items if item.done is None} == {"no_value", "not_judged"}

    def test_what_nobody_has_is_not_scored_and_not_nothing(self, place):
        """社保局 leads nothing here."""
        other = result_of(drafted(place)).of("sbj")
        assert [line.why for line in other.lines] == ["no_data"] * 3 + ["nothing"]
        assert (other.used, other.grade) == (0, Grade.NONE)

    def test_towns_are_held_against_their_shares_and_ranked(self, place):
        """4 of 5.55 and of 4.45; a form handed in two years late counts half, the two that never came nothing: 1/6."""
        result = result_of(drafted(place, place.towns_scheme))
        assert points(result, EAST)["targets"] == ("60.0000", "43.2400")
        assert points(result, WEST)["targets"] == ("60.0000", "53.9300")
        assert points(result, EAST)["forms"] == ("40.0000", "6.6700")
        assert {one.owner.code: one.rank for one in result.scored} == {WEST: 1, EAST: 2}

    def test_towns_measured_by_different_things_are_not_ranked(self, place):
        clause = Clause.objects.get()
        Criterion.objects.create(
            scheme=place.towns_scheme, order=3, code="slips", name="督办", kind=Kind.SLIPS, weight=10, clause=clause
        )
        Slip.objects.filter(number=1).update(section=None, town=place.areas[EAST])
        result = result_of(drafted(place, place.towns_scheme))
        assert {one.rank for one in result.scored} == {None}
        assert result.unranked["why"] == "unlike"
        page = signed_in(place.leader).get(reverse("assessment", args=[Assessment.objects.get().pk])).content.decode()
        assert "不排名" in page

    def test_sections_are_never_ranked(self, place):
        assert result_of(drafted(place)).unranked == {"why": "sections"}

    def test_back_fill_is_not_late(self, place):
        Installation.objects.update(go_live_month=LAST + 1)
        line = result_of(drafted(place, place.towns_scheme)).of(EAST).lines[1]
        assert (line.why, line.points) == ("back_fill", 0)

    def test_later_work_and_stamps_after_the_period_do_not_count(self, place):
        result = result_of(drafted(place))
        assert {item.key: item.done for item in result.of("jyj").lines[1].items} == {"T02": 0, "T02-1": 50}


class TestByHand:
    def test_points_need_a_reason_and_stay_within_five(self, place):
        found, section = drafted(place), place.sections["jyj"]
        with pytest.raises(Refused, match="理由"):
            writing.give(found, section, Decimal(1), "好", by=place.office)
        writing.give(found, section, Decimal("3.5"), "全市会议交流发言", by=place.office)
        with pytest.raises(Refused, match=r"不超过 5 分，也不能是 0；已有 3\.5 分"):
            writing.give(found, section, Decimal(2), "又一次交流发言", by=place.office)
        assert result_of(found).of("jyj").total == 66
        record = AuditEvent.objects.get(act="assessment.give")
        assert (record.reason, record.detail) == ("全市会议交流发言", {"owner": "jyj", "points": "3.5"})
        writing.take_back(ManualPoint.objects.get(), why="登记错了科室", by=place.office)
        assert result_of(found).of("jyj").total == Fraction("62.5")

    def test_a_veto_takes_the_grade_and_the_rank_and_leaves_the_points(self, place):
        found = drafted(place, place.towns_scheme)
        targets, forms = (place.towns_scheme.criteria.get(code=code) for code in ("targets", "forms"))
        with pytest.raises(Refused, match="不是一票否决项"):
            writing.veto(found, place.areas[WEST], forms, "虚报数据经查实", by=place.office)
        with pytest.raises(Refused, match="不包括"):
            writing.veto(found, place.sections["jyj"], targets, "虚报数据经查实", by=place.office)
        writing.veto(found, place.areas[WEST], targets, "虚报数据经查实", by=place.office)
        west = result_of(found).of(WEST)
        assert (west.grade, west.rank, west.total) == (Grade.FAILED, None, Fraction("60.6"))
        writing.lift(Veto.objects.get(), why="复查不成立的", by=place.office)
        assert result_of(found).of(WEST).rank == 1


class TestFreezing:
    def test_whoever_drafted_it_or_gave_points_does_not_freeze_it(self, place):
        found = drafted(place)
        writing.give(found, place.sections["jyj"], Decimal(1), "全市会议交流发言", by=place.second)
        for who in (place.office, place.second):
            with pytest.raises(Refused, match="须由他人定稿"):
                writing.freeze(found, by=who)
        frozen = writing.freeze(found, by=place.leader)
        assert (frozen.frozen, frozen.release.month, frozen.lines.count()) == (True, LAST, 8)
        assert AuditEvent.objects.get(act="assessment.freeze").detail["release"] == "2015-02 v1"

    def test_not_before_the_period_is_over_and_released(self, place):
        with pytest.raises(Refused, match="还没有发布"):
            writing.freeze(drafted(place, last=LAST + 1), by=place.leader)
        with pytest.raises(Refused, match="还没有结束"):
            writing.freeze(drafted(place, first=START + 24, last=START + 35), by=place.leader)
        Installation.objects.update(business_date=date(2015, 3, 2))
        with pytest.raises(Refused, match="报送期限还没有过"):
            writing.freeze(drafted(place), by=place.leader)

    def test_what_changed_since_one_looked_is_told(self, place):
        found = drafted(place)
        seen = kept.digest(result_of(found))
        writing.give(found, place.sections["jyj"], Decimal(1), "全市会议交流发言", by=place.office)
        with pytest.raises(Conflict):
            writing.freeze(found, by=place.leader, seen=seen)
        assert not AssessmentLine.objects.exists()

    def test_what_is_frozen_stays_whatever_comes_later(self, place):
        found = writing.freeze(drafted(place), by=place.leader)
        before = result_of(found)
        corrected(place)
        Criterion.objects.filter(code="targets").update(weight=10)
        Milestone.objects.filter(code="T02-1").update(done_on=None)
        assert result_of(found) == before
        assert checking.differences(found) == []
        again = writing.begin(place.sections_scheme, FIRST, LAST, by=place.office, reason="二月份数有更正")
        assert (again.version, result_of(again).of("jyj").total != before.of("jyj").total) == (2, True)

    def test_names_are_kept_in_both_languages_whoever_freezes(self, place):
        Task.objects.filter(code="T02").update(name_en="Training")
        with override("en"):
            found = writing.freeze(drafted(place), by=place.leader)
        facts = result_of(found).of("jyj").lines[1].items[0].facts
        assert (facts["name"], facts["name_en"]) == ("培训", "Training")

    def test_frozen_is_never_written_again(self, place):
        found = writing.freeze(drafted(place), by=place.leader)
        with pytest.raises(Refused, match="已定稿"):
            writing.give(found, place.sections["jyj"], Decimal(1), "全市会议交流发言", by=place.office)
        with pytest.raises(Refused, match="已定稿"):
            writing.discard(found, why="想重新来一次", by=place.office)
        with pytest.raises(Refused, match="理由"):
            drafted(place)

    def test_checking_again_finds_a_line_or_a_figure_that_was_touched(self, place):
        found = writing.freeze(drafted(place), by=place.leader)
        AssessmentLine.objects.filter(criterion__code="work", section__code="jyj").update(points=8)
        touched = checking.differences(found)
        assert [(one.criterion, one.frozen, one.now) for one in touched] == [
            ("work", 8, Fraction("7.5")), ("", Fraction("62.5"), 63),
        ]  # fmt: skip
        PublishedEvaluation.objects.filter(
            area=place.county.pk, month=LAST, indicator=place.indicators["A01"].pk
        ).update(value=9)
        assert ("targets", "A01", 80, 90) in [
            (one.criterion, one.item, one.frozen, one.now) for one in checking.differences(found)
        ]

    def test_the_next_period_tells_what_was_gained(self, place):
        first = drafted(place, place.towns_scheme, FIRST, FIRST)
        writing.freeze(first, by=place.leader)
        was = result_of(first).of(EAST).total
        one = result_of(drafted(place, place.towns_scheme, LAST, LAST)).of(EAST)
        assert (one.before, one.total - one.before) == (was, one.total - was)

    def test_a_draft_goes_with_its_reason(self, place):
        found = drafted(place)
        writing.discard(found, why="考核期选错了", by=place.office)
        assert not Assessment.objects.exists()
        assert AuditEvent.objects.get(act="assessment.discard").reason == "考核期选错了"

    def test_nothing_is_frozen_without_its_record(self, place, audit_fails):
        found = Assessment.objects.create(
            scheme=place.sections_scheme, first_month=FIRST, last_month=LAST, by=place.office,
            at=datetime(2015, 3, 1, tzinfo=UTC),
        )  # fmt: skip
        with pytest.raises(RuntimeError):
            writing.freeze(found, by=place.leader)
        found.refresh_from_db()
        assert (found.state, AssessmentLine.objects.count()) == ("draft", 0)


class TestPages:
    def test_drafts_are_the_offices_and_leaders_and_all_read_what_is_frozen(self, place):
        found = drafted(place)
        one = reverse("assessment", args=[found.pk])
        answers = {
            name: signed_in(getattr(place, name)).get(one).status_code
            for name in ("office", "leader", "reviewer", "clerk", "writer")
        }
        assert answers == {"office": 200, "leader": 200, "reviewer": 404, "clerk": 404, "writer": 404}
        assert "草稿" not in signed_in(place.clerk).get(reverse("assessment_list")).content.decode()
        writing.freeze(found, by=place.leader)
        assert signed_in(place.clerk).get(one).status_code == 200
        assert signed_in(place.clerk).post(one, {"action": "freeze"}).status_code == 403

    def test_a_period_is_drafted_given_points_and_frozen_by_another(self, place):
        office, leader = signed_in(place.office), signed_in(place.leader)
        new = reverse("assessment_new")
        assert office.post(new, {"scheme": "sections", "period": "2015-01_2015-02"}).status_code == 422
        sent = office.post(new, {"scheme": "sections", "period": "2015-01_2015-03"}, follow=True)
        assert "已起草2015年第1季度考核" in sent.content.decode()
        writing.discard(Assessment.objects.get(), why="只发布到二月份", by=place.office)
        found = drafted(place)
        one, owner = reverse("assessment", args=[found.pk]), reverse("assessment_owner", args=[found.pk, "jyj"])
        assert office.post(owner, {"action": "give", "points": "6", "reason": "全市会议交流发言"}).status_code == 422
        given = office.post(owner, {"action": "give", "points": "-0.5", "reason": "材料两次退回"}, follow=True)
        assert "材料两次退回" in given.content.decode()
        assert leader.post(owner, {"action": "give", "points": "1", "reason": "全市会议交流发言"}).status_code == 403
        assert office.post(one, {"action": "freeze", "seen": "x"}).status_code == 422
        seen = re.search(r'name="seen" value="(\w+)"', leader.get(one).content.decode())[1]
        assert leader.post(one, {"action": "freeze", "seen": "0" * 64}).status_code == 409
        assert "已定稿" in leader.post(one, {"action": "freeze", "seen": seen}, follow=True).content.decode()
        page = signed_in(place.clerk).get(owner).content.decode()
        assert "62.00 分" in page
        assert "材料两次退回" in page
        checked = signed_in(place.clerk).get(reverse("assessment_check", args=[found.pk])).content.decode()
        assert "都与定稿一致" in checked

    def test_a_line_leads_to_its_figure_with_the_same_number(self, place):
        found = writing.freeze(drafted(place), by=place.leader)
        corrected(place)
        client = signed_in(place.clerk)
        page = client.get(reverse("assessment_owner", args=[found.pk, "jyj"])).content.decode()
        links = re.findall(r'<a class="figure" href="([^"]+)"[^>]*>([^<]+)</a>', page)
        assert [text for _url, text in links] == ["8.00%", "12.00%", "0.00%"]
        for url, text in links:
            there = client.get(url.replace("&amp;", "&"))
            assert there.status_code == 200
            assert text.removesuffix("%") in there.content.decode()
        assert reverse("task", args=["T02"]) in page

    def test_what_a_slip_is_about_stays_with_its_unit(self, place):
        found = writing.freeze(drafted(place), by=place.leader)
        page = signed_in(place.clerk).get(reverse("assessment_owner", args=[found.pk, "jyj"])).content.decode()
        assert "时限 2015-02-20，反馈 2015-02-18" in page
        assert "督办1" not in page

    def test_the_lines_as_csv_say_what_the_page_says(self, place):
        found = drafted(place)
        text = signed_in(place.leader).get(reverse("assessment_lines_csv", args=[found.pk])).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0] == ["草稿"]
        mine = [row for row in rows if row[0] == "jyj"]
        assert {(row[2], row[4]) for row in mine if row[4]} >= {("targets", "45.0000"), ("work", "7.5000")}
        assert ["A01", "8.00%", "80.0000"] in [[row[6], row[8], row[9]] for row in mine]
        table = signed_in(place.leader).get(reverse("assessment_csv", args=[found.pk])).content.decode("utf-8-sig")
        assert "jyj,就业局,,62.5000" in table

    def test_whoever_is_not_assessed_is_not_there(self, place):
        found = drafted(place)
        assert signed_in(place.office).get(reverse("assessment_owner", args=[found.pk, EAST])).status_code == 404
        assert signed_in(place.office).get(reverse("assessment_check", args=[found.pk])).status_code == 404

    def test_frozen_pages_ask_the_database_little(self, place, django_assert_max_num_queries):
        found = writing.freeze(drafted(place, place.towns_scheme), by=place.leader)
        client = signed_in(place.clerk)
        for url in (reverse("assessment", args=[found.pk]), reverse("assessment_owner", args=[found.pk, EAST])):
            client.get(url)  # signing in has its own
            with django_assert_max_num_queries(12):
                client.get(url)
