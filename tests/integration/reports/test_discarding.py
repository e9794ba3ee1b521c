"""A draft that came to nothing is discarded with a reason: it leaves the list, nothing written in it is lost."""

import pytest
from django.db import DatabaseError, transaction

from bureau.models import AuditEvent, Installation
from indicators import desk
from reports import access, editions, issuing, writing
from reports.models import Document, Edition, PartRevision
from tasks.rules import Conflict, Refused
from tests.integration.reports.conftest import MONTH, client_of

PAGE = "/reports/evaluation/2015-01/"
WHY = "月份选错了，另起草"


@pytest.fixture
def draft(place) -> Edition:
    edition = editions.begin("evaluation", MONTH, by=place.office)
    writing.write(edition, "cause/A01", "招聘会多办了两场。", by=place.writer, seen=0)
    writing.write(edition, "cause/A01", "招聘会多办了三场。", by=place.writer, seen=1)
    return edition


def discarded(place, edition: Edition, **changed) -> Edition:
    return issuing.discard(edition, **{"why": WHY, "by": place.office, "seen": edition.version} | changed)


def test_it_leaves_the_list_and_is_read_where_the_discarded_are_asked_for(place, draft):
    office = client_of(place.office)
    typed = {"action": "discard", "why": WHY, "seen": draft.version}
    page = office.post(f"{PAGE}issue/", typed, follow=True).content.decode()
    assert "已作废，写过的文字留着可看，不再改动" in page
    assert f"作废：{WHY}" in page
    assert "2015年1月评估总结报告</a>" not in office.get("/reports/").content.decode()
    assert "2015年1月评估总结报告</a>" in office.get("/reports/?discarded=1").content.decode()
    rows = office.get("/reports/list.csv?discarded=1").content.decode("utf-8-sig").splitlines()
    assert rows[1:] == [f"2015-01,评估总结报告,1,草稿作废,,,1,,{WHY}"]
    assert office.get("/reports/list.csv").content.decode("utf-8-sig").splitlines()[1:] == []
    event = AuditEvent.objects.get(act="report.discard")
    assert (event.object, event.reason, event.by) == ("evaluation 2015-01 e1", WHY, place.office)
    assert event.detail["parts"] == ["cause/A01"]


def test_what_people_wrote_stays_and_every_saving_of_it(place, draft):
    discarded(place, draft)
    page = client_of(place.writer).get(f"{PAGE}?part=cause/A01").content.decode()
    assert "招聘会多办了三场。" in page
    assert "招聘会多办了两场。" in page  # among the savings before
    assert "<textarea" not in page
    assert PartRevision.objects.count() == 2
    assert client_of(place.clerk).get(f"{PAGE}?edition=1").status_code == 404  # a town's clerk, as with any draft


def test_nothing_more_is_done_with_it(place, draft):
    edition = discarded(place, draft)
    acts = [
        lambda: writing.write(edition, "cause/A01", "再写。", by=place.writer, seen=2),
        lambda: editions.describe(edition, editions.Described(), by=place.office, seen=edition.version),
        lambda: editions.assign(edition, "cause/A01", place.sections["sbj"], by=place.office),
        lambda: issuing.submit(edition, by=place.office, seen=edition.version),
        lambda: issuing.discard(edition, why=WHY, by=place.office, seen=edition.version),
        lambda: issuing.return_(edition, why=WHY, by=place.office, seen=edition.version),
    ]
    for act in acts:
        with pytest.raises(Refused, match="作废"):
            act()
    office = client_of(place.office)
    for address in (f"{PAGE}settings/", f"{PAGE}1/files/word", f"{PAGE}1/build/word/"):
        assert office.get(address).status_code == 404
    assert office.post(PAGE, {"action": "write", "part": "cause/A01", "text": "再写。", "seen": 2}).status_code == 422
    groups = desk.groups(place.writer, Installation.objects.select_related("county").get(), MONTH)
    assert [row for one in groups if one["id"] == "reports" for row in one["rows"]] == []


def test_the_database_keeps_it_too(place, draft):
    edition = discarded(place, draft)
    for act in (
        lambda: Edition.objects.filter(pk=edition.pk).update(state="draft"),
        lambda: Edition.objects.filter(pk=edition.pk).update(discarded_why=""),
        lambda: Edition.objects.filter(pk=edition.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_no_state_without_who_when_and_why(place, draft):
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(state="discarded")
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(discarded_why=WHY)


def test_only_a_draft_and_only_with_a_reason_and_as_seen(place, draft):
    with pytest.raises(Refused, match="至少 5 个字"):
        discarded(place, draft, why="不要")
    with pytest.raises(Conflict):
        discarded(place, draft, seen=draft.version + 1)
    bulletin = editions.begin("bulletin", MONTH, by=place.office)
    for part in bulletin.parts.all():
        writing.write(bulletin, part.key, "写了。", by=place.office, seen=0)
    bulletin = issuing.submit(bulletin, by=place.office, seen=bulletin.version)
    with pytest.raises(Refused, match="送审"):
        discarded(place, bulletin)
    page = client_of(place.leader).get("/reports/bulletin/2015-01/issue/").content.decode()
    assert 'value="discard"' not in page


def test_who_began_it_or_who_makes_reports_final(place, draft):
    assert access.may_discard(place.office, draft)
    assert access.may_discard(place.leader, draft)
    assert not access.may_discard(place.writer, draft)
    draft.begun_by = place.writer  # who lost the right to finish reports since
    assert not access.may_discard(place.writer, draft)
    leader = client_of(place.leader)
    assert 'value="discard"' in leader.get(f"{PAGE}issue/").content.decode()
    assert 'value="submit"' not in leader.get(f"{PAGE}issue/").content.decode()
    typed = {"action": "discard", "why": WHY, "seen": draft.version}
    assert client_of(place.writer).post(f"{PAGE}issue/", typed).status_code == 403
    assert leader.post(f"{PAGE}issue/", typed).status_code == 302
    assert Edition.objects.get().discarded_by == place.leader


def test_the_report_is_begun_anew_under_the_next_number(place, draft):
    edition = editions.describe(draft, editions.Described("盐人社〔2017〕23号"), by=place.office, seen=draft.version)
    discarded(place, edition)
    second = editions.begin("evaluation", MONTH, by=place.office)
    assert second.number == 2
    assert client_of(place.office).get(PAGE).context["title"].endswith("第 2 版")
    named = editions.describe(second, editions.Described("盐人社〔2017〕23号"), by=place.office, seen=second.version)
    assert named.document_number == "盐人社〔2017〕23号"
    assert Edition.objects.get(number=1).document_number == "盐人社〔2017〕23号"


def test_what_was_printed_of_it_goes(place, draft):
    client_of(place.office).get(f"{PAGE}1/files/word")
    assert Document.objects.filter(edition=draft).count() == 1
    discarded(place, Edition.objects.get())
    assert not Document.objects.filter(edition=draft).exists()


def test_without_its_record_it_is_not_discarded(place, draft, audit_fails):
    with pytest.raises(RuntimeError):
        discarded(place, draft)
    assert Edition.objects.get().state == "draft"
