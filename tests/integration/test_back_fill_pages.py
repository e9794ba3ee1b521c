"""The pages of back-fill: totals of spans from typing to counting, and 补录已审 signed in one act."""

import pytest

from bureau.models import AuditEvent, Grant, Installation
from indicators.models import Evaluation, Figure, SpanTotal, Submission
from tests.integration.factories import E1, EAST, START, WEST, fill, hand_in, person

pytestmark = pytest.mark.django_db
DECEMBER, GO_LIVE = START + 11, START + 20
BACKEND = "bureau.people.backend.AccountBackend"
PASSWORD = "A long enough word 2016"


@pytest.fixture
def county(tiny):
    Installation.objects.update(go_live_month=GO_LIVE)
    return tiny


def sign_in(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def typed(county, **more):
    return {
        "area": county.areas[EAST].pk, "column": f"{county.items['D01'].pk}:0", "first": "2015-01", "last": "2015-12",
        "value": "1,200", "source": "yearbook", "note": "2015年年报第3页",
    } | more  # fmt: skip


def test_a_clerk_types_a_year_and_the_reviewer_lets_it_count(county, client):
    sign_in(client, county.clerk)
    answer = client.post("/span-totals/new/", typed(county), follow=True)
    span = SpanTotal.objects.get()
    assert answer.redirect_chain[-1][0] == f"/span-totals/{span.pk}/"
    assert "补录合计" in client.get("/desk/").content.decode()
    assert client.post(f"/span-totals/{span.pk}/", {"action": "submit", "seen": 1}).status_code == 302
    sign_in(client, county.reviewer)
    assert f"/span-totals/{span.pk}/" in client.get("/desk/").content.decode()
    page = client.get(f"/span-totals/{span.pk}/").content.decode()
    assert "1,200 人" in page
    assert "2015年" in page
    client.post(f"/span-totals/{span.pk}/", {"action": "decide", "decision": "approve", "seen": 1})
    indicator = county.indicators["A02"].pk
    assert Evaluation.objects.get(area=county.areas[EAST].pk, indicator=indicator, month=DECEMBER).value == 1200
    client.post(f"/span-totals/{span.pk}/", {"action": "take_back", "reason": "改报月度数"})
    assert not Evaluation.objects.filter(indicator=indicator).exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"value": "一千二"}, "不是数字"),
        ({"value": "估1200"}, "合计须是一个数"),
        ({"value": "12.5"}, "人数须为整数"),
        ({"last": "2016-09"}, "只能补录启用月"),
        ({"first": "2015-13"}, "月份须写作"),
        ({"note": "年报"}, "至少 5 个字"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(county, client, said, why):
    answer = sign_in(client, county.clerk).post("/span-totals/new/", typed(county, **said))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page
    assert 'value="2015-12"' in page or "last" in said
    assert not SpanTotal.objects.exists()


def test_another_towns_total_is_out_of_reach(county, client):
    answer = sign_in(client, county.clerk).post("/span-totals/new/", typed(county, area=county.areas[WEST].pk))
    assert answer.status_code == 422
    client.post("/span-totals/new/", typed(county))
    span = SpanTotal.objects.get()
    sign_in(client, person("west", (Grant.Role.TOWN_CLERK, county.areas[WEST])))
    assert client.get(f"/span-totals/{span.pk}/").status_code == 404
    assert client.get(f"/span-totals/{span.pk}/change/").status_code == 404
    assert "还没有补录合计" in client.get("/span-totals/").content.decode()
    sign_in(client, county.reviewer)
    assert client.post(f"/span-totals/{span.pk}/", {"action": "submit"}).status_code == 404
    assert client.post(f"/span-totals/{span.pk}/", {"action": "anything"}).status_code == 400
    sign_in(client, county.clerk)
    for action in ("decide", "take_back"):
        assert client.post(f"/span-totals/{span.pk}/", {"action": action}).status_code == 404


def test_a_form_opened_before_another_changed_it_is_not_saved_over_it(county, client):
    sign_in(client, county.clerk).post("/span-totals/new/", typed(county))
    span = SpanTotal.objects.get()
    assert client.post(f"/span-totals/{span.pk}/change/", typed(county, value="1300", seen=1)).status_code == 302
    answer = client.post(f"/span-totals/{span.pk}/change/", typed(county, value="1400", seen=1))
    assert answer.status_code == 409
    span.refresh_from_db()
    assert span.value == 1300
    client.post(f"/span-totals/{span.pk}/", {"action": "drop"})
    assert not SpanTotal.objects.exists()


# --- 补录已审 -----------------------------------------------------------------------------------
def reviewer_with_password(county):
    county.reviewer.set_password(PASSWORD)
    county.reviewer.save()
    return county.reviewer


def address(county, *forms, last="2016-08"):
    chosen = "".join(f"&forms_chosen={county.forms[form].pk}" for form in forms)
    return f"/review/back-fill/?first=2015-01&last={last}{chosen}"


def waiting(county):
    """Two town sheets and a village sheet before go-live, one after it, one of the reviewer's own."""
    mine = [
        hand_in(county, "town", EAST, START, {(EAST, "D01"): 1}),
        hand_in(county, "town", EAST, START + 1, {(EAST, "D01"): 2}),
        hand_in(county, "village", EAST, START, {(E1, "D22"): 3}),
    ]
    Installation.objects.update(go_live_month=None)  # handed in while it was open
    after = hand_in(county, "town", EAST, GO_LIVE, {(EAST, "D01"): 4})
    Installation.objects.update(go_live_month=GO_LIVE)
    own = hand_in(county, "town", WEST, START, {(WEST, "D01"): 5}, by=county.reviewer)
    fill(county, "town", WEST, START + 1, {(WEST, "D01"): 6})
    return mine, after, own


def test_back_fill_is_signed_for_in_one_act_and_what_cannot_be_is_named(county, client):
    mine, after, own = waiting(county)
    sign_in(client, reviewer_with_password(county))
    page = client.get(address(county, "town", "village"))
    assert "可以认定 3 份" in page.content.decode()
    assert "不在其内 1 份" in page.content.decode()
    assert "有你填的数，须由他人审核" in page.content.decode()
    seen = page.context["signature"]["seen"].value()
    body = {"basis": "2015年年报，已逐项核对", "password": PASSWORD, "seen": seen}
    assert client.post(address(county, "town", "village"), body).status_code == 302
    states = dict(Submission.objects.values_list("pk", "state"))
    assert {states[one.pk] for one in mine} == {"approved"}
    assert {states[after.pk], states[own.pk]} == {"submitted"}
    assert Figure.objects.count() == 3
    event = AuditEvent.objects.get(act="submission.approve.signed")
    assert (event.by, event.reason, event.revisions) == (county.reviewer, "2015年年报，已逐项核对", 3)
    assert not AuditEvent.objects.filter(act="submission.approve").exists()
    again = client.post(address(county, "town", "village"), body)
    assert again.status_code == 422
    assert "没有可以认定的补录" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "status", "why"),
    [
        ({"password": "another word 2016"}, 422, "密码不对"),
        ({"password": ""}, 422, "请输入登录密码"),
        ({"basis": "年报"}, 422, "请写明认定依据"),
        ({"seen": "0" * 64}, 409, "数据已变动，请重新核对"),
    ],
)
def test_without_the_right_signature_nothing_is_approved(county, client, wrong, status, why):
    waiting(county)
    sign_in(client, reviewer_with_password(county))
    seen = client.get(address(county, "town")).context["signature"]["seen"].value()
    body = {"basis": "2015年年报，已逐项核对", "password": PASSWORD, "seen": seen} | wrong
    answer = client.post(address(county, "town"), body)
    assert answer.status_code == status
    assert why in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not Submission.objects.filter(state="approved").exists()


def test_what_changed_since_it_was_listed_is_not_signed_for(county, client):
    (first, *_), _after, _own = waiting(county)
    sign_in(client, reviewer_with_password(county))
    seen = client.get(address(county, "town")).context["signature"]["seen"].value()
    from indicators.entry import workflow

    workflow.withdraw(first, by=county.clerk)
    hand_in(county, "town", EAST, START, {(EAST, "D01"): 100})
    body = {"basis": "2015年年报，已逐项核对", "password": PASSWORD, "seen": seen}
    assert client.post(address(county, "town"), body).status_code == 409
    assert not Figure.objects.exists()


def test_another_sections_forms_cannot_be_chosen(county, client):
    waiting(county)
    county.forms["town"].section = county.sections["sbj"]
    county.forms["town"].save()
    answer = sign_in(client, reviewer_with_password(county)).get(address(county, "town"))
    assert answer.status_code == 422
    assert answer.context["found"] is None


def test_the_indicator_page_draws_the_total_as_one_block_and_names_it(county, client):
    from indicators.publish import publish

    sign_in(client, county.clerk).post("/span-totals/new/", typed(county))
    span = SpanTotal.objects.get()
    client.post(f"/span-totals/{span.pk}/", {"action": "submit", "seen": 1})
    sign_in(client, county.reviewer)
    client.post(f"/span-totals/{span.pk}/", {"action": "decide", "decision": "approve", "seen": 1})
    publish(county.county, DECEMBER, by=county.office)
    for version in ("1", "live"):
        page = client.get(f"/indicators/A02/?month=2015-12&version={version}")
        (block,) = [one for one in page.context["chart_json"]["data"] if one["name"] == "补录合计"]
        assert (block["x"], block["width"]) == (["2015-07-02"], 365 * 24 * 3600 * 1000)
        assert block["y"][0] + block["base"][0] == 1200
        assert "含补录合计 2015年" in page.content.decode()
    assert "含补录合计" not in client.get("/indicators/A03/?month=2015-12&version=live").content.decode()
