"""A month closes; a late sheet is opened again for a while by a second person, in whatever way it is then written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bureau import clock, months
from bureau.models import AuditEvent, Grant, Installation
from indicators.entry import periods, sheets, uploads, workflow
from indicators.entry.template import write_template
from indicators.models import Reopening, Submission
from indicators.publish import publish
from tests.integration.entry.browsing import opened, url_of
from tests.integration.factories import COUNTY, E1, EAST, approved, cells, fill, hand_in, person

pytestmark = pytest.mark.django_db

MONTH = months.parse("2016-11")  # towns by Tuesday 6 December 2016, 17:00; closed on Tuesday 13 December, 17:00
CLOSED_FOR = "2016年11月的报表已于 12 月 13 日（周二）17:00 停止填报。"
WHOM_TO_ASK = "先申请补报，由责任科室审核人或办公室批准，申请人不能自批。"
REASON = "村里换了协理员，漏报了"


@pytest.fixture
def at(monkeypatch):
    """Sets the clock to a moment in Shanghai."""

    def set_to(text: str, seconds: int = 0) -> None:
        moment = datetime.fromisoformat(f"{text}+08:00") + timedelta(seconds=seconds)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment.astimezone(UTC))

    return set_to


@pytest.fixture(autouse=True)
def in_real_use(tiny, at):
    Installation.objects.update(go_live_month=MONTH - 1, business_date=None)
    at("2016-12-14 09:00")


@pytest.fixture
def second(tiny):
    """A second reviewer of the section."""
    return person("second", (Grant.Role.REVIEWER, tiny.sections["jyj"]))


def ask(tiny, by=None, until=date(2016, 12, 16), month=MONTH) -> Reopening:
    return periods.ask(
        tiny.forms["town"], tiny.areas[EAST], month, by=by or tiny.clerk, reason=REASON, expires_on=until
    )


def write(tiny, month=MONTH, value=5) -> Submission:
    return fill(tiny, "town", EAST, month, {(EAST, "D01"): value})


@pytest.mark.parametrize(("seconds", "open_now"), [(-1, True), (0, True), (1, False)])
def test_entry_closes_to_the_second(tiny, at, seconds, open_now):
    at("2016-12-13 17:00", seconds)
    if open_now:
        assert write(tiny).entries.count() == 1
        return
    with pytest.raises(workflow.PeriodClosed) as refused:
        write(tiny)
    assert str(refused.value).startswith(CLOSED_FOR)
    assert WHOM_TO_ASK in str(refused.value)


@pytest.mark.parametrize(("seconds", "handed_in"), [(0, True), (1, False)])
def test_a_draft_is_handed_in_before_the_month_closes_or_not_at_all(tiny, at, seconds, handed_in):
    at("2016-12-13 16:00")
    draft = write(tiny)
    at("2016-12-13 17:00", seconds)
    if handed_in:
        workflow.submit(draft, by=tiny.clerk)
    else:
        with pytest.raises(workflow.PeriodClosed):
            workflow.submit(draft, by=tiny.clerk)
    draft.refresh_from_db()
    assert (draft.state == Submission.State.SUBMITTED) is handed_in


def test_the_first_release_closes_the_month_before_its_time(tiny, at):
    at("2016-12-08 10:00")
    other = approved(tiny, "town", "330424102", MONTH, {("330424102", "D01"): 3})
    publish(tiny.areas[COUNTY], MONTH, by=tiny.office)
    with pytest.raises(workflow.PeriodClosed, match="2016年11月已于 12 月 8 日（周四）发布，停止填报。"):
        write(tiny)
    # a reasoned correction of what was approved is no late entry
    workflow.correct(other, by=tiny.clerk, reason="核对台账多计一人")
    fill(tiny, "town", "330424102", MONTH, {("330424102", "D01"): 2})
    workflow.submit(other, by=tiny.clerk)


@pytest.mark.parametrize("go_live", [None, MONTH + 1])
def test_months_before_going_live_never_close(tiny, go_live):
    Installation.objects.update(go_live_month=go_live)
    assert workflow.submit(write(tiny), by=tiny.clerk).state == Submission.State.SUBMITTED


def test_what_the_section_returns_may_be_mended_after_the_close(tiny, at):
    at("2016-12-13 10:00")
    sent = hand_in(tiny, "town", EAST, MONTH, {(EAST, "D01"): 5})
    at("2016-12-14 09:00")
    with pytest.raises(workflow.PeriodClosed):
        workflow.withdraw(sent, by=tiny.clerk)  # it could not be handed in again
    workflow.return_(sent, by=tiny.reviewer, reason="新增人数请核对")
    write(tiny, value=6)
    assert workflow.submit(sent, by=tiny.clerk).state == Submission.State.SUBMITTED


def test_every_way_of_writing_is_closed_and_nothing_typed_is_lost(tiny, signed_in, at):
    at("2016-12-13 16:59")
    client = signed_in(tiny.clerk)
    page = opened(client, "town", EAST, MONTH)
    submission = workflow.submission_for(tiny.forms["town"], tiny.areas[EAST], MONTH)
    sheet, _names = sheets.build(submission.form, submission.place, MONTH)
    upload = uploads.read(submission, write_template(sheet, uploads.template_key()), "表.xlsx", by=tiny.clerk)
    at("2016-12-13 17:00", 1)
    name = next(one for one in page.cells if "D01" in one)
    for action in ("save", "submit"):
        answer = page.send(client, action, {name: "1234"})
        text = answer.content.decode()
        assert answer.status_code == 409
        assert CLOSED_FOR in text
        assert WHOM_TO_ASK in text
        assert "没有保存" in text
        assert "1234" in text
        assert "你填的数都在下面，可以复制。" in text
    with pytest.raises(workflow.PeriodClosed):
        workflow.save(submission, cells(tiny, {(EAST, "D01"): 5}), by=tiny.clerk, source="workbook")
    answer = client.get(f"{url_of('town', EAST, MONTH)}upload/", follow=True)
    assert CLOSED_FOR in answer.content.decode()
    assert upload.submission.entries.count() == 0


def test_the_sheet_says_it_is_closed_and_leads_to_asking(tiny, signed_in):
    client = signed_in(tiny.clerk)
    text = client.get(url_of("town", EAST, MONTH)).content.decode()
    assert CLOSED_FOR in text
    assert f'href="{url_of("town", EAST, MONTH)}reopen/"' in text
    assert 'id="grid"' not in text
    answer = client.post(
        f"{url_of('town', EAST, MONTH)}reopen/", {"reason": REASON, "expires_on": "2016-12-16"}, follow=True
    )
    assert "已申请补报，等待批准。" in answer.content.decode()
    assert "待批" in client.get(url_of("town", EAST, MONTH)).content.decode()


def test_granted_by_a_second_person_it_opens_and_closes_by_itself(tiny, second, at):
    asked = ask(tiny)
    with pytest.raises(workflow.PeriodClosed):
        write(tiny)
    periods.decide(asked, by=second, grant=True)
    write(tiny, value=5)
    with pytest.raises(workflow.PeriodClosed):  # this sheet, not its neighbour
        fill(tiny, "village", EAST, MONTH, {("330424101201", "D22"): 5})
    at("2016-12-16 17:00")
    write(tiny, value=6)
    at("2016-12-16 17:00", 1)
    with pytest.raises(workflow.PeriodClosed):
        write(tiny, value=7)
    assert Submission.objects.get(form__code="town").entries.get().value == Decimal(6)


def test_nobody_grants_his_own_request(tiny, second):
    asked = ask(tiny, by=tiny.reviewer)
    with pytest.raises(periods.Refused, match="不能批准自己的申请"):
        periods.decide(asked, by=tiny.reviewer, grant=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.filter(pk=asked.pk).update(state="granted", decided_by=tiny.reviewer, decided_at=clock.now())
    assert periods.decide(asked, by=tiny.office, grant=True).state == Reopening.State.GRANTED
    with pytest.raises(periods.Refused, match=r"已批准.*不能再批"):
        periods.decide(asked, by=second, grant=False, reason="已经批过了的")


def test_the_page_lets_a_second_person_decide_and_the_first_only_withdraw(tiny, signed_in, second):
    asked = ask(tiny, by=tiny.reviewer)
    own = signed_in(tiny.reviewer)
    assert own.post(f"/reopenings/{asked.pk}/", {"decision": "grant"}).status_code == 409
    assert 'value="withdraw"' in own.get(f"/reopenings/{asked.pk}/").content.decode()
    other = signed_in(second)
    refusal = other.post(f"/reopenings/{asked.pk}/", {"decision": "refuse", "reason": "不行"})
    assert refusal.status_code == 422
    assert "不批准须写明理由" in refusal.content.decode()
    assert other.post(f"/reopenings/{asked.pk}/", {"decision": "refuse", "reason": "已超过补报时间"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (Reopening.State.REFUSED, second)
    assert signed_in(person("far", (Grant.Role.REVIEWER, tiny.sections["sbj"]))).get(
        f"/reopenings/{asked.pk}/"
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "until", "why"),
    [
        ("漏报", date(2016, 12, 16), "请写明理由，至少 5 个字。"),
        (REASON, date(2016, 12, 13), "开放到的日期须在 2016-12-14 至 2016-12-28 之间。"),
        (REASON, date(2016, 12, 29), "开放到的日期须在 2016-12-14 至 2016-12-28 之间。"),
    ],
)
def test_a_request_has_a_reason_and_an_end(tiny, reason, until, why):
    with pytest.raises(periods.Refused, match=why):
        periods.ask(tiny.forms["town"], tiny.areas[EAST], MONTH, by=tiny.clerk, reason=reason, expires_on=until)
    assert not Reopening.objects.exists()


def test_it_is_asked_for_once_and_only_where_it_is_needed(tiny):
    with pytest.raises(periods.Refused, match="现在就能填报"):
        ask(tiny, month=MONTH + 1)
    ask(tiny)
    with pytest.raises(periods.Refused, match="已有人申请"):
        ask(tiny, by=tiny.colleague)
    assert Reopening.objects.count() == 1


def test_a_page_sent_twice_has_one_effect(tiny, second):
    asked = ask(tiny)
    assert ask(tiny) == asked
    for _each in range(2):
        periods.decide(asked, by=second, grant=True, reason="情况属实")
    assert AuditEvent.objects.filter(act__startswith="reopening.").count() == 2


def test_each_step_is_on_record(tiny, second):
    asked = ask(tiny)
    periods.decide(asked, by=second, grant=True, reason="情况属实")
    acts = AuditEvent.objects.filter(act__startswith="reopening.").order_by("sequence")
    assert [(one.act, one.by, one.object, one.reason) for one in acts] == [
        ("reopening.ask", tiny.clerk, f"town {EAST} 2016-11", REASON),
        ("reopening.grant", second, f"town {EAST} 2016-11", "情况属实"),
    ]


def test_it_lies_on_the_desk_of_who_may_decide_and_runs_on_the_clerks(tiny, second, signed_in, at):
    asked = ask(tiny)

    def ids(user) -> list[str]:
        return [one["id"] for one in signed_in(user).get("/desk/").context["groups"]]

    assert "reopen" in ids(second)
    assert "reopen" in ids(tiny.office)
    assert "reopened" in ids(tiny.clerk)
    assert "reopen" not in ids(tiny.clerk)
    periods.decide(asked, by=second, grant=True)
    (row,) = [
        row
        for one in signed_in(tiny.clerk).get("/desk/").context["groups"]
        for row in one["rows"]
        if one["id"] == "reopened"
    ]
    assert row["state_word"] == "开放到 12 月 16 日（周五）17:00"
    at("2016-12-17 09:00")
    assert "reopened" not in ids(tiny.clerk)


def test_a_village_assistant_is_told_when_his_towns_sheet_is_open_again(tiny, second, signed_in):
    assistant = signed_in(person("assistant", (Grant.Role.VILLAGE_ASSISTANT, tiny.areas[E1])))

    def note() -> str:
        (row,) = [
            row
            for group in assistant.get("/desk/").context["groups"]
            for row in group["rows"]
            if (row["form"], row["month"]) == ("village village", "2016年11月")
        ]
        return row["note"]

    assert note() == "已停止填报，须申请补报"
    asked = periods.ask(
        tiny.forms["village"], tiny.areas[EAST], MONTH, by=tiny.clerk, reason=REASON, expires_on=date(2016, 12, 16)
    )
    assert note() == "已停止填报，补报申请待批"
    periods.decide(asked, by=second, grant=True)
    assert note() == ""
    assert assistant.get(f"/reopenings/{asked.pk}/").status_code == 404
