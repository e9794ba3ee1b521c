"""The history of a figure: every change of it with who, when, from what to what and why; for those whose it is."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from bureau.models import AuditEvent
from indicators import history
from indicators.entry import workflow
from indicators.entry.approval import add_revisions
from tests.integration.factories import COUNTY, E1, EAST, START, W1, WEST, approved, cells, person

pytestmark = pytest.mark.django_db


def url(item: str, area: str, month: str = "2015-01", query: str = "") -> str:
    return reverse("figure_history", args=[item, area, month]) + query


@pytest.fixture
def corrected(tiny):
    """D01 of East: 12, corrected to 10 by a colleague, taken back, approved anew as 10."""
    submission = approved(tiny, "town", EAST, START, {(EAST, "D01"): 12, (EAST, "D02"): 2})
    workflow.correct(submission, by=tiny.clerk, reason="重复计了两人")
    workflow.save(submission, cells(tiny, {(EAST, "D01"): 10}), by=tiny.colleague, source="workbook")
    workflow.approve(workflow.submit(submission, by=tiny.clerk), by=tiny.reviewer)
    workflow.take_back(submission, by=tiny.reviewer, reason="报的是上月的数")
    return tiny


def test_it_tells_every_change(client, corrected):
    client.force_login(corrected.clerk)
    response = client.get(url("D01", EAST))
    told = [
        (row["old"], row["new"], row["entered_by"], row["approved_by"], row["source"], row["reason"])
        for row in response.context["revisions"]
    ]
    assert told == [
        ("10", "未填", "—", "reviewer", "撤销", "报的是上月的数"),
        ("12", "10", "colleague", "reviewer", "表格导入", "重复计了两人"),
        ("未填", "12", "clerk", "reviewer", "网页填报", "—"),
    ]
    approvals = AuditEvent.objects.filter(act__startswith="submission.").filter(revisions__gt=0).order_by("-sequence")
    assert [row["number"] for row in response.context["revisions"]] == [one.sequence for one in approvals]
    assert "现在没有审定数" in response.content.decode()


def test_it_tells_the_course_of_the_submission_it_came_from(client, corrected):
    client.force_login(corrected.clerk)
    response = client.get(url("D01", EAST))
    told = [(step["what"], step["reason"]) for step in response.context["events"]]
    assert told[0] == ("撤销审核", "报的是上月的数")
    assert ("开始更正", "重复计了两人") in told
    assert reverse("entry", args=["town", EAST, "2015-01"]) in response.content.decode()


def test_it_tells_the_note_of_the_cell_and_of_no_other(client, tiny):
    submission = approved(tiny, "town", EAST, START, {(EAST, "D01"): 12, (EAST, "D02"): 2})
    submission.entries.filter(item=tiny.items["D01"]).update(note="企业停产")
    client.force_login(tiny.clerk)
    assert client.get(url("D01", EAST)).context["note"] == "填报说明：企业停产"
    assert client.get(url("D02", EAST)).context["note"] == ""


def test_a_village_assistant_does_not_read_the_towns_submission(client, tiny):
    approved(tiny, "town", EAST, START, {(EAST, "D01"): 12, (EAST, "D02"): 2, (E1, "D22"): 3})
    client.force_login(person("helper", ("village_assistant", tiny.areas[E1])))
    response = client.get(url("D22", E1))
    assert len(response.context["revisions"]) == 1
    assert response.context["submission"] is None
    assert response.context["events"] == []


def test_a_figure_that_never_changed_says_so(client, tiny):
    client.force_login(tiny.clerk)
    assert "还没有修改记录" in client.get(url("D01", EAST)).content.decode()


@pytest.mark.parametrize(
    ("role", "scope", "own", "another"),
    [
        ("town_clerk", EAST, (("D01", EAST), ("D22", E1)), (("D01", WEST), ("D22", W1), ("D20", COUNTY))),
        ("town_checker", EAST, (("D01", EAST),), (("D01", WEST),)),
        ("village_assistant", E1, (("D22", E1),), (("D22", W1), ("D01", EAST))),
        ("section_clerk", "jyj", (("D01", EAST), ("D22", W1), ("D20", COUNTY)), ()),
        ("section_clerk", "sbj", (), (("D01", EAST), ("D20", COUNTY))),
        ("reviewer", "sbj", (), (("D01", EAST),)),
        ("office", None, (("D01", EAST), ("D22", W1)), ()),
    ],
)
def test_it_reaches_as_far_as_the_grant(client, tiny, role, scope, own, another):
    place = tiny.sections.get(scope) or tiny.areas.get(scope) if scope else None
    client.force_login(person("somebody", (role, place)))
    assert {client.get(url(*figure)).status_code for figure in own} <= {200}
    hidden = {client.get(url(*figure)) for figure in another}
    assert {response.status_code for response in hidden} <= {404}


def test_anothers_figure_is_told_as_one_that_is_not_there(client, tiny):
    client.force_login(tiny.clerk)
    another, none = client.get(url("D01", WEST)), client.get(url("D01", "330424999"))
    assert another.status_code == none.status_code == 404
    assert another.content.replace(WEST.encode(), b"") == none.content.replace(b"330424999", b"")


@pytest.mark.parametrize("role", ["leader", "system_administrator", "security_administrator", "auditor"])
def test_it_is_no_page_for_who_reads_no_live_figures(client, tiny, role):
    client.force_login(person("somebody", (role, None)))
    assert client.get(url("D01", EAST)).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        url("D99", EAST), url("D01", EAST, "2015-13"), url("D01", EAST, "0000-01"), url("D01", EAST, "2014-12"),
        url("D01", EAST, query="?category=active"), url("D31", EAST), url("D31", EAST, query="?category=%00"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_404(client, tiny, address):
    client.force_login(tiny.clerk)
    assert client.get(address).status_code == 404


def test_a_category_has_its_own_history(client, tiny):
    approved(tiny, "town", EAST, START, {(EAST, "D31", "active"): 7, (EAST, "D31", "retired"): 3, (EAST, "D01"): 1})
    client.force_login(tiny.clerk)
    response = client.get(url("D31", EAST, query="?category=retired"))
    assert [row["new"] for row in response.context["revisions"]] == ["3"]
    assert "现在：3" in response.content.decode()


def test_what_a_demonstration_left_is_one_line(client, tiny):
    """Its revisions stay in the database; the page tells of them and begins anew."""
    approved(tiny, "town", EAST, START, {(EAST, "D01"): 12})
    key = (tiny.county.pk, tiny.areas[EAST].pk, tiny.items["D01"].pk, 0, START)
    with transaction.atomic():
        gone = [(*key, 2, 120_000, 0, None, None, 1, None, history.DEMONSTRATION_ENDS)]
        add_revisions(gone, by=None, act="demonstration.remove", reason="", objects="330424")
    client.force_login(tiny.clerk)
    response = client.get(url("D01", EAST))
    assert response.context["revisions"] == []
    assert "此前 2 次是演示数据的记录" in response.content.decode()


def test_the_number_of_queries_is_fixed(client, corrected, django_assert_max_num_queries):
    client.force_login(corrected.clerk)
    client.get(url("D01", EAST))
    with django_assert_max_num_queries(14):
        client.get(url("D01", EAST))
