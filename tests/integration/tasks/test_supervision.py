"""Supervision slips: numbered, signed, answered in words, looked at by another, never lost; later days granted."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.installation import data_version
from bureau.models import AuditEvent, Installation
from tasks import decisions
from tasks.models import Extension, Slip, SlipStep
from tasks.rules import Conflict, Refused
from tasks.slips import supervision
from tasks.slips.moves import Colour, colour, days_left
from tasks.slips.number import number_of
from tests.integration.factories import EAST
from tests.integration.tasks import pressing
from tests.integration.tasks.pressing import ANSWERED, DUE, TODAY, wanted

pytestmark = pytest.mark.django_db
Origin = Slip.Origin


def on(day: date) -> None:
    Installation.objects.update(business_date=day)


class TestRaising:
    def test_numbers_count_within_the_year_as_on_the_paper(self, place):
        first = pressing.raised(place)
        second = pressing.raised(place, owner=place.areas[EAST], subject="约谈落后的镇")
        on(date(2018, 1, 9))
        third = pressing.raised(place, due_on=date(2018, 2, 1))
        numbers = [number_of(one) for one in (first, second, third)]
        assert numbers == ["盐均督〔2017〕1 号", "盐均督〔2017〕2 号", "盐均督〔2018〕1 号"]
        assert (second.town, second.section, second.raised_by) == (place.areas[EAST], None, place.leader)
        record = AuditEvent.objects.filter(act="slip.raise").first()
        assert (record.object, record.by, record.detail["owner"]) == (numbers[0], place.leader, "jyj")
        step = first.steps.get()
        assert (step.act, step.to_state, step.by) == ("raise", "raised", place.leader)

    def test_the_same_thing_stands_once_until_it_is_closed(self, place):
        slip = pressing.raised(place)
        with pytest.raises(Refused, match="盐均督〔2017〕1 号"):
            pressing.raised(place)
        supervision.drop(slip, why="数据核实后不滞后", by=place.leader, seen=1)
        assert pressing.raised(place).number == 2

    def test_a_rule_raises_for_a_key_once_for_ever(self, place):
        slip = supervision.raise_slip(wanted(place), by=None, origin=Origin.LIGHT, key="light A01 2016-12")
        supervision.drop(slip, why="数据核实后不滞后", by=place.leader, seen=1)
        with pytest.raises(Refused, match="没有重复立项"):
            supervision.raise_slip(wanted(place), by=None, origin=Origin.LIGHT, key="light A01 2016-12")
        assert (slip.raised_by, AuditEvent.objects.get(act="slip.raise").by) == (None, None)

    def test_one_from_a_meeting_names_the_decision(self, place):
        ground = decisions.Wanted("每周调度城镇新增就业", place.sections["jyj"], DUE)
        decision = decisions.decide(24203, ground, by=place.leader)
        slip = supervision.raise_slip(wanted(place), by=place.office, origin=Origin.DECISION, decision=decision)
        assert AuditEvent.objects.get(act="slip.raise").detail["decision"] == "2017-1"
        assert list(decision.slips.all()) == [slip]

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"subject": "催办"}, "督办事项"),
            ({"basis": " 无 "}, "立项依据"),
            ({"requirement": "尽快"}, "工作要求"),
            ({"due_on": TODAY}, "2017-02-03"),
        ],
    )
    def test_what_says_too_little_or_is_due_at_once_is_refused(self, place, more, said):
        with pytest.raises(Refused, match=said):
            pressing.raised(place, **more)
        assert not Slip.objects.exists()

    def test_who_answers_for_it_does_not_support_himself(self, place):
        with pytest.raises(Refused, match="配合单位"):
            pressing.raised(place, supporting=[place.sections["jyj"], place.sections["sbj"]])

    def test_nothing_stands_without_its_record(self, place, audit_fails):
        with pytest.raises(RuntimeError):
            pressing.raised(place)
        assert not SlipStep.objects.exists()


class TestTheCourse:
    def test_from_raising_to_striking_off(self, place):
        before = data_version(place.county.pk)
        slip = pressing.struck_off(place)
        slip.refresh_from_db()
        assert (slip.state, slip.version, slip.struck_off_on) == ("struck_off", 6, TODAY)
        assert (slip.signed_by, slip.accepted_by, slip.answer) == (place.leader, place.writer, ANSWERED)
        course = [(one.act, one.to_state, one.by.username) for one in slip.steps.select_related("by")]
        assert course == [
            ("raise", "raised", "leader"),
            ("assign", "assigned", "leader"),
            ("accept", "accepted", "writer"),
            ("answer", "answered", "writer"),
            ("conclude", "concluded", "reviewer"),
            ("strike_off", "struck_off", "leader"),
        ]
        told = AuditEvent.objects.filter(act__startswith="slip.").order_by("sequence")
        assert [one.act.removeprefix("slip.") for one in told] == [act for act, _state, _by in course]
        assert data_version(place.county.pk) == before + 6

    def test_assigned_too_late_for_its_time_limit(self, place):
        slip = pressing.raised(place)
        on(DUE)
        with pytest.raises(Refused, match="2017-03-05"):
            supervision.assign(slip, by=place.leader, seen=1)
        later = wanted(place, due_on=date(2017, 4, 5))
        supervision.change(slip, later, why="交办推迟了一个月", by=place.leader, seen=1)
        assert supervision.assign(slip, by=place.leader, seen=2).assigned_on == DUE

    def test_an_answer_needs_words(self, place):
        slip = pressing.accepted(place)
        with pytest.raises(Refused, match="至少 10 个字"):
            supervision.answer(slip, text="  已经办好了  ", by=place.writer, seen=slip.version)

    def test_sent_back_once_and_answered_again(self, place):
        slip = pressing.answered(place)
        with pytest.raises(Refused, match="至少 5 个字"):
            supervision.send_back(slip, why="不行", by=place.reviewer, seen=4)
        slip = supervision.send_back(slip, why="没有附名单", by=place.reviewer, seen=4)
        assert (slip.state, slip.answer, slip.due_on) == ("returned", ANSWERED, DUE)
        slip = supervision.answer(slip, text="名单已附，逐人核对完毕。", by=place.helper, seen=5)
        slip = supervision.conclude(slip, verdict="名单齐全，同意审结", by=place.reviewer, seen=6)
        assert [one.words for one in slip.steps.filter(act="answer")] == [ANSWERED, "名单已附，逐人核对完毕。"]

    def test_sent_back_with_a_later_time_limit(self, place):
        slip = pressing.answered(place)
        with pytest.raises(Refused, match="2017-03-05"):
            supervision.send_back(slip, why="没有附名单", by=place.reviewer, seen=4, until=date(2017, 3, 4))
        slip = supervision.send_back(slip, why="没有附名单", by=place.reviewer, seen=4, until=date(2017, 3, 20))
        assert slip.due_on == date(2017, 3, 20)
        assert AuditEvent.objects.get(act="slip.send_back").detail == {"due_on": ["2017-03-05", "2017-03-20"]}

    def test_who_struck_it_off_by_mistake_puts_it_back_and_sends_it_back(self, place):
        slip = supervision.reopen(pressing.struck_off(place), why="误点了销号", by=place.leader, seen=6)
        assert (slip.state, slip.struck_off_on, slip.verdict) == ("concluded", None, "缺口已补，同意审结")
        slip = supervision.send_back(slip, why="复查时又出缺口", by=place.leader, seen=7)
        assert (slip.state, slip.verdict, slip.concluded_on) == ("returned", "", None)

    def test_nobody_looks_at_his_own_answer(self, place):
        slip = pressing.answered(place)
        slip = supervision.send_back(slip, why="没有附名单", by=place.reviewer, seen=4)
        slip = supervision.answer(slip, text="名单已附，逐人核对完毕。", by=place.helper, seen=5)
        for who in (place.writer, place.helper):  # also who answered before it was sent back
            with pytest.raises(Refused, match="他人"):
                supervision.conclude(slip, verdict="我看可以审结", by=who, seen=6)
            with pytest.raises(Refused, match="他人"):
                supervision.send_back(slip, why="我再改改看", by=who, seen=6)

    def test_two_at_once_are_told_of_each_other(self, place):
        slip = pressing.answered(place)
        supervision.conclude(slip, verdict="缺口已补，同意审结", by=place.reviewer, seen=4)
        with pytest.raises(Conflict, match="审结"):
            supervision.send_back(slip, why="没有附名单", by=place.leader, seen=4)
        assert Slip.objects.get().state == "concluded"

    def test_a_step_that_is_not_next_is_refused_by_name(self, place):
        slip = pressing.raised(place)
        with pytest.raises(Refused, match="督办单现为“立项”，不能销号。"):
            supervision.strike_off(slip, by=place.leader, seen=1)

    def test_no_step_without_its_record(self, place, request):
        slip = pressing.assigned(place)
        request.getfixturevalue("audit_fails")
        with pytest.raises(RuntimeError):
            supervision.accept(slip, by=place.writer, seen=2)
        slip.refresh_from_db()
        assert (slip.state, slip.version, slip.steps.count()) == ("assigned", 2, 2)


class TestChanging:
    def test_a_change_needs_a_reason_and_keeps_what_stood_before(self, place):
        slip = pressing.assigned(place)
        otherwise = wanted(place, owner=place.areas[EAST], due_on=date(2017, 4, 1), supporting=[place.sections["sbj"]])
        with pytest.raises(Refused, match="理由"):
            supervision.change(slip, otherwise, why="改", by=place.leader, seen=2)
        slip = supervision.change(slip, otherwise, why="由镇里来办更合适", by=place.leader, seen=2)
        assert (slip.owner, slip.state, list(slip.supporting.all())) == (
            place.areas[EAST],
            "assigned",
            [place.sections["sbj"]],
        )
        record = AuditEvent.objects.get(act="slip.change")
        assert record.detail == {
            "owner": ["jyj", EAST],
            "supporting": ["", "sbj"],
            "due_on": ["2017-03-05", "2017-04-01"],
        }
        with pytest.raises(Refused, match="没有改动"):
            supervision.change(slip, otherwise, why="再保存一次看看", by=place.leader, seen=3)

    def test_a_late_slip_is_put_otherwise_without_a_day_that_is_over(self, place):
        slip = pressing.assigned(place)
        on(date(2017, 3, 9))
        with pytest.raises(Refused, match="晚于今天"):
            supervision.change(
                slip, wanted(place, due_on=date(2017, 3, 8)), why="时限往后推几天", by=place.leader, seen=2
            )
        slip = supervision.change(
            slip, wanted(place, problem="缺口 120 人"), why="补写存在的问题", by=place.leader, seen=2
        )
        assert (slip.problem, slip.due_on) == ("缺口 120 人", DUE)

    def test_nothing_is_put_otherwise_once_it_was_signed_for(self, place):
        slip = pressing.accepted(place)
        with pytest.raises(Refused, match="承办"):
            supervision.change(slip, wanted(place, problem="缺口"), why="补写存在的问题", by=place.leader, seen=3)


class TestExtensions:
    def test_asked_in_time_and_granted_by_another(self, place):
        slip = pressing.accepted(place)
        on(DUE)  # the last day
        asked = supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单核对还要两周", by=place.writer)
        with pytest.raises(Refused, match="待批"):
            supervision.ask_extension(slip, until=date(2017, 3, 21), reason="名单核对还要两周", by=place.helper)
        with pytest.raises(Refused, match="他人"):
            supervision.decide_extension(asked, grant=True, note="", by=place.writer)
        supervision.decide_extension(asked, grant=True, note="", by=place.leader)
        slip.refresh_from_db()
        asked.refresh_from_db()
        assert (slip.due_on, asked.state, asked.from_on) == (date(2017, 3, 20), "granted", DUE)
        assert AuditEvent.objects.get(act="slip.decide_extension").detail["granted"] is True

    def test_not_after_the_time_limit_nor_to_an_earlier_day(self, place):
        slip = pressing.accepted(place)
        with pytest.raises(Refused, match="晚于现在的时限"):
            supervision.ask_extension(slip, until=DUE, reason="名单核对还要两周", by=place.writer)
        on(date(2017, 3, 6))
        with pytest.raises(Refused, match="已过"):
            supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单核对还要两周", by=place.writer)
        assert not Extension.objects.exists()

    def test_refused_only_with_a_reason_and_asked_again(self, place):
        slip = pressing.assigned(place)
        asked = supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单核对还要两周", by=place.writer)
        with pytest.raises(Refused, match="理由"):
            supervision.decide_extension(asked, grant=False, note="", by=place.leader)
        supervision.decide_extension(asked, grant=False, note="时间足够，抓紧办理", by=place.leader)
        again = supervision.ask_extension(slip, until=date(2017, 3, 12), reason="至少再给一周时间", by=place.writer)
        supervision.withdraw_extension(again, by=place.helper)
        states = list(slip.extensions.values_list("state", flat=True))
        assert states == ["refused", "withdrawn"]
        with pytest.raises(Refused, match="已撤回"):
            supervision.decide_extension(again, grant=True, note="", by=place.leader)
        assert Slip.objects.get().due_on == DUE

    def test_an_answer_withdraws_what_was_asked(self, place):
        slip = pressing.accepted(place)
        asked = supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单核对还要两周", by=place.writer)
        supervision.answer(slip, text=ANSWERED, by=place.writer, seen=3)
        asked.refresh_from_db()
        assert asked.state == "withdrawn"
        with pytest.raises(Refused, match="不能批复延期"):
            supervision.decide_extension(asked, grant=True, note="", by=place.leader)

    def test_a_time_limit_moved_meanwhile_is_not_moved_back(self, place):
        slip = pressing.assigned(place)
        asked = supervision.ask_extension(slip, until=date(2017, 3, 20), reason="名单核对还要两周", by=place.writer)
        supervision.change(slip, wanted(place, due_on=date(2017, 4, 1)), why="统一放到四月初", by=place.leader, seen=2)
        with pytest.raises(Refused, match="2017-04-01"):
            supervision.decide_extension(asked, grant=True, note="", by=place.leader)


class TestColours:
    """Thirty days from 2017-02-03 to 2017-03-05: a third of them is ten, left from 2017-02-23 on."""

    @pytest.mark.parametrize(
        ("day", "left", "found"),
        [
            (date(2017, 2, 22), 11, Colour.BLUE),
            (date(2017, 2, 23), 10, Colour.YELLOW),
            (date(2017, 3, 5), 0, Colour.YELLOW),
            (date(2017, 3, 6), -1, Colour.RED),
        ],
    )
    def test_by_what_is_left(self, place, day, left, found):
        slip = pressing.assigned(place)
        assert (days_left(slip, day), colour(slip, day)) == (left, found)

    def test_time_stands_still_while_an_answer_is_looked_at(self, place):
        slip, late = pressing.answered(place), date(2017, 3, 9)
        assert colour(slip, late) == Colour.BLUE
        slip = supervision.send_back(slip, why="没有附名单", by=place.reviewer, seen=4)
        assert (colour(slip, late), days_left(slip, late)) == (Colour.RED, -4)

    def test_grey_once_closed_and_blue_before_it_begins(self, place):
        assert colour(pressing.struck_off(place), date(2018, 1, 1)) == Colour.GREY
        assert colour(pressing.raised(place), date(2018, 1, 1)) == Colour.BLUE
