"""The auditor's pages: he alone opens them, finds what he looks for, and takes it away with nothing harmful in it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import audit
from bureau.models import AuditEvent, AuditHead, Grant, User
from bureau.trail import anchors, queries
from tests.integration.audit.conftest import LENGTH
from tests.integration.factories import EAST, START, approved, person

pytestmark = pytest.mark.django_db
LIST = "/audit/"


@pytest.fixture
def auditor(client, db) -> User:
    """Signed in, which is on record as number 1."""
    user = person("auditor", (Grant.Role.AUDITOR, None))
    client.force_login(user)
    return user


def record(act: str = "entries.save", **more) -> AuditEvent:
    with transaction.atomic():
        return audit.record(act, **{"by": None, **more})


def numbers(response) -> list[int]:
    return [row["sequence"] for row in response.context["rows"]]


@pytest.mark.parametrize("role", [role for role in Grant.Role if role != Grant.Role.AUDITOR])
def test_nobody_else_opens_them(client, tiny, role):
    placed = {"village_assistant": tiny.areas[EAST], "town_clerk": tiny.areas[EAST], "town_checker": tiny.areas[EAST]}
    owned = {"section_clerk": tiny.sections["jyj"], "reviewer": tiny.sections["jyj"]}
    client.force_login(person("somebody", (role, placed.get(role) or owned.get(role))))
    event = record()
    for url in (LIST, reverse("audit_export"), reverse("audit_verify"), reverse("audit_event", args=[event.sequence])):
        assert client.get(url).status_code == 403, url


def test_the_list_is_newest_first_and_pages_by_number(client, auditor, trail):
    first, last = client.get(LIST), LENGTH + 1
    assert numbers(first) == list(range(last, last - 50, -1))
    assert f"共 {last} 条" in first.content.decode()
    second = client.get(first.context["older_url"])
    assert numbers(second) == list(range(last - 50, last - 100, -1))
    third = client.get(second.context["older_url"])
    assert (numbers(third), third.context["older_url"]) == (list(range(last - 100, 0, -1)), "")
    assert numbers(client.get(third.context["newer_url"])) == numbers(second)
    back = client.get(second.context["newer_url"])
    assert (numbers(back), back.context["newer_url"]) == (numbers(first), "")


def test_its_queries_do_not_grow_with_the_rows(client, auditor, trail):
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(f"{LIST}?object=nothing")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(few) == len(many) <= 8


@pytest.fixture
def three(tiny) -> dict[str, int]:
    """Three records that differ in everything; their numbers."""
    someone = person("wang.fang")
    someone.display_name = "王芳"
    someone.save()
    rows = {}
    with audit.coming_from("10.1.2.3"):
        rows["saved"] = record(
            by=someone, object="town 330424101", detail={"changes": [], "note": "汇总表"},
            at=datetime(2017, 8, 9, 1, 59, 59, tzinfo=UTC),
        ).sequence  # fmt: skip
    with audit.coming_from("10.9.9.9"):
        rows["returned"] = record(
            "submission.return", by=tiny.reviewer, object="town 330424102", reason="请核对数字",
            at=datetime(2017, 8, 9, 2, 0, tzinfo=UTC),
        ).sequence  # fmt: skip
    rows["refused"] = record(
        "session.refused", object="nobody", succeeded=False, at=datetime(2017, 8, 9, 16, 0, tzinfo=UTC)
    ).sequence
    return rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=wang.fang", {"saved"}),
        ("person=王", {"saved"}),
        ("person=nobody.here", set()),
        ("kind=signing", {"refused"}),
        ("kind=entry", {"saved", "returned"}),
        ("act=submission.return", {"returned"}),
        ("object=330424102", {"returned"}),
        ("succeeded=no", {"refused"}),
        ("succeeded=yes", {"saved", "returned"}),
        ("address=10.1.2.3", {"saved"}),
        ("text=核对", {"returned"}),
        ("text=汇总", {"saved"}),
        ("text=100%25", set()),
        ("since=2017-08-09T10:00", {"returned", "refused"}),  # 02:00 in UTC
        ("until=2017-08-09T09:59", {"saved"}),  # that minute too
        ("since=2017-08-09&until=2017-08-09", {"saved", "returned"}),
        ("since=2017-08-10", {"refused"}),  # midnight in Shanghai
        ("kind=entry&address=10.9.9.9&person=reviewer", {"returned"}),
    ],
)
def test_filters_find_exactly_what_is_asked(client, auditor, three, query, found):
    signing_in = {1}
    assert set(numbers(client.get(f"{LIST}?{query}"))) - signing_in == {three[name] for name in found}


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=0001-01-01", "act=moon", "address=here", "succeeded=maybe"]
)
def test_a_filter_that_cannot_be_is_said_and_kept(client, auditor, three, query):
    response = client.get(f"{LIST}?{query}")
    name, value = query.split("=")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    assert response.context["form"][name].value() == value
    assert numbers(response) == []


@pytest.mark.parametrize("query", ["before=x", "before=-1", "after=99999999999999999999", "before=١٢", "object=%00"])
def test_odd_addresses_break_nothing(client, auditor, three, query):
    assert client.get(f"{LIST}?{query}").status_code in (200, 422)


def test_a_record_is_shown_with_values_before_and_after(client, auditor, tiny):
    approved(tiny, "town", EAST, START, {(EAST, "D01"): 12, (EAST, "D02"): 2})
    save = AuditEvent.objects.get(act="entries.save")
    approval = AuditEvent.objects.get(act="submission.approve")
    for event, month in ((save, ""), (approval, " 2015年1月")):
        shown = client.get(reverse("audit_event", args=[event.sequence])).context["changes"]
        assert [(one.what, one.old, one.new) for one in shown] == [
            (f"101 D01 D01{month}", "未填", "12"),
            (f"101 D02 D02{month}", "未填", "2"),
        ]


def test_a_record_of_any_act_shows_its_fields(client, auditor, tiny):
    with audit.coming_from("10.1.2.3"):
        event = record(
            "setting.change", by=tiny.office, object="指标 A01", reason="2017年第3次会议\n改为 7000",
            detail={"value": ["6800", "7000"], "on": [None, "2017-08-09"], "document": "盐人社〔2017〕1号"},
        )  # fmt: skip
    response = client.get(reverse("audit_event", args=[event.sequence]))
    page = response.content.decode()
    assert [(one.what, one.old, one.new) for one in response.context["changes"]] == [
        ("on", "—", "2017-08-09"), ("value", "6800", "7000"),
    ]  # fmt: skip
    assert response.context["facts"] == [("document", "盐人社〔2017〕1号")]
    for text in ("修改设置", "office", "指标 A01", "2017年第3次会议\n改为 7000", "10.1.2.3", event.code, "+08:00"):
        assert text in page


def test_a_record_that_is_not_there_is_404(client, auditor):
    assert client.get(reverse("audit_event", args=[2])).status_code == 404
    assert client.get("/audit/99999999999999999999999/").status_code == 404


HOSTILE = "=cmd|' /C calc'!A0\r\n第二行\x1b[31m\u202egnp.exe\u2066"


def test_the_export_has_one_harmless_line_an_event(client, auditor, tiny):
    hostile = User.objects.create(username="@sum(1)", display_name=HOSTILE[:40])
    with audit.coming_from("10.1.2.3"):
        event = record(by=hostile, object=HOSTILE, reason=HOSTILE, detail={HOSTILE: [HOSTILE, 3]})
    response = client.get(reverse("audit_export"))
    content = b"".join(response.streaming_content).decode("utf-8")
    assert content.startswith("\ufeff序号,时间,人员,账号,事项,")
    lines = content.removeprefix("\ufeff").split("\r\n")
    assert lines.pop() == ""
    assert len(lines) == 1 + AuditEvent.objects.count()
    assert not [sign for sign in "\n\r\x1b\u202e\u2066" if any(sign in line for line in lines)]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(tuple("=+-@"))]
    row = next(row for row in rows if row["序号"] == str(event.sequence))
    assert row["理由"] == "'=cmd|' /C calc'!A0\\r\\n第二行\\x1b[31m\\u202egnp.exe\\u2066"
    assert (row["账号"], row["来源地址"], row["结果"]) == ("'@sum(1)", "10.1.2.3", "成功")
    assert row["时间"].endswith(" +08:00")
    assert row["链码"] == event.code


def test_the_export_keeps_to_the_filters_and_is_on_record(client, auditor, three):
    response = client.get(f"{reverse('audit_export')}?kind=entry&before=1")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [int(row[0]) for row in rows[1:]] == [three["returned"], three["saved"]]
    event = AuditEvent.objects.get(act="audit.export")
    assert (event.by, event.detail) == (auditor, {"filters": "kind=entry"})
    assert not AuditEvent.objects.filter(act="file.download").exists()  # said once


def test_hostile_texts_are_shown_escaped(client, auditor):
    event = record(object="<script>alert(1)</script>\u202e", reason="<b>x</b>", detail={"<i>": "\x1b"})
    for url in (LIST, reverse("audit_event", args=[event.sequence])):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in page
        assert "\u202e" not in page


def test_the_verification_says_it_holds(client, auditor, trail, anchor_file):
    anchors.keep()
    page = client.get(reverse("audit_verify")).content.decode()
    assert f"完好：{LENGTH + 1} 条记录逐条相符，1 个锚点相符" in page
    assert AuditHead.objects.get().code in page
    assert "至少 1098 天；本系统不删除审计记录" in page


def test_the_verification_names_the_first_broken_number(client, auditor, trail, anchor_file, unguarded):
    AuditEvent.objects.filter(sequence=77).update(reason="changed")
    page = client.get(reverse("audit_verify")).content.decode()
    assert "不完好：从第 77 条起对不上" in page


def test_the_verification_sees_a_changed_revision(client, auditor, tiny, unguarded):
    from indicators.models import Revision

    approved(tiny, "town", EAST, START, {(EAST, "D01"): 12})
    approval = AuditEvent.objects.get(act="submission.approve").sequence
    assert "完好：" in client.get(reverse("audit_verify")).content.decode()
    for change in ({"new_value": 13}, {"entered_by": tiny.office}, {"source": "api"}, {"number": 5}):
        with transaction.atomic():
            Revision.objects.update(**change)
            assert f"不完好：从第 {approval} 条起" in client.get(reverse("audit_verify")).content.decode(), change
            transaction.set_rollback(True)
    Revision.objects.all().delete()
    assert f"第 {approval} 条：它记录的数值修改与修订表不符" in client.get(reverse("audit_verify")).content.decode()


def test_ones_own_last_acts_are_newest_first(trail):
    mine = queries.events_of(trail, 3)
    assert [event.sequence for event in mine] == [119, 118, 117]  # 120 is the system's
    assert queries.events_of(User.objects.create(username="new"), 3) == []
