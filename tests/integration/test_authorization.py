"""Who gets which page (every address: tests/reliability), what a posted form may not do, and what a page costs.

The county in the middle of its work: May 2017 released, June being entered by Baibu, the business date in July.
"""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import months
from bureau.authorization import ROLES, Permission, can, scope
from bureau.models import Area, Grant, Installation, Section, User
from bureau.places import Tree
from indicators.entry import sheets, uploads, workflow
from indicators.entry.template import write_template
from indicators.models import DataItem, Entry, Figure, PublishedMonth, ReportingForm, Submission, Upload
from indicators.publish import publish
from tests.integration.factories import person

Role = Grant.Role
APRIL, MAY, JUNE = (months.parse(f"2017-0{number}") for number in (4, 5, 6))
COUNTY, BAIBU, YUCHENG, VILLAGE = "330424", "330424101", "330424102", "330424101201"
CLOSED = "330424001002"  # a community that went in 2016-12
MOST_QUERIES = 12


@pytest.fixture(scope="module")
def county(real_plan, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), transaction.atomic():
        Installation.objects.update(business_date=date(2017, 7, 3))
        section = Section.objects.get(code="jyj")
        people = SimpleNamespace(
            clerk=person("clerk", (Role.TOWN_CLERK, Area.objects.get(code=BAIBU))),
            colleague=person("colleague", (Role.TOWN_CLERK, Area.objects.get(code=BAIBU))),
            neighbour=person("neighbour", (Role.TOWN_CLERK, Area.objects.get(code=YUCHENG))),
            reviewer=person("reviewer", (Role.REVIEWER, section)),
            leader=person("leader", (Role.LEADER, None)),
            office=person("office", (Role.OFFICE, None)),
            auditor=person("auditor", (Role.AUDITOR, None)),
            nobody=person("nobody"),
        )
        report(people, MAY, BAIBU)
        publish(Area.objects.get(code=COUNTY), MAY, by=people.office)
        people.waiting = hand_in(people, JUNE, BAIBU)
        people.other_section = hand_in(people, JUNE, BAIBU, "yj03", "D33")
        yield people
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_savepoint(db, county):
    """Each test in a transaction of its own."""


def hand_in(people, month, town, form="yj01", item="D01", value=5) -> Submission:
    submission = workflow.submission_for(ReportingForm.objects.get(code=form), Area.objects.get(code=town), month)
    change = workflow.Change(submission.place_id, DataItem.objects.get(code=item).pk, 0, value)
    workflow.save(submission, [change], by=people.clerk, source="grid")
    return workflow.submit(submission, by=people.clerk)


def report(people, month, *towns) -> None:
    workflow.approve_all([hand_in(people, month, town) for town in towns], by=people.reviewer)


@pytest.fixture
def upload(county) -> Upload:
    """A workbook of Baibu's villages that the clerk uploaded and has not confirmed."""
    form, place = ReportingForm.objects.get(code="yj02"), Area.objects.get(code=BAIBU)
    submission = workflow.submission_for(form, place, JUNE)
    sheet, _names = sheets.build(form, place, JUNE, Tree(place.county_id))
    content = write_template(sheet, uploads.template_key())
    return uploads.read(submission, content, "empty.xlsx", by=county.clerk)


COLUMNS = ("anonymous", "clerk", "reviewer", "leader", "office", "auditor", "nobody")
READERS = (302, 200, 200, 200, 200, 403, 403)
READERS_OF_WHAT_IS_NOT = (302, 404, 404, 404, 404, 403, 403)
LIVE = (302, 404, 200, 404, 200, 403, 403)
WORKERS = (302, 200, 200, 403, 403, 403, 403)
WORKERS_OUTSIDE = (302, 404, 404, 403, 403, 403, 403)
NOT_THE_CLERK = (302, 404, 200, 403, 403, 403, 403)
NOT_THE_REVIEWER = (302, 200, 404, 403, 403, 403, 403)
CLERKS = (302, 200, 403, 403, 403, 403, 403)
CLERKS_OUTSIDE = (302, 404, 403, 403, 403, 403, 403)
REVIEWERS = (302, 403, 200, 403, 403, 403, 403)
REVIEWERS_OUTSIDE = (302, 403, 404, 403, 403, 403, 403)

# name, arguments, query, what each of COLUMNS is answered
TABLE = [
    ("healthz", (), "", (200,) * 7),
    ("login", (), "", (200, *[302] * 6)),
    ("logout", (), "", (302, *[405] * 6)),  # by POST only
    ("password_change", (), "", (302, *[200] * 6)),
    ("account", (), "", (302, 302, 302, 302, 302, 200, 200)),  # readers go on to the overview
    ("account", (), "?stay", (302, *[200] * 6)),
    ("overview", (), "", (302, 200, 200, 200, 200, 302, 302)),  # who reads no releases goes to his account
    ("overview", (), "?month=2017-05&version=1", READERS),
    ("overview", (), "?version=live", LIVE),
    ("overview", (), "?month=2017-04", READERS_OF_WHAT_IS_NOT),
    ("overview", (), "?month=2017-05&version=2", READERS_OF_WHAT_IS_NOT),
    ("overview", (), "?month=May", READERS_OF_WHAT_IS_NOT),
    ("indicator", ("A01",), "", READERS),
    ("indicator", ("A01",), "?version=live", LIVE),
    ("indicator", ("A99",), "", READERS_OF_WHAT_IS_NOT),
    ("indicator_csv", ("A01",), "", READERS),
    ("indicator_csv", ("A01",), "?version=live", LIVE),
    ("plan", (), "", READERS),
    ("clause", ("三(一)",), "", READERS),
    ("clause", ("九(九)",), "", READERS_OF_WHAT_IS_NOT),
    ("task_list", (), "", READERS),
    ("task", ("T01",), "", READERS),
    ("task", ("P01",), "", READERS),
    ("task", ("T01",), "?version=live", LIVE),
    ("task", ("T99",), "", READERS_OF_WHAT_IS_NOT),
    ("releases", (), "", READERS),
    ("report_list", (), "", READERS),
    ("report_word", ("2017-05", 1), "", READERS),
    ("report_word", ("2017-05", 2), "", READERS_OF_WHAT_IS_NOT),
    ("report_annex", ("2017-05", 1), "", READERS),
    ("report_annex", ("2017-06", 1), "", READERS_OF_WHAT_IS_NOT),
    ("desk", (), "", (302, 200, 200, 200, 200, 403, 403)),  # leaders and the office: when months are released
    ("entry", ("yj01", BAIBU, "2017-06"), "", WORKERS),
    ("entry", ("yj01", YUCHENG, "2017-06"), "", NOT_THE_CLERK),
    ("entry", ("yj03", BAIBU, "2017-06"), "", NOT_THE_REVIEWER),  # another section's form
    ("entry", ("yj01", "330424999", "2017-06"), "", WORKERS_OUTSIDE),
    ("entry", ("yj01", VILLAGE, "2017-06"), "", WORKERS_OUTSIDE),  # a village hands in nothing itself
    ("entry", ("yj05", COUNTY, "2017-06"), "", WORKERS_OUTSIDE),
    ("entry", ("yj99", BAIBU, "2017-06"), "", WORKERS_OUTSIDE),
    ("entry", ("yj01", BAIBU, "2017-08"), "", WORKERS_OUTSIDE),  # not begun yet
    ("entry", ("yj01", BAIBU, "2014-12"), "", WORKERS_OUTSIDE),  # before the plan
    ("entry", ("yj01", BAIBU, "2017-13"), "", WORKERS_OUTSIDE),
    ("template", ("yj02", BAIBU, "2017-06"), "", CLERKS),
    ("template", ("yj02", YUCHENG, "2017-06"), "", CLERKS_OUTSIDE),
    ("upload", ("yj02", BAIBU, "2017-06"), "", CLERKS),
    ("upload", ("yj02", YUCHENG, "2017-06"), "", CLERKS_OUTSIDE),
    ("upload", ("yj01", BAIBU, "2017-05"), "", (302, 302, 403, 403, 403, 403, 403)),  # approved: back to the sheet
    ("upload_preview", ("yj02", BAIBU, "2017-06", "UPLOAD"), "", (302, 422, 403, 403, 403, 403, 403)),  # was empty
    ("upload_preview", ("yj01", BAIBU, "2017-06", "UPLOAD"), "", CLERKS_OUTSIDE),  # of another form
    ("upload_preview", ("yj02", BAIBU, "2017-06", 999_999), "", CLERKS_OUTSIDE),
    ("correct", ("yj01", BAIBU, "2017-05"), "", CLERKS),
    ("correct", ("yj01", YUCHENG, "2017-05"), "", CLERKS_OUTSIDE),
    ("correct", ("yj02", BAIBU, "2017-05"), "", CLERKS_OUTSIDE),  # there is none
    ("review_list", (), "", REVIEWERS),
    ("review", ("WAITING",), "", REVIEWERS),
    ("review", ("OTHER",), "", REVIEWERS_OUTSIDE),
    ("review", (999_999,), "", REVIEWERS_OUTSIDE),
]


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("name", "args", "query", "answers"), TABLE, ids=lambda cell: str(cell) if isinstance(cell, str) else ""
)
def test_each_page_answers_each_role(county, request, name, args, query, answers):
    real = {"WAITING": county.waiting.pk, "OTHER": county.other_section.pk}
    if "UPLOAD" in args:  # made for the addresses that name it only
        real["UPLOAD"] = request.getfixturevalue("upload").pk
    url = reverse(name, args=[real.get(arg, arg) for arg in args]) + query
    got = {who: signed_in(getattr(county, who, None)).get(url).status_code for who in COLUMNS}
    assert got == dict(zip(COLUMNS, answers, strict=True))


def test_the_anonymous_are_sent_to_sign_in_and_back():
    assert Client().get("/indicators/A01/").url == "/account/login/?next=/indicators/A01/"


def test_another_clerks_upload_is_not_there(county, upload):
    url = reverse("upload_preview", args=["yj02", BAIBU, "2017-06", upload.pk])
    assert signed_in(county.colleague).get(url).status_code == 404
    assert signed_in(county.neighbour).get(url).status_code == 404


def test_nothing_tells_a_clerk_whether_another_towns_form_exists(county):
    theirs = signed_in(county.neighbour).get(f"/entry/yj01/{BAIBU}/2017-06/")
    none = signed_in(county.neighbour).get("/entry/yj01/330424999/2017-06/")
    assert theirs.status_code == none.status_code == 404
    assert theirs.content.replace(BAIBU.encode(), b"") == none.content.replace(b"330424999", b"")


class TestPosting:
    """A form posted by hand, past the buttons a page shows."""

    def post(self, user, name, args, data):
        return signed_in(user).post(reverse(name, args=args), data).status_code

    def test_a_neighbour_does_not_submit(self, county):
        Submission.objects.filter(pk=county.waiting.pk).update(state="draft")
        where = ["yj01", BAIBU, "2017-06"]
        assert self.post(county.neighbour, "entry", where, {"action": "submit"}) == 404
        assert Submission.objects.get(pk=county.waiting.pk).state == "draft"

    def test_a_reviewer_who_reads_a_sheet_does_not_withdraw_it(self, county):
        where = ["yj01", BAIBU, "2017-06"]
        assert self.post(county.reviewer, "entry", where, {"action": "withdraw"}) == 404
        assert Submission.objects.get(pk=county.waiting.pk).state == "submitted"

    @pytest.mark.parametrize(("who", "answer"), [("clerk", 403), ("leader", 403), ("office", 403), ("auditor", 403)])
    def test_only_reviewers_decide(self, county, who, answer):
        where, decision = [county.waiting.pk], {"decision": "approve"}
        assert self.post(getattr(county, who), "review", where, decision) == answer
        assert not Figure.objects.filter(month=JUNE).exists()

    def test_a_reviewer_of_another_section_does_not_decide(self, county):
        other = person("other", (Role.REVIEWER, Section.objects.get(code="sbj")))
        assert self.post(other, "review", [county.waiting.pk], {"decision": "approve"}) == 404
        assert not Figure.objects.filter(month=JUNE).exists()

    def test_who_typed_it_does_not_approve_it_even_as_a_reviewer(self, county):
        Grant.objects.create(user=county.clerk, role=Role.REVIEWER, section=Section.objects.get(code="jyj"))
        clerk = User.objects.get(pk=county.clerk.pk)
        assert self.post(clerk, "review", [county.waiting.pk], {"decision": "approve"}) == 422
        assert not Figure.objects.filter(month=JUNE).exists()

    def test_the_reviewer_does(self, county):
        assert self.post(county.reviewer, "review", [county.waiting.pk], {"decision": "approve"}) == 302
        assert Figure.objects.filter(month=JUNE).count() == 1

    @pytest.mark.parametrize("who", ["clerk", "reviewer", "leader", "auditor"])
    def test_only_the_office_publishes(self, county, who):
        data = {"month": "2017-05", "reason": "试一试能不能发"}
        assert self.post(getattr(county, who), "releases", [], data) == 403
        assert PublishedMonth.objects.count() == 1

    def test_the_office_publishes_a_second_version_with_a_reason_only(self, county):
        assert self.post(county.office, "releases", [], {"month": "2017-05", "reason": ""}) == 422
        assert self.post(county.office, "releases", [], {"month": "2017-05", "reason": "五月份有更正"}) == 302
        assert PublishedMonth.objects.count() == 2

    def test_a_neighbour_opens_no_correction(self, county):
        data = {"reason": "想改一改别人的数"}
        assert self.post(county.neighbour, "correct", ["yj01", BAIBU, "2017-05"], data) == 404
        assert Submission.objects.get(month=MAY).state == "approved"

    def test_a_colleague_does_not_confirm_my_upload(self, county, upload):
        where = ["yj02", BAIBU, "2017-06", upload.pk]
        assert self.post(county.colleague, "upload_preview", where, {}) == 404
        assert not Entry.objects.filter(submission=upload.submission).exists()


class TestGrants:
    def test_a_superuser_may_no_more_than_his_grants(self):
        user = User.objects.create(username="root", is_superuser=True, is_staff=True)
        assert not any(can(user, permission) for permission in Permission)

    def test_the_three_administrators_hold_nothing_else(self):
        alone = [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR]
        theirs = [ROLES[role] for role in alone]
        assert all(len(held) == 1 for held in theirs)
        assert all(not held & others for held in theirs for role, others in ROLES.items() if others is not held)

    def test_every_role_of_the_accounts_is_known_to_the_code(self):
        assert set(ROLES) == set(Role.values)

    @pytest.mark.parametrize(
        ("begins", "ends", "holds"),
        [(None, None, True), (date(2099, 1, 1), None, False), (None, date(2001, 1, 1), False)],
    )
    def test_a_grant_holds_between_its_dates(self, begins, ends, holds):
        user = person("temporary", (Role.LEADER, None))
        user.grants.update(from_date=begins, to_date=ends)
        assert can(user, Permission.READ_RELEASES) is holds

    def test_a_closed_account_may_nothing(self):
        user = person("gone", (Role.LEADER, None))
        user.is_active = False
        assert not can(user, Permission.READ_RELEASES)

    def test_grants_add_up_over_places_and_sections(self, county):
        towns = [Area.objects.get(code=code) for code in (BAIBU, YUCHENG)]
        user = person("both", *((Role.TOWN_CLERK, town) for town in towns))
        held = scope(user, Permission.ENTER)
        assert (held.areas, held.sections, held.everywhere) == ({town.pk for town in towns}, frozenset(), False)


def queries_of(client: Client, url: str) -> int:
    """Queries of the second request: the first stamps the session."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("url", ["/", "/indicators/A01/", "/indicators/A04/"])
def test_a_page_asks_the_database_little_and_no_more_for_more_figures(county, url):
    client = signed_in(county.leader)
    few = queries_of(client, url)
    towns = [place.code for place in Tree(Area.objects.get(code=COUNTY).pk).towns(APRIL)]
    for month in range(months.parse("2016-10"), APRIL + 1):
        report(county, month, *towns)
        publish(Area.objects.get(code=COUNTY), month, by=county.office)
    assert queries_of(client, url) == few <= MOST_QUERIES


def test_the_desk_asks_no_more_for_more_submissions(county):
    client = signed_in(county.clerk)
    few = queries_of(client, "/desk/")
    for form, item in (("yj02", "D22"), ("yj04", "D42")):
        hand_in(county, JUNE, BAIBU, form, item)
    assert queries_of(client, "/desk/") == few <= MOST_QUERIES + 1  # the slips that wait for him
