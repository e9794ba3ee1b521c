"""初审: where a form asks for it, the town's checker looks before the section does, and nobody looks at his own."""

import pytest

from bureau.models import AuditEvent, Grant
from indicators.entry import workflow
from indicators.entry.workflow import Closed, Refused
from indicators.models import Figure, Submission, Transition
from tests.integration.factories import EAST, START, WEST, cells, hand_in, person

pytestmark = pytest.mark.django_db

JOBS = {(EAST, "D01"): 12, (EAST, "D02"): 2}
State = Submission.State


@pytest.fixture
def checker(tiny):
    tiny.forms["town"].town_check = True
    tiny.forms["town"].save()
    return person("checker", (Grant.Role.TOWN_CHECKER, tiny.areas[EAST]))


@pytest.fixture
def waiting(tiny, checker):
    return hand_in(tiny, "town", EAST, START, JOBS)


def state(submission) -> str:
    return Submission.objects.get(pk=submission.pk).state


def test_the_section_waits_for_the_towns_check(tiny, waiting, checker, signed_in):
    assert waiting.state_word == "待初审"
    with pytest.raises(Refused, match="须先经镇（街道）初审"):
        workflow.approve(waiting, by=tiny.reviewer)
    page = signed_in(tiny.reviewer).get(f"/review/{waiting.pk}/").content.decode()
    assert "等待镇（街道）初审" in page
    assert 'name="decision"' not in page
    answer = signed_in(tiny.reviewer).post(f"/review/{waiting.pk}/", {"decision": "return", "reason": "请核对人数"})
    assert (answer.status_code, state(waiting)) == (409, State.SUBMITTED)
    assert not Figure.objects.exists()


def test_checked_it_goes_to_the_section_which_approves_it(tiny, waiting, checker, signed_in):
    client = signed_in(checker)
    page = client.get(f"/check/{waiting.pk}/").content.decode()
    assert "初审意见" in page
    seen = workflow.content_digest(waiting)
    answer = client.post(f"/check/{waiting.pk}/", {"decision": "approve", "seen": seen})
    assert (answer.status_code, answer.url, state(waiting)) == (302, "/desk/", State.TOWN_CHECKED)
    assert AuditEvent.objects.filter(act="submission.town_check", by=checker).count() == 1
    workflow.approve(Submission.objects.get(pk=waiting.pk), by=tiny.reviewer)
    assert Figure.objects.count() == 2
    assert list(Transition.objects.values_list("act", flat=True)) == ["submit", "town_check", "approve"]


def test_returned_with_a_reason_it_is_the_clerks_again(waiting, checker, signed_in):
    client = signed_in(checker)
    short = client.post(f"/check/{waiting.pk}/", {"decision": "return", "reason": "不对"})
    assert (short.status_code, state(waiting)) == (422, State.SUBMITTED)
    assert "退回须写明原因，至少 5 个字。" in short.content.decode()
    assert client.post(f"/check/{waiting.pk}/", {"decision": "return", "reason": "新增人数请核对"}).status_code == 302
    assert (state(waiting), Submission.objects.get().reason) == (State.RETURNED, "新增人数请核对")


def test_nobody_checks_what_he_typed_or_handed_in(tiny, waiting, checker, signed_in):
    Grant.objects.create(user=tiny.clerk, role=Grant.Role.TOWN_CHECKER, area=tiny.areas[EAST])
    client = signed_in(tiny.clerk)
    assert "这份报表有你填的数，须由他人审核。" in client.get(f"/check/{waiting.pk}/").content.decode()
    answer = client.post(f"/check/{waiting.pk}/", {"decision": "approve"})
    assert (answer.status_code, state(waiting)) == (422, State.SUBMITTED)


def test_who_checked_does_not_approve_as_well(tiny, waiting, checker):
    workflow.town_check(waiting, by=checker)
    Grant.objects.create(user=checker, role=Grant.Role.REVIEWER, section=tiny.sections["jyj"])
    with pytest.raises(Refused, match="不能审核自己初审过的报表"):
        workflow.approve(Submission.objects.get(), by=checker)
    assert not Figure.objects.exists()


def test_changed_since_he_looked_it_is_not_checked_and_the_difference_is_shown(tiny, waiting, checker, signed_in):
    client = signed_in(checker)
    first = client.get(f"/check/{waiting.pk}/").context
    workflow.withdraw(waiting, by=tiny.clerk)
    workflow.save(waiting, cells(tiny, {(EAST, "D01"): 13}), by=tiny.clerk, source="grid")
    workflow.submit(waiting, by=tiny.clerk)
    sent = {"decision": "approve", "seen": first["seen"], "shown": first["shown"]}
    answer = client.post(f"/check/{waiting.pk}/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "数据已变动（1 处），请重新核对" in text
    assert [(one["item"], one["seen"], one["now"]) for one in answer.context["differences"]] == [
        ("D01 D01", "12", "13")
    ]
    assert state(waiting) == State.SUBMITTED


def test_withdrawn_after_the_check_it_has_to_be_checked_again(tiny, waiting, checker):
    workflow.town_check(waiting, by=checker)
    workflow.withdraw(Submission.objects.get(), by=tiny.clerk)
    again = workflow.submit(Submission.objects.get(), by=tiny.clerk)
    assert again.awaits_town_check
    with pytest.raises(Closed):
        workflow.town_check(workflow.town_check(again, by=checker), by=checker)


def test_forms_that_ask_for_no_check_go_straight_to_the_section(tiny, checker, signed_in):
    tiny.forms["town"].town_check = False
    tiny.forms["town"].save()
    waiting = hand_in(tiny, "town", EAST, START, JOBS)
    assert signed_in(checker).get(f"/check/{waiting.pk}/").status_code == 404
    with pytest.raises(Closed):
        workflow.town_check(waiting, by=checker)
    assert workflow.approve(waiting, by=tiny.reviewer).state == State.APPROVED


def test_another_towns_sheet_and_one_that_is_not_are_the_same_to_him(tiny, checker, signed_in):
    other = hand_in(tiny, "town", WEST, START, {(WEST, "D01"): 5})
    client = signed_in(checker)
    theirs, none = client.get(f"/check/{other.pk}/"), client.get("/check/999999/")
    assert theirs.status_code == none.status_code == 404
    assert theirs.content.replace(f"/check/{other.pk}/".encode(), b"") == none.content.replace(b"/check/999999/", b"")
    assert client.post(f"/check/{other.pk}/", {"decision": "approve"}).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "reviewer", "office"])
def test_others_have_no_such_function(tiny, waiting, signed_in, who):
    client = signed_in(getattr(tiny, who))
    assert client.get(f"/check/{waiting.pk}/").status_code == 403
    assert client.post(f"/check/{waiting.pk}/", {"decision": "approve"}).status_code == 403


def test_what_waits_for_him_stands_first_on_his_desk_and_on_the_sheet(waiting, checker, signed_in):
    client = signed_in(checker)
    desk = client.get("/desk/?month=2015-01")
    assert next(group["id"] for group in desk.context["groups"]) == "check"
    assert f'href="/check/{waiting.pk}/"' in desk.content.decode()
    assert f'href="/check/{waiting.pk}/"' in client.get(f"/entry/town/{EAST}/2015-01/").content.decode()
