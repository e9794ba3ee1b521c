"""Reminders (催报): to whom, of what, and one a day however often the command runs."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau import months
from bureau.models import AuditEvent, Grant, Installation, SpecialDay, User
from indicators import reminders
from indicators.entry import workflow
from indicators.models import Reminder
from tests.integration.factories import E1, EAST, WEST, hand_in, person

pytestmark = pytest.mark.django_db

MONTH = months.parse("2016-11")  # villages by Monday 5 December, towns by Tuesday 6 December 2016, 17:00


@pytest.fixture
def at(monkeypatch):
    def set_to(text: str) -> None:
        moment = datetime.fromisoformat(f"{text}+08:00")
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment.astimezone(UTC))

    return set_to


@pytest.fixture(autouse=True)
def in_real_use(tiny, at):
    Installation.objects.update(go_live_month=MONTH, business_date=None)
    for name in ("clerk", "reviewer", "office"):
        User.objects.filter(username=name).update(email=f"{name}@example.cn")
    at("2016-12-05 08:00")


def remind(*options: str) -> str:
    said = StringIO()
    call_command("remind", *options, stdout=said, stderr=said)
    return said.getvalue()


def told() -> dict[str, int]:
    """Who is told, of how many things."""
    return {one.user.username: len(one.lines) for one in reminders.digests(Installation.objects.get())}


def test_the_workday_before_it_is_due_and_not_earlier(tiny, at):
    at("2016-12-02 08:00")  # Friday: the towns' Tuesday is not the next workday
    assert told() == {}
    at("2016-12-05 08:00")
    assert told() == {"clerk": 3, "colleague": 3}
    assert remind() == "发出 1，今天已发过 0，没有邮箱 1，失败 0\n"
    (message,) = mail.outbox
    assert message.to == ["clerk@example.cn"]
    assert message.subject == "试点月报：3 件事要办"
    assert "town town · 101 · 2016年11月：未填报；截止 12 月 6 日（周二）17:00，还有 1 天" in message.body


def test_a_holiday_between_does_not_hide_the_deadline(tiny, at):
    SpecialDay.objects.create(day="2016-12-05", working=False, name="放假")
    SpecialDay.objects.create(day="2016-12-03", working=True, name="调休上班")
    at("2016-12-02 08:00")
    assistant = person("assistant", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1]))
    assert set(told()) == {"assistant"}  # the villages' 3rd, a Saturday that is worked
    at("2016-12-05 08:00")
    assert remind() == "今天不是工作日，没有发出。\n"
    assert not mail.outbox
    assert assistant.email == ""


def test_twice_a_day_sends_once_and_the_next_day_again(tiny, at):
    remind()
    assert remind() == "发出 0，今天已发过 1，没有邮箱 1，失败 0\n"
    assert len(mail.outbox) == 1
    at("2016-12-06 08:00")
    remind()
    assert [one.to for one in mail.outbox] == [["clerk@example.cn"]] * 2
    assert Reminder.objects.count() == 2
    assert AuditEvent.objects.filter(act="reminders.send").count() == 2


def test_what_the_server_refused_is_tried_again_what_may_have_gone_out_is_not(tiny, monkeypatch):
    def refuse(*args, **options):
        raise ConnectionRefusedError("no server")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        assert "失败 1" in remind()
    assert Reminder.objects.get().problem == "ConnectionRefusedError: no server"
    assert "发出 1" in remind()
    Reminder.objects.update(sent_at=None, problem="")  # broken off between sending and writing it down
    assert "发出 0，今天已发过 1" in remind()
    assert len(mail.outbox) == 1


def test_overdue_returned_and_waiting_are_told_back_fill_never(tiny, at):
    at("2016-12-06 10:00")
    returned = hand_in(tiny, "village", EAST, MONTH, {(E1, "D22"): 5})
    workflow.return_(returned, by=tiny.reviewer, reason="劳动者数请核对")
    hand_in(tiny, "town", EAST, MONTH, {(EAST, "D01"): 5})
    at("2016-12-08 08:00")
    remind()
    by_name = {one.to[0].partition("@")[0]: one.body for one in mail.outbox}
    assert set(by_name) == {"clerk", "reviewer"}
    assert "village village · 101 · 2016年11月：已退回；截止" in by_name["clerk"]
    assert "劳动者数请核对" in by_name["clerk"]
    assert "network network · 101 · 2016年11月：逾期未交" in by_name["clerk"]
    assert "town town · 101 · 2016年11月：待审核；截止 12 月 8 日（周四）17:00，今天截止" in by_name["reviewer"]
    Installation.objects.update(go_live_month=MONTH + 1)
    assert told() == {"clerk": 1, "colleague": 1, "reviewer": 1}  # what was returned, and what waits


def test_without_a_mail_server_nothing_is_sent_or_noted(tiny, settings):
    settings.EMAIL_BACKEND = reminders.DUMMY
    assert remind() == "没有配置邮件服务器（EMAIL_HOST），没有发出。\n"
    assert "clerk <clerk@example.cn>\n  network network · 101" in remind("--dry-run")
    assert not Reminder.objects.exists()


def test_the_page_tells_the_office_of_all_and_a_reviewer_of_his_section(tiny):
    def page(user) -> list[tuple]:
        client = Client()
        client.force_login(user)
        return [
            (row["name"], len(row["lines"]), row["mail"])
            for row in client.get("/timeliness/reminders/").context["rows"]
        ]

    remind()
    everybody = [("clerk", 3, "08:00 已发"), ("colleague", 3, "没有邮箱")]
    assert page(tiny.office) == page(tiny.reviewer) == everybody
    assert page(person("other", (Grant.Role.REVIEWER, tiny.sections["sbj"]))) == []


def test_many_people_cost_no_more_queries_than_few(tiny):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            reminders.digests(Installation.objects.get())
        return len(caught)

    few = cost()
    for number in range(12):
        person(f"more{number}", (Grant.Role.TOWN_CLERK, tiny.areas[WEST]))
    assert cost() == few <= 10
    assert len(told()) == 14
