"""Pages that are kept: a reader never sees an older page than the one he would be given anew, nor anybody else's."""

from __future__ import annotations

import gzip
import re
from datetime import date

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau import audit, kept, months, remember
from bureau.models import Grant, Installation
from indicators import publish
from indicators.models import Indicator
from reports.prepared import prepare_overviews
from tests.integration.factories import EAST, WEST, approved, person

JUNE = months.make(2016, 6)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
INDICATOR = "/indicators/A01/"


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    }
    caches["pages"].clear()
    remember.forget_all()
    yield
    caches["pages"].clear()


@pytest.fixture
def released(tiny):
    for place, jobs in ((EAST, 12), (WEST, 8)):
        approved(tiny, "town", place, JUNE, {(place, "D01"): jobs, (place, "D02"): 1})
    publish.publish(tiny.county, JUNE, by=tiny.office, reason="")
    return tiny


@pytest.fixture
def leader(released):
    return person("leader_of_pages", ("leader", None))


def browser_of(user) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    return browser


def bare(answer) -> str:
    return TOKEN.sub("", answer.content.decode())


def asked_of(browser: Client, url: str) -> tuple[list[str], HttpResponse]:
    """The statements the answer cost, and the answer."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(url)
    return [one["sql"] for one in asked.captured_queries], answer


@pytest.mark.parametrize("url", ["/", INDICATOR, "/indicators/", "/areas/", f"/areas/{EAST}/", "/plan/", "/tasks/"])
def test_a_page_is_the_same_the_second_time_and_asks_the_database_next_to_nothing(leader, url):
    Installation.objects.update(business_date=date(2016, 7, 20))
    browser = browser_of(leader)
    first = browser.get(url)
    asked, second = asked_of(browser, url)
    assert first.status_code == second.status_code == 200
    assert bare(second) == bare(first)
    assert len(asked) == 3  # the session, the person, the count of changes


def test_a_browser_that_has_the_page_is_told_so(leader):
    browser = browser_of(leader)
    browser.get(INDICATOR)  # the first answer also brings the cookie of forms
    first = browser.get(INDICATOR)
    again = browser.get(INDICATOR, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert browser.get(INDICATOR, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("times", [1, 2])
def test_a_browser_that_takes_gzip_is_given_the_same_page_in_a_fifth_of_the_bytes(leader, times):
    browser = browser_of(leader)
    for _ in range(times):
        small = browser.get("/", headers={"Accept-Encoding": "br, gzip"})
    plain = browser.get("/", headers={"Accept-Encoding": "br, gzip;q=0"})
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 4
    assert not plain.has_header("Content-Encoding")
    opened = gzip.decompress(small.content).decode()
    assert TOKEN.sub("", opened) == TOKEN.sub("", plain.content.decode())
    if times == 2:  # the first answer also brings the cookie of forms
        tagged = {"Accept-Encoding": "gzip", "If-None-Match": small["ETag"]}
        assert browser.get("/", headers=tagged).status_code == 304
    answer = browser.post("/language/", {"csrfmiddlewaretoken": TOKEN.search(opened)[1], "language": "en", "next": "/"})
    assert answer.status_code == 302


def test_forms_of_a_kept_page_can_be_sent(leader):
    browser = browser_of(leader)
    browser.get("/")
    tokens = [TOKEN.search(browser.get("/").content.decode())[1] for _ in range(2)]
    assert tokens[0] != tokens[1]  # a token is masked anew each time
    answer = browser.post("/language/", {"csrfmiddlewaretoken": tokens[1], "language": "en", "next": "/"})
    assert answer.status_code == 302
    assert '<html lang="en">' in browser.get("/").content.decode()
    assert browser.post("/language/", {"csrfmiddlewaretoken": "x" * 64, "language": "en"}).status_code == 403


def test_entry_and_review_leave_the_pages_of_a_release_and_a_new_release_renews_them(released, leader):
    browser = browser_of(leader)
    browser.get(INDICATOR)
    before = browser.get(INDICATOR)
    approved(released, "town", EAST, JUNE + 1, {(EAST, "D01"): 30, (EAST, "D02"): 0})
    assert browser.get(INDICATOR)["ETag"] == before["ETag"]
    approved(released, "town", WEST, JUNE + 1, {(WEST, "D01"): 5, (WEST, "D02"): 0})
    publish.publish(released.county, JUNE + 1, by=released.office, reason="")
    after = browser.get(INDICATOR, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "2016年7月" in after.content.decode()


def test_a_page_of_live_figures_is_renewed_by_every_approval(released):
    browser = browser_of(released.office)
    url = f"{INDICATOR}?version=live"
    browser.get(url)
    before = browser.get(url)
    approved(released, "town", EAST, JUNE + 1, {(EAST, "D01"): 30, (EAST, "D02"): 0})
    after = browser.get(url, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert bare(after) != bare(before)


def test_who_lost_his_right_is_refused_at_once(leader):
    browser = browser_of(leader)
    before = browser.get(INDICATOR)
    Grant.objects.filter(user=leader).delete()
    audit.record("grant.end", by=None, object=leader.username)  # as every way of ending one does
    assert browser.get(INDICATOR, headers={"If-None-Match": before["ETag"]}).status_code == 403


def test_nobody_is_given_anothers_page(leader):
    other = person("another_leader", ("leader", None))
    browser_of(leader).get("/")
    page = browser_of(other).get("/").content.decode()
    assert "another_leader" in page
    assert "leader_of_pages" not in page


def test_a_new_day_renews_the_page(leader):
    with time_machine.travel("2026-11-27 23:59:50+08:00", tick=False):
        browser = browser_of(leader)
        browser.get("/")
        before = browser.get("/")["ETag"]
    with time_machine.travel("2026-11-28 00:00:10+08:00", tick=False):
        assert browser.get("/", headers={"If-None-Match": before}).status_code == 200


def test_the_list_of_work_is_not_kept_while_its_reports_fall_due_later_that_day(leader):
    Installation.objects.update(business_date=date(2016, 7, 5))  # June's are due that Tuesday at 17:00
    browser = browser_of(leader)
    for hour, keeps in (("16:59", False), ("17:01", True)):
        with time_machine.travel(f"2026-11-27 {hour}+08:00", tick=False):
            browser.get("/tasks/")
            assert ("ETag" in browser.get("/tasks/")) is keeps, hour


def test_signing_in_and_downloading_outdate_nothing_and_an_unknown_act_does(db):
    def counts() -> tuple[int, int]:
        row = kept.Changes.objects.filter(pk=1).values_list("every", "settled").first()
        return row or (0, 0)

    begun = counts()
    for act in ("session.start", "session.refused", "file.download", "access.refused"):
        audit.record(act, by=None)
    assert counts() == begun
    audit.record("entries.save", by=None)
    assert counts() == (begun[0] + 1, begun[1])
    audit.record_all([audit.Act("submission.approve"), audit.Act("month.publish")], by=None)
    assert counts() == (begun[0] + 2, begun[1] + 1)
    audit.record("an.act.nobody.named", by=None)
    assert counts() == (begun[0] + 3, begun[1] + 2)


def test_the_overview_is_ready_for_every_reader_before_he_asks(leader):
    assert prepare_overviews() >= 2
    asked, page = asked_of(browser_of(leader), "/")
    assert page.status_code == 200
    assert "leader_of_pages" in page.content.decode()
    assert not any("publishedevaluation" in one for one in asked)


def test_what_is_remembered_of_definitions_goes_with_the_act_that_changes_them(released):
    browser = browser_of(person("office_of_pages", ("office", None)))
    before = Indicator.objects.get(code="A01").name
    assert f">{before}<" in browser.get("/?version=live").content.decode()
    with transaction.atomic():
        Indicator.objects.filter(code="A01").update(name="另一个名称")
        audit.record("setting.change", by=released.office, object="A01")
    page = browser.get("/?version=live").content.decode()
    assert ">另一个名称<" in page
    assert f">{before}<" not in page


def test_a_figure_approved_since_is_on_the_page_though_the_rows_are_remembered(released):
    browser = browser_of(person("office_of_pages", ("office", None)))
    asked, _first = asked_of(browser, "/?version=live")
    approved(released, "town", EAST, JUNE + 1, {(EAST, "D01"): 7777, (EAST, "D02"): 1})
    again, second = asked_of(browser, "/?version=live")
    assert "7,794" in second.content.decode()  # 12 + 8 − 2 of June, 7,777 − 1 of July
    assert len(again) < len(asked)  # the definitions are not read again
